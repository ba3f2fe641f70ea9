// Import and demo against the server's real store.
#include <doctest/doctest.h>

#include <chrono>

#include "shared/crypto/init.h"
#include "shared/storage/server_store.h"
#include "sync-server/import/import.h"
#include "sync-server/import/seeds.h"
#include "sync-server/import/store_target.h"
#include "tests/support/fake_clock.h"
#include "tests/support/shipped_packs.h"
#include "tests/support/small_bank.h"

namespace banyan {
namespace {

using test::packs;

struct Bank {
  Bank() {
    REQUIRE(crypto_init().ok());
    auto opened = Database::open({});
    REQUIRE(opened.ok());
    db = std::move(*opened);
    auto made = ServerStore::open(*db, packs(), 7, key, clock, random);
    REQUIRE_MESSAGE(made.ok(), made.error().detail);
    store = std::move(*made);
  }
  std::int64_t count(const char* table) {
    return *db->query_int("SELECT count(*) FROM " + std::string(table));
  }

  test::FakeClock clock{1'800'000'000'000};
  SeededRandom random{1};
  SigningKey key = SigningKey::generate(random);
  std::unique_ptr<Database> db;
  std::unique_ptr<ServerStore> store;
};

TEST_CASE("a delivery ends up in the store's tables and in a log that verifies") {
  test::SmallDelivery delivery;
  Bank bank;
  const auto report = import_berka(*bank.store, packs(), delivery.dir());
  REQUIRE_MESSAGE(report.ok(), report.error().detail);
  CHECK(bank.count("customer") == 3);
  CHECK(bank.count("txn") == 4);
  CHECK(bank.count("import_key") == static_cast<std::int64_t>(report->rows_new));
  CHECK(*bank.db->query_int("SELECT sum(amount) FROM txn") == 240'000);
  const auto checked = bank.store->verify_log();
  REQUIRE_MESSAGE(checked.ok(), checked.error().detail);
  CHECK(checked->commits == report->commits);

  const std::uint64_t head = bank.store->head();
  const auto again = import_berka(*bank.store, packs(), delivery.dir());
  REQUIRE(again.ok());
  CHECK(again->changed_nothing());
  CHECK(bank.store->head() == head);
}

TEST_CASE("keys and rows are written together: a refused commit leaves neither") {
  Bank bank;
  StoreImportTarget target(*bank.store);
  const Entity& customer = *packs().entity("customer");
  const RowId row = target.mint();
  Draft twice{row, 0, {{customer.no, Op::Insert, row, 1, {}}}};
  const std::vector<Draft> drafts{twice, twice};
  const std::vector<ImportKey> keys{{"one", row, "x"}};
  CHECK(!target.write("test", drafts, keys).ok());
  CHECK(bank.count("customer") == 0);
  CHECK(target.keys("test")->empty());
  CHECK(target.write("test", std::span(drafts).first(1), keys).ok());
  CHECK(bank.count("customer") == 1);
  CHECK(target.keys("test")->size() == 1);
}

TEST_CASE("the packs' own rows are written once, whatever the number of starts") {
  Bank bank;
  StoreImportTarget target(*bank.store);
  const auto first = install_seeds(target, packs());
  REQUIRE_MESSAGE(first.ok(), first.error().detail);
  CHECK(first->size() == packs().seeds().size());
  CHECK(first->contains("product/farm_loan"));
  const std::int64_t products = bank.count("product");
  CHECK(products > 5);
  const auto second = install_seeds(target, packs());
  REQUIRE(second.ok());
  CHECK(*second == *first);
  CHECK(bank.count("product") == products);
}

}  // namespace
}  // namespace banyan
