// [T6]: the disk is full at any write: a clear message, reading goes on, and
// once there is space again, so does writing.

#include <doctest/doctest.h>

#include "tests/faults/workload.h"

namespace banyan::test {
namespace {

// What a person does: work until the disk is full, look at the data, make
// space, go on. `make_full` happens before, `make_space` after.
template <class MakeSpace>
void work_on(const Workload& bank, PageStore& store, MakeSpace make_space) {
  auto opened = bank.open(store);
  if (!opened.ok()) {
    REQUIRE(opened.error().code == ErrorCode::StorageFull);
    make_space();
    opened = bank.open(store);
    REQUIRE(opened.ok());
  }
  auto& db = **opened;
  for (int n = 0; n <= bank.commits(); ++n) {
    Status saved = bank.commit(db, n);
    if (!saved.ok()) {
      REQUIRE(saved.error().code == ErrorCode::StorageFull);
      REQUIRE_FALSE(db.stopped());
      REQUIRE(db.autocommit());
      REQUIRE(bank.state_of(db).value() == n);  // reading goes on, nothing half is there
      make_space();
      saved = bank.commit(db, n);
      REQUIRE_MESSAGE(saved.ok(), (saved.ok() ? "" : saved.error().detail));
    }
  }
  REQUIRE(bank.state_of(db).value() == bank.commits() + 1);
}

TEST_CASE("[T6] a quota of any size is a clear message, and nothing is lost") {
  for (const Journal journal : {Journal::Wal, Journal::Delete}) {
    const Workload bank(journal, 20);
    MemoryPageStore clean;
    int acked = 0;
    REQUIRE(bank.run(clean, acked).ok());
    const std::uint64_t most = clean.used_bytes() + 200'000;
    const std::uint64_t step = long_sweeps() ? 256 : 1024;
    int full = 0;
    for (std::uint64_t quota = 0; quota < most; quota += step) {
      CAPTURE(quota);
      MemoryPageStore disk(quota);
      work_on(bank, disk, [&] {
        ++full;
        disk.set_quota_bytes(MemoryPageStore::kNoQuota);
      });
      REQUIRE(bank.state_of(disk).value() == bank.commits() + 1);
    }
    CHECK(full > 50);
  }
}

TEST_CASE("[T6] a disk that refuses any write to the log, even of old space, loses nothing") {
  const Workload bank(Journal::Wal, long_sweeps() ? 20 : 10);
  std::uint64_t writes = 0;
  {
    MemoryPageStore disk;
    FaultyPageStore store(disk);
    store.plan({.at = 0, .calls = kCallWrite});
    int acked = 0;
    REQUIRE(bank.run(store, acked).ok());
    writes = store.counted();
  }
  for (std::uint64_t at = 1; at <= writes; ++at) {
    for (const std::size_t arrives : {0U, 100U}) {
      CAPTURE(at);
      MemoryPageStore disk;
      FaultyPageStore store(disk);
      store.plan({.at = at,
                  .sticky = true,
                  .calls = kCallWrite,
                  .code = ErrorCode::StorageFull,
                  .bytes_written = arrives});
      work_on(bank, store, [&] { store.plan({}); });
      REQUIRE(bank.state_of(disk).value() == bank.commits() + 1);
    }
  }
}

}  // namespace
}  // namespace banyan::test
