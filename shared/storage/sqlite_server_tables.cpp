// Opening the tables, transactions, the end of the log and the devices.
#include "shared/storage/sqlite_server_tables.h"

#include "shared/base/check.h"
#include "shared/storage/commit_rows.h"
#include "shared/storage/import_keys.h"

namespace banyan {
namespace {

constexpr const char* kServerTables =
    "CREATE TABLE IF NOT EXISTS seqr(one INTEGER PRIMARY KEY CHECK(one=1), seq INTEGER NOT NULL,"
    " epoch INTEGER NOT NULL, stable INTEGER NOT NULL, ord BLOB NOT NULL,"
    " next_dev INTEGER NOT NULL, horizon INTEGER NOT NULL);"
    "CREATE TABLE IF NOT EXISTS epoch(n INTEGER PRIMARY KEY, epoch INTEGER NOT NULL,"
    " base_seq INTEGER NOT NULL, at INTEGER NOT NULL);"
    "CREATE TABLE IF NOT EXISTS dev(dev INTEGER PRIMARY KEY, sign_pk BLOB NOT NULL,"
    " box_pk BLOB NOT NULL, user INTEGER NOT NULL, head INTEGER NOT NULL, h BLOB NOT NULL,"
    " eff INTEGER NOT NULL, floor INTEGER NOT NULL, schema INTEGER NOT NULL,"
    " status INTEGER NOT NULL, last_ms INTEGER NOT NULL, whole INTEGER NOT NULL,"
    " former BLOB NOT NULL);"
    "CREATE TABLE IF NOT EXISTS log(seq INTEGER PRIMARY KEY, dev INTEGER NOT NULL,"
    " dseq INTEGER NOT NULL, rx INTEGER NOT NULL, eff INTEGER NOT NULL, h8 BLOB NOT NULL,"
    " h BLOB NOT NULL, agg INTEGER NOT NULL, body BLOB NOT NULL, outc BLOB);"
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
    " from_seq INTEGER, to_seq INTEGER NOT NULL, PRIMARY KEY(user,scope,from_seq)) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS receipt(dev INTEGER, dseq INTEGER, op INTEGER,"
    " state INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY(dev,dseq,op)) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS edge(tbl INTEGER, row INTEGER, agg INTEGER NOT NULL,"
    " other INTEGER NOT NULL, mirror INTEGER NOT NULL, PRIMARY KEY(tbl,row)) WITHOUT ROWID;"
    "CREATE INDEX IF NOT EXISTS edge_waits ON edge(other,tbl,row) WHERE mirror=0;";

constexpr const char* kSelectDevice =
    "SELECT dev,sign_pk,box_pk,user,head,h,schema,status,last_ms,eff,floor,whole,former FROM dev";

Result<sync::DeviceRecord> read_device(Statement& find) {
  sync::DeviceRecord record;
  record.id = DeviceId{static_cast<std::uint32_t>(find.integer(0))};
  TRY_ASSIGN(record.sign_key, VerifyKey::from(find.blob(1)));
  TRY_ASSIGN(record.box_key, BoxPublicKey::from(find.blob(2)));
  record.user = find.row_id(3);
  record.head = from_sql(find.integer(4));
  TRY_ASSIGN(record.head_hash, Hash256::from(find.blob(5)));
  record.catalogue = static_cast<std::uint32_t>(find.integer(6));
  record.status = static_cast<sync::DeviceStatus>(find.integer(7));
  record.last_contact_ms = find.integer(8);
  record.whole_epoch = static_cast<std::uint32_t>(find.integer(11));
  return record;
}

}  // namespace

Result<std::unique_ptr<SqliteServerTables>> SqliteServerTables::open(Database& db,
                                                                     const Catalogue& catalogue) {
  std::unique_ptr<SqliteServerTables> tables(new SqliteServerTables(db, catalogue));
  TRY(tables->begin(Hold::Order));
  const Status made = tables->create();
  if (!made) {
    tables->roll_back();
    return made.error();
  }
  TRY(tables->commit());
  const auto head = tables->head();
  if (!head && head.error().code != ErrorCode::NotFound) return head.error();
  tables->recent_.begin(head ? head->seq : 0);
  return tables;
}

Status SqliteServerTables::create() {
  TRY(db_.exec(kServerTables));
  TRY(name_aggregates());
  TRY(ImportKeys(db_).create());
  return tables_.migrate();
}

// ---- transactions and groups

Status SqliteServerTables::begin(Hold hold) {
  BANYAN_CHECK(!open_);
  if (hold == Hold::Snapshot) return {};  // nobody else writes
  TRY(db_.exec(grouped_ ? "SAVEPOINT unit" : "BEGIN IMMEDIATE"));
  open_ = true;
  return {};
}

Status SqliteServerTables::commit() {
  if (!open_) return {};
  TRY(db_.exec(grouped_ ? "RELEASE unit" : "COMMIT"));
  open_ = false;
  return {};
}

void SqliteServerTables::roll_back() {
  if (!open_) return;
  open_ = false;
  head_.reset();
  if (db_.autocommit()) return;
  // A failed undo leaves the connection stopped, which every later call reports.
  static_cast<void>(db_.exec(grouped_ ? "ROLLBACK TO unit; RELEASE unit" : "ROLLBACK").ok());
}

Status SqliteServerTables::begin_group() {
  BANYAN_CHECK(!grouped_ && !open_);
  TRY(db_.exec("BEGIN IMMEDIATE"));
  grouped_ = true;
  return {};
}

Status SqliteServerTables::end_group() {
  BANYAN_CHECK(grouped_ && !open_);
  grouped_ = false;
  Status committed = db_.exec("COMMIT");
  if (committed) return {};
  head_.reset();
  if (!db_.autocommit()) static_cast<void>(db_.exec("ROLLBACK").ok());
  return committed;
}

// ---- the end of the log, and epochs

Result<ServerTables::Head> SqliteServerTables::head() {
  if (head_) return *head_;
  Head head;
  TRY_ASSIGN(Statement find,
             db_.statement("SELECT seq,epoch,stable,ord,next_dev,horizon FROM seqr"));
  TRY_ASSIGN(const bool there, find.step());
  if (!there) return fail(ErrorCode::NotFound, "the log has no head");
  head.seq = from_sql(find.integer(0));
  head.epoch = static_cast<std::uint32_t>(find.integer(1));
  head.stable = from_sql(find.integer(2));
  TRY_ASSIGN(head.order, Hash256::from(find.blob(3)));
  head.next_device = static_cast<std::uint32_t>(find.integer(4));
  head.horizon = from_sql(find.integer(5));
  head_ = head;
  return head;
}

Status SqliteServerTables::save_head(const Head& head) {
  TRY(
      db_.run("INSERT INTO seqr(one,seq,epoch,stable,ord,next_dev,horizon)"
              " VALUES(1,?1,?2,?3,?4,?5,?6) ON CONFLICT DO UPDATE"
              " SET seq=?1, epoch=?2, stable=?3, ord=?4, next_dev=?5, horizon=?6",
              as_sql(head.seq), std::int64_t{head.epoch}, as_sql(head.stable), head.order.view(),
              std::int64_t{head.next_device}, as_sql(head.horizon)));
  head_ = head;
  return {};
}

Result<std::vector<sync::Epoch>> SqliteServerTables::epochs() {
  std::vector<sync::Epoch> out;
  TRY_ASSIGN(Statement find, db_.statement("SELECT epoch,base_seq FROM epoch ORDER BY n"));
  while (true) {
    TRY_ASSIGN(const bool more, find.step());
    if (!more) return out;
    out.push_back({static_cast<std::uint32_t>(find.integer(0)), from_sql(find.integer(1))});
  }
}

Result<std::int64_t> SqliteServerTables::newest_epoch_ms() {
  return db_.query_int("SELECT max(at) FROM epoch");
}

Status SqliteServerTables::add_epoch(const sync::Epoch& epoch, std::int64_t at_ms) {
  return db_.run("INSERT INTO epoch(epoch,base_seq,at) VALUES(?1,?2,?3)", std::int64_t{epoch.epoch},
                 as_sql(epoch.base), at_ms);
}

// ---- devices

Result<ServerTables::DeviceRow> SqliteServerTables::device_row(DeviceId id) {
  TRY_ASSIGN(Statement find, db_.statement(std::string(kSelectDevice) + " WHERE dev=?1"));
  find.bind(1, id);
  TRY_ASSIGN(const bool there, find.step());
  if (!there) return fail(ErrorCode::NotFound, "device " + std::to_string(number(id)));
  DeviceRow row;
  TRY_ASSIGN(row.record, read_device(find));
  row.eff = from_sql(find.integer(9));
  row.floor = from_sql(find.integer(10));
  TRY_ASSIGN(row.former, decode_dots(find.blob(12)));
  return row;
}

Status SqliteServerTables::save_device(const DeviceRow& row) {
  const sync::DeviceRecord& r = row.record;
  return db_.run(
      "INSERT OR REPLACE INTO dev(dev,sign_pk,box_pk,user,head,h,eff,floor,schema,"
      "status,last_ms,whole,former) VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13)",
      r.id, r.sign_key.view(), r.box_key.view(), r.user, as_sql(r.head), r.head_hash.view(),
      as_sql(row.eff), as_sql(row.floor), std::int64_t{r.catalogue},
      static_cast<std::int64_t>(r.status), r.last_contact_ms, std::int64_t{r.whole_epoch},
      encode_dots(row.former));
}

Result<DeviceId> SqliteServerTables::device_with_key(const VerifyKey& sign_key) {
  TRY_ASSIGN(const std::int64_t device,
             db_.query_int("SELECT dev FROM dev WHERE sign_pk=?1", sign_key.view()));
  return DeviceId{static_cast<std::uint32_t>(device)};
}

Result<std::vector<sync::DeviceRecord>> SqliteServerTables::devices(DeviceId from) {
  std::vector<sync::DeviceRecord> out;
  TRY_ASSIGN(Statement find,
             db_.statement(std::string(kSelectDevice) + " WHERE dev>=?1 ORDER BY dev"));
  find.bind(1, from);
  while (true) {
    TRY_ASSIGN(const bool more, find.step());
    if (!more) return out;
    TRY_ASSIGN(sync::DeviceRecord record, read_device(find));
    out.push_back(std::move(record));
  }
}

Status SqliteServerTables::contacted(DeviceId id, const Heard& heard) {
  return db_.run("UPDATE dev SET schema=?2, last_ms=?3, whole=?4, floor=max(floor,?5) WHERE dev=?1",
                 id, std::int64_t{heard.catalogue}, heard.now_ms, std::int64_t{heard.whole_epoch},
                 as_sql(heard.floor));
}

Result<std::optional<std::uint64_t>> SqliteServerTables::lowest_floor() {
  TRY_ASSIGN(Statement find,
             db_.statement("SELECT min(floor) FROM dev WHERE dev>=2 AND status=?1"));
  find.bind(1, static_cast<std::int64_t>(sync::DeviceStatus::Active));
  TRY_ASSIGN(const bool there, find.step());
  if (!there || find.is_null(0)) return std::optional<std::uint64_t>();
  return std::optional(from_sql(find.integer(0)));
}

Result<bool> SqliteServerTables::any_away(std::uint32_t epoch) {
  const auto away =
      db_.query_int("SELECT 1 FROM dev WHERE dev>=2 AND status=?1 AND whole<>?2 LIMIT 1",
                    static_cast<std::int64_t>(sync::DeviceStatus::Active), std::int64_t{epoch});
  if (!away && away.error().code != ErrorCode::NotFound) return away.error();
  return away.ok();
}

}  // namespace banyan
