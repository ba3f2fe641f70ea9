// Cards and what lies in them: heads, rows, notes, pairs of name and value.
#pragma once

#include "client/widgets/avatar.h"
#include "client/widgets/sync.h"
#include "client/widgets/tag.h"

namespace banyan::ui {

// Paints the card and returns the space inside its padding.
Rect card(Frame& frame, const Rect& rect, float pad = 16);

struct CardHead {
  std::string_view title = {};
  std::string_view note = {};
  std::string_view action = {};   // a link at the right
  Icon action_icon = Icon::none;  // behind its word; chevron_right where it leads away
  bool action_icon_before = false;
  int count = 0;                  // a grey tag behind the title
  std::string_view warning = {};  // a red tag behind it
  bool line = true;               // a line below
};
// Takes 48 from the top of `rect` (the whole card, without padding). True when the action is
// pressed.
bool card_head(Frame& frame, Rect& rect, const CardHead& head);

// A number of a row that stands in a column, under the word that names it.
struct RowCell {
  std::string_view name = {};  // for screen readers: what the column is
  std::string_view text = {};
  float width = 0;
  Color color = Color::text;
  bool strong = true;
};
struct RowSpec {
  std::string_view title = {};
  std::string_view mark = {};  // the part of the title that a search found
  std::string_view note = {};  // grey, behind the title
  std::string_view subtitle = {};
  Color subtitle_color = Color::text_2;
  std::string_view value = {};          // right
  std::string_view value_note = {};     // under it
  std::span<const RowCell> cells = {};  // columns instead of the value, from the left
  std::string_view face = {};           // the character of the avatar; the tone comes from `tone`
  Icon icon = Icon::none;               // instead of a face
  bool boxed_icon = false;              // in a square: products
  Tint tone = Tint::quiet;
  std::span<const TagSpec> tags = {};  // behind the subtitle, as many as fit
  bool selected = false, chevron = false, first = false, strong = false;
  const SyncState* sync = nullptr;       // a badge at the right; the icon alone where it is narrow
  std::int64_t position = 0, count = 0;  // in a long list
  bool context = false;                  // has a menu: long press, right click
};
inline constexpr float kCellGap = 12, kCellEnd = 32;  // kCellEnd: for the state, at the right
struct RowResponse {
  bool clicked = false, context = false;
};
// `rect` is the row from edge to edge; 64 high for people, 58 for tasks. With large type on a
// phone the parts stand one under the other, and the row is higher.
float row_height(const Frame& frame, float usual);
RowResponse list_row(Frame& frame, const Rect& rect, const RowSpec& spec);
// The words above rows with cells.
void list_head(Frame& frame, const Rect& rect, std::string_view title,
               std::span<const RowCell> cells);

// A box with a word of advice. Returns its height for this width.
float note_height(Frame& frame, float width, std::string_view text);
void note(Frame& frame, const Rect& rect, Icon icon, std::string_view text,
          Tint tone = Tint::quiet);

// 金融资产 ........ ¥386,200.00, 30 high; with large type the value under the name.
float pair_height(const Frame& frame, float one_line = 30);
void pair(Frame& frame, const Rect& rect, std::string_view name, std::string_view value,
          bool strong = false);
// A clock and "数据截至 4月14日 01:32".
void as_of(Frame& frame, const Rect& rect, std::string_view time);

// One item of a history; `last` leaves out the line to the next. 56 high or more.
struct TimelineSpec {
  Icon icon = Icon::circle_check;
  Tint tone = Tint::quiet;
  std::string_view title = {}, subtitle = {};
  bool last = false;
};
void timeline_item(Frame& frame, const Rect& rect, const TimelineSpec& spec);

// What was seen, measured or signed: disc, what, facts, and a check or an hourglass. 56 high.
void evidence_row(Frame& frame, const Rect& rect, Icon icon, std::string_view what,
                  std::string_view facts, bool done);

}  // namespace banyan::ui
