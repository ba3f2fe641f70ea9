// One customer in short, beside a list.
#pragma once

#include <vector>

#include "client/frame.h"
#include "shared/app/models.h"

namespace banyan::ui {

// The whole card. True when its button asks for the record.
bool customer_summary(Frame& frame, Rect rect, const CustomerHead& head,
                      const std::vector<TimelineItem>& lately);

}  // namespace banyan::ui
