// Which customers a list shows: by the fields that the packs filter by (Entity::list_filters),
// and by what this device knows beside them.
#pragma once

#include <string>
#include <vector>

#include "shared/app/models.h"
#include "shared/app/session.h"

namespace banyan {

// The fields of list_filters that this person may read, in the packs' order, but for those that
// no criterion can be made of (texts, places).
std::vector<const Field*> filter_fields(const Session& session);

// How many years before today a date lies, both included: of a date of birth, an age. Without
// `until`, that many years or more.
FieldFilter years_ago(const Field& field, int from, std::optional<int> until, std::int64_t today);

// SQL over customer c and about b, beginning with " AND", or empty. A criterion over a field that
// the catalogue does not have (any more) is left out.
std::string filter_conditions(const Session& session, const CustomerFilter& filter);

}  // namespace banyan
