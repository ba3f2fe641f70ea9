// What a carrier brings to headquarters, and the answer that it takes back.
#include <algorithm>

#include "shared/sync/server.h"

namespace banyan::sync {

Result<Server::Carried> Server::handle_carried(ByteView parcel, const BoxKey& box) {
  const auto refused = [](ErrorCode why) {
    Carried out;
    out.refused = why;
    return out;
  };
  const auto label = peek_parcel(parcel);
  if (!label) return refused(label.error().code);
  if (label->heading != Heading::ToHeadquarters) return refused(ErrorCode::Refused);
  if (label->organisation != store_.organisation()) return refused(ErrorCode::NotFound);
  const auto content = open_parcel(parcel, box);
  if (!content) return refused(content.error().code);
  const auto request = decode_request(*content);
  if (!request) return refused(request.error().code);
  const auto waybill = decode_waybill(request->challenge);
  if (!waybill || waybill->device != request->device || waybill->from != request->cursor ||
      label->device != request->device || request->organisation != store_.organisation()) {
    return refused(ErrorCode::Refused);
  }
  const auto device = store_.device(request->device);
  if (!device && device.error().code != ErrorCode::NotFound) return device.error();
  if (!device) return refused(ErrorCode::NotFound);
  if (!verify_request(*content, device->sign_key)) return refused(ErrorCode::Refused);
  return take_carried(*request, *device);
}

Result<Server::Carried> Server::take_carried(const Request& request, const DeviceRecord& device) {
  Carried out;
  Reply reply = start_reply(ReplyStatus::Ok, request.nonce);
  TRY(take_bundles(request, reply, out.handled));
  TRY_ASSIGN(const bool all_here, all_is_here(request));
  // An old parcel takes nothing back of what the device has said since.
  const bool whole = all_here || device.whole_epoch == store_.epoch();
  TRY_ASSIGN(const std::uint64_t floor, floor_of(request));
  TRY(store_.contacted(request.device, {std::max(request.catalogue, device.catalogue), whole, floor,
                                        clock_.wall_ms()}));
  TRY(drain_after_restore(out.handled));
  TRY_ASSIGN(const DeviceRecord now, store_.device(request.device));
  TRY(answer(request, now, reply));
  out.handled.device = request.device;
  out.handled.status = reply.status;
  out.handled.forked = out.handled.forked || reply.forked;
  TRY(answer_carried(request, now, std::move(reply), out));
  return out;
}

// The first reply says how the bundles ended; each has the next page of the round. Whoever asks
// by a carrier cannot ask on, so the pages come with the commits that the device may have lost:
// the parcel may also be older than those, and then the device has them.
Status Server::answer_carried(Request request, const DeviceRecord& device, Reply reply,
                              Carried& out) {
  const ParcelLabel label{store_.organisation(), Heading::ToDevice, device.id};
  const auto asked = decode_waybill(request.challenge);
  while (true) {
    Place place;
    place.end = reply.status != ReplyStatus::Ok || request.push_only;
    if (!place.end) {
      TRY_ASSIGN(place, add_page(request, reply, out.handled));
    }
    reply.next_challenge = encode_waybill({device.id, asked->asked_ms, request.cursor});
    const auto parcel =
        seal_parcel(label, device.box_key, encode_reply(reply, organisation_), random_);
    if (!parcel) {
      out.unanswered = parcel.error().code;
      return {};
    }
    out.answer.insert(out.answer.end(), parcel->begin(), parcel->end());
    if (place.end || out.answer.size() >= kAnswerBytesMax) return {};
    request.cursor = place.cursor;
    request.acked = place.acked;
    reply = start_reply(ReplyStatus::Ok, request.nonce);
    reply.head = device.head;
  }
}

}  // namespace banyan::sync
