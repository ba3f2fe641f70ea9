#include "shared/app/moves.h"

#include <algorithm>
#include <set>

#include "shared/app/ask.h"
#include "shared/app/drafts.h"
#include "shared/app/queries.h"
#include "shared/storage/expressions.h"
#include "shared/workflow/machine.h"

namespace banyan {

namespace {

constexpr int kChainMax = 64;  // as long as headquarters lets a chain of records be

Result<std::unique_ptr<ExpressionEngine>> make_engine() {
  TRY_ASSIGN(std::unique_ptr<Expressions> made, Expressions::create());
  return std::unique_ptr<ExpressionEngine>(std::move(made));
}

Surroundings around(const Session& session) {
  return {session.today(), session.now_ms(), session.me().staff};
}

Result<Row> load_alive(const Session& session, const Entity& entity, RowId id) {
  TRY_ASSIGN(Row row, session.replica().load(entity, id));
  if (!row.alive()) return fail(ErrorCode::NotFound, entity.name);
  return row;
}

const Field* state_field(const Entity& entity) {
  return entity.machine.field.empty() ? nullptr : entity.field(entity.machine.field);
}

Result<MoveItem::Bar> bar_of(Session& session, Machines& machines, const Entity& entity,
                             const Row& row, const Move& move) {
  const Field& field = *state_field(entity);
  if (!may_move(entity, move, session.me().role)) return MoveItem::Bar::Role;
  if (field.merge == Merge::Machine && asked_already(session, entity, row.id, field)) {
    return MoveItem::Bar::Asked;
  }
  TRY_ASSIGN(const Verdict verdict, machines.passes(entity, move, row, around(session)));
  switch (verdict.outcome) {
    case Outcome::Ok: return MoveItem::Bar::None;
    case Outcome::FieldMissing: return MoveItem::Bar::Missing;
    default: return MoveItem::Bar::Guard;
  }
}

RowId same_as(const Session& session, RowId customer) {
  const Entity& entity = *session.names().customer;
  const Field* field = entity.field("same_as");
  const auto row = session.replica().load(entity, customer);
  if (!row.ok()) session.note(row.error());
  return field == nullptr || !row.ok() || !row->alive() ? kNoRow : row_of(row->cell(field->no));
}

}  // namespace

bool asked_already(const Session& session, const Entity& entity, RowId row, const Field& field) {
  const auto asked = session.replica().asked(entity.no, row);
  if (!asked.ok()) {
    session.note(asked.error());
    return false;
  }
  return std::any_of(asked->begin(), asked->end(),
                     [&](const Replica::Asked& a) { return a.field == field.no; });
}

Result<std::vector<MoveItem>> read_moves(Session& session, const Entity& entity, RowId id) {
  std::vector<MoveItem> out;
  TRY_ASSIGN(const Row row, load_alive(session, entity, id));
  const Field* field = state_field(entity);
  if (field == nullptr) return out;
  Machines machines(session.catalogue(), make_engine);
  const Choice* from = field->choice(int_of(state_of(entity, *field, row)));
  for (const Move& move : entity.machine.moves) {
    const bool here = from != nullptr &&
                      std::find(move.from.begin(), move.from.end(), from->name) != move.from.end();
    if (!here) continue;
    MoveItem item;
    item.move = &move;
    item.asks = field->merge == Merge::Machine;
    for (const std::string& name : move.needs) item.needs.push_back(entity.field(name));
    TRY_ASSIGN(item.bar, bar_of(session, machines, entity, row, move));
    out.push_back(std::move(item));
  }
  return out;
}

Status make_move(Session& session, const Entity& entity, RowId id, const Move& move,
                 std::vector<CellWrite> with) {
  TRY_ASSIGN(const Row row, load_alive(session, entity, id));
  const Field* field = state_field(entity);
  const Choice* to = field == nullptr ? nullptr : field->choice(move.to);
  if (to == nullptr || find_move(entity, state_of(entity, *field, row), Value{to->no}) != &move) {
    return fail(ErrorCode::Refused, "no such move from here");
  }
  Row after = row;
  for (const CellWrite& cell : with) after.set_cell(cell.field, cell.value);
  Machines machines(session.catalogue(), make_engine);
  TRY_ASSIGN(const MoveItem::Bar bar, bar_of(session, machines, entity, after, move));
  if (bar != MoveItem::Bar::None) {
    return fail(ErrorCode::Refused, "move barred: " + std::to_string(static_cast<int>(bar)));
  }
  const bool asks = field->merge == Merge::Machine;
  RowWrite change{entity.no, asks ? Op::Command : Op::Update, id, 1, std::move(with)};
  RowWrite back{entity.no, Op::Update, id, 1, {}};
  change.cells.push_back({field->no, Value{to->no}, {}});
  for (const CellWrite& cell : change.cells) {
    back.cells.push_back({cell.field, row.cell(cell.field), {}});
  }
  std::vector<Draft> undo;
  if (!asks) undo.push_back({row.aggregate, 0, {std::move(back)}});
  return write(session, {{row.aggregate, 0, {std::move(change)}}}, std::move(undo));
}

bool may_ask(const Session& session, const Field& field) {
  const Role* role = session.me().role;
  return role != nullptr && field.merge == Merge::Machine &&
         std::find(field.roles.begin(), field.roles.end(), role->name) != field.roles.end();
}

Status ask_for(Session& session, const Entity& entity, RowId id, const Field& field,
               const Value& value) {
  TRY_ASSIGN(const Row row, load_alive(session, entity, id));
  if (!may_ask(session, field)) return fail(ErrorCode::Refused, "not for this role");
  if (asked_already(session, entity, id, field))
    return fail(ErrorCode::Refused, "asked for already");
  return write(session,
               {{row.aggregate, 0, {{entity.no, Op::Command, id, 1, {{field.no, value, {}}}}}}},
               {});
}

std::vector<AskedItem> read_asked(const Session& session, const Entity* entity, RowId row) {
  std::vector<AskedItem> out;
  const auto asked = session.replica().asked(entity == nullptr ? 0 : entity->no, row);
  if (!asked.ok()) {
    session.note(asked.error());
    return out;
  }
  for (const Replica::Asked& one : *asked) {
    const Entity* kind = session.catalogue().entity(one.entity);
    out.push_back({one.dseq, kind, one.row, kind->field(one.field), one.wanted,
                   static_cast<std::int64_t>(one.hlc >> 16),
                   mark_of(session.replica().state_of(one.dseq))});
  }
  return out;
}

RowId main_record(const Session& session, RowId customer) {
  for (int i = 0; i < kChainMax; ++i) {
    const RowId next = same_as(session, customer);
    const bool here =
        next != kNoRow && session.replica().load(*session.names().customer, next)->alive();
    if (!here) return customer;
    customer = next;
  }
  return customer;
}

std::vector<RowId> records_of(const Session& session, RowId customer) {
  std::vector<RowId> out{main_record(session, customer)};
  if (session.names().customer->field("same_as") == nullptr) return out;
  std::set<RowId> known(out.begin(), out.end());
  for (std::size_t at = 0; at < out.size(); ++at) {
    ask(
        session, "SELECT id FROM customer WHERE same_as=?1 AND _dead=0 ORDER BY id",
        [&](const Statement& row) {
          if (known.insert(row.row_id(0)).second) out.push_back(row.row_id(0));
        },
        out[at]);
  }
  return out;
}

}  // namespace banyan
