#include "client/widgets/button.h"

#include <imgui.h>

#include <cmath>

#include "client/widgets/draw.h"
#include "client/widgets/text.h"

namespace banyan::ui {
namespace {

struct Paint {
  std::uint32_t fill, edge, word;
};

std::uint32_t choose(Frame& frame, const Response& response, Color rest, Color hover, Color press) {
  if (response.held) return frame.color(press);
  return frame.color(response.hovered ? hover : rest);
}

Paint paint_for(Frame& frame, ButtonKind kind, const Response& response) {
  const auto plain = [&](Color rest) {
    return choose(frame, response, rest, Color::hover, Color::press);
  };
  const auto solid = [&](Color rest, Color hover, Color press, Color word) {
    const std::uint32_t fill_color = choose(frame, response, rest, hover, press);
    return Paint{fill_color, fill_color, frame.color(word)};
  };
  const bool touched = response.held || response.hovered;
  switch (kind) {
    case ButtonKind::primary:
      return solid(Color::primary, Color::primary_hover, Color::primary_press, Color::on_primary);
    case ButtonKind::soft:
      return solid(Color::primary_soft, Color::primary_soft, Color::press, Color::on_primary_soft);
    case ButtonKind::conflict:
      return solid(Color::conflict, Color::conflict, Color::on_conflict_soft, Color::on_conflict);
    case ButtonKind::danger_filled:
      return solid(Color::danger, Color::danger, Color::on_danger_soft, Color::on_danger);
    case ButtonKind::hero_filled:
      return {frame.color(Color::on_hero), frame.color(Color::on_hero), frame.color(Color::hero_1)};
    case ButtonKind::hero:
      return {frame.color(response.held ? Color::hero_line : Color::hero_fill),
              frame.color(Color::hero_line), frame.color(Color::on_hero)};
    case ButtonKind::quiet:
      return {touched ? plain(Color::surface) : 0, 0, frame.color(Color::text_2)};
    case ButtonKind::danger:
      return {plain(Color::surface), frame.color(Color::danger), frame.color(Color::danger)};
    case ButtonKind::normal: break;
  }
  return {plain(Color::surface), frame.color(Color::line_strong), frame.color(Color::text)};
}

TextStyle word_style(ButtonSize size) {
  return size == ButtonSize::normal ? type::kBodyStrong : TextStyle{16, 24, Weight::w500};
}

// Three quarters of a turning circle; it stands still where motion is not wanted.
void paint_spinner(Frame& frame, const Rect& rect, std::uint32_t color) {
  const double turn = frame.screen.reduced_motion ? 0 : std::fmod(frame.now_ms / 900, 1.0);
  if (!frame.screen.reduced_motion) frame.wake_in(33);
  const auto from = static_cast<float>(turn) * 6.2831853f;
  const Vec middle = rect.center();
  frame.draw->PathArcTo({middle.x, middle.y}, 8, from, from + 4.712389f, 24);
  frame.draw->PathStroke(color, 0, 2);
}

float content_width(Frame& frame, const ButtonSpec& spec) {
  const bool pictured = spec.icon != Icon::none || !spec.busy.empty();
  if (spec.icon_only) return size::kIcon;
  const std::string_view word = spec.busy.empty() ? spec.label : spec.busy;
  return text_width(frame, word, word_style(spec.size)) + (pictured ? size::kIcon + 8 : 0);
}

}  // namespace

float button_height(ButtonSize wanted) {
  if (wanted == ButtonSize::customer) return size::kButtonCustomer;
  return wanted == ButtonSize::large ? size::kButtonLarge : size::kButton;
}

float button_width(Frame& frame, const ButtonSpec& spec) {
  if (spec.icon_only) return size::kButton;
  const float pad = spec.size == ButtonSize::normal ? 16 : 24;
  return std::ceil(content_width(frame, spec)) + 2 * pad + 2;
}

bool button(Frame& frame, const Rect& rect, const ButtonSpec& spec) {
  const std::uint32_t states =
      (spec.disabled ? state::kDisabled : 0) | (spec.busy.empty() ? 0 : state::kBusy);
  const std::string_view name = spec.busy.empty() ? spec.label : spec.busy;
  const Response response =
      interact(frame, frame.id(spec.id.empty() ? spec.label : spec.id), rect,
               {.role = Role::button, .name = name, .hint = spec.reason, .states = states});
  Paint paint = paint_for(frame, spec.kind, response);
  if (spec.disabled) {
    paint = {frame.color(Color::sunken), frame.color(Color::line), frame.color(Color::text_off)};
  }
  if (paint.fill != 0) fill(frame, rect, paint.fill, radius::kButton);
  if (paint.edge != 0) outline(frame, rect, paint.edge, radius::kButton, frame.theme.line());
  const float wanted = content_width(frame, spec);
  const bool room = wanted <= rect.w - 8 || spec.icon_only;  // else the word alone
  Rect inside = rect.centered(
      std::min(rect.w - 8, room ? wanted : text_width(frame, name, word_style(spec.size)) + 1),
      rect.h);
  if (room && !spec.busy.empty()) {
    paint_spinner(frame, inside.cut_left(size::kIcon, 8), paint.word);
  } else if (room && spec.icon != Icon::none) {
    const Rect place =
        spec.icon_after ? inside.cut_right(size::kIcon, 8) : inside.cut_left(size::kIcon, 8);
    paint_icon(frame, place, spec.icon, size::kIcon, paint.word);
  }
  if (!spec.icon_only)
    paint_line(frame, inside, name, word_style(spec.size), paint.word, Align::left);
  if (response.focused) focus_ring(frame, rect, radius::kButton);
  return response.clicked;
}

bool button_right(Frame& frame, Rect& row, const ButtonSpec& spec, float gap) {
  const Rect place = row.cut_right(button_width(frame, spec), gap);
  return button(frame,
                {place.x, place.y + (place.h - button_height(spec.size)) / 2, place.w,
                 button_height(spec.size)},
                spec);
}

bool button_left(Frame& frame, Rect& row, const ButtonSpec& spec, float gap) {
  const Rect place = row.cut_left(button_width(frame, spec), gap);
  return button(frame,
                {place.x, place.y + (place.h - button_height(spec.size)) / 2, place.w,
                 button_height(spec.size)},
                spec);
}

float link_width(Frame& frame, const LinkSpec& spec) {
  const float icons =
      (spec.before != Icon::none ? 20.0f : 0) + (spec.after != Icon::none ? 18.0f : 0);
  return std::ceil(text_width(frame, spec.label, type::kLabel)) + icons + 16;
}

bool link(Frame& frame, const Rect& rect, const LinkSpec& spec) {
  const Response response = interact(frame, frame.id(spec.id.empty() ? spec.label : spec.id), rect,
                                     {.role = Role::button, .name = spec.label});
  if (response.held || response.hovered) {
    fill(frame, rect.centered(rect.w, std::min(rect.h, 36.0f)),
         frame.color(response.held ? Color::press : Color::hover), radius::kBadge);
  }
  Rect inside = rect.centered(link_width(frame, spec) - 16, rect.h);
  if (spec.before != Icon::none)
    paint_icon(frame, inside.cut_left(18, 2), spec.before, 18, frame.color(spec.color));
  if (spec.after != Icon::none)
    paint_icon(frame, inside.cut_right(16, 2), spec.after, 16, frame.color(spec.color));
  paint_line(frame, inside, spec.label, type::kLabel, frame.color(spec.color));
  if (response.focused)
    focus_ring(frame, rect.centered(rect.w, std::min(rect.h, 36.0f)), radius::kBadge);
  return response.clicked;
}

bool icon_button(Frame& frame, const Rect& rect, Icon icon, std::string_view name, Color color) {
  const Response response =
      interact(frame, frame.id(name), rect, {.role = Role::button, .name = name});
  const Rect box = rect.centered(size::kButton, size::kButton);
  if (response.held || response.hovered) {
    fill(frame, box, frame.color(response.held ? Color::press : Color::hover), radius::kButton);
  }
  paint_icon(frame, box, icon, 22, frame.color(color));
  if (response.focused) focus_ring(frame, box, radius::kButton);
  return response.clicked;
}

}  // namespace banyan::ui
