#include "sync-server/http/stream.h"

#include <boost/asio/bind_executor.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <boost/beast/websocket/teardown.hpp>
#include <utility>

namespace banyan::http {

Stream::Stream(Socket socket, std::shared_ptr<TlsContext> tls)
    : tls_(std::move(tls)), io_(std::move(socket)) {
  if (tls_) io_ = TlsStream(std::move(std::get<Socket>(io_)), tls_->context);
}

Socket& Stream::socket() {
  if (auto* under_tls = std::get_if<TlsStream>(&io_)) return under_tls->next_layer();
  return std::get<Socket>(io_);
}

void Stream::close() {
  error_code ignored;  // it is going either way
  socket().close(ignored);
}

void Stream::shake_hands(Ended ended) {
  std::get<TlsStream>(io_).async_handshake(asio::ssl::stream_base::server, std::move(ended));
}

void Stream::read_some(const Few<asio::mutable_buffer>& room, Moved moved) {
  std::visit([&](auto& io) { io.async_read_some(room, std::move(moved)); }, io_);
}

void Stream::write_some(const Few<asio::const_buffer>& bytes, Moved moved) {
  std::visit([&](auto& io) { io.async_write_some(bytes, std::move(moved)); }, io_);
}

void Stream::tear_down(boost::beast::role_type role, Ended ended) {
  auto resumed = asio::bind_executor(get_executor(), std::move(ended));
  using boost::beast::websocket::async_teardown;
  std::visit([&](auto& io) { async_teardown(role, io, std::move(resumed)); }, io_);
}

}  // namespace banyan::http
