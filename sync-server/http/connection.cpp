// One HTTP connection: reads a head, routes, reads a body, runs the handler,
// writes the answer, and again.
#include <array>
#include <boost/asio/write.hpp>
#include <cstring>
#include <exception>
#include <optional>

#include "sync-server/http/head.h"
#include "sync-server/http/limits.h"
#include "sync-server/http/loop.h"
#include "sync-server/http/news_socket.h"
#include "sync-server/http/request_reader.h"
#include "sync-server/http/stream.h"

namespace banyan::http {
namespace {

class HttpConnection final : public Connection {
 public:
  HttpConnection(Loop& loop, Stream& stream, const Router& router)
      : Connection(loop),
        stream_(stream),
        router_(router),
        refused_(loop.overloaded()),
        buffer_(new char[kHeaderBytesMax]) {
    error_code error;  // without an address it is only absent from the log
    remote_ = stream_.socket().remote_endpoint(error).address().to_string();
  }
  ~HttpConnection() override { loop_.return_body_bytes(body_taken_); }

  // True: go on as a WebSocket with handshake().
  Task<bool> run();
  const Handshake& handshake() const { return head_.message(); }
  const Ear& ear() const { return ear_; }

  void cut() override { stream_.close(); }
  void drain() override {
    if (idle_) cut();
  }

 private:
  Task<bool> read_head();
  Task<bool> serve_request();
  Task<bool> read_body(std::size_t size);
  Task<Response> answer(const Route& route, const Request& request);
  Task<bool> write(const Response& response, bool keep_alive);
  Task<bool> refuse(int status, std::string_view code);
  Task<> linger();
  void forget(std::size_t size);
  void note(const Route& route, int status, std::size_t bytes, SteadyClock::time_point since);

