#include "shared/storage/replica.h"

#include <doctest/doctest.h>

#include "shared/changelog/codec.h"
#include "tests/support/sync_pair.h"

namespace banyan::test {
namespace {

const Entity& customers() { return *bank().entity(kCustomer); }

Draft update(RowId customer, std::vector<CellWrite> cells) {
  return {customer, 0, {row_write(kCustomer, Op::Update, customer, std::move(cells))}};
}

// A customer of the officer whose tablet this is; only that tablet has it so far.
RowId new_customer(TestDevice& d) {
  const RowId id = d.replica->mint();
  const RowWrite write =
      row_write(kCustomer, Op::Insert, id, {cell(kName, std::string("new")), cell(kOwner, d.user)});
  REQUIRE(d.replica->write({id, 0, {write}}));
  return id;
}

std::int64_t count_of(Replica& replica, RowId customer) {
  return int_of(replica.load(customers(), customer).value().cell(kCount));
}

std::int64_t lines(TestDevice& d, const char* sql) { return d.db->query_int(sql).value(); }

}  // namespace

TEST_CASE("a write is there after a restart, with its commit and its place in the chain") {
  SyncPair pair;
  auto d = pair.enrol(pair.officer);
  REQUIRE(pair.sync(*d));
  const auto written = d->replica->write(update(pair.customer, {cell(kName, std::string("Wu"))}));
  REQUIRE(written);
  CHECK(written->dseq == 1);
  const Hash256 hash = d->replica->chain_hash(1).value();

  pair.reopen(*d);
  CHECK(text_of(d->replica->load(customers(), pair.customer)->cell(kName)) == "Wu");
  CHECK(d->replica->chain_hash(1).value() == hash);
  CHECK(d->replica->pending_count() == 1);
  CHECK(d->replica->write(update(pair.customer, {cell(kName, std::string("Xu"))}))->dseq == 2);
}

TEST_CASE("what the catalogue or the rows refuse leaves nothing behind") {
  SyncPair pair;
  auto d = pair.enrol(pair.officer);
  REQUIRE(pair.sync(*d));
  const RowId nobody{12345};
  const Draft bad[] = {
      update(pair.customer, {cell(99, std::int64_t{1})}),                   // no such field
      update(pair.customer, {cell(kName, std::int64_t{1})}),                // wrong type
      update(pair.customer, {cell(kLevel, std::int64_t{1})}),               // the server's
      update(pair.customer, {cell(kOwner, pair.colleague)}),                // decided by the server
      update(nobody, {cell(kName, std::string("x"))}),                      // not there
      {pair.customer, 0, {row_write(77, Op::Insert, d->replica->mint())}},  // no such entity
      {pair.customer, 0, {}},                                               // nothing
  };
  for (const Draft& draft : bad) {
    const auto written = d->replica->write(draft);
    REQUIRE(!written);
    CHECK(written.error().code == ErrorCode::Invalid);
  }
  // One bad draft undoes the good one before it.
  const Draft both[] = {update(pair.customer, {cell(kName, std::string("Wu"))}), bad[0]};
  CHECK(!d->replica->write(both));
  CHECK(text_of(d->replica->load(customers(), pair.customer)->cell(kName)) == "Lin");
  CHECK(d->replica->pending_count() == 0);
  CHECK(lines(*d, "SELECT count(*) FROM own") == 0);
  CHECK(d->replica->waiting().empty());
  CHECK(d->db->autocommit());
}

TEST_CASE("cells written twice in one draft are written once") {
  SyncPair pair;
  auto d = pair.enrol(pair.officer);
  REQUIRE(pair.sync(*d));
  Draft draft =
      update(pair.customer, {cell(kName, std::string("A")), cell(kCount, std::int64_t{2})});
  draft.rows.push_back(row_write(kCustomer, Op::Update, pair.customer,
                                 {cell(kName, std::string("B")), cell(kCount, std::int64_t{3})}));
  draft.rows.push_back(
      row_write(kCustomer, Op::Add, pair.customer, {cell(kTags, std::int64_t{1})}));
  draft.rows.push_back(
      row_write(kCustomer, Op::Remove, pair.customer, {cell(kTags, std::int64_t{1})}));
  draft.rows.push_back(
      row_write(kCustomer, Op::Add, pair.customer, {cell(kTags, std::int64_t{2})}));
  REQUIRE(d->replica->write(draft));
  const Commit commit = decode_commit(d->replica->own_after(0, 1)->front().body).value();
  REQUIRE(commit.rows.size() == 3);
  CHECK(commit.rows[0].cells.size() == 2);
  CHECK(count_of(*d->replica, pair.customer) == 5);
  CHECK(text_of(d->replica->load(customers(), pair.customer)->cell(kName)) == "B");
  REQUIRE(pair.sync(*d));
  CHECK(pair.store->load(customers(), pair.customer).value() == [&] {
    Row row = d->replica->load(customers(), pair.customer).value();
    row.set_cell(kRisk, std::int64_t{7});  // which this device may not see
    return row;
  }());
}

TEST_CASE("a counter is counted once, whatever part of a round has arrived [I5]") {
  SyncPair pair;
  auto d = pair.enrol(pair.officer);
  REQUIRE(pair.sync(*d));
  for (int i = 0; i < 4; ++i) {  // so that the next round needs several pages
    pair.create(kCustomer, {cell(kName, std::string("n")), cell(kOwner, pair.officer)});
  }
  REQUIRE(d->replica->write(update(pair.customer, {cell(kCount, std::int64_t{5})})));
  pair.page_by_page(*d);
  bool partial = false;
  for (int i = 0; i < 20; ++i) {
    const auto progress = pair.exchange(*d);
    REQUIRE(progress);
    partial |= !progress->complete;
    CHECK(count_of(*d->replica, pair.customer) == 5);
    if (i == 2) REQUIRE(d->replica->write(update(pair.customer, {cell(kCount, std::int64_t{2})})));
    if (i == 2) break;
  }
  CHECK(partial);
  REQUIRE(pair.sync(*d));
  CHECK(count_of(*d->replica, pair.customer) == 7);
  CHECK(int_of(pair.store->load(customers(), pair.customer)->cell(kCount)) == 7);
  CHECK(d->replica->waiting().empty());
}

TEST_CASE("a dropped aggregate stays until what was written on it has arrived [T58]") {
  SyncPair pair;
  auto d = pair.enrol(pair.officer);
  REQUIRE(pair.sync(*d));
  REQUIRE(d->replica->write(update(pair.customer, {cell(kName, std::string("late"))})));
  pair.decide(kCustomer, Op::Update, pair.customer, {cell(kOwner, pair.colleague)});

  // The reply is made before the bundle arrives: a request without bundles.
  auto fresh = std::make_unique<sync::Client>(*d->replica, d->key, pair.organisation_key(),
                                              pair.clock, d->random);
  Bytes request = fresh->make_request().value();  // no challenge yet, so nothing is pushed
  REQUIRE(fresh->handle_reply(pair.serve(request).value()));
  sync::Client::Limits none;
  none.push_bytes = 0;
  CHECK(d->replica->load(customers(), pair.customer)->exists);

  REQUIRE(pair.sync(*d));
  CHECK(!d->replica->load(customers(), pair.customer)->exists);
  CHECK(d->replica->pending_count() == 0);
  CHECK(text_of(pair.store->load(customers(), pair.customer)->cell(kName)) == "late");
  const auto outcomes = d->replica->outcomes(true, 10).value();
  REQUIRE(outcomes.size() == 1);
  CHECK((outcomes[0].flags & sync::kLate) != 0);
  REQUIRE(d->replica->mark_outcomes_shown(outcomes[0].dseq));
  CHECK(d->replica->outcomes(true, 10)->empty());
  CHECK(d->replica->outcomes(false, 10)->size() == 1);
}

TEST_CASE("what was created before its author lost his role is taken, and comes late [I12]") {
  SyncPair pair;
  auto d = pair.enrol(pair.officer);
  REQUIRE(pair.sync(*d));
  const RowId id = new_customer(*d);
  REQUIRE(d->replica->write(update(id, {cell(kNote, std::string("met at the market"))})));
  pair.decide(kStaff, Op::Delete, pair.officer, {});

  REQUIRE(pair.sync(*d));
  const Row row = pair.store->load(customers(), id).value();
  REQUIRE(row.exists);
  CHECK(text_of(row.cell(kNote)) == "met at the market");
  std::vector<bool> late;
  REQUIRE(pair.store->read_log(0, 100, [&](const ServerStore::LogEntry& entry) -> Status {
    if (entry.device == d->id) late.push_back((entry.outcome.flags & sync::kLate) != 0);
    return {};
  }));
  CHECK(late == std::vector<bool>{true, true});
}

TEST_CASE("writing on an aggregate that is about to go is refused") {
  SyncPair pair;
  auto d = pair.enrol(pair.officer);
  auto other = pair.enrol(pair.colleague);
  REQUIRE(pair.sync(*d));
  pair.decide(kCustomer, Op::Update, pair.customer, {cell(kOwner, pair.colleague)});
  REQUIRE(pair.sync(*d));
  const auto written = d->replica->write(update(pair.customer, {cell(kName, std::string("x"))}));
  REQUIRE(!written);
  REQUIRE(pair.sync(*other));
  CHECK(other->replica->load(customers(), pair.customer)->exists);
}

TEST_CASE("an aggregate that comes back replaces what was kept of it") {
  SyncPair pair;
  auto d = pair.enrol(pair.officer);
  REQUIRE(pair.sync(*d));
  pair.decide(kCustomer, Op::Update, pair.customer, {cell(kOwner, pair.colleague)});
  pair.decide(kCustomer, Op::Update, pair.customer, {cell(kName, std::string("away"))});
  pair.decide(kCustomer, Op::Update, pair.customer, {cell(kOwner, pair.officer)});
  REQUIRE(pair.sync(*d));
  CHECK(text_of(d->replica->load(customers(), pair.customer)->cell(kName)) == "away");
}

TEST_CASE("fields outside the reader's mask never arrive [I4] [R143]") {
  SyncPair pair;
  auto officer = pair.enrol(pair.officer);
  auto analyst = pair.enrol(pair.analyst);
  REQUIRE(pair.sync(*officer));
  REQUIRE(pair.sync(*analyst));
  const Row seen = officer->replica->load(customers(), pair.customer).value();
  CHECK(is_null(seen.cell(kRisk)));
  CHECK(int_of(analyst->replica->load(customers(), pair.customer)->cell(kRisk)) == 7);
  pair.decide(kCustomer, Op::Update, pair.customer, {cell(kRisk, std::int64_t{9})});
  REQUIRE(pair.sync(*officer));
  CHECK(officer->replica->load(customers(), pair.customer).value() == seen);
}

TEST_CASE("a rejected write does not stay on the screen") {
  SyncPair pair;
  auto d = pair.enrol(pair.officer);
  REQUIRE(pair.sync(*d));
  // The role loses the right to write while the device is away: he becomes a teller elsewhere.
  REQUIRE(d->replica->write({pair.customer,
                             static_cast<std::uint64_t>(number(pair.colleague)),  // not himself
                             update(pair.customer, {cell(kName, std::string("no"))}).rows}));
  CHECK(text_of(d->replica->load(customers(), pair.customer)->cell(kName)) == "no");
  REQUIRE(pair.sync(*d));
  CHECK(text_of(d->replica->load(customers(), pair.customer)->cell(kName)) == "Lin");
  const auto outcomes = d->replica->outcomes(true, 10).value();
  REQUIRE(outcomes.size() == 1);
  CHECK(outcomes[0].outcome == Outcome::NoAccess);
  CHECK(outcomes[0].row == pair.customer);
}

TEST_CASE("a restored server gets everything again, and nothing is lost [T58] [I2]") {
  SyncPair pair;
  auto officer = pair.enrol(pair.officer);
  auto analyst = pair.enrol(pair.analyst);
  REQUIRE(pair.sync(*officer));
  REQUIRE(pair.sync(*analyst));
  auto backup = copy_of(*pair.server_db);
  const std::uint64_t kept = pair.store->head();
  const RowId mine = new_customer(*officer);
  REQUIRE(officer->replica->write(update(pair.customer, {cell(kCount, std::int64_t{3})})));
  REQUIRE(pair.sync(*officer));
  REQUIRE(analyst->replica->write(update(pair.customer, {cell(kRisk, std::int64_t{1})})));
  REQUIRE(pair.sync(*analyst));
  CHECK(officer->replica->pending_count() == 0);
  CHECK(pair.store->head() == kept + 3);

  pair.restore(*backup);
  CHECK(pair.store->head() == kept);
  REQUIRE(pair.sync(*officer));
  REQUIRE(pair.sync(*analyst));
  REQUIRE(pair.sync(*officer));
  CHECK(pair.store->head() == kept + 3);
  CHECK(pair.store->load(customers(), mine)->alive());
  CHECK(int_of(pair.store->load(customers(), pair.customer)->cell(kCount)) == 3);
  CHECK(int_of(pair.store->load(customers(), pair.customer)->cell(kRisk)) == 1);
  CHECK(count_of(*officer->replica, pair.customer) == 3);
  CHECK(pair.store->verify_log());
}

TEST_CASE("after a restore, work on a row waits for the device that has the row [T58] [I2]") {
  SyncPair pair;
  auto officer = pair.enrol(pair.officer);
  auto analyst = pair.enrol(pair.analyst);
  REQUIRE(pair.sync(*officer));
  REQUIRE(pair.sync(*analyst));
  auto backup = copy_of(*pair.server_db);
  const RowId mine = new_customer(*officer);
  REQUIRE(pair.sync(*officer));
  REQUIRE(pair.sync(*analyst));
  REQUIRE(analyst->replica->write(update(mine, {cell(kRisk, std::int64_t{3})})));
  REQUIRE(pair.sync(*analyst));
  CHECK(int_of(pair.store->load(customers(), mine)->cell(kRisk)) == 3);

  pair.clock.advance_ms(60'000);
  pair.restore(*backup);
  SUBCASE("and is taken when it is back, by itself") {
    REQUIRE(pair.sync(*analyst));  // comes first: the server does not know the row
    CHECK_FALSE(pair.store->load(customers(), mine)->exists);
    CHECK(analyst->replica->pending_count() == 1);
    REQUIRE(pair.store->parked()->size() == 1);
    CHECK(pair.store->parked()->front().reason == sync::ParkReason::AfterRestore);
    REQUIRE(pair.sync(*officer));
    CHECK(int_of(pair.store->load(customers(), mine)->cell(kRisk)) == 3);
    CHECK(pair.store->parked()->empty());
    REQUIRE(pair.sync(*analyst));
    CHECK(analyst->replica->pending_count() == 0);
  }
  SUBCASE("but not longer than two weeks") {
    REQUIRE(pair.sync(*analyst));
    pair.clock.advance_ms(std::int64_t{15} * 24 * 3600 * 1000);
    REQUIRE(pair.sync(*analyst));
    CHECK(analyst->replica->pending_count() == 0);
    const auto outcomes = analyst->replica->outcomes(true, 10).value();
    REQUIRE(outcomes.size() == 1);
    CHECK(outcomes[0].outcome == Outcome::NoRow);
  }
  SUBCASE("nor for a device that was retired") {
    REQUIRE(pair.store->retire(officer->id));
    REQUIRE(pair.sync(*analyst));
    CHECK(analyst->replica->pending_count() == 0);
  }
  CHECK(pair.store->verify_log());
}

TEST_CASE("own commits are kept until a backup holds them, and the four states say so") {
  SyncPair pair;
  auto d = pair.enrol(pair.officer);
  REQUIRE(pair.sync(*d));
  for (int i = 0; i < 3; ++i) {
    REQUIRE(d->replica->write(update(pair.customer, {cell(kCount, std::int64_t{1})})));
  }
  CHECK(d->replica->state_of(3) == SaveState::Saved);
  CHECK(d->replica->state_of(customers(), pair.customer).value() == SaveState::Saved);
  REQUIRE(pair.ask(*d));  // nobody hears it
  CHECK(d->replica->state_of(3) == SaveState::Saved);
  REQUIRE(d->replica->mark_sent(2));
  CHECK(d->replica->state_of(2) == SaveState::Sent);
  CHECK(d->replica->state_of(3) == SaveState::Saved);
  pair.reopen(*d);
  CHECK(d->replica->state_of(2) == SaveState::Sent);
  CHECK(d->replica->state_of(3) == SaveState::Saved);
  REQUIRE(pair.sync(*d));
  CHECK(d->replica->state_of(3) == SaveState::Received);
  CHECK(d->replica->state_of(customers(), pair.customer).value() == SaveState::Received);
  CHECK(d->replica->outbox(0, 10)->size() == 3);

  REQUIRE(pair.store->set_stable(pair.store->head()));
  REQUIRE(pair.sync(*d));
  CHECK(d->replica->state_of(3) == SaveState::Safe);
  CHECK(d->replica->state_of(customers(), pair.customer).value() == SaveState::Safe);
  CHECK(lines(*d, "SELECT count(*) FROM own") == 1);  // the newest: its hash is needed
  pair.reopen(*d);
  CHECK(d->replica->state_of(3) == SaveState::Safe);
  REQUIRE(d->replica->write(update(pair.customer, {cell(kCount, std::int64_t{1})})));
  REQUIRE(pair.sync(*d));
  CHECK(count_of(*d->replica, pair.customer) == 4);
}

TEST_CASE("a device that lost its newest commits gets them back from the server") {
  SyncPair pair;
  auto d = pair.enrol(pair.officer);
  REQUIRE(pair.sync(*d));
  auto old_disk = copy_of(*d->db);
  REQUIRE(d->replica->write(update(pair.customer, {cell(kCount, std::int64_t{4})})));
  REQUIRE(pair.sync(*d));
  d->client.reset();
  d->replica.reset();
  d->db = copy_of(*old_disk);
  pair.reopen(*d);
  CHECK(count_of(*d->replica, pair.customer) == 0);
  REQUIRE(pair.sync(*d));
  CHECK(count_of(*d->replica, pair.customer) == 4);
  CHECK(d->replica->write(update(pair.customer, {cell(kCount, std::int64_t{1})}))->dseq == 2);
  const auto progress = pair.sync(*d);
  REQUIRE(progress);
  CHECK(!progress->forked);
  CHECK(int_of(pair.store->load(customers(), pair.customer)->cell(kCount)) == 5);
}

TEST_CASE("a cloned device is found out, stops pushing and loses nothing") {
  SyncPair pair;
  auto d = pair.enrol(pair.officer);
  REQUIRE(pair.sync(*d));
  auto clone_disk = copy_of(*d->db);
  REQUIRE(d->replica->write(update(pair.customer, {cell(kName, std::string("first"))})));
  REQUIRE(pair.sync(*d));
  d->client.reset();
  d->replica.reset();
  d->db = std::move(clone_disk);
  pair.reopen(*d);
  REQUIRE(d->replica->write(update(pair.customer, {cell(kNote, std::string("second"))})));
  const auto progress = pair.sync(*d);
  REQUIRE(progress);
  CHECK(progress->forked);
  CHECK(d->replica->standing().forked);
  CHECK(d->replica->pending_count() == 1);
  const Row row = d->replica->load(customers(), pair.customer).value();
  CHECK(text_of(row.cell(kNote)) == "second");  // still pending, still shown
}

TEST_CASE("concurrent values of a guarded field are kept, and a later write settles them [I8]") {
  SyncPair pair;
  auto a = pair.enrol(pair.officer);
  auto b = pair.enrol(pair.analyst);
  REQUIRE(pair.sync(*a));
  REQUIRE(pair.sync(*b));
  REQUIRE(a->replica->write(update(pair.customer, {cell(kPhone, std::string("139"))})));
  REQUIRE(b->replica->write(update(pair.customer, {cell(kPhone, std::string("138"))})));
  REQUIRE(pair.sync(*a));
  REQUIRE(pair.sync(*b));
  REQUIRE(pair.sync(*a));
  const auto conflicts = a->replica->conflicts(10).value();
  REQUIRE(conflicts.size() == 1);
  CHECK(conflicts[0].values.size() == 2);
  CHECK(pair.store->conflicts(10)->size() == 1);
  REQUIRE(a->replica->write(update(pair.customer, {cell(kPhone, std::string("138"))})));
  CHECK(a->replica->conflicts(10)->empty());
  REQUIRE(pair.sync(*a));
  REQUIRE(pair.sync(*b));
  CHECK(b->replica->conflicts(10)->empty());
  CHECK(pair.store->conflicts(10)->empty());
}

namespace {

class Recorder final : public ReplicaListener {
 public:
  Status rows_changed(std::span<const Touched> rows) override {
    for (const Touched& t : rows) touched.push_back(t);
    return refuse ? Status(fail(ErrorCode::StorageFull, "index")) : Status{};
  }
  std::vector<Touched> touched;
  bool refuse = false;
};

}  // namespace

TEST_CASE("a listener hears of every row inside the transaction, and its error undoes it") {
  SyncPair pair;
  auto d = pair.enrol(pair.officer);
  Recorder recorder;
  d->replica->set_listener(&recorder);
  REQUIRE(pair.sync(*d));
  CHECK(recorder.touched.size() == 5);  // the branch, three of staff, the customer
  recorder.touched.clear();
  recorder.refuse = true;
  CHECK(!d->replica->write(update(pair.customer, {cell(kName, std::string("x"))})));
  CHECK(d->replica->pending_count() == 0);
  CHECK(text_of(d->replica->load(customers(), pair.customer)->cell(kName)) == "Lin");
  recorder.refuse = false;
  recorder.touched.clear();
  REQUIRE(d->replica->write(update(pair.customer, {cell(kName, std::string("x"))})));
  REQUIRE(recorder.touched.size() == 1);
  CHECK(recorder.touched[0].row == pair.customer);
  d->replica->set_listener(nullptr);
}

TEST_CASE("a database of another device is refused") {
  SyncPair pair;
  auto d = pair.enrol(pair.officer);
  const auto other =
      Replica::open(*d->db, bank(), {DeviceId{99}, d->user, 9}, pair.clock, d->random);
  REQUIRE(!other);
  CHECK(other.error().code == ErrorCode::Refused);
}

}  // namespace banyan::test
