#include "shared/changelog/codec.h"

#include <doctest/doctest.h>

#include "tests/unit/shared/changelog/samples.h"

using namespace banyan;
using namespace banyan::test;

namespace {

// Damaged bytes are refused, or they are the canonical form of something else.
template <class Decode>
void check_canonical(ByteView bytes, Decode decode) {
  std::size_t refused = 0;
  std::size_t other = 0;
  each_damage(bytes, [&](ByteView damaged) {
    auto got = decode(damaged);
    if (!got) {
      ++refused;
      return;
    }
    ++other;
    const Bytes again = encoded(*got);
    REQUIRE(std::equal(again.begin(), again.end(), damaged.begin(), damaged.end()));
  });
  CHECK(refused > bytes.size());  // every truncation at least
  CHECK(other > 0);
}

}  // namespace

TEST_CASE("a commit comes back from its canonical bytes [T28]") {
  CHECK(decode_commit(encoded(sample_commit())).value() == sample_commit());
  SeededRandom random(11);
  for (int i = 0; i < 2'000; ++i) {
    const Commit commit = random_commit(random);
    REQUIRE(check_commit(commit).ok());
    REQUIRE(decode_commit(encoded(commit)).value() == commit);
  }
}

TEST_CASE("a decoder's object can be used again without a trace of what it held") {
  SeededRandom random(12);
  Commit reused;
  for (int i = 0; i < 500; ++i) {
    const Commit commit = random_commit(random);
    REQUIRE(decode_commit(encoded(commit), reused).ok());
    REQUIRE(reused == commit);
  }
}

TEST_CASE("a damaged commit, clock or row has no second spelling and never crashes [I19, T28]") {
  check_canonical(encoded(sample_commit()), [](ByteView in) { return decode_commit(in); });
  check_canonical(encoded(sample_row().clock), [](ByteView in) { return decode_clock(in); });
  check_canonical(encoded(sample_row()), [](ByteView in) { return decode_row(in); });
}

TEST_CASE("clocks and rows come back") {
  SeededRandom random(13);
  for (int i = 0; i < 2'000; ++i) {
    const Row row = random_row(random, RowId{77});
    REQUIRE(decode_row(encoded(row)).value() == row);
    REQUIRE(decode_clock(encoded(row.clock)).value() == row.clock);
  }
  Row absent;
  absent.entity = kCustomer;
  absent.id = absent.aggregate = RowId{5};
  CHECK(decode_row(encoded(absent)).value() == absent);
}

TEST_CASE("the clock of a fresh row is one stamp") {
  Row row = sample_row();
  row.clock.life = row.clock.base;
  row.clock.life_seq = row.clock.base_seq;
  row.clock.cells.clear();
  CHECK(encoded(row.clock).size() == 12);
}

TEST_CASE("a cell holds 32 KiB and not a byte more") {
  Commit commit = sample_commit();
  commit.rows.resize(1);
  commit.rows[0].cells = {{kName, std::string(kCellSizeMax, 'x'), {}}};
  CHECK(check_commit(commit).ok());
  CHECK(decode_commit(encoded(commit)).ok());
  commit.rows[0].cells = {{kName, std::string(kCellSizeMax + 1, 'x'), {}}};
  CHECK(check_commit(commit).error().code == ErrorCode::Invalid);
}

TEST_CASE("a commit holds 64 KiB and not a byte more") {
  Commit commit = sample_commit();
  commit.rows.resize(1);
  commit.rows[0].cells = {{1, std::string(kCellSizeMax, 'x'), {}}, {2, std::string(), {}}};
  const std::size_t rest = encoded(commit).size();
  // The length of the second text takes three bytes instead of one.
  commit.rows[0].cells[1].value = std::string(kCommitSizeMax - rest - 2, 'y');
  REQUIRE(encoded(commit).size() == kCommitSizeMax);
  CHECK(check_commit(commit).ok());
  CHECK(decode_commit(encoded(commit)).value() == commit);
  commit.rows[0].cells[1].value = std::string(kCommitSizeMax - rest - 1, 'y');
  CHECK(check_commit(commit).error().code == ErrorCode::TooLarge);
  CHECK(decode_commit(encoded(commit)).error().code == ErrorCode::TooLarge);
}

TEST_CASE("a cell twice, cells out of order, and numbers out of range are refused") {
  const auto refused = [](auto change) {
    Commit commit = sample_commit();
    change(commit);
    return !check_commit(commit).ok();
  };
  CHECK_FALSE(refused([](Commit&) {}));
  CHECK(refused([](Commit& c) { c.rows[0].cells[1].field = kName; }));
  CHECK(refused([](Commit& c) { std::swap(c.rows[0].cells[0], c.rows[0].cells[1]); }));
  CHECK(refused([](Commit& c) { c.rows[2].cells[1].value = std::int64_t{3}; }));  // element twice
  CHECK(refused([](Commit& c) { c.rows[0].op = Op::Update, c.rows[0].cells[0].field = 0; }));
  CHECK(refused([](Commit& c) { c.rows[0].cells.back().field = kFieldMax + 1; }));
  CHECK(refused([](Commit& c) { c.rows[0].entity = 0; }));
  CHECK(refused([](Commit& c) { c.rows[0].entity = kEntityMax + 1; }));
  CHECK(refused([](Commit& c) { c.rows[0].life = 0; }));
  CHECK(refused([](Commit& c) { c.rows[0].life = kLifeMax + 1; }));
  CHECK(refused([](Commit& c) { c.hlc = 1ULL << 63; }));
}

TEST_CASE("a count that its bytes cannot hold allocates nothing") {
  ByteWriter out;
  out.varint(1);
  out.u64(1);
  out.varint(1);
  out.varint(1);
  out.u64(1);
  out.u64(1);
  out.varint(1ULL << 40);  // rows
  CHECK_FALSE(decode_commit(out.view()).ok());
}

TEST_CASE("cells of unknown fields and single values are kept as they are [I18]") {
  SeededRandom random(14);
  for (int i = 0; i < 500; ++i) {
    const Row row = random_row(random, RowId{77});
    ByteWriter cells;
    encode_cells(row.cells, cells);
    REQUIRE(decode_cells(cells.view()).value() == row.cells);
    const Value value = random_value(random);
    ByteWriter one;
    encode_value(value, one);
    REQUIRE(decode_value(one.view()).value() == value);
  }
}

TEST_CASE("the digest of a replaced value tells values and their types apart") {
  CHECK(digest_of(std::string("a")) != digest_of(std::string("b")));
  CHECK(digest_of(std::int64_t{5}) != digest_of(RowId{5}));
  CHECK(digest_of({}) != digest_of(std::string()));
}
