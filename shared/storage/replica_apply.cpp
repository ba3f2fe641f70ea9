// How a page becomes rows: confirmed images first, own pending commits over them.
#include <algorithm>

#include "shared/changelog/chain.h"
#include "shared/storage/replica_state.h"

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
  if (page.reset) return s.start_over(page);
  const sync::Cursor& cursor = s.mark.cursor;
  const bool known_epoch = cursor.epoch == 0 || cursor.epoch == page.epoch;
  if (!known_epoch || page.from != cursor.pos || page.base != cursor.base ||
      page.pos < cursor.pos || page.acked < s.mark.acked) {
    return fail(ErrorCode::Corrupt, "page does not continue the cursor");
  }
  TRY_ASSIGN(Transaction change, Transaction::begin(s.db));
  State::Work work;
  work.mark = s.mark;
  work.drops = s.drops;
  work.any_pending = s.mark.last > s.mark.acked;
  for (const PageAggregate& aggregate : page.aggregates) {
    switch (aggregate.mode) {
      case PageMode::Whole: TRY(s.take_whole(aggregate, page, work)); break;
      case PageMode::Changes:
        for (const RowChange& row : aggregate.rows) {
          TRY(s.take_change(row, aggregate.id, false, page, work));
        }
        break;
      case PageMode::Drop:
        work.drops.insert(aggregate.id);
        TRY(s.db.run("INSERT OR REPLACE INTO agg(agg,state) VALUES(?1,1)", aggregate.id));
        break;
    }
  }
  State::Mark& m = work.mark;
  m.cursor.epoch = page.epoch;
  m.cursor.pos = page.pos;
  m.cursor.sub = note.sub;
  m.cursor.start = note.start;
  m.cursor.pos_hash = page.pos_hash;
  m.theta = s.clock.wall_ms() - page.now_ms;
  if (note.left > 0) m.left = note.left;
  m.left -= std::min<std::uint64_t>(m.left, page.complete ? m.left : page.aggregates.size());
  if (page.complete) TRY(s.finish_round(page, note, work));
  TRY(s.save_mark(s.mark, m));
  return s.finish(change, work);
}

Result<Replica::State::Pending> Replica::State::pending(std::uint32_t entity, RowId id,
                                                        const Work& work) {
  Pending found;
  found.confirmed.entity = entity;
  found.confirmed.id = id;
  if (!work.any_pending) return found;
  TRY_ASSIGN(Statement find, db.statement("SELECT dseq,agg,through,img FROM pend"
                                          " WHERE tbl=?1 AND row=?2 ORDER BY dseq"));
  find.bind_all(std::int64_t{entity}, id);
  while (true) {
    TRY_ASSIGN(const bool more, find.step());
    if (!more) return found;
    found.aggregate = find.row_id(1);
    if (find.integer(0) != 0) {
      found.commits.push_back(from_sql(find.integer(0)));
      continue;
    }
    found.through = from_sql(find.integer(2));
    if (find.is_null(3)) continue;
    TRY_ASSIGN(found.confirmed, decode_row(find.blob(3)));
  }
}

