// bench-server: see --help.
#include "shared/crypto/init.h"
#include "tests/bench/server/bank.h"

namespace banyan::bench {
namespace {

constexpr const char* kUsage =
    "bench-server [--customers N] [--folder DIR] [--rounds N] [--json FILE]\n\n"
    "banyan-server as a process over HTTP on this machine, with the demo bank of 2,000, 50,000 or\n"
    "500,000 customers (500,000): making it, start, memory, first syncs, and 8 devices that come\n"
    "back at once. The tablets' own work runs on the same cores; the server's CPU is told apart.\n"
    "DIR keeps the bank for the next run (it grows); without it a fresh one lies in TMPDIR.\n";

constexpr std::size_t kDevices = 8;

std::string size_of(std::uint32_t customers) {
  if (customers <= 2'000) return "small";
  return customers <= 50'000 ? "county" : "large";
}

int run(const Options& options) {
  must(crypto_init());
  const test::TemporaryFolder folder;
  const std::string data =
      options.folder.empty() ? (folder.path() / "data").string() : options.folder;
  Report report("bench-server, demo bank " + size_of(options.customers) + ",");
  DemoBank bank(report, data, size_of(options.customers));
  return report.take_rounds(options, [&] {
    bank.start(report);
    Devices devices = measure_first_syncs(report, bank, kDevices);
    measure_return(report, bank, devices);
    bank.server().signal(15);
    expect(bank.server().wait() == 0, "the server ends well");
  });
}

}  // namespace
}  // namespace banyan::bench

int main(int argc, char** argv) {
  using namespace banyan::bench;
  return run(parse_options(argc, argv, kUsage, 500'000));
}
