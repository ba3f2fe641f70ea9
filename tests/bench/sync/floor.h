// The floor: plain SQLite with the same rows in the same kind of file. No log, no clock,
// no chain, no signature. Rows are found by an integer key, as Banyan's are.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "tests/bench/sync/setting.h"
#include "tests/bench/workload.h"

namespace banyan::bench {

class Floor {
 public:
  Floor(PageStore& store, const std::string& name, const Setting& setting);

  void create(std::span<const Customer> customers, std::size_t at_once);
  void edit(std::span<const Edit> edits, std::size_t at_once);

  // W3 and W4: the rows as they are, a thousand a message and a transaction.
  std::vector<Bytes> extract();
  void apply(std::span<const Bytes> messages);

  // W5: the application's own list of edits, replayed on the other side; the later
  // number wins, and of two equal ones that of `second`.
  static std::vector<Bytes> list_of(std::span<const Edit> edits);
  void replay(std::span<const Edit> own, std::span<const Bytes> messages, bool second);

  // W6: the least that a round can ask.
  std::int64_t newest();

  Database& database() { return *db_; }

 private:
  Statement insert_statement();
  void update(std::size_t column, std::int64_t id, std::string_view value);

  std::unique_ptr<Database> db_;
  std::int64_t rows_ = 0;
};

}  // namespace banyan::bench
