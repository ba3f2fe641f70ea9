// GET /v0/arrivals and /v0/devices: what came in, from whom, and who is late.
// For roles that see everything; ids and codes only, names come from the replica.
// GET /v0/history: what was changed in one record, for everybody who may read it.
#include <algorithm>

#include "shared/base/json.h"
#include "sync-server/host/service.h"

namespace banyan::server {
namespace {

constexpr std::size_t kArrivalsMax = 500;
constexpr std::size_t kArrivalsUsual = 100;
constexpr std::size_t kHistoryUsual = 200;

Json to_json(const ServerStore::LogEntry& entry) {
  Json rows = Json::array();
  for (const RowWrite& write : entry.commit.rows) {
    rows.push_back(
        {{"entity", write.entity}, {"op", static_cast<int>(write.op)}, {"row", number(write.row)}});
  }
  Json outcomes = Json::array();
  for (const auto& op : entry.outcome.ops) {
    outcomes.push_back(
        {{"row", op.row}, {"field", op.field}, {"outcome", static_cast<int>(op.outcome)}});
  }
  return {{"seq", entry.seq},
          {"device", number(entry.device)},
          {"dseq", entry.dseq},
          {"user", entry.commit.user},
          {"received_ms", entry.received_ms},
          {"stamped_ms", entry.commit.hlc >> 16},
          {"aggregate", number(entry.commit.aggregate)},
          {"rows", std::move(rows)},
          {"flags", entry.outcome.flags},
          {"outcomes", std::move(outcomes)}};
}

}  // namespace

// Whether a device of a headquarters role has signed the request.
Result<bool> Service::headquarters(const Request& request) {
  TRY_ASSIGN(const Devices::Known device, devices_.signer(request));
  TRY_ASSIGN(const Bank::Person person, bank_.person(device.user));
  if (!person.active || !person.sees_all) {
    return fail(ErrorCode::Refused, "not a role of headquarters");
  }
  return true;
}

http::Response Service::arrivals(const Request& request) {
  if (const auto allowed = headquarters(request); !allowed) {
    return http::reply_error(allowed.error());
  }
  const std::uint64_t before = request.number("before").value_or(0);
  const std::uint64_t since = request.number("since").value_or(0);
  const std::size_t count = static_cast<std::size_t>(
      std::clamp<std::uint64_t>(request.number("count").value_or(kArrivalsUsual), 1, kArrivalsMax));
  const auto entries = bank_.store().arrivals(before, count);
  if (!entries) return failed(entries.error());

  Json list = Json::array();
  for (const auto& entry : *entries) {
    if (entry.seq > since) list.push_back(to_json(entry));
  }
  const ServerStore& store = bank_.store();
  const bool more = list.size() == count && entries->back().seq > since + 1;
  const Json answer = {{"head", store.head()},
                       {"epoch", store.epoch()},
                       {"stable", store.stable()},
                       {"now_ms", bank_.clock().wall_ms()},
                       {"more", more},
                       {"arrivals", std::move(list)}};
  return http::reply_json(dump_json(answer));
}

http::Response Service::device_list(const Request& request) {
  if (const auto allowed = headquarters(request); !allowed) {
    return http::reply_error(allowed.error());
  }
  const auto devices = bank_.store().devices();
  if (!devices) return failed(devices.error());
  Json list = Json::array();
  for (const sync::DeviceRecord& device : *devices) {
    list.push_back({{"device", number(device.id)},
                    {"user", number(device.user)},
                    {"head", device.head},
                    {"retired", device.status == sync::DeviceStatus::Retired},
                    {"catalogue", device.catalogue},
                    {"last_contact_ms", device.last_contact_ms}});
  }
  const Json answer = {{"now_ms", bank_.clock().wall_ms()}, {"devices", std::move(list)}};
  return http::reply_json(dump_json(answer));
}

http::Response Service::history(const Request& request) {
  const auto device = devices_.signer(request);
  if (!device) return http::reply_error(device.error());
  const std::string key = std::to_string(number(device->id));
  if (!histories_.allow(key)) {
    return http::reply_later(429, "TooManyRequests", histories_.wait_s(key));
  }
  const RowId aggregate{static_cast<std::int64_t>(request.number("aggregate").value_or(0))};
  const std::size_t count = static_cast<std::size_t>(std::clamp<std::uint64_t>(
      request.number("count").value_or(kHistoryUsual), 1, sync::kHistoryMax));
  const auto found =
      bank_.store().history(device->user, aggregate, request.number("before").value_or(0), count);
  if (!found && found.error().code == ErrorCode::NotFound) {
    return http::reply_error(found.error());
  }
  if (!found) return failed(found.error());
  return http::reply_bytes(sync::encode_history(*found, bank_.keys().organisation));
}

}  // namespace banyan::server
