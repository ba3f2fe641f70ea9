#include "shared/changelog/fold.h"

#include <doctest/doctest.h>

#include "shared/changelog/codec.h"
#include "shared/changelog/merge.h"
#include "shared/changelog/page_row.h"
#include "shared/platform/random.h"
#include "tests/unit/shared/changelog/samples.h"

namespace banyan::test {
namespace {

constexpr std::uint32_t kEverybody = 1;  // a class of readers who do not see phones
constexpr std::uint32_t kHidden = kPhone;

const Entity& folding() { return customer(); }
constexpr RowId kRow{900};

CellWrite folded_cell(std::uint32_t field, Value value) { return {field, std::move(value), {}}; }

// What a tablet writes that had seen everything up to `seen`; later than all it had seen, as its
// clock takes care of.
struct Author {
  DeviceId device{};
  std::uint64_t seen = 0;
};

class Rows {
 public:
  explicit Rows(std::uint64_t seed) : random_(seed) {}

  // Takes one random write as the server does, into both rows.
  void write(const Author& author, std::uint64_t seq, Row& folded, Row& whole) {
    RowWrite write{kCustomer, Op::Update, kRow, 1, {}};
    const std::uint64_t kind = random_.below(10);
    if (kind < 3) write.cells.push_back(folded_cell(kName, value()));
    if (kind >= 3 && kind < 6) write.cells.push_back(folded_cell(kTitle, value()));
    if (kind == 6) write.cells.push_back(folded_cell(kVisits, std::int64_t{1}));
    if (kind == 7) write.cells.push_back(folded_cell(kHidden, "h" + std::to_string(number_++)));
    if (kind == 8) write.cells.push_back(folded_cell(kName, std::monostate{}));
    if (kind == 9) {
      write.op = random_.below(2) == 0 ? Op::Add : Op::Remove;
      write.cells.push_back(folded_cell(kTags, static_cast<std::int64_t>(random_.below(3))));
    }
    const std::uint64_t hlc = (seq * 100 + random_.below(400)) << 16;
    Outcomes at_folded, at_whole;
    merge_into(folded, write, author, seq, hlc, at_folded);
    merge_into(whole, write, author, seq, hlc, at_whole);
    REQUIRE(at_folded.size() == at_whole.size());
    for (std::size_t i = 0; i < at_folded.size(); ++i) {
      CHECK(at_folded[i].outcome == at_whole[i].outcome);
    }
  }

 private:
  using Outcomes = std::vector<OpOutcome>;
  Value value() { return "v" + std::to_string(number_++ % 5); }

  static void merge_into(Row& row, const RowWrite& write, const Author& author, std::uint64_t seq,
                         std::uint64_t hlc, Outcomes& outcomes) {
    WriteContext context{author.device, seq, author.seen, hlc};
    merge(folding(), kRow, write, context, row, outcomes);
  }

  SeededRandom random_;
  std::int64_t number_ = 0;
};

Row new_row() {
  Row row;
  row.entity = kCustomer;
  row.id = kRow;
  WriteContext context{DeviceId{1}, 1, 0, 1 << 16, true};
  std::vector<OpOutcome> outcomes;
  merge(folding(), kRow,
        {kCustomer,
         Op::Insert,
         kRow,
         1,
         {folded_cell(kName, std::string("Lin")), folded_cell(kHidden, std::string("a"))}},
        context, row, outcomes);
  return row;
}

}  // namespace

TEST_CASE("folding changes no later merge, whoever writes and whenever it is done [I17]") {
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    CAPTURE(seed);
    Rows rows(seed);
    SeededRandom random(seed * 31);
    Row folded = new_row(), whole = folded;
    std::uint64_t horizon = 0;
    std::vector<Author> authors{{DeviceId{5}, 1}, {DeviceId{6}, 1}, {DeviceId{7}, 1}};
    for (std::uint64_t seq = 2; seq < 60; ++seq) {
      Author& author = authors[static_cast<std::size_t>(random.below(authors.size()))];
      // A tablet has synced now and then; none has seen less than the horizon.
      if (random.below(3) == 0) author.seen = seq - 1;
      rows.write(author, seq, folded, whole);
      std::uint64_t lowest = seq;
      for (const Author& each : authors) lowest = std::min(lowest, each.seen);
      if (random.below(4) == 0) fold(folding(), horizon = lowest, folded);
      CHECK(folded.cells == whole.cells);
      CHECK(folded.siblings == whole.siblings);
    }
    // Folded later is folded at once, but for the one entry.
    fold(folding(), horizon, folded);
    CHECK_FALSE(fold(folding(), horizon, folded));
    fold(folding(), horizon, whole);
    for (Row* row : {&folded, &whole}) {
      std::erase_if(row->clock.cells, [](const CellClock& c) { return c.field == kFoldedField; });
    }
    CHECK(folded == whole);
  }
}

TEST_CASE("a folded row is stored and sent as what it is, in fewer bytes") {
  Rows rows(3);
  Row row = new_row(), twin = row;
  for (std::uint64_t seq = 2; seq < 40; ++seq) {
    rows.write({DeviceId{static_cast<std::uint32_t>(5 + seq % 3)}, seq - 1}, seq, row, twin);
  }
  ByteWriter before, after;
  Row all = row;
  CHECK(fold(folding(), 40, all));
  encode_row(row, before);
  encode_row(all, after);
  CHECK(after.size() < before.size());
  CHECK(decode_row(after.view()).value() == all);
  // Up to the first of the three that fold.
  std::uint64_t horizon = 40;
  for (const std::uint32_t field : {kName, kTitle, kVisits}) {
    horizon = std::min(horizon, row.clock.of(field).seq);
  }
  REQUIRE(horizon > 1);
  CHECK(fold(folding(), horizon, row));
  CHECK(row.clock.folded());
  after = {};
  encode_row(row, after);
  CHECK(decode_row(after.view()).value() == row);

  // A reader who is new gets it whole; one who was there when it was folded, the rest.
  RowChange change = changes_since(row, 0);
  CHECK(change.whole);
  CHECK(changes_since(row, horizon - 1).whole);
  change = changes_since(row, horizon);
  CHECK_FALSE(change.whole);
  CHECK_FALSE(change.row.clock.folded());
  Row reader = twin;
  std::erase_if(reader.clock.cells, [&](const CellClock& c) { return c.seq > horizon; });
  fold(folding(), horizon, reader);
  REQUIRE(apply_change(change, reader));
  CHECK(reader.clock == row.clock);
  CHECK(reader.cells == row.cells);
}

TEST_CASE("folding tells nobody when a field that he does not see was changed [I4]") {
  Row row = new_row();
  WriteContext context{DeviceId{5}, 7, 6, 700 << 16};
  std::vector<OpOutcome> outcomes;
  merge(folding(), kRow, {kCustomer, Op::Update, kRow, 1, {folded_cell(kHidden, std::string("b"))}},
        context, row, outcomes);
  CHECK_FALSE(fold(folding(), 50, row));
  context.seq = 8;
  merge(folding(), kRow, {kCustomer, Op::Update, kRow, 1, {folded_cell(kName, std::string("Wu"))}},
        context, row, outcomes);
  const std::uint64_t shown = row.clock.of(kName).stamp.hlc;
  CHECK(fold(folding(), 50, row));
  REQUIRE(row.clock.own(kHidden) != nullptr);
  CHECK(row.clock.cells.front().stamp.hlc == shown);
  hide_fields(row, folding(), kEverybody);
  CHECK(row.clock.folded());
  CHECK(row.clock.own(kHidden) == nullptr);
}

}  // namespace banyan::test
