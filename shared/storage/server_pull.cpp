// What devices are told, and how the log is read.
#include <algorithm>

#include "shared/changelog/chain.h"
#include "shared/storage/server_state.h"

namespace banyan {

Result<OrderHash> ServerStore::State::order_at(std::uint64_t seq) {
  if (seq == 0) return OrderHash{};
  TRY_ASSIGN(Statement find, db.statement("SELECT h8 FROM log WHERE seq=?1"));
  find.bind(1, as_sql(seq));
  TRY_ASSIGN(const bool there, find.step());
  if (!there) return fail(ErrorCode::NotFound, "no sequence " + std::to_string(seq));
  return OrderHash::from(find.blob(0));
}

// Whether this log is the one that the cursor was taken from.
Result<bool> ServerStore::State::cursor_fits(const sync::Cursor& cursor) {
  if (cursor.epoch == 0) return cursor.pos == 0 && cursor.base == 0;
  if (cursor.epoch != head.epoch || cursor.pos > head.seq || cursor.base > cursor.pos ||
      cursor.start > cursor.pos) {
    return false;
  }
  TRY_ASSIGN(const OrderHash order, order_at(cursor.pos));
  return order == cursor.pos_hash;
}

Result<sync::PullResult> ServerStore::pull(const sync::PullQuery& query) {
  State& s = *state_;
  sync::PullResult out;
  Page& page = out.page;
  TRY_ASSIGN(const State::DeviceRow device, s.device_row(query.device));
  page.organisation = s.organisation;
  page.catalogue = s.catalogue.number();
  page.device = query.device;
  page.epoch = s.head.epoch;
  page.now_ms = query.now_ms;
  page.stable = s.head.stable;
  page.acked = device.record.head;
  page.acked_hash = ack_hash(device.record.head_hash);
  TRY_ASSIGN(const bool fits, s.cursor_fits(query.cursor));
  if (!fits) {
    page.reset = true;
    return out;
  }
  const Entity* staff = s.catalogue.entity(sync::kStaffEntity);
  sync::Feed::Reader reader{device.record.user, nullptr};
  if (staff != nullptr) {
    TRY_ASSIGN(const Row user, s.tables.load(staff->no, device.record.user));
    reader.role = sync::role_of(s.catalogue, user);
  }
  sync::Feed feed(s, s.catalogue, reader, s.head.seq);
  TRY_ASSIGN(page.scopes, feed.scope_hash());
  TRY(feed.fill(query.cursor, query.bytes_max, query.groups_max, page, out.note));
  TRY_ASSIGN(page.pos_hash, s.order_at(page.pos));
  if (page.complete) TRY(s.fill_ack(device, query.acked, page, out.note));
  return out;
}

// How the device's commits after `acked` ended, and which sequences they have.
Status ServerStore::State::fill_ack(const DeviceRow& device, std::uint64_t acked, Page& page,
                                    sync::PageNote& note) {
  TRY_ASSIGN(Statement find, db.statement("SELECT dseq,seq,outc FROM log WHERE dev=?1 AND dseq>?2"
                                          " ORDER BY dseq"));
  find.bind_all(device.record.id, as_sql(acked));
  while (true) {
    TRY_ASSIGN(const bool more, find.step());
    if (!more) return {};
    const std::uint64_t dseq = from_sql(find.integer(0));
    const std::uint64_t seq = from_sql(find.integer(1));
    if (!note.runs.empty() && note.runs.back().seq + note.runs.back().count == seq) {
      ++note.runs.back().count;
    } else {
      note.runs.push_back({dseq, seq, 1});
    }
    if (find.is_null(2)) continue;
    TRY_ASSIGN(const sync::CommitOutcome outcome, sync::decode_outcome(dseq, find.blob(2)));
    if (outcome.flags != 0) note.flags.push_back({dseq, outcome.flags});
    for (const sync::CommitOutcome::Op& op : outcome.ops) {
      page.outcomes.push_back({dseq, op.row, op.field, op.outcome, {}});
    }
  }
}

// ---- reading the log

Result<ServerStore::LogEntry> ServerStore::State::read_entry(Statement& from) {
  LogEntry entry;
  entry.seq = from_sql(from.integer(0));
  entry.device = DeviceId{static_cast<std::uint32_t>(from.integer(1))};
  entry.dseq = from_sql(from.integer(2));
  entry.received_ms = from.integer(3);
  entry.eff = from_sql(from.integer(4));
  TRY_ASSIGN(entry.order, OrderHash::from(from.blob(5)));
  TRY_ASSIGN(entry.hash, Hash256::from(from.blob(6)));
  const ByteView body = from.blob(7);
  entry.body.assign(body.begin(), body.end());
  TRY_ASSIGN(entry.commit, decode_commit(entry.body));
  TRY_ASSIGN(entry.outcome, sync::decode_outcome(entry.dseq, from.blob(8)));
  return entry;
}

Status ServerStore::read_log(std::uint64_t after, std::size_t count_max,
                             const std::function<Status(const LogEntry&)>& each) {
  TRY_ASSIGN(Statement find,
             state_->db.statement("SELECT seq,dev,dseq,rx,eff,h8,h,body,outc FROM log"
                                  " WHERE seq>?1 ORDER BY seq LIMIT ?2"));
  find.bind_all(as_sql(after), static_cast<std::int64_t>(count_max));
  while (true) {
    TRY_ASSIGN(const bool more, find.step());
    if (!more) return {};
    TRY_ASSIGN(const LogEntry entry, state_->read_entry(find));
    TRY(each(entry));
  }
}

Result<std::vector<ServerStore::LogEntry>> ServerStore::arrivals(std::uint64_t before,
                                                                 std::size_t count_max) {
  std::vector<LogEntry> out;
  TRY_ASSIGN(Statement find,
             state_->db.statement("SELECT seq,dev,dseq,rx,eff,h8,h,body,outc FROM log"
                                  " WHERE seq<?1 ORDER BY seq DESC LIMIT ?2"));
  find.bind_all(as_sql(before == 0 ? state_->head.seq + 1 : before),
                static_cast<std::int64_t>(count_max));
  while (true) {
    TRY_ASSIGN(const bool more, find.step());
    if (!more) return out;
    TRY_ASSIGN(LogEntry entry, state_->read_entry(find));
    out.push_back(std::move(entry));
  }
}

Status ServerStore::read_signatures(const std::function<Status(const SignedSpan&)>& each) {
  TRY_ASSIGN(Statement find, state_->db.statement("SELECT dev,first,n,schema,prev,sig,rx FROM sig"
                                                  " ORDER BY dev,first"));
  while (true) {
    TRY_ASSIGN(const bool more, find.step());
    if (!more) return {};
    SignedSpan s;
    s.span.organisation = state_->organisation;
    s.span.device = DeviceId{static_cast<std::uint32_t>(find.integer(0))};
    s.span.first = from_sql(find.integer(1));
    s.span.count = static_cast<std::uint32_t>(find.integer(2));
    s.span.catalogue = static_cast<std::uint32_t>(find.integer(3));
    TRY_ASSIGN(s.span.previous, Hash256::from(find.blob(4)));
    TRY_ASSIGN(s.signature, Signature::from(find.blob(5)));
    s.received_ms = find.integer(6);
    TRY(each(s));
  }
}

Result<ServerStore::Checked> ServerStore::verify_log() {
  Checked checked;
  Hash256 order;
  std::map<DeviceId, std::pair<std::uint64_t, Hash256>> chains;  // newest number, chain
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
  return state_->tables.conflicts(count_max);
}

}  // namespace banyan
