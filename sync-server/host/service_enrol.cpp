// POST /v0/enrol: a one-time code and two fresh keys become a device.
#include "shared/sync/enrol.h"
#include "sync-server/host/service.h"

namespace banyan::server {
namespace {

constexpr std::int64_t kLeaseMs = std::int64_t{45} * 24 * 60 * 60 * 1000;

}  // namespace

http::Response Service::enrol(const Request& request) {
  const std::string_view from = request.remote;
  if (!enrol_attempts_.allow(from)) {
    return http::reply_later(429, "TooManyRequests", enrol_attempts_.wait_s(from));
  }
  if (!enrol_failures_.has(from)) {
    return http::reply_later(429, "TooManyRequests", enrol_failures_.wait_s(from));
  }
  // A window that keeps nothing would use up the code and a device number for good.
  if (!request.parameter("practice").empty() && !bank_.demo()) {
    return http::reply_error(409, "Practice");
  }
  const auto decoded = sync::decode_enrol_request(request.body);
  auto reply = decoded ? enrol_device(*decoded) : Result<Bytes>(decoded.error());
  if (reply) return http::reply_bytes(std::move(*reply));
  enrol_failures_.allow(from);
  log_.write("enrol_refused", {{"from", from}, {"detail", reply.error().detail}});
  if (bank_.store().stopped()) return failed(reply.error());
  return http::reply_error(reply.error());
}

Result<Bytes> Service::enrol_device(const sync::EnrolRequest& request) {
  TRY_ASSIGN(const RowId user, codes_.use(request.code));
  TRY_ASSIGN(const Bank::Person person, bank_.person(user));
  if (!person.active) return fail(ErrorCode::Refused, "the staff member is not active");
  TRY_ASSIGN(const DeviceId device, bank_.store().enrol({user, request.sign_key, request.box_key}));
  devices_.add({device, user, request.sign_key, true});
  TRY(write_device_rows(device, user, person));
  TRY(listeners_.read(bank_.store(), user));
  TRY(announce(device));
  log_.write("enrolled", {{"device", static_cast<std::int64_t>(number(device))},
                          {"user", number(user)},
                          {"role", person.role}});

  return sync::encode_enrol_reply(enrolment_of(device, user, person), bank_.keys().organisation);
}

sync::EnrolReply Service::enrolment_of(DeviceId device, RowId user, const Bank::Person& person) {
  sync::EnrolReply reply;
  reply.organisation = bank_.organisation().number;
  reply.organisation_name = bank_.organisation().name;
  reply.organisation_key = bank_.keys().organisation.verify_key();
  reply.server_box = bank_.keys().box.public_key();
  reply.device = device;
  reply.user = user;
  reply.role = person.role;
  reply.catalogue = bank_.packs().number;
  reply.epoch = bank_.store().epoch();
  reply.head = bank_.store().head();
  reply.now_ms = bank_.clock().wall_ms();
  reply.lease = {device, user, reply.now_ms, reply.now_ms + kLeaseMs};
  return reply;
}

}  // namespace banyan::server
