// Every limit of the HTTP layer, at its value and one over it.
#include "sync-server/http/limits.h"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "tests/contracts/http/http_host.h"
#include "tests/support/raw_http.h"

namespace banyan::test {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

// Far less than any limit that a test leaves at its usual value, and enough for
// a machine that is busy with something else.
constexpr int kSoonMs = 9'000;

// Waits until `true`, at most kSoonMs.
bool soon(const auto& condition) {
  for (int i = 0; i < kSoonMs / 10 && !condition(); ++i) std::this_thread::sleep_for(10ms);
  return condition();
}

int ms_since(Clock::time_point start) {
  return static_cast<int>(
      std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start).count());
}

http::Network::Options short_times() {
  http::Network::Options options;
  options.times.header = 300ms;
  options.times.body = 300ms;
  options.times.idle = 600ms;
  options.times.write = 300ms;
  options.times.sweep = 20ms;
  return options;
}

// A request whose head has exactly `size` bytes.
std::string padded_head(std::size_t size) {
  const std::string start = "GET / HTTP/1.1\r\nHost: a\r\nX-Pad: ", end = "\r\n\r\n";
  return start + std::string(size - start.size() - end.size(), 'x') + end;
}

TEST_CASE("[T36] a head of 8 KiB is read, one byte more is refused") {
  HttpHost host;
  add_plain_routes(host, 1024);
  const auto port = host.start();
  CHECK(status_of(port, padded_head(http::kHeaderBytesMax)) == 200);
  CHECK(status_of(port, padded_head(http::kHeaderBytesMax + 1)) == 431);
  CHECK(status_of(port, padded_head(http::kHeaderBytesMax * 100)) == 431);
}

