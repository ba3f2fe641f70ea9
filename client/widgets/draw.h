// Shapes of the look: cards, shadows, gradients, lines. Colours come from the theme.
#pragma once

#include <span>

#include "client/frame.h"

namespace banyan::ui {

void fill(Frame& frame, const Rect& rect, std::uint32_t color, float round = 0);
void outline(Frame& frame, const Rect& rect, std::uint32_t color, float round, float thick = 1);
// Only some corners round: for the first and last part of a joined row.
enum Corners : int {
  kTopLeft = 1,
  kTopRight = 2,
  kBottomLeft = 4,
  kBottomRight = 8,
  kAllCorners = 15
};
void fill_corners(Frame& frame, const Rect& rect, std::uint32_t color, float round, int corners);
void circle(Frame& frame, Vec center, float r, std::uint32_t color);
void ring(Frame& frame, Vec center, float r, std::uint32_t color, float thick);
void line(Frame& frame, Vec from, Vec to, std::uint32_t color, float thick);
void dashes(Frame& frame, Vec from, Vec to, std::uint32_t color, float thick = 1);
void dashed_outline(Frame& frame, const Rect& rect, std::uint32_t color, float round);

// The one-pixel lines between rows and parts, along the upper or left edge of `rect`.
void rule_above(Frame& frame, const Rect& rect, Color color = Color::line);
void rule_left(Frame& frame, const Rect& rect, Color color = Color::line);

// None in sunlight.
void shadow(Frame& frame, const Rect& rect, float round, std::span<const ShadowLayer> layers);
// Surface, line and first elevation.
void paint_card(Frame& frame, const Rect& rect, Color surface = Color::surface,
                Color edge = Color::line);
// Two colours from left to right, or from top to bottom.
void gradient(Frame& frame, const Rect& rect, Color from, Color to, float round,
              bool downwards = false, int corners = kAllCorners);
// Around an item that has the keyboard.
void focus_ring(Frame& frame, const Rect& rect, float round);

// Fills `rect`, cut where its shape differs, or lies whole in its middle.
void paint_picture(Frame& frame, const Rect& rect, const Picture& picture, float round,
                   bool whole = false);

// A track with its filled part, 0..1.
void paint_track(Frame& frame, const Rect& rect, float part, Color color = Color::c1,
                 std::uint32_t track = 0);

}  // namespace banyan::ui
