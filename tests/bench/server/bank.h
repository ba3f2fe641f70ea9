// A demo bank, the real server on it, and the officers who bring their tablets.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "sync-server/host/welcome.h"
#include "tests/bench/report.h"
#include "tests/support/http_device.h"
#include "tests/support/server_process.h"

namespace banyan::bench {

class DemoBank {
 public:
  // Makes a bank of that size in `data`, unless there is one.
  DemoBank(Report& report, const std::filesystem::path& data, const std::string& size);

  void start(Report& report);
  test::ServerProcess& server() { return *server_; }
  double resident_mib() const { return static_cast<double>(server_->resident_kib()) / 1024; }

  // A new device of somebody with that role; `which` of them, in the order of the demo.
  std::unique_ptr<test::HttpDevice> enrol(const std::string& role, std::size_t which);

  // Asked over a connection beside the server's.
  std::int64_t count(std::string_view sql);

 private:
  std::filesystem::path data_;
  std::vector<server::DemoPerson> people_;
  std::unique_ptr<test::ServerProcess> server_;
};

using Devices = std::vector<std::unique_ptr<test::HttpDevice>>;

// Officers enrol and sync for the first time, one after the other.
Devices measure_first_syncs(Report& report, DemoBank& bank, std::size_t count);
// All come back at once with a day's commits; then each sends one at a time.
void measure_return(Report& report, DemoBank& bank, Devices& devices);

}  // namespace banyan::bench
