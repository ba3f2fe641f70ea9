// [T11] [T12]: somebody changes the files. Wrong data must never come out.

#include <doctest/doctest.h>

#include "tests/faults/workload.h"

namespace banyan::test {
namespace {

constexpr std::size_t kPage = 1024;

enum class Outcome { Detected, Harmless, OlderState, Wrong };

class Bench {
 public:
  // A closed database of at least 50 pages, and one with a hot log.
  Bench() : bank_(Journal::Wal, 60, 0) {
    MemoryPageStore disk;
    FaultyPageStore store(disk);
    int acked = 0;
    REQUIRE(bank_.run(disk, acked).ok());
    file_ = read_file(disk, "bank.db", 1 << 26).value();
    REQUIRE(file_.size() / kPage >= 50);

    MemoryPageStore hot;
    FaultyPageStore dying(hot);
    auto db = bank_.open(dying).value();
    for (int n = 0; n < 40; ++n) REQUIRE(bank_.commit(*db, n).ok());
    stop_dead(dying, std::move(db));
    hot_file_ = read_file(hot, "bank.db", 1 << 26).value();
    log_ = read_file(hot, "bank.db-wal", 1 << 26).value();
  }

  Outcome open(const Bytes& file, int expected) const { return open(file, {}, expected); }
  Outcome open(const Bytes& file, const Bytes& log, int expected) const {
    MemoryPageStore disk;
    REQUIRE(write_file(disk, "bank.db", file).ok());
    if (!log.empty()) REQUIRE(write_file(disk, "bank.db-wal", log).ok());
    const auto db = bank_.open(disk);
    const auto digest = db.ok() ? bank_.digest(**db) : Result<Hash256>(db.error());
    if (!digest.ok()) {
      CHECK(digest.error().code == ErrorCode::Corrupt);
      return Outcome::Detected;
    }
    const int number = bank_.number_of(*digest);
    if (number == expected) return Outcome::Harmless;
    return number >= 0 ? Outcome::OlderState : Outcome::Wrong;
  }

  const Workload& bank() const { return bank_; }
  int last() const { return bank_.commits() + 1; }
  const Bytes& file() const { return file_; }
  const Bytes& hot_file() const { return hot_file_; }
  const Bytes& log() const { return log_; }
  std::size_t pages() const { return file_.size() / kPage; }

