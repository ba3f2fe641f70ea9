#include "client/widgets/tag.h"

#include <cmath>
#include <span>

#include "client/widgets/draw.h"
#include "client/widgets/text.h"

namespace banyan::ui {
namespace {

constexpr float kChipGap = 8;

}  // namespace

float tag_height(const TagSpec& spec) { return spec.small ? size::kBadgeSmall : size::kBadge; }

float tag_width(Frame& frame, const TagSpec& spec) {
  const float icon = spec.icon == Icon::none ? 0 : spec.label.empty() ? 14 : 18;
  return std::ceil(text_width(frame, spec.label, type::kTag)) + icon + (spec.small ? 12 : 16);
}

void tag(Frame& frame, const Rect& rect, const TagSpec& spec) {
  const TintColors tone = colors_of(spec.tone);
  const Rect box{rect.x, rect.y + (rect.h - tag_height(spec)) / 2, tag_width(frame, spec),
                 tag_height(spec)};
  fill(frame, box, frame.color(tone.fill), radius::kBadge);
  if (spec.tone == Tint::hero)
    outline(frame, box, frame.color(Color::hero_line), radius::kBadge, frame.theme.line());
  if (frame.theme.sunlight() && spec.tone != Tint::hero) {
    outline(frame, box, frame.color(Color::line_strong), radius::kBadge, 2);
  }
  Rect inside = box.inset(spec.small ? 6 : 8, 0);
  if (spec.icon != Icon::none)
    paint_icon(frame, inside.cut_left(14, 4), spec.icon, 14, frame.color(tone.word));
  paint_line(frame, {inside.x, inside.y, inside.w + 1, inside.h}, spec.label, type::kTag,
             frame.color(tone.word));
  frame.access.add_text(Role::text, box, spec.label);
}

bool tag_left(Frame& frame, Rect& row, const TagSpec& spec, float gap) {
  const float width = tag_width(frame, spec);
  if (width > row.w) return false;
  tag(frame, row.cut_left(width, gap), spec);
  return true;
}

bool tag_right(Frame& frame, Rect& row, const TagSpec& spec, float gap) {
  const float width = tag_width(frame, spec);
  if (width > row.w) return false;
  tag(frame, row.cut_right(width, gap), spec);
  return true;
}

float chip_width(Frame& frame, const ChipSpec& spec) {
  const bool check = spec.single && spec.on && spec.icon == Icon::none;
  const float icons =
      (spec.icon != Icon::none || check ? 22.0f : 0) + (spec.removable && spec.on ? 22.0f : 0);
  return std::ceil(text_width(frame, spec.label, type::kLabel)) + icons + 30;
}

bool chip(Frame& frame, const Rect& rect, const ChipSpec& spec) {
  const std::uint32_t states = spec.on ? state::kChecked : 0;
  const Response response = interact(
      frame, frame.id(spec.id.empty() ? spec.label : spec.id), rect,
      {.role = spec.single ? Role::radio : Role::checkbox, .name = spec.label, .states = states});
  const Rect box{rect.x, rect.y + (rect.h - size::kChip) / 2, rect.w, size::kChip};
  const Color rest = spec.on ? Color::primary_soft : Color::surface;
  fill(frame, box,
       frame.color(response.held                  ? Color::press
                   : response.hovered && !spec.on ? Color::hover
                                                  : rest),
       radius::kFull);
  outline(frame, box, frame.color(spec.on ? Color::primary : Color::line_strong), radius::kFull,
          frame.theme.line());
  const std::uint32_t word = frame.color(spec.on ? Color::on_primary_soft : Color::text_2);
  Rect inside = box.inset(15, 0);
  const Icon icon = spec.icon == Icon::none && spec.single && spec.on ? Icon::check : spec.icon;
  if (icon != Icon::none) paint_icon(frame, inside.cut_left(16, 6), icon, 16, word);
  if (spec.removable && spec.on) paint_icon(frame, inside.cut_right(16, 6), Icon::x, 16, word);
  paint_line(frame, {inside.x, inside.y, inside.w + 1, inside.h}, spec.label, type::kLabel, word);
  if (response.focused) focus_ring(frame, box, box.h / 2);
  return response.clicked;
}

int chips(Frame& frame, const Rect& rect, std::string_view name, std::span<const ChipSpec> all,
          float& height) {
  int pressed = -1;
  Vec at{rect.x, rect.y};
  const bool single = !all.empty() && all.front().single;
  GroupScope group(frame, single ? Role::radiogroup : Role::group, name, rect);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const float width = std::min(rect.w, chip_width(frame, all[i]));
    if (at.x > rect.x && at.x + width > rect.right() + 0.5f)
      at = {rect.x, at.y + size::kChip + kChipGap};
    if (chip(frame, {at.x, at.y, width, size::kChip}, all[i])) pressed = static_cast<int>(i);
    at.x += width + kChipGap;
  }
  height = at.y + size::kChip - rect.y;
  return pressed;
}

float chips_height(Frame& frame, float width, std::span<const ChipSpec> all) {
  float x = 0, y = size::kChip;
  for (const ChipSpec& spec : all) {
    const float own = std::min(width, chip_width(frame, spec));
    if (x > 0 && x + own > width + 0.5f) x = 0, y += size::kChip + kChipGap;
    x += own + kChipGap;
  }
  return y;
}

}  // namespace banyan::ui
