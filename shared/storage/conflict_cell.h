#pragma once

#include <cstdint>
#include <vector>

#include "shared/changelog/row.h"

namespace banyan {

// A guarded cell with more than one distinct value: a person has to decide.
struct ConflictCell {
  std::uint32_t entity = 0;
  RowId row{};
  RowId aggregate{};
  std::uint32_t field = 0;
  std::vector<Sibling> values;  // two or more
};

}  // namespace banyan
