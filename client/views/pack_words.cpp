#include "client/views/pack_words.h"

#include "client/format.h"
#include "shared/base/date.h"

namespace banyan::ui {

std::string place_words(const Frame& frame, const Locality& place) {
  if (place.team == 0) return place.name;
  return frame.fill(T::customers_place,
                    {{"village", place.name}, {"team", std::to_string(place.team)}});
}

const SyncState* state_of(SyncMark mark) {
  static constexpr SyncState kStates[] = {SyncState::saved, SyncState::sending, SyncState::received,
                                          SyncState::safe,  SyncState::decide,  SyncState::held};
  if (mark == SyncMark::None) return nullptr;
  return &kStates[static_cast<int>(mark) - 1];
}

const SyncState* unfinished(SyncMark mark) {
  return mark == SyncMark::Received || mark == SyncMark::Safe ? nullptr : state_of(mark);
}

std::string amid(const Frame& frame, std::string_view words) {
  std::string out(words);
  const auto is = [&](std::size_t i, char from, char to) {
    return i < out.size() && out[i] >= from && out[i] <= to;
  };
  if (!frame.texts.chinese() && is(0, 'A', 'Z') && is(1, 'a', 'z')) {
    out[0] = static_cast<char>(out[0] - 'A' + 'a');
  }
  return out;
}

std::string days_ago(const Frame& frame, std::int64_t day) {
  if (day == kNoDay) return std::string(frame.t(T::format_unknown));
  const std::int64_t offset_ms = frame.clock.offset_minutes * 60'000LL;
  const std::int64_t today = (frame.clock.now_ms + offset_ms) / kDayMs;
  if (today - day < 2) return format::day(frame.texts, frame.clock, day);
  return frame.count(T::date_days_ago, today - day);
}

}  // namespace banyan::ui
