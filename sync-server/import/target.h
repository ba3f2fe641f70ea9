// Where imported rows go: the server's store, or a vector in a test.
//
// The importers and the demo bank make drafts and know no SQL. Idempotency is
// a table (source, natural key) -> row id and digest, kept by the target: what
// is there already is not written again, what changed is updated in place.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/ids.h"
#include "shared/base/result.h"
#include "shared/storage/import_keys.h"
#include "shared/sync/store.h"

namespace banyan {

class ImportTarget {
 public:
  virtual ~ImportTarget() = default;

  // Every key that `source` has delivered before, in any order.
  virtual Result<std::vector<ImportKey>> keys(std::string_view source) = 0;

  // A row id that nobody else has.
  virtual RowId mint() = 0;

  // Appends the drafts as commits and inserts or replaces the keys, in one
  // storage transaction: all of it or nothing.
  virtual Status write(std::string_view source, std::span<const Draft> drafts,
                       std::span<const ImportKey> keys) = 0;
};

}  // namespace banyan
