// The server's HTTP layer on a free port of this process, with a few routes.
#pragma once

#include <atomic>
#include <cstdint>
#include <stdexcept>
#include <thread>

#include "shared/base/check.h"
#include "shared/platform/clock.h"
#include "sync-server/http/network.h"

namespace banyan::test {

class HttpHost {
 public:
  explicit HttpHost(const http::Network::Options& options = {})
      : log_(nullptr, clock_), network_(options, log_) {}

  http::Router& router() { return router_; }
  http::Network& network() { return network_; }

  // Every request that reaches a handler counts here.
  std::atomic<int> handled{0};

  std::uint16_t start() {
    const auto port = network_.listen("127.0.0.1", 0, nullptr, router_);
    BANYAN_CHECK(port.ok());
    thread_ = std::thread([this] { network_.run(); });
    return *port;
  }
  void stop() {
    if (!thread_.joinable()) return;
    network_.begin_drain();
    thread_.join();
  }
  ~HttpHost() { stop(); }

 private:
  SystemClock clock_;
  server::EventLog log_;
  http::Network network_;
  http::Router router_;
  std::thread thread_;
};

// GET /, POST /echo (bodies to `body_max`) and GET /throws.
inline void add_plain_routes(HttpHost& host, std::size_t body_max) {
  using http::Method;
  host.router().add({Method::Get, "/", 0, nullptr, [&host](const http::Request&) {
                       ++host.handled;
                       return http::reply_json("{}");
                     }});
  host.router().add({Method::Post, "/echo", body_max, nullptr, [&host](const http::Request& in) {
                       ++host.handled;
                       return http::reply_bytes(Bytes(in.body.begin(), in.body.end()));
                     }});
  host.router().add(
      {Method::Get, "/throws", 0, nullptr,
       [](const http::Request&) -> http::Response { throw std::runtime_error("on purpose"); }});
}

}  // namespace banyan::test
