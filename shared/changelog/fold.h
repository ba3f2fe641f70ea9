// Compaction: below the horizon every change is seen by every write to come, so which of them came
// when cannot matter any more. SYNC.md, "Compaction and retention".
//
// Entries of a row's clock up to the horizon become one, of field 0: the newest of their stamps,
// which a write that saw them must still beat, and the newest of their sequences. Values, siblings
// and all other entries are the same whenever and however often a row is folded; only that one
// entry depends on it, and no merge does. So device and server each fold when they come by.
// Kept apart are entries of fields that not everybody sees (the one entry would tell when they
// changed) and of later lives of the row. Rows that were deleted stay: they can be undeleted, and
// what must go is erased by a person.
#pragma once

#include <cstdint>

#include "shared/catalogue/catalogue.h"
#include "shared/changelog/row.h"

namespace banyan {

// Whether anything changed. `horizon`: a sequence of the server.
bool fold(const Entity& entity, std::uint64_t horizon, Row& row);

}  // namespace banyan
