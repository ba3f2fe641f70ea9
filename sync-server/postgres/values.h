// How values lie in the tables of PostgreSQL.
#pragma once

#include <compare>
#include <cstdint>
#include <vector>

#include "shared/base/bytes.h"
#include "shared/base/value.h"
#include "shared/catalogue/catalogue.h"
#include "shared/changelog/row.h"
#include "shared/storage/commit_rows.h"

namespace banyan::postgres {

// `name.val`: what a row is looked up by. A row id and its number are one.
Bytes name_key(const Value& value);

// Its guarded cells and paragraphs that hold more than one distinct value.
struct CellInConflict {
  std::uint32_t field = 0;
  std::int64_t element = 0;  // the paragraph's; 0: a guarded cell
  auto operator<=>(const CellInConflict&) const = default;
};
std::vector<CellInConflict> cells_in_conflict(const Catalogue& catalogue, const Row& row);

}  // namespace banyan::postgres
