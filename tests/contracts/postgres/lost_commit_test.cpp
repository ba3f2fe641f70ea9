// The connection to PostgreSQL dies at a COMMIT: whoever asked cannot know whether it is done.
#include "sync-server/postgres/postgres_tables.h"
#include "tests/contracts/change_store_steps.h"
#include "tests/contracts/postgres/a_postgres.h"
#include "tests/contracts/postgres/cutting_proxy.h"

namespace banyan::test {
namespace {

TEST_CASE("[T33] 300 times the connection dies at COMMIT, and asking again changes nothing more") {
  PostgresProcess* postgres = a_postgres();
  if (postgres == nullptr) return;
  using Cut = CuttingProxy::Cut;
  CuttingProxy proxy(postgres->port());
  const std::string url = proxy.through(postgres->make_database());
  SyncPair pair([url]() -> Result<std::unique_ptr<ServerTables>> {
    TRY_ASSIGN(auto tables, postgres::PostgresTables::open(url, bank(), SyncPair::kOrganisation));
    return std::unique_ptr<ServerTables>(std::move(tables));
  });
  const auto d = pair.enrol(pair.officer);
  REQUIRE(pair.sync(*d));
  const std::uint64_t head = pair.store->head();
  std::int64_t written = 0;
  for (int i = 0; i < 300; ++i) {
    CAPTURE(i);
    for (int n = 0; n <= i % 3; ++n, ++written) REQUIRE(d->replica->write(count_up(pair)));
    const auto request = pair.ask(*d);
    REQUIRE(request);
    // Three of four are done and nobody is told; of the fourth the database never hears.
    proxy.cut_next(i % 4 == 3 ? Cut::Before : Cut::After);
    const auto lost = pair.serve(*request);
    REQUIRE(!lost);
    REQUIRE(lost.error().code == ErrorCode::Unavailable);
    REQUIRE(proxy.cuts() == i + 1);
    if (i % 2 == 0) {  // the same bytes once more, as a carrier or a balancer brings them
      const auto again = pair.serve(*request);
      REQUIRE(again);
      REQUIRE(d->client->handle_reply(*again));
    } else {
      REQUIRE(pair.exchange(*d));
    }
    REQUIRE(d->replica->pending_count() == 0);
    REQUIRE(pair.store->head() == head + static_cast<std::uint64_t>(written));
  }
  CHECK(counted(*pair.store, pair.customer) == written);
  CHECK(pair.store->device(d->id)->head == static_cast<std::uint64_t>(written));
  const auto checked = pair.store->verify_log();
  REQUIRE(checked);
  CHECK(checked->commits == head + static_cast<std::uint64_t>(written));
}

}  // namespace
}  // namespace banyan::test
