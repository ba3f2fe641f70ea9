// Figures that stand out, and the green heads of screens.
#pragma once

#include <span>

#include "client/widgets/interact.h"

namespace banyan::ui {

enum class Change : std::uint8_t { none, good, bad, neutral };

struct KpiSpec {
  std::string_view label = {}, figure = {}, unit = {};
  std::string_view change = {};   // "2.0%"
  std::string_view against = {};  // "较上月"
  Change meaning = Change::none;  // good or bad for the bank
  bool rises = true;              // the arrow
  std::span<const float> spark = {};
  Color spark_color = Color::c1, spark_soft = Color::c1_soft;
};
// 96 high, without a box of its own.
void kpi(Frame& frame, const Rect& rect, const KpiSpec& spec);

// The green head of a screen: draw on it with on_hero and on_hero_2.
void hero(Frame& frame, const Rect& rect, int corners = 15);
// A figure on it: small words above, an optional bar of what is reached below.
void hero_figure(Frame& frame, const Rect& rect, std::string_view label, std::string_view figure,
                 std::string_view unit, float reached = -1);

}  // namespace banyan::ui
