// Strict headers on every answer, and files that lead nowhere else.
#include <doctest/doctest.h>

#include <fstream>
#include <string>
#include <vector>

#include "tests/contracts/http/demo_bank.h"
#include "tests/support/raw_http.h"

namespace banyan::test {
namespace {

namespace fs = std::filesystem;

void write_text(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
}

// A stand-in for build/web, with something beside it that must stay secret.
fs::path make_web(const fs::path& folder) {
  const fs::path web = folder / "web";
  write_text(web / "index.html", "<!doctype html><title>Banyan</title>");
  write_text(web / "app.3f9a01bc.wasm", std::string("\0asm", 4) + std::string(4000, 'w'));
  write_text(web / "app.3f9a01bc.wasm.br", "brotli bytes");
  write_text(web / "app.3f9a01bc.wasm.gz", "gzip bytes");
  write_text(web / "worker.js", "self");
  write_text(web / ".hidden", "secret");
  write_text(folder / "secret.txt", "secret");
  fs::create_symlink(folder / "secret.txt", web / "link.txt");
  return web;
}

void check_headers(const HttpAnswer& answer) {
  const auto has = [&](const char* name, const char* part) {
    CAPTURE(name);
    CHECK(answer.field(name).find(part) != std::string::npos);
  };
  has("content-security-policy", "default-src 'none'");
  has("content-security-policy", "script-src 'self' 'wasm-unsafe-eval';");
  has("content-security-policy", "object-src 'none'");
  has("content-security-policy", "base-uri 'none'");
  has("content-security-policy", "frame-ancestors 'none'");
  CHECK(answer.field("content-security-policy").find("unsafe-inline") == std::string::npos);
  CHECK(answer.field("cross-origin-opener-policy") == "same-origin");
  CHECK(answer.field("cross-origin-embedder-policy") == "require-corp");
  CHECK(answer.field("cross-origin-resource-policy") == "same-origin");
  CHECK(answer.field("x-content-type-options") == "nosniff");
  CHECK(answer.field("referrer-policy") == "no-referrer");
  has("permissions-policy", "camera=(self)");
  CHECK(answer.field("strict-transport-security").empty());  // plain HTTP
}

TEST_CASE("[T41] every answer carries the strict headers, errors and refusals too") {
  const DemoBank bank;
  ServerProcess server(server_program(), bank.data(), {"--web", make_web(bank.folder()).string()});
  REQUIRE(server.port() != 0);
  const auto port = server.port();

  struct Case {
    const char* what;
    std::string request;
    int status;
  };
  const std::string host = " HTTP/1.1\r\nHost: localhost\r\n";
  const std::vector<Case> cases{
      {"index", "GET /" + host + "\r\n", 200},
      {"file", "GET /worker.js" + host + "\r\n", 200},
      {"hashed file", "GET /app.3f9a01bc.wasm" + host + "\r\n", 200},
      {"fallback", "GET /customers/7" + host + "\r\n", 200},
      {"no such file", "GET /nothing.js" + host + "\r\n", 404},
      {"health", "GET /healthz" + host + "\r\n", 200},
      {"readiness", "GET /readyz" + host + "\r\n", 200},
      {"challenge", "GET /v0/challenge" + host + "\r\n", 200},
      {"catalogue", "GET /v0/catalogue" + host + "\r\n", 200},
      {"no such route", "GET /v0/nothing" + host + "\r\n", 404},
      {"wrong method", "PUT /v0/sync" + host + "Content-Length: 0\r\n\r\n", 405},
      {"unknown method", "BREW /" + host + "\r\n", 405},
      {"sync of nonsense", "POST /v0/sync" + host + "Content-Length: 3\r\n\r\nabc", 200},
      {"enrolment of nonsense", "POST /v0/enrol" + host + "Content-Length: 3\r\n\r\nabc", 400},
      {"unsigned ticket", "POST /v0/ticket" + host + "Content-Length: 0\r\n\r\n", 403},
      {"unsigned arrivals", "GET /v0/arrivals" + host + "\r\n", 403},
      {"unsigned devices", "GET /v0/devices" + host + "\r\n", 403},
      {"unsigned chunk", "GET /v0/chunk/00" + host + "\r\n", 403},
      {"news without upgrade", "GET /v0/news" + host + "\r\n", 426},
      {"body too large", "POST /v0/enrol" + host + "Content-Length: 99999\r\n\r\n", 413},
      {"no request", "nonsense\r\n\r\n", 400},
      {"two lengths", "GET /" + host + "Content-Length: 0\r\nContent-Length: 0\r\n\r\n", 400},
      {"chunked", "POST /v0/sync" + host + "Transfer-Encoding: chunked\r\n\r\n", 411},
      {"head too large", "GET /" + host + "X: " + std::string(9000, 'x') + "\r\n\r\n", 431},
      {"path too long", "GET /" + std::string(3000, 'x') + host + "\r\n", 414},
      {"bad expectation", "GET /" + host + "Expect: miracles\r\n\r\n", 417},
  };
  for (const Case& each : cases) {
    CAPTURE(each.what);
    RawHttp http(port);
    REQUIRE(http.send(each.request));
    const auto answer = http.read();
    REQUIRE(answer.has_value());
    CHECK(answer->status == each.status);
    check_headers(*answer);
    if (each.request.find(" /v0/") != std::string::npos) {
      CHECK(answer->field("cache-control") == "no-store");
    }
  }
}

TEST_CASE("files come compressed to who accepts it, and not at all to who has them") {
  const DemoBank bank;
  ServerProcess server(server_program(), bank.data(), {"--web", make_web(bank.folder()).string()});
  REQUIRE(server.port() != 0);
  const auto get = [&](std::string_view target, std::string_view fields) {
    const auto answer = http_once(server.port(), "GET", target, {}, fields);
    REQUIRE(answer.has_value());
    return *answer;
  };
  const char* wasm = "/app.3f9a01bc.wasm";
  const HttpAnswer br = get(wasm, "Accept-Encoding: gzip, deflate, br\r\n");
  CHECK(br.body == "brotli bytes");
  CHECK(br.field("content-encoding") == "br");
  CHECK(br.field("content-type") == "application/wasm");
  CHECK(br.field("cache-control") == "public, max-age=31536000, immutable");
  CHECK(br.field("vary") == "Accept-Encoding");
  CHECK(get(wasm, "Accept-Encoding: gzip\r\n").body == "gzip bytes");
  CHECK(get(wasm, "Accept-Encoding: br;q=0, gzip\r\n").body == "gzip bytes");
  CHECK(get(wasm, "").body.size() == 4004);
  CHECK(get(wasm, "").field("content-encoding").empty());

  const HttpAnswer index = get("/", "");
  CHECK(index.field("cache-control") == "no-cache");
  const HttpAnswer again = get("/", "If-None-Match: " + index.field("etag") + "\r\n");
  CHECK(again.status == 304);
  CHECK(again.body.empty());
  const auto head = http_once(server.port(), "HEAD", "/");
  REQUIRE(head.has_value());
  CHECK(head->field("content-length") == std::to_string(index.body.size()));
}

TEST_CASE("no path leads out of the app's folder") {
  const DemoBank bank;
  ServerProcess server(server_program(), bank.data(), {"--web", make_web(bank.folder()).string()});
  REQUIRE(server.port() != 0);
  for (const char* target :
       {"/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "//secret.txt",
        "/./../secret.txt", "/worker.js/../../secret.txt", "/..\\secret.txt", "/link.txt",
        "/.hidden", "/../bank/keys/organisation.key", "/%00/index.html", "/etc/passwd"}) {
    CAPTURE(target);
    const auto answer = http_once(server.port(), "GET", target);
    REQUIRE(answer.has_value());
    CHECK(answer->body.find("secret") == std::string::npos);
    CHECK(answer->body.find("banyan-key") == std::string::npos);
    CHECK(answer->body.find("root:") == std::string::npos);
  }
}

}  // namespace
}  // namespace banyan::test
