#include "client/widgets/conflict.h"

#include <algorithm>

#include "client/widgets/draw.h"
#include "client/widgets/text.h"
#include "client/widgets/toggle.h"
#include "shared/base/text.h"

namespace banyan::ui {
namespace {

void fact(Frame& frame, Rect& left, Icon icon, std::string_view text) {
  Rect row = left.cut_top(20);
  paint_icon(frame, row.cut_left(16, 4), icon, 16, frame.color(Color::text_2));
  paint_line(frame, row, text, type::kCaption, frame.color(Color::text_2));
}

bool side(Frame& frame, const Rect& rect, const ConflictSide& spec, bool chosen) {
  std::string name(spec.value);
  for (const std::string_view part : {spec.who, spec.reason, spec.when, spec.device, spec.line}) {
    if (!part.empty()) name += ", " + std::string(part);
  }
  const Response response =
      interact(frame, frame.id(spec.me ? "mine" : "theirs"), rect,
               {.role = Role::radio, .name = name, .states = chosen ? state::kChecked : 0});
  const Color back = chosen             ? Color::conflict_soft
                     : response.held    ? Color::press
                     : response.hovered ? Color::hover
                                        : Color::surface;
  fill(frame, rect, frame.color(back), radius::kCard);
  outline(frame, rect, frame.color(chosen ? Color::conflict : Color::line_strong), radius::kCard,
          chosen ? 2 : frame.theme.line());
  Rect left = rect.inset(16, 16);
  Rect head = left.cut_top(40, 12);
  const Rect mark = head.cut_right(24, 8);
  paint_radio(frame, mark.center(), chosen, Color::conflict);
  if (!frame.phone()) {
    avatar(frame, head.cut_left(40, 12),
           {.initial = spec.initial, .tone = spec.me ? Tint::primary : Tint::info});
  }
  paint_line(frame, head.cut_top(22), spec.who, {15, 22, Weight::w500}, frame.color(Color::text));
  paint_line(frame, head.cut_top(18), spec.role, type::kCaption, frame.color(Color::text_3));
  const TextStyle value = frame.phone() ? TextStyle{18, 26, Weight::w700} : type::kH1;
  paint_line(frame, left.cut_top(value.line, 8), spec.value, value, frame.color(Color::text));
  paint_line(frame, left.cut_top(20, 8), spec.reason, type::kSmall, frame.color(Color::text_2));
  rule_above(frame, left.cut_top(1, 10));
  fact(frame, left, Icon::clock, spec.when);
  fact(frame, left, Icon::tablet, spec.device);
  fact(frame, left, spec.offline ? Icon::cloud_off : Icon::cloud_check, spec.line);
  if (response.focused) focus_ring(frame, rect, radius::kCard);
  return response.clicked;
}

constexpr float kTextPad = 16, kTextHead = 24, kTextLine = 20;

float text_side_height(Frame& frame, const ConflictSide& spec, float width) {
  const float text = paragraph_height(frame, spec.value, type::kBody, width - 2 * kTextPad);
  return 2 * kTextPad + kTextHead + 8 + text + 8 + kTextLine;
}

// What is in one of the others, too, at its beginning and its end is common.
TextPart marked_part(std::span<const ConflictSide> sides, std::size_t index) {
  TextPart part{sides[index].value.size(), 0};
  for (std::size_t i = 0; i < sides.size(); ++i) {
    if (i == index) continue;
    const TextPart one = differing_part(sides[index].value, sides[i].value);
    part = {std::min(part.begin, one.begin), std::max(part.end, one.end)};
  }
  return part;
}

void paint_marked(Frame& frame, Rect rect, std::string_view text, const TextPart& part) {
  const TextStyle& style = type::kBody;
  for (const std::string_view line : wrap(frame, text, style, rect.w)) {
    const Rect row = rect.cut_top(style.line);
    const auto from = static_cast<std::size_t>(line.data() - text.data());
    const std::size_t begin = std::clamp(part.begin, from, from + line.size()) - from;
    const std::size_t end = std::clamp(part.end, from + begin, from + line.size()) - from;
    const float before = text_width(frame, line.substr(0, begin), style);
    const float marked = text_width(frame, line.substr(begin, end - begin), style);
    if (end > begin) {
      fill(frame, {row.x + before, row.y, marked, row.h}, frame.color(Color::conflict_soft), 3);
      fill(frame, {row.x + before, row.y + row.h - 2, marked, 2}, frame.color(Color::conflict), 0);
    }
    paint_text(frame, {row.x, row.y}, line, style, frame.color(Color::text));
  }
}

bool text_side(Frame& frame, const Rect& rect, std::span<const ConflictSide> sides,
               std::size_t index, bool chosen) {
  const ConflictSide& spec = sides[index];
  std::string name(spec.value);
  for (const std::string_view part : {spec.who, spec.when, spec.device, spec.line}) {
    if (!part.empty()) name += ", " + std::string(part);
  }
  const Response response =
      interact(frame, frame.id("text"), rect,
               {.role = Role::radio, .name = name, .states = chosen ? state::kChecked : 0});
  fill(frame, rect, frame.color(response.hovered ? Color::hover : Color::surface), radius::kCard);
  outline(frame, rect, frame.color(chosen ? Color::conflict : Color::line_strong), radius::kCard,
          chosen ? 2 : frame.theme.line());
  Rect left = rect.inset(kTextPad, kTextPad);
  Rect head = left.cut_top(kTextHead, 8);
  paint_radio(frame, head.cut_right(24, 8).center(), chosen, Color::conflict);
  paint_line(frame, head, spec.who, {15, 22, Weight::w500}, frame.color(Color::text));
  const float text = paragraph_height(frame, spec.value, type::kBody, left.w);
  paint_marked(frame, left.cut_top(text, 8), spec.value, marked_part(sides, index));
  std::string words(spec.when);
  words += " · " + std::string(spec.device);
  fact(frame, left, spec.offline ? Icon::cloud_off : Icon::clock, words);
  if (response.focused) focus_ring(frame, rect, radius::kCard);
  return response.clicked;
}

}  // namespace

float conflict_pair_height(bool phone) { return phone ? 222 : 226; }

int conflict_pair(Frame& frame, const Rect& rect, const ConflictSide& left,
                  const ConflictSide& right, int chosen) {
  GroupScope group(frame, Role::radiogroup, frame.t(T::sync_choose), rect);
  int pressed = -1;
  const float gap = frame.phone() ? 8 : size::kGap;
  if (side(frame, rect.column(0, 2, gap), left, chosen == 0)) pressed = 0;
  if (side(frame, rect.column(1, 2, gap), right, chosen == 1)) pressed = 1;
  return pressed;
}

int conflict_texts(Frame& frame, Rect& column, std::span<const ConflictSide> sides, int chosen) {
  float height = 0;
  for (const ConflictSide& one : sides) height += text_side_height(frame, one, column.w) + 8;
  const Rect place = column.cut_top(height);
  GroupScope group(frame, Role::radiogroup, frame.t(T::sync_choose), place);
  Rect left = place;
  int pressed = -1;
  for (std::size_t i = 0; i < sides.size(); ++i) {
    IdScope scope(i);
    const auto index = static_cast<int>(i);
    const Rect rect = left.cut_top(text_side_height(frame, sides[i], column.w), 8);
    if (text_side(frame, rect, sides, i, chosen == index)) pressed = index;
  }
  return pressed;
}

void before_both(Frame& frame, const Rect& rect, std::string_view value, std::string_view origin) {
  fill(frame, rect, frame.color(Color::sunken), radius::kButton);
  Rect inside = rect.inset(14, 0);
  paint_icon(frame, inside.cut_left(20, 12), Icon::history, size::kIcon,
             frame.color(Color::text_2));
  const std::string_view words = frame.t(T::sync_before_both);
  label(frame, inside.cut_left(text_width(frame, words, type::kSmall) + 1, 12), words, type::kSmall,
        Color::text_2);
  const TextStyle style{16, 24, Weight::w500};
  label(frame, inside.cut_left(text_width(frame, value, style) + 1, 12), value, style);
  if (!frame.phone()) label(frame, inside, origin, type::kSmall, Color::text_3, Align::right);
}

}  // namespace banyan::ui
