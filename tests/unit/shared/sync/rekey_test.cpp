#include "shared/sync/rekey.h"

#include <doctest/doctest.h>

#include <optional>
#include <set>

#include "tests/support/sync_pair.h"

namespace banyan::test {
namespace {

const Entity& customer_entity() { return *bank().entity(kCustomer); }

// A bank with one tablet that is copied while one of its commits is not acknowledged yet.
struct Copied {
  Copied() : first(pair.enrol(pair.officer)) {
    REQUIRE(pair.sync(*first));
    phone(*first, "common");
    second = copy_of_device(*first);
  }

  std::unique_ptr<TestDevice> copy_of_device(TestDevice& from) {
    auto copy = std::make_unique<TestDevice>(++seed);
    copy->key = SigningKey(from.key.seed().duplicate());
    copy->id = from.id;
    copy->user = from.user;
    copy->joined = from.joined;
    copy->db = copy_of(*from.db);
    pair.reopen(*copy);
    return copy;
  }

  void phone(TestDevice& d, const std::string& value) {
    REQUIRE(d.replica->write({pair.customer,
                              0,
                              {row_write(kCustomer, Op::Update, pair.customer,
                                         {cell(kPhone, value), cell(kCount, std::int64_t{1})})}}));
  }

  RowId visit(TestDevice& d) {
    const RowId id = d.replica->mint();
    REQUIRE(d.replica->write(
        {pair.customer, 0, {row_write(kVisit, Op::Fact, id, {cell(kText, std::string("v"))})}}));
    return id;
  }

  // Until the round ends; whether the device was told that it is a copy.
  bool told(TestDevice& d) {
    bool forked = false;
    for (int i = 0; i < 20; ++i) {
      const auto progress = pair.exchange(d);
      REQUIRE(progress);
      forked = forked || progress->forked;
      if (!progress->more) break;
    }
    return forked;
  }

  // What the device asks for, under the key of `seed`.
  Result<sync::NewNumber> ask(TestDevice& d, const SigningKey& key) {
    auto request = sync::make_rekey_request(*d.replica, key, {});
    REQUIRE(request);
    const Bytes bytes = sync::encode_rekey_request(*request, key);
    const auto arrived = sync::decode_rekey_request(bytes);
    REQUIRE(arrived);
    CHECK(*arrived == *request);
    return pair.server->rekey(d.id, *arrived);
  }

  void take(TestDevice& d, const sync::NewNumber& given, SigningKey key) {
    REQUIRE(d.replica->rekey(given, [] { return Status{}; }));
    d.key = std::move(key);
    d.id = given.device;
    pair.reopen(d);
  }

  sync::NewNumber rekey(TestDevice& d) {
    SeededRandom random(++seed);
    SigningKey key = SigningKey::generate(random);
    const auto given = ask(d, key);
    REQUIRE(given);
    take(d, *given, std::move(key));
    return *given;
  }

  std::int64_t count_at_server() {
    return int_of(pair.store->load(customer_entity(), pair.customer)->cell(kCount));
  }

