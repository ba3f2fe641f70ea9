// The inside of a bundle: commits, packed. Not for other folders.
#pragma once

#include <span>
#include <vector>

#include "shared/base/bytes.h"
#include "shared/changelog/commit.h"

namespace banyan::wire {

// `cuts` learns where one kind of data ends and the next begins. Every commit
// keeps check_commit().
Bytes pack_commits(std::span<const Commit> commits, std::vector<std::size_t>& cuts);

// Fills `commits`, which has as many as the bundle says. Corrupt or TooLarge.
// Rows are well formed then; the canonical size is the caller's to check.
Status unpack_commits(ByteView in, std::span<Commit> commits);

}  // namespace banyan::wire
