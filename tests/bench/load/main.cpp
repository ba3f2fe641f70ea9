// bench-load: see --help.
#include "shared/crypto/init.h"
#include "tests/bench/load/crowd.h"

namespace banyan::bench {
namespace {

constexpr const char* kUsage =
    "bench-load [--tablets N] [--customers N] [--commits N] [--window S] [--sockets N]\n"
    "           [--day S] [--pull KIB] [--join N] [--json FILE]\n"
    "           [--only day|monday|ingest|move|storm|join|broken|news]\n"
    "           [--store sqlite|postgresql|URL] [--processes 1|2]\n\n"
    "Thousands of tablets against banyan-server as a process, over real sockets, with real\n"
    "bundles and signatures: a steady day (S seconds, 20), a Monday morning on which all 4,000\n"
    "tablets come back within S seconds (30) with N commits each (250), a branch that changes\n"
    "hands, batches of a hundred for as long as a day lasts (a soak, with --day 1200), a morning\n"
    "on which each takes KIB (200), a branch that gets N tablets (400), slow and dying lines, "
    "10,000 idle WebSockets. A tablet is the product's sync client\n"
    "over a store in memory; three are whole replicas. At the end the log is verified, every\n"
    "tablet's chain must be in it, once, and the replicas must be the server's rows. Tablets\n"
    "and server share the machine: the server's processor time is told apart. The bank lies in\n"
    "SQLite, in a PostgreSQL that is started for it, or in the empty database of a URL, where two\n"
    "server processes may share it.\n";

int run(const Options& options, const LoadSize& size, const LoadPlan& plan,
        const LoadPlace& place) {
  must(crypto_init());
  const test::TemporaryFolder folder;
  Report report("bench-load, " + std::to_string(size.tablets) + " tablets, " + place.store + ",");
  return report.take_rounds(options, [&] {
    LoadBank bank(report, folder.path() / "data", size, place);
    bank.start(report);
    bank.join_replicas();
    if (options.wants("day")) steady_day(report, bank, plan);
    if (options.wants("monday")) monday_morning(report, bank, plan);
    if (options.wants("ingest")) ingest(report, bank, plan);
    if (options.wants("move")) {
      bank.stop();
      branch_moves(report, bank);
    }
    if (options.wants("storm")) {
      bank.stop();
      morning_storm(report, bank, plan);
    }
    if (options.wants("join")) {
      bank.stop();
      branch_joins(report, bank, plan);
    }
    if (options.wants("broken")) broken_lines(report, bank);
    if (options.wants("news")) {
      bank.stop();  // memory that a Monday has left free would hide what a socket takes
      bank.start(report);
      idle_sockets(report, bank, plan);
    }
    for (auto& replica : bank.replicas()) must(replica->sync());
    bank.stop();
    bank.verify(report);
  });
}

}  // namespace
}  // namespace banyan::bench

int main(int argc, char** argv) {
  using namespace banyan::bench;
  LoadSize size;
  LoadPlan plan;
  LoadPlace place;
  Options options = parse_options(argc, argv, kUsage, size.customers,
                                  {{"--tablets", &size.tablets},
                                   {"--commits", &plan.commits},
                                   {"--window", &plan.window_s},
                                   {"--sockets", &plan.sockets},
                                   {"--day", &plan.day_s},
                                   {"--pull", &plan.pull_kib},
                                   {"--join", &plan.join},
                                   {"--processes", &place.processes}},
                                  {{"--store", &place.store}});
  size.customers = options.customers;
  options.rounds = 1;  // a bank that has been through a Monday is another one
  return run(options, size, plan, place);
}
