// What waits at a server that was put back from a backup, and how long.
#include <doctest/doctest.h>

#include "tests/support/sync_pair.h"

namespace banyan::test {
namespace {

const Entity& contacts() { return *bank().entity(kContact); }
const Entity& customer_entity_of_bank() { return *bank().entity(kCustomer); }

Draft in_customer(RowId customer, RowWrite write) { return {customer, 0, {std::move(write)}}; }

std::int64_t count_shown(TestDevice& d, RowId customer) {
  return int_of(d.replica->load(customer_entity_of_bank(), customer)->cell(kCount));
}

// The little bank one upgrade later.
const Catalogue& bank_of_tomorrow() {
  static const Catalogue made = [] {
    using namespace bank_parts;
    CatalogueBuilder builder;
    builder.add(staff()).add(branch()).add(customer()).add(visit()).add(contact());
    builder.add(loan()).add(tie());
    builder.add(role("officer", kEverybody, "own", true));
    builder.add(role("teller", kEverybody, "branch", false));
    builder.add(role("headquarters", kEverybody | kInside, "all", true));
    return builder.build(8);
  }();
  return made;
}

void write_contact(const SyncPair& pair, TestDevice& device, Op op, RowId contact,
                   const char* name) {
  REQUIRE(device.replica->write(in_customer(
      pair.customer, row_write(kContact, op, contact, {cell(kName, std::string(name))}))));
}

// A contact that one made, the restore took away, and the other has worked on.
struct LostContact {
  explicit LostContact(bool officer_made_it)
      : officer(pair.enrol(pair.officer)), analyst(pair.enrol(pair.analyst)) {
    TestDevice& maker = officer_made_it ? *officer : *analyst;
    TestDevice& other = officer_made_it ? *analyst : *officer;
    REQUIRE(pair.sync(maker));
    auto backup = copy_of(*pair.server_db);
    contact = maker.replica->mint();
    write_contact(pair, maker, Op::Insert, contact, "Sun");
    REQUIRE(pair.serve(*pair.ask(maker)));  // the answer is lost on its way
    REQUIRE(pair.sync(other));
    write_contact(pair, other, Op::Update, contact, "Song");
    pair.restore(*backup);
  }
  SyncPair pair;
  RowId contact{};
  std::unique_ptr<TestDevice> officer, analyst;
};

// As an operator retires it: what it still sends waits for a person.
void retire(LostContact& c, TestDevice& device) {
  REQUIRE(c.pair.store->retire(device.id));
  REQUIRE(c.pair.serve(*c.pair.ask(device)).ok());
}

sync::PushStatus ask_person(SyncPair& pair, const TestDevice& device) {
  const auto parked = pair.store->parked();
  for (const sync::ParkedBundle& each : *parked) {
    if (each.device != device.id) continue;
    sync::Server::Handled handled;
    return pair.server->let_in(each, handled)->status;
  }
  FAIL("nothing waits");
  return {};
}

}  // namespace

TEST_CASE("what comes back from a server where it waits is shown like any own write [I10]") {
  LostContact c(false);
  REQUIRE(c.pair.sync(*c.officer));
  REQUIRE(c.pair.store->parked()->size() == 1);  // it waits for the analyst's tablet
  auto old_disk = copy_of(*c.officer->db);
  REQUIRE(c.officer->replica->write(in_customer(
      c.pair.customer,
      row_write(kCustomer, Op::Update, c.pair.customer, {cell(kCount, std::int64_t{4})}))));
  REQUIRE(c.pair.sync(*c.officer));
  REQUIRE(c.pair.store->parked()->size() == 2);
  c.officer->client.reset();
  c.officer->replica.reset();
  c.officer->db = copy_of(*old_disk);
  c.pair.reopen(*c.officer);
  CHECK(count_shown(*c.officer, c.pair.customer) == 0);
  REQUIRE(c.pair.sync(*c.officer));
  CHECK(c.officer->replica->pending_count() == 2);
  CHECK(count_shown(*c.officer, c.pair.customer) == 4);
  REQUIRE(c.pair.sync(*c.analyst));
  REQUIRE(c.pair.sync(*c.officer));
  CHECK(count_shown(*c.officer, c.pair.customer) == 4);
  CHECK(int_of(c.pair.store->load(customer_entity_of_bank(), c.pair.customer)->cell(kCount)) == 4);
  CHECK(text_of(c.pair.store->load(contacts(), c.contact)->cell(kName)) == "Song");
}

TEST_CASE("a row that waits for a newer catalogue is on its way back, too [I2]") {
  LostContact c(true);
  // The officer's app is newer than the server by now.
  TestDevice& d = *c.officer;
  d.client.reset();
  d.replica.reset();
  auto opened =
      Replica::open(*d.db, bank_of_tomorrow(), {d.id, d.user, SyncPair::kOrganisation, d.joined},
                    c.pair.clock, d.random);
  REQUIRE(opened);
  d.replica = std::move(opened).value();
  d.client = std::make_unique<sync::Client>(*d.replica, d.key, c.pair.organisation_key(),
                                            c.pair.clock, d.random);
  // With the contact goes what was written under tomorrow's packs.
  REQUIRE(d.replica->write(in_customer(
      c.pair.customer,
      row_write(kCustomer, Op::Update, c.pair.customer, {cell(kCount, std::int64_t{1})}))));
  REQUIRE(c.pair.sync(*c.analyst));
  REQUIRE(c.pair.sync(d));
  REQUIRE(c.pair.store->parked()->size() == 2);
  REQUIRE(c.pair.sync(*c.analyst));
  CHECK(c.analyst->replica->pending_count() == 1);
  REQUIRE(c.pair.sync(d));  // one commit a bundle: the older one is known to the older packs
  REQUIRE(c.pair.sync(*c.analyst));
  CHECK(c.analyst->replica->pending_count() == 0);
  CHECK(c.analyst->replica->outcomes(false, 9)->empty());
  CHECK(text_of(c.pair.store->load(contacts(), c.contact)->cell(kName)) == "Song");
}

TEST_CASE("ground that waits for a person is on its way back, too [I2]") {
  LostContact c(true);
  retire(c, *c.officer);
  REQUIRE(c.pair.store->parked()->size() == 1);
  REQUIRE(c.pair.sync(*c.analyst));
  REQUIRE(c.pair.sync(*c.analyst));
  CHECK(c.analyst->replica->pending_count() == 1);
  CHECK(ask_person(c.pair, *c.officer) == sync::PushStatus::Ok);
  REQUIRE(c.pair.sync(*c.analyst));
  CHECK(c.analyst->replica->pending_count() == 0);
  CHECK(c.analyst->replica->outcomes(false, 9)->empty());
  CHECK(text_of(c.pair.store->load(contacts(), c.contact)->cell(kName)) == "Song");
}

TEST_CASE("what a person lets in waits for ground that waits for a person [I2]") {
  LostContact c(true);
  retire(c, *c.officer);
  retire(c, *c.analyst);
  SUBCASE("which is let in later") {
    CHECK(ask_person(c.pair, *c.analyst) == sync::PushStatus::Parked);
    CHECK(ask_person(c.pair, *c.officer) == sync::PushStatus::Ok);
    CHECK(ask_person(c.pair, *c.analyst) == sync::PushStatus::Ok);
    CHECK(text_of(c.pair.store->load(contacts(), c.contact)->cell(kName)) == "Song");
  }
  SUBCASE("but not for ever") {
    c.pair.clock.advance_ms(sync::kReturnMsMax + 1);
    CHECK(ask_person(c.pair, *c.analyst) == sync::PushStatus::Ok);
    CHECK_FALSE(c.pair.store->load(contacts(), c.contact)->alive());
  }
}

TEST_CASE("what stands behind work that waits is ground, too [I2]") {
  SyncPair pair;
  const auto officer = pair.enrol(pair.officer), analyst = pair.enrol(pair.analyst);
  REQUIRE(pair.sync(*officer));
  REQUIRE(pair.sync(*analyst));
  auto backup = copy_of(*pair.server_db);
  const RowId one = officer->replica->mint(), two = analyst->replica->mint();
  write_contact(pair, *officer, Op::Insert, one, "Sun");
  REQUIRE(pair.sync(*officer));
  REQUIRE(pair.sync(*analyst));
  write_contact(pair, *analyst, Op::Update, one, "Song");
  write_contact(pair, *analyst, Op::Insert, two, "Tang");
  REQUIRE(pair.sync(*analyst));
  REQUIRE(pair.sync(*officer));
  write_contact(pair, *officer, Op::Update, two, "Tao");
  pair.restore(*backup);
  REQUIRE(pair.sync(*analyst));  // the change waits for the officer, the new contact stands behind
  REQUIRE(pair.store->parked()->size() == 2);
  REQUIRE(pair.sync(*officer));
  REQUIRE(pair.sync(*analyst));
  REQUIRE(pair.sync(*officer));
  CHECK(officer->replica->pending_count() == 0);
  CHECK(officer->replica->outcomes(false, 9)->empty());
  CHECK(text_of(pair.store->load(contacts(), two)->cell(kName)) == "Tao");
  CHECK(text_of(pair.store->load(contacts(), one)->cell(kName)) == "Song");
}

TEST_CASE("what is not coming back is given up in the order in which work was built on it [I2]") {
  SyncPair pair;
  const auto officer = pair.enrol(pair.officer), analyst = pair.enrol(pair.analyst),
             broken = pair.enrol(pair.officer);
  for (TestDevice* each : {officer.get(), analyst.get(), broken.get()}) REQUIRE(pair.sync(*each));
  auto backup = copy_of(*pair.server_db);
  const RowId gone = broken->replica->mint(), two = analyst->replica->mint();
  write_contact(pair, *broken, Op::Insert, gone, "Sun");
  REQUIRE(pair.sync(*broken));
  REQUIRE(pair.sync(*analyst));
  write_contact(pair, *analyst, Op::Update, gone, "Song");
  write_contact(pair, *analyst, Op::Insert, two, "Tang");
  REQUIRE(pair.sync(*analyst));
  REQUIRE(pair.sync(*officer));
  write_contact(pair, *officer, Op::Update, two, "Tao");
  pair.restore(*backup);
  REQUIRE(pair.store->retire(broken->id));  // in a pond
  SUBCASE("whichever device has the lower number") {
    REQUIRE(number(officer->id) < number(analyst->id));
    REQUIRE(pair.sync(*analyst));
    REQUIRE(pair.sync(*officer));
    REQUIRE(pair.sync(*officer));
    CHECK(officer->replica->pending_count() == 0);
    CHECK(officer->replica->outcomes(false, 9)->empty());
  }
  SUBCASE("before what a person lets in") {
    REQUIRE(pair.store->retire(officer->id));
    REQUIRE(pair.serve(*pair.ask(*officer)).ok());
    REQUIRE(pair.sync(*analyst));
    REQUIRE(pair.store->parked()->size() == 3);
    CHECK(ask_person(pair, *officer) == sync::PushStatus::Ok);
    CHECK(pair.store->parked()->empty());
  }
  CHECK_FALSE(pair.store->load(contacts(), gone)->alive());
  CHECK(text_of(pair.store->load(contacts(), two)->cell(kName)) == "Tao");
}

TEST_CASE("work of a device that is retired while it waits holds nobody up [I2]") {
  SyncPair pair;
  const auto officer = pair.enrol(pair.officer), analyst = pair.enrol(pair.analyst),
             broken = pair.enrol(pair.officer);
  REQUIRE(pair.sync(*broken));
  auto backup = copy_of(*pair.server_db);
  const RowId gone = broken->replica->mint();
  write_contact(pair, *broken, Op::Insert, gone, "Sun");
  REQUIRE(pair.sync(*broken));
  for (TestDevice* each : {analyst.get(), officer.get()}) {
    REQUIRE(pair.sync(*each));
    write_contact(pair, *each, Op::Update, gone, "Song");
  }
  pair.restore(*backup);
  REQUIRE(pair.sync(*analyst));
  REQUIRE(pair.sync(*officer));
  REQUIRE(pair.store->parked()->size() == 2);
  REQUIRE(pair.store->retire(broken->id));
  const bool first = pair.store->parked()->front().device == analyst->id;
  TestDevice& stolen = first ? *analyst : *officer;
  TestDevice& other = first ? *officer : *analyst;
  REQUIRE(pair.store->retire(stolen.id));
  REQUIRE(pair.sync(other));  // a person may still let in what the stolen one has brought
  REQUIRE(pair.store->parked()->size() == 2);
  pair.clock.advance_ms(sync::kReturnMsMax + 1);
  REQUIRE(pair.sync(other));
  CHECK(other.replica->pending_count() == 0);
  REQUIRE(pair.store->parked()->size() == 1);
  CHECK(pair.store->parked()->front().reason == sync::ParkReason::RetiredDevice);
  CHECK(pair.store->parked()->front().device == stolen.id);
}

TEST_CASE("what was written before two restores is given up before what was written between [I2]") {
  SyncPair pair;
  const auto officer = pair.enrol(pair.officer), analyst = pair.enrol(pair.analyst),
             broken = pair.enrol(pair.officer);
  for (TestDevice* each : {officer.get(), analyst.get(), broken.get()}) REQUIRE(pair.sync(*each));
  auto backup = copy_of(*pair.server_db);
  const RowId gone = broken->replica->mint(), two = analyst->replica->mint();
  write_contact(pair, *broken, Op::Insert, gone, "Sun");
  REQUIRE(pair.sync(*broken));
  REQUIRE(pair.sync(*analyst));
  write_contact(pair, *analyst, Op::Update, gone, "Song");
  write_contact(pair, *analyst, Op::Insert, two, "Tang");
  // Epochs have numbers by chance: here the later one has the smaller.
  const std::uint32_t first = pair.store->epoch();
  do pair.restore(*backup);
  while (pair.store->epoch() > first);
  REQUIRE(pair.store->retire(broken->id));
  REQUIRE(pair.sync(*officer));
  REQUIRE(pair.sync(*analyst));
  REQUIRE(pair.sync(*analyst));
  REQUIRE(pair.sync(*officer));
  write_contact(pair, *officer, Op::Update, two, "Tao");
  pair.restore(*backup);
  REQUIRE(pair.store->retire(broken->id));
  REQUIRE(pair.sync(*officer));
  REQUIRE(pair.sync(*analyst));
  REQUIRE(pair.sync(*officer));
  CHECK(officer->replica->pending_count() == 0);
  CHECK(officer->replica->outcomes(false, 9)->empty());
  CHECK(text_of(pair.store->load(contacts(), two)->cell(kName)) == "Tao");
}

}  // namespace banyan::test
