// POST /v0/ticket and the WebSocket /v0/news, which only says "there is news".
#include <algorithm>

#include "sync-server/host/service.h"

namespace banyan::server {

http::Response Service::ticket(const Request& request) {
  const auto device = devices_.signer(request);
  if (!device) return http::reply_error(device.error());
  const std::string ticket = tickets_.give(device->id);
  const ByteView bytes = as_bytes(ticket);
  return http::reply_bytes(Bytes(bytes.begin(), bytes.end()), "text/plain");
}

// A browser sends its page's origin with every WebSocket; a page of somebody
// else must not listen with the help of a tablet's network. Other programs have
// no origin, and are held by the ticket alone.
bool Service::own_origin(const Request& request) const {
  const std::string_view origin = request.header("Origin");
  if (origin.empty()) return true;
  const std::string own =
      (request.secure ? "https://" : "http://") + std::string(request.header("Host"));
  return origin == own || std::find(options_.origins.begin(), options_.origins.end(), origin) !=
                              options_.origins.end();
}

http::Response Service::news(const Request& request) {
  if (!own_origin(request)) {
    log_.write("news_refused", {{"reason", "origin"}, {"from", request.remote}});
    return http::reply_error(403, "Refused");
  }
  const std::optional<DeviceId> device = tickets_.take(request.parameter("ticket"));
  const auto known = device ? devices_.find(*device) : std::nullopt;
  if (!known) {
    log_.write("news_refused", {{"reason", "ticket"}, {"from", request.remote}});
    return http::reply_error(403, "Refused");
  }
  Response welcome;
  welcome.status = 101;
  welcome.ear = {number(known->user), static_cast<std::int64_t>(number(known->id))};
  return welcome;
}

// Tells those who may see what was just written, but not the device that knows.
Status Service::announce(DeviceId besides) {
  const std::vector<RowId> touched = bank_.store().take_touched();
  if (touched.empty()) return {};
  TRY_ASSIGN(http::Audience audience, listeners_.of(bank_.store(), touched));
  audience.besides = static_cast<std::int64_t>(number(besides));
  network_.announce(bank_.store().head(), std::move(audience));
  return {};
}

}  // namespace banyan::server
