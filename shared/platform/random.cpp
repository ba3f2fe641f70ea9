#include "shared/platform/random.h"

#include <unistd.h>

#include <algorithm>
#include <bit>

#include "shared/base/check.h"

namespace banyan {

std::uint64_t Random::next_u64() {
  std::array<std::uint8_t, 8> bytes{};
  fill(bytes);
  std::uint64_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) value = value << 8 | bytes[i];
  return value;
}

std::uint64_t Random::below(std::uint64_t bound) {
  BANYAN_CHECK(bound > 0);
  // Values under 2^64 mod bound would make the small remainders likelier.
  const std::uint64_t rejected = (0 - bound) % bound;
  std::uint64_t value = next_u64();
  while (value < rejected) value = next_u64();
  return value % bound;
}

void SystemRandom::fill(std::span<std::uint8_t> out) {
  constexpr std::size_t kCallMax = 256;  // getentropy takes no more at once
  while (!out.empty()) {
    const std::size_t size = std::min(out.size(), kCallMax);
    BANYAN_CHECK(getentropy(out.data(), size) == 0);
    out = out.subspan(size);
  }
}

SeededRandom::SeededRandom(std::uint64_t seed) {
  for (std::uint64_t& word : state_) {  // SplitMix64
    seed += 0x9e3779b97f4a7c15U;
    std::uint64_t z = seed;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    word = z ^ (z >> 31);
  }
}

std::uint64_t SeededRandom::step() {
  const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
  const std::uint64_t shifted = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= shifted;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

void SeededRandom::fill(std::span<std::uint8_t> out) {
  while (!out.empty()) {
    std::uint64_t word = step();
    const std::size_t size = std::min<std::size_t>(out.size(), 8);
    for (std::size_t i = 0; i < size; ++i, word >>= 8) out[i] = static_cast<std::uint8_t>(word);
    out = out.subspan(size);
  }
}

}  // namespace banyan
