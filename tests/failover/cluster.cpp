#include "tests/failover/cluster.h"

#include <doctest/doctest.h>
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <functional>
#include <sstream>
#include <thread>

#include "sync-server/postgres/connection.h"
#include "tests/support/raw_http.h"

namespace banyan::test {
namespace fs = std::filesystem;

namespace {

constexpr const char* kPassword = "a-password-of-the-test";

std::string read(const fs::path& path) {
  std::ifstream in(path);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// A file of sync-server/deploy with other addresses. Every replacement must be met: a line that
// is no longer there would go untried.
std::string deployed(const std::string& name,
                     const std::vector<std::pair<std::string, std::string>>& changes) {
  std::string text = read(fs::path(BANYAN_SOURCE_DIR) / "sync-server/deploy" / name);
  for (const auto& [from, to] : changes) {
    std::size_t at = text.find(from);
    REQUIRE_MESSAGE(at != std::string::npos, name << " has no \"" << from << '"');
    for (; at != std::string::npos; at = text.find(from, at + to.size())) {
      text.replace(at, from.size(), to);
    }
  }
  return text;
}

std::string local(std::uint16_t port) { return "127.0.0.1:" + std::to_string(port); }

bool wait_for(int seconds, const std::function<bool()>& there) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
  while (!there()) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  return true;
}

std::optional<fs::path> program(const std::string& name) {
  return find_program({"/usr/bin/" + name, "/usr/sbin/" + name, "/usr/local/bin/" + name});
}

// Those that have this one as their parent.
std::vector<pid_t> children(pid_t parent) {
  std::vector<pid_t> found;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    const std::string stat = read(entry.path() / "stat");
    const auto end = stat.rfind(')');
    if (end == std::string::npos) continue;
    char state = 0;
    pid_t of = 0;
    std::istringstream(stat.substr(end + 1)) >> state >> of;
    if (of == parent) found.push_back(std::atoi(entry.path().filename().c_str()));
  }
  return found;
}

}  // namespace

std::string Cluster::missing() {
  for (const char* name : {"patroni", "etcd", "haproxy", "pgbouncer", "openssl"}) {
    if (!program(name)) return name;
  }
  return PostgresProcess::programs() ? "" : "postgresql";
}

Cluster::Cluster()
    : etcd_port_(free_port()),
      peer_port_(free_port()),
      tablets_(free_port()),
      primary_port_(free_port()),
      pool_port_(free_port()),
      server_ports_{free_port(), free_port()} {
  start_etcd();
  for (std::size_t i = 0; i < kNodes; ++i) {
    write_node(i);
    start(i);
  }
  start_balancer();
  if (!whole(120)) {
    why_ = "the databases do not come up";
  } else if (!make_database()) {
    why_ = "no database could be made";
  }
}

void Cluster::start_etcd() {
  etcd_ = std::make_unique<HelperProcess>(
      std::vector<std::string>{
          program("etcd")->string(), "--name", "e1", "--data-dir",
          (etcd_folder_.path() / "data").string(), "--listen-client-urls",
          "http://" + local(etcd_port_), "--advertise-client-urls", "http://" + local(etcd_port_),
          "--listen-peer-urls", "http://" + local(peer_port_), "--initial-advertise-peer-urls",
          "http://" + local(peer_port_), "--initial-cluster", "e1=http://" + local(peer_port_)},
      etcd_folder_.path());
}

