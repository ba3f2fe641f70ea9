// Who a customer is and what it has, at the top of its screen.
#pragma once

#include "client/frame.h"
#include "shared/app/models.h"

namespace banyan::ui {

inline constexpr float kHeadHeight = 118, kHeadHeightPhone = 158, kHeadHeightTight = 204;

// Green head and figures side by side; on phones the figures stand on the green.
void customer_head(Frame& frame, const Rect& rect, const CustomerHead& head);
void customer_head_phone(Frame& frame, const Rect& rect, const CustomerHead& head);

}  // namespace banyan::ui
