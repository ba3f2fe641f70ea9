// The whole of merging: one row operation meets one row. Pure; the same code
// runs on the device (own unacknowledged commits over the confirmed row) and
// on the server (every commit, in its order). SYNC.md, "Merge".
//
// For registers, guarded cells, facts, counters, sets and texts the result does
// not depend on the order of arrival, as long as no stamp is clamped. (Counters,
// sets and texts keep beside it which write came last, so that a page can find
// it.)
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "shared/catalogue/catalogue.h"
#include "shared/changelog/commit.h"
#include "shared/changelog/row.h"

namespace banyan {

// How one operation ended. Stored in logs: append only, never renumber.
enum class Outcome : std::uint8_t {
  Ok = 0,
  Lost = 1,       // a concurrent, later write is shown instead; this one is in the log
  Sibling = 2,    // kept beside another value: a person decides
  DeadRow = 3,    // edited a row that was deleted meanwhile; kept, not shown
  IdTaken = 4,    // another commit has created this id; mint a new one
  NoRow = 5,      // the row is not there
  NoAccess = 6,   // outside the author's scope or rights
  NotYours = 7,   // a field that only the server writes
  Malformed = 8,  // unknown entity or field, wrong type
  // How a command ended that the server did not follow (workflow/machine.h).
  StateMoved = 9,     // another state than its author saw
  NotAllowed = 10,    // not for his role
  GuardFailed = 11,   // what the move asks of the row is not so
  FieldMissing = 12,  // a field that the move needs is empty
  NoMove = 13,        // there is no such move
  Full = 14,          // a shared text that many have written at once is too long by now
};
inline constexpr Outcome kOutcomeLast = Outcome::Full;
constexpr bool rejected(Outcome o) { return o >= Outcome::IdTaken; }

// Who writes, what he had seen, and where the write stands in the order.
struct WriteContext {
  DeviceId device{};
  std::uint64_t seq = 0;   // server sequence, or kPendingSeq | own number
  std::uint64_t seen = 0;  // in the sequence numbers of the current epoch
  std::uint64_t eff = 0;   // clamped stamp; raised by merge() when it must beat what it saw
  bool server = false;     // may write Machine and Derived fields
  // A device that was copied has more numbers: up to these commits, those of others are its own.
  std::span<const Dot> former = {};

  bool saw(const Dot& dot) const {
    return dot.device == device || dot.seq <= seen || dot.seq >= kPendingSeq ||
           std::any_of(former.begin(), former.end(), [&](const Dot& last) {
             return dot.device == last.device && dot.seq <= last.seq;
           });
  }
};

struct OpOutcome {
  std::uint32_t field = 0;  // 0: the row operation itself
  Outcome outcome{};
};

// Applies `write` to `row` (which has `exists == false` for an unknown id).
// `aggregate` is the commit's. Appends to `outcomes` what did not end Ok.
// Returns whether the row changed: a command is looked at and changes nothing.
bool merge(const Entity& entity, RowId aggregate, const RowWrite& write, WriteContext& context,
           Row& row, std::vector<OpOutcome>& outcomes);

// A guarded cell in conflict holds more than one distinct value; a text, one of
// its paragraphs.
bool in_conflict(const Row& row, std::uint32_t field);

}  // namespace banyan
