#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "shared/platform/memory_page_store.h"
#include "tests/contracts/page_store_contract.h"
#include "tests/support/crashing_page_store.h"
#include "tests/support/faulty_page_store.h"

#if !defined(__EMSCRIPTEN__)
#include "shared/platform/native/file_page_store.h"
#endif

namespace banyan::test {
namespace {

void check_promise(const PageStorePromise& promise, PageStore& store) {
  CAPTURE(promise.promise);
  const Status kept = promise.check(store);
  CHECK_MESSAGE(kept.ok(), (kept.ok() ? "" : kept.error().detail));
}

TEST_CASE("the store in memory keeps the contract of a page store") {
  for (const PageStorePromise& promise : page_store_contract()) {
    MemoryPageStore store;
    check_promise(promise, store);
  }
}

TEST_CASE("the stores of the fault tests keep it while nothing fails") {
  for (const PageStorePromise& promise : page_store_contract()) {
    CrashingPageStore crashing;
    check_promise(promise, crashing);
    MemoryPageStore memory;
    FaultyPageStore faulty(memory);
    check_promise(promise, faulty);
  }
}

#if !defined(__EMSCRIPTEN__)
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "banyan-XXXXXX").string();
    REQUIRE(mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

TEST_CASE("the store in a folder keeps the contract of a page store") {
  for (const PageStorePromise& promise : page_store_contract()) {
    const TemporaryFolder folder;
    const auto store = FilePageStore::at(folder.path() + "/data");
    REQUIRE(store.ok());
    check_promise(promise, **store);
  }
}

TEST_CASE("two stores over one folder keep each other out of an open file") {
  const TemporaryFolder folder;
  const auto one = FilePageStore::at(folder.path());
  const auto two = FilePageStore::at(folder.path());
  const auto held = (*one)->open("a", OpenMode::Create);
  REQUIRE(held.ok());
  CHECK((*two)->open("a", OpenMode::Existing).error().code == ErrorCode::Locked);
}

TEST_CASE("a folder that cannot be made is an Io error, not a crash") {
  CHECK(FilePageStore::at("/proc/nowhere/at/all").error().code != ErrorCode::StorageFull);
  CHECK_FALSE(FilePageStore::at("/dev/null/data").ok());
}
#endif

}  // namespace
}  // namespace banyan::test
