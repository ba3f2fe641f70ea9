#include "tests/bench/load/crowd.h"

#include <boost/asio/detached.hpp>

namespace banyan::bench {
namespace {

// As the app waits: shared/app/sync_agent.cpp.
constexpr std::int64_t kRetryFirstMs = 2'000, kRetryMaxMs = 5 * 60'000;
constexpr auto kLongest = std::chrono::minutes(30);

}  // namespace

void Crowd::start(Task<> task) {
  ++running_;
  asio::co_spawn(io_, std::move(task), [this](const std::exception_ptr& thrown) {
    if (thrown) give_up("a tablet failed");
    if (--running_ == 0) io_.stop();
  });
}

Task<> Crowd::watch() {
  Timer timer(io_, kLongest);
  co_await timer.async_wait(kResume);
  give_up(std::to_string(running_) + " tablets are still waiting");
}

void Crowd::run() {
  asio::co_spawn(io_, watch(), asio::detached);
  if (running_ > 0) io_.run();
}

Task<> Crowd::sleep(SteadyClock::duration time) {
  Timer timer(io_, time);
  co_await timer.async_wait(kResume);
}

Task<> Crowd::sleep_until(SteadyClock::time_point when) {
  Timer timer(io_, when);
  co_await timer.async_wait(kResume);
}

Task<> Crowd::sync(Tablet& tablet, Line& line) {
  const auto wish = SteadyClock::now();
  for (int failures = 0;;) {
    const Bytes request = must(tablet.client().make_request());
    const auto sent = SteadyClock::now();
    ++tally_.requests;
    tally_.bytes_up += request.size();
    const Answer answer = co_await line.ask("POST", "/v0/sync", request);
    tally_.bytes_down += answer.body.size();
    if (answer.status == 200) {
      tally_.request_ms.push_back(ms_since(sent));
      failures = 0;
      const sync::Progress progress = must(tablet.client().handle_reply(answer.body));
      expect(!progress.forked && !progress.unknown_device && progress.rejected == 0,
             "the server takes what a tablet sends");
      if (progress.more) continue;
      break;
    }
    const bool busy = answer.status == 503 || answer.status == 429;
    expect(busy || answer.status == 0, "status " + std::to_string(answer.status));
    if (busy) ++tally_.shed;
    if (busy && answer.retry_after_ms == 0) ++tally_.unnamed_waits;
    if (!busy) ++tally_.broken;
    const std::int64_t longest = std::min(kRetryFirstMs << std::min(failures++, 20), kRetryMaxMs);
    const auto jitter =
        static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(longest / 2)));
    const auto wait = std::max(answer.retry_after_ms, longest / 2 + jitter);
    co_await sleep(std::chrono::milliseconds(wait));
  }
  tally_.sync_ms.push_back(ms_since(wish));
}

}  // namespace banyan::bench
