// bench-sync: see --help.
#include <cstdlib>
#include <string_view>

#include "shared/crypto/init.h"
#include "tests/bench/sync/peer.h"
#include "tests/bench/sync/workloads.h"

namespace banyan::bench {
namespace {

constexpr const char* kUsage =
    "bench-sync [--customers N] [--rounds N] [--only W1..W6] [--json FILE]\n"
    "bench-sync plain|encrypted tx1|tx100|w5 SCALE FOLDER      as one of the peers\n\n"
    "The peers' workload: W1 create 50,000 customers, W2 100,000 edits, W3 ship, W4 merge into\n"
    "an empty replica, W5 two replicas edit 10,000 customers offline and exchange, W6 nothing\n"
    "new. Banyan with its log, chain, signatures and server, beside plain SQLite with the same\n"
    "rows, synchronous and cipher. 'x' is Banyan's time over the floor's; the best of all\n"
    "rounds (3) counts. Files lie in TMPDIR. Every result is checked; a wrong one ends the run.\n";

const Setting kSettings[] = {
    {"As the product runs: ChaCha20-Poly1305, synchronous=FULL", true, DatabaseOptions::Sync::Full},
    {"As the peers run: plain pages, synchronous=NORMAL", false, DatabaseOptions::Sync::Normal}};

int run(const Options& options) {
  const Lists lists = make_lists(options.customers);
  Report report("bench-sync, " + std::to_string(options.customers) + " customers,");
  return report.take_rounds(options, [&] {
    for (const Setting& setting : kSettings) {
      std::fprintf(stderr, "%s\n", setting.name.c_str());
      if (options.only != "W5") run_one_way(report, options, setting, lists);
      run_both_ways(report, options, setting, lists);
    }
  });
}

}  // namespace
}  // namespace banyan::bench

int main(int argc, char** argv) {
  using namespace banyan::bench;
  must(banyan::crypto_init());
  // The peers' run calls COMMAND SCENARIO SCALE FOLDER; the workload is made, not read.
  const std::string_view first = argc == 5 ? argv[1] : "";
  if (first == "plain" || first == "encrypted") {
    return run_as_peer(argv[2], std::strtod(argv[3], nullptr), kSettings[first == "plain" ? 1 : 0]);
  }
  return run(parse_options(argc, argv, kUsage, kCustomers));
}
