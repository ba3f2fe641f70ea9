// [T4] [T5]: the power fails, and the disk keeps what it likes of what was not synced.

#include <doctest/doctest.h>

#include "tests/faults/workload.h"
#include "tests/support/crashing_page_store.h"

namespace banyan::test {
namespace {

// The power fails once, twice or three times; each time the commits that were
// acknowledged must be there, and nothing half.
void live_through(const Workload& bank, std::uint64_t seed, std::uint64_t changes) {
  CAPTURE(seed);
  SeededRandom random(seed);
  CrashingPageStore disk;
  int acked = 0;
  const int failures = 1 + static_cast<int>(random.below(3));
  for (int i = 0; i < failures; ++i) {
    // The first cut anywhere in the work, the next ones soon: during recovery.
    disk.fail_power_at(1 + random.below(i == 0 ? changes : 40));
    const int before = acked;
    const Status ran = bank.run(disk, acked);
    REQUIRE(acked >= before);
    if (disk.powered()) REQUIRE_MESSAGE(ran.ok(), (ran.ok() ? "" : ran.error().detail));
    disk.power_on(random);
  }
  const auto found = bank.state_of(disk);
  REQUIRE_MESSAGE(found.ok(), (found.ok() ? "" : found.error().detail));
  REQUIRE(*found >= acked);
  REQUIRE(*found <= acked + 1);
  REQUIRE(bank.run(disk, acked).ok());
  REQUIRE(bank.state_of(disk).value() == bank.commits() + 1);
}

TEST_CASE("[T4] whatever an unsynced sector does, the state is one that holds every saved commit") {
  for (const Journal journal : {Journal::Wal, Journal::Delete}) {
    const Workload bank(journal, 20);
    CrashingPageStore clean;
    int acked = 0;
    REQUIRE(bank.run(clean, acked).ok());
    const std::uint64_t seeds = long_sweeps() ? 20'000 : 2'500;
    for (std::uint64_t seed = 0; seed < seeds; ++seed) live_through(bank, seed, clean.changes());
  }
}

// A database whose pages are all in the log as well, before and after they
// were folded into the file.
struct Folded {
  Bytes before, after, log;
};

Folded fold(const Workload& bank) {
  MemoryPageStore disk;
  FaultyPageStore store(disk);
  auto db = bank.open(store).value();
  for (int n = 0; n < 10; ++n) REQUIRE(bank.commit(*db, n).ok());
  REQUIRE(db->checkpoint().ok());
  for (int n = 10; n <= bank.commits(); ++n) REQUIRE(bank.commit(*db, n).ok());
  MemoryPageStore copy;
  Folded out;
  stop_dead(store, std::move(db));
  out.before = read_file(disk, "bank.db", 1 << 26).value();
  out.log = read_file(disk, "bank.db-wal", 1 << 26).value();
  REQUIRE(bank.state_of(disk).value() == bank.commits() + 1);  // folds the log in
  out.after = read_file(disk, "bank.db", 1 << 26).value();
  return out;
}

TEST_CASE("[T5] a page torn at any sector while the log is hot is recovered") {
  constexpr std::size_t kPage = 1024;
  constexpr std::size_t kSector = 512;
  const Workload bank(Journal::Wal, 60, 0);
  Folded folded = fold(bank);
  folded.before.resize(std::max(folded.before.size(), folded.after.size()));
  std::vector<std::size_t> changed;
  for (std::size_t page = 0; page < folded.after.size() / kPage; ++page) {
    const auto at = static_cast<std::ptrdiff_t>(page * kPage);
    if (!std::equal(folded.after.begin() + at, folded.after.begin() + at + kPage,
                    folded.before.begin() + at)) {
      changed.push_back(page);
    }
  }
  REQUIRE(changed.front() == 0);  // page 1, with the salt and the header
  REQUIRE(changed.size() > 50);
  int torn = 0;
  SeededRandom random(5);
  for (int i = 0; i <= 50; ++i) {
    const std::size_t page = i == 0 ? 0 : changed[random.below(changed.size())];
    for (std::size_t cut = 0; cut <= kPage; cut += kSector) {
      for (const bool new_first : {true, false}) {
        Bytes file = new_first ? folded.before : folded.after;
        const Bytes& head = new_first ? folded.after : folded.before;
        const auto at = static_cast<std::ptrdiff_t>(page * kPage);
        std::copy_n(head.begin() + at, cut, file.begin() + at);
        MemoryPageStore disk;
        REQUIRE(write_file(disk, "bank.db", file).ok());
        REQUIRE(write_file(disk, "bank.db-wal", folded.log).ok());
        CAPTURE(page);
        CAPTURE(cut);
        const auto found = bank.state_of(disk);
        REQUIRE_MESSAGE(found.ok(), (found.ok() ? "" : found.error().detail));
        REQUIRE(*found == bank.commits() + 1);
        ++torn;
      }
    }
  }
  CHECK(torn >= 300);
}

}  // namespace
}  // namespace banyan::test
