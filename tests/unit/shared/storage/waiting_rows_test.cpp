#include "shared/storage/waiting_rows.h"

#include <doctest/doctest.h>

namespace banyan {
namespace {

RowId row_number(std::int64_t id) { return RowId{id}; }

TEST_CASE("what a transaction changed about waiting rows can be undone, as a whole") {
  WaitingRows rows;
  const RowKey first{3, row_number(10)}, second{3, row_number(11)}, third{5, row_number(12)};
  rows.put(first, {row_number(10), {1, 4}, 1});
  rows.put(second, {row_number(10), {2}, Waiting::kNoImage});
  rows.keep();
  const WaitingRows before = rows;

  rows.put(first, {row_number(10), {4, 5}, Waiting::kInTable});
  rows.erase(second);
  rows.put(third, {row_number(12), {5}, 5});
  rows.erase(first);
  CHECK(rows.all() == std::vector<RowKey>{third});
  CHECK(!rows.any_of(row_number(10)));
  rows.undo();
  CHECK(rows == before);
  CHECK(rows.of(row_number(10)) == std::vector<RowKey>{first, second});
  CHECK(!rows.any_of(row_number(12)));

  rows.clear();
  CHECK(rows.empty());
  rows.undo();
  CHECK(rows == before);
  rows.erase(second);
  rows.keep();
  rows.undo();
  CHECK(rows.all() == std::vector<RowKey>{first});
}

TEST_CASE("waiting rows are found by their aggregate and by their oldest commit") {
  WaitingRows rows;
  for (std::int64_t i = 1; i <= 5; ++i) {
    rows.put({3, row_number(i)},
             {row_number(i % 2), {static_cast<std::uint64_t>(i), 9}, Waiting::kNoImage});
  }
  CHECK(rows.of(row_number(1)).size() == 3);
  CHECK(rows.of(row_number(0)).size() == 2);
  CHECK(rows.of(row_number(7)).empty());
  CHECK(rows.up_to(0).empty());
  CHECK(rows.up_to(2) == std::vector<RowKey>{{3, row_number(1)}, {3, row_number(2)}});
  CHECK(rows.up_to(8).size() == 5);
}

}  // namespace
}  // namespace banyan
