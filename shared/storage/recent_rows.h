// Which rows of an aggregate the newest sequences wrote: what a device that was here lately is
// told, without asking the table of every entity. In memory, and no more than that: whatever it
// does not know, the tables do.
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "shared/base/ids.h"

namespace banyan {

class RecentRows {
 public:
  // At least one; each takes some 80 bytes.
  explicit RecentRows(std::size_t writes_max) : writes_max_(writes_max) {}

  // From now on every write after `seq` is noted.
  void begin(std::uint64_t seq);
  // One that is undone later does no harm: the row is looked at for nothing.
  void note(RowId aggregate, std::uint32_t entity, RowId row, std::uint64_t seq);

  // Rows of this entity with writes after `seq`, ascending; nullopt when not all of them are
  // known any more.
  std::optional<std::vector<RowId>> after(std::uint64_t seq, RowId aggregate,
                                          std::uint32_t entity) const;

 private:
  // Writes are numbered from 1; the newest `writes_max_` are in the ring.
  struct Write {
    std::uint64_t seq = 0;
    RowId aggregate{};
    RowId row{};
    std::uint64_t older = 0;  // number of the aggregate's write before this one; 0: none
    std::uint32_t entity = 0;
  };
  std::size_t place(std::uint64_t write) const { return (write - 1) % writes_max_; }

  std::size_t writes_max_;
  std::uint64_t from_ = ~0ULL;  // all after this sequence are here
  std::uint64_t count_ = 0;
  std::vector<Write> ring_;
  std::unordered_map<RowId, std::uint64_t> newest_;  // an aggregate's newest write
};

}  // namespace banyan
