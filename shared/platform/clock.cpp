#include "shared/platform/clock.h"

#include <chrono>

namespace banyan {
namespace {

template <class Source>
std::int64_t now_ms() {
  const auto since = Source::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
}

}  // namespace

std::int64_t SystemClock::wall_ms() const { return now_ms<std::chrono::system_clock>(); }
std::int64_t SystemClock::monotonic_ms() const { return now_ms<std::chrono::steady_clock>(); }

}  // namespace banyan
