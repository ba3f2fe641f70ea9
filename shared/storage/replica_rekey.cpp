// A copy of a device goes on under a number of its own.
#include "shared/changelog/chain.h"
#include "shared/storage/replica_state.h"

namespace banyan {

// A copy that turns out to be none has left rows as they were, and reads all anew.
Status Replica::set_forked(bool forked) {
  State& s = *state_;
  if (forked == s.mark.forked) return {};
  TRY_ASSIGN(Transaction change, Transaction::begin(s.db));
  State::Work work(s);
  work.mark.forked = forked;
  if (!forked) TRY(s.begin_anew(s.mark.cursor.epoch, s.mark.acked, work));
  TRY(s.save_mark(s.mark, work.mark));
  return s.finish_anew(change, work);
}

Status Replica::rekey(const sync::NewNumber& given, const std::function<Status()>& also) {
  State& s = *state_;
  if (given.former != s.identity.device || given.device == given.former) {
    return fail(ErrorCode::Invalid, "a number for another device");
  }
  TRY_ASSIGN(Transaction change, Transaction::begin(s.db));
  State::Work work(s);
  TRY(s.renumber_own(given.common, work.mark));
  TRY(s.db.exec("DELETE FROM acks"));
  // How the common commits ended stays readable, and what was decided on them, out of the way of
  // the new numbers.
  TRY(s.db.run("DELETE FROM outc WHERE dseq>?1", as_sql(given.common)));
  TRY(s.db.run("UPDATE outc SET dseq=dseq-?1", as_sql(given.common + 1)));
  TRY(s.db.run("DELETE FROM receipt WHERE dseq>?1", as_sql(given.common)));
  TRY(s.db.run("UPDATE receipt SET dseq=dseq-?1", as_sql(given.common + 1)));
  s.former.push_back({given.former, given.common_seq});
  TRY(s.db.run("INSERT OR REPLACE INTO k(k,v) VALUES('former',?1)", encode_dots(s.former)));
  TRY(s.db.run("UPDATE k SET v=?1 WHERE k='dev'", std::int64_t{number(given.device)}));
  State::Mark& m = work.mark;
  m.acked = m.safe = m.sent = 0;
  m.forked = false;
  TRY(s.begin_anew(m.cursor.epoch, 0, work));
  TRY(s.save_mark(s.mark, m));
  TRY(also());
  return s.finish_anew(change, work);
}

// Own commits after `common` become 1, 2, ...; the others are on the server.
Status Replica::State::renumber_own(std::uint64_t common, Mark& m) {
  TRY_ASSIGN(Statement find,
             db.statement("SELECT dseq,h,body FROM own WHERE dseq>?1 ORDER BY dseq"));
  find.bind(1, as_sql(common));
  TRY_ASSIGN(const auto mine, read_commits(std::move(find), ~std::size_t{0}));
  TRY(db.exec("DELETE FROM own"));
  m.last = 0;
  m.last_hash = {};
  TRY_ASSIGN(Statement put, db.statement("INSERT INTO own(dseq,h,body) VALUES(?1,?2,?3)"));
  for (const sync::ChainedCommit& commit : mine) {
    m.last_hash = next_chain(m.last_hash, commit.body);
    put.bind_all(as_sql(++m.last), m.last_hash.view(), commit.body);
    TRY(put.run());
  }
  return {};
}

}  // namespace banyan
