// The floor of the app's benchmark: the same rows in plain SQLite tables, with the same
// columns, the same index from child to root, cipher and durability. No log, clock,
// search index or rollup.
#pragma once

#include <memory>
#include <string>

#include "shared/catalogue/catalogue.h"
#include "shared/platform/native/file_page_store.h"
#include "shared/storage/database.h"
#include "tests/bench/report.h"

namespace banyan::bench {

class PlainCopy {
 public:
  PlainCopy(const std::string& folder, const Catalogue& catalogue);

  // Copies every row; only the inserting is timed, a thousand a transaction.
  Cost fill_from(Database& replica);
  std::size_t rows() const { return rows_; }
  Database& database() { return *db_; }

 private:
  Cost fill(Database& replica, const std::string& read, const std::string& write);

  const Catalogue& catalogue_;
  std::unique_ptr<FilePageStore> pages_;
  std::unique_ptr<Database> db_;
  std::size_t rows_ = 0;
};

}  // namespace banyan::bench
