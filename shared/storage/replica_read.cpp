// What the replica tells about itself: rows, outbox, outcomes, conflicts, chain.
#include <algorithm>

#include "shared/storage/replica_state.h"

namespace banyan {

void Replica::set_listener(ReplicaListener* listener) { state_->listener = listener; }
const Replica::Identity& Replica::identity() const { return state_->identity; }
const Catalogue& Replica::catalogue() const { return state_->catalogue; }
Database& Replica::database() { return state_->db; }

RowId Replica::mint() {
  State& s = *state_;
  if (s.minter.nearly_used_up()) {
    s.minter = RowIdMinter(s.identity.device, static_cast<std::uint32_t>(s.random.next_u64()));
  }
  return s.minter.next();
}

Result<Row> Replica::load(const Entity& entity, RowId id) {
  return state_->tables.load(entity.no, id);
}

const WaitingRows& Replica::waiting() const { return state_->waiting; }

Result<Row> Replica::confirmed(const Entity& entity, RowId id) {
  const Waiting* own = state_->waiting.find({entity.no, id});
  return own != nullptr ? state_->confirmed({entity.no, id}, *own) : load(entity, id);
}

std::int64_t Replica::server_time_ms() const { return state_->server_now(); }

Replica::Standing Replica::standing() const {
  const State::Mark& m = state_->mark;
  return {m.cursor.epoch, m.cursor.base, m.stable, m.complete_ms, m.forked};
}

// ---- outbox

SaveState Replica::state_of(std::uint64_t dseq) const {
  const State::Mark& m = state_->mark;
  if (dseq <= m.safe) return SaveState::Safe;
  if (dseq <= m.acked) return SaveState::Received;
  return dseq <= m.sent ? SaveState::Sent : SaveState::Saved;
}

Result<SaveState> Replica::state_of(const Entity& entity, RowId id) {
  const Waiting* own = state_->waiting.find({entity.no, id});
  if (own != nullptr) return state_of(own->commits.back());
  TRY_ASSIGN(const Row row, state_->tables.load(entity.no, id));
  return newest_seq(row) <= state_->mark.stable ? SaveState::Safe : SaveState::Received;
}

std::uint64_t Replica::pending_count() const { return state_->mark.last - state_->mark.acked; }

Result<std::vector<Replica::OwnCommit>> Replica::outbox(std::uint64_t before,
                                                        std::size_t count_max) {
  std::vector<OwnCommit> out;
  TRY_ASSIGN(Statement find, state_->db.statement("SELECT dseq,body FROM own WHERE dseq<?1"
                                                  " ORDER BY dseq DESC LIMIT ?2"));
  find.bind_all(before == 0 ? as_sql(state_->mark.last + 1) : as_sql(before),
                static_cast<std::int64_t>(count_max));
  while (true) {
    TRY_ASSIGN(const bool more, find.step());
    if (!more) return out;
    TRY_ASSIGN(const Commit commit, decode_commit(find.blob(1)));
    OwnCommit own;
    own.dseq = from_sql(find.integer(0));
    own.state = state_of(own.dseq);
    own.aggregate = commit.aggregate;
    own.hlc = commit.hlc;
    for (const RowWrite& write : commit.rows) own.rows.emplace_back(write.entity, write.row);
    out.push_back(std::move(own));
  }
}

// ---- outcomes

Result<std::vector<Replica::OwnOutcome>> Replica::outcomes(bool unread_only,
                                                           std::size_t count_max) {
  std::vector<OwnOutcome> out;
  TRY_ASSIGN(Statement find,
             state_->db.statement("SELECT dseq,op,field,code,flags,tbl,row,agg,shown FROM outc"
                                  " WHERE shown=0 OR ?1=0 ORDER BY dseq DESC,op,field LIMIT ?2"));
  find.bind_all(unread_only, static_cast<std::int64_t>(count_max));
  while (true) {
    TRY_ASSIGN(const bool more, find.step());
    if (!more) return out;
    OwnOutcome o;
    o.dseq = from_sql(find.integer(0));
    o.op = static_cast<std::uint32_t>(find.integer(1));
    o.field = static_cast<std::uint32_t>(find.integer(2));
    o.outcome = static_cast<Outcome>(find.integer(3));
    o.flags = static_cast<std::uint8_t>(find.integer(4));
    o.entity = static_cast<std::uint32_t>(find.integer(5));
    o.row = find.row_id(6);
    o.aggregate = find.row_id(7);
    o.shown = find.integer(8) != 0;
    out.push_back(o);
  }
}

Status Replica::mark_outcomes_shown(std::uint64_t dseq) {
  return state_->db.run("UPDATE outc SET shown=1 WHERE dseq=?1", as_sql(dseq));
}

// ---- conflicts

Result<std::vector<ConflictCell>> Replica::conflicts(std::size_t count_max) {
  return state_->tables.conflicts(count_max);
}

Result<std::int64_t> Replica::conflict_count() { return state_->tables.conflict_count(); }

// ---- sync::DeviceStore, the reading half

Result<sync::DeviceState> Replica::state() {
  const State& s = *state_;
  sync::DeviceState out;
  out.device = s.identity.device;
  out.organisation = s.identity.organisation;
  out.catalogue = s.catalogue.number();
  out.cursor = s.mark.cursor;
  out.last = s.mark.last;
  out.last_hash = s.mark.last_hash;
  out.acked = s.mark.acked;
  out.stable = s.mark.stable;
  out.left = s.mark.left;
  out.forked = s.mark.forked;
  return out;
}

Result<Hash256> Replica::chain_hash(std::uint64_t dseq) {
  if (dseq == 0) return Hash256{};
  TRY_ASSIGN(Statement find, state_->db.statement("SELECT h FROM own WHERE dseq=?1"));
  find.bind(1, as_sql(dseq));
  TRY_ASSIGN(const bool there, find.step());
  if (!there) return fail(ErrorCode::NotFound, "own commit " + std::to_string(dseq));
  return Hash256::from(find.blob(0));
}

Result<std::vector<sync::ChainedCommit>> Replica::own_after(std::uint64_t dseq,
                                                            std::size_t bytes_max) {
  TRY_ASSIGN(Statement find,
             state_->db.statement("SELECT dseq,h,body FROM own WHERE dseq>?1 ORDER BY dseq"));
  find.bind(1, as_sql(dseq));
  return read_commits(std::move(find), bytes_max);
}

Status Replica::mark_sent(std::uint64_t dseq) {
  State::Mark now = state_->mark;
  if (dseq <= std::max(now.sent, now.acked)) return {};
  now.sent = dseq;
  return state_->change_mark(now);
}

}  // namespace banyan
