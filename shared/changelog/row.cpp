#include "shared/changelog/row.h"

#include <algorithm>

namespace banyan {
namespace {

// Where `field` is or belongs in a vector sorted by field.
template <class Items>
auto place_of(Items& items, std::uint32_t field) {
  return std::lower_bound(items.begin(), items.end(), field,
                          [](const auto& item, std::uint32_t f) { return item.field < f; });
}

template <class Items, class Iterator>
bool is_at(const Items& items, Iterator at, std::uint32_t field) {
  return at != items.end() && at->field == field;
}

}  // namespace

const CellClock* RowClock::own(std::uint32_t field) const {
  const auto at = place_of(cells, field);
  return is_at(cells, at, field) ? &*at : nullptr;
}

CellClock RowClock::of(std::uint32_t field) const {
  if (const CellClock* cell = own(field)) return *cell;
  if (folded()) return {field, cells.front().stamp, cells.front().seq};
  return {field, base, base_seq};
}

void RowClock::set(const CellClock& cell) {
  const auto at = place_of(cells, cell.field);
  const bool found = is_at(cells, at, cell.field);
  if (cell.stamp == base && cell.seq == base_seq && !folded()) {
    if (found) cells.erase(at);
  } else if (found) {
    *at = cell;
  } else {
    cells.insert(at, cell);
  }
}

const Value& Row::cell(std::uint32_t field) const {
  static const Value kNull;
  const auto at = place_of(cells, field);
  return is_at(cells, at, field) ? at->value : kNull;
}

void Row::set_cell(std::uint32_t field, Value value) {
  const auto at = place_of(cells, field);
  const bool found = is_at(cells, at, field);
  if (is_null(value)) {
    if (found) cells.erase(at);
  } else if (found) {
    at->value = std::move(value);
  } else {
    cells.insert(at, {field, std::move(value)});
  }
}

std::uint64_t newest_seq(const Row& row) {
  std::uint64_t newest = std::max(row.clock.life_seq, row.clock.base_seq);
  for (const CellClock& cell : row.clock.cells) newest = std::max(newest, cell.seq);
  for (const Sibling& sibling : row.siblings) newest = std::max(newest, sibling.dot.seq);
  return newest;
}

}  // namespace banyan
