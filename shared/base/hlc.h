// A hybrid logical clock: orders writes made on devices that were offline.
//
// One u64 = milliseconds since 1970 << 16 | counter. Real time fills the upper
// part, so stamps stay near what people remember; the counter keeps the order
// within a millisecond and carries into the milliseconds when it is full. So
// there is no overflow, no drift and no error: a wrong clock never blocks a
// write (SYNC.md, "Clock and causality").
//
// Source: Kulkarni et al., "Logical Physical Clocks and Consistent Snapshots
// in Globally Distributed Databases" (2014), figure 5, with the two parts
// added as one number.
#pragma once

#include <algorithm>
#include <cstdint>

namespace banyan {

// Stamps are below 2^63: the year 6429, and 2^62 writes to go after it.
inline constexpr std::int64_t kHlcMsMax = (1LL << 47) - 1;

constexpr std::int64_t hlc_ms(std::uint64_t hlc) { return static_cast<std::int64_t>(hlc >> 16); }
constexpr std::uint32_t hlc_counter(std::uint64_t hlc) {
  return static_cast<std::uint32_t>(hlc & 0xFFFF);
}
// Times before 1970 or after kHlcMsMax count as those.
constexpr std::uint64_t hlc_of(std::int64_t ms) {
  return static_cast<std::uint64_t>(std::clamp<std::int64_t>(ms, 0, kHlcMsMax)) << 16;
}

class Hlc {
 public:
  // `newest` is the newest stamp in the local log, so that the order survives a
  // restart. Not thread-safe.
  explicit Hlc(std::uint64_t newest = 0) : newest_(newest) {}

  // Greater than every stamp returned or observed before. `now_ms` is the wall
  // clock corrected by what the last contact with the server showed.
  std::uint64_t next(std::int64_t now_ms) {
    newest_ = std::max(newest_ + 1, hlc_of(now_ms));
    return newest_;
  }

  // Raises the clock to a peer's stamp.
  void observe(std::uint64_t seen) { newest_ = std::max(newest_, seen); }

  std::uint64_t newest() const { return newest_; }

 private:
  std::uint64_t newest_;
};

// A stamp further ahead of the server's receipt than this is clamped to it.
inline constexpr std::int64_t kSkewMsMax = 5 * 60 * 1000;

// The stamp that the server gives a commit that it received at `received_ms`:
// never far ahead of the receipt, always above the device's newest before it.
std::uint64_t effective_stamp(std::uint64_t hlc, std::int64_t received_ms,
                              std::uint64_t newest_of_device);

// Whether a commit's clock deserves a look: ahead of its receipt, or behind the
// server's time of the newest change that its author had seen.
bool suspect_stamp(std::uint64_t hlc, std::int64_t received_ms, std::int64_t seen_ms);

}  // namespace banyan
