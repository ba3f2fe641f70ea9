#include "shared/app/ask.h"

#include <algorithm>

namespace banyan {

namespace {

// A guarded cell with two maximal values has two lines in sib; so has a paragraph, under an element
// that is not negative (storage/tables.cpp).
constexpr std::string_view kInConflict =
    "SELECT 1 FROM sib WHERE tbl=?1 AND row=?2 AND el>=0 AND val IS NOT NULL GROUP BY col,el"
    " HAVING count(DISTINCT val)>1 LIMIT 1";

// A tag's colour is a choice of pack base, whose tone the catalogue knows.
Tone tone_of_tag(const Session& session, std::int64_t choice) {
  const Field* field = session.names().tag->field("tone");
  const Choice* found = field == nullptr ? nullptr : field->choice(choice);
  return found == nullptr ? Tone::Neutral : found->tone;
}

}  // namespace

SyncMark mark_of(SaveState state) {
  switch (state) {
    case SaveState::Saved: return SyncMark::Saved;
    case SaveState::Sent: return SyncMark::Sent;
    case SaveState::Received: return SyncMark::Received;
    case SaveState::Safe: return SyncMark::Safe;
  }
  return SyncMark::None;
}

SyncMark mark_of(const Session& session, const Entity& entity, RowId id) {
  if (ask_int(session, kInConflict, std::int64_t{entity.no}, id) != 0) return SyncMark::Conflict;
  const Result<SaveState> state = session.replica().state_of(entity, id);
  if (state.ok()) return mark_of(*state);
  session.note(state.error());
  return SyncMark::None;
}

Provenance provenance_of(const Session& session, const CellClock& clock) {
  Provenance from;
  from.device = clock.stamp.device;
  from.at_ms = static_cast<std::int64_t>(clock.stamp.hlc >> 16);
  from.pending = (clock.seq & kPendingSeq) != 0;
  if (from.device == session.me().device) {
    from.author = session.me().name;
    return from;
  }
  ask(
      session,
      "SELECT d.name, s.name FROM device d LEFT JOIN staff s ON s.id=d.staff WHERE d.number=?1",
      [&](const Statement& row) {
        from.device_name = text_at(row, 0);
        from.author = text_at(row, 1);
      },
      from.device);
  return from;
}

Locality locality_of(const Session& session, RowId customer) {
  Locality place;
  if (session.names().village != nullptr) {
    ask(
        session,
        "SELECT v.name, c.team FROM customer c JOIN village v ON v.id=c.village WHERE c.id=?1",
        [&](const Statement& row) {
          place = {text_at(row, 0), row.integer(1)};
        },
        customer);
  }
  if (!place.name.empty()) return place;
  ask(
      session,
      "SELECT coalesce(b.short_name, b.name) FROM customer c JOIN branch b ON b.id=c.branch"
      " WHERE c.id=?1",
      [&](const Statement& row) { place.name = text_at(row, 0); }, customer);
  return place;
}

std::vector<Tag> tags_of(const Session& session, RowId customer) {
  std::vector<Tag> tags;
  const Field* field = session.names().customer->field("tags");
  if (field == nullptr) return tags;
  ask(
      session,
      "SELECT DISTINCT t.id, t.name, t.tone FROM sib s JOIN tag t ON t.id=s.el"
      " WHERE s.tbl=?1 AND s.row=?2 AND s.col=?3 ORDER BY t.name",
      [&](const Statement& row) {
        const std::string name = text_at(row, 1);
        tags.push_back({row.row_id(0), {name, name}, tone_of_tag(session, row.integer(2))});
      },
      std::int64_t{session.names().customer->no}, customer, std::int64_t{field->no});
  return tags;
}

}  // namespace banyan