  SyncPair pair;
  std::uint64_t seed = 500;
  std::unique_ptr<TestDevice> first, second;
};

}  // namespace

TEST_CASE(
    "a copied tablet gets a number of its own, and the work of both arrives once [I16] [T30]") {
  Copied c;
  const RowId one = c.visit(*c.first);
  const RowId two = c.visit(*c.second);
  c.phone(*c.second, "second");
  CHECK_FALSE(c.told(*c.first));
  CHECK(c.told(*c.second));
  CHECK(c.second->replica->pending_count() == 3);  // kept, all of it
  CHECK(c.count_at_server() == 1);

  const sync::NewNumber given = c.rekey(*c.second);
  CHECK(given.device != c.first->id);
  CHECK(given.common == 1);
  // Shown before a round has brought it, and no line in between.
  CHECK(c.second->replica->load(*bank().entity(kVisit), two)->exists);
  CHECK(text_of(c.second->replica->load(customer_entity(), c.pair.customer)->cell(kPhone)) ==
        "second");
  CHECK(c.second->replica->pending_count() == 2);
  REQUIRE(c.pair.sync(*c.second));
  REQUIRE(c.pair.sync(*c.first));
  for (TestDevice* d : {c.first.get(), c.second.get()}) {
    CHECK(d->replica->pending_count() == 0);
    CHECK_FALSE(d->replica->standing().forked);
    CHECK(d->replica->load(*bank().entity(kVisit), one)->exists);
    CHECK(d->replica->load(*bank().entity(kVisit), two)->exists);
    CHECK(int_of(d->replica->load(customer_entity(), c.pair.customer)->cell(kCount)) == 2);
  }
  CHECK(c.count_at_server() == 2);
  CHECK(c.pair.store->verify_log());
  // He had seen his own number when he wrote another over it: nobody is asked.
  CHECK(c.pair.store->conflicts(10)->empty());
  CHECK(c.second->replica->outcomes(true, 10)->empty());
}

TEST_CASE("what a copy wrote before its author left arrives all the same [I2] [I16]") {
  Copied c;
  c.visit(*c.first);
  const RowId two = c.visit(*c.second);
  c.pair.decide(kStaff, Op::Delete, c.first->user, {});
  CHECK_FALSE(c.told(*c.first));
  CHECK(c.told(*c.second));
  c.rekey(*c.second);
  REQUIRE(c.pair.sync(*c.second));
  CHECK(c.second->replica->pending_count() == 0);
  CHECK(c.pair.store->load(*bank().entity(kVisit), two)->exists);
}

TEST_CASE("both copies go on for weeks after that, each under its number [I16]") {
  Copied c;
  c.phone(*c.first, "a");
  c.phone(*c.second, "b");
  REQUIRE(c.pair.sync(*c.first));
  CHECK(c.told(*c.second));
  c.rekey(*c.second);
  for (int i = 0; i < 3; ++i) {
    c.visit(*c.first);
    c.visit(*c.second);
    REQUIRE(c.pair.sync(*c.second));
    REQUIRE(c.pair.sync(*c.first));
  }
  // A copy of the copy parts again.
  auto third = c.copy_of_device(*c.second);
  c.visit(*c.second);
  c.visit(*third);
  REQUIRE(c.pair.sync(*c.second));
  CHECK(c.told(*third));
  const sync::NewNumber given = c.rekey(*third);
  CHECK(given.former == c.second->id);
  REQUIRE(c.pair.sync(*third));
  REQUIRE(c.pair.sync(*c.first));
  CHECK(c.first->replica->pending_count() + third->replica->pending_count() == 0);
  std::set<std::uint32_t> authors;
  REQUIRE(c.pair.store->read_log(0, 1000, [&](const ServerStore::LogEntry& e) -> Status {
    authors.insert(number(e.device));
    return {};
  }));
  CHECK(authors.size() == 4);  // the server, and three tablets
  CHECK(c.pair.store->verify_log());
}

TEST_CASE("a lost answer is asked for again and brings the same number [I16]") {
  Copied c;
  c.visit(*c.first);
  c.visit(*c.second);
  REQUIRE(c.pair.sync(*c.first));
  CHECK(c.told(*c.second));
  SeededRandom random(7);
  const SigningKey key = SigningKey::generate(random);
  const auto lost = c.ask(*c.second, key);
  REQUIRE(lost);
  const auto again = c.ask(*c.second, key);
  REQUIRE(again);
  CHECK(*again == *lost);
  CHECK(c.pair.store->devices()->size() == 4);  // import, server, the tablet, its copy
}

TEST_CASE("a new number is kept with its keys or not at all [I16] [I14]") {
  Copied c;
  c.visit(*c.first);
  c.visit(*c.second);
  REQUIRE(c.pair.sync(*c.first));
  CHECK(c.told(*c.second));
  SeededRandom random(7);
  const SigningKey key = SigningKey::generate(random);
  const auto given = c.ask(*c.second, key);
  REQUIRE(given);
  CHECK_FALSE(c.second->replica->rekey(
      *given, []() -> Status { return fail(ErrorCode::StorageFull, "no room for the keys"); }));
  c.pair.reopen(*c.second);  // under the former number, with all it had
  CHECK(c.second->replica->pending_count() == 2);
  CHECK(c.second->replica->standing().forked);
  c.take(*c.second, *given, SigningKey(key.seed().duplicate()));
  REQUIRE(c.pair.sync(*c.second));
  CHECK(c.second->replica->pending_count() == 0);
}

TEST_CASE("who has not parted keeps his number [I16]") {
  Copied c;
  SeededRandom random(7);
  const SigningKey key = SigningKey::generate(random);
  SUBCASE("because nobody else has written") {
    CHECK(c.ask(*c.second, key)->device == c.second->id);
    REQUIRE(c.pair.sync(*c.first));
    c.visit(*c.second);  // goes on where the other has stopped
    CHECK(c.ask(*c.second, key)->device == c.second->id);
  }
  SUBCASE("because a restore took the other copy's commits away") {
    auto backup = copy_of(*c.pair.server_db);
    c.visit(*c.first);
    c.visit(*c.second);
    REQUIRE(c.pair.sync(*c.first));
    CHECK(c.told(*c.second));
    c.pair.restore(*backup);
    CHECK(c.ask(*c.second, key)->device == c.second->id);
    REQUIRE(c.second->replica->set_forked(false));
    REQUIRE(c.pair.sync(*c.second));
    // Now the other one is the copy, though its commits were acknowledged before.
    CHECK(c.told(*c.first));
    c.rekey(*c.first);
    REQUIRE(c.pair.sync(*c.first));
    REQUIRE(c.pair.sync(*c.second));
    CHECK(c.first->replica->pending_count() + c.second->replica->pending_count() == 0);
    CHECK(c.count_at_server() == 1);
    CHECK(c.pair.store->verify_log());
  }
  CHECK(c.pair.store->devices()->size() <= 4);
}

TEST_CASE("a copy counts nothing twice while it waits for its number [I5] [I16]") {
  Copied c;
  c.visit(*c.first);
  REQUIRE(c.pair.sync(*c.first));  // brings "common", too
  c.phone(*c.second, "second");
  const RowId news =
      c.pair.create(kCustomer, {cell(kName, std::string("Wu")), cell(kOwner, c.pair.officer)});
  CHECK(c.told(*c.second));
  const auto shown = [&] {
    return c.second->replica->load(customer_entity(), c.pair.customer).value();
  };
  CHECK(int_of(shown().cell(kCount)) == 2);
  CHECK(text_of(shown().cell(kPhone)) == "second");
  CHECK(c.second->replica->load(customer_entity(), news)->exists);  // reading goes on
  c.pair.reopen(*c.second);
  CHECK(int_of(shown().cell(kCount)) == 2);
  c.rekey(*c.second);
  CHECK(int_of(shown().cell(kCount)) == 2);
  REQUIRE(c.pair.sync(*c.second));
  CHECK(int_of(shown().cell(kCount)) == 2);
}

TEST_CASE("who was taken for a copy and is none misses nothing that came meanwhile [I1]") {
  Copied c;
  REQUIRE(c.second->replica->set_forked(true));
  c.pair.decide(kCustomer, Op::Update, c.pair.customer, {cell(kName, std::string("Lin Mei"))});
  REQUIRE(c.pair.sync(*c.second));
  REQUIRE(c.second->replica->set_forked(false));
  REQUIRE(c.pair.sync(*c.second));
  const auto row = c.second->replica->load(customer_entity(), c.pair.customer);
  CHECK(text_of(row->cell(kName)) == "Lin Mei");
  CHECK(int_of(row->cell(kCount)) == 1);
  CHECK(c.second->replica->pending_count() == 0);
}

TEST_CASE("after a restore, what another copy wrote is not taken for one's own [I2] [I16]") {
  Copied c;
  auto backup = copy_of(*c.pair.server_db);
  const RowId one = c.visit(*c.first);
  REQUIRE(c.pair.sync(*c.first));
  c.pair.restore(*backup);
  c.visit(*c.second);
  REQUIRE(c.pair.sync(*c.second));  // its second commit, as the one that is lost was
  bool reset = false;
  for (int i = 0; i < 5 && !reset; ++i) reset = c.pair.exchange(*c.first)->was_reset;
  REQUIRE(reset);
  CHECK(c.first->replica->pending_count() == 2);
  CHECK(c.told(*c.first));
  c.rekey(*c.first);
  REQUIRE(c.pair.sync(*c.first));
  CHECK(c.pair.store->load(*bank().entity(kVisit), one)->exists);
  CHECK(c.count_at_server() == 1);
}

TEST_CASE(
    "after a restore a copy that has nothing speaks for its number, and nothing is lost [I2] "
    "[I12]") {
  Copied c;
  REQUIRE(c.pair.sync(*c.first));
  auto idle = c.copy_of_device(*c.first);
  auto analyst = c.pair.enrol(c.pair.analyst);
  REQUIRE(c.pair.sync(*analyst));
  auto backup = copy_of(*c.pair.server_db);
  const RowId contact = c.first->replica->mint();
  REQUIRE(c.first->replica->write(
      {c.pair.customer,
       0,
       {row_write(kContact, Op::Insert, contact, {cell(kName, std::string("Sun"))})}}));
  REQUIRE(c.pair.sync(*c.first));
  REQUIRE(c.pair.sync(*analyst));
  REQUIRE(analyst->replica->write(
      {c.pair.customer,
       0,
       {row_write(kContact, Op::Update, contact, {cell(kName, std::string("Song"))}),
        row_write(kCustomer, Op::Update, c.pair.customer, {cell(kCount, std::int64_t{1})})}}));
  c.pair.restore(*backup);
  REQUIRE(c.pair.sync(*analyst));
  CHECK(analyst->replica->pending_count() == 1);  // it waits for the tablet with the contact
  REQUIRE(c.pair.sync(*idle));                    // which this one seems to be
  REQUIRE(c.pair.sync(*analyst));
  CHECK(analyst->replica->pending_count() == 0);
  const auto told = analyst->replica->outcomes(true, 9).value();
  REQUIRE(told.size() == 1);
  CHECK(told[0].outcome == Outcome::NoRow);
  CHECK(told[0].row == contact);
  CHECK(c.count_at_server() == 2);  // the rest of his commit stands
  REQUIRE(c.pair.sync(*c.first));
  const auto row = c.pair.store->load(*bank().entity(kContact), contact);
  CHECK(text_of(row->cell(kName)) == "Sun");
  CHECK(c.pair.store->verify_log());
}

TEST_CASE("a retired tablet gets no new number") {
  Copied c;
  c.visit(*c.first);
  c.visit(*c.second);
  REQUIRE(c.pair.sync(*c.first));
  REQUIRE(c.pair.store->retire(c.first->id));
  SeededRandom random(7);
  const auto refused = c.ask(*c.second, SigningKey::generate(random));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::Refused);
}

