// What a load falls on: the server as one process or as two, over SQLite in the bank's folder or
// over a PostgreSQL.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "sync-server/host/bank.h"
#include "tests/bench/report.h"
#include "tests/support/postgres_process.h"
#include "tests/support/server_process.h"

namespace banyan::bench {

struct LoadPlace {
  // "sqlite"; "postgresql", which starts one of the machine's own package on loopback; or the
  // address of an empty database.
  std::string store = "sqlite";
  std::uint32_t processes = 1;  // two only over PostgreSQL
};

class LoadHost {
 public:
  // The bank's folder. Ends the program for a place that cannot be.
  LoadHost(std::filesystem::path folder, LoadPlace place);

  // How the bank is opened by hand: by whoever makes it, and after settle().
  server::BankSettings settings() const;
  // The bank was made in the folder: moves it into PostgreSQL if it shall lie there.
  void settle(Report& report);

  void start(Report& report);
  // Ends the servers as an operator does; they must end well.
  void stop();

  std::uint16_t port(std::size_t which) const { return servers_[which % servers_.size()]->port(); }
  double cpu_s() const;           // of all servers
  double database_cpu_s() const;  // of a PostgreSQL that this has started; 0 otherwise
  double resident_mib() const;    // of all servers
  double peak_mib() const;
  double journal_mib() const;  // of SQLite or PostgreSQL: the write-ahead log's files
  std::string log() const;
  void verify_log() const;  // no server runs

 private:
  std::filesystem::path data_of(std::size_t server) const;

  std::filesystem::path folder_;
  LoadPlace place_;
  std::unique_ptr<test::PostgresProcess> postgres_;
  std::string url_;  // empty: SQLite, or not settled yet
  std::vector<std::unique_ptr<test::ServerProcess>> servers_;
};

}  // namespace banyan::bench
