#include "client/widgets/states.h"

#include "client/widgets/button.h"
#include "client/widgets/draw.h"
#include "client/widgets/text.h"

namespace banyan::ui {
namespace {

constexpr double kPatienceMs = 150;

bool state_of(Frame& frame, const Rect& rect, const StateSpec& spec, Tint tone) {
  const Rect column = rect.inset(12, 0);
  const float words =
      spec.text.empty() ? 0 : paragraph_height(frame, spec.text, type::kCaption, column.w);
  const float height =
      48 + 8 + 22 + 4 + words + (spec.action.empty() ? 0 : 48.0f) + (spec.code.empty() ? 0 : 20.0f);
  Rect left = column.centered(column.w, height);
  icon_disc(frame, left.cut_top(48, 8).centered(48, 48), spec.icon, tone, size::kIconL);
  label(frame, left.cut_top(22, 4), spec.title, type::kBodyStrong, Color::text, Align::center);
  if (!spec.text.empty()) {
    paragraph(frame, left.cut_top(words), spec.text, type::kCaption, Color::text_3, Align::center);
  }
  bool pressed = false;
  if (!spec.action.empty()) {
    const LinkSpec word{.label = spec.action, .before = spec.action_icon};
    pressed = link(frame, left.cut_top(48).centered(link_width(frame, word), 44), word);
  }
  if (!spec.code.empty())
    label(frame, left.cut_top(20), spec.code, type::kCaption, Color::text_3, Align::center);
  return pressed;
}

}  // namespace

bool empty_state(Frame& frame, const Rect& rect, const StateSpec& spec) {
  return state_of(frame, rect, spec, Tint::quiet);
}
bool error_state(Frame& frame, const Rect& rect, const StateSpec& spec) {
  return state_of(frame, rect, spec, Tint::warn);
}
bool offline_state(Frame& frame, const Rect& rect, const StateSpec& spec) {
  return state_of(frame, rect, spec, Tint::quiet);
}

void loading_rows(Frame& frame, const Rect& rect, double since_ms, float row_height) {
  const double waited = frame.now_ms - since_ms;
  if (waited < kPatienceMs) {
    frame.wake_in(kPatienceMs - waited);
    return;
  }
  frame.access.add_text(Role::status, rect, frame.t(T::app_loading));
  const std::uint32_t grey = frame.color(Color::track);
  Rect left = rect;
  while (left.h >= row_height) {
    Rect row = left.cut_top(row_height).inset(16, 0);
    circle(frame, row.cut_left(36, 12).center(), 18, grey);
    Rect bars = row.centered(row.w, 30);
    fill(frame, {bars.x, bars.y, bars.w * 0.62f, 12}, grey, 6);
    fill(frame, {bars.x, bars.y + 20, bars.w * 0.88f, 10}, grey, 5);
  }
}

}  // namespace banyan::ui
