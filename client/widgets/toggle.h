// Yes or no, one of few: checkbox, radio, switch.
#pragma once

#include "client/widgets/interact.h"

namespace banyan::ui {

// Each is true when pressed. `name` is for screen readers and drawn only by the _line kinds.
bool checkbox(Frame& frame, const Rect& rect, std::string_view name, bool on,
              bool disabled = false);
bool radio(Frame& frame, const Rect& rect, std::string_view name, bool on);
bool switcher(Frame& frame, const Rect& rect, std::string_view name, bool on);
// The whole line can be pressed.
bool checkbox_line(Frame& frame, const Rect& rect, std::string_view text, bool on);

// A round mark of a choice, without being one itself (the card around it is).
void paint_radio(Frame& frame, Vec center, bool on, Color color = Color::primary);

}  // namespace banyan::ui
