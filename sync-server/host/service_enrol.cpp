// POST /v0/enrol: a one-time code and two fresh keys become a device.
#include <optional>
#include <utility>
#include <vector>

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

// A root row of an entity that the packs may have, by names of fields; fields that they
// do not have are left out. No draft without the entity.
using NamedValues = std::vector<std::pair<std::string_view, Value>>;
std::optional<Draft> new_root(Bank& bank, std::string_view entity_name, const NamedValues& values) {
  const Entity* entity = bank.packs().catalogue.entity(entity_name);
  if (entity == nullptr) return std::nullopt;
  Draft draft;
  draft.aggregate = bank.store().mint(kServerDevice);
  RowWrite write{entity->no, Op::Insert, draft.aggregate, 1, {}};
  for (const auto& [name, value] : values) {
    const Field* field = entity->field(name);
    if (field != nullptr && !is_null(value)) write.cells.push_back({field->no, value, {}});
  }
  draft.rows.push_back(std::move(write));
  return draft;
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
  reply.epoch = bank_.store().epoch();
  reply.head = bank_.store().head();
  reply.now_ms = bank_.clock().wall_ms();
  reply.lease = {device, user, reply.now_ms, reply.now_ms + kLeaseMs};
  return sync::encode_enrol_reply(reply, bank_.keys().organisation);
}

// The device as everybody knows it, and what headquarters and its branch follow. It has no name
// until headquarters gives it one: the app says its number, in the reader's language.
Status Service::write_device_rows(DeviceId device, RowId user, const Bank::Person& person) {
  const std::int64_t now = bank_.clock().wall_ms();
  const auto device_no = static_cast<std::int64_t>(number(device));
  std::vector<Draft> drafts;
  if (auto known = new_root(
          bank_, "device",
          {{"number", Value(device_no)}, {"staff", Value(user)}, {"enrolled_at", Value(now)}})) {
    drafts.push_back(std::move(*known));
  }
  const Entity* report = bank_.packs().catalogue.entity("device_report");
  if (report != nullptr && !drafts.empty()) {
    const Field* status = report->field("status");
    drafts.push_back(
        *new_root(bank_, "device_report",
                  {{"device", Value(drafts.front().aggregate)},
                   {"branch", person.branch != kNoRow ? Value(person.branch) : Value{}},
                   {"status", status != nullptr ? Value(choice_no(*status, kActive)) : Value{}},
                   {"last_contact", Value(now)},
                   {"catalogue", Value(static_cast<std::int64_t>(bank_.packs().number))}}));
  }
  contact_noted_ms_[number(device)] = now;
  TRY(bank_.store().author(kServerDevice, drafts));
  return {};
}

}  // namespace banyan::server
