#include "shared/storage/replica.h"

#include <algorithm>

#include "shared/changelog/chain.h"
#include "shared/storage/drafting.h"
#include "shared/storage/replica_state.h"

namespace banyan {
namespace {

constexpr const char* kReplicaTables =
    "CREATE TABLE IF NOT EXISTS k(k TEXT PRIMARY KEY, v) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS own(dseq INTEGER PRIMARY KEY, h BLOB NOT NULL,"
    " body BLOB NOT NULL, img BLOB);"
    "CREATE TABLE IF NOT EXISTS acks(dseq INTEGER PRIMARY KEY, seq INTEGER NOT NULL,"
    " n INTEGER NOT NULL);"
    "CREATE TABLE IF NOT EXISTS confirmed(tbl INTEGER, row INTEGER, through INTEGER NOT NULL,"
    " shown INTEGER NOT NULL, img BLOB, PRIMARY KEY(tbl,row)) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS agg(agg INTEGER PRIMARY KEY, state INTEGER NOT NULL);"
    "CREATE TABLE IF NOT EXISTS outc(dseq INTEGER, op INTEGER, field INTEGER,"
    " code INTEGER NOT NULL, flags INTEGER NOT NULL, tbl INTEGER, row INTEGER, agg INTEGER,"
    " shown INTEGER NOT NULL, PRIMARY KEY(dseq,op,field)) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS receipt(dseq INTEGER, op INTEGER, seq INTEGER NOT NULL,"
    " body BLOB NOT NULL, PRIMARY KEY(dseq,op)) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS part(n INTEGER PRIMARY KEY, body BLOB NOT NULL,"
    " zstd INTEGER NOT NULL);";

}  // namespace

Result<std::vector<Row>> decode_images(ByteView in) {
  std::vector<Row> rows;
  ByteReader reader(in);
  while (reader.ok() && !reader.done()) {
    TRY_ASSIGN(Row row, decode_row(reader.block(in.size())));
    rows.push_back(std::move(row));
  }
  TRY(reader.finish("images of an own commit"));
  return rows;
}

Replica::Replica(std::unique_ptr<State> state) : state_(std::move(state)) {}
Replica::~Replica() = default;

Result<std::unique_ptr<Replica>> Replica::open(Database& db, const Catalogue& catalogue,
                                               const Identity& identity, const Clock& clock,
                                               Random& random) {
  auto state = std::make_unique<State>(db, catalogue, identity, clock, random);
  TRY_ASSIGN(Transaction change, Transaction::begin(db));
  TRY(state->create());
  TRY(change.commit());
  TRY(state->read_mark());
  TRY(state->read_aggregates());
  TRY(state->read_waiting(state->mark.acked));
  state->waiting.keep();
  return std::unique_ptr<Replica>(new Replica(std::move(state)));
}

Status Replica::State::create() {
  TRY(db.exec(kReplicaTables));
  TRY(tables.migrate());
  return check_identity();
}

Status Replica::State::check_identity() {
  const std::int64_t mine[] = {number(identity.device), number(identity.user),
                               identity.organisation};
  const char* names[] = {"dev", "user", "org"};
  for (int i = 0; i < 3; ++i) {
    const auto there = db.query_int("SELECT v FROM k WHERE k=?1", names[i]);
    if (!there && there.error().code != ErrorCode::NotFound) return there.error();
    if (!there) TRY(db.run("INSERT INTO k(k,v) VALUES(?1,?2)", names[i], mine[i]));
    if (!there && i == 0) {
      TRY(db.run("INSERT INTO k(k,v) VALUES('cepoch',?1),('claim',?2)",
                 std::int64_t{identity.joined.epoch}, as_sql(identity.joined.seq)));
    }
    if (there && *there != mine[i]) {
      return fail(ErrorCode::Refused, "the database belongs to another device, user or bank");
    }
  }
  return {};
}

Status Replica::State::read_mark() {
  Mark m;
  {
    TRY_ASSIGN(Statement find, db.statement("SELECT k,v FROM k"));
    const std::map<std::string_view, std::uint64_t*> numbers{
        {"base", &m.cursor.base},   {"pos", &m.cursor.pos}, {"sub", &m.cursor.sub},
        {"start", &m.cursor.start}, {"acked", &m.acked},    {"stable", &m.stable},
        {"safe", &m.safe},          {"hlc", &m.hlc},        {"left", &m.left},
        {"sent", &m.sent},          {"claim", &m.claim}};
    while (true) {
      TRY_ASSIGN(const bool more, find.step());
      if (!more) break;
      const std::string_view key = find.text(0);
      const auto at = numbers.find(key);
      if (at != numbers.end()) *at->second = from_sql(find.integer(1));
      if (key == "epoch") m.cursor.epoch = static_cast<std::uint32_t>(find.integer(1));
      if (key == "cepoch") m.claim_epoch = static_cast<std::uint32_t>(find.integer(1));
      if (key == "former") {
        TRY_ASSIGN(former, decode_dots(find.blob(1)));
      }
      if (key == "theta") m.theta = find.integer(1);
      if (key == "complete") m.complete_ms = find.integer(1);
      if (key == "forked") m.forked = find.integer(1) != 0;
      if (key == "h8") {
        TRY_ASSIGN(m.cursor.pos_hash, OrderHash::from(find.blob(1)));
      }
      if (key == "resume") {
        ByteReader place(find.blob(1));
        m.cursor.resume = get_place(place);
      }
    }
  }
  {
    TRY_ASSIGN(Statement newest,
               db.statement("SELECT dseq,h,body FROM own ORDER BY dseq DESC LIMIT 1"));
    TRY_ASSIGN(const bool there, newest.step());
    if (there) {
      m.last = from_sql(newest.integer(0));
      TRY_ASSIGN(m.last_hash, Hash256::from(newest.blob(1)));
      TRY_ASSIGN(const Commit commit, decode_commit(newest.blob(2)));
      m.hlc = std::max(m.hlc, commit.hlc);
    }
  }
  mark = m;
  return {};
}

Status Replica::State::read_aggregates() {
  TRY_ASSIGN(Statement find, db.statement("SELECT agg,state FROM agg"));
  while (true) {
    TRY_ASSIGN(const bool more, find.step());
    if (!more) return {};
    (find.integer(1) == kDrop ? drops : stale).insert(find.row_id(0));
  }
}

Status Replica::State::read_waiting(std::uint64_t acked) {
  waiting.clear();
  const auto wait = [&](const RowKey& key, RowId aggregate) {
    const Waiting* there = waiting.find(key);
    return there != nullptr ? *there : Waiting{aggregate, {}, Waiting::kNoImage};
  };
  {
    TRY_ASSIGN(Statement find,
               db.statement("SELECT dseq,body,img FROM own WHERE dseq>?1 ORDER BY dseq"));
    find.bind(1, as_sql(acked));
    while (true) {
      TRY_ASSIGN(const bool more, find.step());
      if (!more) break;
      const std::uint64_t dseq = from_sql(find.integer(0));
      TRY_ASSIGN(const Commit commit, decode_commit(find.blob(1)));
      TRY_ASSIGN(const std::vector<Row> images, decode_images(find.blob(2)));
      // With an image the row begins to wait.
      for (const Row& row : images) {
        waiting.put({row.entity, row.id}, {commit.aggregate, {}, dseq});
      }
      std::set<RowKey> keys;
      for (const RowWrite& write : commit.rows) keys.insert({write.entity, write.row});
      for (const RowKey& key : keys) {
        Waiting own = wait(key, commit.aggregate);
        own.commits.push_back(dseq);
        waiting.put(key, std::move(own));
      }
    }
  }
  TRY_ASSIGN(Statement find,
             db.statement("SELECT tbl,row,through,shown,img IS NOT NULL FROM confirmed"));
  while (true) {
    TRY_ASSIGN(const bool more, find.step());
    if (!more) return {};
    const RowKey key{static_cast<std::uint32_t>(find.integer(0)), find.row_id(1)};
    const std::uint64_t through = from_sql(find.integer(2));
    Waiting own = wait(key, {});
    std::erase_if(own.commits, [&](std::uint64_t dseq) { return dseq <= through; });
    if (find.integer(3) == 0) {
      own.image = find.integer(4) != 0 ? Waiting::kInTable : Waiting::kNoImage;
    } else if (own.image <= through) {
      own.image = Waiting::kNoImage;
    }
    if (own.commits.empty()) {
      waiting.erase(key);
    } else {
      waiting.put(key, std::move(own));
    }
  }
}

Status Replica::State::save_mark(const Mark& before, const Mark& now) {
  TRY_ASSIGN(Statement put, db.statement("INSERT OR REPLACE INTO k(k,v) VALUES(?1,?2)"));
  const auto keep = [&](const char* key, std::int64_t was, std::int64_t is) -> Status {
    if (was == is) return {};
    put.bind_all(key, is);
    return put.run();
  };
  const auto keep_u64 = [&](const char* key, std::uint64_t was, std::uint64_t is) {
    return keep(key, as_sql(was), as_sql(is));
  };
  TRY(keep("epoch", before.cursor.epoch, now.cursor.epoch));
  TRY(keep_u64("base", before.cursor.base, now.cursor.base));
  TRY(keep_u64("pos", before.cursor.pos, now.cursor.pos));
  TRY(keep_u64("sub", before.cursor.sub, now.cursor.sub));
  TRY(keep_u64("start", before.cursor.start, now.cursor.start));
  TRY(keep_u64("acked", before.acked, now.acked));
  TRY(keep_u64("stable", before.stable, now.stable));
  TRY(keep_u64("safe", before.safe, now.safe));
  TRY(keep_u64("sent", before.sent, now.sent));
  TRY(keep_u64("hlc", before.hlc, now.hlc));
  TRY(keep_u64("left", before.left, now.left));
  TRY(keep("cepoch", before.claim_epoch, now.claim_epoch));
  TRY(keep_u64("claim", before.claim, now.claim));
  TRY(keep("theta", before.theta, now.theta));
  TRY(keep("complete", before.complete_ms, now.complete_ms));
  TRY(keep("forked", before.forked ? 1 : 0, now.forked ? 1 : 0));
  if (before.cursor.resume != now.cursor.resume) {
    ByteWriter place;
    put_place(now.cursor.resume, place);
    put.bind_all("resume", place.view());
    TRY(put.run());
  }
  if (before.cursor.pos_hash == now.cursor.pos_hash) return {};
  put.bind_all("h8", now.cursor.pos_hash.view());
  return put.run();
}

Status Replica::State::change_mark(const Mark& now) {
  TRY_ASSIGN(Transaction change, Transaction::begin(db));
  Work work(*this);
  work.mark = now;
  TRY(save_mark(mark, now));
  return finish(change, work);
}

Status Replica::State::finish(Transaction& change, Work& work) {
  if (listener != nullptr && !work.touched.empty()) TRY(listener->rows_changed(work.touched));
  TRY(change.commit());
  waiting.keep();
  mark = work.mark;
  drops = std::move(work.drops);
  for (const RowId aggregate : work.refreshed) stale.erase(aggregate);
  return {};
}

std::uint64_t Replica::State::next_hlc(const Mark& m) const {
  const std::int64_t now = std::max<std::int64_t>(clock.wall_ms() - m.theta, 0);
  return std::max(m.hlc + 1, from_sql(now) << 16);
}

// ---- writing

Result<Replica::Written> Replica::write(const Draft& draft) {
  TRY_ASSIGN(const std::vector<Written> written, write(std::span(&draft, 1)));
  return written.front();
}

Result<std::vector<Replica::Written>> Replica::write(std::span<const Draft> drafts,
                                                     const Also& also) {
  State& s = *state_;
  TRY_ASSIGN(Transaction change, Transaction::begin(s.db));
  State::Work work(s);
  std::vector<Written> written;
  for (const Draft& draft : drafts) {
    if (s.drops.contains(draft.aggregate)) {
      return fail(ErrorCode::Refused,
                  "aggregate " + std::to_string(number(draft.aggregate)) + " has moved away");
    }
    TRY_ASSIGN(const Written one, s.write_one(draft, work));
    written.push_back(one);
  }
  if (also) TRY(also());
  TRY(s.finish(change, work));
  return written;
}

Result<Replica::Written> Replica::State::write_one(const Draft& draft, Work& work) {
  std::map<RowKey, std::pair<Row, Row>> rows;  // before, now
  const RowLookup lookup = [&](std::uint32_t entity, RowId id) -> Result<const Row*> {
    const auto found = rows.find({entity, id});
    if (found != rows.end()) return &std::as_const(found->second.second);
    TRY_ASSIGN(Row row, tables.load(entity, id));
    return &std::as_const(rows.try_emplace({entity, id}, row, row).first->second.second);
  };
  Commit commit;
  TRY_ASSIGN(commit.rows, complete_rows(catalogue, draft.rows, lookup));
  if (commit.rows.empty()) return fail(ErrorCode::Invalid, "nothing to write");
  std::erase_if(rows, [&](const auto& one) {  // looked at, but as it was
    return std::none_of(commit.rows.begin(), commit.rows.end(), [&](const RowWrite& w) {
      return RowKey{w.entity, w.row} == one.first;
    });
  });
  commit.schema = catalogue.number();
  commit.hlc = next_hlc(work.mark);
  commit.epoch = work.mark.claim_epoch;
  commit.seen = work.mark.claim;
  commit.user = draft.user != 0 ? draft.user : from_sql(number(identity.user));
  commit.aggregate = draft.aggregate;
  TRY(check_commit(commit));

  WriteContext context{
      identity.device, kPendingSeq | (work.mark.last + 1), commit.seen, commit.hlc, false, former};
  std::vector<OpOutcome> outcomes;
  for (const RowWrite& write : commit.rows) {
    Row& now = rows.at({write.entity, write.row}).second;
    merge(*catalogue.entity(write.entity), commit.aggregate, write, context, now, outcomes);
    for (const OpOutcome& o : outcomes) {
      if (!rejected(o.outcome)) continue;
      return fail(ErrorCode::Invalid, "entity " + std::to_string(write.entity) + " field " +
                                          std::to_string(o.field) + " outcome " +
                                          std::to_string(static_cast<int>(o.outcome)));
    }
  }
  ByteWriter images;
  for (const auto& [key, pair] : rows) {
    note_waiting(pair.first, key, commit.aggregate, work.mark.last + 1, images);
  }
  TRY(append_own(commit, images, work));
  for (const auto& [key, pair] : rows) {
    const auto& [before, now] = pair;
    TRY(tables.save(now, before));
    work.touched.push_back({key.first, key.second, commit.aggregate, !now.alive()});
  }
  return Written{work.mark.last, commit.aggregate};
}

// Own commit `dseq` waits on this row. `before`: as shown, which is as confirmed unless it
// waits already.
void Replica::State::note_waiting(const Row& before, const RowKey& key, RowId aggregate,
                                  std::uint64_t dseq, ByteWriter& images) {
  const Waiting* there = waiting.find(key);
  Waiting own = there != nullptr ? *there : Waiting{aggregate, {}, Waiting::kNoImage};
  if (there == nullptr && before.exists) {
    ByteWriter image;
    encode_row(before, image);
    images.block(image.view());
    own.image = dseq;
  }
  own.commits.push_back(dseq);
  waiting.put(key, std::move(own));
}

Status Replica::State::append_own(const Commit& commit, const ByteWriter& images, Work& work) {
  ByteWriter body;
  encode_commit(commit, body);
  Mark& m = work.mark;
  m.last_hash = next_chain(m.last_hash, body.view());
  m.hlc = commit.hlc;
  ++m.last;
  TRY_ASSIGN(Statement put, db.statement("INSERT INTO own(dseq,h,body,img) VALUES(?1,?2,?3,?4)"));
  put.bind_all(as_sql(m.last), m.last_hash.view(), body.view());
  if (images.size() > 0) put.bind(4, images.view());
  return put.run();
}

}  // namespace banyan
