// What came of reading a file of parcels, in words.
#include "client/views/carry_view.h"

namespace banyan::ui {

std::vector<ReadingLine> reading_lines(Frame& frame, const Session& session) {
  const Received& got = session.carrying().received();
  std::vector<ReadingLine> out;
  const auto counted = [&](Tint tone, T words, std::int64_t n) {
    if (n > 0) out.push_back({tone, frame.count(words, n)});
  };
  const auto plain = [&](Tint tone, T words) {
    out.push_back({tone, std::string(frame.t(words))});
  };
  if (got.complete) {
    const std::int64_t as_of = session.replica().standing().last_complete_ms;
    const std::string time = format::date_time(frame.texts, frame.clock, as_of);
    out.push_back({Tint::ok, frame.fill(T::carry_complete, {{"time", time}})});
  } else if (got.taken > 0) {
    plain(Tint::quiet, T::carry_taken);
  }
  counted(Tint::ok, T::carry_held_new, got.held);
  const bool nothing_new = got.taken == 0 && got.held == 0 && got.missing == 0;
  if (nothing_new && got.held_before > 0) plain(Tint::quiet, T::carry_held_known);
  if (nothing_new && got.known > 0) plain(Tint::quiet, T::carry_known);
  counted(Tint::quiet, T::carry_parked, static_cast<std::int64_t>(got.progress.parked));
  if (got.missing > 0) plain(Tint::warn, T::carry_missing);
  counted(Tint::warn, T::carry_foreign, got.foreign);
  counted(Tint::warn, T::carry_damaged, got.damaged);
  if (got.progress.retired) plain(Tint::warn, T::outbox_retired_note);
  if (got.progress.forked) plain(Tint::warn, T::outbox_forked_note);
  if (got.progress.newer_catalogue) plain(Tint::quiet, T::outbox_newer_note);
  if (got.failed) {
    const bool full = got.failed->code == ErrorCode::StorageFull;
    plain(Tint::danger, full ? T::carry_full : T::carry_failed);
  }
  return out;
}

}  // namespace banyan::ui
