// What the log says of one aggregate, to somebody who may read it: who changed what, when, on
// which device, newest first. Each entry has what merging needs, so that its reader can replay
// them (app/history.h) and see each value as it was before and after.
#pragma once

#include <cstdint>
#include <vector>

#include "shared/catalogue/catalogue.h"
#include "shared/changelog/commit.h"
#include "shared/changelog/row.h"
#include "shared/crypto/sign.h"
#include "shared/sync/protocol.h"

namespace banyan::sync {

struct HistoryEntry {
  std::uint64_t seq = 0;
  DeviceId device{};
  std::uint64_t dseq = 0;
  std::int64_t received_ms = 0;
  std::uint64_t eff = 0;   // its stamp: WriteContext::eff
  std::uint64_t seen = 0;  // in the sequence numbers of today: WriteContext::seen
  std::uint8_t flags = 0;  // CommitOutcome::flags
  Commit commit;           // what its reader may see of it
  bool operator==(const HistoryEntry&) const = default;
};

struct History {
  RowId aggregate{};
  std::uint64_t before = 0;  // as asked: these are older; 0: from the newest
  std::uint64_t next = 0;    // `before` of the next page; 0: that was all
  std::vector<HistoryEntry> entries;
  // Devices among them that are copies: WriteContext::former.
  struct Copy {
    DeviceId device{};
    std::vector<Dot> former;
    bool operator==(const Copy&) const = default;
  };
  std::vector<Copy> copies;
  bool operator==(const History&) const = default;
};

inline constexpr std::size_t kHistoryMax = 500;  // entries of one page
inline constexpr std::size_t kHistoryBytesMax = std::size_t{4} << 20;

// Leaves of a commit what a reader of this role and these classes of fields may see, and what was
// taken: no refused writes, no commands (what the server decided on them is a commit of its own),
// no entries of the core bank's (they are the statement). False when nothing is left.
bool keep_readable(Commit& commit, DeviceId device, const CommitOutcome& outcome,
                   const Catalogue& catalogue, const Role& role, std::uint32_t mask);

Bytes encode_history(const History& history, const SigningKey& organisation);
// TooLarge, Corrupt, Newer; Refused when it is not the organisation's.
Result<History> decode_history(ByteView in, const VerifyKey& organisation);

}  // namespace banyan::sync
