// The one way to make something that can be pressed.
#pragma once

#include "client/frame.h"

namespace banyan::ui {

struct Response {
  Id id = 0;
  bool clicked = false;  // pressed and let go, Enter, Space, or a screen reader
  bool context = false;  // long press, right click, context key
  bool hovered = false;  // a mouse only
  bool held = false;
  bool focused = false;  // draw the ring
};

// Adds the item `name` over `rect` to this frame. The finger may hit 44 x 44 around its middle even
// where the drawing is smaller. A disabled item is never clicked but can be reached and read.
Response interact(Frame& frame, Id id, const Rect& rect, const Described& what);

// Makes the item known without drawing it or taking clicks: pictures, progress, status lines.
void announce(Frame& frame, Id id, const Rect& rect, const Described& what);

}  // namespace banyan::ui
