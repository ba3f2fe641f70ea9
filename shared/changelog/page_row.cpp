#include "shared/changelog/page_row.h"

#include <algorithm>
#include <iterator>
#include <string>

namespace banyan {
namespace {

bool names(const RowClock& clock, std::uint32_t field) { return clock.own(field) != nullptr; }

}  // namespace

RowChange changes_since(const Row& row, std::uint64_t since) {
  if (row.clock.base_seq > since) return {true, row};
  if (row.clock.folded() && row.clock.cells.front().seq > since) return {true, row};
  // A guarded value that was kept but is not shown leaves no entry in the clock.
  const bool kept_aside = std::any_of(row.siblings.begin(), row.siblings.end(), [&](const auto& s) {
    return s.dot.seq > since && row.clock.of(s.field).seq <= since;
  });
  if (kept_aside) return {true, row};
  RowChange change;
  Row& part = change.row;
  part.entity = row.entity;
  part.id = row.id;
  part.aggregate = row.aggregate;
  part.exists = row.exists;
  if (row.clock.life_seq > since) {
    part.clock.life = row.clock.life;
    part.clock.life_seq = row.clock.life_seq;
  }
  for (const CellClock& cell : row.clock.cells) {
    if (cell.seq <= since) continue;
    part.clock.cells.push_back(cell);
    const Value& value = row.cell(cell.field);
    if (!is_null(value)) part.cells.push_back({cell.field, value});
  }
  std::copy_if(row.siblings.begin(), row.siblings.end(), std::back_inserter(part.siblings),
               [&](const Sibling& s) { return names(part.clock, s.field); });
  return change;
}

Status apply_change(const RowChange& change, Row& row) {
  const Row& part = change.row;
  if (change.whole) {
    row = part;
    return {};
  }
  if (!row.exists || row.id != part.id || row.entity != part.entity) {
    return fail(ErrorCode::Corrupt,
                "page: changes of row " + std::to_string(number(part.id)) + ", which is not here");
  }
  if (part.clock.life_seq != 0) {
    row.clock.life = part.clock.life;
    row.clock.life_seq = part.clock.life_seq;
  }
  for (const CellClock& cell : part.clock.cells) {
    row.clock.set(cell);
    row.set_cell(cell.field, part.cell(cell.field));
  }
  std::erase_if(row.siblings, [&](const Sibling& s) { return names(part.clock, s.field); });
  // Both are sorted, and by field first.
  std::vector<Sibling> merged;
  merged.reserve(row.siblings.size() + part.siblings.size());
  std::merge(std::make_move_iterator(row.siblings.begin()),
             std::make_move_iterator(row.siblings.end()), part.siblings.begin(),
             part.siblings.end(), std::back_inserter(merged),
             [](const Sibling& a, const Sibling& b) { return a.field < b.field; });
  row.siblings = std::move(merged);
  return {};
}

void hide_fields(Row& row, const Entity& entity, std::uint32_t mask) {
  const auto hidden = [&](const auto& item) {
    if (item.field == kFoldedField) return false;  // says nothing of fields that some do not see
    const Field* field = entity.field(item.field);
    return field == nullptr || (field->visible & mask) == 0;
  };
  std::erase_if(row.cells, hidden);
  std::erase_if(row.clock.cells, hidden);
  std::erase_if(row.siblings, hidden);
}

}  // namespace banyan
