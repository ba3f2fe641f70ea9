#include "tests/bench/load/host.h"

#include "sync-server/postgres/connection.h"

namespace banyan::bench {
namespace {

namespace fs = std::filesystem;

// As a small server of a bank has it; the rest is PostgreSQL's own default, so that a commit is
// on the disk before it is told.
const std::vector<std::string> kPostgres{"shared_buffers=512MB", "max_wal_size=1GB"};

}  // namespace

LoadHost::LoadHost(fs::path folder, LoadPlace place)
    : folder_(std::move(folder)), place_(std::move(place)) {
  expect(place_.processes == 1 || place_.processes == 2, "--processes is 1 or 2");
  const bool sqlite = place_.store == "sqlite";
  expect(!sqlite || place_.processes == 1, "only PostgreSQL is shared by two processes");
  expect(sqlite || place_.store == "postgresql" || must(server::is_postgres(place_.store)),
         "--store is sqlite, postgresql, or the address of a database");
  if (place_.store != "postgresql") return;
  expect(test::PostgresProcess::programs().has_value(), "no PostgreSQL is installed here");
  postgres_ = std::make_unique<test::PostgresProcess>(kPostgres);
  expect(postgres_->ready(), "PostgreSQL comes up: " + postgres_->output());
}

server::BankSettings LoadHost::settings() const {
  server::BankSettings settings;
  settings.data = folder_;
  settings.store = url_;
  return settings;
}

void LoadHost::settle(Report& report) {
  if (place_.store == "sqlite") return;
  const std::string url = postgres_ ? postgres_->make_database() : place_.store;
  const Stopwatch watch;
  const test::Finished moved = test::run_program(
      test::server_program(), {"migrate", "--data", folder_.string(), "--store", url});
  expect(moved.code == 0, "the bank moves to PostgreSQL: " + moved.err);
  url_ = url;
  report.figure("The bank", "moved to PostgreSQL, and compared", watch.taken().wall_s, "s");
  if (place_.processes == 1) return;
  fs::create_directories(data_of(1));
  fs::copy(folder_ / "keys", data_of(1) / "keys", fs::copy_options::recursive);
  fs::copy(folder_ / "organisation.json", data_of(1) / "organisation.json");
}

fs::path LoadHost::data_of(std::size_t server) const {
  return server == 0 ? folder_ : fs::path(folder_.string() + "-" + std::to_string(server + 1));
}

void LoadHost::start(Report& report) {
  const Stopwatch watch;
  std::vector<std::string> more;
  if (!url_.empty()) more = {"--store", url_};
  for (std::size_t i = 0; i < place_.processes; ++i) {
    servers_.push_back(
        std::make_unique<test::ServerProcess>(test::server_program(), data_of(i), more));
    expect(servers_.back()->port() != 0, "the server comes up: " + servers_.back()->log());
  }
  report.figure("The bank", "the server's start until it answers (seen every 10 ms)",
                watch.taken().wall_s * 1e3, "ms");
  report.figure("The bank", "the server's memory after the start", resident_mib(), "MiB");
}

void LoadHost::stop() {
  for (auto& server : servers_) {
    server->signal(15);
    expect(server->wait() == 0, "the server ends well");
  }
  servers_.clear();
}

double LoadHost::cpu_s() const {
  double sum = 0;
  for (const auto& server : servers_) sum += server->cpu_s();
  return sum;
}

double LoadHost::database_cpu_s() const { return postgres_ ? postgres_->cpu_s() : 0; }

double LoadHost::resident_mib() const {
  double sum = 0;
  for (const auto& server : servers_) sum += static_cast<double>(server->resident_kib()) / 1024;
  return sum;
}

double LoadHost::peak_mib() const {
  double sum = 0;
  for (const auto& server : servers_) sum += static_cast<double>(server->peak_kib()) / 1024;
  return sum;
}

double LoadHost::journal_mib() const {
  if (url_.empty()) {
    std::error_code none;  // there is none until somebody writes
    const auto size = fs::file_size(server::database_path(folder_).string() + "-wal", none);
    return none ? 0 : static_cast<double>(size) / (1 << 20);
  }
  const auto connection = must(postgres::Connection::open(url_));
  const auto size = must(connection->query("SELECT sum(size)::bigint FROM pg_ls_waldir()"));
  return static_cast<double>(size.integer(0, 0)) / (1 << 20);
}

std::string LoadHost::log() const {
  std::string all;
  for (const auto& server : servers_) all += server->log();
  return all;
}

void LoadHost::verify_log() const {
  std::vector<std::string> args{"verify-log", "--data", folder_.string()};
  if (!url_.empty()) args.insert(args.end(), {"--store", url_});
  const test::Finished checked = test::run_program(test::server_program(), args);
  expect(checked.code == 0, "the log verifies: " + checked.err);
}

}  // namespace banyan::bench
