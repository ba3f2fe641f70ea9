// The real banyan-server as a process of its own, in a data folder of its own.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace banyan::test {

// A fresh folder that goes with the object.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// What a finished command said.
struct Finished {
  int code = -1;
  std::string out, err;
};

// `program` is the binary; its output is kept.
Finished run_program(const std::filesystem::path& program, const std::vector<std::string>& args,
                     const std::vector<std::string>& environment = {});

class ServerProcess {
 public:
  // Starts `serve` on a free port, or that of `more`, and waits until it is open; port() is 0 when
  // it did not come up.
  ServerProcess(const std::filesystem::path& program, const std::filesystem::path& data,
                std::vector<std::string> more = {});
  ~ServerProcess();
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  std::uint16_t port() const { return port_; }
  std::string out() const;  // what it has printed so far
  std::string log() const;  // its events so far

  void signal(int number);
  int wait();  // the exit code; 128 + signal when it was killed
  std::size_t resident_kib() const;
  std::size_t peak_kib() const;  // the most that was resident since the start
  double cpu_s() const;          // user and system time so far

 private:
  std::filesystem::path data_;
  pid_t pid_ = -1;
  std::uint16_t port_ = 0;
};

// Where the tests' build has put banyan-server: beside the running test program.
std::filesystem::path server_program();

}  // namespace banyan::test
