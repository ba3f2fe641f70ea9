#include "tests/bench/load/line.h"

#include <array>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <charconv>

namespace banyan::bench {
namespace {

using asio::ip::tcp;
using boost::system::error_code;

constexpr std::size_t kOwnAddresses = 200;

std::string head_of(std::string_view method, std::string_view target, std::size_t size) {
  std::string head;
  head.append(method).append(" ").append(target).append(" HTTP/1.1\r\nHost: localhost\r\n");
  if (method != "GET") head += "Content-Length: " + std::to_string(size) + "\r\n";
  return head + "\r\n";
}

// The value of a field as a number; `name` as the server writes it.
std::int64_t number_in(std::string_view head, std::string_view name) {
  const auto at = head.find(name);
  std::int64_t value = 0;
  if (at != std::string_view::npos) {
    std::from_chars(head.data() + at + name.size(), head.data() + head.size(), value);
  }
  return value;
}

}  // namespace

Line::Line(asio::io_context& io, std::uint16_t port, std::size_t which)
    : io_(io),
      port_(port),
      own_address_(static_cast<std::uint32_t>(0x7F000002 + which % kOwnAddresses)),
      socket_(io) {}

Task<bool> Line::open() {
  if (socket_.is_open()) co_return true;
  buffer_.clear();
  error_code error;
  socket_.open(tcp::v4(), error);
  if (!error) socket_.bind({asio::ip::address_v4(own_address_), 0}, error);
  if (!error) socket_.set_option(tcp::no_delay(true), error);
  if (error) {
    cut();
    co_return false;
  }
  const tcp::endpoint server(asio::ip::address_v4::loopback(), port_);
  auto [refused] = co_await socket_.async_connect(server, kResume);
  if (refused) cut();
  co_return !refused;
}

void Line::cut() {
  error_code ignored;  // it may be over already
  socket_.set_option(asio::socket_base::linger(true, 0), ignored);
  socket_.close(ignored);
}

Task<bool> Line::send(std::string_view head, ByteView body) {
  const std::array<asio::const_buffer, 2> all{asio::buffer(head.data(), head.size()),
                                              asio::buffer(body.data(), body.size())};
  auto [error, size] = co_await asio::async_write(socket_, all, kResume);
  co_return !error;
}

Task<bool> Line::fill() {
  std::array<char, 16 * 1024> part;
  auto [error, size] = co_await socket_.async_read_some(asio::buffer(part), kResume);
  if (error) co_return false;
  buffer_.append(part.data(), size);
  co_return true;
}

Task<Answer> Line::ask(std::string_view method, std::string_view target, ByteView body) {
  if (!co_await open()) co_return Answer{};
  const std::string head = head_of(method, target, body.size());
  // Also after a write that failed: a server that refuses early has said why.
  co_await send(head, body);
  Answer answer = co_await read_answer();
  if (answer.status == 0) cut();
  co_return answer;
}

Task<Answer> Line::read_answer() {
  std::size_t end = 0;
  while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
    if (!co_await fill()) co_return Answer{};
  }
  const std::string head = buffer_.substr(0, end + 2);
  buffer_.erase(0, end + 4);
  Answer answer;
  answer.status = static_cast<int>(number_in(head, "HTTP/1.1 "));
  answer.retry_after_ms = number_in(head, "\r\nRetry-After: ") * 1000;
  const auto size = static_cast<std::size_t>(number_in(head, "\r\nContent-Length: "));
  while (buffer_.size() < size) {
    if (!co_await fill()) co_return Answer{};
  }
  const ByteView bytes = as_bytes({buffer_.data(), size});
  answer.body.assign(bytes.begin(), bytes.end());
  buffer_.erase(0, size);
  if (head.find("\r\nConnection: close") != std::string::npos) cut();
  co_return answer;
}

Task<> Line::break_off(std::string_view target, ByteView body, double part) {
  if (!co_await open()) co_return;
  const std::string head = head_of("POST", target, body.size());
  co_await send(head,
                body.first(static_cast<std::size_t>(static_cast<double>(body.size()) * part)));
  cut();
}

Task<> Line::ask_and_leave(std::string_view target, ByteView body) {
  if (!co_await open()) co_return;
  const std::string head = head_of("POST", target, body.size());
  co_await send(head, body);
  // Wait until the server has read it: bytes under way would be lost with the line.
  Timer pause(io_, std::chrono::milliseconds(20));
  co_await pause.async_wait(kResume);
  cut();
}

Task<double> Line::dawdle(bool silent) {
  const auto since = SteadyClock::now();
  if (!co_await open()) co_return 0;
  const std::string head = head_of("POST", "/v0/sync", 1000);
  for (std::size_t sent = 0; !silent && sent + 1 < head.size(); ++sent) {
    auto [error, size] = co_await asio::async_write(socket_, asio::buffer(&head[sent], 1), kResume);
    if (error) break;
    Timer pause(io_, std::chrono::seconds(1));
    co_await pause.async_wait(kResume);
  }
  while (co_await fill()) {
  }
  cut();
  co_return std::chrono::duration<double>(SteadyClock::now() - since).count();
}

Task<bool> Line::upgrade(std::string_view target) {
  if (!co_await open()) co_return false;
  std::string head = "GET ";
  head.append(target).append(
      " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
  if (!co_await send(head, {})) co_return false;
  const Answer answer = co_await read_answer();
  co_return answer.status == 101;
}

// RFC 6455, 5.2; the server's frames are small, whole and not masked.
Task<std::optional<std::string>> Line::hear() {
  for (;;) {
    while (buffer_.size() < 2 || buffer_.size() < 2U + static_cast<unsigned char>(buffer_[1])) {
      if (!co_await fill()) co_return std::nullopt;
    }
    const int kind = buffer_[0] & 0x0F;
    const auto size = static_cast<std::size_t>(buffer_[1]);
    std::string text = buffer_.substr(2, size);
    buffer_.erase(0, 2 + size);
    if (kind == 1) co_return text;
    if (kind == 8) co_return std::nullopt;
    if (kind != 9) continue;
    std::string pong{"\x8A\x80\0\0\0\0", 6};  // masked with zeros
    pong[1] = static_cast<char>(0x80 | size);
    pong += text;
    if (!co_await send(pong, {})) co_return std::nullopt;
  }
}

}  // namespace banyan::bench
