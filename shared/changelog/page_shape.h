// What the packer and the unpacker of pages agree on. Not for other folders.
#pragma once

#include <cstdint>

namespace banyan::wire {

// Shape::bits of a row in a page. Shape::life is told when it is not 1.
inline constexpr unsigned kWholeBit = 1;
inline constexpr unsigned kRootBit = 2;  // the row is the aggregate's root: no id is sent
inline constexpr unsigned kSiblingsBit = 4;

// Stamps and sequences, each part as the difference to the one before. `Part` is
// a writer; a reader needs one pass over the rows for each part instead.
template <class Part>
struct StampParts {
  Part times, devices, seqs;
  std::uint64_t last_hlc = 0;
  std::uint64_t last_seq = 0;
};

}  // namespace banyan::wire
