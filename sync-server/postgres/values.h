// How values lie in the tables of PostgreSQL.
#pragma once

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

// The guarded fields of a row that hold more than one distinct value.
std::vector<std::uint32_t> fields_in_conflict(const Catalogue& catalogue, const Row& row);

}  // namespace banyan::postgres
