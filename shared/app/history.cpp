#include "shared/app/history.h"

#include <algorithm>
#include <utility>

#include "shared/changelog/merge.h"
#include "shared/changelog/paragraphs.h"

namespace banyan {

namespace {

HistoryChange::Kind kind_of(Op op) {
  switch (op) {
    case Op::Insert:
    case Op::Fact: return HistoryChange::Kind::Created;
    case Op::Delete: return HistoryChange::Kind::Deleted;
    case Op::Undelete: return HistoryChange::Kind::Restored;
    default: return HistoryChange::Kind::Set;
  }
}

// What a write says by itself, where the row that it changes is not known.
CellState as_written(const Field& field, const CellWrite& cell) {
  if (field.merge == Merge::Set) return {{}, {int_of(cell.value)}};
  if (field.merge != Merge::Text || !is_paragraphs(cell.value)) return {cell.value, {}};
  std::string lines;
  if (const auto writes = decode_paragraphs(text_of(cell.value))) {
    for (const ParagraphWrite& one : *writes) {
      if (one.element % 2 != 0 || is_null(one.value)) continue;
      lines += (lines.empty() ? "" : "\n") + text_of(one.value);
    }
  }
  return {std::move(lines), {}};
}

class Replay {
 public:
  Replay(const Catalogue& catalogue, const sync::History& history)
      : catalogue_(catalogue), history_(history) {}

  HistoryItem take(const sync::HistoryEntry& entry) {
    HistoryItem item;
    item.seq = entry.seq;
    item.received_ms = entry.received_ms;
    item.from.device = entry.device;
    item.from.at_ms = static_cast<std::int64_t>(entry.commit.hlc >> 16);
    item.from.pending = entry.seq >= kPendingSeq;
    item.late = (entry.flags & sync::kLate) != 0;
    item.suspect = (entry.flags & sync::kSuspect) != 0;
    item.let_in = (entry.flags & sync::kLetIn) != 0;
    WriteContext context;
    context.device = entry.device;
    context.seq = entry.seq;
    context.seen = entry.seen;
    context.eff = entry.eff;
    context.server = true;  // what was refused is not among these
    for (const sync::History::Copy& copy : history_.copies) {
      if (copy.device == entry.device) context.former = copy.former;
    }
    const auto root = [&](const RowWrite& write) { return write.row == entry.commit.aggregate; };
    for (const bool first : {true, false}) {  // its children need the root first
      for (const RowWrite& write : entry.commit.rows) {
        if (root(write) == first) merge_row(write, context, item);
      }
    }
    return item;
  }

  // Whether what the change left is there still.
  bool newest(const HistoryItem& item, const HistoryChange& change) const {
    const auto found = rows_.find({change.entity->no, change.row});
    if (change.outcome != Outcome::Ok || found == rows_.end()) return false;
    const Row& now = found->second;
    const Dot dot{item.from.device, item.seq};
    const auto& cells = now.clock.cells;
    switch (change.kind) {
      case HistoryChange::Kind::Created:
        return now.alive() && std::all_of(cells.begin(), cells.end(),
                                          [&](const CellClock& cell) { return cell.dot() == dot; });
      case HistoryChange::Kind::Deleted: return !now.alive() && now.clock.life_seq == dot.seq;
      case HistoryChange::Kind::Restored: return now.alive() && now.clock.life_seq == dot.seq;
      case HistoryChange::Kind::Set: break;
    }
    if (!now.alive() || in_conflict(now, change.field->no)) return false;
    const bool same = cell_state(now, *change.field) == change.after;
    switch (change.field->merge) {
      case Merge::Counter: return true;
      case Merge::Set:
      case Merge::Text: return same;
      default: return same && now.clock.of(change.field->no).dot() == dot;
    }
  }

 private:
  void merge_row(const RowWrite& write, WriteContext& context, HistoryItem& item) {
    const Entity* entity = catalogue_.entity(write.entity);
    if (entity == nullptr || write.op == Op::Command) return;
    Row& row = rows_[{write.entity, write.row}];
    const bool creates = write.op == Op::Insert || write.op == Op::Fact;
    const bool known = row.exists || creates;
    std::vector<std::pair<const Field*, CellState>> before;
    for (const CellWrite& cell : write.cells) {
      const Field* field = entity->field(cell.field);
      if (field != nullptr) before.emplace_back(field, cell_state(row, *field));
    }
    std::vector<OpOutcome> outcomes;
    if (known) merge(*entity, history_.aggregate, write, context, row, outcomes);
    const auto outcome_of = [&](std::uint32_t field) {
      for (const OpOutcome& one : outcomes) {
        if (one.field == field || one.field == 0) return one.outcome;
      }
      return Outcome::Ok;
    };
    if (kind_of(write.op) != HistoryChange::Kind::Set) {
      item.changes.push_back(
          {kind_of(write.op), entity, write.row, nullptr, {}, {}, outcome_of(0), false});
    }
    for (auto& [field, old] : before) {
      HistoryChange change{HistoryChange::Kind::Set, entity, write.row, field, {}, {}, {}, false};
      change.outcome = outcome_of(field->no);
      if (known) {
        change.before = std::move(old);
        change.after = cell_state(row, *field);
      }
      const bool counts = change.outcome == Outcome::Ok && known;
      if (!counts) {
        for (const CellWrite& cell : write.cells) {
          if (cell.field == field->no) change.after = as_written(*field, cell);
        }
      }
      // Written again as it was: nothing that anybody saw.
      if (counts && change.before == change.after) continue;
      item.changes.push_back(std::move(change));
    }
  }

  const Catalogue& catalogue_;
  const sync::History& history_;
  std::map<std::pair<std::uint32_t, RowId>, Row> rows_;
};

}  // namespace

CellState cell_state(const Row& row, const Field& field) {
  CellState state;
  if (field.merge == Merge::Set) {
    for (const Sibling& sibling : row.siblings) {
      const bool again = !state.elements.empty() && state.elements.back() == sibling.element;
      if (sibling.field == field.no && !again) state.elements.push_back(sibling.element);
    }
    return state;
  }
  state.value = row.cell(field.no);
  if (field.merge == Merge::Text && !is_null(state.value)) state.value = whole_text(row, field.no);
  return state;
}

std::vector<HistoryItem> replay(const Catalogue& catalogue, const sync::History& history) {
  Replay all(catalogue, history);
  std::vector<HistoryItem> items;
  for (auto at = history.entries.rbegin(); at != history.entries.rend(); ++at) {
    HistoryItem item = all.take(*at);
    if (!item.changes.empty()) items.push_back(std::move(item));
  }
  std::reverse(items.begin(), items.end());
  for (HistoryItem& item : items) {
    for (HistoryChange& change : item.changes) change.newest = all.newest(item, change);
  }
  return items;
}

}  // namespace banyan
