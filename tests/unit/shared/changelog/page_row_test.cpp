#include "shared/changelog/page_row.h"

#include <doctest/doctest.h>

#include "tests/unit/shared/changelog/samples.h"

using namespace banyan;
using namespace banyan::test;

TEST_CASE("changes since a base bring an old copy up to date, byte for byte [I1]") {
  const RowId id{77};
  SeededRandom random(41);
  Row server;
  std::vector<OpOutcome> outcomes;
  WriteContext first{DeviceId{2}, 1, 0, 100, false};
  merge(customer(), id, {kCustomer, Op::Insert, id, 1, {{kName, std::string("a"), {}}}}, first,
        server, outcomes);
  std::vector<Row> history{Row{}, server};
  std::uint32_t life = 1;
  for (std::uint64_t seq = 2; seq < 400; ++seq) {
    WriteContext context{DeviceId{static_cast<std::uint32_t>(2 + random.below(3))}, seq,
                         seq - 1 - random.below(std::min<std::uint64_t>(seq - 1, 6)), 100 + seq,
                         false};
    RowWrite write{kCustomer, Op::Update, id, life | 1, {}};
    const auto number = static_cast<std::int64_t>(random.below(4));
    switch (random.below(6)) {
      case 0: write.cells = {{kName, Value{std::to_string(seq)}, {}}}; break;
      case 1: write.cells = {{kPhone, Value{std::to_string(number)}, {}}}; break;
      case 2: write.cells = {{kVisits, number, {}}}; break;
      case 3: write.op = Op::Add, write.cells = {{kTags, number, {}}}; break;
      case 4: write.op = Op::Remove, write.cells = {{kTags, number, {}}}; break;
      default: write.life = ++life, write.op = life % 2 == 0 ? Op::Delete : Op::Undelete;
    }
    merge(customer(), id, write, context, server, outcomes);
    history.push_back(server);
    const std::uint64_t since = random.below(seq);
    Row copy = history[static_cast<std::size_t>(since)];
    REQUIRE(apply_change(changes_since(server, since), copy).ok());
    REQUIRE(copy == server);
  }
}

TEST_CASE("a row created after the base is sent whole, and one that did not change is empty") {
  const Row row = sample_row();
  CHECK(changes_since(row, 99).whole);
  const RowChange none = changes_since(row, 130);
  CHECK_FALSE(none.whole);
  CHECK(none.row.clock.cells.empty());
  CHECK(none.row.clock.life_seq == 0);
  Row copy = row;
  CHECK(apply_change(none, copy).ok());
  CHECK(copy == row);
}

TEST_CASE("only what changed is sent: value, clock entry and siblings") {
  const RowChange change = changes_since(sample_row(), 111);
  CHECK(change.row.clock.own(kPhone) == nullptr);
  CHECK(change.row.cell(kPhone) == Value{});
  CHECK(change.row.cell(kName) == sample_row().cell(kName));
  REQUIRE(change.row.siblings.size() == 1);
  CHECK(change.row.siblings[0].field == kTags);
  CHECK(change.row.clock.life_seq == 120);
}

TEST_CASE("changes of a row that is not here are refused") {
  Row absent;
  CHECK(apply_change(changes_since(sample_row(), 110), absent).error().code == ErrorCode::Corrupt);
}

TEST_CASE("cells that this catalogue does not know survive changes of the others [I18]") {
  Row row = sample_row();
  row.set_cell(5'000, std::string("from a newer version"));
  Row server = row;
  std::vector<OpOutcome> outcomes;
  WriteContext context{DeviceId{58}, 140, 139, ~0ULL >> 2, false};
  CHECK(merge(customer(), row.aggregate,
              {kCustomer, Op::Update, row.id, 3, {{kName, std::string("b"), {}}}}, context, server,
              outcomes));
  CHECK(server.cell(5'000) == row.cell(5'000));
  CHECK(apply_change(changes_since(server, 130), row).ok());
  CHECK(row == server);
}

TEST_CASE("a hidden field leaves no value, no clock and no sibling [I4]") {
  Row row = sample_row();
  row.set_cell(5'000, std::string("unknown here"));
  hide_fields(row, customer(), 1);
  CHECK(row.cell(kPhone) == Value{});
  CHECK(row.clock.own(kPhone) == nullptr);
  CHECK(row.clock.own(kTags) == nullptr);
  CHECK(row.siblings.empty());
  CHECK(row.cell(5'000) == Value{});
  CHECK(row.cell(kName) == sample_row().cell(kName));
  CHECK(row.clock.own(kName) != nullptr);
  Row all = sample_row();
  hide_fields(all, customer(), 3);
  CHECK(all == sample_row());
}