  Stream& stream_;
  const Router& router_;
  const bool refused_;
  std::unique_ptr<char[]> buffer_;  // a whole head, and what came with it
  std::size_t filled_ = 0;
  std::size_t head_size_ = 0;
  RequestHead head_;
  Bytes body_;                  // a body that does not fit in the buffer
  std::size_t body_taken_ = 0;  // of the loop's allowance
  std::string remote_;
  bool idle_ = true;
  bool upgrade_ = false;
  Ear ear_;
};

Task<bool> HttpConnection::run() {
  for (;;) {
    Task<bool> reading = read_head();
    if (!co_await std::move(reading)) break;
    Task<bool> serving = serve_request();
    if (!co_await std::move(serving)) break;
  }
  co_return upgrade_;
}

// False: the connection is over.
Task<bool> HttpConnection::read_head() {
  idle_ = filled_ == 0;
  if (idle_ && loop_.draining()) co_return false;
  expires_in(idle_ ? loop_.times().idle : loop_.times().header);
  head_.clear();
  std::size_t searched = 0;
  for (;;) {
    const std::string_view text(buffer_.get(), filled_);
    const auto end = text.find("\r\n\r\n", searched);
    if (end != std::string_view::npos) {
      head_size_ = end + 4;
      break;
    }
    if (filled_ == kHeaderBytesMax) {
      Task<bool> refusing = refuse(431, "TooLarge");
      co_return co_await std::move(refusing);
    }
    searched = filled_ < 3 ? 0 : filled_ - 3;
    const auto room = asio::buffer(buffer_.get() + filled_, kHeaderBytesMax - filled_);
    auto [error, size] = co_await stream_.async_read_some(room, kResume);
    if (error) co_return false;
    if (filled_ == 0) expires_in(loop_.times().header);
    filled_ += size;
    idle_ = false;
  }
  const int status = head_.parse({buffer_.get(), head_size_});
  if (status != 0) {
    Task<bool> refusing = refuse(status, reason_of(status));
    co_return co_await std::move(refusing);
  }
  co_return true;
}

// True: the next request may come.
Task<bool> HttpConnection::serve_request() {
  const auto since = SteadyClock::now();
  Request request;
  request.method = head_.method();
  request.target = head_.target();
  request.fields = &head_;
  request.remote = remote_;
  request.secure = stream_.secure();

  const Router::Found found = router_.find(request.method, request.path());
  const std::size_t size = head_.body_size();
  int refusal = 0;
  if (refused_) {
    refusal = 503;
  } else if (!found.path_known) {
    refusal = 404;
  } else if (found.route == nullptr) {
    refusal = 405;
  } else if (size > found.route->body_max) {
    refusal = 413;
  } else if (found.route->news && !head_.upgrade()) {
    refusal = 426;
  }
  if (refusal == 404 && size == 0) {  // nothing is left unread: no reason to part
    const Response response = reply_error(404, "NotFound");
    Task<bool> writing = write(response, head_.keep_alive());
    const bool written = co_await std::move(writing);
    forget(head_size_);
    co_return written;
  }
  if (refusal != 0) {
    if (refusal == 413) loop_.log().write("too_large", {{"route", found.route->path}});
    Task<bool> refusing = refuse(refusal, reason_of(refusal));
    co_return co_await std::move(refusing);
  }

  const Route& route = *found.route;
  if (size > 0) {
    Task<bool> reading = read_body(size);
    if (!co_await std::move(reading)) co_return false;
    request.body = body_.empty() ? as_bytes({buffer_.get() + head_size_, size}) : ByteView(body_);
  }
  expires_in(std::chrono::hours(1));  // a worker's time is its own; the queue is bounded
  Task<Response> answering = answer(route, request);
  const Response response = co_await std::move(answering);
  note(route, response.status, size, since);
  if (response.status == 101) {
    ear_ = response.ear;
    upgrade_ = filled_ == head_size_;  // a client that talks before the answer is none
    co_return false;
  }
  const bool keep_alive = head_.keep_alive() && !loop_.draining();
  Task<bool> writing = write(response, keep_alive);
  const bool written = co_await std::move(writing);
  forget(head_size_ + (body_.empty() ? size : 0));
  loop_.return_body_bytes(body_taken_);
  body_taken_ = 0;
  body_ = {};
  co_return written&& keep_alive;
}

Task<bool> HttpConnection::read_body(std::size_t size) {
  const std::size_t here = std::min(size, filled_ - head_size_);
  if (here == size) co_return true;  // all of it came with the head
  expires_in(loop_.times().body);
  if (head_.wants_continue() && here == 0) {
    static constexpr std::string_view kGoOn = "HTTP/1.1 100 Continue\r\n\r\n";
    const auto text = asio::buffer(kGoOn.data(), kGoOn.size());
    auto [error, written] = co_await asio::async_write(stream_, text, kResume);
    if (error) co_return false;
  }
  const auto* start = reinterpret_cast<const std::uint8_t*>(buffer_.get()) + head_size_;
  body_.assign(start, start + here);
  filled_ = head_size_;
  while (body_.size() < size) {
    const std::size_t at = body_.size();
    // Memory grows with what arrived, not with what was announced.
    const std::size_t step = std::min(size - at, std::max<std::size_t>(at, 16 * 1024));
    if (!loop_.take_body_bytes(step)) {
      loop_.log().write("bodies_full");
      Task<bool> refusing = refuse(503, "Unavailable");
      co_return co_await std::move(refusing);
    }
    body_taken_ += step;
    body_.resize(at + step);
    std::size_t got = 0;
    while (got < step) {
      const auto room = asio::buffer(body_.data() + at + got, step - got);
      auto [error, count] = co_await stream_.async_read_some(room, kResume);
      if (error) co_return false;
      got += count;
    }
  }
  co_return true;
}

Task<Response> HttpConnection::answer(const Route& route, const Request& request) {
  Response response;
  // Fails closed, and the process lives.
  const std::function<void()> job = [&] {
    try {
      response = route.handle(request);
    } catch (const std::exception& thrown) {
      loop_.log().write("handler_failed", {{"route", route.path}, {"what", thrown.what()}});
      response = reply_error(500, "Internal");
    }
  };
  if (route.worker == nullptr) {
    job();
    co_return response;
  }
  Task<bool> running = loop_.run_on(*route.worker, job);
  const bool kept = co_await std::move(running);
  // By then what is waiting now is done; reply_later() spreads the crowd.
  const auto wait = std::chrono::ceil<std::chrono::seconds>(route.worker->backlog());
  if (!kept)
    response = reply_later(503, "Unavailable", std::max(1, static_cast<int>(wait.count())));
  co_return response;
}

Task<bool> HttpConnection::write(const Response& response, bool keep_alive) {
  const HeadContext context{stream_.secure(), keep_alive, head_.get("Host"), loop_.date()};
  const std::string head = make_head(response, context);
  const bool bare = head_.method() == Method::Head || response.status == 304;
  const ByteView body = bare ? ByteView{} : response.body;
  std::size_t at = std::min(body.size(), kWriteSlice);
  const std::array<asio::const_buffer, 2> first{asio::buffer(head), asio::buffer(body.data(), at)};
  expires_in(loop_.times().write);
  auto [failed, written] = co_await asio::async_write(stream_, first, kResume);
  if (failed) co_return false;
  while (at < body.size()) {
    const std::size_t size = std::min(body.size() - at, kWriteSlice);
    const auto slice = asio::buffer(body.data() + at, size);
    expires_in(loop_.times().write);
    auto [error, count] = co_await asio::async_write(stream_, slice, kResume);
    if (error) co_return false;
    at += size;
  }
  co_return true;
}

// Says no and ends the connection: after a request that was not understood, or
// not read, nobody knows where the next one starts.
Task<bool> HttpConnection::refuse(int status, std::string_view code) {
  loop_.log().write("refused", {{"status", status}, {"from", remote_}});
  Response response =
      status == 503 ? reply_later(503, "Unavailable", 5) : reply_error(status, code);
  if (status == 405) {
    const std::string_view target = head_.target();
    response.add("Allow", router_.find(Method::Get, target.substr(0, target.find('?'))).allow);
  }
  Task<bool> writing = write(response, false);
  if (co_await std::move(writing)) {
    Task<> lingering = linger();
    co_await std::move(lingering);
  }
  co_return false;
}

// Closing with bytes unread would reset the connection, and the answer with it.
Task<> HttpConnection::linger() {
  error_code ignored;  // it is going either way
  expires_in(std::chrono::seconds(1));
  stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
  for (std::size_t dropped = 0; dropped < kSyncBody;) {
    const auto room = asio::buffer(buffer_.get(), kHeaderBytesMax);
    auto [error, size] = co_await stream_.socket().async_read_some(room, kResume);
    if (error) co_return;
    dropped += size;
  }
}

void HttpConnection::forget(std::size_t size) {
  std::memmove(buffer_.get(), buffer_.get() + size, filled_ - size);
  filled_ -= size;
}

void HttpConnection::note(const Route& route, int status, std::size_t bytes,
                          SteadyClock::time_point since) {
  if (route.quiet) return;
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(SteadyClock::now() - since);
  loop_.log().write("request", {{"method", name_of(head_.method())},
                                {"route", route.path},
                                {"status", status},
                                {"bytes", static_cast<std::int64_t>(bytes)},
                                {"ms", ms.count()},
                                {"from", remote_}});
}

// The time of a TLS handshake, in which there is no HTTP connection yet.
class Greeting final : public Connection {
 public:
  Greeting(Loop& loop, Stream& stream) : Connection(loop), stream_(stream) {
    expires_in(loop_.times().header);
  }
  void cut() override { stream_.close(); }
  void drain() override { cut(); }

 private:
  Stream& stream_;
};

}  // namespace

Task<> serve(Loop& loop, Socket socket, std::shared_ptr<TlsContext> tls, const Router& router) {
  Stream stream(std::move(socket), std::move(tls));
  if (stream.secure()) {
    Greeting greeting(loop, stream);
    auto [error] = co_await stream.async_handshake(kResume);
    if (error) co_return;
  }
  std::optional<Handshake> handshake;
  Ear ear;
  {
    HttpConnection connection(loop, stream, router);
    Task<bool> running = connection.run();
    if (co_await std::move(running)) handshake.emplace(connection.handshake());
    ear = connection.ear();
  }
  if (!handshake) co_return;
  Task<> news = serve_news(loop, std::move(stream), std::move(*handshake), ear);
  co_await std::move(news);
}

}  // namespace banyan::http
