// A steady day, a Monday morning, and a branch that changes hands.
#include <algorithm>

#include "tests/bench/load/crowd.h"

namespace banyan::bench {
namespace {

constexpr std::size_t kSaves = 5;    // a visit's report: what one sync brings
constexpr std::size_t kAtOnce = 48;  // tablets that keep the server full
constexpr const char* kDay = "A steady day: tablets sync with five commits each";
constexpr const char* kMonday = "Monday morning: everybody comes back";
constexpr const char* kMove = "A branch changes hands";

void report_syncs(Report& report, const char* section, const std::string& what, Tally& tally) {
  report.figure(section, what + ", p50", percentile(tally.sync_ms, 0.5), "ms");
  report.figure(section, what + ", p99", percentile(tally.sync_ms, 0.99), "ms");
}

// Every `stride`th tablet, one after the other, as fast as the server answers, until `end`.
Task<> keep_busy(Crowd& crowd, std::size_t first, std::size_t stride, SteadyClock::time_point end) {
  const auto& tablets = crowd.bank().tablets();
  for (std::size_t at = first; SteadyClock::now() < end;) {
    Line line(crowd.io(), crowd.port(at), at);
    tablets[at]->work(kSaves);
    co_await crowd.sync(*tablets[at], line);
    line.cut();
    at = at + stride < tablets.size() ? at + stride : first;
  }
}

// At its time, whatever the server is doing.
Task<> come_at(Crowd& crowd, std::size_t which, SteadyClock::time_point when) {
  co_await crowd.sleep_until(when);
  Tablet& tablet = *crowd.bank().tablets()[which];
  Line line(crowd.io(), crowd.port(which), which);
  co_await crowd.sync(tablet, line);
  line.cut();
}

}  // namespace

void steady_day(Report& report, LoadBank& bank, const LoadPlan& plan) {
  const auto length = std::chrono::seconds(plan.day_s);
  double per_s = 0;
  {
    Crowd crowd(bank);
    const double before = bank.host().cpu_s(), database = bank.host().database_cpu_s();
    const Stopwatch watch;
    const auto end = SteadyClock::now() + length;
    const std::size_t at_once = std::min(kAtOnce, bank.tablets().size());
    for (std::size_t i = 0; i < at_once; ++i) crowd.start(keep_busy(crowd, i, at_once, end));
    crowd.run();
    const double wall = watch.taken().wall_s, served = bank.host().cpu_s() - before;
    const auto syncs = static_cast<double>(crowd.tally().sync_ms.size());
    per_s = syncs / wall;
    report.time(kDay, "full load, syncs; CPU is the server's", syncs, "syncs", {wall, served});
    report.time(kDay, "full load, commits; CPU is the server's", syncs * kSaves, "commits",
                {wall, served});
    report.figure(kDay, "full load, PostgreSQL's CPU for a sync",
                  (bank.host().database_cpu_s() - database) * 1e3 / syncs, "ms");
    report_syncs(report, kDay, "full load, a sync", crowd.tally());
    report.figure(kDay, "the tablets' own CPU, of one core", watch.taken().cpu_s / wall, "");
  }
  // Each tablet comes once at most: with few of them the half day is shorter.
  const auto wanted = static_cast<std::size_t>(per_s / 2 * static_cast<double>(plan.day_s));
  const std::size_t syncs = std::min(wanted, bank.tablets().size());
  const double lasts_us = static_cast<double>(syncs) / (per_s / 2) * 1e6;
  Crowd crowd(bank);
  SystemRandom random;
  for (std::size_t i = 0; i < syncs; ++i) bank.tablets()[i]->work(kSaves);
  const auto begin = SteadyClock::now() + std::chrono::milliseconds(100);
  for (std::size_t i = 0; i < syncs; ++i) {
    const auto when = random.below(1 + static_cast<std::uint64_t>(lasts_us));
    crowd.start(come_at(crowd, i, begin + std::chrono::microseconds(when)));
  }
  crowd.run();
  report_syncs(report, kDay, "half load, a sync", crowd.tally());
  report.figure(kDay, "half load, turned away", static_cast<double>(crowd.tally().shed), "");
  report.figure(kDay, "the server's memory, the most so far", bank.host().peak_mib(), "MiB");
}

void monday_morning(Report& report, LoadBank& bank, const LoadPlan& plan) {
  for (auto& tablet : bank.tablets()) tablet->work(plan.commits);
  Crowd crowd(bank);
  SystemRandom random;
  const double before = bank.host().cpu_s(), database = bank.host().database_cpu_s();
  const Stopwatch watch;
  const auto begin = SteadyClock::now();
  for (std::size_t i = 0; i < bank.tablets().size(); ++i) {
    const auto when = std::chrono::milliseconds(random.below(1 + plan.window_s * 1000ULL));
    crowd.start(come_at(crowd, i, begin + when));
  }
  crowd.run();
  const Cost cost{watch.taken().wall_s, bank.host().cpu_s() - before};
  Tally& tally = crowd.tally();
  const auto tablets = static_cast<double>(bank.tablets().size());
  report.figure(kMonday, "tablets", tablets, "");
  report.figure(kMonday, "commits of each", plan.commits, "");
  report.figure(kMonday, "come back within", plan.window_s, "s");
  report.time(kMonday, "taken in, to the last one; CPU is the server's", tablets * plan.commits,
              "commits", cost);
  report.figure(kMonday, "the server's CPU for a commit", cost.cpu_s * 1e6 / tablets / plan.commits,
                "us");
  report.figure(kMonday, "PostgreSQL's CPU for a commit",
                (bank.host().database_cpu_s() - database) * 1e6 / tablets / plan.commits, "us");
  report_syncs(report, kMonday, "a sync, from the wish to the last answer", tally);
  report.figure(kMonday, "a request that is served, p99", percentile(tally.request_ms, 0.99), "ms");
  report.figure(kMonday, "requests", static_cast<double>(tally.requests), "");
  report.figure(kMonday, "turned away with a time to come back", static_cast<double>(tally.shed),
                "");
  report.figure(kMonday, "bytes up, a commit",
                static_cast<double>(tally.bytes_up) / tablets / plan.commits, "");
  report.figure(kMonday, "the tablets' own CPU, of one core", watch.taken().cpu_s / cost.wall_s,
                "");
  report.figure(kMonday, "the server's memory, the most so far", bank.host().peak_mib(), "MiB");
  expect(tally.unnamed_waits == 0, "whoever is turned away is told when to come back");
}

void branch_moves(Report& report, LoadBank& bank) {
  const std::size_t moved = bank.reassign_branch();
  bank.start(report);
  Crowd crowd(bank);
  const double before = bank.host().cpu_s();
  const Stopwatch watch;
  const auto begin = SteadyClock::now();
  for (std::size_t i = 0; i < bank.tablets().size(); ++i) crowd.start(come_at(crowd, i, begin));
  crowd.run();
  const Cost cost{watch.taken().wall_s, bank.host().cpu_s() - before};
  report.figure(kMove, "customers that moved from one officer to another",
                static_cast<double>(moved), "");
  report.time(kMove, "all tablets ask at once; CPU is the server's",
              static_cast<double>(bank.tablets().size()), "tablets", cost);
  report_syncs(report, kMove, "a sync", crowd.tally());
  report.figure(kMove, "bytes down, all tablets",
                static_cast<double>(crowd.tally().bytes_down) / (1 << 20), "MiB");
}

}  // namespace banyan::bench
