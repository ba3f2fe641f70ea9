// While a new person's records are on their way: how far it is, and that one can
// begin with what is here.
#pragma once

#include "client/frame.h"
#include "shared/app/session.h"

namespace banyan::ui {

float first_sync_height(Frame& frame, float width, const Session& session);
// A card; draw it only while session.first_sync().
void first_sync_card(Frame& frame, const Rect& rect, const Session& session);

}  // namespace banyan::ui
