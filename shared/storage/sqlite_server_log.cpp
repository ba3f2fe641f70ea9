// The log and the bundles that wait for it.
#include "shared/changelog/codec.h"
#include "shared/storage/commit_rows.h"
#include "shared/storage/import_keys.h"
#include "shared/storage/sqlite_server_tables.h"

namespace banyan {

Status SqliteServerTables::put_log(const LogRow& row) {
  TRY_ASSIGN(Statement put, db_.statement("INSERT INTO log(seq,dev,dseq,rx,eff,h8,h,agg,body,outc)"
                                          " VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10)"));
  put.bind_all(as_sql(row.seq), row.device, as_sql(row.dseq), row.received_ms, as_sql(row.eff),
               row.order.view(), row.hash.view(), row.aggregate, row.body);
  if (row.outcome.empty()) {
    put.bind(10, nullptr);
  } else {
    put.bind(10, row.outcome);
  }
  return put.run();
}

Status SqliteServerTables::put_signature(const SignedSpan& s) {
  return db_.run(
      "INSERT OR REPLACE INTO sig(dev,first,n,schema,prev,sig,rx)"
      " VALUES(?1,?2,?3,?4,?5,?6,?7)",
      s.span.device, as_sql(s.span.first), std::int64_t{s.span.count},
      std::int64_t{s.span.catalogue}, s.span.previous.view(), s.signature.view(), s.received_ms);
}

Result<Hash256> SqliteServerTables::chain_hash(DeviceId id, std::uint64_t dseq) {
  TRY_ASSIGN(Statement find, db_.statement("SELECT h FROM log WHERE dev=?1 AND dseq=?2"));
  find.bind_all(id, as_sql(dseq));
  TRY_ASSIGN(const bool there, find.step());
  if (!there) return fail(ErrorCode::NotFound, "commit " + std::to_string(dseq));
  return Hash256::from(find.blob(0));
}

Result<std::uint64_t> SqliteServerTables::place_of(DeviceId id, std::uint64_t dseq) {
  TRY_ASSIGN(const std::int64_t seq,
             db_.query_int("SELECT seq FROM log WHERE dev=?1 AND dseq=?2", id, as_sql(dseq)));
  return from_sql(seq);
}

Result<OrderHash> SqliteServerTables::order_at(std::uint64_t seq) {
  TRY_ASSIGN(Statement find, db_.statement("SELECT h8 FROM log WHERE seq=?1"));
  find.bind(1, as_sql(seq));
  TRY_ASSIGN(const bool there, find.step());
  if (!there) return fail(ErrorCode::NotFound, "no sequence " + std::to_string(seq));
  return OrderHash::from(find.blob(0));
}

Result<std::vector<sync::ChainedCommit>> SqliteServerTables::tail(DeviceId id, std::uint64_t dseq,
                                                                  std::size_t bytes_max) {
  TRY_ASSIGN(Statement find, db_.statement("SELECT dseq,h,body FROM log WHERE dev=?1"
                                           " AND dseq>?2 ORDER BY dseq"));
  find.bind_all(id, as_sql(dseq));
  return read_commits(std::move(find), bytes_max);
}

Status SqliteServerTables::ends(DeviceId id, std::uint64_t dseq, const EachLogRow& each) {
  TRY_ASSIGN(Statement find, db_.statement("SELECT dseq,seq,outc FROM log WHERE dev=?1 AND dseq>?2"
                                           " ORDER BY dseq"));
  find.bind_all(id, as_sql(dseq));
  while (true) {
    TRY_ASSIGN(const bool more, find.step());
    if (!more) return {};
    LogRow row;
    row.device = id;
    row.dseq = from_sql(find.integer(0));
    row.seq = from_sql(find.integer(1));
    row.outcome = find.blob(2);
    TRY(each(row));
  }
}

namespace {

constexpr const char* kForward =
    "SELECT seq,dev,dseq,rx,eff,h8,h,agg,body,outc FROM log WHERE seq>?1 AND seq<?2"
    " ORDER BY seq LIMIT ?3";
constexpr const char* kBack =
    "SELECT seq,dev,dseq,rx,eff,h8,h,agg,body,outc FROM log WHERE seq>?1 AND seq<?2"
    " ORDER BY seq DESC LIMIT ?3";
constexpr const char* kOfOne =
    "SELECT seq,dev,dseq,rx,eff,h8,h,agg,body,outc FROM log WHERE agg=?1 AND seq<?2"
    " ORDER BY seq DESC LIMIT ?3";

Status walk_log(Statement find, const ServerTables::EachLogRow& each) {
  while (true) {
    TRY_ASSIGN(const bool more, find.step());
    if (!more) return {};
    ServerTables::LogRow row;
    row.seq = from_sql(find.integer(0));
    row.device = DeviceId{static_cast<std::uint32_t>(find.integer(1))};
    row.dseq = from_sql(find.integer(2));
    row.received_ms = find.integer(3);
    row.eff = from_sql(find.integer(4));
    TRY_ASSIGN(row.order, OrderHash::from(find.blob(5)));
    TRY_ASSIGN(row.hash, Hash256::from(find.blob(6)));
    row.aggregate = find.row_id(7);
    row.body = find.blob(8);
    row.outcome = find.blob(9);
    TRY(each(row));
  }
}

}  // namespace

Status SqliteServerTables::read_log(std::uint64_t from, std::uint64_t to, std::size_t count_max,
                                    Way way, const EachLogRow& each) {
  TRY_ASSIGN(Statement find, db_.statement(way == Way::Forward ? kForward : kBack));
  find.bind_all(as_sql(from), as_sql(to), static_cast<std::int64_t>(count_max));
  return walk_log(std::move(find), each);
}

Status SqliteServerTables::read_log_of(RowId aggregate, std::uint64_t before, std::size_t count_max,
                                       const EachLogRow& each) {
  TRY_ASSIGN(Statement find, db_.statement(kOfOne));
  find.bind_all(aggregate, as_sql(before), static_cast<std::int64_t>(count_max));
  return walk_log(std::move(find), each);
}

// Of a file that an earlier program wrote.
Status SqliteServerTables::name_aggregates() {
  TRY_ASSIGN(const std::int64_t named,
             db_.query_int("SELECT count(*) FROM pragma_table_info('log') WHERE name='agg'"));
  if (named == 0) {
    TRY(db_.exec("ALTER TABLE log ADD COLUMN agg INTEGER NOT NULL DEFAULT 0"));
    TRY_ASSIGN(Statement put, db_.statement("UPDATE log SET agg=?2 WHERE seq=?1"));
    TRY_ASSIGN(Statement find, db_.statement("SELECT seq,body FROM log"));
    while (true) {
      TRY_ASSIGN(const bool more, find.step());
      if (!more) break;
      TRY_ASSIGN(const Commit commit, decode_commit(find.blob(1)));
      put.reset();
      put.bind_all(find.integer(0), commit.aggregate);
      TRY(put.run());
    }
  }
  return db_.exec("CREATE INDEX IF NOT EXISTS log_agg ON log(agg)");
}

Status SqliteServerTables::read_signatures(const std::function<Status(const SignedSpan&)>& each) {
  TRY_ASSIGN(Statement find, db_.statement("SELECT dev,first,n,schema,prev,sig,rx FROM sig"
                                           " ORDER BY dev,first"));
  while (true) {
    TRY_ASSIGN(const bool more, find.step());
    if (!more) return {};
    SignedSpan s;
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

// ---- bundles that wait

Result<std::vector<sync::ParkedBundle>> SqliteServerTables::parked(const ParkedQuery& query) {
  std::string sql = "SELECT id,dev,first,why,rx,bundle FROM parked WHERE first<=?1";
  if (query.device) sql += " AND dev=?2";
  for (std::size_t i = 0; i < query.reasons.size(); ++i) {
    sql += (i == 0 ? " AND why IN (" : ",") + std::to_string(static_cast<int>(query.reasons[i]));
  }
  if (!query.reasons.empty()) sql += ")";
  sql += query.device ? " ORDER BY first,id LIMIT ?3" : " ORDER BY id LIMIT ?3";
  TRY_ASSIGN(Statement find, db_.statement(sql));
  find.bind(1, as_sql(query.first_max));
  if (query.device) find.bind(2, *query.device);
  find.bind(3, static_cast<std::int64_t>(query.count_max));
  std::vector<sync::ParkedBundle> out;
  while (true) {
    TRY_ASSIGN(const bool more, find.step());
    if (!more) return out;
    sync::ParkedBundle parked;
    parked.id = find.integer(0);
    parked.device = DeviceId{static_cast<std::uint32_t>(find.integer(1))};
    parked.first = from_sql(find.integer(2));
    parked.reason = static_cast<sync::ParkReason>(find.integer(3));
    parked.received_ms = find.integer(4);
    const ByteView bundle = find.blob(5);
    parked.bundle.assign(bundle.begin(), bundle.end());
    out.push_back(std::move(parked));
  }
}

Result<std::vector<DeviceId>> SqliteServerTables::devices_with_parked(sync::ParkReason reason) {
  std::vector<DeviceId> out;
  TRY_ASSIGN(Statement find,
             db_.statement("SELECT DISTINCT dev FROM parked WHERE why=?1 ORDER BY dev"));
  find.bind(1, static_cast<std::int64_t>(reason));
  while (true) {
    TRY_ASSIGN(const bool more, find.step());
    if (!more) return out;
    out.push_back(DeviceId{static_cast<std::uint32_t>(find.integer(0))});
  }
}

Result<std::uint64_t> SqliteServerTables::parked_bytes(DeviceId id, sync::ParkReason besides) {
  TRY_ASSIGN(const std::int64_t bytes,
             db_.query_int("SELECT coalesce(sum(length(bundle)),0) FROM parked"
                           " WHERE dev=?1 AND why<>?2",
                           id, static_cast<std::int64_t>(besides)));
  return from_sql(bytes);
}

Status SqliteServerTables::add_parked(const sync::ParkedBundle& parked) {
  return db_.run("INSERT INTO parked(dev,first,why,rx,bundle) VALUES(?1,?2,?3,?4,?5)",
                 parked.device, as_sql(parked.first), static_cast<std::int64_t>(parked.reason),
                 parked.received_ms, parked.bundle);
}

Status SqliteServerTables::set_parked(std::int64_t id, sync::ParkReason reason) {
  return db_.run("UPDATE parked SET why=?2 WHERE id=?1", id, static_cast<std::int64_t>(reason));
}

Status SqliteServerTables::drop_parked(std::int64_t id) {
  return db_.run("DELETE FROM parked WHERE id=?1", id);
}

Status SqliteServerTables::drop_parked(DeviceId id, std::uint64_t first, std::uint64_t bytes_max) {
  return db_.run("DELETE FROM parked WHERE dev=?1 AND first=?2 AND length(bundle)<=?3", id,
                 as_sql(first), as_sql(bytes_max));
}

// ---- what outside sources have delivered

Result<std::vector<ImportKey>> SqliteServerTables::import_keys(std::string_view source) {
  return ImportKeys(db_).all(source);
}

Status SqliteServerTables::put_import_keys(std::string_view source,
                                           std::span<const ImportKey> keys) {
  return ImportKeys(db_).put(source, keys);
}

}  // namespace banyan
