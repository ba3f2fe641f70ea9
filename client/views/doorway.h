// The wall beside the door: what unlock and enrolment have in common.
#pragma once

#include <optional>

#include "client/frame.h"
#include "shared/base/error.h"

namespace banyan::ui {

// Paints tree, name and promise; returns the column for the form. On a phone
// only the name remains.
Rect doorway(Frame& frame, Rect area, std::string_view organisation);

// What went wrong at the door, in words that say what to do.
std::string door_trouble(Frame& frame, const Error& error, bool enrolling);

// How long nobody may try another passphrase; empty when one may. Draws again as time passes.
std::string door_wait(Frame& frame, std::int64_t wait_ms);

// Why a new passphrase is not good enough; empty when it is.
std::string passphrase_flaw(Frame& frame, std::string_view passphrase);

}  // namespace banyan::ui
