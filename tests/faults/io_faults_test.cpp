// [T1] [T2]: one storage call fails, at every place where one can.

#include <doctest/doctest.h>

#include "tests/faults/workload.h"

namespace banyan::test {
namespace {

struct Tally {
  int points = 0;
  int stopped = 0;  // the run ended with an error, as it must
};

// Runs the workload with one planned fault on a fresh disk, then looks at what
// a machine without faults finds.
void try_fault(const Workload& bank, const FaultPlan& plan, Tally& tally) {
  CAPTURE(plan.at);
  CAPTURE(plan.sticky);
  MemoryPageStore disk;
  FaultyPageStore store(disk);
  store.plan(plan);
  int acked = 0;
  const Status ran = bank.run(store, acked);
  REQUIRE(store.fired() > 0);
  // No silent success: whoever fails a call hears of it.
  REQUIRE_FALSE(ran.ok());
  store.plan({});
  const auto found = bank.state_of(disk);
  REQUIRE_MESSAGE(found.ok(), (found.ok() ? "" : found.error().detail));
  REQUIRE(*found >= acked);
  REQUIRE(*found <= acked + 1);
  ++tally.points;
  tally.stopped += !ran.ok();
}

std::uint64_t calls_of_clean_run(const Workload& bank, unsigned calls) {
  MemoryPageStore disk;
  FaultyPageStore store(disk);
  store.plan({.at = 0, .calls = calls});
  int acked = 0;
  REQUIRE(bank.run(store, acked).ok());
  REQUIRE(acked == bank.commits() + 1);
  return store.counted();
}

TEST_CASE("[T1] any storage call that fails, once or for good, loses nothing and is never hidden") {
  for (const Journal journal : {Journal::Wal, Journal::Delete}) {
    const Workload bank(journal, long_sweeps() ? 60 : 12);
    Tally tally;
    const std::uint64_t calls = calls_of_clean_run(bank, kCallAny);
    for (std::uint64_t at = 1; at <= calls; ++at) {
      try_fault(bank, {.at = at, .sticky = false}, tally);
      try_fault(bank, {.at = at, .sticky = true}, tally);
    }
    const std::uint64_t writes = calls_of_clean_run(bank, kCallWrite);
    for (std::uint64_t at = 1; at <= writes; ++at) {  // and half of it arrives
      try_fault(bank, {.at = at, .calls = kCallWrite, .bytes_written = 512}, tally);
    }
    MESSAGE(std::string(journal == Journal::Wal ? "log: " : "journal: ")
            << tally.points << " fault points");
    CHECK(tally.points >= 1000);
    CHECK(tally.stopped == tally.points);
  }
}

// A disk as a machine leaves it that stops in the middle of work.
struct Image {
  std::string name;
  std::unique_ptr<MemoryPageStore> disk = std::make_unique<MemoryPageStore>();
  int acked = 0;
};

Image hot_log(const Workload& bank) {
  Image image{"hot log"};
  FaultyPageStore store(*image.disk);
  auto db = bank.open(store).value();
  for (int n = 0; n < 12; ++n) REQUIRE(bank.commit(*db, n).ok());
  image.acked = 12;
  stop_dead(store, std::move(db));
  return image;
}

Image interrupted_checkpoint(const Workload& bank, std::uint64_t at_write) {
  Image image{"checkpoint cut at write " + std::to_string(at_write)};
  FaultyPageStore store(*image.disk);
  auto db = bank.open(store).value();
  for (int n = 0; n < 12; ++n) REQUIRE(bank.commit(*db, n).ok());
  image.acked = 12;
  store.plan({.at = at_write, .sticky = true, .calls = kCallWrite, .bytes_written = 512});
  REQUIRE_FALSE(db->checkpoint().ok());
  stop_dead(store, std::move(db));
  return image;
}

// How many `calls` the ninth commit takes.
std::uint64_t calls_of_commit(const Workload& bank, unsigned calls) {
  MemoryPageStore disk;
  FaultyPageStore store(disk);
  auto db = bank.open(store).value();
  for (int n = 0; n < 8; ++n) REQUIRE(bank.commit(*db, n).ok());
  store.plan({.at = 0, .calls = calls});
  REQUIRE(bank.commit(*db, 8).ok());
  return store.counted();
}

// Cut at that many quarters of the ninth commit's calls. The last write ends
// the journal (in exclusive mode it is zeroed, not removed).
Image hot_journal(const Workload& bank, unsigned call, std::uint64_t quarters) {
  const std::uint64_t at = std::max<std::uint64_t>(1, calls_of_commit(bank, call) * quarters / 4);
  Image image{"hot journal, cut at call " + std::to_string(call) + " no. " + std::to_string(at)};
  FaultyPageStore store(*image.disk);
  auto db = bank.open(store).value();
  for (int n = 0; n < 8; ++n) REQUIRE(bank.commit(*db, n).ok());
  image.acked = 8;
  store.plan({.at = at, .sticky = true, .calls = call});
  REQUIRE_FALSE(bank.commit(*db, 8).ok());
  stop_dead(store, std::move(db));
  REQUIRE(read_file(*image.disk, "bank.db-journal", 1 << 26)->size() > 1000);
  return image;
}

// Recovery with a fault at every call: afterwards a machine without faults must
// find all that was ever acknowledged.
int sweep_recovery(const Workload& bank, const Image& image) {
  CAPTURE(image.name);
  int points = 0;
  for (std::uint64_t at = 1;; ++at) {
    bool fired = false;
    for (const bool sticky : {false, true}) {
      CAPTURE(at);
      CAPTURE(sticky);
      MemoryPageStore disk;
      copy_files(*image.disk, disk);
      FaultyPageStore store(disk);
      store.plan({.at = at, .sticky = sticky});
      int acked = image.acked;
      {
        auto db = bank.open(store);
        const auto before = db.ok() ? bank.state_of(**db) : Result<int>(db.error());
        if (before.ok()) {
          REQUIRE(*before == image.acked);
          if (bank.commit(**db, image.acked).ok()) ++acked;
        } else {
          // An injected failure is reported as that, never as damage.
          REQUIRE(before.error().code == ErrorCode::Io);
        }
      }
      fired = store.fired() > 0;
      const auto found = bank.state_of(disk);
      REQUIRE_MESSAGE(found.ok(), (found.ok() ? "" : found.error().detail));
      REQUIRE(*found >= acked);
      REQUIRE(*found <= image.acked + 1);
      ++points;
    }
    if (!fired) return points;
  }
}

TEST_CASE("[T2] any storage call that fails during recovery loses nothing") {
  int points = 0;
  {
    const Workload bank(Journal::Wal, 13, 0);
    points += sweep_recovery(bank, hot_log(bank));
    for (const std::uint64_t at : {1U, 2U, 9U, 20U}) {
      points += sweep_recovery(bank, interrupted_checkpoint(bank, at));
    }
  }
  {
    const Workload bank(Journal::Delete, 13);
    for (const std::uint64_t quarters : {2U, 3U, 4U}) {
      points += sweep_recovery(bank, hot_journal(bank, kCallWrite, quarters));
      // The last flush comes after the journal's end: such a commit is there.
      if (quarters < 4) points += sweep_recovery(bank, hot_journal(bank, kCallSync, quarters));
    }
  }
  MESSAGE(points << " fault points during recovery");
  CHECK(points > 2000);
}

}  // namespace
}  // namespace banyan::test