void Cluster::write_node(std::size_t i) {
  Node& node = nodes_[i];
  for (std::uint16_t* port :
       {&node.database, &node.rest, &node.seen_database, &node.seen_rest, &node.etcd}) {
    *port = free_port();
  }
  node.folder = std::make_unique<TemporaryFolder>();
  const std::string folder = node.folder->path().string();
  const Finished made = run_program(
      *program("openssl"), {"req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
                            "/CN=node", "-keyout", folder + "/db.key", "-out", folder + "/db.crt"});
  REQUIRE_MESSAGE(made.code == 0, made.err);
  std::ofstream(node.folder->path() / "patroni.yml") << deployed(
      "patroni.yml",
      {{"name: NODE", "name: d" + std::to_string(i + 1)},
       {"listen: ADDRESS:8008, connect_address: ADDRESS:8008",
        "listen: '" + local(node.rest) + "', connect_address: '" + local(node.seen_rest) + "'"},
       {"{hosts: [10.0.0.1:2379, 10.0.0.2:2379, 10.0.0.3:2379]}",
        "{use_proxies: true, hosts: ['" + local(node.etcd) + "']}"},
       {"pgbackrest --stanza=banyan archive-push %p", "/bin/true"},
       {"listen: ADDRESS:5432", "listen: " + local(node.database)},
       {"connect_address: ADDRESS:5432", "connect_address: " + local(node.seen_database)},
       {"/var/lib/postgresql/banyan", folder + "/data"},
       {"/usr/lib/postgresql/15/bin", PostgresProcess::programs()->string()},
       {"/var/run/postgresql", folder},
       {"/etc/patroni/db", folder + "/db"},
       {"10.0.0.0/24", "127.0.0.0/8"},
       {"10.0.1.0/24", "127.0.0.0/8"},
       {"REPLICATION_PASSWORD", kPassword},
       {"SUPERUSER_PASSWORD", kPassword}});
  std::ofstream card(node.folder->path() / "card.cfg");
  card << "global\n  maxconn 400\ndefaults\n  mode tcp\n  timeout connect 3s\n"
          "  timeout client 1h\n  timeout server 1h\n";
  const auto pass = [&](const char* what, std::uint16_t from, std::uint16_t to) {
    card << "listen " << what << "\n  bind " << local(from) << "\n  server own " << local(to)
         << '\n';
  };
  pass("database", node.seen_database, node.database);
  pass("rest", node.seen_rest, node.rest);
  pass("etcd", node.etcd, etcd_port_);
  card.close();
  node.card = std::make_unique<HelperProcess>(
      std::vector<std::string>{program("haproxy")->string(), "-db", "-f", folder + "/card.cfg"},
      node.folder->path());
}

void Cluster::start(std::size_t i) {
  const fs::path& folder = nodes_[i].folder->path();
  nodes_[i].patroni = std::make_unique<HelperProcess>(
      std::vector<std::string>{program("patroni")->string(), (folder / "patroni.yml").string()},
      folder);
}

void Cluster::start_balancer() {
  std::vector<std::pair<std::string, std::string>> changes{
      {"maxconn 24000", "maxconn 400"},
      {"bind :443 ssl crt /etc/haproxy/bank.pem ssl-min-ver TLSv1.3", "bind " + local(tablets_)},
      {"server s1 10.0.1.1:8080", "server s1 " + local(server_ports_[0])},
      {"server s2 10.0.1.2:8080", "server s2 " + local(server_ports_[1])},
      {"  server s3 10.0.1.3:8080 check inter 1s fall 2 rise 1\n", ""},
      {"bind 127.0.0.1:5433", "bind " + local(primary_port_)},
      {"check port 8008 inter", "check inter"}};
  for (std::size_t i = 0; i < kNodes; ++i) {
    const std::string no = std::to_string(i + 1);
    changes.emplace_back("server d" + no + " 10.0.0." + no + ":5432",
                         "server d" + no + " " + local(nodes_[i].seen_database) + " check port " +
                             std::to_string(nodes_[i].seen_rest));
  }
  const fs::path config = balancer_folder_.path() / "haproxy.cfg";
  std::ofstream(config) << deployed("haproxy.cfg", changes);
  balancer_ = std::make_unique<HelperProcess>(
      std::vector<std::string>{program("haproxy")->string(), "-db", "-f", config.string()},
      balancer_folder_.path());

  const fs::path users = pooler_folder_.path() / "users.txt";
  std::ofstream(users) << "\"banyan\" \"" << kPassword << "\"\n";
  const fs::path pool = pooler_folder_.path() / "pgbouncer.ini";
  std::ofstream(pool) << deployed(
      "pgbouncer.ini",
      {{"port=5433", "port=" + std::to_string(primary_port_)},
       {"listen_port = 6432", "unix_socket_dir =\nlisten_port = " + std::to_string(pool_port_)},
       {"/etc/pgbouncer/users.txt", users.string()}});
  pooler_ = std::make_unique<HelperProcess>(
      std::vector<std::string>{program("pgbouncer")->string(), pool.string()},
      pooler_folder_.path());
}

bool Cluster::make_database() {
  const auto leader = primary();
  if (!leader) return false;
  const std::string url = "postgresql://postgres:" + std::string(kPassword) + "@" +
                          local(nodes_[*leader].database) + "/postgres";
  const auto connection = postgres::Connection::open(url);
  for (const std::string& each :
       {"CREATE ROLE banyan LOGIN PASSWORD '" + std::string(kPassword) + "'",
        std::string("CREATE DATABASE banyan OWNER banyan"),
        std::string("GRANT pg_monitor TO banyan")}) {
    if (!connection || !(*connection)->script(each)) return false;
  }
  return wait_for(20, [&] { return postgres::Connection::open(pooled()).ok(); });
}

