// A tablet's connection to the server: plain HTTP over a real socket, opened when it is needed,
// and every way in which a poor network ends it.
#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "shared/base/bytes.h"

namespace banyan::bench {

namespace asio = boost::asio;
using Executor = asio::io_context::executor_type;
using SteadyClock = std::chrono::steady_clock;
using Socket = asio::basic_stream_socket<asio::ip::tcp, Executor>;
using Timer = asio::basic_waitable_timer<SteadyClock, asio::wait_traits<SteadyClock>, Executor>;
template <class T = void>
using Task = asio::awaitable<T, Executor>;
inline constexpr asio::as_tuple_t<asio::use_awaitable_t<Executor>> kResume{
    asio::use_awaitable_t<Executor>{}};

struct Answer {
  int status = 0;  // 0: the line broke before all of it was there
  std::int64_t retry_after_ms = 0;
  Bytes body;
};

class Line {
 public:
  // To 127.0.0.1:port. `which` picks the own address, so that ports do not run out.
  Line(asio::io_context& io, std::uint16_t port, std::size_t which);

  // A request and its answer. Stays open for the next one, unless the server ends it.
  Task<Answer> ask(std::string_view method, std::string_view target, ByteView body);
  // Sends a part of a request (0 to 1) and cuts the line.
  Task<> break_off(std::string_view target, ByteView body, double part);
  // Sends a whole request and cuts the line before the answer.
  Task<> ask_and_leave(std::string_view target, ByteView body);
  // One byte of a head each second, or nothing at all, until the server cuts the line; how long
  // that took, in seconds.
  Task<double> dawdle(bool silent);
  // Goes on as a WebSocket; false when the server does not want it.
  Task<bool> upgrade(std::string_view target);
  // The next text message of the WebSocket; nothing at its end. Answers pings.
  Task<std::optional<std::string>> hear();

  void cut();  // at once, as a dead network does

 private:
  Task<bool> open();
  Task<bool> send(std::string_view head, ByteView body);
  Task<bool> fill();
  Task<Answer> read_answer();

  asio::io_context& io_;
  const std::uint16_t port_;
  const std::uint32_t own_address_;
  Socket socket_;
  std::string buffer_;
};

}  // namespace banyan::bench