TEST_CASE("the last common commit is found wherever the chains part") {
  for (std::uint64_t at = 0; at <= 9; ++at) {
    SyncPair pair;
    auto d = pair.enrol(pair.officer);
    REQUIRE(pair.sync(*d));
    for (int i = 0; i < 9; ++i) {
      REQUIRE(d->replica->write(
          {pair.customer,
           0,
           {row_write(kCustomer, Op::Update, pair.customer, {cell(kCount, std::int64_t{1})})}}));
    }
    REQUIRE(pair.sync(*d));
    SeededRandom random(7);
    const SigningKey key = SigningKey::generate(random);
    sync::RekeyRequest request = sync::make_rekey_request(*d->replica, key, {}).value();
    REQUIRE(request.hashes.size() == 9);
    for (std::uint64_t i = at; i < 9; ++i)
      request.hashes[static_cast<std::size_t>(i)].bytes[0] ^= 1;
    CAPTURE(at);
    const auto device = pair.store->device(d->id);
    CHECK(sync::common_commit(*pair.store, *device, request).value() == at);
    request.hashes.erase(request.hashes.begin(), request.hashes.begin() + 3);  // in a backup
    request.first = 4;
    CHECK(sync::common_commit(*pair.store, *device, request).value() ==
          std::max<std::uint64_t>(at, 3));
    request.first = 11;
    CHECK_FALSE(sync::common_commit(*pair.store, *device, request));
  }
}

TEST_CASE("a request for a new number that was changed on the way is refused [T30]") {
  Copied c;
  SeededRandom random(7);
  const SigningKey key = SigningKey::generate(random);
  const auto request = sync::make_rekey_request(*c.first->replica, key, {});
  REQUIRE(request);
  const Bytes good = sync::encode_rekey_request(*request, key);
  for (std::size_t i = 0; i < good.size(); ++i) {
    Bytes bad = good;
    bad[i] ^= 1;
    CHECK_FALSE(sync::decode_rekey_request(bad));
  }
  CHECK_FALSE(sync::decode_rekey_request(ByteView(good).first(good.size() - 1)));
}

}  // namespace banyan::test
