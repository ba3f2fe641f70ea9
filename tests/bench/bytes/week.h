// A field officer's working week as commits: what bytes are measured on.
#pragma once

#include <vector>

#include "shared/changelog/commit.h"

namespace banyan::bench {

enum class Notes : std::uint8_t { Latin, Chinese };

// 600 commits, about 720 rows: 55 % edits of one field, 25 % visits with a note
// of 20 to 200 characters, tasks, tags, and 5 % new customers of 20 fields.
std::vector<Commit> officers_week(Notes notes);

// Bytes of the values alone, each at its shortest: what no format can avoid
// without compression.
std::size_t value_bytes(const std::vector<Commit>& commits);

}  // namespace banyan::bench
