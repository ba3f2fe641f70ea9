#include <doctest/doctest.h>

#include <string>

#include "tests/contracts/change_store_contract.h"
#include "tests/contracts/memory_server_tables.h"

namespace banyan::test {
namespace {

void check(const ChangeStorePromise& promise, SyncPair& bank) {
  CAPTURE(std::string(promise.promise));
  const Status kept = promise.check(bank);
  CHECK_MESSAGE(kept.ok(), (kept.ok() ? "" : kept.error().detail));
}

TEST_CASE("the server's store over SQLite keeps its contract") {
  for (const ChangeStorePromise& promise : change_store_contract()) {
    SyncPair bank;
    check(promise, bank);
  }
}

TEST_CASE("the server's store over maps keeps it too") {
  for (const ChangeStorePromise& promise : change_store_contract()) {
    const auto content = std::make_shared<MemoryServerTables::Content>();
    SyncPair bank([&]() -> Result<std::unique_ptr<ServerTables>> {
      return std::unique_ptr<ServerTables>(
          std::make_unique<MemoryServerTables>(test::bank(), content));
    });
    check(promise, bank);
  }
}

}  // namespace
}  // namespace banyan::test
