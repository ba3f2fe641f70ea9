// Who a customer is and what it has, at the top of its screen.
#pragma once

#include <string>
#include <vector>

#include "client/frame.h"
#include "shared/app/models.h"

namespace banyan::ui {

inline constexpr float kHeadHeight = 118, kHeadHeightPhone = 158, kHeadHeightTight = 204;

// Green head and figures side by side; on phones the figures stand on the green.
void customer_head(Frame& frame, const Rect& rect, const CustomerHead& head);
void customer_head_phone(Frame& frame, const Rect& rect, const CustomerHead& head);

// "女·52 岁·柳溪村 3 组·138 **** 5520", and the level and tags that stand on the green.
std::string who_words(Frame& frame, const CustomerHead& head, bool with_phone);
void hero_tags(Frame& frame, Rect row, const CustomerHead& head);

// The deposits of twelve months, oldest first, for a sparkline.
std::vector<float> deposit_line(const CustomerHead& head);

}  // namespace banyan::ui
