#include "tests/contracts/http/followed_feed.h"

#include <doctest/doctest.h>

#include <atomic>
#include <cstdlib>
#include <thread>

namespace banyan::test {
namespace {

using SteadyClock = std::chrono::steady_clock;
constexpr std::size_t kWriters = 8;

// A device that asks too often is told to come back, and does. False: it is not done.
bool sync_by(HttpDevice& device, SteadyClock::time_point end, std::size_t& failed) {
  for (;;) {
    const auto done = device.sync();
    if (done) return true;
    if (done.error().detail != "status 429") {
      ++failed;
      return false;
    }
    if (SteadyClock::now() >= end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
}

struct Writer {
  std::unique_ptr<HttpDevice> device;
  std::vector<RowId> written;
  std::size_t failed = 0;

  void write_until(SteadyClock::time_point end) {
    while (SteadyClock::now() < end) {
      const auto row = add_customer(*device, "Wang Fang");
      row ? written.push_back(*row) : static_cast<void>(++failed);
      sync_by(*device, end, failed);
    }
  }
};

std::size_t missed_by(HttpDevice& device, const std::vector<Writer>& writers) {
  std::size_t missed = 0;
  for (const Writer& writer : writers) {
    for (const RowId row : writer.written) missed += has_customer(device, row) ? 0 : 1;
  }
  return missed;
}

}  // namespace

std::chrono::seconds feed_time() {
  const char* asked = std::getenv("BANYAN_FEED_SECONDS");
  return std::chrono::seconds(asked == nullptr ? 2 : std::atoi(asked));
}

FollowedFeed follow_feed(const DemoBank& bank, const std::vector<std::uint16_t>& ports,
                         std::chrono::seconds time) {
  std::vector<Writer> writers;
  for (std::size_t i = 0; i < kWriters; ++i) {
    writers.push_back({bank.device("officer", ports[i % ports.size()]), {}});
  }
  const auto reader = bank.device("hq", ports.front());
  for (Writer& each : writers) REQUIRE(each.device->sync());
  REQUIRE(reader->sync());
  reader->small_pages(20);

  FollowedFeed out;
  const auto end = SteadyClock::now() + time;
  {
    std::vector<std::jthread> threads;
    for (Writer& each : writers) threads.emplace_back([&each, end] { each.write_until(end); });
    while (SteadyClock::now() < end) {
      reader->move_to(ports[out.syncs % ports.size()]);
      if (sync_by(*reader, end, out.failed)) ++out.syncs;
    }
  }
  // What nobody could send, being asked to wait, goes now; then everybody asks for the rest.
  const auto patience = SteadyClock::now() + std::chrono::minutes(2);
  for (Writer& each : writers) {
    if (!sync_by(*each.device, patience, each.failed)) ++each.failed;
    if (each.device->replica().pending_count() != 0) ++each.failed;
    out.failed += each.failed;
    out.written += each.written.size();
  }
  if (!sync_by(*reader, patience, out.failed)) ++out.failed;
  out.missed = missed_by(*reader, writers);
  for (Writer& each : writers) {
    if (!sync_by(*each.device, patience, out.failed)) ++out.failed;
    out.missed += missed_by(*each.device, writers);
  }
  return out;
}

}  // namespace banyan::test
