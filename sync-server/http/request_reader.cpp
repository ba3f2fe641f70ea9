#include "sync-server/http/request_reader.h"

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <charconv>

#include "sync-server/http/limits.h"

namespace banyan::http {
namespace {

// Every line ends with CR LF, no line is folded, no control byte anywhere.
bool clean_lines(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\r') {
      if (i + 1 == text.size() || text[i + 1] != '\n') return false;
    } else if (c == '\n') {
      if (i == 0 || text[i - 1] != '\r') return false;
      if (i + 1 < text.size() && (text[i + 1] == ' ' || text[i + 1] == '\t')) return false;
    } else if ((static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F) {
      return false;
    }
  }
  return true;
}

}  // namespace

void RequestHead::clear() {
  parser_.reset();
  method_ = Method::Get;
  body_size_ = 0;
  keep_alive_ = wants_continue_ = upgrade_ = false;
}

int RequestHead::parse(std::string_view text) {
  clear();
  if (!clean_lines(text)) return 400;
  parser_.emplace();
  parser_->header_limit(static_cast<std::uint32_t>(kHeaderBytesMax));
  parser_->body_limit(boost::none);  // the route says; the body is not Beast's business
  boost::system::error_code error;
  parser_->put(boost::asio::buffer(text.data(), text.size()), error);
  if (error == beast_http::error::header_limit) return 431;
  if (error || !parser_->is_header_done()) return 400;
  return check();
}

int RequestHead::check() {
  using beast_http::field;
  const auto& head = parser_->get();
  std::size_t fields = 0, lengths = 0, hosts = 0, codings = 0;
  for (const auto& each : head) {
    ++fields;
    lengths += each.name() == field::content_length ? 1 : 0;
    hosts += each.name() == field::host ? 1 : 0;
    codings += each.name() == field::transfer_encoding ? 1 : 0;
  }
  if (fields > kFieldsMax) return 431;
  if (codings > 0) return lengths == 0 && codings == 1 && head.chunked() ? 411 : 400;
  if (lengths > 1 || hosts > 1 || (hosts == 0 && head.version() == 11)) return 400;

  if (lengths == 1) {
    const auto text = head[field::content_length];
    const auto [end, bad] = std::from_chars(text.data(), text.data() + text.size(), body_size_);
    if (bad != std::errc{} || end != text.data() + text.size()) return 400;
  }
  const std::string_view path = target();
  if (path.size() > kTargetBytesMax) return 414;
  if (path.empty() || path.front() != '/') return 400;

  switch (head.method()) {
    case beast_http::verb::get: method_ = Method::Get; break;
    case beast_http::verb::head: method_ = Method::Head; break;
    case beast_http::verb::post: method_ = Method::Post; break;
    case beast_http::verb::put: method_ = Method::Put; break;
    default: return 405;
  }
  const auto expect = head[field::expect];
  wants_continue_ = boost::beast::iequals(expect, "100-continue");
  if (!expect.empty() && !wants_continue_) return 417;
  keep_alive_ = head.keep_alive();
  upgrade_ = boost::beast::websocket::is_upgrade(head);
  return 0;
}

std::string_view RequestHead::target() const {
  if (!parser_) return "/";
  const auto text = parser_->get().target();
  return {text.data(), text.size()};
}

std::string_view RequestHead::get(std::string_view name) const {
  if (!parser_) return {};
  const auto text = parser_->get()[boost::beast::string_view(name.data(), name.size())];
  return {text.data(), text.size()};
}

}  // namespace banyan::http
