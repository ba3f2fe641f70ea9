#include "client/charts/charts.h"

#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "client/widgets/draw.h"
#include "client/widgets/text.h"

namespace banyan::ui {
namespace {

constexpr float kTau = 6.2831853f;

std::vector<ImVec2> points_of(const Rect& rect, std::span<const float> values) {
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  const float span = *high > *low ? *high - *low : 1;
  std::vector<ImVec2> out;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const float along =
        values.size() > 1 ? static_cast<float>(i) / static_cast<float>(values.size() - 1) : 1;
    out.push_back({rect.x + along * rect.w, rect.bottom() - (values[i] - *low) / span * rect.h});
  }
  return out;
}

// One quad a segment without smoothing, so that no seams show between them.
void fill_under(Frame& frame, const std::vector<ImVec2>& points, float floor, std::uint32_t color) {
  const ImDrawListFlags flags = frame.draw->Flags;
  frame.draw->Flags &= ~ImDrawListFlags_AntiAliasedFill;
  for (std::size_t i = 1; i < points.size(); ++i) {
    const ImVec2 a = points[i - 1], b = points[i];
    frame.draw->AddQuadFilled(a, b, {b.x, floor}, {a.x, floor}, color);
  }
  frame.draw->Flags = flags;
}

float total_of(std::span<const Share> parts) {
  float total = 0;
  for (const Share& part : parts) total += part.value;
  return total > 0 ? total : 1;
}

}  // namespace

void sparkline(Frame& frame, const Rect& rect, std::span<const float> values, Color color,
               Color soft) {
  if (values.empty()) return;
  const std::vector<ImVec2> points =
      points_of({rect.x + 2, rect.y + 4, rect.w - 6, rect.h - 8}, values);
  fill_under(frame, points, rect.bottom(), faded(frame.color(soft), 0.55f));
  frame.draw->AddPolyline(points.data(), static_cast<int>(points.size()), frame.color(color), 0,
                          1.8f);
  const Vec end{points.back().x, points.back().y};
  circle(frame, end, 4, frame.color(Color::surface));
  circle(frame, end, 2.5f, frame.color(color));
}

void bars(Frame& frame, const Rect& rect, std::span<const Bar> all, Color color, Color soft) {
  if (all.empty()) return;
  float top = 0;
  for (const Bar& bar : all) top = std::max(top, bar.value);
  if (top <= 0) top = 1;
  Rect plot = rect;
  const Rect words = plot.cut_bottom(20);
  for (int i = 0; i < 4; ++i) {
    rule_above(frame, {plot.x, plot.y + plot.h * static_cast<float>(i) / 4, plot.w, 1},
               Color::grid);
  }
  const auto count = static_cast<int>(all.size());
  const float gap = std::max(8.0f, rect.w / static_cast<float>(count) * 0.35f);
  for (int i = 0; i < count; ++i) {
    const Bar& bar = all[static_cast<std::size_t>(i)];
    const Rect column = plot.column(i, count, gap);
    const float height = column.h * bar.value / top;
    fill(frame, {column.x, column.bottom() - height, column.w, height},
         frame.color(bar.strong ? color : soft), radius::kBar);
    paint_line(frame, words.column(i, count, gap).inset(-gap / 2, 0), bar.label, type::kCaption,
               frame.color(Color::text_3), Align::center);
  }
}

void stacked_bar(Frame& frame, const Rect& rect, std::span<const Share> parts) {
  constexpr float kApart = 1.5f;
  const float total = total_of(parts);
  const float width = rect.w - kApart * static_cast<float>(parts.size() - 1);
  float x = rect.x;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const float own = width * parts[i].value / total;
    int corners = 0;
    if (i == 0) corners |= kTopLeft | kBottomLeft;
    if (i + 1 == parts.size()) corners |= kTopRight | kBottomRight;
    fill_corners(frame, {x, rect.y, own, rect.h}, frame.color(parts[i].color), radius::kBar,
                 corners);
    x += own + kApart;
  }
}

void donut(Frame& frame, const Rect& rect, std::span<const Share> parts, std::string_view total,
           std::string_view unit) {
  constexpr float kRing = 22;
  const Vec middle = rect.center();
  const float outer = std::min(rect.w, rect.h) / 2, r = outer - kRing / 2;
  const float sum = total_of(parts), gap = 1.5f / r;
  float from = -kTau / 4;
  for (const Share& part : parts) {
    const float angle = kTau * part.value / sum;
    if (angle > gap) {
      frame.draw->PathArcTo({middle.x, middle.y}, r, from + gap / 2, from + angle - gap / 2);
      frame.draw->PathStroke(frame.color(part.color), 0, kRing);
    }
    from += angle;
  }
  const Piece figure[] = {{total, type::kFigure}, {unit, type::kLabel, Color::text_2}};
  paint_pieces(frame, rect, figure, Align::center);
}

void rated(Frame& frame, const Rect& rect, std::string_view name, float part,
           std::string_view value, std::string_view note, Color color) {
  Rect row = rect;
  paint_line(frame, row.cut_left(40), name, type::kTable, frame.color(Color::text_2));
  const Rect words = row.cut_right(84, 12);
  const Rect figure = row.cut_right(34, 0);
  paint_track(frame, row.centered(row.w, 8), part, color);
  paint_line(frame, figure, value, with(type::kTable, Weight::w700), frame.color(Color::text),
             Align::right);
  paint_line(frame, words, note, type::kCaption, frame.color(Color::text_3));
  frame.access.add_text(Role::text, rect,
                        std::string(name) + " " + std::string(value) + " " + std::string(note));
}

}  // namespace banyan::ui
