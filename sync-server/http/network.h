// The HTTP server: listens, reads requests within limits, asks the router, writes
// answers; one thread of its own, coroutines inside.
//
// Asio and Beast stay behind this header: loop.h, network.cpp, connection.cpp and
// news_socket.cpp are the only files that know them.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "shared/base/result.h"
#include "sync-server/http/event_log.h"
#include "sync-server/http/limits.h"
#include "sync-server/http/router.h"
#include "sync-server/http/tls.h"

namespace banyan::http {

class Loop;

// Which WebSockets hear of something: those of some people, or all, but not the one that has
// done it and knows.
struct Audience {
  bool everybody = false;
  std::vector<std::int64_t> who;  // Ear::who
  std::int64_t besides = 0;       // Ear::self
};

class Network {
 public:
  struct Options {
    std::size_t connections_max = 12'000;  // further ones get 503
    Times times;
  };

  // `log` must outlive this object.
  Network(const Options& options, server::EventLog& log);
  ~Network();

  // Starts to listen; several calls, several listeners. The router must outlive
  // run(). Port 0 takes a free one. The port, or Unavailable when it is taken.
  Result<std::uint16_t> listen(const std::string& address, std::uint16_t port,
                               std::shared_ptr<TlsContext> tls, const Router& router);

  // Runs `job` on the network thread, again and again. Before run().
  void every(std::chrono::milliseconds pause, std::function<void()> job);

  // Serves until drained: SIGTERM or SIGINT, or begin_drain().
  void run();

  // The rest may be called from any thread.

  // Takes no more connections, ends idle ones, lets running requests finish (at
  // most kDrainTime); then run() returns.
  void begin_drain();
  bool draining() const;

  // Runs `job` on the network thread.
  void post(std::function<void()> job);

  // Tells these WebSockets, and whoever opens one from now on, that the log has grown to
  // `seq`. Calls close together become one message. A crowd is told little by little, since
  // all that hear it come and ask.
  void announce(std::uint64_t seq, Audience audience);

  std::size_t connections() const;

 private:
  std::unique_ptr<Loop> loop_;
};

}  // namespace banyan::http
