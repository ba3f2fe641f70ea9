#include "client/widgets/draw.h"

#include <imgui.h>
#include <imgui_internal.h>

#include <algorithm>
#include <cmath>

namespace banyan::ui {
namespace {

ImVec2 low(const Rect& rect) { return {rect.x, rect.y}; }
ImVec2 high(const Rect& rect) { return {rect.right(), rect.bottom()}; }

Rect snapped(const Frame& frame, const Rect& rect) {
  const float x = frame.snap(rect.x), y = frame.snap(rect.y);
  return {x, y, frame.snap(rect.right()) - x, frame.snap(rect.bottom()) - y};
}

float fitting(const Rect& rect, float round) { return std::min({round, rect.w / 2, rect.h / 2}); }

ImDrawFlags flags(int corners) {
  ImDrawFlags out = 0;
  if ((corners & kTopLeft) != 0) out |= ImDrawFlags_RoundCornersTopLeft;
  if ((corners & kTopRight) != 0) out |= ImDrawFlags_RoundCornersTopRight;
  if ((corners & kBottomLeft) != 0) out |= ImDrawFlags_RoundCornersBottomLeft;
  if ((corners & kBottomRight) != 0) out |= ImDrawFlags_RoundCornersBottomRight;
  return out == 0 ? ImDrawFlags_RoundCornersNone : out;
}

}  // namespace

void fill(Frame& frame, const Rect& rect, std::uint32_t color, float round) {
  fill_corners(frame, rect, color, round, kAllCorners);
}

void fill_corners(Frame& frame, const Rect& rect, std::uint32_t color, float round, int corners) {
  const Rect box = snapped(frame, rect);
  if (box.empty()) return;
  frame.draw->AddRectFilled(low(box), high(box), color, fitting(box, round), flags(corners));
}

void outline(Frame& frame, const Rect& rect, std::uint32_t color, float round, float thick) {
  const Rect box = snapped(frame, rect).inset(thick / 2);
  if (box.empty()) return;
  // Not AddRect: it assumes that half a unit is half a device pixel.
  frame.draw->PathRect(low(box), high(box), std::max(0.0f, fitting(rect, round) - thick / 2));
  frame.draw->PathStroke(color, ImDrawFlags_Closed, thick);
}

void circle(Frame& frame, Vec center, float r, std::uint32_t color) {
  frame.draw->AddCircleFilled({center.x, center.y}, r, color);
}

void ring(Frame& frame, Vec center, float r, std::uint32_t color, float thick) {
  frame.draw->AddCircle({center.x, center.y}, r - thick / 2, color, 0, thick);
}

void line(Frame& frame, Vec from, Vec to, std::uint32_t color, float thick) {
  frame.draw->AddLine({from.x, from.y}, {to.x, to.y}, color, thick);
}

void dashes(Frame& frame, Vec from, Vec to, std::uint32_t color, float thick) {
  constexpr float kOn = 7, kOff = 5;
  const float length = std::hypot(to.x - from.x, to.y - from.y);
  if (length <= 0) return;
  const Vec step{(to.x - from.x) / length, (to.y - from.y) / length};
  for (float at = 0; at < length; at += kOn + kOff) {
    const float stop = std::min(length, at + kOn);
    line(frame, {from.x + step.x * at, from.y + step.y * at},
         {from.x + step.x * stop, from.y + step.y * stop}, color, thick);
  }
}

void dashed_outline(Frame& frame, const Rect& rect, std::uint32_t color, float round) {
  const Rect box = snapped(frame, rect).inset(frame.theme.line() / 2);
  const float thick = frame.theme.line(), r = fitting(box, round);
  dashes(frame, {box.x + r, box.y}, {box.right() - r, box.y}, color, thick);
  dashes(frame, {box.x + r, box.bottom()}, {box.right() - r, box.bottom()}, color, thick);
  dashes(frame, {box.x, box.y + r}, {box.x, box.bottom() - r}, color, thick);
  dashes(frame, {box.right(), box.y + r}, {box.right(), box.bottom() - r}, color, thick);
  const ImVec2 corners[] = {{box.x + r, box.y + r},
                            {box.right() - r, box.y + r},
                            {box.right() - r, box.bottom() - r},
                            {box.x + r, box.bottom() - r}};
  for (int i = 0; i < 4; ++i) {
    const int from = (6 + 3 * i) % 12;
    frame.draw->PathArcToFast(corners[i], r, from, from + 3);
    frame.draw->PathStroke(color, 0, thick);
  }
}

void rule_above(Frame& frame, const Rect& rect, Color color) {
  fill(frame, {rect.x, rect.y, rect.w, frame.theme.line()}, frame.color(color));
}

void rule_left(Frame& frame, const Rect& rect, Color color) {
  fill(frame, {rect.x, rect.y, frame.theme.line(), rect.h}, frame.color(color));
}

void shadow(Frame& frame, const Rect& rect, float round, std::span<const ShadowLayer> layers) {
  if (frame.theme.sunlight()) return;
  for (const ShadowLayer& layer : layers) {
    const Rect box = rect.grown(layer.spread).moved(0, layer.down);
    const std::uint32_t color = faded(frame.color(Color::shadow), layer.alpha);
    // Only the ring that is not covered anyway: a screen of cards has a million pixels below them.
    const float thick = layer.spread + std::abs(layer.down) + 2;
    const Rect middle = box.inset(thick / 2);
    frame.draw->AddRect(low(middle), high(middle), color, round + layer.spread - thick / 2, 0,
                        thick);
  }
}

void paint_card(Frame& frame, const Rect& rect, Color surface, Color edge) {
  const Rect box = snapped(frame, rect);
  shadow(frame, box, radius::kCard, elevation::kE1);
  fill(frame, box, frame.color(surface), radius::kCard);
  outline(frame, box, frame.color(frame.theme.sunlight() ? Color::line_strong : edge),
          radius::kCard, frame.theme.line());
}

void gradient(Frame& frame, const Rect& rect, Color from, Color to, float round, bool downwards,
              int corners) {
  const Rect box = snapped(frame, rect);
  const int first = frame.draw->VtxBuffer.Size;
  fill_corners(frame, box, IM_COL32_WHITE, round, corners);
  const ImVec2 end = downwards ? ImVec2(box.x, box.bottom()) : ImVec2(box.right(), box.y);
  ImGui::ShadeVertsLinearColorGradientKeepAlpha(frame.draw, first, frame.draw->VtxBuffer.Size,
                                                low(box), end, frame.color(from), frame.color(to));
}

void focus_ring(Frame& frame, const Rect& rect, float round) {
  const float gap = size::kFocusGap, thick = size::kFocusRing;
  const Rect box = rect.grown(gap + thick);
  outline(frame, rect.grown(gap), frame.color(Color::surface), std::min(round, rect.h / 2) + gap,
          gap);
  outline(frame, box, frame.color(Color::focus), std::min(round, rect.h / 2) + gap + thick, thick);
}

void paint_track(Frame& frame, const Rect& rect, float part, Color color, std::uint32_t track) {
  fill(frame, rect, track != 0 ? track : frame.color(Color::track), rect.h / 2);
  const float width = rect.w * std::clamp(part, 0.0f, 1.0f);
  if (width > 0)
    fill(frame, {rect.x, rect.y, std::max(width, rect.h), rect.h}, frame.color(color), rect.h / 2);
}

void paint_picture(Frame& frame, const Rect& rect, const Picture& picture, float round,
                   bool whole) {
  const auto w = static_cast<float>(picture.width), h = static_cast<float>(picture.height);
  const float fit = whole ? std::min(rect.w / w, rect.h / h) : std::max(rect.w / w, rect.h / h);
  const Rect shown = rect.centered(std::min(rect.w, w * fit), std::min(rect.h, h * fit));
  const float u = shown.w / (w * fit) / 2, v = shown.h / (h * fit) / 2;
  frame.draw->AddImageRounded(ImTextureRef(static_cast<ImTextureID>(picture.texture)),
                              {shown.x, shown.y}, {shown.right(), shown.bottom()},
                              {0.5f - u, 0.5f - v}, {0.5f + u, 0.5f + v}, IM_COL32_WHITE, round);
}

}  // namespace banyan::ui
