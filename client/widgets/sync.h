// Where a change is: on this device, on its way, received. Offline is weather, never red.
#pragma once

#include "client/app_shell.h"
#include "client/widgets/interact.h"

namespace banyan::ui {

enum class SyncState : std::uint8_t { saved, sending, received, safe, decide, held };

float sync_badge_width(Frame& frame, SyncState state);
// Icon and word on a soft tag, 24 high.
void sync_badge(Frame& frame, const Rect& rect, SyncState state);
// Only the icon, for dense rows; screen readers hear the word.
void sync_icon(Frame& frame, const Rect& rect, SyncState state);

float sync_pill_width(Frame& frame, const SyncStatus& status);
bool sync_pill(Frame& frame, const Rect& rect, const SyncStatus& status);

}  // namespace banyan::ui
