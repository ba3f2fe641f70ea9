// What a place says when it has nothing to show: empty, still loading, broken, out of reach.
#pragma once

#include "client/widgets/avatar.h"
#include "client/widgets/interact.h"

namespace banyan::ui {

struct StateSpec {
  Icon icon = Icon::none;
  std::string_view title = {}, text = {};
  std::string_view action = {};
  Icon action_icon = Icon::none;
  std::string_view code = {};  // small print for the support desk
};
// In the middle of `rect`. True when the action is pressed.
bool empty_state(Frame& frame, const Rect& rect, const StateSpec& spec);
bool error_state(Frame& frame, const Rect& rect, const StateSpec& spec);    // amber
bool offline_state(Frame& frame, const Rect& rect, const StateSpec& spec);  // needs the network

// Grey bars in the shape of rows, after 150 ms. `since_ms` is when loading began.
void loading_rows(Frame& frame, const Rect& rect, double since_ms, float row_height = 64);

}  // namespace banyan::ui
