#include "sync-server/http/message.h"

#include <charconv>
#include <random>
#include <utility>

#include "shared/base/check.h"

namespace banyan::http {
namespace {

template <class Buffer>
Response owning(Buffer content, std::string_view type, int status) {
  auto kept = std::make_shared<const Buffer>(std::move(content));
  Response response;
  response.status = status;
  response.type = type;
  response.body = {reinterpret_cast<const std::uint8_t*>(kept->data()), kept->size()};
  response.owner = std::move(kept);
  return response;
}

int status_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::NotFound: return 404;
    case ErrorCode::Conflict: return 409;
    case ErrorCode::Corrupt:
    case ErrorCode::Invalid: return 400;
    case ErrorCode::Refused:
    case ErrorCode::Locked: return 403;
    case ErrorCode::TooLarge: return 413;
    case ErrorCode::Newer: return 409;
    case ErrorCode::StorageFull: return 507;
    case ErrorCode::Unavailable: return 503;
    case ErrorCode::Io: return 500;
  }
  return 500;
}

}  // namespace

std::string_view name_of(Method method) {
  switch (method) {
    case Method::Get: return "GET";
    case Method::Head: return "HEAD";
    case Method::Post: return "POST";
    case Method::Put: return "PUT";
  }
  return "?";
}

std::string_view Request::parameter(std::string_view name) const {
  const auto mark = target.find('?');
  if (mark == std::string_view::npos) return {};
  std::string_view rest = target.substr(mark + 1);
  while (!rest.empty()) {
    const auto end = rest.find('&');
    const std::string_view pair = rest.substr(0, end);
    const auto equals = pair.find('=');
    if (pair.substr(0, equals) == name) {
      return equals == std::string_view::npos ? std::string_view{} : pair.substr(equals + 1);
    }
    rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
  }
  return {};
}

std::optional<std::uint64_t> Request::number(std::string_view name) const {
  const std::string_view text = parameter(name);
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

Response& Response::add(std::string_view name, std::string_view value) {
  // Values are ours, never a peer's: a line break here would be our own mistake.
  BANYAN_CHECK(value.find_first_of("\r\n") == std::string_view::npos);
  fields.append(name).append(": ").append(value).append("\r\n");
  return *this;
}

Response reply_bytes(Bytes bytes, std::string_view type) {
  return owning(std::move(bytes), type, 200);
}

Response reply_json(std::string text, int status) {
  return owning(std::move(text), "application/json", status);
}

Response reply_error(int status, std::string_view code) {
  return reply_json("{\"error\":\"" + std::string(code) + "\"}\n", status);
}

Response reply_later(int status, std::string_view code, int after_s) {
  static thread_local std::minstd_rand jitter{std::random_device{}()};
  const int spread = std::uniform_int_distribution<int>(0, after_s)(jitter);
  Response response = reply_error(status, code);
  response.add("Retry-After", std::to_string(after_s + spread));
  return response;
}

Response reply_error(const Error& error) {
  const int status = status_of(error.code);
  if (status == 503) return reply_later(status, banyan::name_of(error.code), 1);
  return reply_error(status, banyan::name_of(error.code));
}

}  // namespace banyan::http
