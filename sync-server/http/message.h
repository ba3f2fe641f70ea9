// An HTTP request and its answer, as the routes see them: no socket, no parser.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "shared/base/bytes.h"

namespace banyan::http {

enum class Method : std::uint8_t { Get, Head, Post, Put };
std::string_view name_of(Method method);

// The header fields of one request. A name that came twice gives its first value.
class Fields {
 public:
  virtual ~Fields() = default;
  virtual std::string_view get(std::string_view name) const = 0;  // empty when absent
};

// Valid while its handler runs; every view points into the connection.
struct Request {
  Method method{};
  std::string_view target;  // as sent: path and query, nothing decoded
  const Fields* fields = nullptr;
  ByteView body;
  std::string_view remote;  // the peer's address, without port
  bool secure = false;

  std::string_view path() const { return target.substr(0, target.find('?')); }
  std::string_view header(std::string_view name) const { return fields->get(name); }
  // The value of `name` in the query, not decoded; empty when absent.
  std::string_view parameter(std::string_view name) const;
  // A decimal parameter; nothing when it is absent or no number.
  std::optional<std::uint64_t> number(std::string_view name) const;
};

enum class Caching : std::uint8_t {
  Never,       // no-store: whatever the server computes
  Revalidate,  // ask each time, with the ETag
  Forever,     // the name changes with the content
};

// Of a WebSocket that listens for news: whose it is, and which one, in numbers of the routes.
struct Ear {
  std::int64_t who = 0, self = 0;
};

struct Response {
  int status = 200;
  std::string_view type = "application/json";
  Caching caching = Caching::Never;
  std::string fields;  // further lines, each "Name: value\r\n"
  ByteView body;
  std::shared_ptr<const void> owner;  // keeps `body` alive
  Ear ear;                            // with status 101

  Response& add(std::string_view name, std::string_view value);
};

Response reply_bytes(Bytes bytes, std::string_view type = "application/octet-stream");
Response reply_json(std::string text, int status = 200);
// {"error": code}: says no more than a stranger may know.
Response reply_error(int status, std::string_view code);
// The same with Retry-After, jittered so that a crowd does not come back at once.
Response reply_later(int status, std::string_view code, int after_s);
// An error of the core as an answer; its detail stays in the log.
Response reply_error(const Error& error);

}  // namespace banyan::http
