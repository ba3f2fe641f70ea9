// Two people changed the same thing: both values, side by side, neither chosen for you.
#pragma once

#include <span>

#include "client/widgets/card.h"

namespace banyan::ui {

struct ConflictSide {
  std::string_view who = {}, role = {};  // 你·林晓雯, 客户经理
  std::string_view initial = {};
  std::string_view value = {};
  std::string_view reason = {};  // what the person wrote beside it
  std::string_view when = {}, device = {},
                   line = {};  // 4月13日 14:08, 4 号平板, 当时离线 1 天 12 小时
  bool offline = false;
  bool me = false;
};

float conflict_pair_height(bool phone);
// `chosen` is 0, 1 or -1 (nothing yet). Returns the side pressed, or -1.
int conflict_pair(Frame& frame, const Rect& rect, const ConflictSide& left,
                  const ConflictSide& right, int chosen);
// Two or more texts, one below the other, each whole, with the part marked in which it differs from
// the others. Takes what it needs from `column`.
int conflict_texts(Frame& frame, Rect& column, std::span<const ConflictSide> sides, int chosen);
// The value before both edits, 42 high.
void before_both(Frame& frame, const Rect& rect, std::string_view value, std::string_view origin);

}  // namespace banyan::ui
