// A clock that moves only when a test says so.
#pragma once

#include <cstdint>

#include "shared/platform/clock.h"

namespace banyan::test {

class FakeClock final : public Clock {
 public:
  explicit FakeClock(std::int64_t wall_ms = 0) : wall_ms_(wall_ms) {}

  std::int64_t wall_ms() const override { return wall_ms_; }
  std::int64_t monotonic_ms() const override { return monotonic_ms_; }

  // Time passes: both clocks move.
  void advance_ms(std::int64_t ms) {
    wall_ms_ += ms;
    monotonic_ms_ += ms;
  }
  // A person sets the clock: only the wall clock moves.
  void set_wall_ms(std::int64_t ms) { wall_ms_ = ms; }

 private:
  std::int64_t wall_ms_;
  std::int64_t monotonic_ms_ = 0;
};

}  // namespace banyan::test
