// POST /v0/ticket and the WebSocket /v0/news, which only says "there is news".
#include <algorithm>

#include "sync-server/host/service.h"

namespace banyan::server {

http::Response Service::ticket(const Request& request) {
  const auto device = devices_.signer(request);
  if (!device) return http::reply_error(device.error());
  const std::string ticket = tickets_.give(device->id);
  if (ticket.empty()) return http::reply_later(503, "Unavailable", 10);
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
  if (!tickets_.take(request.parameter("ticket"))) {
    log_.write("news_refused", {{"reason", "ticket"}, {"from", request.remote}});
    return http::reply_error(403, "Refused");
  }
  Response welcome;
  welcome.status = 101;
  return welcome;
}

}  // namespace banyan::server
