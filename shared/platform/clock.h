// Time as a parameter, so that the same code runs under a simulated clock.
#pragma once

#include <cstdint>

namespace banyan {

class Clock {
 public:
  virtual ~Clock() = default;

  // Milliseconds since 1970-01-01T00:00:00Z. May jump either way: a person can
  // set it, and a tablet without a battery forgets it.
  virtual std::int64_t wall_ms() const = 0;

  // Milliseconds since some start; never goes back. For durations only.
  virtual std::int64_t monotonic_ms() const = 0;
};

// The machine's own clock, native and in the browser.
class SystemClock final : public Clock {
 public:
  std::int64_t wall_ms() const override;
  std::int64_t monotonic_ms() const override;
};

}  // namespace banyan
