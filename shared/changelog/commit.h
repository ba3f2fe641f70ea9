// A commit: the unit of writing, signing, ordering and undoing.
//
// A commit writes one aggregate (a customer with all children, a lead, a
// branch ...). So it is never seen in part: a page carries an aggregate whole.
// What a person does to several aggregates at once is several commits in one
// storage transaction. FORMAT.md beside this file has the bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "shared/base/ids.h"
#include "shared/base/value.h"

namespace banyan {

enum class Op : std::uint8_t {
  Update = 0,
  Insert = 1,
  Delete = 2,
  Undelete = 3,
  Fact = 4,
  Command = 5,
  Add = 6,
  Remove = 7
};

// One cell of a row operation. Update, Insert, Fact: the new value (a Counter:
// the delta). Add and Remove: the element, an integer or a row id.
struct CellWrite {
  std::uint32_t field = 0;
  Value value;
  // Guarded cells and texts: the first four bytes of the BLAKE2b of the value that this
  // write replaced, so that a lie about `seen` shows in an audit.
  std::optional<std::uint32_t> replaced;
  bool operator==(const CellWrite&) const = default;
};

struct RowWrite {
  std::uint32_t entity = 0;
  Op op{};
  RowId row{};
  std::uint32_t life = 1;        // causal length: odd lives, even is dead (SYNC.md, 2)
  std::vector<CellWrite> cells;  // a cell at most once, in ascending field order
  bool operator==(const RowWrite&) const = default;
};

struct Commit {
  std::uint32_t schema = 0;  // number of the catalogue under which it was made
  std::uint64_t hlc = 0;     // ms since 1970 << 16 | counter
  std::uint32_t epoch = 0;   // the server's life in which `seen` counts
  std::uint64_t seen = 0;    // newest server sequence that its author had seen
  std::uint64_t user = 0;    // row id of the author's staff row
  RowId aggregate{};         // root row of everything below
  std::vector<RowWrite> rows;
  bool operator==(const Commit&) const = default;
};

}  // namespace banyan
