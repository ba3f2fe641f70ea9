#pragma once

#include <string>

#include "shared/base/ids.h"

namespace banyan {

// One row that an outside source has delivered.
struct ImportKey {
  std::string key;     // the source's own name for it: "trans/695247"
  RowId row{};         // what it became here
  std::string digest;  // of the cells as delivered; bytes that only the importer understands
};

}  // namespace banyan
