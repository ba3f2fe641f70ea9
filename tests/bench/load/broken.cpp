// Poor lines and hostile ones, while others work.
#include <algorithm>

#include "tests/bench/load/crowd.h"

namespace banyan::bench {
namespace {

constexpr const char* kBroken = "Slow and dying lines, while tablets sync";
constexpr std::size_t kDawdlers = 200;  // of either kind
constexpr std::size_t kBroken4 = 4;     // one tablet of four loses its line
constexpr std::size_t kCommits = 20;
constexpr double kSeconds = 20;

enum class Fate : std::uint8_t { Good, CutInHead, CutInBundle, AnswerLost };

Task<> dawdle(Crowd& crowd, std::size_t which, bool silent, std::vector<double>& until_cut_s) {
  Line line(crowd.io(), crowd.port(which), which);
  const double lasted = co_await line.dawdle(silent);
  until_cut_s.push_back(lasted);
}

// The network fails three times on this tablet, and then no more.
Task<> suffer(Crowd& crowd, std::size_t which, Fate fate, SteadyClock::time_point when) {
  co_await crowd.sleep_until(when);
  Tablet& tablet = *crowd.bank().tablets()[which];
  Line line(crowd.io(), crowd.port(which), which);
  for (int tries = 0; tries < 3; ++tries) {
    const Bytes request = must(tablet.client().make_request());
    if (fate == Fate::CutInHead) co_await line.break_off("/v0/sync", request, 0);
    if (fate == Fate::CutInBundle) co_await line.break_off("/v0/sync", request, 0.6);
    if (fate == Fate::AnswerLost) co_await line.ask_and_leave("/v0/sync", request);
  }
  co_await crowd.sync(tablet, line);
  line.cut();
}

Task<> work_on(Crowd& crowd, std::size_t which, SteadyClock::time_point when) {
  co_await crowd.sleep_until(when);
  Line line(crowd.io(), crowd.port(which), which);
  co_await crowd.sync(*crowd.bank().tablets()[which], line);
  line.cut();
}

}  // namespace

void broken_lines(Report& report, LoadBank& bank) {
  // A first answer, so that each has a challenge and the next request carries its bundle.
  {
    Crowd crowd(bank);
    for (std::size_t i = 0; i < bank.tablets().size(); ++i) {
      crowd.start(work_on(crowd, i, SteadyClock::now()));
    }
    crowd.run();
  }
  Crowd crowd(bank);
  std::vector<double> slow_s, silent_s;
  for (std::size_t i = 0; i < kDawdlers; ++i) {
    crowd.start(dawdle(crowd, i, false, slow_s));
    crowd.start(dawdle(crowd, i, true, silent_s));
  }
  const double before = bank.host().resident_mib();
  const auto begin = SteadyClock::now();
  const std::size_t tablets = bank.tablets().size();
  std::size_t suffering = 0;
  for (std::size_t i = 0; i < tablets; ++i) {
    bank.tablets()[i]->work(kCommits);
    const auto when =
        begin + std::chrono::duration_cast<SteadyClock::duration>(std::chrono::duration<double>(
                    kSeconds * static_cast<double>(i) / static_cast<double>(tablets)));
    if (i % kBroken4 != 0) {
      crowd.start(work_on(crowd, i, when));
    } else {
      crowd.start(suffer(crowd, i, static_cast<Fate>(1 + suffering++ % 3), when));
    }
  }
  crowd.run();
  Tally& tally = crowd.tally();
  report.figure(kBroken, "tablets, all with twenty commits", static_cast<double>(tablets), "");
  report.figure(kBroken, "of them with a line that dies three times",
                static_cast<double>(suffering), "");
  report.figure(kBroken, "lines that send a byte a second, or nothing", 2.0 * kDawdlers, "");
  report.figure(kBroken, "a byte a second: cut after, at most", percentile(slow_s, 1), "s");
  report.figure(kBroken, "nothing: cut after, at most", percentile(silent_s, 1), "s");
  report.figure(kBroken, "a sync meanwhile, p50", percentile(tally.sync_ms, 0.5), "ms");
  report.figure(kBroken, "a sync meanwhile, p99", percentile(tally.sync_ms, 0.99), "ms");
  report.figure(kBroken, "the server's memory grew by", bank.host().resident_mib() - before, "MiB");
}

}  // namespace banyan::bench
