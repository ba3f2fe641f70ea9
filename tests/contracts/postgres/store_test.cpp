#include <cstdio>

#include "sync-server/postgres/postgres_tables.h"
#include "tests/contracts/change_store_contract.h"
#include "tests/contracts/postgres/a_postgres.h"

namespace banyan::test {

PostgresProcess* a_postgres() {
  if (!PostgresProcess::programs()) {
    std::printf("skipped: no PostgreSQL on this machine; third_party/install test brings it\n");
    return nullptr;
  }
  // These tests ask what a crash of a server process leaves, not what a power failure does.
  static PostgresProcess process({"fsync=off"});
  REQUIRE_MESSAGE(process.ready(), process.output());
  return &process;
}

namespace {

OpenTables tables_at(const std::string& url) {
  return [url]() -> Result<std::unique_ptr<ServerTables>> {
    TRY_ASSIGN(auto tables, postgres::PostgresTables::open(url, bank(), SyncPair::kOrganisation));
    return std::unique_ptr<ServerTables>(std::move(tables));
  };
}

}  // namespace

TEST_CASE("the server's store over PostgreSQL keeps its contract") {
  PostgresProcess* postgres = a_postgres();
  if (postgres == nullptr) return;
  for_each_promise([&](const ChangeStorePromise& promise) {
    CAPTURE(std::string(promise.promise));
    SyncPair pair(tables_at(postgres->make_database()));
    const Status kept = promise.check(pair);
    CHECK_MESSAGE(kept.ok(), (kept.ok() ? "" : kept.error().detail));
  });
}

}  // namespace banyan::test
