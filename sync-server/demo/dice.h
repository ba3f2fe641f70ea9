// A small stream of chance for the demo bank: the same for the same seed and
// stream on every machine, and cheap enough to give each household its own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "shared/base/check.h"

namespace banyan::demo {

// Source: Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators"
// (2014), SplitMix64.
class Dice {
 public:
  Dice(std::uint64_t seed, std::uint64_t stream) : state_(seed * 0x9E3779B97F4A7C15ULL) {
    state_ ^= next() + stream * 0xD1B54A32D192ED03ULL;
    next();
  }

  std::uint64_t next() {
    std::uint64_t x = (state_ += 0x9E3779B97F4A7C15ULL);
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
    return x ^ (x >> 31);
  }

  // Uniform in [0, bound); the bias at our bounds is below one in 2^40.
  std::uint64_t below(std::uint64_t bound) {
    BANYAN_CHECK(bound > 0);
    return next() % bound;
  }
  std::int64_t between(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(high - low + 1)));
  }
  bool chance(int percent) { return below(100) < static_cast<std::uint64_t>(percent); }

  template <class T>
  const T& pick(const std::vector<T>& from) {
    return from[static_cast<std::size_t>(below(from.size()))];
  }

 private:
  std::uint64_t state_;
};

// Picks places by weight.
class Weights {
 public:
  void add(std::uint64_t weight) { sums_.push_back((sums_.empty() ? 0 : sums_.back()) + weight); }
  std::size_t pick(Dice& dice) const {
    const std::uint64_t at = dice.below(sums_.back());
    std::size_t low = 0, high = sums_.size() - 1;
    while (low < high) {
      const std::size_t middle = (low + high) / 2;
      if (at < sums_[middle]) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

 private:
  std::vector<std::uint64_t> sums_;
};

}  // namespace banyan::demo
