// bench-sync: see --help.
#include "shared/crypto/init.h"
#include "tests/bench/sync/workloads.h"

namespace banyan::bench {
namespace {

constexpr const char* kUsage =
    "bench-sync [--customers N] [--rounds N] [--only W1..W6] [--json FILE]\n\n"
    "The peers' workload: W1 create 50,000 customers, W2 100,000 edits, W3 ship, W4 merge into\n"
    "an empty replica, W5 two replicas edit 10,000 customers offline and exchange, W6 nothing\n"
    "new. Banyan with its log, chain, signatures and server, beside plain SQLite with the same\n"
    "rows, synchronous and cipher. 'x' is Banyan's time over the floor's; the best of all\n"
    "rounds (3) counts. Files lie in TMPDIR. Every result is checked; a wrong one ends the run.\n";

int run(const Options& options) {
  must(crypto_init());
  const Lists lists = make_lists(options.customers);
  const Setting settings[] = {
      {"As the product runs: ChaCha20-Poly1305, synchronous=FULL", true,
       DatabaseOptions::Sync::Full},
      {"As the peers run: plain pages, synchronous=NORMAL", false, DatabaseOptions::Sync::Normal}};
  Report report("bench-sync, " + std::to_string(options.customers) + " customers,");
  return report.take_rounds(options, [&] {
    for (const Setting& setting : settings) {
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
  return run(parse_options(argc, argv, kUsage, kCustomers));
}
