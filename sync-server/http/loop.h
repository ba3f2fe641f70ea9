// The network thread's inside: one io_context without locks, the connections on
// it, and their deadlines. Only for the few files that know Asio.
#pragma once

#include <atomic>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/intrusive/list.hpp>
#include <chrono>
#include <functional>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "sync-server/http/network.h"

namespace banyan::http {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

using Executor = asio::io_context::executor_type;
using Socket = asio::basic_stream_socket<tcp, Executor>;
using Acceptor = asio::basic_socket_acceptor<tcp, Executor>;
using SteadyClock = std::chrono::steady_clock;
using Timer = asio::basic_waitable_timer<SteadyClock, asio::wait_traits<SteadyClock>, Executor>;
template <class T = void>
using Task = asio::awaitable<T, Executor>;

// `auto [error, size] = co_await x.async_read_some(buffer, kResume);`
inline constexpr asio::as_tuple_t<asio::use_awaitable_t<Executor>> kResume{
    asio::use_awaitable_t<Executor>{}};

class TlsContext {
 public:
  asio::ssl::context context{asio::ssl::context::tls_server};
};

// A connection on the loop's list. Lives on the network thread only.
class Connection : public boost::intrusive::list_base_hook<
                       boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
 public:
  explicit Connection(Loop& loop);
  virtual ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  virtual void cut() = 0;    // closes the socket now; pending operations fail
  virtual void drain() = 0;  // the server wants to stop: end as soon as it is polite
  // Something of that number is worth hearing, unless it is one's own.
  virtual void announce(std::uint64_t, std::int64_t) {}
  virtual bool tell() { return false; }  // says so now; whether there was anything to say
  virtual void ping() {}

  void expires_in(SteadyClock::duration time) { deadline_ = SteadyClock::now() + time; }
  bool expired(SteadyClock::time_point now) const { return now >= deadline_; }

 protected:
  Loop& loop_;

 private:
  SteadyClock::time_point deadline_ = SteadyClock::time_point::max();
};

class Loop {
 public:
  Loop(const Network::Options& options, server::EventLog& log);
  ~Loop();

  Result<std::uint16_t> listen(const std::string& address, std::uint16_t port,
                               std::shared_ptr<TlsContext> tls, const Router& router);
  void run();
  void begin_drain();
  void post(std::function<void()> job);  // from any thread
  void announce(std::uint64_t seq, const Audience& audience);

  // Runs `work` on `worker` and resumes here when it is done and kept. False: the
  // worker was too busy, or could not keep it. `work` must outlive the call.
  Task<bool> run_on(Worker& worker, const std::function<void()>& work);

  // Runs `job` here, again and again.
  void every(SteadyClock::duration pause, std::function<void()> job);

  bool draining() const { return draining_; }
  bool overloaded() const { return connections_ > options_.connections_max; }
  const Times& times() const { return options_.times; }
  std::size_t connections() const { return connections_; }
  std::uint64_t newest() const { return announced_; }
  // Who listens for news, by Ear::who.
  using Ears = std::unordered_multimap<std::int64_t, Connection*>;
  Ears& ears() { return ears_; }
  std::string_view date();
  server::EventLog& log() { return log_; }
  Executor executor() { return context_.get_executor(); }

  // Bodies being received, all connections together.
  bool take_body_bytes(std::size_t size);
  void return_body_bytes(std::size_t size) { body_bytes_ -= size; }

 private:
  friend class Connection;
  struct Listener {
    Acceptor acceptor;
    std::shared_ptr<TlsContext> tls;
    const Router& router;
  };
  using Connections =
      boost::intrusive::list<Connection, boost::intrusive::constant_time_size<false>>;

  Task<> accept(Listener& listener);
  void start(Socket socket, const Listener& listener);
  Task<> read_inbox();
  Task<> sweep();
  Task<> await_signal();
  Task<> tell_news();
  Task<> repeat(SteadyClock::duration pause, std::function<void()> job);

  const Network::Options options_;
  server::EventLog& log_;
  asio::io_context context_;
  std::vector<std::unique_ptr<Listener>> listeners_;
  Connections list_;
  std::atomic<std::size_t> connections_{0};
  std::atomic<bool> draining_{false};
  SteadyClock::time_point drain_end_{};
  std::size_t body_bytes_ = 0;
  std::uint64_t announced_ = 0;
  bool news_waits_ = false;
  Ears ears_;
  std::int64_t date_s_ = 0;
  std::string date_;

  std::mutex inbox_mutex_;
  std::vector<std::function<void()>> inbox_;
  asio::posix::basic_stream_descriptor<Executor> inbox_signal_;
  Timer sweep_timer_, news_timer_;
};

// Serves one connection to its end, under TLS with `tls`. (connection.cpp)
Task<> serve(Loop& loop, Socket socket, std::shared_ptr<TlsContext> tls, const Router& router);

}  // namespace banyan::http
