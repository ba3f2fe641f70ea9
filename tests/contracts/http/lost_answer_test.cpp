// An answer that never arrives, though what was asked for is done.
#include <doctest/doctest.h>
#include <signal.h>

#include "tests/contracts/http/demo_bank.h"
#include "tests/support/raw_http.h"

namespace banyan::test {
namespace {

constexpr int kDevices = 20, kCasesEach = 50;  // within what a device may ask in a minute

std::uint64_t commits_of(const DemoBank& bank) {
  std::vector<std::string> args{"verify-log"};
  for (std::string& each : bank.where()) args.push_back(std::move(each));
  const Finished done = run_program(server_program(), args);
  INFO(done.err);
  REQUIRE(done.code == 0);
  constexpr std::string_view kBefore = "The log is whole: ";
  const auto at = done.out.find(kBefore);
  REQUIRE(at != std::string::npos);
  return std::stoull(done.out.substr(at + kBefore.size()));
}

std::string post(ByteView body) {
  std::string request = "POST /v0/sync HTTP/1.1\r\nHost: localhost\r\nContent-Length: ";
  request.append(std::to_string(body.size())).append("\r\n\r\n").append(as_text(body));
  return request;
}

// Every other time the line goes before the server can answer, else with the answer on it.
void ask_and_lose(std::uint16_t port, ByteView body, bool wait) {
  RawHttp line(port);
  REQUIRE(line.send(post(body)));
  if (!wait) return;
  const auto lost = line.read();
  REQUIRE(lost.has_value());
  REQUIRE(lost->status == 200);
}

// One case on one device: something new is sent, its answer lost, and sent again.
void lose_one(HttpDevice& device, std::uint16_t port, int i) {
  const auto request = device.client().make_request();
  REQUIRE(request.ok());
  ask_and_lose(port, *request, i % 4 != 0);
  if (i % 2 == 0) {
    REQUIRE(device.sync());
  } else {  // the very same bytes
    const auto again = http_once(port, "POST", "/v0/sync", as_text(*request));
    REQUIRE(again.has_value());
    REQUIRE(again->status == 200);
    REQUIRE(device.client().handle_reply(as_bytes(again->body)));
  }
  REQUIRE(device.replica().pending_count() == 0);
}

TEST_CASE("[T33] 1,000 answers are lost after the commit, and asking again changes nothing") {
  const DemoBank bank;
  std::vector<std::unique_ptr<HttpDevice>> devices;
  {
    ServerProcess server(server_program(), bank.data());
    REQUIRE(server.port() != 0);
    for (int n = 0; n < kDevices; ++n) devices.push_back(bank.device("officer", server.port()));
    devices.push_back(bank.device("hq", server.port()));
    for (const auto& each : devices) REQUIRE(each->sync());
    server.signal(SIGTERM);
    REQUIRE(server.wait() == 0);
  }
  const std::uint64_t before = commits_of(bank);
  ServerProcess server(server_program(), bank.data());
  REQUIRE(server.port() != 0);
  for (const auto& each : devices) each->move_to(server.port());
  std::vector<RowId> written;
  for (int n = 0; n < kDevices; ++n) {
    CAPTURE(n);
    for (int i = 0; i < kCasesEach; ++i) {
      CAPTURE(i);
      written.push_back(write_customer(*devices[static_cast<std::size_t>(n)], "Zhao Min"));
      lose_one(*devices[static_cast<std::size_t>(n)], server.port(), i);
    }
  }
  HttpDevice& analyst = *devices.back();
  REQUIRE(analyst.sync());
  for (const RowId row : written) CHECK(has_customer(analyst, row));
  server.signal(SIGTERM);
  REQUIRE(server.wait() == 0);
  // A server notes once, in a commit of its own, that it has heard of a device.
  CHECK(commits_of(bank) == before + written.size() + devices.size());
}

}  // namespace
}  // namespace banyan::test
