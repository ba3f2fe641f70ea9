// Rows of a customer's lists, the same wherever they stand.
#pragma once

#include <span>

#include "client/frame.h"
#include "client/views/customer_data.h"

namespace banyan::ui {

inline constexpr float kProductRow = 58, kHistoryRow = 62;

// A product with its number, due day and balance.
void account_row(Frame& frame, const Rect& rect, const AccountItem& account, bool first,
                 std::int64_t today);
Icon icon_of(const TimelineItem& item);
// The photo of the item that was pressed, or -1.
int timeline_row(Frame& frame, const Session& session, const Rect& rect, const TimelineItem& item,
                 bool last);
// Me in the middle, at most seven around; dashed lines are guarantees. The
// customer pressed, or kNoRow.
RowId relation_graph(Frame& frame, const Rect& rect, std::string_view me,
                     std::span<const RelationItem> all);

}  // namespace banyan::ui