TEST_CASE("[T36] a path of 2 KiB is read, one byte more is refused") {
  HttpHost host;
  add_plain_routes(host, 1024);
  const auto port = host.start();
  const auto get = [](std::size_t size) {
    return "GET /" + std::string(size - 1, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n";
  };
  CHECK(status_of(port, get(http::kTargetBytesMax)) == 200);
  CHECK(status_of(port, get(http::kTargetBytesMax + 1)) == 414);
}

TEST_CASE("[T36] 64 header fields are read, one more is refused") {
  HttpHost host;
  add_plain_routes(host, 1024);
  const auto port = host.start();
  const auto get = [](std::size_t fields) {
    std::string text = "GET / HTTP/1.1\r\nHost: a\r\n";
    for (std::size_t i = 1; i < fields; ++i) text += "X-" + std::to_string(i) + ": 1\r\n";
    return text + "\r\n";
  };
  CHECK(status_of(port, get(http::kFieldsMax)) == 200);
  CHECK(status_of(port, get(http::kFieldsMax + 1)) == 431);
}

TEST_CASE("[T36] a body is read to the limit of its route, one byte more is refused unread") {
  constexpr std::size_t kMax = 300'000;  // many times the connection's buffer
  HttpHost host;
  add_plain_routes(host, kMax);
  const auto port = host.start();
  const std::string body(kMax, 'b');
  const auto full = http_once(port, "POST", "/echo", body);
  REQUIRE(full.has_value());
  CHECK(full->status == 200);
  CHECK(full->body == body);
  const auto over = http_once(port, "POST", "/echo", body + "b");
  REQUIRE(over.has_value());
  CHECK(over->status == 413);
  // Refused by what was announced: nothing of it needs to come.
  RawHttp announced(port);
  REQUIRE(announced.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 9999999999\r\n\r\n"));
  const auto refused = announced.read();
  REQUIRE(refused.has_value());
  CHECK(refused->status == 413);
  CHECK(host.handled == 1);
}

TEST_CASE("[T36] a body where none belongs is refused") {
  HttpHost host;
  add_plain_routes(host, 1024);
  const auto answer = http_once(host.start(), "GET", "/", "x", "Content-Length: 1\r\n");
  REQUIRE(answer.has_value());
  CHECK(answer->status >= 400);
  CHECK(host.handled == 0);
}

TEST_CASE("[T36] a head that does not come to its end is cut in the header time") {
  HttpHost host(short_times());
  add_plain_routes(host, 1024);
  RawHttp http(host.start());
  const auto start = Clock::now();
  REQUIRE(http.send("GET / HTTP/1.1\r\n"));
  // A byte now and then does not buy more time.
  bool open = true;
  for (int i = 0; i < 30 && open; ++i) {
    std::this_thread::sleep_for(20ms);
    open = http.send("X");
  }
  CHECK(http.closed());
  CHECK(ms_since(start) < kSoonMs);
  CHECK(host.handled == 0);
}

TEST_CASE("[T36] a body that does not come to its end is cut in the body time") {
  HttpHost host(short_times());
  add_plain_routes(host, 1024);
  RawHttp http(host.start());
  const auto start = Clock::now();
  REQUIRE(http.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\npart"));
  CHECK(http.closed());
  CHECK(ms_since(start) >= 250);
  CHECK(ms_since(start) < kSoonMs);
  CHECK(host.handled == 0);
}

TEST_CASE("[T36] an idle connection is closed in the idle time, and not before") {
  HttpHost host(short_times());
  add_plain_routes(host, 1024);
  RawHttp http(host.start());
  // Before the server's own count starts: this thread may be held up at any line.
  const auto start = Clock::now();
  REQUIRE(http.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
  REQUIRE(http.read().has_value());
  CHECK(http.closed());
  CHECK(ms_since(start) >= 600);
  CHECK(ms_since(start) < kSoonMs);
}

TEST_CASE("[T36] a client that does not read its answer is cut in the write time") {
  HttpHost host(short_times());
  host.router().add({http::Method::Get, "/large", 0, nullptr, [&](const http::Request&) {
                       ++host.handled;
                       return http::reply_bytes(Bytes(64U << 20));
                     }});
  RawHttp http(host.start());
  REQUIRE(http.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n"));
  CHECK(soon([&] { return host.handled == 1; }));
  CHECK(soon([&] { return host.network().connections() == 0; }));
}

TEST_CASE("[T50] a connection over the limit gets 503 with Retry-After, not silence") {
  http::Network::Options options;
  options.connections_max = 3;
  HttpHost host(options);
  add_plain_routes(host, 1024);
  const auto port = host.start();
  std::vector<std::unique_ptr<RawHttp>> open;
  for (int i = 0; i < 3; ++i) {
    open.push_back(std::make_unique<RawHttp>(port));
    REQUIRE(open.back()->send("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
    const auto answer = open.back()->read();
    REQUIRE(answer.has_value());
    CHECK(answer->status == 200);
  }
  const auto refused = http_once(port, "GET", "/");
  REQUIRE(refused.has_value());
  CHECK(refused->status == 503);
  CHECK_FALSE(refused->field("retry-after").empty());
  open.pop_back();  // room again
  CHECK(soon([&] { return host.network().connections() < 3; }));
  const auto let_in = http_once(port, "GET", "/");
  REQUIRE(let_in.has_value());
  CHECK(let_in->status == 200);
}

TEST_CASE("[T36] a worker whose queue is full answers 503, and goes on afterwards") {
  std::atomic<bool> go = false, started = false;
  http::Worker worker(1);
  HttpHost host;
  host.router().add({http::Method::Get, "/slow", 0, &worker, [&](const http::Request&) {
                       started = true;
                       while (!go) std::this_thread::sleep_for(1ms);
                       return http::reply_json("{}");
                     }});
  const auto port = host.start();
  constexpr std::string_view kAsk = "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n";
  RawHttp running(port), waiting(port);
  REQUIRE(running.send(kAsk));
  REQUIRE(soon([&] { return started.load(); }));
  REQUIRE(waiting.send(kAsk));
  REQUIRE(soon([&] { return worker.waiting() == 1; }));
  const auto refused = http_once(port, "GET", "/slow");
  go = true;
  REQUIRE(refused.has_value());
  CHECK(refused->status == 503);
  CHECK_FALSE(refused->field("retry-after").empty());
  const auto first = running.read(), second = waiting.read();
  CHECK((first && first->status == 200));
  CHECK((second && second->status == 200));
  host.stop();
}

TEST_CASE("a handler that throws fails its request alone") {
  HttpHost host;
  add_plain_routes(host, 1024);
  const auto port = host.start();
  const auto thrown = http_once(port, "GET", "/throws");
  REQUIRE(thrown.has_value());
  CHECK(thrown->status == 500);
  CHECK(thrown->body.find("purpose") == std::string::npos);
  const auto next = http_once(port, "GET", "/");
  REQUIRE(next.has_value());
  CHECK(next->status == 200);
}

TEST_CASE("a drain ends idle connections, lets running requests finish, and returns") {
  std::atomic<bool> started = false;
  http::Worker worker(4);
  HttpHost host;
  add_plain_routes(host, 1024);
  host.router().add({http::Method::Get, "/slow", 0, &worker, [&](const http::Request&) {
                       started = true;
                       while (!host.network().draining()) std::this_thread::sleep_for(1ms);
                       return http::reply_json("{\"done\":true}");
                     }});
  const auto port = host.start();
  RawHttp idle(port), busy(port);
  REQUIRE(idle.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
  REQUIRE(idle.read().has_value());
  REQUIRE(busy.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n"));
  while (!started) std::this_thread::sleep_for(1ms);
  const auto start = Clock::now();
  host.network().begin_drain();
  CHECK(idle.closed());
  const auto answer = busy.read();
  REQUIRE(answer.has_value());
  CHECK(answer->body == "{\"done\":true}");
  CHECK(answer->field("connection") == "close");
  host.stop();
  CHECK(ms_since(start) < kSoonMs);
  CHECK_FALSE(RawHttp(port).connected());
}

TEST_CASE("Expect: 100-continue is answered before the body is sent") {
  HttpHost host;
  add_plain_routes(host, 64);
  const auto port = host.start();
  RawHttp http(port);
  REQUIRE(
      http.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n"
                "Expect: 100-continue\r\n\r\n"));
  CHECK(http.read_some().substr(0, 25) == "HTTP/1.1 100 Continue\r\n\r\n");
  REQUIRE(http.send("ok"));
  const auto answer = http.read();
  REQUIRE(answer.has_value());
  CHECK(answer->body == "ok");
  CHECK(status_of(port,
                  "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 999\r\n"
                  "Expect: 100-continue\r\n\r\n") == 413);
}

}  // namespace
}  // namespace banyan::test
