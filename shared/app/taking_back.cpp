// A change is taken back by an ordinary commit, so it syncs, merges and is undone as any other.
#include <algorithm>
#include <set>

#include "shared/app/drafts.h"
#include "shared/app/form_values.h"
#include "shared/app/history.h"
#include "shared/app/moves.h"
#include "shared/changelog/paragraphs.h"
#include "shared/sync/scopes.h"

namespace banyan {

namespace {

class Planning {
 public:
  Planning(Session& session, bool over_newer) : session_(session), over_newer_(over_newer) {}

  void add(const HistoryChange& change) {
    if (change.outcome != Outcome::Ok) return;  // it is not what counts
    const bool with_row = change.kind == HistoryChange::Kind::Set && created_.contains(change.row);
    if (with_row) return;
    const Result<Row> row = session_.replica().load(*change.entity, change.row);
    if (!row.ok()) session_.note(row.error());
    const UndoBar bar = !row.ok() || !row->exists                 ? UndoBar::Gone
                        : change.kind == HistoryChange::Kind::Set ? cell(change, *row)
                                                                  : life(change, *row);
    if (bar == UndoBar::None) {
      ++plan_.parts;
    } else if (plan_.bar == UndoBar::None) {
      plan_.bar = bar;
    }
  }

  TakingBack take() { return std::move(plan_); }

 private:
  bool may(const Entity& entity, Op op) const {
    return session_.me().may(entity, static_cast<Right>(sync::right_for(op)));
  }

  UndoBar life(const HistoryChange& change, const Row& row) {
    const Entity& entity = *change.entity;
    const bool created = change.kind == HistoryChange::Kind::Created;
    if (created) created_.insert(change.row);
    const bool there = change.kind != HistoryChange::Kind::Deleted;
    const Op back = there ? Op::Delete : Op::Undelete;
    if (entity.fact || (created && entity.root())) return UndoBar::Kept;
    if (!may(entity, back)) return UndoBar::Role;
    if (!change.newest || row.alive() != there) return UndoBar::Newer;
    plan_.back.push_back(RowDraft(entity, back, change.row).take());
    plan_.again.push_back(RowDraft(entity, there ? Op::Undelete : Op::Delete, change.row).take());
    return UndoBar::None;
  }

  UndoBar cell(const HistoryChange& change, const Row& row) {
    const Entity& entity = *change.entity;
    const Field& field = *change.field;
    if (entity.fact) return UndoBar::Kept;
    if (!row.alive()) return UndoBar::Gone;
    if (!change.before) return UndoBar::Unknown;
    if (field.merge == Merge::Derived || field.merge == Merge::Computed) return UndoBar::Decided;
    if (field.merge == Merge::Machine) return ask(change, row);
    if (!may(entity, field.merge == Merge::Set ? Op::Remove : Op::Update)) return UndoBar::Role;
    const CellState now = cell_state(row, field);
    const bool newest = change.newest && (field.merge == Merge::Counter || now == change.after);
    switch (field.merge) {
      case Merge::Counter: {
        const std::int64_t step = int_of(change.after.value) - int_of(change.before->value);
        put(change, Value{-step}, Value{step});
        return UndoBar::None;
      }
      case Merge::Set: return elements(change, now);
      case Merge::Text: {
        if (!newest) return UndoBar::Newer;
        const auto writes = paragraph_changes(row, field.no, text_of(change.before->value));
        if (writes.empty()) return UndoBar::Newer;
        put(change, encode_paragraphs(writes),
            encode_paragraphs(paragraphs_back(row, field.no, writes)));
        return UndoBar::None;
      }
      default: break;
    }
    if (!newest) ++plan_.newer;
    if (!newest && !over_newer_) return UndoBar::Newer;
    put(change, change.before->value, now.value);
    return UndoBar::None;
  }

  // Another owner, another branch, the record of the same person.
  UndoBar ask(const HistoryChange& change, const Row& row) {
    const Entity& entity = *change.entity;
    const Field& field = *change.field;
    if (entity.machine.field == field.name || !may_ask(session_, field) ||
        asked_already(session_, entity, change.row, field)) {
      return UndoBar::Decided;
    }
    const bool newest = change.newest && cell_state(row, field) == change.after;
    if (!newest) ++plan_.newer;
    if (!newest && !over_newer_) return UndoBar::Newer;
    plan_.asks = true;
    plan_.back.push_back(
        RowDraft(entity, Op::Command, change.row).set(field, change.before->value).take());
    return UndoBar::None;
  }

  UndoBar elements(const HistoryChange& change, const CellState& now) {
    const auto has = [](const std::vector<std::int64_t>& all, std::int64_t one) {
      return std::find(all.begin(), all.end(), one) != all.end();
    };
    std::vector<std::int64_t> target = now.elements;
    for (const std::int64_t one : change.after.elements) {
      if (!has(change.before->elements, one)) std::erase(target, one);
    }
    for (const std::int64_t one : change.before->elements) {
      if (!has(change.after.elements, one) && !has(target, one)) target.push_back(one);
    }
    std::sort(target.begin(), target.end());
    if (target == now.elements) return UndoBar::Newer;  // somebody has done it already
    add_set_changes(*change.entity, change.row, *change.field, now.elements, target, plan_.back);
    add_set_changes(*change.entity, change.row, *change.field, target, now.elements, plan_.again);
    return UndoBar::None;
  }

  void put(const HistoryChange& change, Value back, Value again) {
    const auto row = [&](Value value) {
      return RowDraft(*change.entity, Op::Update, change.row)
          .set(*change.field, std::move(value))
          .take();
    };
    plan_.back.push_back(row(std::move(back)));
    plan_.again.push_back(row(std::move(again)));
  }

  Session& session_;
  const bool over_newer_;
  std::set<RowId> created_;
  TakingBack plan_;
};

}  // namespace

TakingBack plan_taking_back(Session& session, const HistoryItem& item, bool over_newer) {
  Planning planning(session, over_newer);
  for (const HistoryChange& change : item.changes) planning.add(change);
  return planning.take();
}

Status take_back(Session& session, RowId aggregate, const HistoryItem& item, bool over_newer) {
  TakingBack plan = plan_taking_back(session, item, over_newer);
  if (plan.parts == 0) return fail(ErrorCode::Refused, "nothing that can be taken back");
  std::vector<Draft> again;
  // What headquarters decides is asked for again, not taken back.
  if (!plan.asks) again.push_back({aggregate, 0, std::move(plan.again)});
  return write(session, {{aggregate, 0, std::move(plan.back)}}, std::move(again));
}

}  // namespace banyan
