#include <doctest/doctest.h>

#include <chrono>
#include <cstdio>
#include <future>
#include <string>
#include <thread>

#include "sync-server/http/event_log.h"
#include "sync-server/http/head.h"
#include "sync-server/http/limits.h"
#include "sync-server/http/router.h"
#include "sync-server/http/static_files.h"
#include "sync-server/http/worker.h"
#include "tests/support/fake_clock.h"

namespace banyan::http {
namespace {

// How many of `count` jobs a worker lets wait while it is held up, after a job that took `pace`.
std::size_t let_in(std::chrono::milliseconds pace, std::size_t count) {
  std::promise<void> known, held, release;
  const std::shared_future<void> released = release.get_future().share();
  std::size_t in = 0;
  Worker worker(kQueueMax);
  CHECK(worker.submit({[&] { std::this_thread::sleep_for(pace); }, {}}));
  CHECK(worker.submit({[] {}, [&](bool) { known.set_value(); }}));  // the first one counts by now
  known.get_future().wait();
  CHECK(worker.submit({[&] {
                         held.set_value();
                         released.wait();
                       },
                       {}}));
  held.get_future().wait();
  for (std::size_t i = 0; i < count; ++i) in += worker.submit({[] {}, {}}) ? 1 : 0;
  release.set_value();
  return in;
}

TEST_CASE("a queue is full by jobs, and by the time that they will take") {
  using std::chrono::milliseconds;
  CHECK(let_in(milliseconds(0), kQueueMax + 1) == kQueueMax);
  // 32 always, then none: at seven eighths of 200 ms each they take more than two seconds.
  CHECK(let_in(milliseconds(200), kQueueAlways + 1) == kQueueAlways);
}

TEST_CASE("an exact path wins over a prefix, a longer prefix over a shorter one") {
  Router router;
  const auto add = [&](Method method, const char* path) {
    router.add({method, path, 0, nullptr, {}});
  };
  add(Method::Get, "/");
  add(Method::Get, "/v0/");
  add(Method::Get, "/v0/chunk/");
  add(Method::Put, "/v0/chunk/");
  add(Method::Post, "/v0/sync");
  CHECK(router.find(Method::Get, "/a/b").route->path == "/");
  CHECK(router.find(Method::Get, "/v0/x").route->path == "/v0/");
  CHECK(router.find(Method::Head, "/v0/chunk/ab").route->path == "/v0/chunk/");
  CHECK(router.find(Method::Post, "/v0/sync").route->path == "/v0/sync");
  CHECK(router.find(Method::Get, "/v0/sync").route == nullptr);
  CHECK(router.find(Method::Get, "/v0/sync").allow == "POST");
  CHECK(router.find(Method::Post, "/v0/chunk/ab").allow == "GET, HEAD, PUT");
  CHECK_FALSE(router.find(Method::Get, "v0").path_known);
}

TEST_CASE("types and lasting names are told from a file's name") {
  CHECK(mime_type("/a.wasm") == "application/wasm");
  CHECK(mime_type("/a.js") == "text/javascript; charset=utf-8");
  CHECK(mime_type("/a.b/c") == "application/octet-stream");
  CHECK(names_its_content("/app.3f9a01bc.wasm"));
  CHECK(names_its_content("/app-3f9a01bc99.js"));
  CHECK_FALSE(names_its_content("/app.wasm"));
  CHECK_FALSE(names_its_content("/app.3f9a01.wasm"));
  CHECK_FALSE(names_its_content("/deadbeef.js"));
  CHECK_FALSE(names_its_content("/x/app.notahash.js"));
}

TEST_CASE("an encoding is taken when it is named and not refused") {
  CHECK(accepts_coding("gzip, deflate, br", "br"));
  CHECK(accepts_coding("br;q=0.5", "br"));
  CHECK_FALSE(accepts_coding("br;q=0", "br"));
  CHECK_FALSE(accepts_coding("br;q=0.000", "br"));
  CHECK_FALSE(accepts_coding("gzip", "br"));
  CHECK_FALSE(accepts_coding("brotli", "br"));
  CHECK_FALSE(accepts_coding("", "br"));
}

TEST_CASE("[T41] TLS adds HSTS, except on localhost") {
  const Response response;
  const auto head = [&](bool secure, const char* host) {
    return make_head(response, {secure, true, host, "now"});
  };
  constexpr const char* kHsts = "Strict-Transport-Security: max-age=31536000";
  CHECK(head(true, "bank.example").find(kHsts) != std::string::npos);
  CHECK(head(true, "localhost:8443").find(kHsts) == std::string::npos);
  CHECK(head(false, "bank.example").find(kHsts) == std::string::npos);
}

TEST_CASE("a date is written as HTTP wants it") {
  CHECK(http_date(784111777) == "Sun, 06 Nov 1994 08:49:37 GMT");
  CHECK(http_date(951782400) == "Tue, 29 Feb 2000 00:00:00 GMT");
}

TEST_CASE("a parameter is found by its whole name, and a number is one") {
  Request request;
  request.target = "/p?xoffset=1&offset=22&size=&bad=1x&big=99999999999999999999";
  CHECK(request.path() == "/p");
  CHECK(request.parameter("offset") == "22");
  CHECK(request.number("offset") == 22);
  CHECK_FALSE(request.number("size").has_value());
  CHECK_FALSE(request.number("bad").has_value());
  CHECK_FALSE(request.number("big").has_value());
  CHECK_FALSE(request.number("absent").has_value());
}

TEST_CASE("[T38] an event is one line of JSON, whatever its values hold") {
  const test::FakeClock clock{1'772'000'000'123};
  std::FILE* file = std::tmpfile();
  REQUIRE(file != nullptr);
  server::EventLog log(file, clock);
  log.write("odd", {{"text", "a\"b\\c\nd\x01\xFF客"}, {"number", -5}});
  std::rewind(file);
  std::string line(500, '\0');
  line.resize(std::fread(line.data(), 1, line.size(), file));
  std::fclose(file);
  CHECK(line ==
        "{\"t\":\"2026-02-25T06:13:20.123Z\",\"event\":\"odd\","
        "\"text\":\"a\\\"b\\\\c\\u000ad\\u0001?客\",\"number\":-5}\n");
}

}  // namespace
}  // namespace banyan::http
