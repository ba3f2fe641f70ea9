// Compaction: how far it may go, and doing it. shared/changelog/fold.h says what it is.
#include <algorithm>

#include "shared/base/laws.h"
#include "shared/changelog/fold.h"
#include "shared/storage/server_state.h"

namespace banyan {

std::uint64_t ServerStore::horizon() const { return state_->head.horizon; }

// The newest sequence that was taken at or before `ms`; receive times rise with the log, but for
// a server clock that was set back, which only keeps more.
Result<std::uint64_t> ServerStore::State::taken_until(std::int64_t ms) {
  std::uint64_t low = 0;
  for (std::uint64_t high = head.seq; low < high;) {
    const std::uint64_t middle = high - (high - low) / 2;
    TRY_ASSIGN(const std::int64_t received, tables->received_ms(middle));
    (received <= ms ? low : high) = received <= ms ? middle : middle - 1;
  }
  return low;
}

Status ServerStore::advance_horizon(std::int64_t keep_ms) {
  State& s = *state_;
  TRY_ASSIGN(State::Unit unit, State::Unit::begin(s, State::Hold::Order));
  TRY_ASSIGN(const std::uint64_t old_enough, s.taken_until(s.clock.wall_ms() - keep_ms));
  TRY_ASSIGN(const std::optional<std::uint64_t> seen, s.tables->lowest_floor());
  const std::uint64_t horizon =
      broken(Law::HorizonFloor) ? old_enough : std::min(old_enough, seen.value_or(s.head.seq));
  if (horizon <= s.head.horizon) return {};
  State::Head now = s.head;
  now.horizon = horizon;
  TRY(s.tables->save_head(now));
  TRY(unit.commit());
  s.head = now;
  return {};
}

Result<ServerStore::Folded> ServerStore::compact(RowPlace& from, std::size_t count_max) {
  State& s = *state_;
  Folded folded;
  std::map<std::uint32_t, const Entity*> entities;  // by number
  for (const Entity& entity : s.catalogue.entities()) entities[entity.no] = &entity;
  TRY_ASSIGN(State::Unit unit, State::Unit::begin(s, State::Hold::Order));
  for (auto at = entities.lower_bound(from.entity); at != entities.end(); ++at) {
    const Entity& entity = *at->second;
    const RowId after = entity.no == from.entity ? from.row : RowId{};
    const auto left = static_cast<std::size_t>(count_max - folded.looked_at);
    TRY_ASSIGN(auto rows, s.tables->rows_after(entity.no, after, left));
    for (ServerTables::PlacedRow& placed : rows) {
      const Row before = placed.row;
      ++folded.looked_at;
      from = {entity.no, before.id};
      if (!fold(entity, s.head.horizon, placed.row)) continue;
      ++folded.changed;
      TRY(s.tables->rewrite_row(placed, before));
    }
    if (folded.looked_at >= count_max) {
      TRY(unit.commit());
      return folded;
    }
  }
  TRY(unit.commit());
  from = {};
  return folded;
}

}  // namespace banyan
