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
#include "shared/changelog/commit.h"
#if __has_include("shared/storage/server_store.h")
#include "shared/storage/server_store.h"
#else
namespace banyan {
struct Draft {
  RowId aggregate{};
  std::uint64_t user = 0;
  std::vector<RowWrite> rows;
};
}  // namespace banyan
#endif

namespace banyan {

// One row that a source has delivered.
struct ImportKey {
  std::string key;           // the source's own name for it: "trans/695247"
  RowId row{};               // what it became here
  std::uint64_t digest = 0;  // of the cells as imported; another one means "changed"
};

class ImportTarget {
 public:
  virtual ~ImportTarget() = default;

  // Every key that `source` has delivered before, in any order.
  virtual Result<std::vector<ImportKey>> keys(std::string_view source) = 0;

  // Appends the drafts as commits and inserts or replaces the keys, in one
  // storage transaction: all of it or nothing.
  virtual Status write(std::string_view source, std::span<const Draft> drafts,
                       std::span<const ImportKey> keys) = 0;
};

}  // namespace banyan
