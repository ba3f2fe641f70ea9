// How a page becomes rows: confirmed images first, own pending commits over them.
#include <algorithm>

#include "shared/base/laws.h"
#include "shared/changelog/chain.h"
#include "shared/changelog/fold.h"
#include "shared/storage/replica_state.h"
#include "shared/sync/carrier.h"

namespace banyan {
namespace {

std::uint64_t newest_hlc(const RowClock& clock) {
  std::uint64_t newest = std::max(clock.life.hlc, clock.base.hlc);
  for (const CellClock& cell : clock.cells) newest = std::max(newest, cell.stamp.hlc);
  return newest;
}

}  // namespace

Status Replica::apply(const Page& page, const sync::PageNote& note) {
  State& s = *state_;
  if (page.reset) return s.start_over(page, note);
  const sync::Cursor& cursor = s.mark.cursor;
  const bool known_epoch = cursor.epoch == 0 || cursor.epoch == page.epoch;
  if (!known_epoch || page.from != cursor.pos || page.base != cursor.base ||
      page.pos < cursor.pos || page.acked < s.mark.acked) {
    return fail(ErrorCode::Corrupt, "page does not continue the cursor");
  }
  TRY_ASSIGN(Transaction change, Transaction::begin(s.db));
  State::Work work(s);
  TRY(s.take_aggregates(page, work));
  State::Mark& m = work.mark;
  m.cursor = sync::after_page(cursor, page, note);
  m.theta = s.theta_after(page, note);
  if (note.left > 0) m.left = note.left;
  m.left -= std::min<std::uint64_t>(m.left, page.complete ? m.left : page.aggregates.size());
  if (page.complete) TRY(s.finish_round(page, note, work));
  TRY(s.save_mark(s.mark, m));
  return s.finish(change, work);
}

// How far this device's clock is ahead of the server's. A page that a carrier brought was made
// between the asking and now: that alone is known.
std::int64_t Replica::State::theta_after(const Page& page, const sync::PageNote& note) const {
  const std::int64_t most = clock.wall_ms() - page.now_ms;
  if (!note.asked_ms) return most;
  const std::int64_t least = std::min(*note.asked_ms - page.now_ms, most);
  return std::clamp(mark.theta, least, most);
}

// The image of a row that waits; it need not exist.
Result<Row> Replica::State::confirmed(const RowKey& key, const Waiting& own) {
  Row absent;
  absent.entity = key.first;
  absent.id = key.second;
  if (own.image == Waiting::kNoImage) return absent;
  if (own.image == Waiting::kInTable) {
    TRY_ASSIGN(Statement find, db.statement("SELECT img FROM confirmed WHERE tbl=?1 AND row=?2"));
    find.bind_all(std::int64_t{key.first}, key.second);
    TRY_ASSIGN(const bool there, find.step());
    if (there) return decode_row(find.blob(0));
  } else {
    TRY_ASSIGN(Statement find, db.statement("SELECT img FROM own WHERE dseq=?1"));
    find.bind(1, as_sql(own.image));
    TRY_ASSIGN(const bool there, find.step());
    TRY_ASSIGN(std::vector<Row> images, decode_images(there ? find.blob(0) : ByteView{}));
    for (Row& row : images) {
      if (row.entity == key.first && row.id == key.second) return std::move(row);
    }
  }
  return fail(ErrorCode::Corrupt, "the confirmed image of a row that waits is gone");
}

// `row` need not exist; it holds own commits up to `through`.
Status Replica::State::keep_confirmed(const Row& row, std::uint64_t through) {
  ByteWriter image;
  TRY_ASSIGN(Statement put,
             db.statement("INSERT OR REPLACE INTO confirmed(tbl,row,through,shown,img)"
                          " VALUES(?1,?2,?3,0,?4)"));
  put.bind_all(std::int64_t{row.entity}, row.id, as_sql(through));
  if (row.exists) {
    encode_row(row, image);
    put.bind(4, image.view());
  }
  return put.run();
}

Status Replica::State::drop_confirmed(const RowKey& key) {
  return db.run("DELETE FROM confirmed WHERE tbl=?1 AND row=?2", std::int64_t{key.first},
                key.second);
}

Result<const Commit*> Replica::State::own_commit(std::uint64_t dseq, Work& work) {
  const auto found = work.commits.find(dseq);
  if (found != work.commits.end()) return &std::as_const(found->second);
  TRY_ASSIGN(Statement find, db.statement("SELECT body FROM own WHERE dseq=?1"));
  find.bind(1, as_sql(dseq));
  TRY_ASSIGN(const bool there, find.step());
  if (!there) return fail(ErrorCode::Corrupt, "own commit " + std::to_string(dseq) + " is gone");
  TRY_ASSIGN(Commit commit, decode_commit(find.blob(0)));
  return &std::as_const(work.commits[dseq] = std::move(commit));
}

// `commits` over the confirmed row.
Status Replica::State::overlay(Row& row, const std::vector<std::uint64_t>& commits, Work& work) {
  std::vector<OpOutcome> ignored;
  if (broken(Law::PendingOver)) return {};
  for (const std::uint64_t dseq : commits) {
    TRY_ASSIGN(const Commit* commit, own_commit(dseq, work));
    const std::uint64_t seen = commit->epoch == work.mark.cursor.epoch ? commit->seen : 0;
    WriteContext context{identity.device, kPendingSeq | dseq, seen, commit->hlc, false, former};
    for (const RowWrite& write : commit->rows) {
      const Entity* entity = catalogue.entity(write.entity);
      if (entity == nullptr || write.entity != row.entity || write.row != row.id) continue;
      merge(*entity, commit->aggregate, write, context, row, ignored);
    }
  }
  return {};
}

// `row` is confirmed with own commits up to `through`; those of `rest` lie over it.
Status Replica::State::rest_waits(Row& row, Waiting rest, std::uint64_t through, Work& work) {
  TRY(keep_confirmed(row, through));
  rest.image = row.exists ? Waiting::kInTable : Waiting::kNoImage;
  const RowKey key{row.entity, row.id};
  waiting.put(key, std::move(rest));
  return overlay(row, waiting.find(key)->commits, work);
}

// `row` is what the server has (or has not) in the snapshot of the page, which holds own commits
// up to page.acked: becomes the row as shown. Later own commits stay over it.
Status Replica::State::confirm(Row& row, const Page& page, Work& work) {
  const RowKey key{row.entity, row.id};
  const Waiting* own = waiting.find(key);
  if (own == nullptr) return {};
  Waiting rest = *own;
  std::erase_if(rest.commits, [&](std::uint64_t dseq) { return dseq <= page.acked; });
  if (!rest.commits.empty()) return rest_waits(row, std::move(rest), page.acked, work);
  waiting.erase(key);
  if (page.complete) return drop_confirmed(key);
  // The commits count as pending until the round ends: after a new start this line says that
  // they do not wait on this row any more.
  return db.run("INSERT OR REPLACE INTO confirmed(tbl,row,through,shown) VALUES(?1,?2,?3,1)",
                std::int64_t{key.first}, key.second, as_sql(page.acked));
}

// Which of this device's commits a page holds nobody can say when a copy has written under the
// same number. A row that own work waits on stays as it is until this one has a number of its
// own and reads all anew: a counter would count twice.
bool Replica::State::keeps_still(const RowKey& key) const {
  return mark.forked && waiting.find(key) != nullptr;
}

// Makes the table hold `row`, where it holds `before`.
Status Replica::State::show(const Row& row, const Row& before, Work& work) {
  if (row == before) return {};
  if (row.exists) {
    TRY(tables.save(row, before));
  } else {
    TRY(tables.erase(row.entity, row.id));
  }
  const RowId aggregate = row.exists ? row.aggregate : before.aggregate;
  work.touched.push_back({row.entity, row.id, aggregate, !row.alive()});
  return {};
}

// `anew`: forget what was confirmed before.
Status Replica::State::take_change(const RowChange& change, RowId aggregate, bool anew,
                                   const Page& page, Work& work) {
  const std::uint32_t entity = change.row.entity;
  const RowId id = change.row.id;
  if (keeps_still({entity, id})) return {};
  TRY_ASSIGN(const Row shown, tables.load(entity, id));
  Row row;
  row.entity = entity;
  row.id = id;
  if (!anew && !change.whole) {
    const Waiting* own = waiting.find({entity, id});
    row = shown;
    if (own != nullptr) {
      TRY_ASSIGN(row, confirmed({entity, id}, *own));
    }
  }
  TRY(apply_change(change, row));
  if (row.aggregate != aggregate) return fail(ErrorCode::Corrupt, "row of another aggregate");
  if (const Entity* known = catalogue.entity(entity)) fold(*known, page.horizon, row);
  if (!broken(Law::CausalOrder)) {
    work.mark.hlc = std::max(work.mark.hlc, newest_hlc(row.clock));
  }
  TRY(confirm(row, page, work));
  return show(row, shown, work);
}

Status Replica::State::take_changes(const PageAggregate& aggregate, const Page& page, Work& work) {
  // In the first round of a log everything comes whole: what is stale goes with it.
  if (stale.contains(aggregate.id)) return take_whole(aggregate, page, work);
  for (const RowChange& row : aggregate.rows) {
    TRY(take_change(row, aggregate.id, false, page, work));
  }
  return {};
}

Status Replica::State::take_whole(const PageAggregate& aggregate, const Page& page, Work& work) {
  const bool was_stale = stale.contains(aggregate.id);
  if (was_stale) work.refreshed.push_back(aggregate.id);
  if (work.drops.erase(aggregate.id) > 0 || was_stale) {
    TRY(db.run("DELETE FROM agg WHERE agg=?1", aggregate.id));
  }
  TRY_ASSIGN(const auto shown, tables.all_of(aggregate.id));
  std::set<RowKey> left(shown.begin(), shown.end());
  for (const RowKey& key : waiting.of(aggregate.id)) left.insert(key);
  for (const RowChange& change : aggregate.rows) {
    left.erase({change.row.entity, change.row.id});
    TRY(take_change(change, aggregate.id, true, page, work));
  }
  for (const auto& [entity, id] : left) TRY(forget(entity, id, page, work));
  return {};
}

// The server does not have this row for us (any more); what is pending stays.
Status Replica::State::forget(std::uint32_t entity, RowId id, const Page& page, Work& work) {
  if (keeps_still({entity, id})) return {};
  TRY_ASSIGN(const Row shown, tables.load(entity, id));
  Row row;
  row.entity = entity;
  row.id = id;
  TRY(confirm(row, page, work));
  return show(row, shown, work);
}

// ---- the end of a round

Status Replica::State::finish_round(const Page& page, const sync::PageNote& note, Work& work) {
  Mark& m = work.mark;
  m.claim_epoch = page.epoch;
  m.claim = page.pos;
  m.complete_ms = page.now_ms;
  m.acked = std::max(m.acked, page.acked);
  for (const sync::AckRun& run : note.runs) {
    TRY(db.run("INSERT OR REPLACE INTO acks(dseq,seq,n) VALUES(?1,?2,?3)", as_sql(run.dseq),
               as_sql(run.seq), as_sql(run.count)));
  }
  TRY(keep_outcomes(page, note, work));
  TRY(keep_receipts(note));
  TRY(drop_stale(page, work));
  for (const RowKey& key : waiting.up_to(m.acked)) TRY(settle(key, work));
  TRY(db.run("DELETE FROM confirmed WHERE shown=1 AND through<=?1", as_sql(m.acked)));
  TRY(run_drops(work));
  m.stable = page.stable;
  return prune(work);
}

// Some of the own commits that wait on this row are acknowledged, and no page of the round
// had the row with them in it: they were rejected or lost, and must not show any more.
Status Replica::State::settle(const RowKey& key, Work& work) {
  Waiting rest = *waiting.find(key);
  TRY_ASSIGN(Row row, confirmed(key, rest));
  TRY_ASSIGN(const Row shown, tables.load(key.first, key.second));
  const std::uint64_t acked = work.mark.acked;
  std::erase_if(rest.commits, [&](std::uint64_t dseq) { return dseq <= acked; });
  if (rest.commits.empty()) {
    waiting.erase(key);
    TRY(drop_confirmed(key));
  } else {
    TRY(rest_waits(row, std::move(rest), acked, work));
  }
  return show(row, shown, work);
}

Status Replica::State::keep_outcomes(const Page& page, const sync::PageNote& note, Work& work) {
  std::map<std::uint64_t, std::uint8_t> flags;
  for (const sync::CommitFlags& f : note.flags) flags[f.dseq] = f.flags;
  std::set<std::uint64_t> listed;
  for (const OutcomeRecord& record : page.outcomes) {
    listed.insert(record.dseq);
    const auto at = flags.find(record.dseq);
    TRY(keep_outcome(record.dseq, record, at == flags.end() ? std::uint8_t{0} : at->second, work));
  }
  for (const auto& [dseq, flag] : flags) {
    if (!listed.contains(dseq)) TRY(keep_outcome(dseq, {}, flag, work));
  }
  return {};
}

Status Replica::State::keep_outcome(std::uint64_t dseq, const OutcomeRecord& record,
                                    std::uint8_t flags, Work& work) {
  TRY_ASSIGN(const Commit* commit, own_commit(dseq, work));
  if (record.op >= commit->rows.size()) return fail(ErrorCode::Corrupt, "outcome of no operation");
  const RowWrite& write = commit->rows[record.op];
  return db.run(
      "INSERT OR REPLACE INTO outc(dseq,op,field,code,flags,tbl,row,agg,shown)"
      " VALUES(?1,?2,?3,?4,?5,?6,?7,?8,0)",
      as_sql(dseq), std::int64_t{record.op}, std::int64_t{record.field},
      static_cast<std::int64_t>(record.outcome), std::int64_t{flags}, std::int64_t{write.entity},
      write.row, commit->aggregate);
}

// What the restored server does not have for this user goes; own writes on it stay while they
// wait.
Status Replica::State::drop_stale(const Page& page, Work& work) {
  std::set<RowId> left = stale;
  for (const RowId aggregate : work.refreshed) left.erase(aggregate);
  PageAggregate nothing;
  for (const RowId aggregate : left) {
    nothing.id = aggregate;
    TRY(take_whole(nothing, page, work));
  }
  return {};
}

// Aggregates that have left this user's scopes go, once nothing of them waits here.
Status Replica::State::run_drops(Work& work) {
  const std::set<RowId> drops_now = work.drops;
  for (const RowId aggregate : drops_now) {
    if (waiting.any_of(aggregate)) continue;
    TRY_ASSIGN(const auto rows, tables.all_of(aggregate));
    for (const auto& [entity, id] : rows) {
      TRY(tables.erase(entity, id));
      work.touched.push_back({entity, id, aggregate, true});
    }
    TRY(db.run("DELETE FROM agg WHERE agg=?1", aggregate));
    work.drops.erase(aggregate);
  }
  return {};
}

// What a backup of the server holds need not be kept here to be pushed again. The
// newest acknowledged commit stays: its hash answers the next acknowledgement.
Status Replica::State::prune(Work& work) {
  Mark& m = work.mark;
  {
    TRY_ASSIGN(Statement find, db.statement("SELECT dseq+min(n-1,?1-seq) FROM acks WHERE seq<=?1"
                                            " ORDER BY dseq DESC LIMIT 1"));
    find.bind(1, as_sql(broken(Law::PruneWhenSafe) ? ~0ULL >> 1 : m.stable));
    TRY_ASSIGN(const bool there, find.step());
    if (!there) return {};
    m.safe = std::max(m.safe, std::min(m.acked, from_sql(find.integer(0))));
  }
  TRY(db.run("DELETE FROM acks WHERE dseq+n<=?1", as_sql(m.safe)));
  // A server that is restored from then on still has those decisions.
  TRY(db.run("DELETE FROM receipt WHERE seq<=?1 AND dseq<=?2", as_sql(m.stable), as_sql(m.safe)));
  return db.run("DELETE FROM own WHERE dseq<?1 AND dseq<?2", as_sql(m.safe), as_sql(m.acked));
}

// ---- a restored server

// The own commits that the restored server has. Where a copy has written under this number
// meanwhile, only those count that every backup holds.
Result<std::uint64_t> Replica::State::still_there(const Page& page) {
  Hash256 here;
  TRY_ASSIGN(Statement find, db.statement("SELECT h FROM own WHERE dseq=?1"));
  find.bind(1, as_sql(page.acked));
  TRY_ASSIGN(const bool there, find.step());
  if (there) {
    TRY_ASSIGN(here, Hash256::from(find.blob(0)));
  }
  const bool ours = page.acked == 0 || (there && ack_hash(here) == page.acked_hash);
  return std::min(ours ? mark.acked : mark.safe, page.acked);
}

// It knows own commits up to page.acked only, and perhaps other rows than we do. Those that are
// here are shown until it has said what it has: a line that breaks meanwhile leaves nobody
// without customers.
Status Replica::State::start_over(const Page& page, const sync::PageNote& note) {
  TRY_ASSIGN(Transaction change, Transaction::begin(db));
  Work work(*this);
  Mark& m = work.mark;
  TRY_ASSIGN(const std::uint64_t kept, still_there(page));
  TRY(begin_anew(page.epoch, kept, work));
  TRY(db.run("DELETE FROM acks WHERE dseq>?1", as_sql(kept)));
  TRY(db.run("UPDATE acks SET n=?1-dseq+1 WHERE dseq+n-1>?1", as_sql(kept)));
  m.acked = kept;
  m.safe = std::min(m.safe, kept);
  m.sent = std::min(m.sent, kept);
  m.stable = page.stable;
  m.theta = theta_after(page, note);
  TRY(save_mark(mark, m));
  return finish_anew(change, work);
}

// The next round is a first one: nothing is confirmed, own commits after `dseq` wait, and every
// aggregate is stale.
Status Replica::State::begin_anew(std::uint32_t epoch, std::uint64_t dseq, Work& work) {
  work.drops.clear();
  work.mark.cursor = {};
  work.mark.cursor.epoch = epoch;
  work.mark.left = 0;
  TRY(db.exec("DELETE FROM confirmed"));
  TRY(db.exec("UPDATE own SET img=NULL WHERE img IS NOT NULL"));
  TRY(read_waiting(dseq));
  TRY(db.exec("DELETE FROM agg"));
  TRY_ASSIGN(const std::vector<RowId> here, tables.aggregates());
  for (const RowId aggregate : here) {
    TRY(db.run("INSERT INTO agg(agg,state) VALUES(?1,?2)", aggregate, kStale));
  }
  return {};
}

Status Replica::State::finish_anew(Transaction& change, Work& work) {
  TRY(finish(change, work));
  stale.clear();
  return read_aggregates();
}

// ---- a chain whose end this device has lost

Status Replica::adopt(std::span<const sync::ChainedCommit> commits) {
  State& s = *state_;
  TRY_ASSIGN(Transaction change, Transaction::begin(s.db));
  State::Work work(s);
  for (const sync::ChainedCommit& chained : commits) {
    TRY_ASSIGN(const Commit commit, decode_commit(chained.body));
    const Hash256 hash = next_chain(work.mark.last_hash, chained.body);
    if (chained.dseq != work.mark.last + 1 || hash != chained.hash) {
      return fail(ErrorCode::Corrupt, "the server's commits do not continue the own chain");
    }
    std::set<RowKey> rows;
    for (const RowWrite& write : commit.rows) rows.insert({write.entity, write.row});
    ByteWriter images;
    for (const RowKey& key : rows) {
      TRY_ASSIGN(const Row before, s.tables.load(key.first, key.second));
      s.note_waiting(before, key, commit.aggregate, chained.dseq, images);
    }
    const std::uint64_t hlc = std::max(work.mark.hlc, commit.hlc);
    TRY(s.append_own(commit, images, work));
    work.mark.hlc = hlc;
    // It may wait at the server, too: no page brings it then.
    for (const RowKey& key : rows) {
      TRY_ASSIGN(const Row before, s.tables.load(key.first, key.second));
      Row row = before;
      TRY(s.overlay(row, {chained.dseq}, work));
      TRY(s.show(row, before, work));
    }
  }
  TRY(s.save_mark(s.mark, work.mark));
  return s.finish(change, work);
}

}  // namespace banyan
