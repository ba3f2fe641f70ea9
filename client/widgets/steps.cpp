#include "client/widgets/steps.h"

#include <cmath>
#include <utility>

#include "client/widgets/button.h"
#include "client/widgets/draw.h"
#include "client/widgets/scroll.h"
#include "client/widgets/text.h"

namespace banyan::ui {
namespace {

float tab_width(Frame& frame, const TabSpec& spec) {
  const float count =
      spec.count > 0 ? 6 + tag_width(frame, {.label = std::to_string(spec.count)}) - 4 : 0;
  return std::ceil(text_width(frame, spec.label, with(type::kBody, Weight::w700))) + count + 28;
}

float segment_width(Frame& frame, const TabSpec& spec) {
  const float icon = spec.icon == Icon::none ? 0.0f : 24.0f;
  return std::ceil(text_width(frame, spec.label, with(type::kLabel, Weight::w700))) + icon + 28;
}

bool tab(Frame& frame, const Rect& rect, const TabSpec& spec, bool on) {
  const Response response =
      interact(frame, frame.id(spec.label), rect,
               {.role = Role::tab, .name = spec.label, .states = on ? state::kSelected : 0});
  if (!on && (response.held || response.hovered)) {
    fill(frame, rect.inset(2, 4), frame.color(response.held ? Color::press : Color::hover),
         radius::kBadge);
  }
  Rect inside = rect.inset(14, 0);
  const TextStyle style = with(type::kBody, on ? Weight::w700 : Weight::w500);
  paint_line(frame, inside.cut_left(text_width(frame, spec.label, style) + 0.5f, 6), spec.label,
             style, frame.color(on ? Color::primary : Color::text_2));
  if (spec.count > 0)
    tag(frame, inside, {.label = std::to_string(spec.count), .tone = spec.tone, .small = true});
  if (on) fill(frame, {rect.x, rect.bottom() - 3, rect.w, 3}, frame.color(Color::primary));
  if (response.focused) focus_ring(frame, rect.inset(4), radius::kBadge);
  return response.clicked;
}

bool segment(Frame& frame, const Rect& rect, const TabSpec& spec, bool on) {
  const Response response =
      interact(frame, frame.id(spec.label), rect,
               {.role = Role::tab, .name = spec.label, .states = on ? state::kSelected : 0});
  if (on) {
    shadow(frame, rect, 8, elevation::kE1);
    fill(frame, rect, frame.color(Color::surface), 8);
  }
  const TextStyle style = with(type::kLabel, on ? Weight::w700 : Weight::w500);
  const Color color = on ? Color::text : Color::text_2;
  const float icon = spec.icon == Icon::none ? 0.0f : 24.0f;
  Rect inside = rect.centered(text_width(frame, spec.label, style) + icon + 1, rect.h);
  if (icon > 0) paint_icon(frame, inside.cut_left(18, 6), spec.icon, 18, frame.color(color));
  paint_line(frame, inside, spec.label, style, frame.color(color));
  if (response.focused) focus_ring(frame, rect, 8);
  return response.clicked;
}

void phone_steps(Frame& frame, const Rect& rect, std::span<const std::string_view> names, int now) {
  Rect left = rect;
  Rect words = left.cut_top(20, 6);
  const auto index = static_cast<std::size_t>(now);
  const std::string here = frame.fill(
      T::step_of, {{"now", std::to_string(now + 1)}, {"all", std::to_string(names.size())}});
  label(frame, words, here + "·" + std::string(names[index]), with(type::kSmall, Weight::w700));
  if (index + 1 < names.size()) {
    label(frame, words, frame.fill(T::step_next, {{"name", names[index + 1]}}), type::kSmall,
          Color::text_3, Align::right);
  }
  const auto count = static_cast<int>(names.size());
  for (int i = 0; i < count; ++i) {
    const Rect bar = Rect{left.x, left.y, left.w, 6}.column(i, count, 8);
    fill(frame, bar, frame.color(i <= now ? Color::primary : Color::track), radius::kBar);
  }
}

void paint_step(Frame& frame, const Rect& disc, int index, int now) {
  const Vec middle = disc.center();
  if (index < now) {
    circle(frame, middle, 14, frame.color(Color::primary));
    paint_icon(frame, disc, Icon::check, size::kIconS, frame.color(Color::on_primary));
    return;
  }
  const Color color = index == now ? Color::primary : Color::line_strong;
  circle(frame, middle, 14, frame.color(Color::surface));
  ring(frame, middle, 14, frame.color(color), 2);
  paint_line(frame, disc, std::to_string(index + 1), with(type::kLabel, Weight::w700),
             frame.color(index == now ? Color::primary : Color::text_3), Align::center);
}

}  // namespace

int tabs(Frame& frame, const Rect& rect, std::string_view name, std::span<const TabSpec> all,
         int now) {
  IdScope scope(name);
  GroupScope group(frame, Role::tablist, name, rect);
  rule_above(frame, {rect.x, rect.bottom() - 1, rect.w, 1});
  Scroll scroll(frame, frame.id("row"), rect, Scroll::Direction::across);
  Rect row = scroll.content();
  Rect current = row;
  int pressed = -1;
  float x = row.x;
  int& seen = frame.memory.tabs.try_emplace(frame.id("now"), -1).first->second;
  const bool moved = std::exchange(seen, now) != now;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const float width = tab_width(frame, all[i]);
    const Rect place{x, row.y, width, row.h};
    if (static_cast<int>(i) == now) current = place;
    if (tab(frame, place, all[i], static_cast<int>(i) == now)) pressed = static_cast<int>(i);
    x += width + 4;
  }
  scroll.end(x - 4);
  if (moved) scroll.show(current);
  return pressed;
}

