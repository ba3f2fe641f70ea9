// The program as a person starts it: options, one writer, TLS, its size.
#include <doctest/doctest.h>
#include <signal.h>
#include <sys/stat.h>

#include <fstream>
#include <regex>
#include <string>

#include "tests/contracts/http/demo_bank.h"
#include "tests/support/raw_http.h"

namespace banyan::test {
namespace {

namespace fs = std::filesystem;

Finished run(const std::vector<std::string>& args, const std::vector<std::string>& env = {}) {
  return run_program(server_program(), args, env);
}

TEST_CASE("every command explains itself") {
  CHECK(run({"--help"}).code == 0);
  for (const char* command :
       {"serve", "demo", "import", "enrol", "carry", "backup", "restore", "verify-log", "restored",
        "migrate", "devices", "retire", "parked", "pack-check"}) {
    CAPTURE(command);
    CHECK(run({"--help"}).out.find(command) != std::string::npos);
    const Finished help = run({command, "--help"});
    CHECK(help.code == 0);
    CHECK(help.out.find("--config") != std::string::npos);
    CHECK(help.out.find("BANYAN_") != std::string::npos);
  }
}

TEST_CASE("what is not understood says so and ends with 2") {
  for (const std::vector<std::string>& args :
       std::vector<std::vector<std::string>>{{},
                                             {"fly"},
                                             {"serve", "--colour", "red"},
                                             {"serve", "--port", "many"},
                                             {"serve", "--port", "70000"},
                                             {"serve", "--key", "k"},
                                             {"demo", "huge"},
                                             {"backup"},
                                             {"enrol"},
                                             {"carry"},
                                             {"retire"},
                                             {"import", "csv", "."}}) {
    CAPTURE(args.size());
    const Finished said = run(args);
    CHECK(said.code == 2);
    CHECK_FALSE(said.err.empty());
  }
}

TEST_CASE("a flag wins over the environment, the environment over the file") {
  const TemporaryFolder folder;
  const std::string config = (folder.path() / "config.json").string();
  const auto missing = [](const Finished& said) { return said.err.substr(0, said.err.find('\n')); };
  std::ofstream(config) << R"({"data": "/from-file"})";
  const std::vector<std::string> base{"verify-log", "--config", config};
  CHECK(missing(run(base)).find("/from-file") != std::string::npos);
  CHECK(missing(run(base, {"BANYAN_SERVER_DATA=/from-env"})).find("/from-env") !=
        std::string::npos);
  std::vector<std::string> flagged = base;
  flagged.insert(flagged.end(), {"--data", "/from-flag"});
  CHECK(missing(run(flagged, {"BANYAN_SERVER_DATA=/from-env"})).find("/from-flag") !=
        std::string::npos);
  std::ofstream(config) << R"({"colour": "red"})";
  CHECK(run(base).code == 2);
  CHECK(run(base).err.find("colour") != std::string::npos);
}

TEST_CASE("pack-check passes the shipped packs and names file, place and reason of an error") {
  CHECK(run({"pack-check", BANYAN_SOURCE_DIR "/assets/packs"}).code == 0);
  const TemporaryFolder folder;
  fs::copy(BANYAN_SOURCE_DIR "/assets/packs", folder.path() / "packs", fs::copy_options::recursive);
  std::ofstream(folder.path() / "packs/base/broken.json")
      << R"([{"entity": "broken", "no": 900, "colour": "red"}])";
  const Finished said = run({"pack-check", (folder.path() / "packs").string()});
  CHECK(said.code == 1);
  CHECK(said.out.find("base/broken.json: /0") != std::string::npos);
  CHECK(said.out.find("colour") != std::string::npos);
}

TEST_CASE("a data folder has one writer, and its keys belong to their owner") {
  const DemoBank bank;
  ServerProcess server(server_program(), bank.data());
  REQUIRE(server.port() != 0);
  const Finished second = run({"serve", "--data", bank.data().string(), "--port", "0"});
  CHECK(second.code == 1);
  CHECK(second.err.find("in use by another") != std::string::npos);
  for (const char* key : {"organisation", "box", "challenge"}) {
    struct stat info {};
    const fs::path path = bank.data() / "keys" / (std::string(key) + ".key");
    REQUIRE(::stat(path.c_str(), &info) == 0);
    CHECK((info.st_mode & 0777) == 0600);
  }
  server.signal(SIGTERM);
  CHECK(server.wait() == 0);
  fs::permissions(bank.data() / "keys" / "box.key", fs::perms::others_read, fs::perm_options::add);
  CHECK(run({"serve", "--data", bank.data().string(), "--port", "0"}).err.find("chmod") !=
        std::string::npos);
}

TEST_CASE("a demo bank says where to go and who can log in, with fresh codes") {
  const DemoBank bank;
  ServerProcess server(server_program(), bank.data());
  REQUIRE(server.port() != 0);
  const std::string out = server.out();
  const std::regex link("http://localhost:[0-9]+/#enrol=([0-9A-Z]{16}\\.[0-9a-f]{16})");
  const auto begin = std::sregex_iterator(out.begin(), out.end(), link);
  CHECK(std::distance(begin, std::sregex_iterator()) == 3);
  REQUIRE(begin != std::sregex_iterator());
  CHECK(HttpDevice::enrol(server.port(), (*begin)[1]).ok());
}

TEST_CASE("verify-log names what differs, and a damaged backup replaces nothing") {
  const DemoBank bank;
  const Finished good = run({"verify-log", "--data", bank.data().string()});
  INFO(good.err);
  CHECK(good.code == 0);
  const fs::path broken = bank.folder() / "broken.db";
  std::ofstream(broken) << std::string(100'000, 'x');
  CHECK(run({"restore", broken.string(), "--data", bank.data().string()}).code == 1);
  CHECK(run({"verify-log", "--data", bank.data().string()}).code == 0);
  CHECK(run({"backup", broken.string(), "--data", bank.data().string()}).code == 1);
  CHECK(run({"verify-log", "--data", (bank.folder() / "nothing").string()}).code == 1);
}

TEST_CASE("[R156] --tls serves TLS 1.3 under a development authority and prints its fingerprint") {
  const DemoBank bank;
  ServerProcess server(server_program(), bank.data(), {"--tls", "--address", "127.0.0.1"});
  REQUIRE(server.port() != 0);
  const std::string authority = (bank.data() / "tls/authority.crt").string();
  // node is another implementation of TLS and of certificate checking.
  const std::string script =
      "const https=require('https'),fs=require('fs');"
      "const ask=(o,n)=>new Promise(r=>{const q=https.get({host:'127.0.0.1',port:" +
      std::to_string(server.port()) +
      ",path:'/healthz',...o},a=>{console.log(n,a.statusCode,a.socket.getProtocol(),"
      "a.headers['strict-transport-security']);a.resume();a.on('end',r)});"
      "q.on('error',e=>{console.log(n,'refused');r()})});"
      "(async()=>{const ca=fs.readFileSync('" +
      authority +
      "');await ask({ca},'trusted');await ask({},'stranger');"
      "await ask({ca,maxVersion:'TLSv1.2'},'old')})()";
  const Finished node = run_program("/usr/bin/env", {"node", "-e", script});
  INFO(node.err);
  CHECK(node.out.find("trusted 200 TLSv1.3 max-age=31536000") != std::string::npos);
  CHECK(node.out.find("stranger refused") != std::string::npos);
  CHECK(node.out.find("old refused") != std::string::npos);
  const std::string out = server.out();
  CHECK(std::regex_search(out, std::regex("([0-9A-F]{2}:){31}[0-9A-F]{2}")));
  CHECK(out.find("▀") != std::string::npos);  // the QR
  CHECK(out.find("/authority.crt") != std::string::npos);
}

TEST_CASE("a development authority finds a port of its own when the next one is taken") {
  const DemoBank bank, neighbour;
  std::string out;
  // The port before the neighbour's may be taken, too: by a test that runs beside this one.
  for (int tries = 0; tries < 5 && out.empty(); ++tries) {
    const ServerProcess taken(server_program(), neighbour.data());
    REQUIRE(taken.port() != 0);
    const std::string port = std::to_string(taken.port() - 1);
    const ServerProcess server(server_program(), bank.data(),
                               {"--tls", "--address", "127.0.0.1", "--port", port});
    if (server.port() == 0) continue;
    out = server.out();
    std::smatch link;
    REQUIRE(std::regex_search(out, link, std::regex("http://[^ ]+:([0-9]+)/authority.crt")));
    const auto offered = static_cast<std::uint16_t>(std::stoi(link[1]));
    CHECK(offered != taken.port());
    const auto file = http_once(offered, "GET", "/authority.crt");
    REQUIRE(file.has_value());
    CHECK(file->body.find("BEGIN CERTIFICATE") != std::string::npos);
  }
  CHECK_FALSE(out.empty());
}

TEST_CASE("what a start costs, for the record") {
  const DemoBank bank;
  ServerProcess server(server_program(), bank.data());
  REQUIRE(server.port() != 0);
  const std::string log = server.log();
  const auto at = log.find("\"ms\":");
  REQUIRE(at != std::string::npos);
  MESSAGE("start of the server with 2,000 customers: " << std::atoi(log.c_str() + at + 5)
                                                       << " ms, resident " << server.resident_kib()
                                                       << " KiB");
  CHECK(server.resident_kib() > 0);
}

}  // namespace
}  // namespace banyan::test
