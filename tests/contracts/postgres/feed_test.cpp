// What who follows the feed gets while many write, over one PostgreSQL.
#include <atomic>
#include <thread>

#include "sync-server/postgres/postgres_tables.h"
#include "tests/contracts/bundle_maker.h"
#include "tests/contracts/http/followed_feed.h"
#include "tests/contracts/postgres/a_postgres.h"

namespace banyan::test {
namespace {

using SteadyClock = std::chrono::steady_clock;

TEST_CASE("[T32] eight devices write at once at three servers, and nobody misses anything") {
  PostgresProcess* postgres = a_postgres();
  if (postgres == nullptr) return;
  const std::string url = postgres->make_database();
  const DemoBank bank(url);
  ServerProcess a(server_program(), bank.data(), {"--store", url});
  ServerProcess b(server_program(), bank.another_node("b"), {"--store", url});
  ServerProcess c(server_program(), bank.another_node("c"), {"--store", url});
  REQUIRE((a.port() != 0 && b.port() != 0 && c.port() != 0));
  const FollowedFeed feed = follow_feed(bank, {a.port(), b.port(), c.port()}, feed_time());
  std::printf("%zu customers written, %zu syncs of the reader\n", feed.written, feed.syncs);
  CHECK(feed.failed == 0);
  CHECK(feed.missed == 0);
  CHECK(feed.written >= 8);
  CHECK(feed.syncs >= 2);
}

// Straight at the database, without the time that HTTP takes: many more writes cross each other.
struct FeedWriter {
  std::unique_ptr<TestDevice> device;
  std::unique_ptr<ServerStore> store;
  BundleMaker maker;
  std::vector<RowId> written;
  int failed = 0;

  FeedWriter(SyncPair& pair)
      : device(pair.enrol(pair.officer)), store(pair.another_store()), maker(pair, *device) {
    maker.has_seen(pair.store->head());
  }

  void write_until(SteadyClock::time_point end, RowId owner) {
    while (SteadyClock::now() < end) {
      const RowId row = device->replica->mint();
      const Draft draft{row, 0, {row_write(kCustomer, Op::Insert, row, {cell(kOwner, owner)})}};
      const auto done = store->append(maker.make(draft), 0, 1, sync::Terms::LostGround);
      if (!done || done->has_value()) {
        ++failed;
        return;  // the next one would not follow on
      }
      written.push_back(row);
    }
  }
};

TEST_CASE("[T32] a cursor passes no commit that another connection has still to commit") {
  PostgresProcess* postgres = a_postgres();
  if (postgres == nullptr) return;
  const std::string url = postgres->make_database();
  SyncPair pair([url]() -> Result<std::unique_ptr<ServerTables>> {
    TRY_ASSIGN(auto tables, postgres::PostgresTables::open(url, bank(), SyncPair::kOrganisation));
    return std::unique_ptr<ServerTables>(std::move(tables));
  });
  std::vector<std::unique_ptr<FeedWriter>> writers;
  for (int i = 0; i < 8; ++i) writers.push_back(std::make_unique<FeedWriter>(pair));
  const auto reader = pair.enrol(pair.officer);
  sync::Client::Limits limits;
  limits.adapt = false;
  limits.groups_max = 3;
  reader->client->set_limits(limits);
  int failed = 0, syncs = 0;
  const auto end = SteadyClock::now() + feed_time();
  {
    std::vector<std::jthread> threads;
    for (const auto& each : writers) {
      threads.emplace_back([&each, end, owner = pair.officer] { each->write_until(end, owner); });
    }
    for (; SteadyClock::now() < end; ++syncs) failed += pair.exchange(*reader).ok() ? 0 : 1;
  }
  Result<sync::Progress> last = pair.exchange(*reader);
  while (last.ok() && last->more) last = pair.exchange(*reader);
  REQUIRE(last.ok());
  std::size_t written = 0, missed = 0;
  for (const auto& each : writers) {
    failed += each->failed;
    written += each->written.size();
    for (const RowId row : each->written) {
      missed += reader->replica->load(*bank().entity(kCustomer), row)->alive() ? 0 : 1;
    }
  }
  std::printf("%zu customers written, %d exchanges of the reader\n", written, syncs);
  CHECK(failed == 0);
  CHECK(missed == 0);
  CHECK(written >= 8);
  CHECK(syncs >= 2);
  CHECK(pair.store->verify_log());
}

}  // namespace
}  // namespace banyan::test
