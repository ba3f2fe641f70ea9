// Small charts (LOOK.md, "Charts"): no frames, no legend boxes, the last value at its point.
#pragma once

#include <span>

#include "client/frame.h"

namespace banyan::ui {

// A line with the soft area under it and a dot at its end.
void sparkline(Frame& frame, const Rect& rect, std::span<const float> values, Color color,
               Color soft);

struct Bar {
  std::string_view label = {};
  float value = 0;
  bool strong = true;
};
// Standing bars from zero; the words below, the value of the pressed or last one above it.
void bars(Frame& frame, const Rect& rect, std::span<const Bar> all, Color color = Color::c1,
          Color soft = Color::c1_soft);

struct Share {
  std::string_view label = {};
  float value = 0;
  Color color = Color::c1;
};
// Parts of a whole, side by side, 1.5 apart, 10 high.
void stacked_bar(Frame& frame, const Rect& rect, std::span<const Share> parts);
// A ring of 22 with the total in its middle; at most five parts and the rest.
void donut(Frame& frame, const Rect& rect, std::span<const Share> parts, std::string_view total,
           std::string_view unit);

// Lying bars with label, track and value: 价值评分. 38 a row.
void rated(Frame& frame, const Rect& rect, std::string_view label, float part,
           std::string_view value, std::string_view note, Color color = Color::c1);

}  // namespace banyan::ui
