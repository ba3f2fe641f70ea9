#include "client/widgets/toggle.h"

#include "client/widgets/draw.h"
#include "client/widgets/text.h"

namespace banyan::ui {
namespace {

void paint_checkbox(Frame& frame, const Rect& box, bool on, bool disabled) {
  if (on) {
    fill(frame, box, frame.color(disabled ? Color::text_off : Color::primary), 7);
    paint_icon(frame, box, Icon::check, size::kIconS, frame.color(Color::on_primary));
  } else {
    fill(frame, box, frame.color(disabled ? Color::sunken : Color::surface), 7);
    outline(frame, box, frame.color(disabled ? Color::line : Color::line_strong), 7, 2);
  }
}

}  // namespace

bool checkbox(Frame& frame, const Rect& rect, std::string_view name, bool on, bool disabled) {
  const std::uint32_t states = (on ? state::kChecked : 0) | (disabled ? state::kDisabled : 0);
  const Rect box = rect.centered(size::kCheckbox, size::kCheckbox);
  const Response response = interact(frame, frame.id(name), box,
                                     {.role = Role::checkbox, .name = name, .states = states});
  paint_checkbox(frame, box, on, disabled);
  if (response.focused) focus_ring(frame, box, 7);
  return response.clicked;
}

bool checkbox_line(Frame& frame, const Rect& rect, std::string_view text, bool on) {
  const Response response =
      interact(frame, frame.id(text), rect,
               {.role = Role::checkbox, .name = text, .states = on ? state::kChecked : 0});
  Rect inside = rect;
  paint_checkbox(frame,
                 inside.cut_left(size::kCheckbox, 12).centered(size::kCheckbox, size::kCheckbox),
                 on, false);
  paint_line(frame, inside, text, type::kBody, frame.color(Color::text));
  if (response.focused) focus_ring(frame, rect, radius::kBadge);
  return response.clicked;
}

void paint_radio(Frame& frame, Vec center, bool on, Color color) {
  if (on) {
    circle(frame, center, 12, frame.color(color));
    circle(frame, center, 5, frame.color(Color::surface));
  } else {
    circle(frame, center, 12, frame.color(Color::surface));
    ring(frame, center, 12, frame.color(Color::line_strong), 2);
  }
}

bool radio(Frame& frame, const Rect& rect, std::string_view name, bool on) {
  const Rect box = rect.centered(size::kCheckbox, size::kCheckbox);
  const Response response =
      interact(frame, frame.id(name), box,
               {.role = Role::radio, .name = name, .states = on ? state::kChecked : 0});
  paint_radio(frame, box.center(), on);
  if (response.focused) focus_ring(frame, box, 12);
  return response.clicked;
}

bool switcher(Frame& frame, const Rect& rect, std::string_view name, bool on) {
  const Rect box = rect.centered(size::kSwitchWidth, size::kSwitchHeight);
  const Response response =
      interact(frame, frame.id(name), box,
               {.role = Role::switcher, .name = name, .states = on ? state::kChecked : 0});
  const float way = frame.ease(response.id, on, motion::kToggle);
  fill(frame, box, frame.color(on ? Color::primary : Color::line_strong), box.h / 2);
  circle(frame, {box.x + 14 + way * (box.w - 28), box.center().y}, 11,
         frame.color(on ? Color::on_primary : Color::surface));
  if (response.focused) focus_ring(frame, box, box.h / 2);
  return response.clicked;
}

}  // namespace banyan::ui
