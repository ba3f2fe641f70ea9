// Who may ask now: rates by key, and tickets for the news channel.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "shared/base/bytes.h"
#include "shared/base/ids.h"
#include "shared/crypto/hash.h"
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

// Lets one WebSocket in, once, within 30 seconds: a browser cannot sign a WebSocket
// handshake. A ticket is its device, its time and a code that only a holder of `key` can make, so
// any process of the bank takes one that another has given; that it was used is known to the one
// that took it. Not thread-safe.
class Tickets {
 public:
  static constexpr std::int64_t kLifeMs = 30'000;

  Tickets(MacKey key, const Clock& clock) : key_(std::move(key)), clock_(clock) {}

  // 32 hexadecimal digits.
  std::string give(DeviceId device);
  // Whose it was; nothing for one that never was, was used here, or is too old.
  std::optional<DeviceId> take(std::string_view ticket);

 private:
  Bytes code_of(ByteView head) const;

  static constexpr std::size_t kTidyAt = 4096;

  MacKey key_;
  const Clock& clock_;
  std::int64_t newest_ms_ = 0;
  std::unordered_map<std::string, std::int64_t> used_;  // and when they are too old anyway
  std::size_t tidy_at_ = kTidyAt;
};

}  // namespace banyan::server
