#include "shared/platform/clock.h"

#include <doctest/doctest.h>

#include "tests/support/fake_clock.h"

namespace banyan {
namespace {

TEST_CASE("the system's wall clock is past 2024 and its monotonic clock never goes back") {
  const SystemClock clock;
  CHECK(clock.wall_ms() > 1'704'067'200'000);
  std::int64_t previous = clock.monotonic_ms();
  for (int i = 0; i < 10'000; ++i) {
    const std::int64_t now = clock.monotonic_ms();
    REQUIRE(now >= previous);
    previous = now;
  }
}

TEST_CASE("setting a fake clock moves the wall clock and no duration") {
  test::FakeClock clock{1'000};
  clock.set_wall_ms(4'000'000'000'000);
  CHECK(clock.monotonic_ms() == 0);
  clock.advance_ms(5);
  CHECK(clock.wall_ms() == 4'000'000'000'005);
  CHECK(clock.monotonic_ms() == 5);
}

}  // namespace
}  // namespace banyan
