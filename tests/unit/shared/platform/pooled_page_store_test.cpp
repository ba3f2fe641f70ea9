#include "shared/platform/pooled_page_store.h"

#include <doctest/doctest.h>

#include "tests/contracts/page_store_contract.h"
#include "tests/support/crashing_page_store.h"
#include "tests/support/faulty_page_store.h"

namespace banyan {
namespace {

using test::CrashingPageStore;

// A pool whose files lie in another store, so that they can fail and lose power.
class PoolIn final : public HandlePool {
 public:
  PoolIn(PageStore& store, int pages) : store_(store) {
    table_ = std::move(*store.open("names", OpenMode::Create));
    grow(pages);
  }
  void grow(int more) {
    for (int i = 0; i < more; ++i) {
      pages_.push_back(
          std::move(*store_.open("page-" + std::to_string(pages_.size()), OpenMode::Create)));
    }
  }
  StoreFile& table() override { return *table_; }
  int pages() const override { return static_cast<int>(pages_.size()); }
  StoreFile& page(int index) override { return *pages_[static_cast<std::size_t>(index)]; }
  void report_free(int count) override { free_ = count; }
  int free() const { return free_; }

 private:
  PageStore& store_;
  std::unique_ptr<StoreFile> table_;
  std::vector<std::unique_ptr<StoreFile>> pages_;
  int free_ = -1;
};

std::string content(PageStore& store, std::string_view name) {
  const auto bytes = read_file(store, name, 1000);
  return bytes.ok() ? std::string(as_text(*bytes)) : std::string(name_of(bytes.error().code));
}

TEST_CASE("the store over a pool of open files keeps the contract of a page store") {
  for (const test::PageStorePromise& promise : test::page_store_contract()) {
    CAPTURE(promise.promise);
    CrashingPageStore disk;
    PoolIn pool(disk, 8);
    const auto store = PooledPageStore::mount(pool).value();
    const Status kept = promise.check(*store);
    CHECK_MESSAGE(kept.ok(), (kept.ok() ? "" : kept.error().detail));
  }
}

TEST_CASE("names and contents are there after mounting again") {
  CrashingPageStore disk;
  PoolIn pool(disk, 6);
  {
    const auto store = PooledPageStore::mount(pool).value();
    REQUIRE(write_file(*store, "a", as_bytes("one")).ok());
    REQUIRE(write_file(*store, "b", as_bytes("two")).ok());
    REQUIRE(store->replace("a", "b").ok());
  }
  const auto store = PooledPageStore::mount(pool).value();
  CHECK(store->list().value() == std::vector<std::string>{"b"});
  CHECK(content(*store, "b") == "one");
  CHECK(pool.free() == 5);
}

TEST_CASE("a new name without a free file is Unavailable, and works once the pool has grown") {
  CrashingPageStore disk;
  PoolIn pool(disk, 2);
  const auto store = PooledPageStore::mount(pool).value();
  REQUIRE(store->open("a", OpenMode::Create).ok());
  REQUIRE(store->open("b", OpenMode::Create).ok());
  CHECK(store->open("c", OpenMode::Create).error().code == ErrorCode::Unavailable);
  CHECK(pool.free() == 0);
  pool.grow(1);
  CHECK(store->open("c", OpenMode::Create).ok());
}

// Creates, writes, replaces and removes; after a cut the names are those before
// or after the cut step, and contents that were synced are whole.
TEST_CASE("[T4] power that fails at any write leaves the names before or after one step") {
  const auto work = [](PageStore& store) -> Status {
    TRY(write_file(store, "a", as_bytes("one")));
    TRY(write_file(store, "b", as_bytes("two")));
    TRY(store.replace("a", "b"));
    TRY(write_file(store, "c", as_bytes("three")));
    TRY(store.remove("b"));
    return {};
  };
  std::uint64_t steps = 0;
  {
    CrashingPageStore disk;
    PoolIn pool(disk, 6);
    const auto store = PooledPageStore::mount(pool).value();
    disk.fail_power_at(0);
    REQUIRE(work(*store).ok());
    steps = disk.changes();
  }
  REQUIRE(steps > 15);
  for (std::uint64_t cut = 1; cut <= steps; ++cut) {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      CAPTURE(cut);
      CAPTURE(seed);
      CrashingPageStore disk;
      {
        PoolIn pool(disk, 6);
        const auto store = PooledPageStore::mount(pool).value();
        disk.fail_power_at(cut);
        CHECK_FALSE(work(*store).ok());
      }
      SeededRandom random(seed);
      disk.power_on(random);
      PoolIn pool(disk, 6);
      const auto store = PooledPageStore::mount(pool);
      REQUIRE(store.ok());
      const std::string a = content(**store, "a"), b = content(**store, "b");
      const std::string c = content(**store, "c");
      const bool possible = (a == "NotFound" && b == "NotFound" && c == "NotFound") ||
                            (a == "one" && b == "NotFound" && c == "NotFound") ||
                            (a == "one" && b == "two" && c == "NotFound") ||
                            (a == "NotFound" && b == "one" && c == "NotFound") ||
                            (a == "NotFound" && b == "one" && c == "three") ||
                            (a == "NotFound" && b == "NotFound" && c == "three");
      REQUIRE_MESSAGE(possible, a << "/" << b << "/" << c);
    }
  }
}

TEST_CASE("a damaged slot costs one step at most, two of them are Corrupt") {
  CrashingPageStore disk;
  PoolIn pool(disk, 4);
  {
    const auto store = PooledPageStore::mount(pool).value();
    REQUIRE(write_file(*store, "a", as_bytes("one")).ok());  // steps 1 and 2: a.new, then a
  }
  const auto flip = [&](std::uint64_t offset) {
    Bytes byte(1);
    REQUIRE(pool.table().read(offset, byte).value() == 1);
    byte[0] ^= 1;
    REQUIRE(pool.table().write(offset, byte).ok());
  };
  constexpr std::uint64_t kShorterRecord = 4 + 1 + 8 + 2 + (2 + 1 + 1) + 8;
  for (std::uint64_t at = 0; at < kShorterRecord; ++at) {
    flip(at);  // slot 0 holds step 2
    CHECK(PooledPageStore::mount(pool).value()->exists("a.new").value());
    flip(at);
    flip(PooledPageStore::kSlotSize + at);
    CHECK(PooledPageStore::mount(pool).value()->exists("a").value());
    flip(at);
    CHECK(PooledPageStore::mount(pool).error().code == ErrorCode::Corrupt);
    flip(at);
    flip(PooledPageStore::kSlotSize + at);
  }
}

TEST_CASE("a name table of a later version is not touched") {
  CrashingPageStore disk;
  PoolIn pool(disk, 2);
  // "BNNT", version 1, generation 1, no names, and its checksum.
  const Bytes later = from_hex("424e4e540101000000000000000000b8740d6c3621fa3a").value();
  REQUIRE(pool.table().write(0, later).ok());
  CHECK(PooledPageStore::mount(pool).error().code == ErrorCode::Newer);
}

}  // namespace
}  // namespace banyan
