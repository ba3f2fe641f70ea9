// The news channel: who gets in, what he hears, and what ends it.
#include <doctest/doctest.h>
#include <signal.h>

#include <string>

#include "tests/contracts/http/demo_bank.h"
#include "tests/contracts/http/news_client.h"
#include "tests/support/raw_http.h"

namespace banyan::test {
namespace {

// A client's frame, masked with zeros.
std::string frame(int opcode, const std::string& payload, std::size_t announced) {
  std::string out(1, static_cast<char>(0x80 | opcode));
  if (announced < 126) {
    out += static_cast<char>(0x80 | announced);
  } else {
    out += static_cast<char>(0x80 | 126);
    out += static_cast<char>(announced >> 8);
    out += static_cast<char>(announced & 0xFF);
  }
  return out + std::string(4, '\0') + payload;
}

TEST_CASE("[T40] the news channel needs a fresh ticket and an own origin") {
  const DemoBank bank;
  ServerProcess server(server_program(), bank.data(), {"--origins", "https://tablet.bank"});
  REQUIRE(server.port() != 0);
  const auto port = server.port();
  const auto officer = bank.device("officer", port);
  const auto ticket = [&] {
    const auto path = officer->news_path();
    REQUIRE(path.ok());
    return *path;
  };
  CHECK(status_of(port, handshake("/v0/news")) == 403);
  CHECK(status_of(port, handshake("/v0/news?ticket=00000000000000000000000000000000")) == 403);
  CHECK(status_of(port, handshake(ticket(), "Origin: https://evil.example\r\n")) == 403);
  CHECK(status_of(port, handshake(ticket(), "Origin: null\r\n")) == 403);
  CHECK(status_of(port, handshake(ticket(), "Origin: http://localhost\r\n")) == 101);
  CHECK(status_of(port, handshake(ticket(), "Origin: https://tablet.bank\r\n")) == 101);
  const std::string once = ticket();
  CHECK(status_of(port, handshake(once)) == 101);
  CHECK(status_of(port, handshake(once)) == 403);
  CHECK(server.log().find("news_refused") != std::string::npos);
}

TEST_CASE("a device hears of another device's work, and of nothing more than that") {
  const DemoBank bank;
  ServerProcess server(server_program(), bank.data());
  REQUIRE(server.port() != 0);
  const auto officer = bank.device("officer", server.port());
  const auto analyst = bank.device("hq", server.port());
  REQUIRE(officer->sync().ok());
  const auto path = analyst->news_path();
  REQUIRE(path.ok());
  RawHttp socket(server.port());
  REQUIRE(socket.send(handshake(*path)));
  const auto answer = socket.read();
  REQUIRE(answer.has_value());
  REQUIRE(answer->status == 101);
  CHECK(answer->field("x-content-type-options") == "nosniff");  // [T41]
  CHECK(answer->field("cache-control") == "no-store");
  const std::string standing = hear(socket);
  CHECK(standing.rfind("{\"news\":", 0) == 0);
  write_customer(*officer, "Wang Fang");
  REQUIRE(officer->sync().ok());
  const std::string news = hear(socket);
  CHECK(news.rfind("{\"news\":", 0) == 0);
  CHECK(news != standing);
  CHECK(news.size() < 40);
}

class Ear {
 public:
  Ear(HttpDevice& device, std::uint16_t port) : socket_(port) {
    const auto path = device.news_path();
    REQUIRE(path.ok());
    REQUIRE(socket_.send(handshake(*path)));
    const auto answer = socket_.read();
    REQUIRE(answer.has_value());
    REQUIRE(answer->status == 101);
    REQUIRE_FALSE(hear(socket_).empty());  // where the log stands
  }
  // What the device is told within the time; empty: nothing.
  std::string told(int within_ms = 60'000) {
    socket_.set_timeout(within_ms);
    return hear(socket_);
  }

 private:
  RawHttp socket_;
};

TEST_CASE("news is for those who may see it, and not for the device that brings it") {
  constexpr int kSilenceMs = 1'500;  // seven times as long as news waits for more
  const DemoBank bank;
  ServerProcess server(server_program(), bank.data());
  REQUIRE(server.port() != 0);
  const auto officer = bank.device("officer", server.port());
  const auto second = bank.device("officer", server.port());
  const auto teller = bank.device("teller", server.port());
  for (const auto* device : {&officer, &second, &teller}) REQUIRE((*device)->sync().ok());
  Ear own(*officer, server.port()), colleague(*teller, server.port());
  Ear other_tablet(*second, server.port());
  write_customer(*officer, "Wang Fang");  // without a branch: nobody else's in it
  REQUIRE(officer->sync().ok());
  CHECK(other_tablet.told().rfind("{\"news\":", 0) == 0);  // the same person's
  CHECK(own.told(kSilenceMs).empty());
  CHECK(colleague.told(kSilenceMs).empty());
}

TEST_CASE("everybody hears when the reference data changes") {
  const DemoBank bank;
  ServerProcess server(server_program(), bank.data());
  REQUIRE(server.port() != 0);
  const auto officer = bank.device("officer", server.port());
  REQUIRE(officer->sync().ok());
  Ear ear(*officer, server.port());
  const auto another = bank.device("teller", server.port());  // a row of the devices that all see
  CHECK(ear.told().rfind("{\"news\":", 0) == 0);
}

TEST_CASE("[T40] a client that talks, sends too much or floods is closed") {
  const DemoBank bank;
  ServerProcess server(server_program(), bank.data());
  REQUIRE(server.port() != 0);
  const auto officer = bank.device("officer", server.port());
  const auto attempt = [&](const std::string& bytes) {
    const auto path = officer->news_path();
    REQUIRE(path.ok());
    RawHttp socket(server.port());
    REQUIRE(socket.send(handshake(*path)));
    REQUIRE(socket.read().has_value());
    socket.send(bytes);
    return socket.closed();
  };
  CHECK(attempt(frame(1, "hello", 5)));
  CHECK(attempt(frame(1, std::string(60'000, 'x'), 60'000)));
  CHECK(attempt("\x81\x05no mask"));
  std::string pings;
  for (int i = 0; i < 200; ++i) pings += frame(9, "", 0);
  CHECK(attempt(pings));
  CHECK(server.log().find("news_flood") != std::string::npos);
}

TEST_CASE("a drain says goodbye to the news channel and ends with exit code 0") {
  const DemoBank bank;
  ServerProcess server(server_program(), bank.data());
  REQUIRE(server.port() != 0);
  const auto officer = bank.device("officer", server.port());
  const auto path = officer->news_path();
  REQUIRE(path.ok());
  RawHttp socket(server.port());
  REQUIRE(socket.send(handshake(*path)));
  REQUIRE(socket.read().has_value());
  server.signal(SIGTERM);
  CHECK(socket.closed());
  CHECK(server.wait() == 0);
  CHECK(server.log().find("\"stopped\"") != std::string::npos);
}

}  // namespace
}  // namespace banyan::test
