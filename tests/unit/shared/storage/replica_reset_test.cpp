#include <doctest/doctest.h>

#include "shared/changelog/codec.h"
#include "tests/support/sync_pair.h"

namespace banyan::test {
namespace {

const Entity& customer_kind() { return *bank().entity(kCustomer); }

Draft change(RowId customer, std::vector<CellWrite> cells) {
  return {customer, 0, {row_write(kCustomer, Op::Update, customer, std::move(cells))}};
}

RowId add_customer(TestDevice& d) {
  const RowId id = d.replica->mint();
  const RowWrite write =
      row_write(kCustomer, Op::Insert, id, {cell(kName, std::string("new")), cell(kOwner, d.user)});
  REQUIRE(d.replica->write({id, 0, {write}}));
  return id;
}

}  // namespace

TEST_CASE("while a restored server is read anew, nobody is left without customers [T58]") {
  SyncPair pair;
  auto officer = pair.enrol(pair.officer);
  auto analyst = pair.enrol(pair.analyst);
  REQUIRE(pair.sync(*officer));
  REQUIRE(pair.sync(*analyst));
  auto backup = copy_of(*pair.server_db);
  const RowId mine = add_customer(*officer);
  REQUIRE(pair.sync(*officer));
  REQUIRE(pair.sync(*analyst));
  pair.restore(*backup);
  pair.page_by_page(*analyst);
  while (!pair.exchange(*analyst)->was_reset) {
  }
  CHECK(analyst->replica->load(customer_kind(), mine)->alive());
  CHECK(analyst->replica->load(customer_kind(), pair.customer)->alive());
  pair.reopen(*analyst);  // and the line breaks: what is stale is known after a start, too
  pair.page_by_page(*analyst);
  CHECK(analyst->replica->load(customer_kind(), mine)->alive());
  // What was written meanwhile says what its author had seen: the log of before.
  const auto before = analyst->replica->standing();
  REQUIRE(analyst->replica->write(change(pair.customer, {cell(kRisk, std::int64_t{5})})));
  const auto own = analyst->replica->own_after(0, 1U << 20).value();
  const auto commit = decode_commit(own.back().body);
  CHECK(commit->epoch != before.epoch);
  CHECK(commit->seen > 0);
  REQUIRE(pair.sync(*analyst));
  CHECK_FALSE(
      analyst->replica->load(customer_kind(), mine)->exists);  // the server has yet to get it
  CHECK(int_of(analyst->replica->load(customer_kind(), pair.customer)->cell(kRisk)) == 5);
  REQUIRE(pair.sync(*officer));
  CHECK(officer->replica->load(customer_kind(), mine)->alive());
  REQUIRE(pair.sync(*analyst));
  CHECK(analyst->replica->load(customer_kind(), mine)->alive());
  CHECK(analyst->replica->pending_count() == 0);
}

TEST_CASE("the first commits of a device have seen what stood in the log when it joined [I17]") {
  SyncPair pair;
  const std::uint64_t joined = pair.store->head();
  auto d = pair.enrol(pair.officer);
  add_customer(*d);
  REQUIRE(pair.sync(*d));
  std::uint64_t seen = 0;
  REQUIRE(pair.store->read_log(joined, 1, [&](const ServerStore::LogEntry& e) -> Status {
    seen = e.commit.seen;
    return {};
  }));
  CHECK(seen == joined);
}

}  // namespace banyan::test
