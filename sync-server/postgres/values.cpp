#include "sync-server/postgres/values.h"

#include <algorithm>
#include <map>
#include <set>

#include "shared/changelog/codec.h"

namespace banyan::postgres {
namespace {

Bytes encoded(const Value& value) {
  ByteWriter out;
  encode_value(value, out);
  return out.take();
}

}  // namespace

Bytes name_key(const Value& value) {
  const auto* row = std::get_if<RowId>(&value);
  return encoded(row != nullptr ? Value(number(*row)) : value);
}

std::vector<CellInConflict> cells_in_conflict(const Catalogue& catalogue, const Row& row) {
  const Entity* entity = catalogue.entity(row.entity);
  std::map<CellInConflict, std::set<Bytes>> values;
  for (const Sibling& sibling : row.siblings) {
    const Field* field = entity != nullptr ? entity->field(sibling.field) : nullptr;
    if (field != nullptr && field->merge == Merge::Set) continue;
    if ((sibling.element & 1) != 0) continue;  // the place of a paragraph
    values[{sibling.field, sibling.element}].insert(encoded(sibling.value));
  }
  std::vector<CellInConflict> out;
  for (const auto& [cell, distinct] : values) {
    if (distinct.size() > 1) out.push_back(cell);
  }
  return out;
}

}  // namespace banyan::postgres
