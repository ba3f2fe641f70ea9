// What a page says about one row, and what a reader may see of it. Pure.
#pragma once

#include <cstdint>

#include "shared/base/result.h"
#include "shared/catalogue/catalogue.h"
#include "shared/changelog/row.h"

namespace banyan {

// A row, whole or in part. In part: `row.clock.cells` names the changed fields,
// `row.cells` has their values (null: no entry), `row.siblings` all of theirs;
// `row.clock.life` is set when liveness changed (life_seq is not 0); the base is
// empty. Fields that are not named stay as they are. `row.exists` always.
struct RowChange {
  bool whole = false;
  Row row;
  bool operator==(const RowChange&) const = default;
};

// What changed in `row` after sequence `since`; the whole row when it was
// created after it. Nothing changed: a part without fields and life.
RowChange changes_since(const Row& row, std::uint64_t since);

// Brings `row` up to date. Corrupt when a part meets a row that is not there.
Status apply_change(const RowChange& change, Row& row);

// Removes fields that `mask` does not show, with their clock entries and
// siblings. Fields that `entity` does not have are removed too.
void hide_fields(Row& row, const Entity& entity, std::uint32_t mask);

}  // namespace banyan
