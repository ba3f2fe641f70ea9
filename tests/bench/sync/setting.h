// How the files of one run are kept; the same for Banyan and the floor.
#pragma once

#include <string>

#include "shared/storage/database.h"
#include "tests/bench/report.h"

namespace banyan::bench {

struct Setting {
  std::string name;
  bool encrypted = true;
  DatabaseOptions::Sync sync = DatabaseOptions::Sync::Full;
};

inline std::unique_ptr<Database> open_file(PageStore& store, const std::string& name,
                                           const Setting& setting) {
  PageKey key;
  SystemRandom random;
  random.fill(key.bytes());
  DatabaseOptions options;
  options.store = &store;
  options.name = name;
  options.key = setting.encrypted ? &key : nullptr;
  options.sync = setting.sync;
  return must(Database::open(std::move(options)));
}

// What the database holds, after its log has been folded in.
inline double used_mib(Database& db) {
  must(db.checkpoint());
  const auto pages = must(db.query_int("PRAGMA page_count"));
  const auto free = must(db.query_int("PRAGMA freelist_count"));
  return static_cast<double>(pages - free) *
         static_cast<double>(must(db.query_int("PRAGMA page_size"))) / (1024 * 1024);
}

}  // namespace banyan::bench