void Cluster::serve(const DemoBank& bank) {
  for (std::size_t i = 0; i < server_ports_.size(); ++i) {
    servers_.push_back(std::make_unique<ServerProcess>(
        server_program(), bank.another_node("s" + std::to_string(i + 1)),
        std::vector<std::string>{"--store", pooled(), "--listen", direct(), "--port",
                                 std::to_string(server_ports_[i])}));
    REQUIRE_MESSAGE(servers_.back()->port() != 0, servers_.back()->log());
  }
  REQUIRE(wait_for(20, [&] {
    const auto answer = http_once(tablets_, "GET", "/readyz");
    return answer && answer->status == 200;
  }));
}

// ---- what is there

namespace {

std::string database_url(std::uint16_t port) {
  return "postgresql://banyan:" + std::string(kPassword) + "@" + local(port) + "/banyan";
}

}  // namespace

std::string Cluster::direct() const { return database_url(primary_port_); }
std::string Cluster::pooled() const { return database_url(pool_port_); }
std::string Cluster::url_of(std::size_t node) const { return database_url(nodes_[node].database); }

int Cluster::status(std::size_t node, const char* path) const {
  RawHttp http(nodes_[node].rest, 1'000);
  if (!http.connected() || !http.send("GET " + std::string(path) + " HTTP/1.0\r\n\r\n")) return 0;
  const auto answer = http.read();
  return answer ? answer->status : 0;
}

std::optional<std::size_t> Cluster::primary() const {
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < kNodes; ++i) {
    if (status(i, "/primary") != 200) continue;
    if (found) return std::nullopt;
    found = i;
  }
  return found;
}

std::optional<std::size_t> Cluster::synchronous() const {
  for (std::size_t i = 0; i < kNodes; ++i) {
    if (status(i, "/sync") == 200) return i;
  }
  return std::nullopt;
}

bool Cluster::whole(int seconds) const {
  return wait_for(seconds, [&] {
    std::size_t replicas = 0;
    for (std::size_t i = 0; i < kNodes; ++i) replicas += status(i, "/replica") == 200 ? 1 : 0;
    return replicas == kNodes - 1 && primary() && synchronous();
  });
}

std::optional<std::size_t> Cluster::other_than(std::size_t node, int seconds) const {
  std::optional<std::size_t> found;
  wait_for(seconds, [&] {
    for (std::size_t i = 0; i < kNodes; ++i) {
      if (i != node && status(i, "/primary") == 200) found = i;
    }
    return found.has_value();
  });
  return found;
}

std::string Cluster::output() const {
  std::string all;
  const auto tail = [&](const std::string& name, const std::string& text) {
    constexpr std::size_t kBytes = 1'000;
    all += "== " + name + '\n' + text.substr(text.size() - std::min(kBytes, text.size())) + '\n';
  };
  for (std::size_t i = 0; i < kNodes; ++i) {
    tail("d" + std::to_string(i + 1), read(nodes_[i].folder->path() / "out"));
  }
  tail("etcd", read(etcd_folder_.path() / "out"));
  tail("haproxy", read(balancer_folder_.path() / "out"));
  tail("pgbouncer", read(pooler_folder_.path() / "out"));
  for (const auto& server : servers_) tail("banyan-server", server->log());
  return all;
}

// ---- what happens to nodes

std::vector<pid_t> Cluster::processes(std::size_t i) const {
  std::vector<pid_t> all{nodes_[i].patroni->pid()};
  const pid_t postmaster =
      std::atoi(read(nodes_[i].folder->path() / "data/postmaster.pid").c_str());
  if (postmaster > 0) all.push_back(postmaster);
  for (const pid_t parent : std::vector<pid_t>(all)) {
    for (const pid_t child : children(parent)) all.push_back(child);
  }
  return all;
}

void Cluster::signal(std::size_t i, int number) {
  for (const pid_t each : processes(i)) ::kill(each, number);
}

void Cluster::kill(std::size_t i) {
  signal(i, SIGKILL);
  nodes_[i].patroni->wait();
}
void Cluster::hang(std::size_t i) { signal(i, SIGSTOP); }
void Cluster::wake(std::size_t i) { signal(i, SIGCONT); }
void Cluster::cut_off(std::size_t i) { nodes_[i].card->signal(SIGSTOP); }
void Cluster::join(std::size_t i) { nodes_[i].card->signal(SIGCONT); }

}  // namespace banyan::test
