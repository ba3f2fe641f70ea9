#include "client/widgets/interact.h"

#include <imgui.h>
#include <imgui_internal.h>

namespace banyan::ui {
namespace {

void add_item(Frame& frame, Id id, const Rect& rect, const Described& what) {
  ImGui::ItemAdd({{rect.x, rect.y}, {rect.right(), rect.bottom()}}, id);
  frame.access.describe(id, what);
}

}  // namespace

Response interact(Frame& frame, Id id, const Rect& rect, const Described& what) {
  add_item(frame, id, rect.at_least(size::kTargetMin, size::kTargetMin), what);
  Response out{.id = id};
  const bool enabled = (what.states & (state::kDisabled | state::kBusy)) == 0;
  const bool pressed = frame.input.take_click(id);
  out.clicked = pressed && enabled;
  out.context = frame.input.take_context(id) && enabled;
  out.hovered = frame.input.hovered(id) && enabled;
  out.held = frame.input.held(id) && enabled;
  out.focused = frame.input.focus_ring(id);
  if (frame.input.take_focus_arrival(id)) frame.focus_target = {true, rect};
  return out;
}

void announce(Frame& frame, Id id, const Rect& rect, const Described& what) {
  add_item(frame, id, rect, what);
}

}  // namespace banyan::ui
