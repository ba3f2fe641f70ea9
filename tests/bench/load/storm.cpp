// Mornings on which much goes down: everybody was sent long notes overnight, or a branch gets its
// tablets.
#include "tests/bench/load/crowd.h"

namespace banyan::bench {
namespace {

constexpr const char* kStorm = "Morning storm: everybody has much to take";
constexpr const char* kJoin = "A branch gets its tablets: first syncs of one scope";
constexpr std::size_t kAtOnce = 64;  // first syncs under way at the same time

Task<> come_at(Crowd& crowd, Tablet& tablet, std::size_t which, SteadyClock::time_point when) {
  co_await crowd.sleep_until(when);
  Line line(crowd.io(), crowd.port(which), which);
  co_await crowd.sync(tablet, line);
  line.cut();
}

Task<> join_in_turn(Crowd& crowd, std::vector<std::unique_ptr<Tablet>>& tablets,
                    std::size_t& next) {
  while (next < tablets.size()) {
    const std::size_t which = next++;
    Line line(crowd.io(), crowd.port(which), which);
    co_await crowd.sync(*tablets[which], line);
    line.cut();
  }
}

}  // namespace

void morning_storm(Report& report, LoadBank& bank, const LoadPlan& plan) {
  bank.write_notes(plan.pull_kib);
  bank.start(report);
  Crowd crowd(bank);
  SystemRandom random;
  const double before = bank.host().cpu_s(), database = bank.host().database_cpu_s();
  const Stopwatch watch;
  const auto begin = SteadyClock::now();
  for (std::size_t i = 0; i < bank.tablets().size(); ++i) {
    const auto when = std::chrono::milliseconds(random.below(1 + plan.window_s * 1000ULL));
    crowd.start(come_at(crowd, *bank.tablets()[i], i, begin + when));
  }
  crowd.run();
  const Cost cost{watch.taken().wall_s, bank.host().cpu_s() - before};
  Tally& tally = crowd.tally();
  const auto tablets = static_cast<double>(bank.tablets().size());
  const double each_kib = static_cast<double>(tally.bytes_down) / 1024 / tablets;
  expect(tally.sync_ms.size() == bank.tablets().size(), "every tablet is served");
  expect(each_kib >= plan.pull_kib, "every tablet is sent what was written for it");
  expect(tally.broken == 0, "no line breaks");
  expect(tally.unnamed_waits == 0, "whoever is turned away is told when to come back");
  report.figure(kStorm, "come within", plan.window_s, "s");
  report.time(kStorm, "served, to the last one; CPU is the server's", tablets, "tablets", cost);
  report.figure(kStorm, "PostgreSQL's CPU for a tablet",
                (bank.host().database_cpu_s() - database) * 1e3 / tablets, "ms");
  report.figure(kStorm, "bytes down, a tablet", each_kib, "KiB");
  report.figure(kStorm, "a sync, p50", percentile(tally.sync_ms, 0.5), "ms");
  report.figure(kStorm, "a sync, p99", percentile(tally.sync_ms, 0.99), "ms");
  report.figure(kStorm, "turned away with a time to come back", static_cast<double>(tally.shed),
                "");
  report.figure(kStorm, "the tablets' own CPU, of one core", watch.taken().cpu_s / cost.wall_s, "");
  report.figure(kStorm, "the server's memory, the most so far", bank.host().peak_mib(), "MiB");
}

void branch_joins(Report& report, LoadBank& bank, const LoadPlan& plan) {
  std::vector<std::unique_ptr<Tablet>> fresh = bank.hand_out(plan.join);
  bank.start(report);
  Crowd crowd(bank);
  const double before = bank.host().cpu_s(), database = bank.host().database_cpu_s();
  const Stopwatch watch;
  std::size_t next = 0;
  for (std::size_t i = 0; i < kAtOnce; ++i) crowd.start(join_in_turn(crowd, fresh, next));
  crowd.run();
  const Cost cost{watch.taken().wall_s, bank.host().cpu_s() - before};
  Tally& tally = crowd.tally();
  const auto count = static_cast<double>(fresh.size());
  expect(tally.sync_ms.size() == fresh.size(), "every tablet is served");
  const std::size_t customers = bank.customers_of_branch();
  for (const auto& tablet : fresh) {
    expect(tablet->customers().size() == customers, "a new tablet has the branch's customers");
  }
  report.figure(kJoin, "customers of the scope", static_cast<double>(customers), "");
  report.time(kJoin, "first syncs; CPU is the server's", count, "tablets", cost);
  report.figure(kJoin, "PostgreSQL's CPU for a first sync",
                (bank.host().database_cpu_s() - database) * 1e3 / count, "ms");
  report.figure(kJoin, "bytes down, a tablet", static_cast<double>(tally.bytes_down) / 1024 / count,
                "KiB");
  report.figure(kJoin, "a first sync, p99", percentile(tally.sync_ms, 0.99), "ms");
  report.figure(kJoin, "turned away", static_cast<double>(tally.shed), "");
  report.figure(kJoin, "the tablets' own CPU, of one core", watch.taken().cpu_s / cost.wall_s, "");
}

}  // namespace banyan::bench
