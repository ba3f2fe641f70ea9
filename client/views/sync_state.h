// How this device stands with headquarters, in words and figures.
#pragma once

#include "client/frame.h"
#include "client/widgets/avatar.h"
#include "shared/app/models.h"
#include "shared/app/session.h"

namespace banyan::ui {

struct StandingWords {
  Icon icon;
  Tint tone;
  std::string title, note;
  std::string code;  // small print for support; empty where nothing is wrong
};
// Being offline is weather; only what a person must repair is amber.
StandingWords standing_words(Frame& frame, const Session& session, std::int64_t waiting);

float sync_card_height(Frame& frame, float width, const Session& session,
                       const OutboxSummary& outbox);
void sync_card(Frame& frame, const Rect& rect, const Session& session, const OutboxSummary& outbox);

// Why headquarters did not take a change, and what to do now.
std::string_view refusal_words(const Frame& frame, Outcome outcome);

}  // namespace banyan::ui
