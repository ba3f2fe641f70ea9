// Tablets without a line: their work goes by a file or through a colleague's tablet, and the
// answer comes back the same way.
#include "shared/app/carrying.h"

#include <doctest/doctest.h>

#include "shared/sync/carrier.h"
#include "tests/unit/shared/app/app_bank.h"

using namespace banyan;
using namespace banyan::test;

namespace {

struct Branch {
  AppBank bank{BANYAN_SOURCE_DIR};
  RowId customer = bank.add("customer", {{"name", std::string("王桂兰")},
                                         {"kind", bank.choice("customer", "kind", "person")},
                                         {"owner", bank.officer},
                                         {"branch", bank.branch}});
  AppDevice away{bank, bank.officer, 31}, relay{bank, bank.colleague, 32};
};

RowId write_task(AppDevice& device, RowId customer, const std::string& title) {
  return add_task(*device, customer, title, 20'600).value();
}

// What the bank has of it.
bool arrived(AppBank& bank, RowId task) {
  return bank.store->load(*bank.catalogue.entity("task"), task)->alive();
}

Bytes pack(AppDevice& device) {
  const auto packed = device->carrying().pack();
  REQUIRE(packed.ok());
  REQUIRE(device->carrying().handed_over(*packed).ok());
  return packed->file;
}

// A stick at headquarters.
Bytes carry(AppBank& bank, ByteView file) {
  Bytes answers;
  for (const ByteView parcel : sync::split_parcels(file).parcels) {
    const auto carried = bank.server->handle_carried(parcel, bank.box);
    REQUIRE(carried.ok());
    answers.insert(answers.end(), carried->answer.begin(), carried->answer.end());
  }
  return answers;
}

Bytes join(ByteView a, ByteView b) {
  Bytes out(a.begin(), a.end());
  out.insert(out.end(), b.begin(), b.end());
  return out;
}

}  // namespace

TEST_CASE("a tablet that never had a line starts and works by files alone [W8]") {
  Branch b;
  b.away.online = false;
  CHECK(b.away->first_sync());
  b.away.receive(carry(b.bank, pack(b.away)));
  CHECK(!b.away->first_sync());
  CHECK(b.away->carrying().received().complete);
  CHECK(b.away->carrying().received().taken > 0);
  REQUIRE(read_customer(*b.away, b.customer).ok());

  const RowId task = write_task(b.away, b.customer, "带合同");
  CHECK(b.away->replica().state_of(1) == SaveState::Saved);
  const auto packed = b.away->carrying().pack();
  REQUIRE(packed.ok());
  CHECK(b.away->replica().state_of(1) == SaveState::Saved);  // packed is not under way yet
  REQUIRE(b.away->carrying().handed_over(*packed).ok());
  CHECK(b.away->replica().state_of(1) == SaveState::Sent);
  const Bytes answer = carry(b.bank, packed->file);
  CHECK(arrived(b.bank, task));
  b.away.receive(answer);
  CHECK(b.away->replica().state_of(1) == SaveState::Received);
  CHECK(read_outbox_counts(*b.away).waiting == 0);
  b.away.receive(answer);
  CHECK(b.away->carrying().received().known == b.away->carrying().received().parcels);
  CHECK(b.away->carrying().received().taken == 0);
}

TEST_CASE(
    "a colleague's tablet takes parcels along, brings them at its next sync, and the answers "
    "back [W8]") {
  Branch b;
  REQUIRE(b.away.sync());
  REQUIRE(b.relay.sync());
  b.away.online = b.relay.online = false;
  const RowId task = write_task(b.away, b.customer, "带合同");
  const Bytes parcels = pack(b.away);
  b.relay.receive(parcels);
  b.relay.receive(parcels);
  CHECK(b.relay->carrying().received().held_before == 1);
  REQUIRE(b.relay->carrying().held()->size() == 1);
  HeldParcels held = b.relay->carrying().held()->front();
  CHECK(held.device == b.away->me().device);
  CHECK(held.waiting == 1);
  CHECK(held.answers == 0);

  CHECK(!b.relay.sync());
  b.relay.restart();  // they are kept as safely as its own work
  CHECK(b.relay->carrying().held()->front().waiting == 1);
  b.relay.online = true;
  REQUIRE(b.relay.sync());
  for (int i = 0; i < 5; ++i) b.relay.sync();
  CHECK(arrived(b.bank, task));
  held = b.relay->carrying().held()->front();
  CHECK(held.waiting == 0);
  REQUIRE(held.answers > 0);

  const Bytes answers =
      b.relay->carrying().held_for(b.away->me().device, sync::Heading::ToDevice).value();
  b.away.receive(answers);
  CHECK(b.away->replica().state_of(1) == SaveState::Received);
  CHECK(b.away->carrying().received().complete);
  CHECK(b.away->carrying().held()->empty());
  REQUIRE(b.relay->carrying().answers_given(b.away->me().device).ok());

  // The next journey's answers take their place.
  write_task(b.away, b.customer, "再去一次");
  b.relay.receive(pack(b.away));
  for (int i = 0; i < 5; ++i) b.relay.sync();
  CHECK(b.relay->carrying().held()->front().answers == held.answers);
  b.away.receive(
      b.relay->carrying().held_for(b.away->me().device, sync::Heading::ToDevice).value());
  CHECK(b.away->replica().state_of(2) == SaveState::Received);
}

TEST_CASE("what a carrier holds cannot be read by it, and shows nothing of what is inside") {
  Branch b;
  REQUIRE(b.away.sync());
  write_task(b.away, b.customer, "secret-word-of-this-test");
  const Bytes parcels = pack(b.away);
  CHECK(as_text(parcels).find("secret-word-of-this-test") == std::string_view::npos);
  b.relay.receive(parcels);
  CHECK(b.relay->carrying().received().held == 1);
  CHECK(b.relay->carrying().received().taken == 0);
  CHECK(!read_customer(*b.relay, b.customer).ok());
}

TEST_CASE(
    "a line that breaks on the way leaves the parcel with the carrier; nothing happens twice") {
  Branch b;
  REQUIRE(b.away.sync());
  REQUIRE(b.relay.sync());
  const RowId task = write_task(b.away, b.customer, "带合同");
  b.relay.receive(pack(b.away));
  b.relay.online = true;
  b.relay.answers = 2;  // the sync, then the parcel's answer is lost with the line
  b.relay.sync();
  for (int i = 0; i < 3; ++i) b.relay.sync();
  b.relay.answers = 1'000'000;
  b.relay.online = true;
  for (int i = 0; i < 5; ++i) b.relay.sync();
  CHECK(arrived(b.bank, task));
  CHECK(b.relay->carrying().held()->front().waiting == 0);
  CHECK(b.bank.store->device(b.away->me().device)->head == 1);
}

TEST_CASE("one file may hold everybody's parcels, in any order, some of them damaged") {
  Branch b;
  AppDevice other{b.bank, b.bank.analyst, 33};
  REQUIRE(b.away.sync());
  const Bytes first = pack(other);  // the first sync of headquarters
  Bytes damaged = pack(b.relay);
  damaged[damaged.size() / 2] ^= 8;
  write_task(b.away, b.customer, "带合同");
  const Bytes mine = carry(b.bank, pack(b.away));
  b.away.receive(join(join(first, damaged), join(mine, pack(b.away))));
  const Received& got = b.away->carrying().received();
  CHECK(got.damaged == 1);
  CHECK(got.held == 1);
  CHECK(got.taken == 1);
  CHECK(got.known == 1);  // its own work on the way round
  CHECK(got.complete);
  CHECK(!got.failed);

  // Answer pages backwards.
  const Bytes answer = carry(b.bank, first);
  std::vector<ByteView> pages = sync::split_parcels(answer).parcels;
  Bytes backwards;
  for (auto page = pages.rbegin(); page != pages.rend(); ++page) {
    backwards.insert(backwards.end(), page->begin(), page->end());
  }
  other.receive(backwards);
  CHECK(other->carrying().received().missing == 0);
  CHECK(other->carrying().received().complete);
}

TEST_CASE("what is no file of parcels is refused, and reading can be stopped") {
  Branch b;
  const Bytes photo(5'000, 0x7F);
  CHECK(b.away->carrying().receive(photo).error().code == ErrorCode::Invalid);
  CHECK(b.away->carrying().receive({}).error().code == ErrorCode::Invalid);
  CHECK(b.away->carrying().receive(Bytes(sync::kParcelFileBytesMax + 1)).error().code ==
        ErrorCode::TooLarge);
  REQUIRE(b.away->carrying().receive(carry(b.bank, pack(b.away))).ok());
  b.away->carrying().stop_receiving();
  CHECK(!b.away->carrying().receiving());
  REQUIRE(b.away.sync());  // and the network's rounds go on
}

TEST_CASE("others' parcels take a bounded room: answers make way, work does not") {
  Branch b;
  SeededRandom random(77);
  const sync::ParcelLabel up{AppBank::kOrganisation, sync::Heading::ToHeadquarters, DeviceId{900}};
  sync::ParcelLabel down = up;
  down.heading = sync::Heading::ToDevice;
  const Bytes large(5 << 20, 1);
  const auto parcel = [&](const sync::ParcelLabel& label) {
    return sync::seal_parcel(label, b.bank.box.public_key(), large, random).value();
  };
  for (int i = 0; i < 10; ++i) b.relay.receive(parcel(down));
  for (int i = 0; i < 12; ++i) b.relay.receive(parcel(up));
  const HeldParcels held = b.relay->carrying().held()->front();
  CHECK(held.bytes <= static_cast<std::uint64_t>(Carrying::kHeldBytesMax));
  CHECK(held.waiting == 12);
  CHECK(held.answers == 0);
  b.relay.receive(parcel(up));
  REQUIRE(b.relay->carrying().received().failed.has_value());
  CHECK(b.relay->carrying().received().failed->code == ErrorCode::StorageFull);
  CHECK(b.relay->carrying().held()->front().waiting == 12);
  REQUIRE(b.relay->carrying().forget(DeviceId{900}).ok());
  CHECK(b.relay->carrying().held()->empty());
}

TEST_CASE("what headquarters refuses is shown, and does not stand in the way of the rest") {
  Branch b;
  REQUIRE(b.relay.sync());
  SeededRandom random(78);
  const sync::ParcelLabel nobody{AppBank::kOrganisation, sync::Heading::ToHeadquarters,
                                 DeviceId{900}};
  b.relay.receive(
      sync::seal_parcel(nobody, b.bank.box.public_key(), Bytes(100, 1), random).value());
  b.relay.receive(pack(b.away));
  b.relay.online = true;
  for (int i = 0; i < 8; ++i) b.relay.sync();
  const std::vector<HeldParcels> held = b.relay->carrying().held().value();
  REQUIRE(held.size() == 2);
  CHECK(held[0].refused == 1);
  CHECK(held[0].waiting == 0);
  CHECK(held[1].answers > 0);
}
