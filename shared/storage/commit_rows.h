// What the device's table `own` and the server's table `log` have in common.
#pragma once

#include <cstdint>
#include <vector>

#include "shared/base/bytes.h"
#include "shared/changelog/row.h"
#include "shared/storage/statement.h"
#include "shared/sync/store.h"

namespace banyan {

// Sequence numbers in SQL's signed integers. They stay below 2^63.
inline std::int64_t as_sql(std::uint64_t v) { return static_cast<std::int64_t>(v); }
inline std::uint64_t from_sql(std::int64_t v) { return static_cast<std::uint64_t>(v); }

// Reads rows of (dseq, h, body) until about `bytes_max` of bodies, at least one.
Result<std::vector<sync::ChainedCommit>> read_commits(Statement find, std::size_t bytes_max);

// The former numbers of a copied device (WriteContext::former) as kept in a column.
Bytes encode_dots(std::span<const Dot> dots);
Result<std::vector<Dot>> decode_dots(ByteView in);

}  // namespace banyan