float segments_width(Frame& frame, std::span<const TabSpec> all) {
  float width = 4;
  for (const TabSpec& each : all) width += segment_width(frame, each) + 2;
  return width;
}

int segments(Frame& frame, const Rect& rect, std::string_view name, std::span<const TabSpec> all,
             int now) {
  IdScope scope(name);
  GroupScope group(frame, Role::tablist, name, rect);
  fill(frame, rect, frame.color(Color::track), radius::kButton);
  int pressed = -1;
  Rect row = rect.inset(3);
  const float spare = (rect.w - segments_width(frame, all)) / static_cast<float>(all.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Rect place = row.cut_left(segment_width(frame, all[i]) + spare, 2);
    if (segment(frame, place, all[i], static_cast<int>(i) == now)) pressed = static_cast<int>(i);
  }
  return pressed;
}

void stepper(Frame& frame, const Rect& rect, std::span<const std::string_view> names, int now) {
  if (frame.phone()) return phone_steps(frame, rect, names, now);
  float words = 0;
  for (std::size_t i = 0; i < names.size(); ++i) {
    words += 36 + text_width(frame, names[i],
                             {14, 20, static_cast<int>(i) == now ? Weight::w700 : Weight::w500});
  }
  const float gap =
      (rect.w - words) / static_cast<float>(std::max<std::size_t>(1, names.size() - 1));
  Rect row = rect;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto index = static_cast<int>(i);
    const TextStyle style{14, 20, index == now ? Weight::w700 : Weight::w500};
    paint_step(frame, row.cut_left(28, 8).centered(28, 28), index, now);
    const Rect word = row.cut_left(text_width(frame, names[i], style) + 0.5f);
    label(frame, word, names[i], style,
          index == now  ? Color::text
          : index < now ? Color::text_2
                        : Color::text_3);
    if (i + 1 == names.size()) break;
    const Rect between = row.cut_left(gap - 0.5f);
    fill(frame, between.centered(std::max(16.0f, gap - 24), 2),
         frame.color(index < now ? Color::primary : Color::track));
  }
}

bool progress(Frame& frame, const Rect& rect, const ProgressSpec& spec) {
  Rect left = rect;
  bool stopped = false;
  const ButtonSpec stop{.label = spec.cancel, .kind = ButtonKind::quiet};
  if (!spec.cancel.empty()) stopped = button_right(frame, left, stop, 12);
  Rect words = left.cut_top(22, 8);
  const int percent = static_cast<int>(std::lround(std::clamp(spec.part, 0.0f, 1.0f) * 100));
  const std::string value = std::to_string(percent);
  announce(frame, frame.id(spec.label), rect,
           {.role = Role::progress, .name = spec.label, .value = value});
  const std::string right = spec.detail.empty() ? value + "%" : std::string(spec.detail);
  const Rect end = words.cut_right(text_width(frame, right, type::kSmall) + 1, 12);
  paint_line(frame, words, spec.label, type::kBodyStrong, frame.color(Color::text));
  paint_line(frame, end, right, type::kSmall, frame.color(Color::text_3), Align::right);
  paint_track(frame, left.cut_top(8), spec.part, Color::primary);
  return stopped;
}

}  // namespace banyan::ui
