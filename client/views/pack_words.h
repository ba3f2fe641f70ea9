// Words and tones that come from packs, for the widgets.
#pragma once

#include <string>

#include "client/frame.h"
#include "client/widgets/sync.h"
#include "client/widgets/tag.h"
#include "shared/app/models.h"

namespace banyan::ui {

inline const std::string& word(const Frame& frame, const Label& label) {
  return frame.texts.chinese() ? label.zh : label.en;
}

// The same amid other words: English begins it small, but for an abbreviation ("ID card").
std::string amid(const Frame& frame, std::string_view words);

inline Tint tone_of(Tone tone) {
  switch (tone) {
    case Tone::Neutral: return Tint::quiet;
    case Tone::Good: return Tint::primary;
    case Tone::Info: return Tint::info;
    case Tone::Soon: return Tint::warn;
    case Tone::Bad: return Tint::danger;
  }
  return Tint::quiet;
}

// "柳溪村 3 组", "Liuxi, group 3".
std::string place_words(const Frame& frame, const Locality& place);
// Nothing for a record that was never touched here.
const SyncState* state_of(SyncMark mark);
// For lists: only what is still on its way or wants a person.
const SyncState* unfinished(SyncMark mark);
// "12 天前", "今天"; the dash for never.
std::string days_ago(const Frame& frame, std::int64_t day);

}  // namespace banyan::ui
