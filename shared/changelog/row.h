// A row with its clock: what merging works on, equal on device and server.
#pragma once

#include <compare>
#include <cstdint>
#include <vector>

#include "shared/base/ids.h"
#include "shared/base/value.h"

namespace banyan {

// Own commits that the server has not ordered yet have this bit in their
// sequence, over the device's own number: later than everything ordered.
inline constexpr std::uint64_t kPendingSeq = 1ULL << 62;

// In a clock: all changes that were folded together (fold.h). No entity has such a field.
inline constexpr std::uint32_t kFoldedField = 0;

// Which write it was.
struct Dot {
  DeviceId device{};
  std::uint64_t seq = 0;
  auto operator<=>(const Dot&) const = default;
};

// When a write was made, in the order that decides between concurrent writes.
struct Stamp {
  std::uint32_t life = 0;
  std::uint64_t hlc = 0;
  DeviceId device{};
  auto operator<=>(const Stamp&) const = default;
};

struct CellClock {
  std::uint32_t field = 0;
  Stamp stamp;
  std::uint64_t seq = 0;  // with stamp.device the dot
  Dot dot() const { return {stamp.device, seq}; }
  bool operator==(const CellClock&) const = default;
};

// Every cell has the base stamp until it is written after the row's creation; where later
// changes were folded, any cell without an entry may be one of them, and counts as such.
struct RowClock {
  Stamp life;  // row liveness: odd life lives
  std::uint64_t life_seq = 0;
  Stamp base;  // of the creating write; life 1
  std::uint64_t base_seq = 0;
  std::vector<CellClock> cells;  // later-written cells only, by field; a folded one first

  const CellClock* own(std::uint32_t field) const;  // null: never written later
  CellClock of(std::uint32_t field) const;          // the cell's own, or what stands for it
  bool folded() const { return !cells.empty() && cells.front().field == kFoldedField; }
  // Equal to the base, which stands for it: the cell has no entry of its own.
  void set(const CellClock& cell);
  bool operator==(const RowClock&) const = default;
};

// A value of a guarded cell or of a paragraph that no later write has seen, or one reason why an
// element is in a set. A guarded cell with one value has no entry: its cell is
// the entry.
struct Sibling {
  std::uint32_t field = 0;
  std::int64_t element = 0;  // of sets; of texts (paragraphs.h); 0 for guarded cells
  Dot dot;
  std::uint32_t life = 1;
  std::uint64_t hlc = 0;  // guarded cells, texts: when it was written; 0 in sets
  Value value;            // guarded cells, texts
  bool operator==(const Sibling&) const = default;
};

struct CellValue {
  std::uint32_t field = 0;
  Value value;  // never null: an absent cell is null
  bool operator==(const CellValue&) const = default;
};

struct Row {
  std::uint32_t entity = 0;
  RowId id{};
  RowId aggregate{};
  bool exists = false;  // false: never created here; the rest is empty
  RowClock clock;
  std::vector<CellValue> cells;   // by field; fields that this catalogue does not know included
  std::vector<Sibling> siblings;  // by (field, element, dot)

  bool alive() const { return exists && clock.life.life % 2 == 1; }
  const Value& cell(std::uint32_t field) const;  // a null value when absent
  void set_cell(std::uint32_t field, Value value);
  bool operator==(const Row&) const = default;
};

// The newest place in the server's order that anything in it has.
std::uint64_t newest_seq(const Row& row);

}  // namespace banyan
