// Tables: a head of small grey words, rows of 44, numbers at the right.
//
//   const Column columns[] = {{.label = "客户"}, {.label = "贷款余额 (元)", .width = 132, .right =
//   true}}; Table table(frame, area, columns); RowList rows(frame, frame.id("rows"), table.body(),
//   size::kRowDense, count); while (rows.next()) {
//     auto row = table.row(rows.index(), rows.rect(), key, {.name = ...});
//     row.cell(0, name); row.cell(1, amount);
//     if (row.clicked) ...
//   }
#pragma once

#include <span>
#include <vector>

#include "client/widgets/interact.h"
#include "client/widgets/scroll.h"

namespace banyan::ui {

struct Column {
  std::string_view label = {};
  float width = 0;  // 0: shares what is left, by `grow`
  float grow = 1;
  bool right = false;
  bool wide_only = false;  // left out on phones
};

class Table {
 public:
  struct Row {
    Frame& frame;
    const Table& table;
    Rect rect = {};
    bool clicked = false, context = false;
    // The place of a column's content; empty where the column is left out.
    Rect place(std::size_t column) const;
    void cell(std::size_t column, std::string_view text, Color color = Color::text,
              bool strong = false) const;
  };
  struct RowState {
    std::string_view name = {};  // what a screen reader says for the whole row
    bool selected = false, first = false;
    std::int64_t count = 0;
  };

  // Draws the head (32) at the top of `rect`.
  Table(Frame& frame, const Rect& rect, std::span<const Column> columns);
  Rect body() const { return body_; }
  Row row(std::int64_t index, const Rect& rect, std::uint64_t key, const RowState& state) const;

 private:
  Frame& frame_;
  Rect body_ = {};
  std::span<const Column> columns_ = {};
  std::vector<Rect> places_;  // x and w are used
};

}  // namespace banyan::ui
