// From what somebody wants to write to the rows of a commit: what the format asks
// for beyond the values themselves.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "shared/base/result.h"
#include "shared/catalogue/catalogue.h"
#include "shared/changelog/commit.h"
#include "shared/changelog/row.h"

namespace banyan {

// The row as it stands before the commit; never null.
using RowLookup = std::function<Result<const Row*>(std::uint32_t entity, RowId id)>;

// Joins writes of one row so that a cell is written once (the last value; the sum
// for a counter), sorts cells, makes of a text what is new in its paragraphs, fills in life
// numbers and the digests of replaced guarded values and texts. Invalid for an unknown entity, or a
// row that is not there or is deleted.
Result<std::vector<RowWrite>> complete_rows(const Catalogue& catalogue,
                                            std::span<const RowWrite> rows,
                                            const RowLookup& lookup);

}  // namespace banyan
