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

std::vector<std::uint32_t> fields_in_conflict(const Catalogue& catalogue, const Row& row) {
  const Entity* entity = catalogue.entity(row.entity);
  std::map<std::uint32_t, std::set<Bytes>> values;
  for (const Sibling& sibling : row.siblings) {
    const Field* field = entity != nullptr ? entity->field(sibling.field) : nullptr;
    if (field != nullptr && field->merge == Merge::Set) continue;
    values[sibling.field].insert(encoded(sibling.value));
  }
  std::vector<std::uint32_t> out;
  for (const auto& [no, distinct] : values) {
    if (distinct.size() > 1) out.push_back(no);
  }
  return out;
}

}  // namespace banyan::postgres
