#include "shared/changelog/fold.h"

#include <algorithm>

namespace banyan {
namespace {

constexpr std::uint32_t kEverybody = ~0U;

bool folds(const Entity& entity, std::uint64_t horizon, const CellClock& cell) {
  if (cell.field == kFoldedField) return true;
  if (cell.seq > horizon || cell.stamp.life != 1) return false;
  const Field* field = entity.field(cell.field);
  return field != nullptr && field->visible == kEverybody;
}

}  // namespace

bool fold(const Entity& entity, std::uint64_t horizon, Row& row) {
  RowClock& clock = row.clock;
  if (clock.base_seq > horizon) return false;
  CellClock joined;
  std::size_t count = 0;
  for (const CellClock& cell : clock.cells) {
    if (!folds(entity, horizon, cell)) continue;
    joined.stamp = std::max(joined.stamp, cell.stamp);
    joined.seq = std::max(joined.seq, cell.seq);
    ++count;
  }
  const bool folded_before = clock.own(kFoldedField) != nullptr;
  if (count == (folded_before ? 1 : 0)) return false;
  std::erase_if(clock.cells, [&](const CellClock& cell) { return folds(entity, horizon, cell); });
  joined.field = kFoldedField;
  clock.cells.insert(clock.cells.begin(), joined);
  return true;
}

}  // namespace banyan
