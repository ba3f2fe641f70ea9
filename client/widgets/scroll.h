// Scrolling areas: a finger drags and throws them, a wheel turns them, the keyboard's focus pulls
// what it reaches into view. The bar is thin and shows only while it is of use.
//
//   Scroll scroll(frame, frame.id("tasks"), area);
//   Rect column = scroll.content();           // starts above the area when scrolled down
//   ... column.cut_top(...)
//   scroll.end(column.y);                     // where the content ended
#pragma once

#include <cstdint>
#include <optional>

#include "client/frame.h"

namespace banyan::ui {

class Scroll {
 public:
  enum class Direction : std::uint8_t { down, across };

  Scroll(Frame& frame, Id id, const Rect& area, Direction direction = Direction::down);
  ~Scroll();
  Scroll(const Scroll&) = delete;
  Scroll& operator=(const Scroll&) = delete;

  // As wide as the area (or as high), moved by the offset; its length is the area's.
  Rect content() const;
  // `edge` is the lower (or right) end of what was drawn. Must be called once.
  void end(float edge);
  // After end(): moves this area, and none around it, until `rect` is in sight.
  void show(const Rect& rect);
  float offset() const { return static_cast<float>(memo_.offset); }

 private:
  Frame& frame_;
  Rect area_;
  bool across_;
  ScrollMemory& memo_;
  std::optional<ClipScope> clip_;
  Frame::FocusTarget outer_;
};

// Rows of one height, any number of them: only those in sight are drawn. The offset is a row and a
// fraction, so the millionth row stands as still as the first.
//
//   RowList list(frame, frame.id("customers"), area, 64, count);
//   while (list.next()) draw_row(list.index(), list.rect());
class RowList {
 public:
  RowList(Frame& frame, Id id, const Rect& area, float row_height, std::int64_t count);
  ~RowList();
  RowList(const RowList&) = delete;
  RowList& operator=(const RowList&) = delete;

  bool next();
  std::int64_t index() const { return index_; }
  Rect rect() const;
  // Moves the row into sight with the next frame.
  static void show(Frame& frame, Id id, std::int64_t row, float row_height);
  // A card for such a list: on a phone it ends with its last row.
  static Rect card(const Frame& frame, Rect area, float row_height, std::size_t count);

 private:
  Frame& frame_;
  Rect area_;
  float row_;
  std::int64_t count_, index_ = -1, first_ = 0, last_ = -1;
  ScrollMemory& memo_;
  std::optional<ClipScope> clip_;
  Frame::FocusTarget outer_;
};

}  // namespace banyan::ui
