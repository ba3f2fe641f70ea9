// Batches of a hundred commits, as many as the server takes, for as long as is wanted.
#include <algorithm>

#include "tests/bench/load/crowd.h"

namespace banyan::bench {
namespace {

constexpr const char* kIngest = "Ingest: batches of a hundred commits";
constexpr std::size_t kBatch = 100;
constexpr std::size_t kAtOnce = 32;
constexpr std::size_t kParts = 5;  // of the time: the last one's p99 beside the first one's

struct Sample {
  double at_s = 0, resident_mib = 0, journal_mib = 0;
};

struct Watched {
  std::vector<Sample> samples;
  std::vector<std::size_t> syncs;  // how many there were at each sample
};

Task<> bring(Crowd& crowd, std::size_t first, std::size_t stride, SteadyClock::time_point end) {
  const auto& tablets = crowd.bank().tablets();
  for (std::size_t at = first; SteadyClock::now() < end;) {
    Line line(crowd.io(), crowd.port(at), at);
    tablets[at]->work(kBatch);
    co_await crowd.sync(*tablets[at], line);
    line.cut();
    at = at + stride < tablets.size() ? at + stride : first;
  }
}

Task<> look(Crowd& crowd, Watched& watched, SteadyClock::time_point end) {
  const auto begin = SteadyClock::now();
  const auto pause =
      std::max<SteadyClock::duration>((end - begin) / 200, std::chrono::milliseconds(50));
  while (SteadyClock::now() < end) {
    const LoadHost& host = crowd.bank().host();
    watched.samples.push_back({ms_since(begin) / 1e3, host.resident_mib(), host.journal_mib()});
    watched.syncs.push_back(crowd.tally().sync_ms.size());
    co_await crowd.sleep(pause);
  }
}

// MiB an hour, by least squares over the last four fifths: first caches fill.
double slope(const std::vector<Sample>& all) {
  double n = 0, x = 0, y = 0, xx = 0, xy = 0;
  for (std::size_t i = all.size() / kParts; i < all.size(); ++i) {
    const double hours = all[i].at_s / 3600;
    n += 1;
    x += hours;
    y += all[i].resident_mib;
    xx += hours * hours;
    xy += hours * all[i].resident_mib;
  }
  const double spread = n * xx - x * x;
  return spread > 0 ? (n * xy - x * y) / spread : 0;
}

double p99_between(const std::vector<double>& all, std::size_t from, std::size_t to) {
  std::vector<double> part(all.begin() + static_cast<std::ptrdiff_t>(from),
                           all.begin() + static_cast<std::ptrdiff_t>(to));
  return part.empty() ? 0 : percentile(part, 0.99);
}

}  // namespace

void ingest(Report& report, LoadBank& bank, const LoadPlan& plan) {
  Crowd crowd(bank);
  Watched watched;
  const double before = bank.host().cpu_s(), database = bank.host().database_cpu_s();
  const Stopwatch watch;
  const auto end = SteadyClock::now() + std::chrono::seconds(plan.day_s);
  const std::size_t at_once = std::min(kAtOnce, bank.tablets().size());
  for (std::size_t i = 0; i < at_once; ++i) crowd.start(bring(crowd, i, at_once, end));
  crowd.start(look(crowd, watched, end));
  crowd.run();
  const Cost cost{watch.taken().wall_s, bank.host().cpu_s() - before};
  Tally& tally = crowd.tally();
  const double commits = static_cast<double>(tally.sync_ms.size()) * kBatch;
  expect(tally.broken == 0, "no line breaks");
  expect(!watched.samples.empty(), "the load lasts a while");
  const std::size_t parts = watched.syncs.size();
  const double first = p99_between(tally.sync_ms, 0, watched.syncs[parts / kParts]);
  const double last =
      p99_between(tally.sync_ms, watched.syncs[parts - 1 - parts / kParts], tally.sync_ms.size());
  double journal = 0;
  for (const Sample& sample : watched.samples) journal = std::max(journal, sample.journal_mib);
  report.time(kIngest, "taken in; CPU is the server's", commits, "commits", cost);
  report.figure(kIngest, "the server's CPU for a commit", cost.cpu_s * 1e6 / commits, "us");
  report.figure(kIngest, "PostgreSQL's CPU for a commit",
                (bank.host().database_cpu_s() - database) * 1e6 / commits, "us");
  report.figure(kIngest, "the tablets' own CPU, of one core", watch.taken().cpu_s / cost.wall_s,
                "");
  report.figure(kIngest, "a batch, p99 in the first fifth of the time", first, "ms");
  report.figure(kIngest, "a batch, p99 in the last fifth", last, "ms");
  report.figure(kIngest, "the server's memory grows by, after the first fifth",
                slope(watched.samples), "MiB/h");
  report.figure(kIngest, "the server's memory, the most so far", bank.host().peak_mib(), "MiB");
  report.figure(kIngest, "the journal's file or files, the most", journal, "MiB");
}

}  // namespace banyan::bench
