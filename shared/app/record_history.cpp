#include <algorithm>
#include <iterator>
#include <set>

#include "shared/app/ask.h"
#include "shared/app/history.h"
#include "shared/app/queries.h"
#include "shared/changelog/codec.h"

namespace banyan {

namespace {

constexpr std::size_t kOwnBytesMax = std::size_t{4} << 20;

// Imported entries have a history of their own: the statement.
bool part_of_history(const Session& session, const Entity& entity) {
  return entity.aggregate == session.names().customer->name && &entity != session.names().txn;
}

void add_row(const Session& session, const Entity& entity, const Row& row,
             std::map<Dot, HistoryItem>& out) {
  const auto item = [&](const CellClock& clock) -> HistoryItem& {
    HistoryItem& one = out[clock.dot()];
    one.seq = clock.seq;
    one.from = provenance_of(session, clock);
    return one;
  };
  const RowClock& clock = row.clock;
  using Kind = HistoryChange::Kind;
  item({0, clock.base, clock.base_seq})
      .changes.push_back({Kind::Created, &entity, row.id, nullptr, {}, {}, {}, false});
  for (const CellClock& cell : clock.cells) {
    const Field* field = entity.field(cell.field);
    if (field == nullptr) continue;
    item(cell).changes.push_back(
        {Kind::Set, &entity, row.id, field, {}, cell_state(row, *field), {}, true});
  }
}

void sort_newest_first(std::vector<HistoryItem>& items) {
  std::stable_sort(items.begin(), items.end(), [](const HistoryItem& a, const HistoryItem& b) {
    return a.from.at_ms > b.from.at_ms;
  });
}

}  // namespace

std::vector<HistoryItem> history_here(const Session& session, RowId aggregate,
                                      std::size_t count_max) {
  std::map<Dot, HistoryItem> by_commit;
  for (const Entity& entity : session.catalogue().entities()) {
    if (!part_of_history(session, entity)) continue;
    for (const RecordView& record : read_children(session, entity, aggregate)) {
      const Result<Row> row = session.replica().load(entity, record.id);
      if (row.ok()) {
        add_row(session, entity, *row, by_commit);
      } else {
        session.note(row.error());
      }
    }
  }
  std::vector<HistoryItem> out;
  out.reserve(by_commit.size());
  for (auto& [dot, item] : by_commit) out.push_back(std::move(item));
  sort_newest_first(out);
  if (out.size() > count_max) out.resize(count_max);
  return out;
}

RecordHistory::RecordHistory(Session& session, RowId aggregate) : session_(session) {
  history_.aggregate = aggregate;
}

void RecordHistory::ask() {
  if (state_ == State::Asking) return;
  const std::uint32_t epoch = session_.replica().standing().epoch;
  if (epoch != epoch_) {  // headquarters was put back from a backup: sequences begin anew
    history_.entries.clear();
    history_.copies.clear();
    part_ = false;
    epoch_ = epoch;
  }
  state_ = State::Asking;
  trouble_.reset();
  arriving_.clear();
  ask_before(0);
}

void RecordHistory::ask_before(std::uint64_t before) {
  const std::string target = "/v0/history?aggregate=" + std::to_string(number(history_.aggregate)) +
                             "&before=" + std::to_string(before) +
                             "&count=" + std::to_string(sync::kHistoryMax);
  session_.remote().call("GET", target, {},
                         [this, before, alive = alive_](const Result<HttpReply>& reply) {
                           if (!*alive) return;
                           const Result<std::uint64_t> next = take(reply, before);
                           if (!next.ok()) return finish(next.error());
                           if (*next == 0) return finish({});
                           ask_before(*next);
                         });
}

// Where the next page begins; 0: there is nothing more to ask for.
Result<std::uint64_t> RecordHistory::take(const Result<HttpReply>& reply, std::uint64_t before) {
  // Headquarters does not have the record yet: all that happened to it waits here.
  if (!reply.ok() && reply.error().code == ErrorCode::NotFound) return std::uint64_t{0};
  if (!reply.ok()) return reply.error();
  TRY_ASSIGN(sync::History page, sync::decode_history(reply->body, session_.organisation_key()));
  const bool follows = before == 0 || page.next < before;
  if (page.aggregate != history_.aggregate || page.before != before || !follows) {
    return fail(ErrorCode::Corrupt, "this history answers another question");
  }
  const std::uint64_t known = history_.entries.empty() ? 0 : history_.entries.front().seq;
  for (sync::HistoryEntry& entry : page.entries) {
    if (entry.seq <= known) return std::uint64_t{0};
    arriving_.push_back(std::move(entry));
  }
  for (sync::History::Copy& copy : page.copies) {
    std::erase_if(history_.copies, [&](const auto& one) { return one.device == copy.device; });
    history_.copies.push_back(std::move(copy));
  }
  part_ = part_ || (page.next > known && arriving_.size() >= kEntriesMax);
  return part_ || page.next <= known ? 0 : page.next;
}

void RecordHistory::finish(std::optional<Error> trouble) {
  version_ = ~std::uint64_t{0};
  trouble_ = std::move(trouble);
  const bool known = !history_.entries.empty();
  if (trouble_) {
    state_ = !known ? State::Here : part_ ? State::Part : State::Whole;
    return;
  }
  state_ = part_ ? State::Part : State::Whole;
  history_.entries.insert(history_.entries.begin(), std::make_move_iterator(arriving_.begin()),
                          std::make_move_iterator(arriving_.end()));
  arriving_.clear();
}

// Own commits that headquarters does not have yet, newest first.
Result<std::vector<sync::HistoryEntry>> RecordHistory::pending() const {
  std::vector<sync::HistoryEntry> out;
  std::set<std::uint64_t> there;
  const DeviceId me = session_.me().device;
  for (const sync::HistoryEntry& entry : history_.entries) {
    if (entry.device == me) there.insert(entry.dseq);
  }
  TRY_ASSIGN(const sync::DeviceState state, session_.replica().state());
  std::uint64_t last = state.acked;
  while (last < state.last) {
    TRY_ASSIGN(const std::vector<sync::ChainedCommit> own,
               session_.replica().own_after(last, kOwnBytesMax));
    if (own.empty()) break;
    last = own.back().dseq;
    for (const sync::ChainedCommit& one : own) {
      TRY_ASSIGN(Commit commit, decode_commit(one.body));
      if (commit.aggregate != history_.aggregate || there.contains(one.dseq)) continue;
      std::erase_if(commit.rows, [](const RowWrite& row) { return row.op == Op::Command; });
      const std::uint64_t seen = commit.epoch == epoch_ ? commit.seen : 0;
      out.push_back(
          {kPendingSeq | one.dseq, me, one.dseq, 0, commit.hlc, seen, 0, std::move(commit)});
    }
  }
  std::reverse(out.begin(), out.end());
  return out;
}

const std::vector<HistoryItem>& RecordHistory::items() {
  constexpr std::size_t kHereMax = 500;
  if (version_ == session_.version()) return items_;
  version_ = session_.version();
  ++reading_;
  const bool asked = state_ == State::Whole || state_ == State::Part || !history_.entries.empty();
  if (!asked) {
    items_ = history_here(session_, history_.aggregate, kHereMax);
    return items_;
  }
  auto waiting = pending();
  if (!waiting.ok()) {
    session_.note(waiting.error());
    return items_;
  }
  sync::History all = history_;
  all.entries.insert(all.entries.begin(), std::make_move_iterator(waiting->begin()),
                     std::make_move_iterator(waiting->end()));
  items_ = replay(session_.catalogue(), all);
  for (std::size_t i = 0, at = 0; i < items_.size(); ++i) {
    while (all.entries[at].seq != items_[i].seq) ++at;
    HistoryItem& item = items_[i];
    const RowId author{static_cast<std::int64_t>(all.entries[at].commit.user)};
    const std::int64_t at_ms = item.from.at_ms;
    const bool pending = item.from.pending;
    item.from = provenance_of(session_, {0, {1, 0, item.from.device}, item.seq});
    item.from.at_ms = at_ms;
    item.from.pending = pending;
    const std::string name = title_of(session_, *session_.names().staff, author);
    if (!name.empty()) item.from.author = name;
  }
  return items_;
}

}  // namespace banyan
