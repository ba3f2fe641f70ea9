// The bank's routes on the real program: joining, syncing, what headquarters
// sees, attachments, and what a kill or a restore may not lose.
#include <doctest/doctest.h>
#include <signal.h>

#include <chrono>
#include <string>
#include <thread>

#include "shared/base/json.h"
#include "shared/sync/attachments.h"
#include "shared/sync/history.h"
#include "tests/contracts/http/demo_bank.h"
#include "tests/support/raw_http.h"

namespace banyan::test {
namespace {

std::string detail(const auto& result) { return result.ok() ? "" : result.error().detail; }

// One round of everything; fails the test when it does not end well.
void sync(HttpDevice& device) {
  const auto done = device.sync();
  INFO(detail(done));
  REQUIRE(done.ok());
  CHECK(done->complete);
}

Json get_json(HttpDevice& device, const std::string& target) {
  const auto answer = device.signed_request("GET", target);
  REQUIRE(answer.ok());
  REQUIRE(answer->status == 200);
  const auto json = parse_json(answer->body, 16, target);
  REQUIRE(json.ok());
  return *json;
}

// Whether the server logs this within a minute.
bool comes(const ServerProcess& server, const std::string& said) {
  for (int i = 0; i < 1'200 && server.log().find(said) == std::string::npos; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  return server.log().find(said) != std::string::npos;
}

TEST_CASE("an enrolment code lets one device in, once") {
  const DemoBank bank;
  ServerProcess server(server_program(), bank.data());
  REQUIRE(server.port() != 0);
  const std::string code = bank.code("officer");
  const auto first = HttpDevice::enrol(server.port(), code);
  INFO(detail(first));
  REQUIRE(first.ok());
  CHECK((*first)->enrolment().role == "officer");
  CHECK((*first)->enrolment().catalogue == 1);
  CHECK((*first)->enrolment().lease.not_after_ms > (*first)->enrolment().now_ms);
  CHECK_FALSE(HttpDevice::enrol(server.port(), code).ok());
  CHECK(server.log().find("enrol_refused") != std::string::npos);
  CHECK(server.log().find(code.substr(0, 16)) == std::string::npos);  // no secret in the log
}

TEST_CASE("[T30] a link with another organisation's fingerprint is not believed") {
  const DemoBank bank;
  ServerProcess server(server_program(), bank.data());
  REQUIRE(server.port() != 0);
  std::string link = bank.code("officer");
  link.back() = link.back() == '0' ? '1' : '0';
  const auto device = HttpDevice::enrol(server.port(), link);
  REQUIRE_FALSE(device.ok());
  CHECK(device.error().code == ErrorCode::Refused);
}

TEST_CASE("practice uses up no device number and no code of a real bank") {
  const DemoBank bank;
  const std::string code = bank.code("officer");
  const auto practise = [&](const ServerProcess& server) {
    return http_once(server.port(), "POST", "/v0/enrol?practice=1", "nothing")->status;
  };
  ServerProcess server(server_program(), bank.data());
  REQUIRE(server.port() != 0);
  CHECK(practise(server) == 400);  // a demo bank looks at the request
  std::filesystem::remove(bank.data() / "demo.json");
  CHECK(practise(server) == 409);
  CHECK(HttpDevice::enrol(server.port(), code).ok());
}

TEST_CASE("[T42] guessing codes is slowed down, and says when to come back") {
  const DemoBank bank;
  ServerProcess server(server_program(), bank.data());
  REQUIRE(server.port() != 0);
  for (int i = 0; i < 10; ++i) {
    const auto guess = http_once(server.port(), "POST", "/v0/enrol", "guess");
    REQUIRE(guess.has_value());
    CHECK(guess->status == 400);
  }
  const auto slowed = http_once(server.port(), "POST", "/v0/enrol", "guess");
  REQUIRE(slowed.has_value());
  CHECK(slowed->status == 429);
  CHECK(std::atoi(slowed->field("retry-after").c_str()) >= 1);
}

TEST_CASE("a round of hundreds of pages is not slowed down; rounds without end are") {
  const DemoBank bank;
  ServerProcess server(server_program(), bank.data());
  REQUIRE(server.port() != 0);
  const auto analyst = bank.device("hq", server.port());
  analyst->small_pages(8);
  const auto first = analyst->sync();
  REQUIRE(first.ok());
  CHECK(first->complete);
  // More pages than the allowance of rounds.
  CHECK(analyst->replica().database().query_int("SELECT count(*) FROM customer").value() > 1200);
  int rounds = 0;
  while (rounds < 200 && analyst->sync().ok()) ++rounds;
  CHECK(rounds >= 60);
  CHECK(rounds < 200);
}

TEST_CASE("[W10] headquarters sees what came in, from whom, from which device, received when") {
  const DemoBank bank;
  ServerProcess server(server_program(), bank.data());
  REQUIRE(server.port() != 0);
  const auto officer = bank.device("officer", server.port());
  const auto analyst = bank.device("hq", server.port());
  sync(*officer);
  const RowId customer = write_customer(*officer, "Zhou Min");
  sync(*officer);

  const Json seen = get_json(*analyst, "/v0/arrivals?count=20");
  const Json* found = nullptr;
  for (const Json& each : seen["arrivals"]) {
    if (each["aggregate"] == number(customer)) found = &each;
  }
  REQUIRE(found != nullptr);
  CHECK((*found)["device"] == number(officer->device()));
  CHECK((*found)["user"] == number(officer->enrolment().user));
  CHECK((*found)["received_ms"].get<std::int64_t>() > 0);
  CHECK((*found)["stamped_ms"].get<std::int64_t>() > 0);
  CHECK((*found)["outcomes"].empty());
  // No name leaves by this way: names come from the replica, through its mask.
  CHECK(dump_json(seen).find("Zhou") == std::string::npos);

  const Json devices = get_json(*analyst, "/v0/devices");
  bool listed = false;
  for (const Json& each : devices["devices"]) {
    if (each["device"] != number(officer->device())) continue;
    listed = true;
    CHECK(each["head"] == 1);
    CHECK(each["last_contact_ms"].get<std::int64_t>() > 0);
  }
  CHECK(listed);
}

TEST_CASE("a record's history goes to whoever may read the record, and to nobody else") {
  const DemoBank bank;
  ServerProcess server(server_program(), bank.data());
  REQUIRE(server.port() != 0);
  const auto officer = bank.device("officer", server.port());
  const auto analyst = bank.device("hq", server.port());
  sync(*officer);
  const RowId customer = write_customer(*officer, "Zhou Min");
  sync(*officer);
  sync(*analyst);
  const auto history = [&](HttpDevice& device, RowId aggregate) {
    const std::string target = "/v0/history?count=5&aggregate=" + std::to_string(number(aggregate));
    const auto answer = device.signed_request("GET", target);
    REQUIRE(answer.ok());
    REQUIRE(answer->status == 200);
    const auto found =
        sync::decode_history(as_bytes(answer->body), device.enrolment().organisation_key);
    REQUIRE(found.ok());
    return *found;
  };
  const sync::History whole = history(*analyst, customer);
  REQUIRE(whole.entries.size() == 1);
  CHECK(whole.entries[0].device == officer->device());
  // What the server notes of his own tablet is not for the officer.
  const RowId report{
      analyst->replica().database().query_int("SELECT id FROM device_report LIMIT 1").value()};
  CHECK(!history(*analyst, report).entries.empty());
  const std::string hidden = "/v0/history?aggregate=" + std::to_string(number(report));
  CHECK(officer->signed_request("GET", hidden)->status == 404);
  const std::string target = "/v0/history?aggregate=" + std::to_string(number(customer));
  CHECK(analyst->signed_request("GET", "/v0/history?aggregate=7")->status == 404);
  CHECK(analyst->signed_request("GET", "/v0/history")->status == 404);
  CHECK(http_once(server.port(), "GET", target)->status == 403);
}

TEST_CASE("an officer's device may not ask what headquarters asks") {
  const DemoBank bank;
  ServerProcess server(server_program(), bank.data());
  REQUIRE(server.port() != 0);
  const auto officer = bank.device("officer", server.port());
  for (const char* target : {"/v0/arrivals", "/v0/devices"}) {
    const auto answer = officer->signed_request("GET", target);
    REQUIRE(answer.ok());
    CHECK(answer->status == 403);
  }
}

TEST_CASE("a signature is good for one method, path and body only") {
  const DemoBank bank;
  ServerProcess server(server_program(), bank.data());
  REQUIRE(server.port() != 0);
  const auto officer = bank.device("officer", server.port());
  const auto good = officer->signed_request("POST", "/v0/ticket");
  REQUIRE(good.ok());
  CHECK(good->status == 200);
  CHECK(good->body.size() == 32);
  // Signed for another path, then sent here.
  const auto moved = officer->news_path();
  REQUIRE(moved.ok());
  const auto bare = http_once(server.port(), "POST", "/v0/ticket?auth=AAAA");
  REQUIRE(bare.has_value());
  CHECK(bare->status >= 400);
}

TEST_CASE("a photo that is cut in the middle goes on where it was, and arrives whole") {
  const DemoBank bank;
  ServerProcess server(server_program(), bank.data());
  REQUIRE(server.port() != 0);
  const auto officer = bank.device("officer", server.port());
  Bytes photo(1'700'000);
  SeededRandom(7).fill(photo);
  sync::Upload upload(photo);
  int requests = 0;
  while (const auto part = upload.next()) {
    ++requests;
    if (requests == 3) {  // the line breaks; the device knows nothing of the server any more
      upload.lost();
      continue;
    }
    const auto answer = officer->signed_request("PUT", part->target, part->bytes);
    REQUIRE(answer.ok());
    REQUIRE(answer->status == 200);
    REQUIRE(upload.took(as_bytes(answer->body)).ok());
    REQUIRE(requests < 20);
  }
  CHECK(upload.done());
  CHECK(requests == 7);  // one question, one loss, one question, four parts

  const auto analyst = bank.device("hq", server.port());
  sync::Download download(upload.hash(), {});
  while (!download.done()) {
    const auto answer = analyst->signed_request("GET", download.next());
    REQUIRE(answer.ok());
    REQUIRE((answer->status == 200 || answer->status == 206));
    REQUIRE(download.took(as_bytes(answer->body), answer->status == 200).ok());
  }
  CHECK(download.bytes() == photo);
}

TEST_CASE("what does not match its hash is never kept") {
  const DemoBank bank;
  ServerProcess server(server_program(), bank.data());
  REQUIRE(server.port() != 0);
  const auto officer = bank.device("officer", server.port());
  const std::string path = sync::chunk_path(hash256(as_bytes("the real one")));
  const auto put = officer->signed_request("PUT", path + "?offset=0&size=7", as_bytes("a false"));
  REQUIRE(put.ok());
  const auto state = sync::decode_chunk_state(as_bytes(put->body));
  REQUIRE(state.ok());
  CHECK_FALSE(state->whole);
  CHECK(state->have == 0);
  const auto got = officer->signed_request("GET", path + "?offset=0");
  REQUIRE(got.ok());
  CHECK(got->status == 404);
  const auto large =
      officer->signed_request("PUT", path + "?offset=0&size=99999999", as_bytes("x"));
  REQUIRE(large.ok());
  CHECK(large->status == 413);
}

TEST_CASE("[T55] what was acknowledged is there after kill -9") {
  const DemoBank bank;
  RowId customer{};
  std::unique_ptr<HttpDevice> officer;
  {
    ServerProcess server(server_program(), bank.data());
    REQUIRE(server.port() != 0);
    officer = bank.device("officer", server.port());
    sync(*officer);
    customer = write_customer(*officer, "Li Hua");
    sync(*officer);
    server.signal(SIGKILL);
    CHECK(server.wait() == 128 + SIGKILL);
  }
  ServerProcess server(server_program(), bank.data());
  REQUIRE(server.port() != 0);
  officer->move_to(server.port());
  sync(*officer);
  const auto analyst = bank.device("hq", server.port());
  sync(*analyst);
  CHECK(has_customer(*analyst, customer));
}

TEST_CASE(
    "[T30] [I16] a copied tablet gets a number of its own; headquarters sees which was copied") {
  const DemoBank bank;
  ServerProcess server(server_program(), bank.data());
  REQUIRE(server.port() != 0);
  const auto tablet = bank.device("officer", server.port());
  sync(*tablet);
  const auto copy = std::move(tablet->copy()).value();
  const RowId first = write_customer(*tablet, "Li Hua"), second = write_customer(*copy, "Wu Di");
  sync(*tablet);
  const auto told = copy->sync();
  REQUIRE(told.ok());
  CHECK(told->forked);
  const DeviceId former = copy->device();
  const Status given = copy->rekey();
  INFO(detail(given));
  REQUIRE(given.ok());
  CHECK(copy->device() != former);
  sync(*copy);
  sync(*tablet);
  for (HttpDevice* device : {tablet.get(), copy.get()}) {
    CHECK(device->replica().pending_count() == 0);
    CHECK(has_customer(*device, first));
    CHECK(has_customer(*device, second));
  }
  CHECK(server.log().find("\"rekeyed\"") != std::string::npos);

  const auto analyst = bank.device("hq", server.port());
  sync(*analyst);
  const Entity& report = *analyst->catalogue().entity("device_report");
  std::int64_t suspect = 0;
  for (const Choice& choice : report.field("status")->choices) {
    if (choice.name == "suspect") suspect = choice.no;
  }
  const auto marked = analyst->replica().database().query_int(
      "SELECT d.number FROM device_report r JOIN device d ON d.id=r.device WHERE r.status=?1",
      suspect);
  REQUIRE(marked.ok());
  CHECK(*marked == static_cast<std::int64_t>(number(former)));
}

TEST_CASE(
    "[T30] work of a retired tablet waits until a person lets it in, beside a running server") {
  const DemoBank bank;
  ServerProcess server(server_program(), bank.data());
  REQUIRE(server.port() != 0);
  const auto command = [&](std::vector<std::string> args) {
    args.insert(args.end(), {"--data", bank.data().string()});
    return run_program(server_program(), args, {});
  };
  const auto tablet = bank.device("officer", server.port());
  sync(*tablet);
  const std::string number_text = std::to_string(number(tablet->device()));
  CHECK(command({"retire", "--silent-days", "1"}).out.find("No device") != std::string::npos);
  CHECK(command({"retire", "--device", number_text}).code == 0);
  REQUIRE(comes(server, "Device " + number_text + " is retired."));
  CHECK(command({"devices"}).out.find("retired") != std::string::npos);

  const RowId customer = write_customer(*tablet, "Li Hua");
  const auto refused = tablet->sync();
  REQUIRE(refused.ok());
  CHECK(refused->retired);
  CHECK(tablet->replica().pending_count() == 1);  // kept there, too
  const std::string waits = command({"parked"}).out;
  CHECK(waits.find("its device is retired") != std::string::npos);
  CHECK(command({"parked", "--let-in", waits.substr(0, waits.find(' '))}).code == 0);
  REQUIRE(comes(server, "is in the log: 1 commits"));
  CHECK(command({"parked"}).out.find("Nothing waits.") != std::string::npos);
  const auto analyst = bank.device("hq", server.port());
  sync(*analyst);
  CHECK(has_customer(*analyst, customer));
}

TEST_CASE("[T58] after a restore every device pushes again what the backup lacks") {
  const DemoBank bank;
  const std::string file = (bank.folder() / "backup.db").string();
  RowId before{}, after{};
  std::unique_ptr<HttpDevice> officer;
  {
    ServerProcess server(server_program(), bank.data());
    REQUIRE(server.port() != 0);
    officer = bank.device("officer", server.port());
    sync(*officer);
    before = write_customer(*officer, "Before Backup");
    sync(*officer);
    // On-line: the server goes on, and takes over how far the backup reaches.
    const Finished saved =
        run_program(server_program(), {"backup", file, "--data", bank.data().string()});
    INFO(saved.err);
    REQUIRE(saved.code == 0);
    CHECK(comes(server, "\"stable\""));
    sync(*officer);
    CHECK(officer->replica().standing().stable > 0);
    after = write_customer(*officer, "After Backup");
    sync(*officer);
    CHECK(officer->replica().pending_count() == 0);
    server.signal(SIGTERM);
    CHECK(server.wait() == 0);
  }
  const Finished restored =
      run_program(server_program(), {"restore", file, "--data", bank.data().string()});
  INFO(restored.err);
  REQUIRE(restored.code == 0);

  ServerProcess server(server_program(), bank.data());
  REQUIRE(server.port() != 0);
  officer->move_to(server.port());
  sync(*officer);
  sync(*officer);
  const auto analyst = bank.device("hq", server.port());
  sync(*analyst);
  CHECK(has_customer(*analyst, before));
  CHECK(has_customer(*analyst, after));
  CHECK(has_customer(*officer, after));
  const Finished verified =
      run_program(server_program(), {"verify-log", "--data", bank.data().string()});
  INFO(verified.err);
  CHECK(verified.code == 0);
}

}  // namespace
}  // namespace banyan::test
