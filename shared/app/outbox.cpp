#include <algorithm>
#include <map>

#include "shared/app/ask.h"
#include "shared/app/photo_lane.h"
#include "shared/app/queries.h"

namespace banyan {

namespace {

constexpr std::size_t kCountMax = 5'000;  // own commits looked through for a summary
constexpr std::size_t kConflictsMax = 500;

// The worst that happened to each own commit that did not simply end well.
std::map<std::uint64_t, Outcome> refused_commits(const Session& session) {
  std::map<std::uint64_t, Outcome> out;
  const auto outcomes = session.replica().outcomes(false, kCountMax);
  if (!outcomes.ok()) {
    session.note(outcomes.error());
    return out;
  }
  for (const Replica::OwnOutcome& one : *outcomes) {
    if (!rejected(one.outcome) && one.outcome != Outcome::DeadRow) continue;
    Outcome& worst = out.emplace(one.dseq, one.outcome).first->second;
    worst = std::max(worst, one.outcome);
  }
  return out;
}

OutboxItem item_of(const Session& session, const Replica::OwnCommit& commit) {
  OutboxItem item;
  item.dseq = commit.dseq;
  item.aggregate = commit.aggregate;
  item.at_ms = static_cast<std::int64_t>(commit.hlc >> 16);
  item.mark = mark_of(commit.state);
  if (!commit.rows.empty()) {
    item.entity = session.catalogue().entity(commit.rows.front().first);
    item.row = commit.rows.front().second;
  }
  item.rows = static_cast<int>(commit.rows.size());
  const Entity& customer = *session.names().customer;
  item.title = title_of(session, customer, commit.aggregate);
  if (item.title.empty() && item.entity != nullptr && item.entity->root()) {
    item.title = title_of(session, *item.entity, item.row);
  }
  return item;
}

CellClock clock_of(const Sibling& sibling) {
  return {sibling.field, {sibling.life, sibling.hlc, sibling.dot.device}, sibling.dot.seq};
}

}  // namespace

OutboxCounts read_outbox_counts(const Session& session) {
  OutboxCounts counts;
  counts.waiting = static_cast<std::int64_t>(session.replica().pending_count());
  const auto conflicts = session.replica().conflict_count();
  if (!conflicts.ok()) session.note(conflicts.error());
  counts.conflicts = conflicts.ok() ? *conflicts : 0;
  counts.blocked = ask_int(session, "SELECT count(DISTINCT dseq) FROM outc WHERE code>=?1",
                           static_cast<std::int64_t>(Outcome::DeadRow));
  return counts;
}

OutboxSummary read_outbox_summary(const Session& session) {
  OutboxSummary sum;
  const Names& names = session.names();
  const auto commits = session.replica().outbox(0, kCountMax);
  if (!commits.ok()) {
    session.note(commits.error());
    return sum;
  }
  for (const Replica::OwnCommit& commit : *commits) {
    switch (commit.state) {
      case SaveState::Saved: ++sum.saved; break;
      case SaveState::Sent: ++sum.sent; break;
      case SaveState::Received: ++sum.received; break;
      case SaveState::Safe: ++sum.safe; break;
    }
    if (commit.state >= SaveState::Received) continue;
    const bool visit = std::any_of(commit.rows.begin(), commit.rows.end(),
                                   [&](const auto& row) { return row.first == names.visit->no; });
    ++(visit ? sum.visits : sum.forms);
  }
  const auto photos = session.photos().waiting();
  if (photos.ok()) {
    sum.photos = photos->count;
    sum.bytes = photos->bytes;
  }
  const OutboxCounts counts = read_outbox_counts(session);
  sum.blocked = static_cast<int>(counts.blocked);
  sum.conflicts = static_cast<int>(counts.conflicts);
  return sum;
}

std::vector<OutboxItem> read_outbox(const Session& session, std::size_t count_max) {
  std::vector<OutboxItem> out;
  const auto commits = session.replica().outbox(0, count_max);
  if (!commits.ok()) {
    session.note(commits.error());
    return out;
  }
  const std::map<std::uint64_t, Outcome> refused = refused_commits(session);
  for (const Replica::OwnCommit& commit : *commits) {
    OutboxItem item = item_of(session, commit);
    if (const auto found = refused.find(commit.dseq); found != refused.end()) {
      item.mark = SyncMark::Blocked;
      item.outcome = found->second;
    }
    out.push_back(std::move(item));
  }
  return out;
}

std::vector<ConflictItem> read_conflicts(const Session& session) {
  std::vector<ConflictItem> out;
  const auto cells = session.replica().conflicts(kConflictsMax);
  if (!cells.ok()) {
    session.note(cells.error());
    return out;
  }
  for (const ConflictCell& cell : *cells) {
    ConflictItem item;
    item.entity = session.catalogue().entity(cell.entity);
    if (item.entity == nullptr) continue;
    item.field = item.entity->field(cell.field);
    item.row = cell.row;
    item.element = cell.element;
    const Result<Row> row = session.replica().load(*item.entity, cell.row);
    if (!row.ok() || item.field == nullptr) continue;
    item.aggregate = row->aggregate;
    item.title = title_of(session, *session.names().customer, item.aggregate);
    if (item.title.empty()) item.title = title_of(session, *item.entity, item.row);
    item.place = locality_of(session, item.aggregate);
    for (const Sibling& sibling : cell.values) {
      ConflictChoice choice;
      choice.value = sibling.value;
      choice.from = provenance_of(session, clock_of(sibling));
      choice.mine = sibling.dot.device == session.me().device;
      item.choices.push_back(std::move(choice));
    }
    out.push_back(std::move(item));
  }
  return out;
}

}  // namespace banyan
