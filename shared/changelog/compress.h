// Zstandard, the only place that knows it. Level 3: FORMAT.md has the figures.
#pragma once

#include <cstddef>
#include <span>

#include "shared/base/bytes.h"

namespace banyan {

// One frame. `cuts` are places in `plain`, ascending, where the kind of data
// changes: a block ends there when it is long enough to be worth a code of its
// own.
Bytes compress(ByteView plain, std::span<const std::size_t> cuts = {});

// Corrupt unless `packed` is one whole frame that says its size. TooLarge when
// that is over `size_max`; nothing is allocated then.
Result<Bytes> decompress(ByteView packed, std::size_t size_max);

}  // namespace banyan
