// Who may ask now: rates by key, and tickets for the news channel.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "shared/base/ids.h"
#include "shared/platform/clock.h"
#include "shared/platform/random.h"

namespace banyan::server {

// A bucket of `burst` for each key, refilled at `per_minute`. Keys that have
// been full again are forgotten, so memory follows the busy ones. Not thread-safe.
class RateLimit {
 public:
  RateLimit(double per_minute, double burst, const Clock& clock)
      : per_ms_(per_minute / 60'000), burst_(burst), clock_(clock) {}

  // Takes `cost` when the bucket has it; otherwise false, and nothing is taken.
  bool allow(std::string_view key, double cost = 1);
  // Whether allow() would; takes nothing.
  bool has(std::string_view key, double cost = 1);
  // Whole seconds until `cost` is there, at least 1.
  int wait_s(std::string_view key, double cost = 1);

 private:
  struct Bucket {
    double filled = 0;
    std::int64_t at_ms = 0;
  };
  Bucket& refill(std::string_view key);
  void forget_full();

  static constexpr std::size_t kTidyAt = 4096;

  const double per_ms_;
  const double burst_;
  const Clock& clock_;
  std::unordered_map<std::string, Bucket> buckets_;
  std::size_t tidy_at_ = kTidyAt;
};

// 128 random bits that let one WebSocket in, once, within 30 seconds: a browser
// cannot sign a WebSocket handshake. Not thread-safe.
class Tickets {
 public:
  static constexpr std::int64_t kLifeMs = 30'000;
  static constexpr std::size_t kOutstandingMax = 20'000;

  Tickets(const Clock& clock, Random& random) : clock_(clock), random_(random) {}

  // 32 hexadecimal digits; empty when too many are outstanding.
  std::string give(DeviceId device);
  // Whose it was; nothing for one that never was, was used, or is too old.
  std::optional<DeviceId> take(std::string_view ticket);

 private:
  void tidy();

  struct Entry {
    DeviceId device{};
    std::int64_t not_after_ms = 0;
  };
  const Clock& clock_;
  Random& random_;
  std::unordered_map<std::string, Entry> given_;
};

}  // namespace banyan::server
