// What only the device around the page knows: where it is, what its camera sees.
#pragma once

#include <cstdint>
#include <vector>

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

// What the camera sees now, for AppShell::watch_camera().
struct CameraPicture {
  enum class State : std::uint8_t {
    Here,
    Refused,  // the person, or the system, does not allow it
    Missing,  // there is none, or another program has it
  };
  State state = State::Missing;
  int width = 0, height = 0;
  std::vector<std::uint8_t> grey = {};  // one byte a pixel, row by row
};

}  // namespace banyan::ui
