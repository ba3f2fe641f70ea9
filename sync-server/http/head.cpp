#include "sync-server/http/head.h"

#include <array>
#include <cstdio>
#include <ctime>

namespace banyan::http {
namespace {

// The app is one worker with WebAssembly and an OffscreenCanvas, all of one
// origin: it may load from here and from nowhere else, and nothing may frame it.
constexpr std::string_view kStrict =
    "Content-Security-Policy: default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; "
    "worker-src 'self'; connect-src 'self'; img-src 'self' blob: data:; style-src 'self'; "
    "font-src 'self'; media-src 'self' blob:; manifest-src 'self'; object-src 'none'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n"
    "Cross-Origin-Embedder-Policy: require-corp\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "Permissions-Policy: camera=(self), geolocation=(self), microphone=(self), payment=(), "
    "usb=(), serial=(), bluetooth=(), display-capture=()\r\n";

constexpr std::string_view kHsts =
    "Strict-Transport-Security: max-age=31536000; includeSubDomains\r\n";

std::string_view caching_line(Caching caching) {
  switch (caching) {
    case Caching::Never: return "Cache-Control: no-store\r\n";
    case Caching::Revalidate: return "Cache-Control: no-cache\r\n";
    case Caching::Forever: return "Cache-Control: public, max-age=31536000, immutable\r\n";
  }
  return "Cache-Control: no-store\r\n";
}

// A browser that has once seen HSTS from "localhost" would refuse every plain
// http://localhost of that developer for a year.
bool on_localhost(std::string_view host) { return host.substr(0, host.find(':')) == "localhost"; }

}  // namespace

std::string_view strict_fields() { return kStrict; }

std::string make_head(const Response& response, const HeadContext& context) {
  std::string head;
  head.reserve(1280 + response.fields.size());
  head.append("HTTP/1.1 ").append(std::to_string(response.status)).append(" ");
  head.append(reason_of(response.status)).append("\r\n");
  head.append("Date: ").append(context.date).append("\r\nServer: banyan\r\n");
  // 204 and 304 have no body, and a 304 none of the fields that describe one.
  if (response.status != 304 && response.status != 204) {
    head.append("Content-Type: ").append(response.type).append("\r\n");
    head.append("Content-Length: ").append(std::to_string(response.body.size())).append("\r\n");
  }
  head.append(caching_line(response.caching)).append(kStrict);
  if (context.secure && !on_localhost(context.host)) head.append(kHsts);
  head.append(response.fields);
  if (!context.keep_alive) head.append("Connection: close\r\n");
  head.append("\r\n");
  return head;
}

std::string_view reason_of(int status) {
  switch (status) {
    case 101: return "Switching Protocols";
    case 200: return "OK";
    case 201: return "Created";
    case 204: return "No Content";
    case 206: return "Partial Content";
    case 304: return "Not Modified";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 411: return "Length Required";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 416: return "Range Not Satisfiable";
    case 417: return "Expectation Failed";
    case 422: return "Unprocessable Content";
    case 426: return "Upgrade Required";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 503: return "Service Unavailable";
    case 507: return "Insufficient Storage";
    default: return "Status";
  }
}

std::string http_date(std::int64_t unix_s) {
  static constexpr std::array kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::time_t t = unix_s;
  std::tm utc{};
  gmtime_r(&t, &utc);
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT",
                kDays[static_cast<std::size_t>(utc.tm_wday)], utc.tm_mday,
                kMonths[static_cast<std::size_t>(utc.tm_mon)], utc.tm_year + 1900, utc.tm_hour,
                utc.tm_min, utc.tm_sec);
  return text.data();
}

}  // namespace banyan::http
