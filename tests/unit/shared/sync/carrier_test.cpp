// An exchange that somebody carries, between real stores: no network, no session, weeks if need be.
#include "shared/sync/carrier.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>

#include "tests/support/sync_pair.h"

namespace banyan::test {
namespace {

using Delivery = sync::Client::Delivery;

constexpr std::int64_t kDay = 86'400'000;

Status count_one(SyncPair& pair, TestDevice& d) {
  const Draft draft{
      pair.customer,
      0,
      {row_write(kCustomer, Op::Update, pair.customer, {cell(kCount, std::int64_t{1})})}};
  TRY(d.replica->write(draft));
  return {};
}

std::int64_t counted(SyncPair& pair) {
  return int_of(pair.store->load(*bank().entity(kCustomer), pair.customer)->cell(kCount));
}

std::int64_t counted_on(SyncPair& pair, TestDevice& d) {
  return int_of(d.replica->load(*bank().entity(kCustomer), pair.customer)->cell(kCount));
}

// The parcels of one file, each as a file of its own.
std::vector<Bytes> parcels_of(ByteView file) {
  std::vector<Bytes> out;
  for (const ByteView parcel : sync::split_parcels(file).parcels) {
    out.emplace_back(parcel.begin(), parcel.end());
  }
  return out;
}

sync::Client::Limits carried_limits(std::size_t groups, std::size_t commits) {
  sync::Client::Limits limits;
  limits.adapt = false;
  limits.groups_max = groups;
  limits.bundle_commits = commits;
  return limits;
}

}  // namespace

TEST_CASE("[W8] a parcel there and an answer back are as good as a network") {
  SyncPair pair;
  auto d = pair.enrol(pair.officer);
  const auto first = pair.unpack(*d, pair.carry(pair.pack(*d)));  // never had a network at all
  REQUIRE(!first.empty());
  CHECK(first.back().progress.complete);
  REQUIRE(count_one(pair, *d));
  pair.create(kCustomer, {cell(kName, std::string("Wu")), cell(kOwner, pair.officer),
                          cell(kHome, pair.branch)});
  const auto back = pair.unpack(*d, pair.carry(pair.pack(*d)));
  REQUIRE(back.size() == 1);
  CHECK(back[0].delivery == Delivery::Taken);
  CHECK(back[0].progress.complete);
  CHECK(counted(pair) == 1);
  CHECK(d->replica->pending_count() == 0);
  CHECK(d->replica->state_of(1) == SaveState::Received);
  CHECK(d->replica->standing().base == pair.store->head());
}

TEST_CASE(
    "[T28] parcels and answers in any order, each of them twice, count every write once [I5]") {
  std::vector<int> order{0, 1, 2};
  do {
    SyncPair pair;
    auto d = pair.enrol(pair.officer);
    REQUIRE(pair.sync(*d));
    std::vector<Bytes> days;
    for (int day = 0; day < 3; ++day) {
      REQUIRE(count_one(pair, *d));
      days.push_back(pair.pack(*d));
      pair.clock.advance_ms(kDay);
    }
    std::vector<Bytes> answers;
    for (const int day : order) {
      for (int twice = 0; twice < 2; ++twice)
        answers.push_back(pair.carry(days[static_cast<std::size_t>(day)]));
    }
    CHECK(counted(pair) == 3);
    for (int twice = 0; twice < 2; ++twice) {
      for (auto answer = answers.rbegin(); answer != answers.rend(); ++answer) {
        for (const auto& one : pair.unpack(*d, *answer)) CHECK(one.delivery != Delivery::Foreign);
      }
    }
    CHECK(counted_on(pair, *d) == 3);
    CHECK(d->replica->pending_count() == 0);
    REQUIRE(pair.sync(*d));
    CHECK(counted(pair) == 3);
    CHECK(counted_on(pair, *d) == 3);
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST_CASE("a parcel that comes before an earlier one waits for it at headquarters") {
  SyncPair pair;
  auto d = pair.enrol(pair.officer);
  REQUIRE(pair.sync(*d));
  d->client->set_limits(carried_limits(0, 1));  // 64 commits a parcel
  for (int i = 0; i < 100; ++i) REQUIRE(count_one(pair, *d));
  const std::vector<Bytes> parcels = parcels_of(pair.pack(*d));
  REQUIRE(parcels.size() == 2);
  const Bytes early = pair.carry(parcels[1]);
  CHECK(counted(pair) == 0);
  const auto waits = pair.unpack(*d, early);
  REQUIRE(waits.size() == 1);
  CHECK(waits[0].progress.parked == 36);
  CHECK(d->replica->pending_count() == 100);
  pair.carry(parcels[0]);
  CHECK(counted(pair) == 100);
  pair.unpack(*d, pair.carry(pair.pack(*d)));
  CHECK(counted(pair) == 100);
  CHECK(d->replica->pending_count() == 0);
}

TEST_CASE("an answer of many pages is taken in whatever order they are read") {
  SyncPair pair;
  for (int i = 0; i < 6; ++i) {
    pair.create(kCustomer, {cell(kName, "c" + std::to_string(i)), cell(kOwner, pair.officer),
                            cell(kHome, pair.branch)});
  }
  auto d = pair.enrol(pair.officer);
  pair.page_by_page(*d);
  std::vector<Bytes> pages = parcels_of(pair.carry(pair.pack(*d)));
  REQUIRE(pages.size() > 6);
  SUBCASE("backwards, again and again") {
    const std::size_t rounds = pages.size();
    for (std::size_t round = 0; round < rounds; ++round) {
      std::size_t taken = 0;
      for (auto page = pages.rbegin(); page != pages.rend(); ++page) {
        const auto one = pair.unpack(*d, *page);
        if (one[0].delivery == Delivery::Taken) ++taken;
        CHECK(one[0].delivery != Delivery::Foreign);
      }
      CHECK(taken == 1);
    }
  }
  SUBCASE("with a page missing the rest waits, and is there when it comes") {
    const Bytes missing = pages[3];
    pages.erase(pages.begin() + 3);
    for (std::size_t i = 0; i < pages.size(); ++i) {
      CHECK(pair.unpack(*d, pages[i])[0].delivery == (i < 3 ? Delivery::Taken : Delivery::Ahead));
    }
    CHECK(pair.unpack(*d, missing)[0].delivery == Delivery::Taken);
    for (std::size_t i = 0; i < pages.size(); ++i) {
      CHECK(pair.unpack(*d, pages[i])[0].delivery == (i < 3 ? Delivery::Known : Delivery::Taken));
    }
  }
  SUBCASE("interrupted by a network, which goes on from there") {
    CHECK(pair.unpack(*d, pages[0])[0].delivery == Delivery::Taken);
    CHECK(pair.unpack(*d, pages[1])[0].delivery == Delivery::Taken);
    REQUIRE(pair.sync(*d));
    for (const Bytes& page : pages) {
      CHECK(pair.unpack(*d, page)[0].delivery == Delivery::Known);
    }
  }
  CHECK(d->replica->standing().base == pair.store->head());
  for (int i = 0; i < 6; ++i) CHECK(!d->replica->conflicts(10)->size());
  CHECK(counted_on(pair, *d) == 0);
}

TEST_CASE("a reply from the network that comes after a carried answer is dropped as stale") {
  SyncPair pair;
  auto d = pair.enrol(pair.officer);
  REQUIRE(pair.sync(*d));
  REQUIRE(count_one(pair, *d));
  const Bytes late = *pair.serve(*pair.ask(*d));
  CHECK(pair.unpack(*d, pair.carry(pair.pack(*d)))[0].delivery == Delivery::Taken);
  const auto dropped = d->client->handle_reply(late);
  REQUIRE_FALSE(dropped);
  CHECK(dropped.error().code == ErrorCode::Conflict);
  REQUIRE(pair.sync(*d));
  CHECK(counted_on(pair, *d) == 1);
}

TEST_CASE("an old answer never takes back what came since [I9]") {
  SyncPair pair;
  auto d = pair.enrol(pair.officer);
  REQUIRE(pair.sync(*d));
  REQUIRE(count_one(pair, *d));
  const Bytes old_answer = pair.carry(pair.pack(*d));
  REQUIRE(count_one(pair, *d));
  REQUIRE(pair.sync(*d));
  const auto state = d->replica->state().value();
  const auto late = pair.unpack(*d, old_answer);
  CHECK(late[0].delivery == Delivery::Known);
  CHECK(d->replica->state()->cursor == state.cursor);
  CHECK(d->replica->state()->acked == 2);
  CHECK(counted_on(pair, *d) == 2);
}

TEST_CASE("[T30] what is no carried exchange of this device is refused, and nothing is stored") {
  SyncPair pair;
  auto d = pair.enrol(pair.officer);
  auto other = pair.enrol(pair.colleague);
  REQUIRE(pair.sync(*d));
  REQUIRE(pair.sync(*other));
  REQUIRE(count_one(pair, *d));
  const std::uint64_t head = pair.store->head();
  const sync::ParcelLabel label{SyncPair::kOrganisation, sync::Heading::ToHeadquarters, d->id};
  const auto refusal = [&](ByteView content, sync::ParcelLabel as, const BoxKey& to) {
    const Bytes parcel = sync::seal_parcel(as, to.public_key(), content, pair.boxes).value();
    const auto carried = pair.server->handle_carried(parcel, pair.box);
    REQUIRE(carried.ok());
    CHECK(carried->answer.empty());
    return carried->refused.value_or(ErrorCode::Unavailable);
  };
  const Bytes carried = d->client->make_carried()->requests.front();
  const Bytes network = pair.ask(*d).value();

  SUBCASE("the network's request in a parcel") {
    CHECK(refusal(network, label, pair.box) == ErrorCode::Refused);
  }
  SUBCASE("a parcel's request on the network") {
    CHECK(pair.server->handle(carried)->status == sync::ReplyStatus::ChallengeExpired);
  }
  SUBCASE("another device's label") {
    sync::ParcelLabel as = label;
    as.device = other->id;
    CHECK(refusal(carried, as, pair.box) == ErrorCode::Refused);
  }
  SUBCASE("another bank's label, and an answer's") {
    sync::ParcelLabel as = label;
    as.organisation = 10;
    CHECK(refusal(carried, as, pair.box) == ErrorCode::NotFound);
    as = label;
    as.heading = sync::Heading::ToDevice;
    CHECK(refusal(carried, as, pair.box) == ErrorCode::Refused);
  }
  SUBCASE("a device that was never enrolled") {
    sync::Request request = sync::decode_request(carried).value();
    sync::Waybill waybill = sync::decode_waybill(request.challenge).value();
    sync::ParcelLabel as = label;
    as.device = waybill.device = request.device = DeviceId{999};
    request.challenge = sync::encode_waybill(waybill);
    CHECK(refusal(sync::encode_request(request, d->key), as, pair.box) == ErrorCode::NotFound);
  }
  SUBCASE("sealed for another key") { CHECK(refusal(carried, label, d->box) == ErrorCode::Locked); }
  SUBCASE("signed by somebody else, who knows the server's box key") {
    const sync::Request request = sync::decode_request(carried).value();
    CHECK(refusal(sync::encode_request(request, other->key), label, pair.box) ==
          ErrorCode::Refused);
  }
  SUBCASE("a waybill of another device or another place") {
    sync::Request request = sync::decode_request(carried).value();
    sync::Waybill waybill = sync::decode_waybill(request.challenge).value();
    waybill.device = other->id;
    request.challenge = sync::encode_waybill(waybill);
    CHECK(refusal(sync::encode_request(request, d->key), label, pair.box) == ErrorCode::Refused);
    waybill.device = d->id;
    waybill.from.base += 1;
    request.challenge = sync::encode_waybill(waybill);
    CHECK(refusal(sync::encode_request(request, d->key), label, pair.box) == ErrorCode::Refused);
  }
  CHECK(pair.store->head() == head);
  CHECK(pair.store->parked()->empty());
}

TEST_CASE("a device takes no answer but its own, and none that was made for the network") {
  SyncPair pair;
  auto d = pair.enrol(pair.officer);
  auto other = pair.enrol(pair.colleague);
  REQUIRE(pair.sync(*d));
  const Bytes foreign = parcels_of(pair.carry(pair.pack(*other))).front();
  CHECK(sync::open_parcel(foreign, d->box).error().code == ErrorCode::Locked);
  // The other device may open its own and hand the content on: it is none of ours.
  const Bytes reply = sync::open_parcel(foreign, other->box).value();
  CHECK(d->client->handle_carried(reply)->delivery == Delivery::Foreign);
  const Bytes network = pair.serve(pair.ask(*d).value()).value();
  CHECK(d->client->handle_carried(network).error().code == ErrorCode::Refused);
  // And a carried answer is none on the network.
  const Bytes own =
      sync::open_parcel(parcels_of(pair.carry(pair.pack(*d))).front(), d->box).value();
  REQUIRE(pair.ask(*d));
  CHECK(d->client->handle_reply(own).error().code == ErrorCode::Conflict);
}

TEST_CASE("[T29] a parcel with one changed bit is refused on either side") {
  SyncPair pair;
  auto d = pair.enrol(pair.officer);
  REQUIRE(pair.sync(*d));
  REQUIRE(count_one(pair, *d));
  const Bytes parcel = pair.pack(*d);
  const std::uint64_t head = pair.store->head();
  for (std::size_t at = 0; at < parcel.size(); ++at) {
    Bytes bad = parcel;
    bad[at] ^= 1;
    CHECK(pair.server->handle_carried(bad, pair.box)->refused.has_value());
    CHECK(pair.server->handle_carried(ByteView(parcel).first(at), pair.box)->refused.has_value());
  }
  CHECK(pair.store->head() == head);
  const Bytes answer = pair.carry(parcel);
  for (std::size_t at = 0; at < answer.size(); ++at) {
    Bytes bad = answer;
    bad[at] ^= 1;
    CHECK(!sync::open_parcel(bad, d->box).ok());
  }
}

TEST_CASE(
    "[T31] an answer that travels for weeks does not move the clock; a wrong clock is set right") {
  SyncPair pair;
  auto d = pair.enrol(pair.officer);
  const std::int64_t start = pair.clock.wall_ms();
  const auto error_ms = [&](std::int64_t server_ms) {
    return d->replica->server_time_ms() - server_ms;
  };
  SUBCASE("a right clock") {
    REQUIRE(pair.sync(*d));
    const Bytes parcel = pair.pack(*d);
    pair.clock.advance_ms(9 * kDay);
    const Bytes answer = pair.carry(parcel);
    pair.clock.advance_ms(20 * kDay);
    pair.unpack(*d, answer);
    CHECK(error_ms(pair.clock.wall_ms()) == 0);
  }
  SUBCASE("a clock that was never set") {
    pair.clock.set_wall_ms(1'000);
    const Bytes parcel = pair.pack(*d);
    pair.clock.set_wall_ms(start + kDay);
    const Bytes answer = pair.carry(parcel);
    pair.clock.set_wall_ms(1'000 + 3 * kDay);
    pair.unpack(*d, answer);
    // Headquarters' time of the answer at least; no more can be known.
    CHECK(error_ms(start + kDay) == 0);
  }
  SUBCASE("a clock that is years ahead") {
    pair.clock.set_wall_ms(start + 30'000 * kDay);
    const Bytes parcel = pair.pack(*d);
    pair.clock.set_wall_ms(start + kDay);
    const Bytes answer = pair.carry(parcel);
    pair.clock.set_wall_ms(start + 30'002 * kDay);
    pair.unpack(*d, answer);
    // It was not earlier than the answer when it was asked for.
    CHECK(error_ms(start + kDay) == 2 * kDay);
  }
  SUBCASE("a clock that was set right on the way") {
    pair.clock.set_wall_ms(start + 30'000 * kDay);
    const Bytes parcel = pair.pack(*d);
    pair.clock.set_wall_ms(start + kDay);
    pair.unpack(*d, pair.carry(parcel));
    CHECK(error_ms(start + kDay) == 0);
  }
  CHECK(d->replica->standing().base == pair.store->head());
}

TEST_CASE("a restored server is met by a carrier as by a network: nothing is lost [I2]") {
  SyncPair pair;
  auto d = pair.enrol(pair.officer);
  REQUIRE(pair.sync(*d));
  auto backup = copy_of(*pair.server_db);
  REQUIRE(count_one(pair, *d));
  pair.unpack(*d, pair.carry(pair.pack(*d)));
  CHECK(d->replica->pending_count() == 0);
  pair.restore(*backup);
  REQUIRE(count_one(pair, *d));
  // The first journey tells the device, the second one brings what was lost.
  pair.unpack(*d, pair.carry(pair.pack(*d)));
  CHECK(d->replica->standing().epoch == pair.store->epoch());
  pair.unpack(*d, pair.carry(pair.pack(*d)));
  CHECK(counted(pair) == 2);
  CHECK(counted_on(pair, *d) == 2);
  CHECK(d->replica->pending_count() == 0);
}

TEST_CASE("an old parcel does not say that a device has yet to come back after a restore") {
  SyncPair pair;
  auto d = pair.enrol(pair.officer);
  REQUIRE(pair.sync(*d));
  REQUIRE(count_one(pair, *d));
  const Bytes old_parcel = pair.pack(*d);
  auto backup = copy_of(*pair.server_db);
  pair.restore(*backup);
  REQUIRE(pair.sync(*d));
  REQUIRE(pair.store->device(d->id)->whole_epoch == pair.store->epoch());
  pair.carry(old_parcel);
  CHECK(pair.store->device(d->id)->whole_epoch == pair.store->epoch());
}

TEST_CASE("a device that has lost its newest work gets it back by a carrier") {
  SyncPair pair;
  auto d = pair.enrol(pair.officer);
  REQUIRE(pair.sync(*d));
  auto older = copy_of(*d->db);
  for (int i = 0; i < 3; ++i) REQUIRE(count_one(pair, *d));
  REQUIRE(pair.sync(*d));
  d->client.reset();
  d->replica.reset();
  d->db = copy_of(*older);
  pair.reopen(*d);
  const auto back = pair.unpack(*d, pair.carry(pair.pack(*d)));
  CHECK(back[0].delivery == Delivery::Taken);
  CHECK(d->replica->state()->last == 3);
  CHECK(counted_on(pair, *d) == 3);
  CHECK(d->replica->pending_count() == 0);
  CHECK(counted(pair) == 3);
}

TEST_CASE("a retired device's parcel is kept for a person, and its answer says so") {
  SyncPair pair;
  auto d = pair.enrol(pair.officer);
  REQUIRE(pair.sync(*d));
  REQUIRE(count_one(pair, *d));
  REQUIRE(pair.store->retire(d->id));
  const auto back = pair.unpack(*d, pair.carry(pair.pack(*d)));
  CHECK(back[0].progress.retired);
  CHECK(pair.store->parked()->size() == 1);
  CHECK(counted(pair) == 0);
  CHECK(d->replica->pending_count() == 1);
}

TEST_CASE("a device without a usable box key gets no answer, and its work is taken") {
  SyncPair pair;
  auto d = pair.enrol(pair.officer);
  REQUIRE(pair.sync(*d));
  REQUIRE(count_one(pair, *d));
  REQUIRE(pair.server_db->run("UPDATE dev SET box_pk=zeroblob(32)"));
  const auto carried = pair.server->handle_carried(pair.pack(*d), pair.box);
  REQUIRE(carried.ok());
  CHECK(carried->unanswered == ErrorCode::Invalid);
  CHECK(carried->answer.empty());
  CHECK(carried->handled.appended == 1);
}

// ---- files of parcels

TEST_CASE("a file of parcels loses only what is damaged in it") {
  SyncPair pair;
  auto a = pair.enrol(pair.officer);
  auto b = pair.enrol(pair.colleague);
  const Bytes one = pair.pack(*a), two = pair.pack(*b);
  Bytes file = one;
  file.insert(file.end(), two.begin(), two.end());
  CHECK(sync::split_parcels(file).parcels.size() == 2);
  CHECK(sync::split_parcels(file).damaged == 0);
  SUBCASE("a changed byte in the first") {
    file[one.size() / 2] ^= 0x40;
    const auto split = sync::split_parcels(file);
    REQUIRE(split.parcels.size() == 1);
    CHECK(sync::peek_parcel(split.parcels[0])->device == b->id);
    CHECK(split.damaged == 1);
  }
  SUBCASE("cut off anywhere in the second") {
    for (std::size_t cut = 1; cut < two.size(); ++cut) {
      const auto split = sync::split_parcels(ByteView(file).first(file.size() - cut));
      CHECK(split.parcels.size() == 1);
      CHECK(split.damaged == 1);
    }
  }
  SUBCASE("something else after them") {
    file.insert(file.end(), {'n', 'o', 't', 'e'});
    CHECK(sync::split_parcels(file).parcels.size() == 2);
    CHECK(sync::split_parcels(file).damaged == 1);
  }
  CHECK(sync::split_parcels({}).damaged == 0);
  CHECK(sync::parcel_id(one) != sync::parcel_id(two));
}

TEST_CASE("a parcel holds the longest content that there may be, and not a byte more") {
  SeededRandom random(4);
  const BoxKey box = BoxKey::generate(random);
  const std::size_t most = sync::kParcelBytesMax - sync::kParcelOverhead;
  const Bytes parcel =
      sync::seal_parcel({1, {}, DeviceId{2}}, box.public_key(), Bytes(most, 7), random).value();
  CHECK(parcel.size() <= sync::kParcelBytesMax);
  CHECK(sync::open_parcel(parcel, box)->size() == most);
  CHECK(sync::seal_parcel({}, box.public_key(), Bytes(most + 1), random).error().code ==
        ErrorCode::TooLarge);
  Bytes claims(parcel.begin(), parcel.begin() + 15);
  ByteWriter size;
  size.varint(sync::kParcelBytesMax);
  claims.insert(claims.end(), size.view().begin(), size.view().end());
  CHECK(sync::peek_parcel(claims).error().code == ErrorCode::TooLarge);
}

}  // namespace banyan::test
