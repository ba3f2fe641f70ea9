#include "sync-server/http/network.h"

#include <sys/eventfd.h>
#include <sys/resource.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <utility>

#include "sync-server/http/head.h"
#include "sync-server/http/limits.h"
#include "sync-server/http/loop.h"

namespace banyan::http {
namespace {

// Over the limit a few more are let in, to be told so instead of being cut.
constexpr std::size_t kRefusedAtOnce = 128;
// Whoever is told comes and asks: 1,250 a second leave room for other work.
constexpr auto kNewsPause = std::chrono::milliseconds(200);
constexpr std::size_t kToldAtOnce = 250;

// Every connection is a file: take as many as the system lets us have.
void raise_file_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

Connection::Connection(Loop& loop) : loop_(loop) {
  loop_.list_.push_back(*this);
  ++loop_.connections_;
}

Connection::~Connection() { --loop_.connections_; }

Loop::Loop(const Network::Options& options, server::EventLog& log)
    : options_(options),
      log_(log),
      context_(BOOST_ASIO_CONCURRENCY_HINT_UNSAFE),
      inbox_signal_(context_, eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
      sweep_timer_(context_),
      news_timer_(context_) {
  raise_file_limit();
  std::signal(SIGPIPE, SIG_IGN);
}

Loop::~Loop() = default;

Result<std::uint16_t> Loop::listen(const std::string& address, std::uint16_t port,
                                   std::shared_ptr<TlsContext> tls, const Router& router) {
  const std::string where = address + ":" + std::to_string(port);
  error_code error;
  const auto ip = asio::ip::make_address(address, error);
  if (error) return fail(ErrorCode::Invalid, "not an address: " + address);
  const tcp::endpoint endpoint(ip, port);
  Acceptor acceptor(context_);
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(Acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) return fail(ErrorCode::Unavailable, where + ": " + error.message());
  const std::uint16_t bound = acceptor.local_endpoint(error).port();
  listeners_.push_back(
      std::unique_ptr<Listener>(new Listener{std::move(acceptor), std::move(tls), router}));
  return bound;
}

void Loop::run() {
  asio::co_spawn(context_, read_inbox(), asio::detached);
  asio::co_spawn(context_, sweep(), asio::detached);
  asio::co_spawn(context_, await_signal(), asio::detached);
  asio::co_spawn(context_, tell_news(), asio::detached);
  for (auto& listener : listeners_) asio::co_spawn(context_, accept(*listener), asio::detached);
  context_.run();
}

Task<> Loop::accept(Listener& listener) {
  while (!draining_) {
    auto [error, socket] = co_await listener.acceptor.async_accept(kResume);
    if (draining_) co_return;
    if (error) {  // out of files, or the peer has gone already
      log_.write("accept_failed", {{"reason", error.message()}});
      Timer pause(context_, std::chrono::milliseconds(50));
      co_await pause.async_wait(kResume);
      continue;
    }
    if (connections_ >= options_.connections_max + kRefusedAtOnce) continue;  // closes it
    start(std::move(socket), listener);
  }
}

void Loop::start(Socket socket, const Listener& listener) {
  error_code ignored;  // an answer that waits for more is only slower
  socket.set_option(tcp::no_delay(true), ignored);
  asio::co_spawn(context_, serve(*this, std::move(socket), listener.tls, listener.router),
                 asio::detached);
}

void Loop::post(std::function<void()> job) {
  bool first = false;
  {
    const std::scoped_lock lock(inbox_mutex_);
    first = inbox_.empty();
    inbox_.push_back(std::move(job));
  }
  if (first) eventfd_write(inbox_signal_.native_handle(), 1);
}

Task<> Loop::read_inbox() {
  std::uint64_t count = 0;
  std::vector<std::function<void()>> jobs;
  for (;;) {
    const auto buffer = asio::buffer(&count, sizeof count);
    auto [error, size] = co_await inbox_signal_.async_read_some(buffer, kResume);
    if (error) co_return;
    {
      const std::scoped_lock lock(inbox_mutex_);
      jobs.swap(inbox_);
    }
    for (auto& job : jobs) job();
    jobs.clear();
  }
}

Task<bool> Loop::run_on(Worker& worker, const std::function<void()>& work) {
  auto initiate = [this, &worker, &work](auto handler) {
    auto resume = std::make_shared<decltype(handler)>(std::move(handler));
    const auto back = [this, resume](bool kept) {
      asio::post(context_, [resume, kept] { std::move (*resume)(kept); });
    };
    Worker::Job job{work, [this, back](bool kept) { post([back, kept] { back(kept); }); }};
    if (!worker.submit(std::move(job))) back(false);
  };
  constexpr asio::use_awaitable_t<Executor> token;
  const bool kept =
      co_await asio::async_initiate<const asio::use_awaitable_t<Executor>&, void(bool)>(initiate,
                                                                                        token);
  co_return kept;
}

void Loop::every(SteadyClock::duration pause, std::function<void()> job) {
  asio::co_spawn(context_, repeat(pause, std::move(job)), asio::detached);
}

Task<> Loop::repeat(SteadyClock::duration pause, std::function<void()> job) {
  for (;;) {
    Timer timer(context_, pause);
    co_await timer.async_wait(kResume);
    job();
  }
}

Task<> Loop::sweep() {
  auto last_ping = SteadyClock::now();
  for (;;) {
    sweep_timer_.expires_after(draining_ ? std::chrono::milliseconds(20) : options_.times.sweep);
    co_await sweep_timer_.async_wait(kResume);
    const auto now = SteadyClock::now();
    const bool ping = now - last_ping >= options_.times.ping;
    if (ping) last_ping = now;
    const bool end = draining_ && now >= drain_end_;
    for (auto at = list_.begin(); at != list_.end();) {
      Connection& connection = *at++;
      if (end || connection.expired(now)) {
        connection.cut();
      } else if (ping) {
        connection.ping();
      }
    }
    if (draining_ && connections_ == 0) break;
  }
  context_.stop();
}

Task<> Loop::await_signal() {
  asio::basic_signal_set<Executor> signals(context_);
  signals.add(SIGTERM);
  signals.add(SIGINT);
  auto [error, number] = co_await signals.async_wait(kResume);
  if (!error) begin_drain();
  // A second signal means it: the default action.
}

void Loop::begin_drain() {
  if (draining_.exchange(true)) return;
  log_.write("draining", {{"connections", static_cast<std::int64_t>(connections_)}});
  drain_end_ = SteadyClock::now() + options_.times.drain;
  for (auto& listener : listeners_) {
    error_code ignored;  // closed or not, nothing more is taken
    listener->acceptor.close(ignored);
  }
  for (auto at = list_.begin(); at != list_.end();) (*at++).drain();
  sweep_timer_.cancel();
}

void Loop::announce(std::uint64_t seq, const Audience& audience) {
  announced_ = std::max(announced_, seq);
  if (audience.everybody) {
    for (Connection& connection : list_) connection.announce(announced_, audience.besides);
  }
  for (const std::int64_t who : audience.who) {
    const auto [from, to] = ears_.equal_range(who);
    for (auto at = from; at != to; ++at) at->second->announce(announced_, audience.besides);
  }
  if (!audience.everybody && audience.who.empty()) return;
  news_waits_ = true;
  news_timer_.cancel();
}

Task<> Loop::tell_news() {
  for (;;) {
    if (!news_waits_) {
      news_timer_.expires_at(SteadyClock::time_point::max());
      co_await news_timer_.async_wait(kResume);
      continue;
    }
    std::size_t told = 0;
    for (auto at = list_.begin(); at != list_.end() && told < kToldAtOnce; ++at) {
      if (at->tell()) ++told;
    }
    news_waits_ = told == kToldAtOnce;
    Timer pause(context_, kNewsPause);
    co_await pause.async_wait(kResume);
  }
}

std::string_view Loop::date() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const std::int64_t second = std::chrono::duration_cast<std::chrono::seconds>(now).count();
  if (second != date_s_) {
    date_s_ = second;
    date_ = http_date(second);
  }
  return date_;
}

bool Loop::take_body_bytes(std::size_t size) {
  if (body_bytes_ + size > kBodiesBytesMax) return false;
  body_bytes_ += size;
  return true;
}

Network::Network(const Options& options, server::EventLog& log)
    : loop_(std::make_unique<Loop>(options, log)) {}
Network::~Network() = default;

Result<std::uint16_t> Network::listen(const std::string& address, std::uint16_t port,
                                      std::shared_ptr<TlsContext> tls, const Router& router) {
  return loop_->listen(address, port, std::move(tls), router);
}
void Network::run() { loop_->run(); }
void Network::begin_drain() {
  loop_->post([loop = loop_.get()] { loop->begin_drain(); });
}
void Network::every(std::chrono::milliseconds pause, std::function<void()> job) {
  loop_->every(pause, std::move(job));
}
bool Network::draining() const { return loop_->draining(); }
void Network::post(std::function<void()> job) { loop_->post(std::move(job)); }
void Network::announce(std::uint64_t seq, Audience audience) {
  loop_->post(
      [loop = loop_.get(), seq, heard_by = std::move(audience)] { loop->announce(seq, heard_by); });
}
std::size_t Network::connections() const { return loop_->connections(); }

}  // namespace banyan::http
