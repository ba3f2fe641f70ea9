// A connection's bytes, plain or under TLS: one type, so that everything above is compiled once.
// Satisfies Asio's AsyncStream and what Beast's WebSocket asks of its next layer.
#pragma once

#include <array>
#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/role.hpp>
#include <memory>
#include <utility>
#include <variant>

#include "sync-server/http/loop.h"

namespace banyan::http {

class Stream {
 public:
  using executor_type = Executor;

  // Under TLS with `tls`; then nothing but async_handshake() may come first.
  Stream(Socket socket, std::shared_ptr<TlsContext> tls);

  Executor get_executor() { return socket().get_executor(); }
  Socket& socket();
  bool secure() const { return tls_ != nullptr; }
  void close();

  template <class Token>
  auto async_handshake(Token&& token) {
    return asio::async_initiate<Token, void(error_code)>(
        [this](Ended ended) { shake_hands(std::move(ended)); }, token);
  }
  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    return asio::async_initiate<Token, void(error_code, std::size_t)>(
        [this](Moved moved, const Few<asio::mutable_buffer>& room) {
          read_some(room, std::move(moved));
        },
        token, few<asio::mutable_buffer>(buffers));
  }
  template <class Buffers, class Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    return asio::async_initiate<Token, void(error_code, std::size_t)>(
        [this](Moved moved, const Few<asio::const_buffer>& bytes) {
          write_some(bytes, std::move(moved));
        },
        token, few<asio::const_buffer>(buffers));
  }

  // How Beast ends a WebSocket's stream, politely and at once.
  template <class Handler>
  friend void async_teardown(boost::beast::role_type role, Stream& stream, Handler&& handler) {
    stream.tear_down(role, std::forward<Handler>(handler));
  }
  friend void beast_close_socket(Stream& stream) { stream.close(); }

 private:
  using TlsStream = asio::ssl::stream<Socket>;
  using Ended = asio::any_completion_handler<void(error_code)>;
  using Moved = asio::any_completion_handler<void(error_code, std::size_t)>;
  // "Some" may be less than asked for, so the first few buffers are enough; the rest is empty.
  template <class Buffer>
  using Few = std::array<Buffer, 4>;

  template <class Buffer, class Buffers>
  static Few<Buffer> few(const Buffers& buffers) {
    Few<Buffer> first;
    std::size_t count = 0;
    const auto end = asio::buffer_sequence_end(buffers);
    for (auto at = asio::buffer_sequence_begin(buffers); at != end && count < first.size(); ++at) {
      const Buffer buffer(*at);
      if (buffer.size() > 0) first[count++] = buffer;
    }
    return first;
  }

  void shake_hands(Ended ended);
  void read_some(const Few<asio::mutable_buffer>& room, Moved moved);
  void write_some(const Few<asio::const_buffer>& bytes, Moved moved);
  void tear_down(boost::beast::role_type role, Ended ended);

  std::shared_ptr<TlsContext> tls_;
  std::variant<Socket, TlsStream> io_;
};

}  // namespace banyan::http