// Under the lines of own commits; `confirmed` need not exist.
Status Replica::State::keep_confirmed(const Row& confirmed, RowId aggregate,
                                      std::uint64_t through) {
  ByteWriter image;
  TRY_ASSIGN(Statement put, db.statement("INSERT OR REPLACE INTO pend(tbl,row,dseq,agg,through,img)"
                                         " VALUES(?1,?2,0,?3,?4,?5)"));
  put.bind_all(std::int64_t{confirmed.entity}, confirmed.id, aggregate, as_sql(through));
  if (confirmed.exists) {
    encode_row(confirmed, image);
    put.bind(5, image.view());
  } else {
    put.bind(5, nullptr);
  }
  return put.run();
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

// Those of `commits` after `through` over the confirmed row.
Status Replica::State::overlay(Row& row, const std::vector<std::uint64_t>& commits,
                               std::uint64_t through, Work& work) {
  std::vector<OpOutcome> ignored;
  for (const std::uint64_t dseq : commits) {
    if (dseq <= through) continue;
    TRY_ASSIGN(const Commit* commit, own_commit(dseq, work));
    const std::uint64_t seen = commit->epoch == work.mark.cursor.epoch ? commit->seen : 0;
    WriteContext context{identity.device, kPendingSeq | dseq, seen, commit->hlc, false};
    for (const RowWrite& write : commit->rows) {
      const Entity* entity = catalogue.entity(write.entity);
      if (entity == nullptr || write.entity != row.entity || write.row != row.id) continue;
      merge(*entity, commit->aggregate, write, context, row, ignored);
    }
  }
  return {};
}

// `row` is what the server has (or has not) in a snapshot that holds own commits up to
// `acked`: becomes the row as shown. Later own commits stay over it.
Status Replica::State::confirm(Row& row, const Pending& own, std::uint64_t acked, Work& work) {
  if (own.commits.empty()) return {};
  if (own.commits.back() <= acked) {
    return db.run("DELETE FROM pend WHERE tbl=?1 AND row=?2", std::int64_t{row.entity}, row.id);
  }
  TRY(keep_confirmed(row, own.aggregate, acked));
  return overlay(row, own.commits, acked, work);
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
  TRY_ASSIGN(Pending own, pending(entity, id, work));
  TRY_ASSIGN(const Row shown, tables.load(entity, id));
  Row row;
  row.entity = entity;
  row.id = id;
  if (!anew && !change.whole) row = own.commits.empty() ? shown : std::move(own.confirmed);
  TRY(apply_change(change, row));
  if (row.aggregate != aggregate) return fail(ErrorCode::Corrupt, "row of another aggregate");
  work.mark.hlc = std::max(work.mark.hlc, newest_hlc(row.clock));
  TRY(confirm(row, own, page.acked, work));
  return show(row, shown, work);
}

Status Replica::State::take_whole(const PageAggregate& aggregate, const Page& page, Work& work) {
  if (work.drops.erase(aggregate.id) > 0) {
    TRY(db.run("DELETE FROM agg WHERE agg=?1", aggregate.id));
  }
  TRY_ASSIGN(const auto shown, tables.all_of(aggregate.id));
  std::set<RowKey> left(shown.begin(), shown.end());
  {
    TRY_ASSIGN(Statement find, db.statement("SELECT DISTINCT tbl,row FROM pend WHERE agg=?1"));
    find.bind(1, aggregate.id);
    while (true) {
      TRY_ASSIGN(const bool more, find.step());
      if (!more) break;
      left.insert({static_cast<std::uint32_t>(find.integer(0)), find.row_id(1)});
    }
  }
  for (const RowChange& change : aggregate.rows) {
    left.erase({change.row.entity, change.row.id});
    TRY(take_change(change, aggregate.id, true, page, work));
  }
  for (const auto& [entity, id] : left) TRY(forget(entity, id, page, work));
  return {};
}

// The server does not have this row for us (any more); what is pending stays.
Status Replica::State::forget(std::uint32_t entity, RowId id, const Page& page, Work& work) {
  TRY_ASSIGN(const Pending own, pending(entity, id, work));
  TRY_ASSIGN(const Row shown, tables.load(entity, id));
  Row row;
  row.entity = entity;
  row.id = id;
  TRY(confirm(row, own, page.acked, work));
  return show(row, shown, work);
}

// ---- the end of a round

Status Replica::State::finish_round(const Page& page, const sync::PageNote& note, Work& work) {
  Mark& m = work.mark;
  m.cursor.base = page.pos;
  m.complete_ms = page.now_ms;
  m.acked = std::max(m.acked, page.acked);
  for (const sync::AckRun& run : note.runs) {
    TRY(db.run("INSERT OR REPLACE INTO acks(dseq,seq,n) VALUES(?1,?2,?3)", as_sql(run.dseq),
               as_sql(run.seq), as_sql(run.count)));
  }
  TRY(keep_outcomes(page, note, work));
  std::vector<std::pair<RowKey, std::uint64_t>> done;
  {
    TRY_ASSIGN(Statement find, db.statement("SELECT tbl,row,max(dseq) FROM pend"
                                            " WHERE dseq BETWEEN 1 AND ?1 GROUP BY tbl,row"));
    find.bind(1, as_sql(m.acked));
    while (true) {
      TRY_ASSIGN(const bool more, find.step());
      if (!more) break;
      done.push_back({{static_cast<std::uint32_t>(find.integer(0)), find.row_id(1)},
                      from_sql(find.integer(2))});
    }
  }
  for (const auto& [key, newest] : done) TRY(settle(key, newest, work));
  TRY(run_drops(work));
  m.stable = page.stable;
  return prune(work);
}

// Own commits on this row are decided up to `newest`, and no page of the round had the row
// with them in it: unless its image holds them, they were rejected or lost and must not
// show any more. Only later ones lie over it.
Status Replica::State::settle(const RowKey& key, std::uint64_t newest, Work& work) {
  const std::uint64_t acked = work.mark.acked;
  TRY_ASSIGN(Pending own, pending(key.first, key.second, work));
  if (own.through < newest) {
    TRY_ASSIGN(const Row shown, tables.load(key.first, key.second));
    TRY(keep_confirmed(own.confirmed, own.aggregate, acked));
    TRY(overlay(own.confirmed, own.commits, acked, work));
    TRY(show(own.confirmed, shown, work));
  }
  const bool later = own.commits.back() > acked;
  return db.run("DELETE FROM pend WHERE tbl=?1 AND row=?2 AND dseq BETWEEN ?3 AND ?4",
                std::int64_t{key.first}, key.second, std::int64_t{later ? 1 : 0}, as_sql(acked));
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

// Aggregates that have left this user's scopes go, once nothing of them waits here.
Status Replica::State::run_drops(Work& work) {
  const std::set<RowId> waiting = work.drops;
  for (const RowId aggregate : waiting) {
    const auto pending = db.query_int("SELECT 1 FROM pend WHERE agg=?1 LIMIT 1", aggregate);
    if (pending) continue;
    if (pending.error().code != ErrorCode::NotFound) return pending.error();
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
    find.bind(1, as_sql(m.stable));
    TRY_ASSIGN(const bool there, find.step());
    if (!there) return {};
    m.safe = std::max(m.safe, std::min(m.acked, from_sql(find.integer(0))));
  }
  TRY(db.run("DELETE FROM acks WHERE dseq+n<=?1", as_sql(m.safe)));
  return db.run("DELETE FROM own WHERE dseq<?1 AND dseq<?2", as_sql(m.safe), as_sql(m.acked));
}

// ---- a restored server

// It knows own commits up to page.acked only, and perhaps other rows than we do.
Status Replica::State::start_over(const Page& page) {
  TRY_ASSIGN(Transaction change, Transaction::begin(db));
  Work work;
  work.mark = mark;
  Mark& m = work.mark;
  const std::uint64_t kept = std::min(m.acked, page.acked);
  TRY(db.exec("DELETE FROM pend WHERE dseq=0"));  // nothing is confirmed
  TRY(pend_again(kept, work));
  TRY(db.run("DELETE FROM acks WHERE dseq>?1", as_sql(kept)));
  TRY(db.run("UPDATE acks SET n=?1-dseq+1 WHERE dseq+n-1>?1", as_sql(kept)));
  TRY(tables.clear());
  TRY(db.exec("DELETE FROM agg"));
  m.acked = kept;
  m.safe = std::min(m.safe, kept);
  m.sent = std::min(m.sent, kept);
  m.stable = page.stable;
  m.cursor = {};
  m.left = 0;
  m.cursor.epoch = page.epoch;
  m.theta = clock.wall_ms() - page.now_ms;
  if (listener != nullptr) TRY(listener->all_cleared());
  std::vector<RowKey> rows;
  {
    TRY_ASSIGN(Statement find, db.statement("SELECT DISTINCT tbl,row FROM pend"));
    while (true) {
      TRY_ASSIGN(const bool more, find.step());
      if (!more) break;
      rows.push_back({static_cast<std::uint32_t>(find.integer(0)), find.row_id(1)});
    }
  }
  for (const auto& [entity, id] : rows) {
    Row row;
    row.entity = entity;
    row.id = id;
    const Row shown = row;  // the tables are empty
    TRY_ASSIGN(const Pending own, pending(entity, id, work));
    TRY(overlay(row, own.commits, kept, work));
    TRY(show(row, shown, work));
  }
  TRY(save_mark(mark, m));
  return finish(change, work);
}

// Own commits after `after` are pending from now on, whatever they were before.
Status Replica::State::pend_again(std::uint64_t after, Work& work) {
  for (std::uint64_t dseq = after + 1; dseq <= work.mark.last; ++dseq) {
    TRY_ASSIGN(const Commit* commit, own_commit(dseq, work));
    for (const RowWrite& write : commit->rows) {
      TRY(db.run("INSERT OR IGNORE INTO pend(tbl,row,dseq,agg) VALUES(?1,?2,?3,?4)",
                 std::int64_t{write.entity}, write.row, as_sql(dseq), commit->aggregate));
    }
  }
  return {};
}

// ---- a chain whose end this device has lost

Status Replica::adopt(std::span<const sync::ChainedCommit> commits) {
  State& s = *state_;
  TRY_ASSIGN(Transaction change, Transaction::begin(s.db));
  State::Work work;
  work.mark = s.mark;
  work.drops = s.drops;
  for (const sync::ChainedCommit& chained : commits) {
    TRY_ASSIGN(const Commit commit, decode_commit(chained.body));
    const Hash256 hash = next_chain(work.mark.last_hash, chained.body);
    if (chained.dseq != work.mark.last + 1 || hash != chained.hash) {
      return fail(ErrorCode::Corrupt, "the server's commits do not continue the own chain");
    }
    const std::uint64_t hlc = std::max(work.mark.hlc, commit.hlc);
    TRY(s.append_own(commit, work));
    work.mark.hlc = hlc;
    std::set<State::RowKey> rows;
    for (const RowWrite& write : commit.rows) rows.insert({write.entity, write.row});
    for (const State::RowKey& key : rows) {
      TRY_ASSIGN(const Row before, s.tables.load(key.first, key.second));
      TRY(s.note_pending(before, key, commit.aggregate, work.mark));
    }
  }
  TRY(s.save_mark(s.mark, work.mark));
  return s.finish(change, work);
}

}  // namespace banyan
