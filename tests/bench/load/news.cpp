// Thousands of tablets that only listen.
#include <sys/resource.h>

#include <algorithm>

#include "shared/sync/signed_request.h"
#include "tests/bench/load/crowd.h"

namespace banyan::bench {
namespace {

constexpr const char* kNews = "Idle WebSockets";
constexpr std::size_t kDoors = 64;     // that join at the same time
constexpr std::uint32_t kSpare = 256;  // files for everything else
constexpr auto kQuiet = std::chrono::seconds(10);
constexpr auto kTellingMax = std::chrono::seconds(60);

struct Listener {
  std::unique_ptr<Line> line;
  bool open = false;
  std::size_t heard = 0;
};

struct Audience {
  std::vector<Listener> listeners;
  std::size_t next = 0, open = 0, doors = 0;
  SteadyClock::time_point told;
  Bytes challenge;
};

// As many files as the system allows. The number of sockets that may be wanted.
std::uint32_t raise_file_limit(std::uint32_t wanted) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return wanted;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  const auto room = static_cast<std::uint32_t>(std::min<rlim_t>(limit.rlim_cur, 1U << 30)) - kSpare;
  return std::min(wanted, room);
}

Task<> listen(Listener& listener) {
  for (;;) {
    const std::optional<std::string> text = co_await listener.line->hear();
    if (!text) break;
    ++listener.heard;
  }
  listener.open = false;
}

// Joins one listener after the other, until all are there.
Task<> usher(Crowd& crowd, Audience& audience) {
  while (audience.next < audience.listeners.size()) {
    const std::size_t which = audience.next++;
    Tablet& tablet = *crowd.bank().tablets()[which % crowd.bank().tablets().size()];
    const std::string path = sync::sign_target("POST", "/v0/ticket", {}, tablet.owner().device,
                                               audience.challenge, tablet.key());
    Listener& listener = audience.listeners[which];
    listener.line = std::make_unique<Line>(crowd.io(), crowd.port(which), which);
    const Answer ticket = co_await listener.line->ask("POST", path, {});
    expect(ticket.status == 200, "a tablet gets a ticket: " + std::to_string(ticket.status));
    listener.open =
        co_await listener.line->upgrade("/v0/news?ticket=" + std::string(as_text(ticket.body)));
    expect(listener.open, "a ticket lets a tablet listen");
    ++audience.open;
    crowd.start(listen(listener));
  }
  --audience.doors;
}

std::size_t count_heard(const Audience& audience) {
  std::size_t heard = 0;
  for (const Listener& each : audience.listeners) heard += each.heard;
  return heard;
}

Task<> attend(Crowd& crowd, Audience& audience, Report& report) {
  LoadBank& bank = crowd.bank();
  Line line(crowd.io(), crowd.port(0), 0);
  const Answer challenge = co_await line.ask("GET", "/v0/challenge", {});
  expect(challenge.status == 200, "there is a challenge");
  audience.challenge = challenge.body;
  const double memory = bank.host().resident_mib(), cpu = bank.host().cpu_s();
  const Stopwatch watch;
  audience.doors = kDoors;
  for (std::size_t i = 0; i < kDoors; ++i) crowd.start(usher(crowd, audience));
  while (audience.doors > 0) co_await crowd.sleep(std::chrono::milliseconds(50));
  const auto count = static_cast<double>(audience.open);
  report.time(kNews, "ticket and handshake; CPU is the server's", count, "sockets",
              {watch.taken().wall_s, bank.host().cpu_s() - cpu});
  co_await crowd.sleep(std::chrono::seconds(2));  // memory of the handshakes has gone by now
  const double each_kib = (bank.host().resident_mib() - memory) * 1024 / count;
  report.figure(kNews, "the server's memory for each", each_kib, "KiB");
  report.figure(kNews, "the server's memory with all of them", bank.host().resident_mib(), "MiB");
  const double idle = bank.host().cpu_s();
  co_await crowd.sleep(kQuiet);
  report.figure(kNews, "the server's CPU while nothing happens",
                (bank.host().cpu_s() - idle) * 1e3 /
                    static_cast<double>(std::chrono::seconds(kQuiet).count()),
                "ms/s");

  // One officer saves one thing; then a device joins, which is a row that everybody has.
  std::size_t before = count_heard(audience);
  double working = bank.host().cpu_s();
  Tablet& officer = *bank.tablets().front();
  officer.work(1);
  co_await crowd.sync(officer, line);
  co_await crowd.sleep(std::chrono::seconds(2));
  report.figure(kNews, "one commit of one officer: sockets that are told",
                static_cast<double>(count_heard(audience) - before), "");
  report.figure(kNews, "the server's CPU for that commit", (bank.host().cpu_s() - working) * 1e3,
                "ms");
  before = count_heard(audience);
  working = bank.host().cpu_s();
  audience.told = SteadyClock::now();
  bank.join_one_more();
  const auto late = SteadyClock::now() + kTellingMax;
  while (count_heard(audience) - before < audience.open && SteadyClock::now() < late) {
    co_await crowd.sleep(std::chrono::milliseconds(20));
  }
  report.figure(kNews, "a row that everybody has: sockets that are told",
                static_cast<double>(count_heard(audience) - before), "");
  report.figure(kNews, "until the last one has heard of it", ms_since(audience.told) / 1e3, "s");
  report.figure(kNews, "the server's CPU for telling all", (bank.host().cpu_s() - working) * 1e3,
                "ms");
  for (Listener& each : audience.listeners) each.line->cut();
}

}  // namespace

void idle_sockets(Report& report, LoadBank& bank, const LoadPlan& plan) {
  const std::uint32_t count = raise_file_limit(plan.sockets);
  if (count < plan.sockets) {
    std::fprintf(stderr, "This machine allows %u files: %u sockets instead of %u.\n",
                 count + kSpare, count, plan.sockets);
  }
  Crowd crowd(bank);
  Audience audience;
  audience.listeners.resize(count);
  crowd.start(attend(crowd, audience, report));
  crowd.run();
  report.figure(kNews, "sockets", static_cast<double>(audience.open), "");
}

}  // namespace banyan::bench
