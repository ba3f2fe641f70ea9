// Parcels: packed, carried about for weeks, handed in late or twice or never, and their answers.
#include <algorithm>

#include "tests/simulation/founding.h"
#include "tests/simulation/world.h"

namespace banyan::sim {
namespace {

constexpr std::size_t kBagMax = 12;

}  // namespace

// Somebody packs, or a carrier takes something out of the bag; of some a copy stays in it.
void World::carry(Random& r) {
  if (!weather_.carriers) return ask(r);
  if (bag_.empty() || r.below(3) == 0) {
    return pack(static_cast<std::size_t>(r.below(devices_.size())));
  }
  const auto at = static_cast<std::ptrdiff_t>(r.below(bag_.size()));
  const Parcel parcel = bag_[static_cast<std::size_t>(at)];
  if (r.below(4) != 0) {
    bag_.erase(bag_.begin() + at);
  } else {
    count("parcels doubled");
  }
  if (devices_[parcel.device]->id != parcel.id) return;  // it has another number by now
  if (parcel.to_server) {
    hand_in(parcel);
  } else {
    read_answer(parcel);
  }
}

void World::pack(std::size_t index) {
  Device& d = *devices_[index];
  if (d.retired) return;
  const auto made = need(d.client->make_carried(), "I15 make_carried");
  if (failed()) return;
  const sync::ParcelLabel label{kOrganisation, sync::Heading::ToHeadquarters, d.id};
  for (const Bytes& request : made.requests) {
    Bytes sealed = need(
        sync::seal_parcel(label, headquarters_box().public_key(), request, d.random), "parcel");
    bag_.push_back({index, d.id, true, std::move(sealed), nullptr});
  }
  need(d.replica->mark_sent(made.last), "mark_sent");
  while (bag_.size() > kBagMax) bag_.erase(bag_.begin());
  count("parcels packed", made.requests.size());
}

void World::hand_in(const Parcel& parcel) {
  take_turns();
  const auto carried = server_->handle_carried(parcel.bytes, headquarters_box());
  if (!carried.ok()) return fail_with("I15 the server fails: " + carried.error().detail);
  if (carried->refused || carried->unanswered) return fail_with("I15 a parcel is refused");
  if (carried->handled.forked && !weather_.clones) fail_with("I16 a fork where nobody cloned");
  count("parcels handed in");
  count("commits", carried->handled.appended);
  count("parked", carried->handled.parked);
  follow();
  const Device& d = *devices_[parcel.device];
  for (const ByteView answer : sync::split_parcels(carried->answer).parcels) {
    if (failed()) return;
    const Bytes reply = need(sync::open_parcel(answer, *d.box), "answer");
    bag_.push_back(
        {parcel.device, parcel.id, false, Bytes(answer.begin(), answer.end()), promise_of(reply)});
  }
}

// I9, I5: an answer does something exactly when the device stands where it was asked from.
void World::read_answer(const Parcel& parcel) {
  Device& d = *devices_[parcel.device];
  const Message reply{parcel.device, false, need(sync::open_parcel(parcel.bytes, *d.box), "parcel"),
                      parcel.promise};
  if (failed()) return;
  const auto decoded = sync::decode_reply(reply.bytes, organisation_.verify_key());
  if (!decoded.ok()) return fail_with("reply: " + decoded.error().detail);
  const sync::Cursor from = need(d.replica->state(), "state").cursor;
  const Standing before = standing_of(d);
  const auto delivered = d.client->handle_carried(reply.bytes);
  if (!delivered.ok()) return fail_with("I15 handle_carried: " + delivered.error().detail);
  d.acted = true;
  using enum sync::Client::Delivery;
  const sync::Cursor to = need(d.replica->state(), "state").cursor;
  switch (delivered->delivery) {
    case Foreign: return fail_with("I15 an answer is taken for another device's");
    case Known:
    case Ahead:
      if (to != from) fail_with("I9 an answer moves a device that stands elsewhere");
      return count(delivered->delivery == Known ? "answers known" : "answers ahead");
    case Taken: break;
  }
  count("answers taken");
  sync::Reply read = *decoded;
  if (!read.page.empty()) {
    const Page page = need(decode_page(read.page, organisation_.verify_key()), "page");
    // It acknowledges what is not here: only the commits that come with it were taken.
    if (!page.reset && to != sync::after_page(from, page, read.note)) read.page.clear();
  }
  took(reply, read, delivered->progress, before);
}

}  // namespace banyan::sim
