// What outside sources have delivered: (source, natural key) -> row. It makes a
// load repeatable (SYNC.md, "Authors without a tablet"). Local to the server, no
// part of the log: a restored backup has the keys of what it holds.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "shared/storage/database.h"
#include "shared/storage/import_key.h"

namespace banyan {

class ImportKeys {
 public:
  // `db` must outlive this object.
  explicit ImportKeys(Database& db) : db_(db) {}

  // Makes the table where it is missing.
  Status create();
  Result<std::vector<ImportKey>> all(std::string_view source);
  // Inserts or replaces. Call inside a transaction.
  Status put(std::string_view source, std::span<const ImportKey> keys);

 private:
  Database& db_;
};

}  // namespace banyan
