// A PostgreSQL of the machine's own package as a process of its own, in a folder of its own,
// on loopback alone; and other programs of such a kind (a pooler, a balancer).
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/server_process.h"

namespace banyan::test {

// A port of 127.0.0.1 that nobody listens on just now.
std::uint16_t free_port();

// The first of these programs that is there.
std::optional<std::filesystem::path> find_program(const std::vector<std::string>& paths);

// A program that runs until the object goes. As root it runs as somebody without rights, whom
// its folder then belongs to: databases refuse root.
class HelperProcess {
 public:
  HelperProcess(const std::vector<std::string>& command, const std::filesystem::path& folder);
  ~HelperProcess();
  HelperProcess(const HelperProcess&) = delete;
  HelperProcess& operator=(const HelperProcess&) = delete;

  void signal(int number);
  bool running();
  int wait();  // the exit code
  pid_t pid() const { return pid_; }

 private:
  pid_t pid_ = -1;
};

// Who that is; the test's own user when it is not root. Makes `folder` his.
void give_to_unprivileged(const std::filesystem::path& folder);
std::string unprivileged_user();

class PostgresProcess {
 public:
  // The folder with initdb and postgres; nothing when none is installed.
  static std::optional<std::filesystem::path> programs();

  // Starts an empty one and waits until it answers; ready() is false when it does not.
  explicit PostgresProcess(const std::vector<std::string>& settings = {});
  ~PostgresProcess();

  bool ready() const { return ready_; }
  std::uint16_t port() const { return port_; }
  std::string output() const;
  double cpu_s() const;  // user and system time so far, of it and of its processes

  // A fresh, empty database.
  std::string make_database();
  std::string url(const std::string& database) const;

  void stop();
  void restart();  // as after a crash: everything in memory is gone

 private:
  bool start();

  TemporaryFolder folder_;
  std::vector<std::string> settings_;
  std::uint16_t port_ = 0;
  bool ready_ = false;
  int databases_ = 0;
  std::unique_ptr<HelperProcess> process_;
};

}  // namespace banyan::test
