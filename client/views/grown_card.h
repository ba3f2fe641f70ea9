// A card as high as what is drawn on it. The height is known one frame later,
// so the card is painted with the last one.
//
//   GrownCard card(frame, "profile", column);
//   Rect inside = card.inside();
//   ... inside.cut_top(...)
//   card.end(inside.y);                 // column now begins below the card
#pragma once

#include "client/frame.h"
#include "client/widgets/draw.h"

namespace banyan::ui {

class GrownCard {
 public:
  GrownCard(Frame& frame, std::string_view name, Rect& column)
      : frame_(frame),
        column_(column),
        scope_(name),
        height_(frame.memory.eases[frame.id("height")]) {
    paint_card(frame, {column.x, column.y, column.w, height_.known ? height_.to : 96.0f});
  }
  // The whole width, of any height.
  Rect whole() const { return {column_.x, column_.y, column_.w, 100'000}; }
  Rect inside() const { return {column_.x + 16, column_.y + 16, column_.w - 32, 100'000}; }

  void end(float bottom, float pad = 16) {
    const float used = bottom + pad - column_.y;
    if (!height_.known || height_.to != used) {
      height_.known = true;
      height_.to = used;
      frame_.redraw();
    }
    column_.cut_top(used, size::kGap);
  }

 private:
  Frame& frame_;
  Rect& column_;
  IdScope scope_;
  EaseMemory& height_;
};

}  // namespace banyan::ui
