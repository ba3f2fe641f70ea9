#include "shared/base/hlc.h"

#include <doctest/doctest.h>

using namespace banyan;

TEST_CASE("next() keeps rising while the wall clock stands still") {
  Hlc hlc;
  std::uint64_t previous = hlc.next(1'000);
  CHECK(previous == hlc_of(1'000));
  // One more than fits in the 16-bit counter: an import in one millisecond.
  for (int i = 0; i < 65'536; ++i) {
    const std::uint64_t current = hlc.next(1'000);
    REQUIRE(current > previous);
    previous = current;
  }
  CHECK(hlc_ms(previous) == 1'001);  // borrowed exactly one millisecond
  CHECK(hlc_counter(previous) == 0);
}

TEST_CASE("next() keeps rising when the clock is set back ten years, and follows it forward") {
  Hlc hlc;
  const std::uint64_t before = hlc.next(1'756'684'800'000);
  const std::uint64_t after = hlc.next(1'441'065'600'000);
  CHECK(after == before + 1);
  CHECK(hlc_ms(hlc.next(1'756'684'800'001)) == 1'756'684'800'001);
}

TEST_CASE("a stamp seen from a peer is below every later one of ours") {
  Hlc hlc;
  hlc.next(1'000);
  hlc.observe(hlc_of(9'000) | 7);
  CHECK(hlc.next(2'000) == (hlc_of(9'000) | 8));
  hlc.observe(5);  // an old one changes nothing
  CHECK(hlc.newest() == (hlc_of(9'000) | 8));
}

TEST_CASE("a restart goes on after the newest stamp of the log") {
  CHECK(Hlc(hlc_of(5'000)).next(4'000) == hlc_of(5'000) + 1);
}

TEST_CASE("no wall clock makes a stamp of 2^63 or more") {
  Hlc hlc;
  CHECK(hlc.next(-1) == 1);  // before 1970 counts as 1970
  CHECK(hlc.next(INT64_MIN) == 2);
  const std::uint64_t last = hlc.next(INT64_MAX);
  CHECK((last >> 63) == 0);
  CHECK(hlc.next(INT64_MAX) == last + 1);
  CHECK((hlc.newest() >> 63) == 0);
}

TEST_CASE("the server clamps a stamp to five minutes after receipt and never lets it fall [I11]") {
  const std::int64_t received = 1'756'684'800'000;
  CHECK(effective_stamp(hlc_of(received), received, 0) == hlc_of(received));
  CHECK(effective_stamp(hlc_of(received + kSkewMsMax), received, 0) ==
        hlc_of(received + kSkewMsMax));
  CHECK(effective_stamp(hlc_of(received + kSkewMsMax) + 1, received, 0) ==
        hlc_of(received + kSkewMsMax));
  // Two clamped stamps of a device still differ.
  const std::uint64_t clamped = effective_stamp(~0ULL >> 1, received, 0);
  CHECK(effective_stamp(~0ULL >> 1, received, clamped) == clamped + 1);
  CHECK(effective_stamp(1, received, clamped) == clamped + 1);
}

TEST_CASE("a clock is suspect ahead of its receipt, or behind what its author had seen") {
  const std::int64_t received = 1'756'684'800'000;
  CHECK_FALSE(suspect_stamp(hlc_of(received + kSkewMsMax), received, received));
  CHECK(suspect_stamp(hlc_of(received + kSkewMsMax) + 1, received, 0));
  CHECK(suspect_stamp(hlc_of(received - 1), received, received));
}
