#include <doctest/doctest.h>

#include "shared/changelog/fold.h"
#include "tests/support/sync_pair.h"

namespace banyan::test {
namespace {

constexpr std::int64_t kOneDayMs = std::int64_t{24} * 3600 * 1000;

const Entity& customer_of_bank() { return *bank().entity(kCustomer); }

Draft phone(RowId customer, const std::string& value) {
  return {customer, 0, {row_write(kCustomer, Op::Update, customer, {cell(kPhone, value)})}};
}

void commit(TestDevice& d, const Draft& draft) { REQUIRE(d.replica->write(draft)); }

Row at_server(SyncPair& pair) {
  return pair.store->load(customer_of_bank(), pair.customer).value();
}

sync::PushReport let_in(SyncPair& pair, const sync::ParkedBundle& parked) {
  sync::Server::Handled handled;
  return pair.server->let_in(parked, handled).value();
}

}  // namespace

TEST_CASE("the horizon follows what every active tablet has seen, and never goes back [I17]") {
  SyncPair pair;
  auto a = pair.enrol(pair.officer);
  const std::uint64_t joined = pair.store->head();
  auto b = pair.enrol(pair.analyst);
  REQUIRE(pair.sync(*a));
  for (int i = 0; i < 3; ++i) commit(*a, phone(pair.customer, "a" + std::to_string(i)));
  REQUIRE(pair.sync(*a));
  REQUIRE(pair.sync(*a));
  REQUIRE(pair.store->advance_horizon(0));
  CHECK(pair.store->horizon() == joined);  // b has joined, and has not been here
  REQUIRE(pair.sync(*b));
  REQUIRE(pair.sync(*b));  // a second contact says that the first round was taken
  REQUIRE(pair.store->advance_horizon(0));
  CHECK(pair.store->horizon() == joined + 3);

  // A tablet that comes later holds nothing back that it cannot have missed.
  auto c = pair.enrol(pair.colleague);
  commit(*a, phone(pair.customer, "late"));
  for (TestDevice* each : {a.get(), b.get(), a.get(), b.get()}) REQUIRE(pair.sync(*each));
  REQUIRE(pair.store->advance_horizon(0));
  CHECK(pair.store->horizon() == joined + 3);
  REQUIRE(pair.store->retire(c->id));
  REQUIRE(pair.store->advance_horizon(0));
  CHECK(pair.store->horizon() == joined + 4);
  pair.open_server();
  CHECK(pair.store->horizon() == joined + 4);
}

TEST_CASE("who changed what is kept for as long as the bank wants") {
  SyncPair pair;
  auto a = pair.enrol(pair.officer);
  REQUIRE(pair.sync(*a));
  commit(*a, phone(pair.customer, "1"));
  REQUIRE(pair.sync(*a));
  const std::uint64_t first = pair.store->head();
  pair.clock.advance_ms(10 * kOneDayMs);
  commit(*a, phone(pair.customer, "2"));
  REQUIRE(pair.sync(*a));
  REQUIRE(pair.sync(*a));
  REQUIRE(pair.store->advance_horizon(5 * kOneDayMs));
  CHECK(pair.store->horizon() == first);
  REQUIRE(pair.store->advance_horizon(20 * kOneDayMs));
  CHECK(pair.store->horizon() == first);
}

TEST_CASE(
    "compaction makes rows smaller on the server and changes nothing that is shown [I1] [I17]") {
  SyncPair pair;
  auto a = pair.enrol(pair.officer), b = pair.enrol(pair.analyst);
  REQUIRE(pair.sync(*a));
  for (int i = 0; i < 5; ++i) {
    commit(*a,
           {pair.customer,
            0,
            {row_write(kCustomer, Op::Update, pair.customer,
                       {cell(kPhone, "p" + std::to_string(i)), cell(kName, "n" + std::to_string(i)),
                        cell(kCount, std::int64_t{1})})}});
  }
  for (TestDevice* each : {a.get(), b.get(), a.get(), b.get()}) REQUIRE(pair.sync(*each));
  const Row before = at_server(pair);
  REQUIRE(pair.store->advance_horizon(0));
  ServerStore::RowPlace from;
  std::uint64_t looked_at = 0, changed = 0;
  do {
    const auto folded = pair.store->compact(from, 2);
    REQUIRE(folded);
    looked_at += folded->looked_at;
    changed += folded->changed;
  } while (from.entity != 0);
  CHECK(looked_at == 5);  // the branch, three of staff, the customer
  CHECK(changed == 1);
  const Row after = at_server(pair);
  CHECK(after.clock.cells.size() < before.clock.cells.size());
  CHECK(after.cells == before.cells);
  // Nothing of it is news.
  const auto again = pair.exchange(*a);
  REQUIRE(again);
  CHECK(again->aggregates == 0);
  // Concurrent edits that come after it are told apart as ever.
  commit(*a, phone(pair.customer, "from a"));
  commit(*b, phone(pair.customer, "from b"));
  for (TestDevice* each : {a.get(), b.get(), a.get()}) REQUIRE(pair.sync(*each));
  CHECK(pair.store->conflicts(9)->size() == 1);
  Row here = a->replica->load(customer_of_bank(), pair.customer).value();
  Row there = at_server(pair);
  hide_fields(there, customer_of_bank(), bank_parts::kEverybody);
  CHECK(here.cells == there.cells);
  CHECK(here.siblings == there.siblings);
}

TEST_CASE("a commit from below the horizon waits for a person, who lets it in [I17] [I12]") {
  SyncPair pair;
  auto old = pair.enrol(pair.officer);
  auto other = pair.enrol(pair.analyst);
  REQUIRE(pair.sync(*old));
  REQUIRE(pair.sync(*other));
  commit(*old, phone(pair.customer, "from long ago"));
  REQUIRE(pair.store->retire(old->id));  // it was thought lost
  for (int i = 0; i < 3; ++i) commit(*other, phone(pair.customer, "n" + std::to_string(i)));
  REQUIRE(pair.sync(*other));
  REQUIRE(pair.sync(*other));
  REQUIRE(pair.store->advance_horizon(0));
  const std::uint64_t head = pair.store->head();
  CHECK(pair.store->horizon() == head);
  ServerStore::RowPlace from;
  REQUIRE(pair.store->compact(from, 1000));

  CHECK(pair.sync(*old)->retired);
  CHECK(pair.store->head() == head);
  auto parked = pair.store->parked().value();
  REQUIRE(parked.size() == 1);
  CHECK(parked[0].reason == sync::ParkReason::RetiredDevice);
  CHECK(let_in(pair, parked[0]).status == sync::PushStatus::Ok);
  CHECK(pair.store->head() == head + 1);
  CHECK(pair.store->parked()->empty());
  // As having seen what is there: it replaces, and nobody is asked.
  CHECK(text_of(at_server(pair).cell(kPhone)) == "from long ago");
  CHECK(pair.store->conflicts(9)->empty());
  std::uint8_t flags = 0;
  REQUIRE(pair.store->read_log(head, 1, [&](const ServerStore::LogEntry& e) -> Status {
    flags = e.outcome.flags;
    CHECK(e.outcome.seen == head);
    return {};
  }));
  CHECK((flags & sync::kLetIn) != 0);
  CHECK(pair.store->verify_log());
}

TEST_CASE("a copy that was forgotten in a drawer is not merged blindly [I17] [I16]") {
  SyncPair pair;
  auto d = pair.enrol(pair.officer);
  REQUIRE(pair.sync(*d));
  TestDevice image(900);
  image.key = SigningKey(d->key.seed().duplicate());
  image.id = d->id;
  image.user = d->user;
  image.db = copy_of(*d->db);
  pair.reopen(image);
  // It extends the chain, but has seen what was there months ago.
  commit(image, phone(pair.customer, "from the drawer"));
  pair.decide(kCustomer, Op::Update, pair.customer, {cell(kNote, std::string("news"))});
  REQUIRE(pair.sync(*d));
  REQUIRE(pair.sync(*d));
  REQUIRE(pair.store->advance_horizon(0));
  CHECK(pair.store->horizon() == pair.store->head());
  const std::uint64_t head = pair.store->head();
  for (int i = 0; i < 5; ++i) static_cast<void>(pair.exchange(image).ok());
  CHECK(pair.store->head() == head);
  const auto parked = pair.store->parked().value();
  REQUIRE(parked.size() == 1);
  CHECK(parked[0].reason == sync::ParkReason::BelowHorizon);
  CHECK(image.replica->pending_count() == 1);  // kept there, too
  CHECK(let_in(pair, parked[0]).status == sync::PushStatus::Ok);
  CHECK(text_of(at_server(pair).cell(kPhone)) == "from the drawer");
}

TEST_CASE("work on a customer that moved away too long ago waits for a person") {
  SyncPair pair;
  auto d = pair.enrol(pair.officer);
  REQUIRE(pair.sync(*d));
  commit(*d, phone(pair.customer, "x"));
  pair.decide(kCustomer, Op::Update, pair.customer, {cell(kOwner, pair.colleague)});
  std::int64_t days = 44;
  SUBCASE("but not a day sooner") {}
  SUBCASE("than the bank wants") { days = 46; }
  pair.clock.advance_ms(days * kOneDayMs);
  REQUIRE(pair.sync(*d));
  const auto parked = pair.store->parked().value();
  REQUIRE(parked.size() == (days == 46 ? 1 : 0));
  if (parked.empty()) {
    CHECK(text_of(at_server(pair).cell(kPhone)) == "x");
    return;
  }
  CHECK(parked[0].reason == sync::ParkReason::TooLate);
  CHECK(text_of(at_server(pair).cell(kPhone)) == "1");
  CHECK(let_in(pair, parked[0]).status == sync::PushStatus::Ok);
  CHECK(text_of(at_server(pair).cell(kPhone)) == "x");
  REQUIRE(pair.sync(*d));
  CHECK(d->replica->pending_count() == 0);
}

TEST_CASE("a tablet that is behind the horizon reads everything anew") {
  SyncPair pair;
  auto d = pair.enrol(pair.officer);
  REQUIRE(pair.sync(*d));
  auto image = copy_of(*d->db);
  for (int i = 0; i < 3; ++i) commit(*d, phone(pair.customer, std::to_string(i)));
  REQUIRE(pair.sync(*d));
  REQUIRE(pair.sync(*d));
  REQUIRE(pair.store->advance_horizon(0));
  d->client.reset();
  d->replica.reset();
  d->db = std::move(image);
  pair.reopen(*d);
  bool reset = false;
  for (int i = 0; i < 20; ++i) {
    const auto progress = pair.exchange(*d);
    REQUIRE(progress);
    reset = reset || progress->was_reset;
    if (!progress->more) break;
  }
  CHECK(reset);
  CHECK(text_of(d->replica->load(customer_of_bank(), pair.customer)->cell(kPhone)) == "2");
}

}  // namespace banyan::test
