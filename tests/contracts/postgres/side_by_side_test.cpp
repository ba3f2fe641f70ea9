// Several stores over one database at a time, as several server processes have them, and what
// a database that goes away leaves behind.
#include <atomic>
#include <thread>

#include "sync-server/postgres/postgres_tables.h"
#include "tests/contracts/bundle_maker.h"
#include "tests/contracts/postgres/a_postgres.h"

namespace banyan::test {
namespace {

OpenTables tables_of(const std::string& url) {
  return [url]() -> Result<std::unique_ptr<ServerTables>> {
    TRY_ASSIGN(auto tables, postgres::PostgresTables::open(url, bank(), SyncPair::kOrganisation));
    return std::unique_ptr<ServerTables>(std::move(tables));
  };
}

Draft count_up(RowId customer) {
  return {
      customer, 0, {row_write(kCustomer, Op::Update, customer, {cell(kCount, std::int64_t{1})})}};
}

std::int64_t counted(ServerStore& store, RowId customer) {
  return int_of(store.load(*bank().entity(kCustomer), customer)->cell(kCount));
}

TEST_CASE("what one process writes the next call of another one knows [I3]") {
  PostgresProcess* postgres = a_postgres();
  if (postgres == nullptr) return;
  SyncPair pair(tables_of(postgres->make_database()));
  const auto d = pair.enrol(pair.officer);
  const auto other = pair.another_store();
  BundleMaker maker(pair, *d);
  ServerStore* stores[] = {pair.store.get(), other.get()};
  for (int i = 0; i < 10; ++i) {
    const Bundle bundle = maker.make(count_up(pair.customer));
    REQUIRE(stores[i % 2]->append(bundle, 0, 1, sync::Terms::LostGround));
    CHECK(stores[i % 2]->head() == 6 + static_cast<std::uint64_t>(i));
    CHECK(stores[(i + 1) % 2]->device(d->id)->head == static_cast<std::uint64_t>(i) + 1);
  }
  REQUIRE(other->enrol({pair.analyst, d->key.verify_key(), {}}));
  CHECK(number(pair.enrol(pair.analyst)->id) == number(d->id) + 2);
  REQUIRE(pair.store->begin_epoch_after_restore());
  REQUIRE(other->author(kServerDevice, std::vector<Draft>{count_up(pair.customer)}));
  CHECK(other->epoch() == pair.store->epoch());
  CHECK(other->verify_log());
}

TEST_CASE("processes that push at once get one dense order, and lose nothing [I2] [I3]") {
  PostgresProcess* postgres = a_postgres();
  if (postgres == nullptr) return;
  constexpr int kProcesses = 4, kBundles = 25, kCommits = 3;
  SyncPair pair(tables_of(postgres->make_database()));
  struct One {
    std::unique_ptr<TestDevice> device;
    std::unique_ptr<ServerStore> store;
    std::vector<Bundle> bundles;
  };
  std::vector<One> all;
  for (int i = 0; i < kProcesses; ++i) {
    One one{pair.enrol(pair.officer), pair.another_store(), {}};
    BundleMaker maker(pair, *one.device);
    const std::vector<Draft> drafts(kCommits, count_up(pair.customer));
    for (int n = 0; n < kBundles; ++n) one.bundles.push_back(maker.make(drafts));
    all.push_back(std::move(one));
  }
  std::atomic<int> failed = 0;
  {
    std::vector<std::jthread> threads;
    for (One& one : all) {
      threads.emplace_back([&one, &failed] {
        for (const Bundle& bundle : one.bundles) {
          if (!one.store->append(bundle, 0, 1, sync::Terms::LostGround)) ++failed;
          sync::PullQuery query;
          query.device = one.device->id;
          query.bytes_max = 10'000;
          const auto pulled = one.store->pull(query);
          // A page is of one moment: it acknowledges what was in the log at its head.
          if (!pulled || !pulled->page.complete || pulled->page.acked < bundle.span.last()) {
            ++failed;
          }
        }
      });
    }
  }
  CHECK(failed == 0);
  REQUIRE(pair.store->refresh());
  CHECK(pair.store->head() == 5 + kProcesses * kBundles * kCommits);
  CHECK(counted(*pair.store, pair.customer) == kProcesses * kBundles * kCommits);
  const auto checked = pair.store->verify_log();
  REQUIRE_MESSAGE(checked.ok(), checked.error().detail);
  CHECK(checked->commits == pair.store->head());
}

TEST_CASE("a bundle that two processes take at once is taken by one [I5]") {
  PostgresProcess* postgres = a_postgres();
  if (postgres == nullptr) return;
  SyncPair pair(tables_of(postgres->make_database()));
  const auto d = pair.enrol(pair.officer);
  const auto other = pair.another_store();
  BundleMaker maker(pair, *d);
  for (int i = 0; i < 20; ++i) {
    const Bundle bundle = maker.make(count_up(pair.customer));
    std::atomic<int> taken = 0, refused = 0;
    const auto push = [&](ServerStore& store) {
      const auto done = store.append(bundle, 0, 1, sync::Terms::LostGround);
      if (done) ++taken;
      if (!done && done.error().code == ErrorCode::Conflict) ++refused;
    };
    {
      const std::jthread one([&] { push(*pair.store); }), two([&] { push(*other); });
    }
    CHECK((taken == 1 && refused == 1));
  }
  CHECK(counted(*pair.store, pair.customer) == 20);
}

TEST_CASE("a connection that is cut costs one call at most, and a restart of the database too") {
  PostgresProcess* postgres = a_postgres();
  if (postgres == nullptr) return;
  const std::string url = postgres->make_database();
  SyncPair pair(tables_of(url));
  const auto d = pair.enrol(pair.officer);
  BundleMaker maker(pair, *d);
  const auto killer = postgres::Connection::open(url);
  REQUIRE(killer);
  const auto cut_all = [&] {
    REQUIRE(
        (*killer)->run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                       " WHERE pid<>pg_backend_pid() AND datname=current_database()"));
  };
  cut_all();
  REQUIRE(pair.store->append(maker.make(count_up(pair.customer)), 0, 1, sync::Terms::LostGround));
  cut_all();
  CHECK(pair.store->device(d->id)->head == 1);
  cut_all();
  sync::PullQuery query;
  query.device = d->id;
  query.bytes_max = 10'000;
  CHECK(pair.store->pull(query)->page.complete);
  postgres->restart();
  REQUIRE(pair.store->append(maker.make(count_up(pair.customer)), 0, 1, sync::Terms::LostGround));
  CHECK(counted(*pair.store, pair.customer) == 2);
  CHECK(pair.store->verify_log());
}

TEST_CASE("a log that was changed in the database does not verify") {
  PostgresProcess* postgres = a_postgres();
  if (postgres == nullptr) return;
  const std::string url = postgres->make_database();
  SyncPair pair(tables_of(url));
  const auto hand = postgres::Connection::open(url);
  REQUIRE(hand);
  REQUIRE(pair.store->verify_log());
  for (const char* change :
       {"UPDATE log SET body=set_byte(body,20,get_byte(body,20)#1) WHERE seq=3",
        "UPDATE log SET seq=99 WHERE seq=5", "UPDATE log SET agg=agg+1 WHERE seq=4",
        "DELETE FROM sig WHERE first=2", "UPDATE seqr SET seq=4"}) {
    REQUIRE(
        (*hand)->script("CREATE TABLE log_ AS TABLE log; CREATE TABLE sig_ AS TABLE sig;"
                        "CREATE TABLE seqr_ AS TABLE seqr"));
    REQUIRE((*hand)->script(change));
    const auto checked = pair.store->verify_log();
    REQUIRE(!checked);
    CHECK(checked.error().code == ErrorCode::Corrupt);
    REQUIRE(
        (*hand)->script("DELETE FROM log; INSERT INTO log TABLE log_; DROP TABLE log_;"
                        "DELETE FROM sig; INSERT INTO sig TABLE sig_; DROP TABLE sig_;"
                        "DELETE FROM seqr; INSERT INTO seqr TABLE seqr_; DROP TABLE seqr_"));
    CHECK(pair.store->verify_log());
  }
}

TEST_CASE("tables of the first version are brought up to date, and say whose change each is") {
  PostgresProcess* postgres = a_postgres();
  if (postgres == nullptr) return;
  const std::string url = postgres->make_database();
  SyncPair pair(tables_of(url));
  const auto hand = postgres::Connection::open(url);
  REQUIRE(hand);
  const auto before = pair.store->history(pair.officer, pair.customer, 0, 50);
  REQUIRE(before);
  REQUIRE((*hand)->script("ALTER TABLE log DROP COLUMN agg; UPDATE bank SET version=1"));
  const auto upgraded = pair.another_store();
  const auto after = upgraded->history(pair.officer, pair.customer, 0, 50);
  REQUIRE(after);
  CHECK(*after == *before);
  CHECK(upgraded->verify_log());
  REQUIRE((*hand)->script("UPDATE bank SET version=3"));
  const auto newer = postgres::PostgresTables::open(url, bank(), SyncPair::kOrganisation);
  REQUIRE(!newer);
  CHECK(newer.error().code == ErrorCode::Newer);
}

TEST_CASE("a database is one organisation's, and a wrong address says so without its password") {
  PostgresProcess* postgres = a_postgres();
  if (postgres == nullptr) return;
  const std::string url = postgres->make_database();
  REQUIRE(postgres::PostgresTables::open(url, bank(), 9));
  const auto other = postgres::PostgresTables::open(url, bank(), 10);
  REQUIRE(!other);
  CHECK(other.error().code == ErrorCode::Refused);
  const auto none = postgres::Connection::open(postgres->url("nowhere"));
  REQUIRE(!none);
  CHECK(none.error().code == ErrorCode::Refused);
  const auto silent = postgres::Connection::open("postgresql://a:secret@127.0.0.1:1/x");
  REQUIRE(!silent);
  CHECK(silent.error().code == ErrorCode::Unavailable);
  CHECK(silent.error().detail.find("secret") == std::string::npos);
}

}  // namespace
}  // namespace banyan::test
