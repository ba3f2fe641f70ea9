#include <doctest/doctest.h>

#include "shared/changelog/merge.h"
#include "tests/unit/shared/changelog/samples.h"

namespace banyan::test {
namespace {

const RowId kRecord{77};

// How a command ends that meets a record in its first life, or one that was deleted.
Outcome end_of(std::vector<CellWrite> cells, bool deleted = false) {
  Row row;
  std::vector<OpOutcome> outcomes;
  WriteContext author{DeviceId{10}, 1, 0, 100};
  merge(customer(), kRecord, {kCustomer, Op::Insert, kRecord, 1, {}}, author, row, outcomes);
  author.seq = 2;
  author.eff = 200;
  if (deleted) {
    merge(customer(), kRecord, {kCustomer, Op::Delete, kRecord, 2, {}}, author, row, outcomes);
  }
  REQUIRE(outcomes.empty());
  const Row before = row;
  WriteContext other{DeviceId{11}, 3, 2, 300};
  const RowWrite command{kCustomer, Op::Command, kRecord, 1, std::move(cells)};
  CHECK_FALSE(merge(customer(), kRecord, command, other, row, outcomes));
  CHECK(row == before);
  return outcomes.empty() ? Outcome::Ok : outcomes.front().outcome;
}

}  // namespace

TEST_CASE("a command says which state it saw, and changes nothing by itself [I13]") {
  const CellWrite stage{kStage, Value{std::int64_t{2}}, 77U};
  const CellWrite why{kName, Value{std::string("why")}, {}};
  CHECK(end_of({stage}) == Outcome::Ok);
  CHECK(end_of({why, stage}) == Outcome::Ok);
  CHECK(end_of({stage, {kBalance, Value{std::int64_t{5}}, {}}}) == Outcome::Ok);
  CHECK(end_of({}) == Outcome::Malformed);
  CHECK(end_of({why}) == Outcome::Malformed);                                     // for no state
  CHECK(end_of({{kStage, Value{std::int64_t{2}}, {}}}) == Outcome::Malformed);    // saw none
  CHECK(end_of({{kStage, Value{std::string("2")}, 77U}}) == Outcome::Malformed);  // no number
  CHECK(end_of({{kVisits, Value{std::int64_t{1}}, {}}, stage}) == Outcome::Malformed);
  CHECK(end_of({stage, {99, Value{std::string("x")}, {}}}) == Outcome::Malformed);
  CHECK(end_of({stage}, true) == Outcome::DeadRow);
}

}  // namespace banyan::test
