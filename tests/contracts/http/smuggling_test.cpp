// Requests that two parsers could read differently are refused, and nothing that
// follows them on the connection is ever handled.
#include <doctest/doctest.h>

#include <string>

#include "tests/contracts/http/http_host.h"
#include "tests/support/raw_http.h"

namespace banyan::test {
namespace {

constexpr std::string_view kHidden = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

// Sends `request` with a second request behind it.
void check_refused(std::string_view what, std::string_view request, int status = 400) {
  CAPTURE(what);
  HttpHost host;
  add_plain_routes(host, 1024);
  RawHttp http(host.start());
  REQUIRE(http.send(std::string(request) + std::string(kHidden)));
  const auto answer = http.read();
  REQUIRE(answer.has_value());
  CHECK(answer->status == status);
  CHECK(answer->field("connection") == "close");
  CHECK_FALSE(http.read().has_value());
  CHECK(host.handled == 0);
}

TEST_CASE("[T39] a length and a transfer coding together are refused") {
  check_refused("CL then TE",
                "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n"
                "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
  check_refused("TE then CL",
                "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n"
                "Content-Length: 4\r\n\r\n0\r\n\r\n");
}

TEST_CASE("[T39] two lengths are refused, equal ones too") {
  check_refused("differing",
                "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nContent-Length: 5\r\n\r\n");
  check_refused("equal",
                "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nContent-Length: 0\r\n\r\n");
  check_refused("a list", "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 0, 0\r\n\r\n");
}

TEST_CASE("[T39] lengths that are no plain number are refused") {
  for (const char* length : {"-1", "+1", "0x10", "1 2", "99999999999999999999999", "", "1e3"}) {
    check_refused(length, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: " +
                              std::string(length) + "\r\n\r\n");
  }
}

TEST_CASE("[T39] transfer codings are refused whatever their chunks say") {
  check_refused("good chunks",
                "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                411);
  check_refused("bad chunk",
                "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
                411);
  check_refused("chunked twice",
                "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n"
                "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
  check_refused("another coding",
                "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n");
  check_refused("coding hidden by a blank",
                "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n");
}

TEST_CASE("[T39] folded lines, bare line ends and control bytes are refused") {
  check_refused("obs-fold", "GET / HTTP/1.1\r\nHost: a\r\nX-A: 1\r\n  folded\r\n\r\n");
  check_refused("fold with a tab", "GET / HTTP/1.1\r\nHost: a\r\nX-A: 1\r\n\tfolded\r\n\r\n");
  check_refused("bare LF", "GET / HTTP/1.1\nHost: a\r\n\r\n");
  check_refused("bare CR", "GET / HTTP/1.1\r\nHost: a\rb\r\n\r\n");
  check_refused("NUL", std::string("GET / HTTP/1.1\r\nHost: a\0b\r\n\r\n", 30));
  check_refused("blank line first", "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n");
}

TEST_CASE("[T39] a request needs exactly one host, a path and a known version") {
  check_refused("no host", "GET / HTTP/1.1\r\nAccept: */*\r\n\r\n");
  check_refused("two hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n");
  check_refused("absolute form", "GET http://evil/ HTTP/1.1\r\nHost: a\r\n\r\n");
  check_refused("asterisk", "GET * HTTP/1.1\r\nHost: a\r\n\r\n");
  check_refused("HTTP/2 in words", "GET / HTTP/2.0\r\nHost: a\r\n\r\n");
  check_refused("no version", "GET /\r\nHost: a\r\n\r\n");
}

TEST_CASE("two requests in one packet get two answers, in order") {
  HttpHost host;
  add_plain_routes(host, 1024);
  RawHttp http(host.start());
  REQUIRE(http.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc" +
                    std::string(kHidden)));
  const auto first = http.read(), second = http.read();
  REQUIRE(first.has_value());
  REQUIRE(second.has_value());
  CHECK(first->body == "abc");
  CHECK(second->body == "{}");
  CHECK(host.handled == 2);
}

TEST_CASE("[T28] a request that comes byte by byte is the same request") {
  HttpHost host;
  add_plain_routes(host, 1024);
  RawHttp http(host.start());
  const std::string request = "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello";
  for (const char c : request) REQUIRE(http.send({&c, 1}));
  const auto answer = http.read();
  REQUIRE(answer.has_value());
  CHECK(answer->body == "hello");
}

}  // namespace
}  // namespace banyan::test
