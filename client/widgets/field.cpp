#include "client/widgets/field.h"

#include <cmath>

#include "client/widgets/button.h"
#include "client/widgets/draw.h"
#include "client/widgets/tag.h"
#include "client/widgets/text.h"
#include "shared/base/money.h"
#include "shared/base/phone.h"

namespace banyan::ui {
namespace {

constexpr float kLabel = 24, kHint = 20, kPad = 14, kAreaPad = 10;
constexpr float kHintLine = 16;

std::string_view keyboard_for(FieldKind kind) {
  switch (kind) {
    case FieldKind::money: return "decimal";
    case FieldKind::number: return "decimal";
    case FieldKind::phone: return "tel";
    case FieldKind::search: return "search";
    case FieldKind::id_number:  // its last character may be an X
    case FieldKind::text:
    case FieldKind::secret: break;
  }
  return "text";
}

std::string shown_at_rest(FieldKind kind, const std::string& value) {
  return kind == FieldKind::phone ? format_phone(value) : value;
}

std::size_t count_characters(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1u : 0u;
  return count;
}

float box_height(const FieldSpec& spec) {
  if (spec.lines <= 1) return size::kField;
  return 2 * kAreaPad + static_cast<float>(spec.lines) * type::kInput.line;
}

void paint_box(Frame& frame, const Rect& box, const FieldSpec& spec, bool focused) {
  const bool off = spec.read_only || spec.disabled;
  fill(frame, box, frame.color(off ? Color::sunken : Color::surface), radius::kField);
  Color edge = off ? Color::line : Color::line_strong;
  float thick = frame.theme.line();
  if (!spec.error.empty()) edge = Color::danger, thick = 2;
  if (focused && spec.error.empty()) edge = Color::primary, thick = 2;
  outline(frame, box, frame.color(edge), radius::kField, thick);
}

void paint_circles(Frame& frame, const Rect& rect, std::string_view value) {
  constexpr float kStep = 12, kRadius = 3;
  const std::size_t count = count_characters(value);
  float x = rect.x + kRadius;
  for (std::size_t i = 0; i < count && x < rect.right(); ++i, x += kStep) {
    circle(frame, {x, rect.center().y}, kRadius, frame.color(Color::text));
  }
}

void paint_value(Frame& frame, const Rect& rect, const FieldSpec& spec, const std::string& value) {
  const Color color = spec.disabled    ? Color::text_off
                      : spec.read_only ? Color::text_2
                                       : Color::text;
  if (value.empty()) {
    paint_line(frame, spec.lines > 1 ? Rect{rect.x, rect.y, rect.w, type::kInput.line} : rect,
               spec.placeholder, type::kInput, frame.color(Color::text_3));
  } else if (spec.kind == FieldKind::secret) {
    paint_circles(frame, rect, value);
  } else if (spec.lines > 1) {
    Rect left = rect;
    for (const std::string_view line : wrap(frame, value, type::kInput, rect.w)) {
      if (left.h + 0.5f < type::kInput.line) break;
      paint_line(frame, left.cut_top(type::kInput.line), line, type::kInput, frame.color(color));
    }
  } else {
    paint_line(frame, rect, shown_at_rest(spec.kind, value), type::kInput, frame.color(color));
  }
}

// Brings the person's edit into `value`, or the program's change to the page.
FieldResponse exchange(Frame& frame, Id id, FieldMemory& memo, const FieldSpec& spec,
                       std::string& value) {
  FieldResponse out;
  TextEdit edit;
  if (!memo.known) {
    memo.known = true;
    memo.seen = value;
    ++memo.revision;
  }
  if (frame.input.take_edit(id, edit)) {
    memo.composing = edit.composing;
    if (!edit.composing) {
      memo.seen = edit.value;
      out.changed = value != edit.value;
      value = std::move(edit.value);
    }
    out.finished = edit.finished;
    out.entered = edit.enter;
  }
  if (out.finished && spec.kind == FieldKind::money) {
    if (const auto minor = parse_amount(value)) value = format_amount(*minor);
  }
  if (value != memo.seen) {
    memo.seen = value;
    ++memo.revision;
  }
  out.composing = memo.composing;
  out.focused = frame.input.focused(id);
  return out;
}

Id id_of(Frame& frame, const FieldSpec& spec) {
  if (!spec.id.empty()) return frame.id(spec.id);
  return frame.id(spec.label.empty() ? spec.name : spec.label);
}

// The box alone: `text` is where the words lie in it.
FieldResponse field_box(Frame& frame, const Rect& box, const Rect& text, const FieldSpec& spec,
                        std::string& value) {
  const Id id = id_of(frame, spec);
  FieldMemory& memo = frame.memory.fields[id];
  const FieldResponse out = exchange(frame, id, memo, spec, value);
  const TextEntry entry{.keyboard = keyboard_for(spec.kind),
                        .enter = spec.enter,
                        .placeholder = spec.placeholder,
                        .size = type::kInput.size,
                        .line = type::kInput.line,
                        .color = frame.color(Color::text),
                        .placeholder_color = frame.color(Color::text_3),
                        .length_max = spec.length_max,
                        .revision = memo.revision,
                        .box = text};
  const std::uint32_t states =
      (spec.disabled ? state::kDisabled : 0) | (spec.read_only ? state::kReadOnly : 0) |
      (spec.required ? state::kRequired : 0) | (spec.lines > 1 ? state::kMultiline : 0) |
      (spec.kind == FieldKind::secret ? state::kSecret : 0) |
      (spec.error.empty() ? 0 : state::kInvalid);
  const bool secret = spec.kind == FieldKind::secret;
  interact(frame, id, box,
           {.role = Role::textbox,
            .name = spec.label.empty() ? spec.name : spec.label,
            .value = secret ? std::string_view() : std::string_view(value),
            .hint = spec.error.empty() ? spec.hint : spec.error,
            .states = states,
            .text = &entry});
  paint_box(frame, box, spec, out.focused);
  // While it has the keyboard the page's own field shows the words.
  if (!out.focused) paint_value(frame, text, spec, value);
  return out;
}

void paint_hint(Frame& frame, const Rect& rect, const FieldSpec& spec, std::string_view value) {
  const std::string_view words = spec.error.empty() ? spec.hint : spec.error;
  if (!words.empty()) {
    const Color color = spec.error.empty() ? Color::text_3 : Color::danger;
    Rect left = rect;
    for (const std::string_view line : wrap(frame, words, type::kCaption, rect.w)) {
      paint_line(frame, left.cut_top(kHintLine), line, type::kCaption, frame.color(color));
    }
  } else if (spec.kind == FieldKind::money && frame.texts.chinese()) {
    if (const auto minor = parse_amount(value)) {
      paint_line(frame, rect, chinese_capitals(*minor), type::kCaption, frame.color(Color::text_3));
    }
  }
}

struct Parts {
  Rect label, box, hint, icon, trailing, text;
};

Parts lay_out(Frame& frame, const Rect& rect, const FieldSpec& spec) {
  Parts out;
  Rect left = rect;
  if (!spec.label.empty()) out.label = {left.x, left.y, left.w, 18}, left.cut_top(kLabel);
  out.box = left.cut_top(box_height(spec));
  out.hint = {left.x, left.y + 4, left.w, kHintLine};
  const bool area = spec.lines > 1;
  Rect inside = area ? out.box.inset(kPad, kAreaPad) : out.box.inset(kPad, 1);
  if (spec.icon != Icon::none) out.icon = inside.cut_left(size::kIcon, 8);
  if (!spec.unit.empty())
    out.trailing = inside.cut_right(std::ceil(text_width(frame, spec.unit, type::kInput)), 8);
  if (spec.read_only) out.trailing = inside.cut_right(18, 8);
  out.text = inside;
  return out;
}

void paint_surroundings(Frame& frame, const Parts& parts, const FieldSpec& spec,
                        std::string_view value) {
  if (!spec.label.empty()) field_label(frame, parts.label, spec.label, spec.required);
  if (spec.icon != Icon::none)
    paint_icon(frame, parts.icon, spec.icon, size::kIcon, frame.color(Color::text_2));
  if (spec.read_only) {
    paint_icon(frame, parts.trailing, Icon::lock, 18, frame.color(Color::text_3));
  } else if (!spec.unit.empty()) {
    paint_line(frame, parts.trailing.grown(1), spec.unit, type::kInput, frame.color(Color::text_3));
  }
  if (!spec.compact) paint_hint(frame, parts.hint, spec, value);
}

}  // namespace

void field_label(Frame& frame, const Rect& rect, std::string_view words, bool required) {
  paint_line(frame, rect, words, type::kLabel, frame.color(Color::text_2));
  if (!required) return;
  const float width = text_width(frame, words, type::kLabel);
  paint_text(frame, {rect.x + width + 6, rect.y}, "*", type::kLabel, frame.color(Color::danger));
}

float field_height(Frame& frame, const FieldSpec& spec, float width) {
  const float one = (spec.label.empty() ? 0 : kLabel) + box_height(spec);
  if (spec.compact) return one;
  const std::string_view words = spec.error.empty() ? spec.hint : spec.error;
  const std::size_t lines = words.empty() ? 1 : wrap(frame, words, type::kCaption, width).size();
  return one + kHint + kHintLine * static_cast<float>(lines - 1);
}

FieldResponse text_field(Frame& frame, const Rect& rect, const FieldSpec& spec,
                         std::string& value) {
  const Parts parts = lay_out(frame, rect, spec);
  const FieldResponse out = field_box(frame, parts.box, parts.text, spec, value);
  paint_surroundings(frame, parts, spec, value);
  return out;
}

FieldResponse secret_field(Frame& frame, const Rect& rect, FieldSpec spec, std::string& value,
                           bool& visible) {
  spec.kind = visible ? FieldKind::text : FieldKind::secret;
  Parts parts = lay_out(frame, rect, spec);
  const Rect eye = parts.text.cut_right(24, 8);
  const FieldResponse out = field_box(frame, parts.box, parts.text, spec, value);
  paint_surroundings(frame, parts, spec, {});
  const T word = visible ? T::action_hide : T::action_show;
  if (icon_button(frame, eye.centered(44, 44), visible ? Icon::eye_off : Icon::eye,
                  frame.t(word))) {
    visible = !visible;
  }
  return out;
}

FieldResponse search_field(Frame& frame, const Rect& rect, std::string_view placeholder,
                           std::string& value, std::string_view word) {
  const FieldSpec spec{.label = {},
                       .kind = FieldKind::search,
                       .placeholder = placeholder,
                       .name = placeholder,
                       .id = "search",
                       .compact = true,
                       .enter = "search"};
  Rect inside = rect.inset(12, 1);
  const Rect glass = inside.cut_left(24, 8);
  Rect clear{};
  if (!value.empty()) clear = inside.cut_right(24, 8);
  const TagSpec note{.label = word, .tone = Tint::primary};
  Rect tag_place{};
  if (!word.empty() && !value.empty() && !frame.tight())
    tag_place = inside.cut_right(tag_width(frame, note), 8);
  FieldResponse out = field_box(frame, rect, inside, spec, value);
  paint_icon(frame, glass, Icon::search, size::kIcon,
             frame.color(out.focused ? Color::primary : Color::text_3));
  if (!tag_place.empty()) tag(frame, tag_place, note);
  if (!value.empty() && !clear.empty() &&
      icon_button(frame, clear.centered(44, rect.h), Icon::circle_x, frame.t(T::action_clear),
                  Color::text_3)) {
    value.clear();
    out.changed = true;
    frame.redraw();
  }
  return out;
}

bool select_field(Frame& frame, const Rect& rect, const FieldSpec& spec, std::string_view value) {
  Parts parts = lay_out(frame, rect, spec);
  const Rect arrow = parts.text.cut_right(20, 8);
  const std::uint32_t states =
      spec.disabled || spec.read_only ? state::kDisabled : state::kCollapsed;
  const Response response = interact(frame, id_of(frame, spec), parts.box,
                                     {.role = Role::button,
                                      .name = spec.label.empty() ? spec.name : spec.label,
                                      .value = value,
                                      .hint = spec.error.empty() ? spec.hint : spec.error,
                                      .states = states});
  paint_box(frame, parts.box, spec, false);
  paint_value(frame, parts.text, spec, std::string(value));
  paint_surroundings(frame, parts, spec, {});
  paint_icon(frame, arrow, Icon::chevron_down, size::kIcon, frame.color(Color::text_2));
  if (response.focused) focus_ring(frame, parts.box, radius::kField);
  return response.clicked;
}

}  // namespace banyan::ui
