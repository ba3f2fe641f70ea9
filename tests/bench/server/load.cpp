#include <mutex>
#include <thread>

#include "tests/bench/server/bank.h"
#include "tests/bench/workload.h"

namespace banyan::bench {
namespace {

constexpr std::size_t kCommits = 2000;  // of a device that was away
constexpr std::size_t kSingles = 30;    // below what slows a device down

// One field each of the device's own customers.
void write(test::HttpDevice& device, std::size_t commits, const std::string& what) {
  std::vector<RowId> ids;
  {
    Statement all = must(device.replica().database().statement("SELECT id FROM customer"));
    while (must(all.step())) ids.push_back(all.row_id(0));
  }
  expect(!ids.empty(), "the officer has customers");
  const Entity& customer = *device.catalogue().entity("customer");
  const std::uint32_t field = customer.field("employer")->no;
  Draw draw(number(device.device()));
  for (std::size_t i = 0; i < commits; ++i) {
    const RowId id = ids[draw.below(static_cast<std::uint32_t>(ids.size()))];
    RowWrite row{customer.no, Op::Update, id, 1, {{field, what + std::to_string(i), {}}}};
    must(device.replica().write(Draft{id, 0, {std::move(row)}}));
  }
}

// One thread for each device.
template <class Work>
void all_at_once(Devices& devices, const Work& work) {
  std::vector<std::thread> threads;
  for (auto& device : devices) threads.emplace_back([&work, &device] { work(*device); });
  for (std::thread& thread : threads) thread.join();
}

}  // namespace

Devices measure_first_syncs(Report& report, DemoBank& bank, std::size_t count) {
  Devices devices;
  double customers = 0;
  const double before = bank.server().cpu_s();
  Cost cost;
  for (std::size_t i = 0; i < count; ++i) {
    devices.push_back(bank.enrol("officer", i));
    test::HttpDevice& device = *devices.back();
    const Stopwatch watch;
    must(device.sync());
    cost += watch.taken();
    const auto there = must(device.replica().database().query_int("SELECT count(*) FROM customer"));
    const std::string me = std::to_string(number(device.enrolment().user));
    const auto wanted = bank.count("SELECT count(*) FROM customer WHERE _dead=0 AND (owner=" + me +
                                   " OR co_owner=" + me + ")");
    expect(there == wanted, "the officer has his portfolio");
    customers += static_cast<double>(there);
  }
  const double served = bank.server().cpu_s() - before;
  report.time("The server", "first syncs over HTTP, one after the other, in customers", customers,
              "customers", cost);
  report.figure("The server", "the server's CPU for a first sync",
                served * 1e3 / static_cast<double>(count), "ms");
  report.figure("The server", "customers of an officer", customers / static_cast<double>(count),
                "");
  report.figure("The server", "memory after the first syncs", bank.resident_mib(), "MiB");
  return devices;
}

void measure_return(Report& report, DemoBank& bank, Devices& devices) {
  for (auto& device : devices) write(*device, kCommits, "away ");
  const auto head = bank.count("SELECT max(seq) FROM log");
  const double before = bank.server().cpu_s();
  const Stopwatch watch;
  all_at_once(devices, [](test::HttpDevice& device) { must(device.sync()); });
  const Cost cost{watch.taken().wall_s, bank.server().cpu_s() - before};
  const auto taken = static_cast<double>(devices.size() * kCommits);
  expect(bank.count("SELECT max(seq) FROM log") - head >= static_cast<std::int64_t>(taken),
         "every commit is in the log");
  report.time("The server",
              std::to_string(devices.size()) + " devices return with 2,000 commits each", taken,
              "commits, CPU is the server's", cost);
  report.figure("The server", "the server's CPU for a commit", cost.cpu_s * 1e6 / taken, "us");

  std::vector<double> ms;
  std::mutex guard;
  all_at_once(devices, [&](test::HttpDevice& device) {
    for (std::size_t i = 0; i < kSingles; ++i) {
      write(device, 1, "one " + std::to_string(i) + " ");
      const Stopwatch one;
      must(device.sync());
      const std::lock_guard hold(guard);
      ms.push_back(one.taken().wall_s * 1e3);
    }
  });
  report.figure("The server", "a sync of one commit, all devices at once, p50", percentile(ms, 0.5),
                "ms");
  report.figure("The server", "a sync of one commit, all devices at once, p99",
                percentile(ms, 0.99), "ms");
  report.figure("The server", "memory at the end", bank.resident_mib(), "MiB");
}

}  // namespace banyan::bench
