// What outside sources have delivered: (source, natural key) -> row. It makes a
// load repeatable (SYNC.md, "Authors without a tablet"). Local to the server, no
// part of the log: a restored backup has the keys of what it holds.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/ids.h"
#include "shared/storage/database.h"

namespace banyan {

// One row that a source has delivered.
struct ImportKey {
  std::string key;     // the source's own name for it: "trans/695247"
  RowId row{};         // what it became here
  std::string digest;  // of the cells as delivered; bytes that only the importer understands
};

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
