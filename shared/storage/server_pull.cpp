// What devices are told, and how the log is read.
#include <algorithm>

#include "shared/changelog/chain.h"
#include "shared/storage/server_state.h"
#include "shared/sync/kept_pages.h"

namespace banyan {

Result<OrderHash> ServerStore::State::order_at(std::uint64_t seq) {
  if (seq == 0) return OrderHash{};
  return tables->order_at(seq);
}

// Whether this log is the one that the cursor was taken from.
Result<bool> ServerStore::State::cursor_fits(const sync::Cursor& cursor) {
  if (cursor.epoch == 0) return cursor.pos == 0 && cursor.base == 0;
  if (cursor.epoch != head.epoch || cursor.pos > head.seq || cursor.base > cursor.pos ||
      cursor.start > cursor.pos) {
    return false;
  }
  // What it has not seen is told no more one by one: a tablet that was retired, or put back from
  // an old image.
  if (cursor.base != 0 && cursor.base < head.horizon) return false;
  TRY_ASSIGN(const OrderHash order, order_at(cursor.pos));
  return order == cursor.pos_hash;
}

namespace {

// A kept round is not begun when so many commits would have to be sent after it.
constexpr std::uint64_t kKeptLagMax = 20'000;

bool begins(const sync::Cursor& cursor) { return cursor.pos == 0; }

// In a first round, a page that another reader of the same rows was given. `log`: from his own
// newest commit to the head.
Result<bool> take_kept(const sync::PullQuery& query, const sync::KeptPages::View& view,
                       const sync::TopRange& log, sync::Feed& feed, sync::PullResult& out) {
  const sync::Cursor& cursor = query.cursor;
  const std::uint64_t start = begins(cursor) ? query.kept->start(view) : cursor.start;
  if (start == 0 || start < log.from) return false;
  if (!begins(cursor) && cursor.pos != start) return false;  // it is past that already
  if (begins(cursor) && start + kKeptLagMax < log.to) return false;
  const sync::KeptPages::Kept* kept = query.kept->find(
      view, start, begins(cursor) ? 0 : cursor.sub + 1, {query.bytes_max, query.groups_max});
  if (kept == nullptr) return false;
  TRY_ASSIGN(const bool unchanged, feed.unchanged_since(start));
  if (!unchanged) return false;
  out.page.from = cursor.pos;
  out.page.pos = out.note.start = start;
  out.note.sub = kept->sub;
  out.note.left = kept->left;
  out.body = kept->body;
  return true;
}

// Of what changed after the round began nothing is kept: it may change again.
void offer_to_keep(const sync::PullQuery& query, const sync::KeptPages::View& view,
                   sync::PullResult& out) {
  const Page& page = out.page;
  if (page.complete || page.resume || page.pos != out.note.start) return;
  const std::uint64_t after = begins(query.cursor) ? 0 : query.cursor.sub + 1;
  out.keep = [&kept = *query.kept, view, after, start = out.note.start, sub = out.note.sub,
              left = out.note.left, bounds = sync::PageBounds{query.bytes_max, query.groups_max}](
                 std::shared_ptr<const PageBody> body) {
    kept.put(view, start, after, {std::move(body), sub, left, bounds});
  };
}

}  // namespace

Result<sync::PullResult> ServerStore::pull(const sync::PullQuery& query) {
  State& s = *state_;
  sync::PullResult out;
  Page& page = out.page;
  TRY_ASSIGN(State::Unit unit, State::Unit::begin(s, State::Hold::Snapshot));
  TRY_ASSIGN(const State::DeviceRow device, s.tables->device_row(query.device));
  page.organisation = s.organisation;
  page.catalogue = s.catalogue.number();
  page.device = query.device;
  page.epoch = s.head.epoch;
  page.now_ms = query.now_ms;
  page.stable = s.head.stable;
  page.horizon = s.head.horizon;
  page.acked = device.record.head;
  page.acked_hash = ack_hash(device.record.head_hash);
  TRY_ASSIGN(const bool fits, s.cursor_fits(query.cursor));
  if (!fits) {
    page.reset = true;
    TRY(unit.commit());
    return out;
  }
  const Entity* staff = s.catalogue.entity(sync::kStaffEntity);
  sync::Feed::Reader reader{device.record.user, nullptr};
  if (staff != nullptr) {
    TRY_ASSIGN(const Row user, s.tables->load_row(staff->no, device.record.user));
    reader.role = sync::role_of(s.catalogue, user);
  }
  sync::Feed feed(*s.tables, s.catalogue, reader, s.head.seq);
  TRY_ASSIGN(page.scopes, feed.scope_hash());
  bool kept = false;
  sync::KeptPages::View view;
  const bool may = query.kept != nullptr && query.cursor.base == 0 && !query.cursor.resume;
  if (may) {
    view = {page.scopes, reader.role != nullptr ? reader.role->name : "", page.epoch,
            page.catalogue, page.horizon};
    // What the reader wrote himself must be in what he is told.
    std::uint64_t own = 0;
    if (device.record.head != 0) {
      TRY_ASSIGN(own, s.tables->place_of(query.device, device.record.head));
    }
    TRY_ASSIGN(kept, take_kept(query, view, {own, s.head.seq}, feed, out));
  }
  if (!kept) {
    TRY(feed.fill(query.cursor, {query.bytes_max, query.groups_max}, page, out.note));
    if (may) offer_to_keep(query, view, out);
  }
  TRY_ASSIGN(page.pos_hash, s.order_at(page.pos));
  if (page.complete) {
    TRY(s.fill_ack(device, query.acked, page, out.note));
    TRY_ASSIGN(out.note.receipts, s.tables->receipts_given(device.record.id, query.acked));
  }
  TRY(unit.commit());
  return out;
}

// How the device's commits after `acked` ended, and which sequences they have.
Status ServerStore::State::fill_ack(const DeviceRow& device, std::uint64_t acked, Page& page,
                                    sync::PageNote& note) {
  return tables->ends(device.record.id, acked, [&](const ServerTables::LogRow& row) -> Status {
    if (!note.runs.empty() && note.runs.back().seq + note.runs.back().count == row.seq) {
      ++note.runs.back().count;
    } else {
      note.runs.push_back({row.dseq, row.seq, 1});
    }
    if (row.outcome.empty()) return {};
    TRY_ASSIGN(const sync::CommitOutcome outcome, sync::decode_outcome(row.dseq, row.outcome));
    if (outcome.flags != 0) note.flags.push_back({row.dseq, outcome.flags});
    for (const sync::CommitOutcome::Op& op : outcome.ops) {
      page.outcomes.push_back({row.dseq, op.row, op.field, op.outcome, {}});
    }
    return {};
  });
}

// ---- reading the log

Result<ServerStore::LogEntry> read_entry(const ServerTables::LogRow& row) {
  ServerStore::LogEntry entry;
  entry.seq = row.seq;
  entry.device = row.device;
  entry.dseq = row.dseq;
  entry.received_ms = row.received_ms;
  entry.eff = row.eff;
  entry.order = row.order;
  entry.hash = row.hash;
  entry.body.assign(row.body.begin(), row.body.end());
  TRY_ASSIGN(entry.commit, decode_commit(entry.body));
  TRY_ASSIGN(entry.outcome, sync::decode_outcome(entry.dseq, row.outcome));
  if (entry.commit.aggregate != row.aggregate) {
    return fail(ErrorCode::Corrupt,
                "sequence " + std::to_string(row.seq) + " stands under another record");
  }
  return entry;
}

Status ServerStore::read_log(std::uint64_t after, std::size_t count_max,
                             const std::function<Status(const LogEntry&)>& each) {
  return state_->tables->read_log(after, sync::kOpenSpan, count_max, ServerTables::Way::Forward,
                                  [&](const ServerTables::LogRow& row) -> Status {
                                    TRY_ASSIGN(const LogEntry entry, read_entry(row));
                                    return each(entry);
                                  });
}

Result<std::vector<ServerStore::LogEntry>> ServerStore::arrivals(std::uint64_t before,
                                                                 std::size_t count_max) {
  std::vector<LogEntry> out;
  TRY(state_->tables->read_log(0, before == 0 ? sync::kOpenSpan : before, count_max,
                               ServerTables::Way::Back,
                               [&](const ServerTables::LogRow& row) -> Status {
                                 TRY_ASSIGN(LogEntry entry, read_entry(row));
                                 out.push_back(std::move(entry));
                                 return {};
                               }));
  return out;
}

Status ServerStore::read_signatures(const std::function<Status(const SignedSpan&)>& each) {
  return state_->tables->read_signatures([&](const SignedSpan& read) -> Status {
    SignedSpan s = read;
    s.span.organisation = state_->organisation;
    return each(s);
  });
}

Result<ServerStore::Checked> ServerStore::verify_log() {
  Checked checked;
  Hash256 order;
  std::map<DeviceId, std::pair<std::uint64_t, Hash256>> chains;  // newest number, chain
  TRY(state_->read_head());
  TRY(read_log(0, static_cast<std::size_t>(state_->head.seq), [&](const LogEntry& e) -> Status {
    const std::string where = "sequence " + std::to_string(e.seq);
    auto& [dseq, chain] = chains[e.device];
    if (e.seq != ++checked.commits || e.dseq != ++dseq) {
      return fail(ErrorCode::Corrupt, where + " is out of order");
    }
    chain = next_chain(chain, e.body);
    order = next_order(order, e.device, e.dseq, chain);
    if (chain != e.hash || order_hash(order) != e.order) {
      return fail(ErrorCode::Corrupt, where + " has been changed");
    }
    return {};
  }));
  if (checked.commits != state_->head.seq || order != state_->head.order) {
    return fail(ErrorCode::Corrupt, "the log ends before its head");
  }
  std::map<DeviceId, std::uint64_t> signed_to;
  TRY(read_signatures([&](const SignedSpan& s) -> Status {
    const std::string where = "signature of device " + std::to_string(number(s.span.device)) +
                              " from " + std::to_string(s.span.first);
    TRY_ASSIGN(const sync::DeviceRecord record, device(s.span.device));
    TRY_ASSIGN(const Hash256 previous, chain_hash(s.span.device, s.span.first - 1));
    TRY_ASSIGN(const Hash256 last, chain_hash(s.span.device, s.span.last()));
    std::uint64_t& to = signed_to[s.span.device];
    if (previous != s.span.previous || s.span.first > to + 1 ||
        !verify_span(record.sign_key, s.span, last, s.signature)) {
      return fail(ErrorCode::Corrupt, where + " does not fit");
    }
    to = std::max(to, s.span.last());
    ++checked.signatures;
    return {};
  }));
  for (const auto& [id, chain] : chains) {
    if (signed_to[id] < chain.first) {
      return fail(ErrorCode::Corrupt,
                  "commits of device " + std::to_string(number(id)) + " lack a signature");
    }
  }
  return checked;
}

Result<std::vector<ConflictCell>> ServerStore::conflicts(std::size_t count_max) {
  return state_->tables->conflicts(count_max);
}

}  // namespace banyan
