// The device's side of an exchange that a carrier makes: no challenge, no connection,
// and answers that come whenever they come.
#include <tuple>

#include "shared/base/laws.h"
#include "shared/changelog/page.h"
#include "shared/sync/client.h"

namespace banyan::sync {
namespace {

// Between two rounds it does not matter when the last one began.
bool same_place(const Cursor& a, Cursor b) {
  if (a.sub == kRoundEnd && b.sub == kRoundEnd) b.start = a.start;
  return a == b;
}

// Whether a device that stands at `now` was at `then` before.
bool has_passed(const Cursor& now, const Cursor& then) {
  const auto place = [](const Cursor& c) { return std::tuple(c.base, c.pos, c.sub); };
  return then.epoch == 0 || (then.epoch == now.epoch && place(then) < place(now));
}

}  // namespace

// All but the last only push: the answer's pages go with the last one, and one answer is enough.
Result<Client::ForCarrier> Client::make_carried() {
  TRY_ASSIGN(const DeviceState state, store_.state());
  ForCarrier out;
  out.last = state.acked;
  const Bytes waybill = encode_waybill({state.device, clock_.wall_ms(), state.cursor});
  while (true) {
    Request request = start_request(state);
    request.challenge = waybill;
    request.nonce = random_.next_u64();
    if (!state.forked) {
      const std::uint64_t after = out.last;
      TRY_ASSIGN(request.bundles, bundles_after(state, after, kPushBytesMax, out.last));
      TRY(add_receipts(after, out.last, request));
    }
    const bool all = state.forked || out.last >= state.last;
    request.push_only = !all;
    out.requests.push_back(encode_request(request, key_));
    if (all) return out;
  }
}

Result<Client::Delivered> Client::handle_carried(ByteView bytes) {
  TRY_ASSIGN(const Reply reply, decode_reply(bytes, organisation_));
  const auto waybill = decode_waybill(reply.next_challenge);
  if (!waybill) return fail(ErrorCode::Refused, "a reply that was made for the network");
  TRY_ASSIGN(const DeviceState state, store_.state());
  Delivered out;
  out.delivery = Delivery::Foreign;
  if (waybill->device != state.device || reply.organisation != state.organisation) return out;
  out.progress.newer_catalogue = reply.catalogue > state.catalogue;
  out.progress.retired = reply.status == ReplyStatus::Retired;
  for (const PushReport& push : reply.pushes) {
    if (push.status == PushStatus::Rejected) ++out.progress.rejected;
    if (push.status == PushStatus::Parked) ++out.progress.parked;
  }
  out.delivery = Delivery::Known;
  if (same_place(waybill->from, state.cursor) || broken(Law::InPlace)) {
    Reply dated = reply;
    dated.note.asked_ms = waybill->asked_ms;
    TRY(take_carried(state, dated, out));
  } else if (!has_passed(state.cursor, waybill->from)) {
    out.delivery = Delivery::Ahead;
  }
  // A reply that is still on its way was asked for from where the device does not stand any more.
  if (out.delivery == Delivery::Taken) nonce_ = 0;
  TRY_ASSIGN(const DeviceState after, store_.state());
  out.progress.left = after.left;
  return out;
}

// The device stands where this reply was asked from.
Status Client::take_carried(const DeviceState& state, const Reply& reply, Delivered& out) {
  if (reply.forked && !state.forked) {
    TRY(store_.set_forked(true));
    out.delivery = Delivery::Taken;
  }
  out.progress.forked = reply.forked || state.forked;
  // Commits that the parcel's device may have lost: here they are there, or they are wanted.
  const bool lost = !reply.tail.empty() && reply.tail_first == state.last + 1;
  if (lost && !out.progress.forked) {
    asked_last_ = state.last;
    TRY(take_tail(state, reply, out.progress));
    out.delivery = Delivery::Taken;
  }
  if (reply.page.empty()) return {};
  Status taken = take_page(reply, out.progress);
  if (taken.ok()) {
    out.delivery = Delivery::Taken;
  } else if (taken.error().code == ErrorCode::Conflict) {
    out.progress.more = true;  // it acknowledges more than is here or came along: ask again
    return {};
  }
  return taken;
}

}  // namespace banyan::sync
