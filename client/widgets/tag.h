// Small words on soft colours, and the chips that choose.
#pragma once

#include <span>

#include "client/widgets/interact.h"

namespace banyan::ui {

struct TagSpec {
  std::string_view label = {};
  Tint tone = Tint::quiet;
  Icon icon = Icon::none;
  bool small = false;
};
float tag_width(Frame& frame, const TagSpec& spec);
float tag_height(const TagSpec& spec);
// Lies in the vertical middle of `rect`, from its left.
void tag(Frame& frame, const Rect& rect, const TagSpec& spec);
// Takes its width from `row`; false, and nothing is drawn, where it does not fit any more.
bool tag_left(Frame& frame, Rect& row, const TagSpec& spec, float gap = 6);
bool tag_right(Frame& frame, Rect& row, const TagSpec& spec, float gap = 6);

struct ChipSpec {
  std::string_view label = {};
  bool on = false;
  Icon icon = Icon::none;
  bool removable = false;  // shows a cross while it is on
  bool single = false;     // one of several: a radio, shows a check while it is on
  std::string_view id = {};
};
float chip_width(Frame& frame, const ChipSpec& spec);
bool chip(Frame& frame, const Rect& rect, const ChipSpec& spec);
// A row of chips that breaks into more rows; returns the index pressed, or -1. `height` becomes the
// height used.
int chips(Frame& frame, const Rect& rect, std::string_view name, std::span<const ChipSpec> all,
          float& height);
float chips_height(Frame& frame, float width, std::span<const ChipSpec> all);

}  // namespace banyan::ui
