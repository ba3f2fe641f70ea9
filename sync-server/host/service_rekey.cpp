// POST /v0/rekey: a copy of a tablet gets a number of its own, and headquarters sees it.
#include "sync-server/host/service.h"

namespace banyan::server {

http::Response Service::rekey(const Request& request) {
  const auto former = devices_.signer(request);
  if (!former) return http::reply_error(former.error());
  const std::string key = std::to_string(number(former->id));
  if (!rekeys_.allow(key)) return http::reply_later(429, "TooManyRequests", rekeys_.wait_s(key));
  auto reply = rekey_device(*former, request.body);
  if (reply) return http::reply_bytes(std::move(*reply));
  log_.write("rekey_refused", {{"device", static_cast<std::int64_t>(number(former->id))},
                               {"detail", reply.error().detail}});
  if (bank_.store().stopped()) return failed(reply.error());
  return http::reply_error(reply.error());
}

Result<Bytes> Service::rekey_device(const Devices::Known& former, ByteView body) {
  TRY_ASSIGN(const sync::RekeyRequest request, sync::decode_rekey_request(body));
  TRY_ASSIGN(const Bank::Person person, bank_.person(former.user));
  if (!person.active) return fail(ErrorCode::Refused, "the staff member is not active");
  sync::RekeyReply reply;
  TRY_ASSIGN(reply.number, sync_.rekey(former.id, request));
  const bool parted = reply.number.device != former.id;
  // Asked again, perhaps of another server, it is there already.
  const auto known = bank_.store().find(
      "device", "number", Value(static_cast<std::int64_t>(number(reply.number.device))));
  if (!known && known.error().code != ErrorCode::NotFound) return known.error();
  if (parted && !known) {
    devices_.add({reply.number.device, former.user, request.sign_key, true});
    TRY(write_device_rows(reply.number.device, former.user, person));
    TRY(mark_copied(former.id));
    TRY(announce(reply.number.device));
    log_.write("rekeyed", {{"former", static_cast<std::int64_t>(number(former.id))},
                           {"device", static_cast<std::int64_t>(number(reply.number.device))},
                           {"common", static_cast<std::int64_t>(reply.number.common)}});
  }
  reply.enrolment = enrolment_of(reply.number.device, former.user, person);
  return sync::encode_rekey_reply(reply, bank_.keys().organisation);
}

}  // namespace banyan::server
