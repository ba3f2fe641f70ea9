// What only the device around the page knows: where it is.
#pragma once

#include <cstdint>

#include "shared/base/place.h"

namespace banyan::ui {

// The answer to AppShell::find_place(), once and maybe much later. Nobody waits for it.
struct Fix {
  enum class State : std::uint8_t {
    Found,
    Refused,  // the person, or the system, does not allow it
    Nowhere,  // no satellites, no network, too late
  };
  State state = State::Nowhere;
  Place place = {};
  std::int64_t accuracy_m = 0;  // with Found: at least 1
};

}  // namespace banyan::ui
