// Reading rows in a query: for shared/app's own sources only.
#pragma once

#include <string_view>

#include "shared/app/session.h"

namespace banyan {

// Calls `take(statement)` for every row. A read that fails is noted in the
// session, which stops and says so; the rows so far stay.
template <class Take, class... Values>
void ask(const Session& session, std::string_view sql, Take take, const Values&... values) {
  Result<Statement> statement = session.database().statement(sql);
  if (!statement.ok()) return session.note(statement.error());
  statement->bind_all(values...);
  while (true) {
    const Result<bool> more = statement->step();
    if (!more.ok()) return session.note(more.error());
    if (!*more) return;
    take(*statement);
  }
}

// The first column of the only row; 0 when there is none.
template <class... Values>
std::int64_t ask_int(const Session& session, std::string_view sql, const Values&... values) {
  std::int64_t out = 0;
  ask(
      session, sql, [&](const Statement& row) { out = row.integer(0); }, values...);
  return out;
}

inline std::int64_t int_or(const Statement& row, int column, std::int64_t otherwise) {
  return row.is_null(column) ? otherwise : row.integer(column);
}

inline std::string text_at(const Statement& row, int column) {
  return std::string(row.text(column));
}

SyncMark mark_of(SaveState state);
// Where a row's newest change is.
SyncMark mark_of(const Session& session, const Entity& entity, RowId id);
// Who wrote with this clock, as far as this device knows.
Provenance provenance_of(const Session& session, const CellClock& clock);
// The village, or the branch when no village is known.
Locality locality_of(const Session& session, RowId customer);
std::vector<Tag> tags_of(const Session& session, RowId customer);

}  // namespace banyan
