#include "client/widgets/card.h"

#include <cmath>

#include "client/widgets/button.h"
#include "client/widgets/draw.h"
#include "client/widgets/text.h"

namespace banyan::ui {
namespace {

constexpr float kNoteText = 26;  // icon 18 and its gap
constexpr float kPairExtra = 18;

void timeline_wide(Frame& frame, const Rect& rect, const TimelineSpec& spec) {
  Rect inside = rect;
  const Rect column = inside.cut_left(32, 12);
  const Rect disc{column.x, rect.y, 32, 32};
  if (!spec.last) {
    fill(frame, {column.center().x - 1, disc.bottom() + 2, 2, rect.h - 36},
         frame.color(Color::line));
  }
  icon_disc(frame, disc, spec.icon, spec.tone, 18);
  paint_line(frame, {inside.x, rect.y - 1, inside.w, 20}, spec.title, type::kTable,
             frame.color(Color::text));
  paint_line(frame, {inside.x, rect.y + 19, inside.w, 16}, spec.subtitle, type::kCaption,
             frame.color(Color::text_3));
}

}  // namespace

Rect card(Frame& frame, const Rect& rect, float pad) {
  paint_card(frame, rect);
  return rect.inset(pad);
}

bool card_head(Frame& frame, Rect& rect, const CardHead& head) {
  const Rect strip = rect.cut_top(48);
  Rect inside = strip;
  inside.cut_left(16);
  inside.cut_right(8);
  bool pressed = false;
  Rect action{};
  const Icon icon = frame.tight() ? Icon::none : head.action_icon;
  const LinkSpec word{.label = head.action,
                      .before = head.action_icon_before ? icon : Icon::none,
                      .after = head.action_icon_before ? Icon::none : icon};
  if (!head.action.empty()) action = inside.cut_right(link_width(frame, word), 8);
  const float width = std::min(inside.w, text_width(frame, head.title, type::kH3) + 1);
  heading(frame, inside.cut_left(width, 8), head.title, type::kH3, 2);
  if (head.count > 0) tag_left(frame, inside, {.label = std::to_string(head.count)}, 8);
  if (!head.warning.empty())
    tag_left(frame, inside, {.label = head.warning, .tone = Tint::danger}, 8);
  const bool room = !frame.tight() || text_width(frame, head.note, type::kSmall) <= inside.w;
  if (!head.note.empty() && room) label(frame, inside, head.note, type::kSmall, Color::text_3);
  if (!head.action.empty()) {
    IdScope scope(head.title);
    pressed = link(frame, action, word);
  }
  if (head.line) rule_above(frame, {strip.x, strip.bottom(), strip.w, 1});
  return pressed;
}

float note_height(Frame& frame, float width, std::string_view text) {
  return 20 + paragraph_height(frame, text, type::kSmall, width - 24 - kNoteText);
}

void note(Frame& frame, const Rect& rect, Icon icon, std::string_view text, Tint tone) {
  const TintColors look = colors_of(tone);
  fill(frame, rect, frame.color(look.fill), radius::kButton);
  Rect inside = rect.inset(12, 10);
  paint_icon(frame, {inside.x, inside.y, 18, 18}, icon, 18, frame.color(look.word));
  inside.cut_left(kNoteText);
  paragraph(frame, inside, text, type::kSmall, look.word);
}

float pair_height(const Frame& frame, float one_line) {
  return one_line + (frame.tight() ? kPairExtra : 0);
}

void pair(Frame& frame, const Rect& rect, std::string_view name, std::string_view value,
          bool strong) {
  Rect left = rect;
  const TextStyle style = with(type::kTable, strong ? Weight::w500 : Weight::w400);
  if (frame.tight() && rect.h > kPairExtra + 20) {
    left = left.centered(left.w, 40);
    paint_line(frame, left.cut_top(20), name, type::kSmall, frame.color(Color::text_3));
    paint_line(frame, left, value, style, frame.color(Color::text));
  } else {
    const Rect right =
        left.cut_right(std::min(rect.w * 0.7f, text_width(frame, value, style) + 1), 12);
    paint_line(frame, left, name, type::kTable, frame.color(Color::text_3));
    paint_line(frame, right, value, style, frame.color(Color::text), Align::right);
  }
  std::string both(name);
  both += ' ';
  both += value;
  frame.access.add_text(Role::text, rect, both);
}

void as_of(Frame& frame, const Rect& rect, std::string_view time) {
  Rect inside = rect;
  paint_icon(frame, inside.cut_left(14, 4), Icon::clock, 14, frame.color(Color::text_3));
  label(frame, inside, frame.fill(T::format_as_of, {{"time", time}}), type::kCaption,
        Color::text_3);
}

void timeline_item(Frame& frame, const Rect& rect, const TimelineSpec& spec) {
  if (frame.tight()) {
    Rect left = rect.inset(0, 4);
    const Rect said{left.x, left.y, left.w, left.h - 16};  // a line stays for when
    left.cut_top(paint_paragraph(frame, said, spec.title, type::kTable, frame.color(Color::text)));
    paint_paragraph(frame, left, spec.subtitle, type::kCaption, frame.color(Color::text_3));
  } else {
    timeline_wide(frame, rect, spec);
  }
  std::string both(spec.title);
  both += ", ";
  both += spec.subtitle;
  frame.access.add_text(Role::text, rect, both);
}

void evidence_row(Frame& frame, const Rect& rect, Icon icon, std::string_view what,
                  std::string_view facts, bool done) {
  Rect inside = rect;
  icon_disc(frame, inside.cut_left(36, 12).centered(36, 36), icon,
            done ? Tint::primary : Tint::warn, 18);
  paint_icon(frame, inside.cut_right(20, 8), done ? Icon::check : Icon::hourglass, size::kIcon,
             frame.color(done ? Color::ok : Color::warn));
  Rect words = inside.centered(inside.w, 40);
  label(frame, words.cut_top(22), what, with(type::kTable, Weight::w500));
  label(frame, words, facts, type::kCaption, Color::text_3);
}

}  // namespace banyan::ui
