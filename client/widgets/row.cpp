// The row of a list: face, name, second line, number, state.
#include <algorithm>
#include <cmath>

#include "client/widgets/card.h"
#include "client/widgets/draw.h"
#include "client/widgets/text.h"

namespace banyan::ui {
namespace {

constexpr float kRowAir = 8, kTagLine = 26;

std::string spoken(Frame& frame, const RowSpec& spec) {
  std::string name(spec.title);
  const auto add = [&](std::string_view part) {
    if (!part.empty()) name += (frame.texts.chinese() ? "，" : ", ") + std::string(part);
  };
  add(spec.note);
  add(spec.subtitle);
  for (const TagSpec& each : spec.tags) add(each.label);
  add(spec.value);
  add(spec.value_note);
  for (const RowCell& cell : spec.cells) add(std::string(cell.name) + " " + std::string(cell.text));
  return name;
}

void paint_start(Frame& frame, Rect& inside, const RowSpec& spec) {
  if (!spec.face.empty()) {
    avatar(frame, inside.cut_left(size::kAvatar, 12),
           {.initial = spec.face, .tone = spec.selected ? Tint::surface : spec.tone});
  } else if (spec.icon != Icon::none && spec.boxed_icon) {
    icon_box(frame, inside.cut_left(size::kAvatar, 12).centered(40, 40), spec.icon, spec.tone);
  } else if (spec.icon != Icon::none) {
    paint_icon(frame, inside.cut_left(22, 12), spec.icon, 22, frame.color(Color::text_2));
  }
}

void paint_cells(Frame& frame, Rect& inside, const RowSpec& spec) {
  const Rect end = inside.cut_right(kCellEnd);
  if (spec.sync != nullptr) sync_icon(frame, Rect{end.x + 12, end.y, 20, end.h}, *spec.sync);
  for (std::size_t i = spec.cells.size(); i-- > 0;) {
    const RowCell& cell = spec.cells[i];
    paint_line(frame, inside.cut_right(cell.width, kCellGap), cell.text,
               cell.strong ? type::kBodyStrong : type::kSmall, frame.color(cell.color),
               Align::right);
  }
}

void paint_end(Frame& frame, Rect& inside, const RowSpec& spec) {
  if (!spec.cells.empty()) return paint_cells(frame, inside, spec);
  if (spec.chevron)
    paint_icon(frame, inside.cut_right(20, 8), Icon::chevron_right, size::kIcon,
               frame.color(Color::text_2));
  if (spec.sync != nullptr && inside.w < 300) {
    sync_icon(frame, inside.cut_right(20, 8), *spec.sync);
  } else if (spec.sync != nullptr) {
    sync_badge(frame, inside.cut_right(sync_badge_width(frame, *spec.sync), 12), *spec.sync);
  }
  if (spec.value.empty()) return;
  const float width = std::max(text_width(frame, spec.value, type::kBodyStrong),
                               text_width(frame, spec.value_note, type::kCaption));
  Rect column = inside.cut_right(std::ceil(width), 12);
  if (spec.value_note.empty()) {
    paint_line(frame, column.grown(1), spec.value, type::kBodyStrong, frame.color(Color::text),
               Align::right);
    return;
  }
  column = column.centered(column.w, 38);
  paint_line(frame, column.cut_top(22), spec.value, type::kBodyStrong, frame.color(Color::text),
             Align::right);
  paint_line(frame, column, spec.value_note, type::kCaption, frame.color(Color::text_3),
             Align::right);
}

void paint_title(Frame& frame, Rect line, const RowSpec& spec) {
  const TextStyle style =
      spec.strong ? TextStyle{16, 24, Weight::w700} : with(type::kBody, Weight::w500);
  const float width = std::min(line.w, text_width(frame, spec.title, style));
  if (!spec.mark.empty()) {  // a part of the title itself, so its place in it is known
    const std::string_view before =
        spec.title.substr(0, static_cast<std::size_t>(spec.mark.data() - spec.title.data()));
    const float x = line.x + text_width(frame, before, style);
    const float end = std::min(line.x + width, x + text_width(frame, spec.mark, style));
    fill(frame, Rect{x - 1, line.y, end - x + 2, line.h}, frame.color(Color::warn_soft),
         radius::kBar);
  }
  paint_line(frame, line.cut_left(width + 0.5f, 8), spec.title, style, frame.color(Color::text));
  paint_line(frame, line, spec.note, type::kSmall, frame.color(Color::text_3));
}

void paint_tags(Frame& frame, Rect place, const RowSpec& spec) {
  for (TagSpec each : spec.tags) {
    each.small = true;
    if (!tag_left(frame, place, each)) break;
  }
}

// Large type on a phone: name, number, second line and tags one under the other, nothing beside
// them.
void paint_lines(Frame& frame, Rect inside, const RowSpec& spec) {
  if (spec.chevron && spec.value.empty()) {
    paint_icon(frame, inside.cut_right(20, 4), Icon::chevron_right, size::kIcon,
               frame.color(Color::text_2));
  }
  const float number = spec.value.empty() ? 0 : 20, tags = spec.tags.empty() ? 0 : kTagLine;
  const float words = std::min(paragraph_height(frame, spec.subtitle, type::kCaption, inside.w),
                               inside.h - kRowAir - 20 - number - tags);
  Rect left = inside.centered(inside.w, 20 + number + words + tags);
  Rect first = left.cut_top(20);
  if (spec.sync != nullptr) sync_icon(frame, first.cut_right(20, 4), *spec.sync);
  paint_line(frame, first, spec.title, with(type::kBody, Weight::w700), frame.color(Color::text));
  Rect second = left.cut_top(number);
  const float width = text_width(frame, spec.value, type::kBodyStrong) + 1;
  paint_line(frame, second.cut_left(width, 8), spec.value, type::kBodyStrong,
             frame.color(Color::text));
  paint_line(frame, second, spec.value_note, type::kCaption, frame.color(Color::text_3));
  paint_paragraph(frame, left.cut_top(words), spec.subtitle, type::kCaption,
                  frame.color(spec.subtitle_color));
  paint_tags(frame, left, spec);
}

}  // namespace

float row_height(const Frame& frame, float usual) { return usual + (frame.tight() ? 26.0f : 0); }

void list_head(Frame& frame, const Rect& rect, std::string_view title,
               std::span<const RowCell> cells) {
  Rect inside = rect.inset(16, 0);
  inside.cut_right(kCellEnd);
  for (std::size_t i = cells.size(); i-- > 0;) {
    paint_line(frame, inside.cut_right(cells[i].width, kCellGap), cells[i].name, type::kCaption,
               frame.color(Color::text_2), Align::right);
  }
  paint_line(frame, inside, title, type::kCaption, frame.color(Color::text_2));
}

RowResponse list_row(Frame& frame, const Rect& rect, const RowSpec& spec) {
  const std::uint32_t states =
      (spec.selected ? state::kSelected : 0) | (spec.context ? state::kContext : 0);
  const std::string name = spoken(frame, spec);
  const Response response = interact(frame, frame.id("row"), rect,
                                     {.role = Role::listitem,
                                      .name = name,
                                      .states = states,
                                      .position = static_cast<int>(spec.position),
                                      .set_size = static_cast<int>(spec.count)});
  const Color back = spec.selected   ? Color::primary_soft
                     : response.held ? Color::press
                                     : Color::hover;
  if (spec.selected || response.held || response.hovered) fill(frame, rect, frame.color(back));
  if (!spec.first) rule_above(frame, rect);
  Rect inside = rect.inset(frame.tight() ? 12 : 16, 0);
  if (frame.tight() && !(spec.value.empty() && spec.subtitle.empty())) {
    paint_lines(frame, inside, spec);
    if (response.focused) focus_ring(frame, rect.inset(4), radius::kButton);
    return {response.clicked, response.context};
  }
  if (!frame.tight()) paint_start(frame, inside, spec);
  paint_end(frame, inside, spec);
  if (spec.subtitle.empty() && spec.tags.empty()) {
    paint_title(frame, inside.centered(inside.w, 24), spec);
  } else {
    const float title = spec.strong ? 24 : 22;
    Rect words = inside.centered(inside.w, title + 18);
    paint_title(frame, words.cut_top(title), spec);
    const float width = std::min(words.w, text_width(frame, spec.subtitle, type::kSmall));
    paint_line(frame, words.cut_left(width + 0.5f, 6), spec.subtitle, type::kSmall,
               frame.color(spec.subtitle_color));
    paint_tags(frame, words, spec);
  }
  if (response.focused) focus_ring(frame, rect.inset(4), radius::kButton);
  return {response.clicked, response.context};
}

}  // namespace banyan::ui
