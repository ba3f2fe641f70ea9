// [T3]: SQLite runs out of memory at every allocation. (Our own code stops the
// process when it does: a WebAssembly build aborts rather than write at 0.)

#include <doctest/doctest.h>
#include <sqlite3.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "tests/faults/workload.h"

namespace banyan::test {
namespace {

std::uint64_t asked = 0;
std::uint64_t fail_at = 0;  // 0: never
bool fail_after_it = false;
bool failed = false;

void* failing_malloc(int size) {
  ++asked;
  if (fail_at != 0 && (asked == fail_at || (fail_after_it && asked > fail_at))) {
    failed = true;
    return nullptr;
  }
  auto* block = static_cast<sqlite3_int64*>(std::malloc(static_cast<std::size_t>(size) + 8));
  if (block == nullptr) return nullptr;
  *block = size;
  return block + 1;
}
int size_of(void* block) { return static_cast<int>(static_cast<sqlite3_int64*>(block)[-1]); }
void failing_free(void* block) { std::free(static_cast<sqlite3_int64*>(block) - 1); }
void* failing_realloc(void* block, int size) {
  void* fresh = failing_malloc(size);
  if (fresh == nullptr) return nullptr;
  std::memcpy(fresh, block, static_cast<std::size_t>(std::min(size, size_of(block))));
  failing_free(block);
  return fresh;
}

// Before anything initialises SQLite: when the program starts.
const int kInstalled = [] {
  static const sqlite3_mem_methods kMethods{failing_malloc,
                                            failing_free,
                                            failing_realloc,
                                            size_of,
                                            [](int size) { return (size + 7) & ~7; },
                                            [](void*) { return SQLITE_OK; },
                                            [](void*) {},
                                            nullptr};
  return sqlite3_config(SQLITE_CONFIG_MALLOC, &kMethods);
}();

void plan(std::uint64_t at, bool sticky) {
  asked = 0;
  fail_at = at;
  fail_after_it = sticky;
  failed = false;
}

// Opens, keys, recovers, migrates, writes, reads, folds the log in, closes.
Status work(const Workload& bank, PageStore& store, int& acked) {
  TRY(bank.run(store, acked));
  TRY_ASSIGN(const auto db, bank.open(store));
  TRY(db->exec("ALTER TABLE account ADD COLUMN more TEXT"));
  TRY(db->checkpoint());
  TRY_ASSIGN([[maybe_unused]] const int state, bank.state_of(*db));
  return {};
}

TEST_CASE("[T3] no failed allocation crashes, corrupts or hides a lost commit") {
  REQUIRE(kInstalled == SQLITE_OK);
  for (const Journal journal : {Journal::Wal, Journal::Delete}) {
    const Workload bank(journal, long_sweeps() ? 12 : 4);
    std::uint64_t allocations = 0;
    {
      MemoryPageStore disk;
      int acked = 0;
      plan(0, false);
      REQUIRE(work(bank, disk, acked).ok());
      allocations = asked;
    }
    int points = 0;
    // Every one of the first, where a connection opens, then every third.
    const std::uint64_t step = long_sweeps() ? 1 : 3;
    for (std::uint64_t at = 1; at <= allocations; at += at < 600 ? 1 : step) {
      for (const bool sticky : {false, true}) {
        CAPTURE(at);
        CAPTURE(sticky);
        MemoryPageStore disk;
        int acked = 0;
        plan(at, sticky);
        const Status done = work(bank, disk, acked);
        const bool hit = failed;
        plan(0, false);
        if (done.ok()) CHECK(acked == bank.commits() + 1);
        const auto found = bank.state_of(disk);
        REQUIRE_MESSAGE(found.ok(), (found.ok() ? "" : found.error().detail));
        REQUIRE(*found >= acked);
        REQUIRE(*found <= acked + 1);
        points += hit;
      }
    }
    MESSAGE(points << " of " << allocations << " allocations failed, once and for good");
    CHECK(points > 1000);
  }
}

}  // namespace
}  // namespace banyan::test
