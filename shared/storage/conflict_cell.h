#pragma once

#include <cstdint>
#include <vector>

#include "shared/changelog/row.h"

namespace banyan {

// A guarded cell or a paragraph with more than one distinct value: a person has to decide.
struct ConflictCell {
  std::uint32_t entity = 0;
  RowId row{};
  RowId aggregate{};
  std::uint32_t field = 0;
  std::int64_t element = 0;     // the paragraph's (changelog/paragraphs.h); 0: a guarded cell
  std::vector<Sibling> values;  // two or more
};

}  // namespace banyan
