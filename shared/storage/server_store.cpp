// The server's log: opening it, appending to it, authors without a tablet.
#include "shared/storage/server_store.h"

#include <algorithm>

#include "shared/changelog/chain.h"
#include "shared/storage/drafting.h"
#include "shared/storage/server_state.h"

namespace banyan {
namespace {

constexpr const char* kServerTables =
    "CREATE TABLE IF NOT EXISTS seqr(one INTEGER PRIMARY KEY CHECK(one=1), seq INTEGER NOT NULL,"
    " epoch INTEGER NOT NULL, stable INTEGER NOT NULL, ord BLOB NOT NULL,"
    " next_dev INTEGER NOT NULL);"
    "CREATE TABLE IF NOT EXISTS epoch(n INTEGER PRIMARY KEY, epoch INTEGER NOT NULL,"
    " base_seq INTEGER NOT NULL, at INTEGER NOT NULL);"
    "CREATE TABLE IF NOT EXISTS dev(dev INTEGER PRIMARY KEY, sign_pk BLOB NOT NULL,"
    " box_pk BLOB NOT NULL, user INTEGER NOT NULL, head INTEGER NOT NULL, h BLOB NOT NULL,"
    " eff INTEGER NOT NULL, floor INTEGER NOT NULL, schema INTEGER NOT NULL,"
    " status INTEGER NOT NULL, last_ms INTEGER NOT NULL, whole INTEGER NOT NULL);"
    "CREATE TABLE IF NOT EXISTS log(seq INTEGER PRIMARY KEY, dev INTEGER NOT NULL,"
    " dseq INTEGER NOT NULL, rx INTEGER NOT NULL, eff INTEGER NOT NULL, h8 BLOB NOT NULL,"
    " h BLOB NOT NULL, body BLOB NOT NULL, outc BLOB);"
    "CREATE UNIQUE INDEX IF NOT EXISTS log_of ON log(dev,dseq);"
    "CREATE TABLE IF NOT EXISTS sig(dev INTEGER, first INTEGER, n INTEGER NOT NULL,"
    " schema INTEGER NOT NULL, prev BLOB NOT NULL, sig BLOB NOT NULL, rx INTEGER NOT NULL,"
    " PRIMARY KEY(dev,first)) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS parked(id INTEGER PRIMARY KEY, dev INTEGER NOT NULL,"
    " first INTEGER NOT NULL, why INTEGER NOT NULL, rx INTEGER NOT NULL, bundle BLOB NOT NULL);"
    "CREATE TABLE IF NOT EXISTS member(scope INTEGER, agg INTEGER, mask INTEGER NOT NULL,"
    " top INTEGER NOT NULL, from_seq INTEGER NOT NULL, tbl INTEGER NOT NULL,"
    " PRIMARY KEY(agg,scope)) WITHOUT ROWID;"
    "CREATE INDEX IF NOT EXISTS feed ON member(scope,top);"
    "CREATE INDEX IF NOT EXISTS member_ids ON member(scope,agg);"
    "CREATE TABLE IF NOT EXISTS moved(scope INTEGER, seq INTEGER, agg INTEGER,"
    " dir INTEGER NOT NULL, PRIMARY KEY(scope,seq,agg)) WITHOUT ROWID;"
    "CREATE INDEX IF NOT EXISTS moved_of ON moved(agg,seq);"
    "CREATE TABLE IF NOT EXISTS access(user INTEGER, scope INTEGER, mask INTEGER NOT NULL,"
    " from_seq INTEGER, to_seq INTEGER NOT NULL, PRIMARY KEY(user,scope,from_seq)) WITHOUT ROWID;";

constexpr std::uint32_t kFirstDevice = 2;
// After a restore the numbers of devices that were enrolled since the backup
// must not be given out again.
constexpr std::uint32_t kDevicesSkipped = 1024;

}  // namespace

ServerStore::ServerStore(std::unique_ptr<State> state) : state_(std::move(state)) {}
ServerStore::~ServerStore() = default;

Result<std::unique_ptr<ServerStore>> ServerStore::open(Database& db, const Catalogue& catalogue,
                                                       std::uint32_t organisation,
                                                       const SigningKey& key, const Clock& clock,
                                                       Random& random) {
  auto state = std::make_unique<State>(db, catalogue, organisation, key, clock, random);
  TRY_ASSIGN(State::Unit unit, State::Unit::begin(*state));
  TRY(state->create());
  TRY(unit.commit());
  TRY(state->read_head());
  state->recent.begin(state->head.seq);
  return std::unique_ptr<ServerStore>(new ServerStore(std::move(state)));
}

Database& ServerStore::database() { return state_->db; }
const Catalogue& ServerStore::packs() const { return state_->catalogue; }
std::uint64_t ServerStore::head() const { return state_->head.seq; }
std::uint32_t ServerStore::epoch() const { return state_->head.epoch; }
std::uint64_t ServerStore::stable() const { return state_->head.stable; }
std::uint32_t ServerStore::organisation() const { return state_->organisation; }
std::uint32_t ServerStore::catalogue() const { return state_->catalogue.number(); }

Status ServerStore::State::create() {
  TRY(db.exec(kServerTables));
  TRY(tables.migrate());
  const auto there = db.query_int("SELECT seq FROM seqr");
  if (there) return {};
  if (there.error().code != ErrorCode::NotFound) return there.error();
  return begin_log();
}

Status ServerStore::State::begin_log() {
  Head first;
  first.next_device = kFirstDevice;
  TRY(add_epoch(first));
  TRY(db.run("INSERT INTO seqr(one,seq,epoch,stable,ord,next_dev) VALUES(1,0,?1,0,?2,?3)",
             std::int64_t{first.epoch}, first.order.view(), std::int64_t{first.next_device}));
  for (const DeviceId id : {kImportDevice, kServerDevice}) {
    DeviceRow row;
    row.record.id = id;
    row.record.sign_key = key.verify_key();
    TRY(save_device(row));
  }
  return {};
}

Status ServerStore::State::add_epoch(Head& now) {
  do now.epoch = static_cast<std::uint32_t>(random.next_u64());
  while (now.epoch == 0 || std::any_of(epochs.begin(), epochs.end(),
                                       [&](const sync::Epoch& e) { return e.epoch == now.epoch; }));
  return db.run("INSERT INTO epoch(epoch,base_seq,at) VALUES(?1,?2,?3)", std::int64_t{now.epoch},
                as_sql(now.seq), clock.wall_ms());
}

Status ServerStore::State::read_head() {
  {
    TRY_ASSIGN(Statement find, db.statement("SELECT seq,epoch,stable,ord,next_dev FROM seqr"));
    TRY_ASSIGN(const bool there, find.step());
    if (!there) return fail(ErrorCode::Corrupt, "the log has no head");
    head.seq = from_sql(find.integer(0));
    head.epoch = static_cast<std::uint32_t>(find.integer(1));
    head.stable = from_sql(find.integer(2));
    TRY_ASSIGN(head.order, Hash256::from(find.blob(3)));
    head.next_device = static_cast<std::uint32_t>(find.integer(4));
  }
  epochs.clear();
  TRY_ASSIGN(Statement find, db.statement("SELECT epoch,base_seq FROM epoch ORDER BY n"));
  while (true) {
    TRY_ASSIGN(const bool more, find.step());
    if (!more) return {};
    epochs.push_back({static_cast<std::uint32_t>(find.integer(0)), from_sql(find.integer(1))});
  }
}

Status ServerStore::State::save_head(const Head& now) {
  return db.run("UPDATE seqr SET seq=?1, epoch=?2, stable=?3, ord=?4, next_dev=?5", as_sql(now.seq),
                std::int64_t{now.epoch}, as_sql(now.stable), now.order.view(),
                std::int64_t{now.next_device});
}

// ---- transactions and groups

Result<ServerStore::State::Unit> ServerStore::State::Unit::begin(State& state) {
  TRY(state.db.exec(state.grouped ? "SAVEPOINT unit" : "BEGIN IMMEDIATE"));
  return Unit(state);
}

ServerStore::State::Unit::~Unit() {
  if (state_ == nullptr || state_->db.autocommit()) return;
  // A failed undo leaves the connection stopped, which every later call reports.
  static_cast<void>(
      state_->db.exec(state_->grouped ? "ROLLBACK TO unit; RELEASE unit" : "ROLLBACK").ok());
}

Status ServerStore::State::Unit::commit() {
  TRY(state_->db.exec(state_->grouped ? "RELEASE unit" : "COMMIT"));
  state_ = nullptr;
  return {};
}

Status ServerStore::begin_group() {
  BANYAN_CHECK(!state_->grouped);
  TRY(state_->db.exec("BEGIN IMMEDIATE"));
  state_->grouped = true;
  return {};
}

Status ServerStore::commit_group() {
  BANYAN_CHECK(state_->grouped);
  state_->grouped = false;
  Status committed = state_->db.exec("COMMIT");
  if (committed) return {};
  if (!state_->db.autocommit()) static_cast<void>(state_->db.exec("ROLLBACK").ok());
  TRY(state_->read_head());
  return committed;
}

// ---- appending

Result<sync::Appended> ServerStore::append(const Bundle& bundle, std::size_t skip,
                                           std::int64_t now_ms, sync::LostGround lost) {
  State& s = *state_;
  TRY_ASSIGN(State::Unit unit, State::Unit::begin(s));
  TRY_ASSIGN(State::DeviceRow device, s.device_row(bundle.span.device));
  const Hash256& before = skip == 0 ? bundle.span.previous : bundle.hashes[skip - 1];
  if (device.record.head + 1 != bundle.span.first + skip || device.record.head_hash != before) {
    return fail(ErrorCode::Conflict, "the device's chain has moved on");
  }
  State::Head now = s.head;
  const bool may_wait = lost == sync::LostGround::Wait && s.epochs.size() > 1;
  sync::Ingest ingest(s, s.catalogue, s.epochs,
                      {device.record.id, device.record.user, false, device.eff}, now_ms);
  for (std::size_t i = skip; i < bundle.commits.size(); ++i) {
    const Commit& commit = bundle.commits[i];
    const std::uint64_t dseq = bundle.span.first + i;
    TRY_ASSIGN(const sync::CommitOutcome outcome, ingest.take(commit, dseq, now.seq + 1));
    if (may_wait && sync::misses_lost_ground(commit, s.head.epoch, outcome)) {
      return sync::Appended::WaitsAfterRestore;  // the unit rolls back
    }
    TRY(s.log_commit({&commit, bundle.canonical(i), bundle.hashes[i]}, device.record.id, dseq,
                     ingest, outcome, now_ms, now));
    device.floor = ingest.seen();
  }
  TRY(ingest.flush());
  TRY(s.keep_signature(bundle.span, bundle.signature, now_ms));
  device.eff = ingest.eff();
  device.record.head = bundle.span.last();
  device.record.head_hash = bundle.hashes.back();
  TRY(s.save_device(device));
  TRY(s.save_head(now));
  TRY(unit.commit());
  s.head = now;
  return sync::Appended::Taken;
}

Status ServerStore::State::log_commit(const Entry& entry, DeviceId device, std::uint64_t dseq,
                                      const sync::Ingest& ingest,
                                      const sync::CommitOutcome& outcome, std::int64_t now_ms,
                                      Head& now) {
  ++now.seq;
  now.order = next_order(now.order, device, dseq, entry.hash);
  const OrderHash h8 = order_hash(now.order);
  const Bytes outcome_bytes = sync::encode_outcome(outcome);
  TRY_ASSIGN(Statement put, db.statement("INSERT INTO log(seq,dev,dseq,rx,eff,h8,h,body,outc)"
                                         " VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9)"));
  put.bind_all(as_sql(now.seq), device, as_sql(dseq), now_ms, as_sql(ingest.stamp()), h8.view(),
               entry.hash.view(), entry.body);
  if (outcome_bytes.empty()) {
    put.bind(9, nullptr);
  } else {
    put.bind(9, outcome_bytes);
  }
  return put.run();
}

Status ServerStore::State::keep_signature(const ChainSpan& span, const Signature& signature,
                                          std::int64_t now_ms) {
  return db.run(
      "INSERT OR REPLACE INTO sig(dev,first,n,schema,prev,sig,rx)"
      " VALUES(?1,?2,?3,?4,?5,?6,?7)",
      span.device, as_sql(span.first), std::int64_t{span.count}, std::int64_t{span.catalogue},
      span.previous.view(), signature.view(), now_ms);
}

// ---- authors without a tablet

RowId ServerStore::mint(DeviceId device) {
  State& s = *state_;
  auto at = s.minters.find(device);
  if (at == s.minters.end() || at->second.nearly_used_up()) {
    at = s.minters
             .insert_or_assign(device,
                               RowIdMinter(device, static_cast<std::uint32_t>(s.random.next_u64())))
             .first;
  }
  return at->second.next();
}

Result<ServerStore::Authored> ServerStore::author(DeviceId id, std::span<const Draft> drafts) {
  BANYAN_CHECK(id == kImportDevice || id == kServerDevice);
  State& s = *state_;
  Authored authored{s.head.seq + 1, s.head.seq};
  if (drafts.empty()) return authored;
  TRY_ASSIGN(State::Unit unit, State::Unit::begin(s));
  TRY_ASSIGN(State::DeviceRow device, s.device_row(id));
  const std::int64_t now_ms = s.clock.wall_ms();
  State::Head now = s.head;
  sync::Ingest ingest(s, s.catalogue, s.epochs, {id, {}, true, device.eff}, now_ms);
  ChainSpan span{s.organisation,         s.catalogue.number(), id, device.record.head + 1, 0,
                 device.record.head_hash};
  for (const Draft& draft : drafts) {
    const std::uint64_t hlc =
        std::max(ingest.eff() + 1, from_sql(std::max<std::int64_t>(now_ms, 0)) << 16);
    TRY_ASSIGN(const Commit commit, s.draft_commit(draft, hlc, now, ingest));
    ByteWriter body;
    encode_commit(commit, body);
    device.record.head_hash = next_chain(device.record.head_hash, body.view());
    ++device.record.head;
    TRY_ASSIGN(const sync::CommitOutcome outcome,
               ingest.take(commit, device.record.head, now.seq + 1));
    for (const sync::CommitOutcome::Op& op : outcome.ops) {
      if (!rejected(op.outcome)) continue;
      const RowWrite& write = commit.rows[op.row];
      return fail(ErrorCode::Invalid, "entity " + std::to_string(write.entity) + " field " +
                                          std::to_string(op.field) + " outcome " +
                                          std::to_string(static_cast<int>(op.outcome)));
    }
    TRY(s.log_commit({&commit, body.view(), device.record.head_hash}, id, device.record.head,
                     ingest, outcome, now_ms, now));
    ++span.count;
  }
  TRY(ingest.flush());
  TRY(s.keep_signature(span, sign_span(s.key, span, device.record.head_hash), now_ms));
  device.eff = ingest.eff();
  TRY(s.save_device(device));
  TRY(s.save_head(now));
  TRY(unit.commit());
  s.head = now;
  authored.last_seq = now.seq;
  return authored;
}

Result<Commit> ServerStore::State::draft_commit(const Draft& draft, std::uint64_t hlc,
                                                const Head& now, sync::Ingest& ingest) {
  Commit commit;
  const RowLookup lookup = [&](std::uint32_t entity, RowId row) {
    return ingest.peek(entity, row);
  };
  TRY_ASSIGN(commit.rows, complete_rows(catalogue, draft.rows, lookup));
  commit.schema = catalogue.number();
  commit.hlc = hlc;
  commit.epoch = now.epoch;
  commit.seen = now.seq;
  commit.user = draft.user;
  commit.aggregate = draft.aggregate;
  TRY(check_commit(commit));
  return commit;
}

Result<Row> ServerStore::load(const Entity& entity, RowId id) {
  return state_->tables.load(entity.no, id);
}

// ---- backups

Status ServerStore::set_stable(std::uint64_t seq) {
  State& s = *state_;
  if (seq > s.head.seq) return fail(ErrorCode::Invalid, "no backup can hold what is not written");
  State::Head now = s.head;
  now.stable = std::max(now.stable, seq);
  TRY_ASSIGN(State::Unit unit, State::Unit::begin(s));
  TRY(s.save_head(now));
  TRY(unit.commit());
  s.head = now;
  return {};
}

Status ServerStore::begin_epoch_after_restore() {
  State& s = *state_;
  State::Head now = s.head;
  TRY_ASSIGN(State::Unit unit, State::Unit::begin(s));
  TRY(s.add_epoch(now));
  now.next_device += kDevicesSkipped;
  TRY(s.save_head(now));
  TRY(unit.commit());
  return s.read_head();
}

}  // namespace banyan
