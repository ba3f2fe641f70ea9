#include "client/widgets/table.h"

#include "client/widgets/draw.h"
#include "client/widgets/text.h"

namespace banyan::ui {
namespace {

constexpr float kHead = 32, kCellPad = 8, kEdge = 16;

}  // namespace

Table::Table(Frame& frame, const Rect& rect, std::span<const Column> columns)
    : frame_(frame), body_(rect), columns_(columns) {
  const Rect head = body_.cut_top(kHead);
  float fixed = 0, shares = 0;
  for (const Column& each : columns_) {
    if (each.wide_only && frame.phone()) continue;
    fixed += each.width;
    if (each.width == 0) shares += each.grow;
  }
  const float free = std::max(0.0f, rect.w - 2 * kEdge - fixed);
  float x = rect.x + kEdge;
  for (const Column& each : columns_) {
    const bool hidden = each.wide_only && frame.phone();
    const float width = hidden ? 0 : each.width > 0 ? each.width : free * each.grow / shares;
    Rect place{x, 0, width, 0};
    if (each.right)
      place.cut_left(std::min(width, kCellPad));
    else
      place.cut_right(std::min(width, kCellPad));
    places_.push_back(place);
    if (!hidden) {
      label(frame, {place.x, head.y, place.w, head.h}, each.label, type::kTag, Color::text_3,
            each.right ? Align::right : Align::left);
    }
    x += width;
  }
  rule_above(frame, {rect.x, head.bottom() - 1, rect.w, 1});
}

Table::Row Table::row(std::int64_t index, const Rect& rect, std::uint64_t key,
                      const RowState& now) const {
  IdScope scope(key);
  const Response response = interact(frame_, frame_.id("row"), rect,
                                     {.role = Role::listitem,
                                      .name = now.name,
                                      .states = now.selected ? state::kSelected : 0,
                                      .position = static_cast<int>(index + 1),
                                      .set_size = static_cast<int>(now.count)});
  if (now.selected || response.held || response.hovered) {
    const Color back = now.selected    ? Color::primary_soft
                       : response.held ? Color::press
                                       : Color::hover;
    fill(frame_, rect, frame_.color(back));
  }
  if (!now.first && index > 0) rule_above(frame_, rect);
  if (response.focused) focus_ring(frame_, rect.inset(4), radius::kBadge);
  return {frame_, *this, rect, response.clicked, response.context};
}

Rect Table::Row::place(std::size_t column) const {
  const Rect& where = table.places_[column];
  return {where.x, rect.y, where.w, rect.h};
}

void Table::Row::cell(std::size_t column, std::string_view text, Color color, bool strong) const {
  const Rect where = place(column);
  if (where.empty()) return;
  const bool right = table.columns_[column].right;
  paint_line(frame, where, text, with(type::kTable, strong ? Weight::w500 : Weight::w400),
             frame.color(color), right ? Align::right : Align::left);
}

}  // namespace banyan::ui
