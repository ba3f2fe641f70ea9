// Places on the screen, in layout units: CSS pixels divided by the text scale.
//
// A view gets a rectangle and cuts it up from the edges inwards, so that it reads like its own
// layout:
//   Rect side = area.cut_right(364, size::kGap);
//   hero(frame, area.cut_top(112, size::kGap));
#pragma once

#include <algorithm>

namespace banyan::ui {

struct Vec {
  float x = 0, y = 0;
};

struct Rect {
  float x = 0, y = 0, w = 0, h = 0;

  float right() const { return x + w; }
  float bottom() const { return y + h; }
  Vec center() const { return {x + w / 2, y + h / 2}; }
  bool empty() const { return w <= 0 || h <= 0; }
  bool contains(Vec p) const { return p.x >= x && p.x < right() && p.y >= y && p.y < bottom(); }

  Rect moved(float dx, float dy) const { return {x + dx, y + dy, w, h}; }
  Rect inset(float all) const { return inset(all, all); }
  Rect inset(float dx, float dy) const {
    return {x + dx, y + dy, std::max(0.0f, w - 2 * dx), std::max(0.0f, h - 2 * dy)};
  }
  Rect grown(float all) const { return {x - all, y - all, w + 2 * all, h + 2 * all}; }
  // A box of this size around the same middle.
  Rect centered(float width, float height) const {
    return {x + (w - width) / 2, y + (h - height) / 2, width, height};
  }
  // The same box, made at least so large around its middle: what a finger can hit.
  Rect at_least(float width, float height) const {
    return centered(std::max(w, width), std::max(h, height));
  }
  Rect meet(const Rect& other) const {
    const float left = std::max(x, other.x), top = std::max(y, other.y);
    return {left, top, std::max(0.0f, std::min(right(), other.right()) - left),
            std::max(0.0f, std::min(bottom(), other.bottom()) - top)};
  }

  // Each takes a strip from one edge, leaves `gap` free beside it, and shrinks this rectangle.
  Rect cut_top(float height, float gap = 0) {
    const Rect strip{x, y, w, height};
    y += height + gap;
    h = std::max(0.0f, h - height - gap);
    return strip;
  }
  Rect cut_bottom(float height, float gap = 0) {
    const Rect strip{x, bottom() - height, w, height};
    h = std::max(0.0f, h - height - gap);
    return strip;
  }
  Rect cut_left(float width, float gap = 0) {
    const Rect strip{x, y, width, h};
    x += width + gap;
    w = std::max(0.0f, w - width - gap);
    return strip;
  }
  Rect cut_right(float width, float gap = 0) {
    const Rect strip{right() - width, y, width, h};
    w = std::max(0.0f, w - width - gap);
    return strip;
  }
  // Column `index` of `count` equal ones.
  Rect column(int index, int count, float gap) const {
    const float width = (w - gap * static_cast<float>(count - 1)) / static_cast<float>(count);
    return {x + (width + gap) * static_cast<float>(index), y, width, h};
  }
};

}  // namespace banyan::ui
