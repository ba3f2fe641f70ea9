// Randomness as a parameter: the system's for keys and ids, a seeded one for
// the simulator and for tests that must be repeatable.
#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace banyan {

class Random {
 public:
  virtual ~Random() = default;

  // Fills all of `out`. Cannot fail: without entropy the process stops, since
  // a guessable key is worse than none.
  virtual void fill(std::span<std::uint8_t> out) = 0;

  std::uint64_t next_u64();

  // Uniform in [0, bound), without modulo bias. `bound` is at least 1.
  std::uint64_t below(std::uint64_t bound);
};

// The operating system's generator; in the browser, crypto.getRandomValues.
class SystemRandom final : public Random {
 public:
  void fill(std::span<std::uint8_t> out) override;
};

// The same sequence for the same seed on every machine. Never for real keys.
//
// Source: Blackman and Vigna, "Scrambled Linear Pseudorandom Number
// Generators" (2018): xoshiro256**, its state filled by SplitMix64.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed);
  void fill(std::span<std::uint8_t> out) override;

 private:
  std::uint64_t step();
  std::array<std::uint64_t, 4> state_{};
};

}  // namespace banyan
