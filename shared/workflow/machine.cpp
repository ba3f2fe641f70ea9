#include "shared/workflow/machine.h"

#include <algorithm>

#include "shared/changelog/codec.h"

namespace banyan {
namespace {

constexpr int kChainMax = 64;  // records above one another; more is a circle

bool names(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

Verdict refuse(Outcome outcome, std::uint32_t field) { return {outcome, field, {}}; }

const CellWrite* cell_of(const RowWrite& command, std::uint32_t field) {
  const auto at = std::find_if(command.cells.begin(), command.cells.end(),
                               [&](const CellWrite& c) { return c.field == field; });
  return at == command.cells.end() ? nullptr : &*at;
}

}  // namespace

bool is_state(const Entity& entity, const Field& field) {
  return !entity.machine.field.empty() && entity.machine.field == field.name;
}

Value state_of(const Entity& entity, const Field& field, const Row& row) {
  const Value& there = row.cell(field.no);
  if (!is_null(there) || !is_state(entity, field)) return there;
  const Choice* first = first_state(field);
  return first == nullptr ? Value{} : Value{first->no};
}

const Move* find_move(const Entity& entity, const Value& from, const Value& to) {
  const Field* field = entity.field(entity.machine.field);
  if (field == nullptr || is_null(from) || is_null(to)) return nullptr;
  const Choice* start = field->choice(int_of(from));
  const Choice* end = field->choice(int_of(to));
  if (start == nullptr || end == nullptr) return nullptr;
  for (const Move& move : entity.machine.moves) {
    if (move.to == end->name && names(move.from, start->name)) return &move;
  }
  return nullptr;
}

bool may_move(const Entity& entity, const Move& move, const Role* role) {
  if (role == nullptr) return false;
  if (!move.roles.empty()) return names(move.roles, role->name);
  return (role->may(entity.name) & kUpdate) != 0;
}

Result<Verdict> Machines::passes(const Entity& entity, const Move& move, const Row& row,
                                 const Surroundings& around) {
  for (const std::string& name : move.needs) {
    const Field* field = entity.field(name);
    if (field == nullptr) continue;
    const bool element = std::any_of(row.siblings.begin(), row.siblings.end(),
                                     [&](const Sibling& s) { return s.field == field->no; });
    const bool there = field->merge == Merge::Set ? element : !is_null(row.cell(field->no));
    if (!there) return refuse(Outcome::FieldMissing, field->no);
  }
  const auto holds = expressions_.holds(entity, move.guard, row, around);
  const bool passed = holds.ok() && *holds;
  return passed ? Verdict{} : refuse(Outcome::GuardFailed, 0);
}

Result<Verdict> Machines::decide(const Entity& entity, const RowWrite& command, const Row& row,
                                 const Asking& asking, const Lookup& lookup) {
  Verdict verdict;
  for (const CellWrite& cell : command.cells) {
    const Field* field = entity.field(cell.field);
    if (field == nullptr || field->merge != Merge::Machine || !cell.replaced) continue;
    if (digest_of(row.cell(field->no)) != *cell.replaced) {
      return refuse(Outcome::StateMoved, field->no);
    }
    const Step step{field->no, row.cell(field->no), cell.value};
    TRY_ASSIGN(const Verdict one, is_state(entity, *field)
                                      ? decide_state(entity, *field, command, step, row, asking)
                                      : decide_value(entity, *field, step, row, asking, lookup));
    if (one.outcome != Outcome::Ok) return one;
    verdict.steps.push_back(step);
  }
  // What comes along is what the move asks for, nothing else.
  for (const CellWrite& cell : command.cells) {
    const bool step = std::any_of(verdict.steps.begin(), verdict.steps.end(),
                                  [&](const Step& s) { return s.field == cell.field; });
    const bool needed = std::any_of(verdict.steps.begin(), verdict.steps.end(), [&](const Step& s) {
      const Field& field = *entity.field(s.field);
      const Move* move =
          is_state(entity, field) ? find_move(entity, state_of(entity, field, row), s.to) : nullptr;
      return move != nullptr && names(move->needs, entity.field(cell.field)->name);
    });
    if (!step && !needed) return refuse(Outcome::NotYours, cell.field);
  }
  return verdict;
}

// A move of the entity's machine.
Result<Verdict> Machines::decide_state(const Entity& entity, const Field& field,
                                       const RowWrite& command, const Step& step, const Row& row,
                                       const Asking& asking) {
  const Move* move = find_move(entity, state_of(entity, field, row), step.to);
  if (move == nullptr) return refuse(Outcome::NoMove, field.no);
  if (!may_move(entity, *move, asking.role)) return refuse(Outcome::NotAllowed, field.no);
  Row after = row;
  for (const std::string& name : move->needs) {
    const Field* needed = entity.field(name);
    const CellWrite* given = needed == nullptr ? nullptr : cell_of(command, needed->no);
    if (given != nullptr) after.set_cell(needed->no, given->value);
  }
  return passes(entity, *move, after, asking.around);
}

// A value that only the server sets, and for which there is no machine: whose a record is.
Result<Verdict> Machines::decide_value(const Entity& entity, const Field& field, const Step& step,
                                       const Row& row, const Asking& asking, const Lookup& lookup) {
  if (asking.role == nullptr || !names(field.roles, asking.role->name)) {
    return refuse(Outcome::NotAllowed, field.no);
  }
  if (step.from == step.to) return refuse(Outcome::NoMove, field.no);
  if (field.type == FieldType::Enum && !is_null(step.to) &&
      field.choice(int_of(step.to)) == nullptr) {
    return refuse(Outcome::NoMove, field.no);
  }
  if (field.type != FieldType::Ref || is_null(step.to)) return Verdict{};
  const Entity* target = catalogue_.entity(field.ref);
  if (target == nullptr) return refuse(Outcome::Malformed, field.no);
  TRY_ASSIGN(const Row there, lookup(target->no, row_of(step.to)));
  if (!there.alive()) return refuse(Outcome::GuardFailed, field.no);
  if (target->no != entity.no) return Verdict{};
  TRY_ASSIGN(const bool circle, closes_circle(field, row.id, row_of(step.to), lookup));
  return circle ? refuse(Outcome::GuardFailed, field.no) : Verdict{};
}

// Records of one kind above one another never end in themselves: branches, customers that are
// the same person.
Result<bool> Machines::closes_circle(const Field& field, RowId from, RowId to,
                                     const Lookup& lookup) {
  const std::uint32_t entity = catalogue_.entity(field.ref)->no;
  for (int i = 0; i < kChainMax && to != kNoRow; ++i) {
    if (to == from) return true;
    TRY_ASSIGN(const Row row, lookup(entity, to));
    to = row.alive() ? row_of(row.cell(field.no)) : kNoRow;
  }
  return to != kNoRow;
}

}  // namespace banyan
