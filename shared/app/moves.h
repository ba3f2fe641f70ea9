// The next states of a record, by the state machine of its pack. Over an ordinary field a move is
// made at once; over one that headquarters decides it is asked for, and the state stays as it is
// until the answer comes.
#pragma once

#include <cstdint>
#include <vector>

#include "shared/app/models.h"
#include "shared/app/session.h"
#include "shared/changelog/commit.h"

namespace banyan {

// A move from the state that a record is in.
struct MoveItem {
  // Why it cannot be made as things stand.
  enum class Bar : std::uint8_t {
    None,
    Role,     // not this person's
    Missing,  // fields that it needs are empty
    Guard,    // its condition does not hold
    Asked,    // something was asked for already, and headquarters has not answered
  };
  const Move* move = nullptr;
  bool asks = false;  // headquarters decides
  Bar bar{};
  std::vector<const Field*> needs;  // may come along; of those the empty ones must
};

// In the order of the pack; none without a machine. NotFound when the record is not here.
Result<std::vector<MoveItem>> read_moves(Session& session, const Entity& entity, RowId row);

// Makes the move or asks for it, with fields that it needs. Refused, naming nothing but the bar,
// when it cannot be made; a guard that looks at `with` is asked with it.
Status make_move(Session& session, const Entity& entity, RowId row, const Move& move,
                 std::vector<CellWrite> with = {});

// Whether this person may ask for another value of a field that headquarters sets: another
// owner, another branch, the record of the same person.
bool may_ask(const Session& session, const Field& field);
// Whether something was asked for already, and headquarters has not answered.
bool asked_already(const Session& session, const Entity& entity, RowId row, const Field& field);
// Refused when he may not, or when something was asked for already.
Status ask_for(Session& session, const Entity& entity, RowId row, const Field& field,
               const Value& value);

// What was asked for and is not decided, oldest first; kNoRow: of all records.
struct AskedItem {
  std::uint64_t dseq = 0;
  const Entity* entity = nullptr;
  RowId row{};
  const Field* field = nullptr;
  Value wanted;
  std::int64_t at_ms = 0;
  SyncMark mark{};
};
std::vector<AskedItem> read_asked(const Session& session, const Entity* entity, RowId row);

// The record that stands for this one where headquarters has found two to be the same person;
// the record itself when it stands for itself, or the other one is not on this device.
RowId main_record(const Session& session, RowId customer);
// All records of that person, the main one first.
std::vector<RowId> records_of(const Session& session, RowId customer);

}  // namespace banyan
