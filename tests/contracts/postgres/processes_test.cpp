// Real server processes side by side over one PostgreSQL, as a bank runs them.
#include <signal.h>

#include <fstream>
#include <thread>

#include "sync-server/postgres/connection.h"
#include "tests/contracts/http/demo_bank.h"
#include "tests/contracts/http/news_client.h"
#include "tests/contracts/postgres/a_postgres.h"

namespace banyan::test {
namespace {

namespace fs = std::filesystem;

void sync(HttpDevice& device) {
  const auto done = device.sync();
  INFO((done.ok() ? std::string() : done.error().detail));
  REQUIRE(done.ok());
  CHECK(done->complete);
}

Finished command(const DemoBank& bank, const std::string& name) {
  std::vector<std::string> args{name};
  for (std::string& each : bank.where()) args.push_back(std::move(each));
  return run_program(server_program(), args);
}

TEST_CASE("a bank moves from SQLite to PostgreSQL: the same log, the same rows, once") {
  PostgresProcess* postgres = a_postgres();
  if (postgres == nullptr) return;
  const DemoBank bank(postgres->make_database());
  const Finished again = command(bank, "migrate");
  CHECK(again.code == 1);
  CHECK(again.err.find("holds a bank already") != std::string::npos);
  const Finished whole = command(bank, "verify-log");
  CHECK(whole.code == 0);
  CHECK(whole.out.find("The log is whole") != std::string::npos);
  for (const char* of_sqlite : {"backup", "restore"}) {
    std::vector<std::string> args{of_sqlite, "file"};
    for (std::string& each : bank.where()) args.push_back(std::move(each));
    CHECK(run_program(server_program(), args).code == 1);
  }
}

TEST_CASE("a server with other keys does not serve the bank") {
  PostgresProcess* postgres = a_postgres();
  if (postgres == nullptr) return;
  const std::string url = postgres->make_database();
  const DemoBank bank(url);
  const fs::path stranger = bank.folder() / "stranger";
  fs::create_directories(stranger);
  fs::copy(bank.data() / "organisation.json", stranger / "organisation.json");
  const ServerProcess refused(server_program(), stranger, {"--store", url});
  CHECK(refused.port() == 0);
  CHECK(refused.log().find("copy organisation.json and keys/") != std::string::npos);
}

TEST_CASE("two servers are one bank: devices, codes, tickets and news [I2]") {
  PostgresProcess* postgres = a_postgres();
  if (postgres == nullptr) return;
  const std::string url = postgres->make_database();
  const DemoBank bank(url);
  ServerProcess a(server_program(), bank.data(), {"--store", url});
  ServerProcess b(server_program(), bank.another_node("b"), {"--store", url});
  REQUIRE(a.port() != 0);
  REQUIRE_MESSAGE(b.port() != 0, b.log());

  const std::string code = bank.code("officer");
  const auto joined = HttpDevice::enrol(a.port(), code);
  REQUIRE(joined.ok());
  CHECK_FALSE(HttpDevice::enrol(b.port(), code).ok());  // used up everywhere
  HttpDevice& officer = **joined;
  const auto analyst = bank.device("hq", b.port());
  sync(officer);
  sync(*analyst);

  const auto ticket = analyst->news_path();  // of b
  REQUIRE(ticket.ok());
  RawHttp socket(a.port());  // and good at a
  REQUIRE(socket.send(handshake(*ticket)));
  REQUIRE(socket.read()->status == 101);
  hear(socket);
  const RowId first = write_customer(officer, "Li Hua");
  officer.move_to(b.port());
  sync(officer);
  CHECK(hear(socket).starts_with("{\"news\":"));  // b took it, a tells it
  analyst->move_to(a.port());
  sync(*analyst);
  CHECK(has_customer(*analyst, first));

  // A device that one has enrolled is known to the other for signed requests, too.
  const auto at_once = officer.signed_request("POST", "/v0/ticket");
  REQUIRE(at_once.ok());
  CHECK(at_once->status == 200);

  const RowId second = write_customer(officer, "Wu Di");
  sync(officer);
  b.signal(SIGKILL);
  b.wait();
  sync(*analyst);
  CHECK(has_customer(*analyst, second));
  officer.move_to(a.port());
  sync(officer);
  a.signal(SIGTERM);
  CHECK(a.wait() == 0);
  CHECK(command(bank, "verify-log").code == 0);
}

TEST_CASE("a server outlives its database, says so, and goes on when it is back") {
  PostgresProcess* postgres = a_postgres();
  if (postgres == nullptr) return;
  const std::string url = postgres->make_database();
  const DemoBank bank(url);
  ServerProcess server(server_program(), bank.data(), {"--store", url});
  REQUIRE(server.port() != 0);
  const auto officer = bank.device("officer", server.port());
  sync(*officer);
  const RowId customer = write_customer(*officer, "Li Hua");
  postgres->stop();
  CHECK_FALSE(officer->sync().ok());
  for (int i = 0; i < 100 && http_once(server.port(), "GET", "/readyz")->status == 200; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  CHECK(http_once(server.port(), "GET", "/readyz")->status == 503);
  postgres->restart();
  for (int i = 0; i < 100 && http_once(server.port(), "GET", "/readyz")->status != 200; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  sync(*officer);
  CHECK(officer->replica().pending_count() == 0);
  const auto analyst = bank.device("hq", server.port());
  sync(*analyst);
  CHECK(has_customer(*analyst, customer));
  CHECK(server.log().find("store_unreachable") != std::string::npos);
}

// What a bank puts in front: a balancer for the servers, a pooler for their connections.
class Front {
 public:
  Front(const PostgresProcess& postgres, const fs::path& haproxy, const fs::path& pgbouncer)
      : pool_port_(free_port()), port_(free_port()), haproxy_(haproxy) {
    std::ofstream(pooler_.path() / "users.txt") << "\"banyan\" \"\"\n";
    std::ofstream(pooler_.path() / "pgbouncer.ini")
        << "[databases]\n* = host=127.0.0.1 port=" << postgres.port()
        << "\n[pgbouncer]\nlisten_addr=127.0.0.1\nlisten_port=" << pool_port_
        << "\nauth_type=trust\nauth_file=" << (pooler_.path() / "users.txt").string()
        << "\npool_mode=transaction\ndefault_pool_size=3\nunix_socket_dir=\n";
    process_.push_back(std::make_unique<HelperProcess>(
        std::vector<std::string>{pgbouncer.string(), (pooler_.path() / "pgbouncer.ini").string()},
        pooler_.path()));
  }
  std::string through_pooler(const std::string& url) const {
    const auto at = url.find("127.0.0.1:") + 10;
    return url.substr(0, at) + std::to_string(pool_port_) + url.substr(url.find('/', at));
  }
  void balance(const std::vector<std::uint16_t>& servers) {
    std::ofstream config(balancer_.path() / "haproxy.cfg");
    config << "global\n  maxconn 200\ndefaults\n  mode http\n  timeout connect 2s\n"
              "  timeout client 60s\n  timeout server 60s\n  timeout tunnel 1h\n"
              "  option redispatch\n  retries 3\n  retry-on conn-failure 503\n"
              "frontend all\n  bind 127.0.0.1:"
           << port_ << "\n  default_backend servers\nbackend servers\n  balance roundrobin\n"
           << "  option httpchk GET /readyz\n";
    for (const std::uint16_t server : servers) {
      config << "  server s" << server << " 127.0.0.1:" << server
             << " check inter 200ms fall 2 rise 1\n";
    }
    config.close();
    process_.push_back(std::make_unique<HelperProcess>(
        std::vector<std::string>{haproxy_.string(), "-db", "-f",
                                 (balancer_.path() / "haproxy.cfg").string()},
        balancer_.path()));
    for (int i = 0; i < 100; ++i) {
      const auto answer = http_once(port_, "GET", "/readyz");
      if (answer && answer->status == 200) return;
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    FAIL("the balancer does not answer");
  }
  std::uint16_t port() const { return port_; }

 private:
  TemporaryFolder pooler_, balancer_;
  std::uint16_t pool_port_, port_;
  fs::path haproxy_;
  std::vector<std::unique_ptr<HelperProcess>> process_;
};

TEST_CASE("behind HAProxy and PgBouncer every request may go to another server") {
  PostgresProcess* postgres = a_postgres();
  if (postgres == nullptr) return;
  const auto haproxy = find_program({"/usr/sbin/haproxy", "/usr/local/sbin/haproxy"});
  const auto pgbouncer = find_program({"/usr/sbin/pgbouncer", "/usr/bin/pgbouncer"});
  if (!haproxy || !pgbouncer) {
    std::printf("skipped: no HAProxy or PgBouncer here; third_party/install test brings them\n");
    return;
  }
  const std::string direct = postgres->make_database();
  const DemoBank bank(direct);
  Front front(*postgres, *haproxy, *pgbouncer);
  const std::string pooled = front.through_pooler(direct);
  for (int i = 0; i < 100 && !postgres::Connection::open(pooled); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  const std::vector<std::string> where{"--store", pooled, "--listen", direct};
  ServerProcess a(server_program(), bank.data(), where);
  ServerProcess b(server_program(), bank.another_node("b"), where);
  REQUIRE_MESSAGE(a.port() != 0, a.log());
  REQUIRE_MESSAGE(b.port() != 0, b.log());
  front.balance({a.port(), b.port()});

  std::vector<std::unique_ptr<HttpDevice>> devices;
  for (const char* role : {"officer", "officer", "hq"}) {
    devices.push_back(bank.device(role, front.port()));
    sync(*devices.back());
  }
  std::vector<RowId> written;
  for (int round = 0; round < 6; ++round) {
    for (std::size_t i = 0; i < 2; ++i) {
      written.push_back(write_customer(*devices[i], "round " + std::to_string(round)));
      sync(*devices[i]);
    }
    if (round == 3) {  // one of them goes, in the middle of the day
      b.signal(SIGKILL);
      b.wait();
      std::this_thread::sleep_for(std::chrono::seconds(1));
    }
  }
  sync(*devices[2]);
  for (const RowId row : written) CHECK(has_customer(*devices[2], row));
  for (const auto& device : devices) CHECK(device->replica().pending_count() == 0);
  a.signal(SIGTERM);
  CHECK(a.wait() == 0);
  CHECK(command(bank, "verify-log").code == 0);
}

}  // namespace
}  // namespace banyan::test
