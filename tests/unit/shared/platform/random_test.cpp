#include "shared/platform/random.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <vector>

namespace banyan {
namespace {

TEST_CASE("a seed gives the published generator's sequence on every machine") {
  SeededRandom random(42);
  CHECK(random.next_u64() == 0x15780b2e0c2ec716U);
  CHECK(random.next_u64() == 0x6104d9866d113a7eU);
  CHECK(random.next_u64() == 0xae17533239e499a1U);
  CHECK(random.next_u64() == 0xecb8ad4703b360a1U);
}

TEST_CASE("system randomness fills every byte of any length and does not repeat") {
  SystemRandom random;
  for (const std::size_t size : {0U, 1U, 255U, 256U, 257U, 5000U}) {
    std::vector<std::uint8_t> or_ed(size, 0);
    for (int i = 0; i < 40; ++i) {  // a byte stays 0 forty times with chance 2^-320
      std::vector<std::uint8_t> bytes(size);
      random.fill(bytes);
      for (std::size_t at = 0; at < size; ++at) or_ed[at] |= bytes[at];
    }
    CHECK(std::count(or_ed.begin(), or_ed.end(), 0) == 0);
  }
  std::set<std::uint64_t> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(random.next_u64());
  CHECK(seen.size() == 1000);
}

TEST_CASE("below() stays under its bound and reaches every value") {
  SeededRandom random(1);
  std::set<std::uint64_t> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(random.below(7));
  CHECK(seen.size() == 7);
  CHECK(*seen.rbegin() == 6);
  CHECK(random.below(1) == 0);
}

}  // namespace
}  // namespace banyan
