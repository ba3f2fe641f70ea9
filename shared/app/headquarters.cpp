#include <algorithm>
#include <map>

#include "shared/app/ask.h"
#include "shared/app/queries.h"
#include "shared/base/date.h"
#include "shared/base/json.h"
#include "shared/sync/protocol.h"

namespace banyan {

namespace {

constexpr std::size_t kReplyDepthMax = 6;
constexpr std::int64_t kLateMs = 3 * kDayMs;  // a device that was silent for longer is late

std::int64_t int_at(const Json& object, std::string_view key) {
  const Json* member = json_member(object, key);
  return member == nullptr ? 0 : json_int(*member).value_or(0);
}

const Json& list_at(const Json& object, std::string_view key) {
  static const Json kEmpty = Json::array();
  const Json* member = json_member(object, key);
  return member != nullptr && member->is_array() ? *member : kEmpty;
}

std::string staff_name(const Session& session, std::int64_t staff) {
  return title_of(session, *session.names().staff, RowId{staff});
}

Arrival arrival_of(const Session& session, const Json& json) {
  Arrival out;
  out.seq = static_cast<std::uint64_t>(int_at(json, "seq"));
  out.author = staff_name(session, int_at(json, "user"));
  out.device = DeviceId{static_cast<std::uint32_t>(int_at(json, "device"))};
  out.aggregate = RowId{int_at(json, "aggregate")};
  out.received_ms = int_at(json, "received_ms");
  out.written_ms = int_at(json, "stamped_ms");
  const std::int64_t flags = int_at(json, "flags");
  out.late = (flags & sync::kLate) != 0;
  out.suspect = (flags & sync::kSuspect) != 0;
  out.jumped = (flags & sync::kJumped) != 0;
  out.let_in = (flags & sync::kLetIn) != 0;
  for (const Json& op : list_at(json, "outcomes")) {
    out.refused |= rejected(static_cast<Outcome>(int_at(op, "outcome")));
  }
  const Json& rows = list_at(json, "rows");
  out.rows = static_cast<int>(rows.size());
  if (!rows.empty()) {
    out.entity =
        session.catalogue().entity(static_cast<std::uint32_t>(int_at(rows.front(), "entity")));
  }
  out.title = title_of(session, *session.names().customer, out.aggregate);
  if (out.title.empty() && out.entity != nullptr && out.entity->root()) {
    out.title = title_of(session, *out.entity, out.aggregate);
  }
  return out;
}

DeviceReport device_of(const Session& session, const Json& json, std::int64_t now_ms) {
  DeviceReport out;
  out.device = DeviceId{static_cast<std::uint32_t>(int_at(json, "device"))};
  out.head = static_cast<std::uint64_t>(int_at(json, "head"));
  out.last_contact_ms = int_at(json, "last_contact_ms");
  const Json* retired = json_member(json, "retired");
  out.retired = retired != nullptr && json_bool(*retired).value_or(false);
  out.late = !out.retired && now_ms - out.last_contact_ms > kLateMs;
  const std::int64_t user = int_at(json, "user");
  out.user = staff_name(session, user);
  ask(
      session,
      "SELECT coalesce(b.short_name, b.name) FROM staff s JOIN branch b ON b.id=s.branch"
      " WHERE s.id=?1",
      [&](const Statement& row) { out.branch = text_at(row, 0); }, user);
  return out;
}

Result<Json> json_of(const Result<HttpReply>& reply, std::string_view what) {
  if (!reply.ok()) return reply.error();
  return parse_json(as_text(reply->body), kReplyDepthMax, what);
}

}  // namespace

void fetch_arrivals(Session& session, std::uint64_t before, std::size_t count_max,
                    std::function<void(Result<Arrivals>)> done) {
  const std::string target =
      "/v0/arrivals?before=" + std::to_string(before) + "&count=" + std::to_string(count_max);
  session.remote().call("GET", target, {}, [&session, done](const Result<HttpReply>& reply) {
    const Result<Json> json = json_of(reply, "arrivals");
    if (!json.ok()) return done(json.error());
    Arrivals out;
    out.asked_ms = int_at(*json, "now_ms");
    out.seq = static_cast<std::uint64_t>(int_at(*json, "head"));
    out.stable = static_cast<std::uint64_t>(int_at(*json, "stable"));
    for (const Json& one : list_at(*json, "arrivals")) {
      out.commits.push_back(arrival_of(session, one));
    }
    done(std::move(out));
  });
}

void fetch_devices(Session& session, std::function<void(Result<std::vector<DeviceReport>>)> done) {
  session.remote().call("GET", "/v0/devices", {}, [&session, done](const Result<HttpReply>& reply) {
    const Result<Json> json = json_of(reply, "devices");
    if (!json.ok()) return done(json.error());
    std::vector<DeviceReport> out;
    for (const Json& one : list_at(*json, "devices")) {
      out.push_back(device_of(session, one, int_at(*json, "now_ms")));
    }
    std::stable_sort(out.begin(), out.end(), [](const DeviceReport& a, const DeviceReport& b) {
      return std::pair(!a.late, a.last_contact_ms) < std::pair(!b.late, b.last_contact_ms);
    });
    done(std::move(out));
  });
}

}  // namespace banyan
