#include <doctest/doctest.h>

#include <string>

#include "shared/storage/sqlite_server_tables.h"
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
  for_each_promise([](const ChangeStorePromise& promise) {
    SyncPair bank;
    check(promise, bank);
  });
}

TEST_CASE("the server's store over maps keeps it too") {
  for_each_promise([](const ChangeStorePromise& promise) {
    const auto content = std::make_shared<MemoryServerTables::Content>();
    SyncPair bank([&]() -> Result<std::unique_ptr<ServerTables>> {
      return std::unique_ptr<ServerTables>(
          std::make_unique<MemoryServerTables>(test::bank(), content));
    });
    check(promise, bank);
  });
}

TEST_CASE("what is copied from SQLite into other tables is the same bank, to the last row") {
  SyncPair bank;
  const auto d = bank.enrol(bank.officer);
  REQUIRE(bank.sync(*d));
  bank.decide(kCustomer, Op::Update, bank.customer, {cell(kOwner, bank.colleague)});
  REQUIRE(bank.store->park(d->id, 9, sync::ParkReason::Gap, Bytes(3, 1), 5));
  REQUIRE(
      bank.store->author(kImportDevice, {}, "core", std::vector<ImportKey>{{"a", d->user, "x"}}));
  REQUIRE(bank.store->begin_epoch_after_restore());
  const auto from = SqliteServerTables::open(*bank.server_db, test::bank());
  REQUIRE(from);
  const auto content = std::make_shared<MemoryServerTables::Content>();
  MemoryServerTables to(test::bank(), content);
  REQUIRE((*from)->copy_to(to));
  const auto same = [&] { return *(*from)->state_hash() == *to.state_hash(); };
  CHECK(same());
  CHECK(to.head()->order == bank.store->order());
  CHECK(to.head()->next_device == (*from)->head()->next_device);
  CHECK(to.epochs()->size() == 2);
  CHECK(to.parked({})->size() == 1);
  CHECK(to.import_keys("core")->size() == 1);
  CHECK(to.device_row(d->id)->record.last_contact_ms ==
        (*from)->device_row(d->id)->record.last_contact_ms);
  content->rows.begin()->second.seq += 1;
  CHECK_FALSE(same());
  content->rows.begin()->second.seq -= 1;
  content->members.begin()->second.mask = 1;
  CHECK_FALSE(same());
}

}  // namespace
}  // namespace banyan::test
