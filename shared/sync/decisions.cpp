// What the server writes because of a commit that it takes: decisions on commands, mirrors of
// edges.
#include <algorithm>

#include "shared/base/date.h"
#include "shared/changelog/limits.h"
#include "shared/sync/ingest.h"

namespace banyan::sync {
namespace {

RowWrite update_of(const Entity& entity, RowId row) { return {entity.no, Op::Update, row, 1, {}}; }

// What the mirror says where the row says `value`.
Value opposite_of(const Field& field, const Value& value) {
  if (field.type != FieldType::Enum || is_null(value)) return value;
  const Choice* choice = field.choice(int_of(value));
  const Choice* other = choice == nullptr ? nullptr : field.choice(choice->opposite);
  return other == nullptr ? value : Value{other->no};
}

}  // namespace

// ---- commands

Status Ingest::decide(const Commit& commit, std::size_t index, const Plan& plan,
                      const CommandId& id, WriteContext& context, CommitOutcome& outcome) {
  const RowWrite& write = commit.rows[index];
  const auto end = [&](std::uint32_t field, Outcome how) {
    if (how != Outcome::Ok) outcome.ops.push_back({id.op, field, how});
  };
  TRY_ASSIGN(std::optional<Outcome> refused, refusal(commit, write, plan));
  // What a decision may change is asked when it is decided, not when it was written.
  if (!refused && plan.late) refused = Outcome::NoAccess;
  if (refused) {
    end(0, *refused);
    return {};
  }
  // One of a row: the next one would stand on what becomes of it.
  std::size_t before = 0;
  bool again = false;
  for (std::size_t i = 0; i < index; ++i) {
    const RowWrite& other = commit.rows[i];
    if (other.op != Op::Command) continue;
    ++before;
    again = again || (other.entity == write.entity && other.row == write.row);
  }
  TRY_ASSIGN(Cached * cached, row(write.entity, write.row));
  const Entity& entity = *catalogue_.entity(write.entity);
  std::vector<OpOutcome> faults;
  merge(entity, commit.aggregate, write, context, cached->now, faults);
  if ((again || before >= kCommandsMax) && faults.empty())
    faults.push_back({0, Outcome::Malformed});
  for (const OpOutcome& fault : faults) end(fault.field, fault.outcome);
  if (!faults.empty()) return {};

  TRY_ASSIGN(const Verdict verdict, verdict_on(commit, write, cached->now, id, outcome));
  if (verdict.outcome != Outcome::Ok) {
    end(verdict.field, verdict.outcome);
    return {};
  }
  Decision decision;
  decision.receipt = Receipt{{}, id, write.entity, write.row, {}, {}, {}, verdict.steps};
  RowWrite change = update_of(entity, write.row);
  for (const CellWrite& cell : write.cells) {
    const auto step = std::find_if(verdict.steps.begin(), verdict.steps.end(),
                                   [&](const Step& s) { return s.field == cell.field; });
    const Value& to = step == verdict.steps.end() ? cell.value : step->to;
    if (cached->now.cell(cell.field) != to) change.cells.push_back({cell.field, to, {}});
  }
  if (!change.cells.empty()) {
    decision.draft = Draft{commit.aggregate, commit.user, {std::move(change)}};
  }
  decisions_.push_back(std::move(decision));
  return {};
}

// What was decided before the server was restored stands, whatever has become of the state.
Result<Verdict> Ingest::verdict_on(const Commit& commit, const RowWrite& write, const Row& row,
                                   const CommandId& id, CommitOutcome& outcome) {
  const Entity& entity = *catalogue_.entity(write.entity);
  if (epochs_.size() > 1 && commit.epoch != epochs_.back().epoch) {
    TRY_ASSIGN(const std::optional<Bytes> shown, store_.receipt(id, ReceiptState::Shown));
    std::optional<Receipt> promised;
    if (shown) {
      TRY_ASSIGN(promised, read_receipt(*shown));
    }
    if (promised && promised->entity == write.entity && promised->row == write.row) {
      Verdict verdict{{}, 0, promised->steps};
      for (Step& step : verdict.steps) {
        const Value& now = row.cell(step.field);
        if (now != step.from && now != step.to) outcome.flags |= kJumped;
        step.from = now;
      }
      return verdict;
    }
  }
  TRY_ASSIGN(const Role* role, this->role());
  const Asking asking{role, {now_ms_ / kDayMs, now_ms_, author_.user}};
  const auto lookup = [this](std::uint32_t no, RowId other) -> Result<Row> {
    TRY_ASSIGN(const Row* found, peek(no, other));
    return *found;
  };
  return machines_.decide(entity, write, row, asking, lookup);
}

// ---- edges and their mirrors

Status Ingest::follow_edges(const Commit& commit, const Plan& plan, std::uint64_t seq) {
  std::vector<Key> touched;
  for (const RowWrite& write : commit.rows) {
    const Entity* entity = catalogue_.entity(write.entity);
    const Key key{write.entity, write.row};
    if (entity == nullptr || entity->mirror.of.empty() ||
        std::find(touched.begin(), touched.end(), key) != touched.end()) {
      continue;
    }
    TRY_ASSIGN(const Cached* cached, row(write.entity, write.row));
    if (cached->seq != seq) continue;  // nothing came of it
    touched.push_back(key);
    const Row now = cached->now;
    TRY(follow_edge(*entity, now));
  }
  // What core banking delivers it delivers with both ends.
  if (!plan.creates || author_.device == kImportDevice) return {};
  const Entity* root = catalogue_.entity(commit.rows[plan.creating_row].entity);
  const auto& all = catalogue_.entities();
  const bool named = root != nullptr && std::any_of(all.begin(), all.end(), [&](const Entity& e) {
                       return !e.mirror.of.empty() && e.aggregate == root->name;
                     });
  if (!named) return {};
  TRY_ASSIGN(const std::vector<Edge> waiting, store_.edges_waiting(commit.aggregate));
  for (const Edge& edge : waiting) {
    TRY_ASSIGN(const Cached* cached, row(edge.entity, edge.row));
    const Row now = cached->now;
    TRY(follow_edge(*catalogue_.entity(edge.entity), now));
  }
  return {};
}

// Brings the mirror of `row` in step with it.
Status Ingest::follow_edge(const Entity& entity, const Row& row) {
  const Field& of = *entity.field(entity.mirror.of);
  const Field& to = *entity.field(entity.mirror.to);
  const RowId mirrored = row_of(row.cell(of.no));
  if (mirrored != kNoRow) {  // a mirror: note where it is
    if (!row.alive()) return {};
    const RowId from = row_of(row.cell(to.no));
    return store_.keep_edge({entity.no, mirrored, from, row.aggregate, row.id});
  }
  if (author_.device == kImportDevice) return {};
  const RowId other = row.alive() ? row_of(row.cell(to.no)) : kNoRow;
  TRY_ASSIGN(const std::optional<Edge> known, store_.edge(entity.no, row.id));
  Edge edge{entity.no, row.id, row.aggregate, other, kNoRow};
  if (known && known->mirror != kNoRow) {
    // A row that was deleted keeps its mirror, for the day when it comes back.
    const bool same = known->other == other || other == kNoRow;
    if (same) edge = *known;
    if (!same || other == kNoRow) TRY(drop_mirror(entity, *known));
    if (other == kNoRow) return {};
  }
  if (other == kNoRow || other == row.aggregate) {
    edge.other = kNoRow;
    return known ? store_.keep_edge(edge) : Status{};
  }
  TRY_ASSIGN(const Standing* standing, this->standing(other));
  if (standing->root != catalogue_.root_of(entity).no) return store_.keep_edge(edge);
  TRY_ASSIGN(Draft draft, mirror_draft(entity, row, edge));
  if (!draft.rows.empty()) decisions_.push_back({std::move(draft), {}});
  return {};
}

Status Ingest::drop_mirror(const Entity& entity, const Edge& edge) {
  TRY_ASSIGN(const Cached* mirror, row(entity.no, edge.mirror));
  if (!mirror->now.alive()) return {};
  const RowWrite gone{entity.no, Op::Delete, edge.mirror, 1, {}};
  decisions_.push_back({Draft{mirror->now.aggregate, 0, {gone}}, {}});
  return {};
}

// The writes that make the mirror of `row` what it should be; none when it is.
Result<Draft> Ingest::mirror_draft(const Entity& entity, const Row& row, const Edge& edge) {
  Draft draft{edge.other, 0, {}};
  Row mirror;
  mirror.entity = entity.no;
  if (edge.mirror != kNoRow) {
    TRY_ASSIGN(const Cached* there, this->row(entity.no, edge.mirror));
    mirror = there->now;
  }
  RowWrite write = update_of(entity, edge.mirror);
  if (!mirror.exists) {
    write.op = Op::Insert;
    write.row = mint_();
  } else if (!mirror.alive()) {
    draft.rows.push_back({entity.no, Op::Undelete, mirror.id, 1, {}});
  }
  const auto say = [&](std::string_view name, const Value& value) {
    const Field& field = *entity.field(name);
    if (mirror.cell(field.no) != value) write.cells.push_back({field.no, value, {}});
  };
  say(entity.mirror.of, Value{row.id});
  say(entity.mirror.to, Value{row.aggregate});
  for (const std::string& name : entity.mirror.fields) {
    const Field& field = *entity.field(name);
    say(name, opposite_of(field, row.cell(field.no)));
  }
  if (!write.cells.empty()) draft.rows.push_back(std::move(write));
  return draft;
}

}  // namespace banyan::sync
