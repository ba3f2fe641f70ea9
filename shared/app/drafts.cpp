#include "shared/app/drafts.h"

namespace banyan {

namespace {

constexpr std::int64_t kUndoMs = 8'000;  // as long as the toast stays

}  // namespace

RowDraft& RowDraft::set(std::string_view field, Value value) {
  const Field* found = entity_.field(field);
  BANYAN_CHECK(found != nullptr);
  return set(*found, std::move(value));
}

RowDraft& RowDraft::set(const Field& field, Value value) {
  const bool creating = write_.op == Op::Insert || write_.op == Op::Fact;
  if (creating && is_null(value)) return *this;
  write_.cells.push_back({field.no, std::move(value), std::nullopt});
  return *this;
}

RowDraft new_row(Session& session, const Entity& entity) {
  return RowDraft(entity, entity.fact ? Op::Fact : Op::Insert, session.replica().mint());
}

Status write(Session& session, std::vector<Draft> drafts, std::vector<Draft> undo) {
  const auto written = session.replica().write(drafts);
  if (!written.ok()) return written.error();
  session.undo().drafts = std::move(undo);
  session.undo().until_ms = session.clock().monotonic_ms() + kUndoMs;
  session.changed();
  return {};
}

}  // namespace banyan
