// What a state machine allows, and how the server decides a command. Pure.
//
// A command is a row operation that asks for other states: its cells of kind Machine hold the
// states wanted, each with the digest of the state that its author saw; the others are what the
// move needs (a reason, a date). It changes nothing by itself: what the server decides it writes
// by a commit of its own. SYNC.md, 2 (kind M) and 14.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "shared/catalogue/catalogue.h"
#include "shared/changelog/commit.h"
#include "shared/changelog/merge.h"
#include "shared/workflow/row_expressions.h"

namespace banyan {

// Who asks for a move, and where.
struct Asking {
  const Role* role = nullptr;  // null: none, so nothing is allowed
  Surroundings around;
};

// One field from one state to another.
struct Step {
  std::uint32_t field = 0;
  Value from, to;
  bool operator==(const Step&) const = default;
};

// How a command is decided.
struct Verdict {
  Outcome outcome{};        // Ok, or why not
  std::uint32_t field = 0;  // which field it is about; 0: the command as a whole
  std::vector<Step> steps;  // what happens, when it is Ok
};

// The state of a row: a row that was made without one is in the first.
Value state_of(const Entity& entity, const Field& field, const Row& row);
// Null: there is none.
const Move* find_move(const Entity& entity, const Value& from, const Value& to);
// Whether that role may ever take the move.
bool may_move(const Entity& entity, const Move& move, const Role* role);
// Whether the field's values are the entity's states.
bool is_state(const Entity& entity, const Field& field);

class Machines {
 public:
  // Any row, also of another aggregate; `exists` is false when there is none.
  using Lookup = std::function<Result<Row>(std::uint32_t entity, RowId id)>;

  Machines(const Catalogue& catalogue, RowExpressions::EngineMaker make)
      : catalogue_(catalogue), expressions_(std::move(make)) {}

  // Whether `row`, as it is after the move but for its state, lets it happen: Ok, FieldMissing
  // or GuardFailed.
  Result<Verdict> passes(const Entity& entity, const Move& move, const Row& row,
                         const Surroundings& around);

  // `row` exists and is the command's. Errors are the lookup's: a guard that cannot be worked
  // out does not pass.
  Result<Verdict> decide(const Entity& entity, const RowWrite& command, const Row& row,
                         const Asking& asking, const Lookup& lookup);

  RowExpressions& expressions() { return expressions_; }
  const Catalogue& catalogue() const { return catalogue_; }

 private:
  Result<Verdict> decide_state(const Entity& entity, const Field& field, const RowWrite& command,
                               const Step& step, const Row& row, const Asking& asking);
  Result<Verdict> decide_value(const Entity& entity, const Field& field, const Step& step,
                               const Row& row, const Asking& asking, const Lookup& lookup);
  Result<bool> closes_circle(const Field& field, RowId from, RowId to, const Lookup& lookup);

  const Catalogue& catalogue_;
  RowExpressions expressions_;
};

}  // namespace banyan
