// Ways through a screen: tabs, segments, steps, progress.
#pragma once

#include <span>

#include "client/widgets/tag.h"

namespace banyan::ui {

struct TabSpec {
  std::string_view label = {};
  int count = 0;
  Tint tone = Tint::quiet;
  Icon icon = Icon::none;
};
// Both return the index pressed, or -1. Tabs scroll sideways where they are too many.
int tabs(Frame& frame, const Rect& rect, std::string_view name, std::span<const TabSpec> all,
         int now);
int segments(Frame& frame, const Rect& rect, std::string_view name, std::span<const TabSpec> all,
             int now);
float segments_width(Frame& frame, std::span<const TabSpec> all);

// Circles and words on wide screens; on phones "第 2 步，共 4 步" and bars. 54 or 34 high.
void stepper(Frame& frame, const Rect& rect, std::span<const std::string_view> names, int now);

struct ProgressSpec {
  std::string_view label = {};   // what is happening
  std::string_view detail = {};  // how far: 12,400 / 50,000
  float part = 0;                // 0..1
  std::string_view cancel = {};  // a verb; empty: it cannot be stopped
};
// 64 high. True when the person stops it.
bool progress(Frame& frame, const Rect& rect, const ProgressSpec& spec);

}  // namespace banyan::ui
