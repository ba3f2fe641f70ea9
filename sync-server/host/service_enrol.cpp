// POST /v0/enrol: a one-time code and two fresh keys become a device.
#include "shared/sync/enrol.h"
#include "sync-server/host/service.h"

namespace banyan::server {
namespace {

constexpr std::int64_t kLeaseMs = std::int64_t{45} * 24 * 60 * 60 * 1000;
constexpr std::string_view kActive = "active";

std::int64_t choice_no(const Field& field, std::string_view name) {
  for (const Choice& choice : field.choices) {
    if (choice.name == name) return choice.no;
  }
  return 0;
}

}  // namespace

http::Response Service::enrol(const Request& request) {
  const std::string_view from = request.remote;
  if (!enrol_attempts_.allow(from)) {
    return http::reply_later(429, "TooManyRequests", enrol_attempts_.wait_s(from));
  }
  if (!enrol_failures_.has(from)) {
    return http::reply_later(429, "TooManyRequests", enrol_failures_.wait_s(from));
  }
  const auto decoded = sync::decode_enrol_request(request.body);
  auto reply = decoded ? enrol_device(*decoded) : Result<Bytes>(decoded.error());
  if (reply) return http::reply_bytes(std::move(*reply));
  enrol_failures_.allow(from);
  log_.write("enrol_refused", {{"from", from}, {"detail", reply.error().detail}});
  if (bank_.database().stopped()) return failed(reply.error());
  return http::reply_error(reply.error());
}

Result<Bytes> Service::enrol_device(const sync::EnrolRequest& request) {
  TRY_ASSIGN(const RowId user, codes_.use(request.code));
  TRY_ASSIGN(const Bank::Person person, bank_.person(user));
  if (!person.active) return fail(ErrorCode::Refused, "the staff member is not active");
  TRY_ASSIGN(const DeviceId device, bank_.store().enrol({user, request.sign_key, request.box_key}));
  devices_.add({device, user, request.sign_key, true});
  TRY(write_device_row(device, user, person));
  network_.announce(bank_.store().head());
  log_.write("enrolled", {{"device", static_cast<std::int64_t>(number(device))},
                          {"user", number(user)},
                          {"role", person.role}});

  sync::EnrolReply reply;
  reply.organisation = bank_.organisation().number;
  reply.organisation_name = bank_.organisation().name;
  reply.organisation_key = bank_.keys().organisation.verify_key();
  reply.server_box = bank_.keys().box.public_key();
  reply.device = device;
  reply.user = user;
  reply.role = person.role;
  reply.catalogue = bank_.packs().number;
  reply.now_ms = bank_.clock().wall_ms();
  reply.lease = {device, user, reply.now_ms, reply.now_ms + kLeaseMs};
  return sync::encode_enrol_reply(reply, bank_.keys().organisation);
}

// The device as headquarters and the branch see it, when the packs know devices.
Status Service::write_device_row(DeviceId device, RowId user, const Bank::Person& person) {
  const Entity* entity = bank_.packs().catalogue.entity("device");
  if (entity == nullptr) return {};
  const std::int64_t now = bank_.clock().wall_ms();
  const auto device_no = static_cast<std::int64_t>(number(device));
  Draft draft;
  draft.aggregate = bank_.store().mint(kServerDevice);
  RowWrite write{entity->no, Op::Insert, draft.aggregate, 1, {}};
  const auto set = [&](std::string_view name, Value value) {
    if (const Field* field = entity->field(name)) write.cells.push_back({field->no, value, {}});
  };
  set("number", Value(device_no));
  set("name", Value(person.name + " #" + std::to_string(device_no)));
  set("staff", Value(user));
  if (person.branch != kNoRow) set("branch", Value(person.branch));
  if (const Field* status = entity->field("status")) {
    set("status", Value(choice_no(*status, kActive)));
  }
  set("last_contact", Value(now));
  set("catalogue", Value(static_cast<std::int64_t>(bank_.packs().number)));
  set("enrolled_at", Value(now));
  draft.rows.push_back(std::move(write));
  contact_noted_ms_[number(device)] = now;
  TRY(bank_.store().author(kServerDevice, std::span(&draft, 1)));
  return {};
}

}  // namespace banyan::server
