#include "client/widgets/scroll.h"

#include <algorithm>
#include <cmath>

#include "client/widgets/draw.h"

namespace banyan::ui {
namespace {

constexpr float kBarWidth = 4, kBarInset = 3, kBarMin = 36;
constexpr double kBarStayMs = 900;

// Moves by the drag, keeps within the content, and stops a throw that hit the end.
void follow_drag(Frame& frame, Id id, ScrollMemory& memo, float length, bool across) {
  const Vec drag = frame.input.take_drag(id);
  const double moved = static_cast<double>(across ? drag.x : drag.y);
  if (moved != 0) {
    memo.offset -= moved;
    memo.shown_ms = frame.now_ms;
  }
  const double end = std::max(0.0, memo.extent - static_cast<double>(length));
  if (memo.offset < 0 || memo.offset > end) frame.input.stop_coasting(id);
  memo.offset = std::clamp(memo.offset, 0.0, end);
}

void paint_bar(Frame& frame, const Rect& area, const ScrollMemory& memo, bool across) {
  const double length = static_cast<double>(across ? area.w : area.h);
  const double quiet = frame.now_ms - memo.shown_ms;
  const bool mouse_inside = !frame.input.by_touch() && area.contains(frame.input.position());
  if (memo.extent <= length + 1 || (quiet > kBarStayMs && !mouse_inside)) return;
  if (!mouse_inside) frame.wake_in(std::max(1.0, kBarStayMs - quiet));
  const double bar = std::max(static_cast<double>(kBarMin), length * length / memo.extent);
  const auto at = static_cast<float>(memo.offset / (memo.extent - length) * (length - bar));
  const auto size = static_cast<float>(bar);
  const Rect thumb = across
                         ? Rect{area.x + at, area.bottom() - kBarWidth - kBarInset, size, kBarWidth}
                         : Rect{area.right() - kBarWidth - kBarInset, area.y + at, kBarWidth, size};
  fill(frame, thumb.inset(across ? 4.0f : 0, across ? 0 : 4.0f),
       faded(frame.color(Color::line_strong), 0.7f), kBarWidth / 2);
}

// Moves so that `rect` lies inside, with a little air; returns how far.
float bring_in(Frame& frame, ScrollMemory& memo, const Rect& area, bool across, const Rect& rect) {
  constexpr float kAir = 12;
  const float low = across ? rect.x - area.x : rect.y - area.y;
  const float high = across ? rect.right() - area.right() : rect.bottom() - area.bottom();
  float move = 0;
  if (high > -kAir) move = high + kAir;
  if (low - move < kAir) move = low - kAir;
  const double end = std::max(0.0, memo.extent - static_cast<double>(across ? area.w : area.h));
  const double target = std::clamp(memo.offset + static_cast<double>(move), 0.0, end);
  const auto real = static_cast<float>(target - memo.offset);
  memo.offset = target;
  if (real != 0) frame.redraw();
  return real;
}

// What the keyboard reached is shown by this area, and then by the areas around it.
void show_target(Frame& frame, ScrollMemory& memo, const Rect& area, bool across) {
  if (!frame.focus_target.wanted) return;
  Rect& rect = frame.focus_target.rect;
  const float real = bring_in(frame, memo, area, across, rect);
  rect = rect.moved(across ? -real : 0, across ? 0 : -real);
}

}  // namespace

Scroll::Scroll(Frame& frame, Id id, const Rect& area, Direction direction)
    : frame_(frame),
      area_(area),
      across_(direction == Direction::across),
      memo_(frame.memory.scrolls[id]),
      outer_(frame.focus_target) {
  follow_drag(frame, id, memo_, across_ ? area.w : area.h, across_);
  frame.focus_target = {};
  // An area that cannot move leaves the drag to the one around it.
  const double length = static_cast<double>(across_ ? area.w : area.h);
  if (memo_.extent > length + 0.5) {
    frame.access.add_drag_area(id, area, across_, !across_);
  }
  clip_.emplace(frame, area);
}

Rect Scroll::content() const {
  const float moved = frame_.snap(static_cast<float>(memo_.offset));
  return area_.moved(across_ ? -moved : 0, across_ ? 0 : -moved);
}

void Scroll::end(float edge) {
  const Rect start = content();
  const double extent = static_cast<double>(across_ ? edge - start.x : edge - start.y);
  const double length = static_cast<double>(across_ ? area_.w : area_.h);
  const bool overflows = extent > length + 0.5;
  // The content's length is known only now; if that changes what can be seen, look again.
  if (overflows != (memo_.extent > length + 0.5) || memo_.offset > std::max(0.0, extent - length)) {
    frame_.redraw();
  }
  memo_.extent = extent;
  show_target(frame_, memo_, area_, across_);
}

void Scroll::show(const Rect& rect) { bring_in(frame_, memo_, area_, across_, rect); }

Scroll::~Scroll() {
  clip_.reset();
  paint_bar(frame_, area_, memo_, across_);
  if (!frame_.focus_target.wanted) frame_.focus_target = outer_;
}

RowList::RowList(Frame& frame, Id id, const Rect& area, float row_height, std::int64_t count)
    : frame_(frame),
      area_(area),
      row_(row_height),
      count_(count),
      memo_(frame.memory.scrolls[id]),
      outer_(frame.focus_target) {
  memo_.extent = static_cast<double>(count) * static_cast<double>(row_height);
  follow_drag(frame, id, memo_, area.h, false);
  frame.focus_target = {};
  if (memo_.extent > static_cast<double>(area.h) + 0.5)
    frame.access.add_drag_area(id, area, false, true);
  first_ = static_cast<std::int64_t>(memo_.offset / static_cast<double>(row_));
  // One row more on both sides, so that Tab finds its way out of what is in sight.
  const auto shown = static_cast<std::int64_t>(area.h / row_) + 2;
  last_ = std::min(count_ - 1, first_ + shown);
  first_ = std::max<std::int64_t>(0, first_ - 1);
  index_ = first_ - 1;
  clip_.emplace(frame, area);
}

Rect RowList::card(const Frame& frame, Rect area, float row_height, std::size_t count) {
  if (frame.phone() && count > 0) {
    area.h = std::min(area.h, row_height * static_cast<float>(count) + 2);
  }
  return area;
}

bool RowList::next() { return ++index_ <= last_; }

Rect RowList::rect() const {
  const double top = static_cast<double>(index_) * static_cast<double>(row_) - memo_.offset;
  return {area_.x, frame_.snap(area_.y + static_cast<float>(top)), area_.w, row_};
}

RowList::~RowList() {
  show_target(frame_, memo_, area_, false);
  clip_.reset();
  paint_bar(frame_, area_, memo_, false);
  if (!frame_.focus_target.wanted) frame_.focus_target = outer_;
}

void RowList::show(Frame& frame, Id id, std::int64_t row, float row_height) {
  ScrollMemory& memo = frame.memory.scrolls[id];
  memo.offset = static_cast<double>(row) * static_cast<double>(row_height);
  frame.redraw();
}

}  // namespace banyan::ui
