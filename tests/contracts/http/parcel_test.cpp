// Work that reaches headquarters without its device having a network: through another device, or
// as a file that the program reads, beside a running server and without one.
#include <doctest/doctest.h>

#include <fstream>
#include <string>

#include "shared/sync/carrier.h"
#include "tests/contracts/http/demo_bank.h"
#include "tests/support/raw_http.h"

namespace banyan::test {
namespace {

namespace fs = std::filesystem;

void write_bytes(const fs::path& path, ByteView bytes) {
  std::ofstream(path, std::ios::binary) << as_text(bytes);
}

Bytes read_bytes(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(in)), {});
  const ByteView bytes = as_bytes(text);
  return Bytes(bytes.begin(), bytes.end());
}

Finished carry(const DemoBank& bank, const fs::path& file, const fs::path& answer) {
  return run_program(server_program(), {"carry", file.string(), "--answer", answer.string(),
                                        "--data", bank.data().string()});
}

TEST_CASE("[W8] a device without a line works through a colleague's, and nothing happens twice") {
  const DemoBank bank;
  ServerProcess server(server_program(), bank.data());
  const auto away = bank.device("officer", server.port());
  const auto carrier = bank.device("manager", server.port());
  REQUIRE(away->sync());
  const RowId customer = write_customer(*away, "Carried");
  const Bytes parcel = away->pack().value();

  const auto first = carrier->signed_request("POST", "/v0/parcel", parcel);
  REQUIRE(first);
  CHECK(first->status == 200);
  const auto again = carrier->signed_request("POST", "/v0/parcel", parcel);
  CHECK(again->status == 200);
  for (const auto* answer : {&*again, &*first}) (void)away->unpack(as_bytes(answer->body));
  CHECK(away->replica().pending_count() == 0);
  CHECK(away->replica().state_of(1) == SaveState::Received);
  CHECK(has_customer(*away, customer));

  const auto headquarters = bank.device("hq", server.port());
  REQUIRE(headquarters->sync());
  CHECK(has_customer(*headquarters, customer));
}

TEST_CASE("a parcel is taken from enrolled devices only, and told why when it is not") {
  const DemoBank bank;
  ServerProcess server(server_program(), bank.data());
  const auto away = bank.device("officer", server.port());
  REQUIRE(away->sync());
  write_customer(*away, "Carried");
  const Bytes parcel = away->pack().value();
  CHECK(http_once(server.port(), "POST", "/v0/parcel", as_text(parcel))->status == 403);
  Bytes bad = parcel;
  bad[bad.size() / 2] ^= 1;
  CHECK(away->signed_request("POST", "/v0/parcel", bad)->status == 400);
  CHECK(away->signed_request("POST", "/v0/parcel", {})->status == 400);
  CHECK(away->replica().pending_count() == 1);
}

TEST_CASE("[T50] a carrier that hands in parcels without end is slowed down, and no one else is") {
  const DemoBank bank;
  ServerProcess server(server_program(), bank.data());
  const auto away = bank.device("officer", server.port());
  const auto carrier = bank.device("manager", server.port());
  REQUIRE(away->sync());
  const Bytes parcel = away->pack().value();
  int slowed = 0;
  for (int i = 0; i < 300 && slowed == 0; ++i) {
    const auto answer = carrier->signed_request("POST", "/v0/parcel", parcel);
    REQUIRE(answer);
    if (answer->status == 429) ++slowed;
  }
  CHECK(slowed == 1);
  CHECK(away->signed_request("POST", "/v0/parcel", parcel)->status == 200);
  CHECK(away->sync());
}

TEST_CASE("a stick is read without a server, and beside one that runs") {
  const DemoBank bank;
  const fs::path stick = bank.folder() / "stick.banyan", back = bank.folder() / "back.banyan";
  std::unique_ptr<HttpDevice> away;
  {
    ServerProcess server(server_program(), bank.data());
    away = bank.device("officer", server.port());
    REQUIRE(away->sync());
  }
  const RowId one = write_customer(*away, "First");
  write_bytes(stick, away->pack().value());
  const Finished alone = carry(bank, stick, back);
  CHECK(alone.code == 0);
  CHECK(alone.out.find(std::to_string(number(away->device())) + ": 1 new changes") !=
        std::string::npos);
  REQUIRE(away->unpack(read_bytes(back)));
  CHECK(away->replica().pending_count() == 0);

  ServerProcess server(server_program(), bank.data());
  REQUIRE(server.port() != 0);
  const RowId two = write_customer(*away, "Second");
  write_bytes(stick, away->pack().value());
  const Finished beside = carry(bank, stick, back);
  CHECK(beside.code == 0);
  CHECK(beside.out.find("1 new changes") != std::string::npos);
  const Finished again = carry(bank, stick, back);
  CHECK(again.code == 0);
  CHECK(again.out.find("0 new changes") != std::string::npos);
  REQUIRE(away->unpack(read_bytes(back)));
  CHECK(away->replica().pending_count() == 0);
  CHECK(fs::is_empty(bank.data() / "parcels" / "in"));
  CHECK(fs::is_empty(bank.data() / "parcels" / "out"));

  const auto headquarters = bank.device("hq", server.port());
  REQUIRE(headquarters->sync());
  CHECK(has_customer(*headquarters, one));
  CHECK(has_customer(*headquarters, two));
}

TEST_CASE("a file that is no parcel, or is damaged, says so and takes nothing") {
  const DemoBank bank;
  const fs::path stick = bank.folder() / "stick.banyan", back = bank.folder() / "back.banyan";
  std::unique_ptr<HttpDevice> away;
  {
    ServerProcess server(server_program(), bank.data());
    away = bank.device("officer", server.port());
  }
  CHECK(carry(bank, bank.folder() / "not-there", back).code == 1);
  std::ofstream(stick) << "holiday photos";
  CHECK(carry(bank, stick, back).code == 1);
  CHECK(carry(bank, stick, back).err.find("no whole parcel") != std::string::npos);
  Bytes file = away->pack().value();
  const Bytes whole = file;
  file[file.size() / 2] ^= 1;
  file.insert(file.end(), whole.begin(), whole.end());
  write_bytes(stick, file);
  const Finished said = carry(bank, stick, back);
  CHECK(said.code == 0);
  CHECK(said.out.find("1 parcels are damaged") != std::string::npos);
  CHECK(said.out.find("0 new changes") != std::string::npos);
}

}  // namespace
}  // namespace banyan::test