 private:
  Workload bank_;
  Bytes file_, hot_file_, log_;
};

TEST_CASE("[T11] a flipped bit of the file is detected or does not matter") {
  const Bench bench;
  SeededRandom random(11);
  const int bytes = long_sweeps() ? 200 : 12;
  int detected = 0, harmless = 0;
  const auto flip = [&](std::size_t at, unsigned bit) {
    CAPTURE(at);
    CAPTURE(bit);
    Bytes changed = bench.file();
    changed[at] ^= static_cast<std::uint8_t>(1U << bit);
    const Outcome outcome = bench.open(changed, bench.last());
    REQUIRE((outcome == Outcome::Detected || outcome == Outcome::Harmless));
    (outcome == Outcome::Detected ? detected : harmless) += 1;
  };
  for (std::size_t at = 0; at < 100; ++at) flip(at, at % 8);  // salt and header
  for (std::size_t page = 0; page < bench.pages(); ++page) {
    for (int i = 0; i < bytes; ++i) {
      const std::size_t at = page * kPage + random.below(kPage);
      for (unsigned bit = 0; bit < 8; ++bit) flip(at, bit);
    }
  }
  MESSAGE(detected << " detected, " << harmless << " without effect (pages that hold nothing)");
  CHECK(detected > 20 * harmless);
}

// A log that was cut or changed is read up to its last whole commit. That is an
// older state, never a wrong one; the device's sealed head tells that it is older.
TEST_CASE("[T11] a flipped bit of the log is detected, harmless, or ends the log there") {
  const Bench bench;
  REQUIRE(bench.open(bench.hot_file(), bench.log(), 40) == Outcome::Harmless);
  SeededRandom random(12);
  const int flips = long_sweeps() ? 20'000 : 1'500;
  int older = 0;
  for (int i = 0; i < flips; ++i) {
    // Every bit of the log's own header, then anywhere.
    const std::size_t at =
        i < 32 * 8 ? static_cast<std::size_t>(i / 8) : random.below(bench.log().size());
    const unsigned bit =
        i < 32 * 8 ? static_cast<unsigned>(i % 8) : static_cast<unsigned>(random.below(8));
    CAPTURE(at);
    CAPTURE(bit);
    Bytes changed = bench.log();
    changed[at] ^= static_cast<std::uint8_t>(1U << bit);
    const Outcome outcome = bench.open(bench.hot_file(), changed, 40);
    REQUIRE(outcome != Outcome::Wrong);
    older += outcome == Outcome::OlderState;
  }
  CHECK(older > 0);
}

TEST_CASE("[T12] swapped, moved and foreign pages are detected") {
  const Bench bench;
  // Another device: the same bank under another key.
  SeededRandom random(13);
  const PageKey other_key = PageKey::generate(random);
  MemoryPageStore other_disk;
  {
    auto db = bench.bank().open(other_disk, &other_key).value();
    for (int n = 0; n <= bench.bank().commits(); ++n) REQUIRE(bench.bank().commit(*db, n).ok());
  }
  const Bytes other = read_file(other_disk, "bank.db", 1 << 26).value();
  const auto page_of = [](const Bytes& file, std::size_t page) {
    return ByteView(file).subspan(page * kPage, kPage);
  };
  const auto put = [](Bytes& file, std::size_t page, ByteView bytes) {
    std::copy(bytes.begin(), bytes.end(), file.begin() + static_cast<std::ptrdiff_t>(page * kPage));
  };
  int detected = 0, harmless = 0;
  const auto judge = [&](const Bytes& file) {
    const Outcome outcome = bench.open(file, bench.last());
    REQUIRE((outcome == Outcome::Detected || outcome == Outcome::Harmless));
    (outcome == Outcome::Detected ? detected : harmless) += 1;
  };
  for (int i = 0; i < (long_sweeps() ? 5'000 : 500); ++i) {
    const std::size_t a = random.below(bench.pages());
    const std::size_t b = (a + 1 + random.below(bench.pages() - 1)) % bench.pages();
    Bytes swapped = bench.file();
    put(swapped, a, page_of(bench.file(), b));
    put(swapped, b, page_of(bench.file(), a));
    judge(swapped);
    Bytes moved = bench.file();
    put(moved, a, page_of(bench.file(), b));
    judge(moved);
    Bytes mixed = bench.file();
    put(mixed, a, page_of(other, std::min(a, other.size() / kPage - 1)));
    judge(mixed);
    Bytes zeros = bench.file();
    put(zeros, a, Bytes(kPage));
    judge(zeros);
  }
  CHECK(detected > 20 * harmless);
}

TEST_CASE("[T12] a file cut short is detected, one that is longer gives the same data") {
  const Bench bench;
  for (std::size_t pages = 0; pages < bench.pages(); ++pages) {
    for (const std::size_t more : {std::size_t{0}, std::size_t{1}, kPage / 2}) {
      Bytes cut = bench.file();
      cut.resize(pages * kPage + more);
      CAPTURE(cut.size());
      const Outcome outcome = bench.open(cut, bench.last());
      // Nothing at all is an empty database, which the sealed head tells apart.
      if (cut.empty()) {
        CHECK(outcome == Outcome::OlderState);
      } else {
        REQUIRE(outcome == Outcome::Detected);
      }
    }
  }
  SeededRandom random(14);
  for (const std::size_t more : {std::size_t{1}, kPage / 2, kPage, 5 * kPage}) {
    Bytes longer = bench.file();
    longer.resize(longer.size() + more);
    random.fill(std::span(longer).last(more));
    REQUIRE(bench.open(longer, bench.last()) == Outcome::Harmless);
  }
}

TEST_CASE("[T12] a log of another device or of nothing changes nothing") {
  const Bench bench;
  SeededRandom random(15);
  Bytes noise(bench.log().size());
  random.fill(noise);
  CHECK(bench.open(bench.file(), noise, bench.last()) == Outcome::Harmless);

  const PageKey other_key = PageKey::generate(random);
  MemoryPageStore disk;
  FaultyPageStore store(disk);
  auto db = bench.bank().open(store, &other_key).value();
  for (int n = 0; n < 20; ++n) REQUIRE(bench.bank().commit(*db, n).ok());
  stop_dead(store, std::move(db));
  const Bytes foreign = read_file(disk, "bank.db-wal", 1 << 26).value();
  CHECK(bench.open(bench.file(), foreign, bench.last()) == Outcome::Detected);
}

}  // namespace
}  // namespace banyan::test
