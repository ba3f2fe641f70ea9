#include "sync-server/postgres/schema.h"

#include "shared/changelog/codec.h"
#include "shared/storage/server_tables.h"
#include "sync-server/postgres/values.h"

namespace banyan::postgres {
namespace {

constexpr std::int64_t kVersion = 2;

// Locks of PostgreSQL by number; ours alone in a database of its own.
constexpr const char* kSchemaLock = "SELECT pg_advisory_xact_lock(7104001)";

// Rows are canonical images (changelog/codec.h) with the columns by which they are asked for:
// POSTGRES.md says why. Rows that change with every commit leave room for it in their page.
constexpr const char* kTables = R"(
CREATE TABLE IF NOT EXISTS bank(one smallint PRIMARY KEY CHECK(one=1), version bigint NOT NULL,
  organisation bigint NOT NULL, catalogue bigint NOT NULL, org_key bytea, challenge bytea);
CREATE TABLE IF NOT EXISTS seqr(one smallint PRIMARY KEY CHECK(one=1), seq bigint NOT NULL,
  epoch bigint NOT NULL, stable bigint NOT NULL, ord bytea NOT NULL, next_dev bigint NOT NULL,
  horizon bigint NOT NULL)
  WITH (fillfactor=25);
CREATE TABLE IF NOT EXISTS epoch(n bigint PRIMARY KEY, epoch bigint NOT NULL,
  base_seq bigint NOT NULL, at bigint NOT NULL);
CREATE TABLE IF NOT EXISTS dev(dev bigint PRIMARY KEY, sign_pk bytea NOT NULL,
  box_pk bytea NOT NULL, usr bigint NOT NULL, head bigint NOT NULL, h bytea NOT NULL,
  eff bigint NOT NULL, floor bigint NOT NULL, schema bigint NOT NULL, status bigint NOT NULL,
  last_ms bigint NOT NULL, whole bigint NOT NULL, former bytea NOT NULL) WITH (fillfactor=50);
CREATE INDEX IF NOT EXISTS dev_key ON dev(sign_pk);
CREATE TABLE IF NOT EXISTS log(seq bigint PRIMARY KEY, dev bigint NOT NULL, dseq bigint NOT NULL,
  rx bigint NOT NULL, eff bigint NOT NULL, h8 bytea NOT NULL, h bytea NOT NULL,
  agg bigint NOT NULL, body bytea NOT NULL, outc bytea);
CREATE UNIQUE INDEX IF NOT EXISTS log_of ON log(dev,dseq);
CREATE INDEX IF NOT EXISTS log_agg ON log(agg,seq);
CREATE TABLE IF NOT EXISTS sig(dev bigint, first bigint, n bigint NOT NULL, schema bigint NOT NULL,
  prev bytea NOT NULL, sig bytea NOT NULL, rx bigint NOT NULL, PRIMARY KEY(dev,first));
CREATE TABLE IF NOT EXISTS parked(id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  dev bigint NOT NULL, first bigint NOT NULL, why bigint NOT NULL, rx bigint NOT NULL,
  bundle bytea NOT NULL);
CREATE INDEX IF NOT EXISTS parked_of ON parked(dev,first,id);
CREATE TABLE IF NOT EXISTS member(scope bigint, agg bigint, mask bigint NOT NULL,
  top bigint NOT NULL, from_seq bigint NOT NULL, tbl bigint NOT NULL, PRIMARY KEY(agg,scope));
CREATE INDEX IF NOT EXISTS feed ON member(scope,top,agg);
CREATE INDEX IF NOT EXISTS member_ids ON member(scope,agg);
CREATE TABLE IF NOT EXISTS moved(scope bigint, seq bigint, agg bigint, dir bigint NOT NULL,
  PRIMARY KEY(scope,seq,agg));
CREATE INDEX IF NOT EXISTS moved_of ON moved(agg,seq);
CREATE TABLE IF NOT EXISTS access(usr bigint, scope bigint, mask bigint NOT NULL, from_seq bigint,
  to_seq bigint NOT NULL, PRIMARY KEY(usr,scope,from_seq));
CREATE TABLE IF NOT EXISTS image(tbl bigint, id bigint, agg bigint NOT NULL, seq bigint NOT NULL,
  img bytea NOT NULL, PRIMARY KEY(tbl,id)) WITH (fillfactor=85);
CREATE INDEX IF NOT EXISTS image_of ON image(agg,seq);
CREATE TABLE IF NOT EXISTS receipt(dev bigint, dseq bigint, op bigint, state bigint NOT NULL,
  body bytea NOT NULL, PRIMARY KEY(dev,dseq,op));
CREATE TABLE IF NOT EXISTS edge(tbl bigint, id bigint, agg bigint NOT NULL, other bigint NOT NULL,
  mirror bigint NOT NULL, PRIMARY KEY(tbl,id));
CREATE INDEX IF NOT EXISTS edge_waits ON edge(other,tbl,id) WHERE mirror=0;
CREATE TABLE IF NOT EXISTS conflict(tbl bigint, id bigint, col bigint, el bigint,
  PRIMARY KEY(tbl,id,col,el));
CREATE TABLE IF NOT EXISTS name(tbl bigint, col bigint, val bytea, id bigint,
  PRIMARY KEY(tbl,col,val,id));
CREATE TABLE IF NOT EXISTS import_key(source text, key text, row bigint NOT NULL,
  digest bytea NOT NULL, PRIMARY KEY(source,key));
CREATE TABLE IF NOT EXISTS code(h bytea PRIMARY KEY, usr bigint NOT NULL, until_ms bigint NOT NULL);
CREATE TABLE IF NOT EXISTS pack(number bigint PRIMARY KEY, canonical text NOT NULL);
)";

Status index_names_of(Connection& connection, const Entity& entity, const Field& field) {
  TRY_ASSIGN(const Answer rows, connection.query("SELECT img FROM image WHERE tbl=$1",
                                                 arguments(std::int64_t{entity.no})));
  connection.later("DELETE FROM name WHERE tbl=$1 AND col=$2",
                   arguments(std::int64_t{entity.no}, std::int64_t{field.no}));
  for (int i = 0; i < rows.rows(); ++i) {
    TRY_ASSIGN(const Row row, decode_row(rows.bytes(i, 0)));
    if (!row.alive() || is_null(row.cell(field.no))) continue;
    const Bytes key = name_key(row.cell(field.no));
    connection.later(
        "INSERT INTO name(tbl,col,val,id) VALUES($1,$2,$3,$4)",
        arguments(std::int64_t{entity.no}, std::int64_t{field.no}, ByteView(key), row.id));
  }
  return connection.flush();
}

// Version 2: the log says whose change each commit is, so that a record's history can be read.
Status name_aggregates(Connection& connection) {
  constexpr int kAtOnce = 5000;
  connection.later("BEGIN");
  connection.later("SELECT seq FROM seqr FOR UPDATE");  // who appends waits
  TRY(connection.run("ALTER TABLE log ADD COLUMN IF NOT EXISTS agg bigint NOT NULL DEFAULT 0"));
  std::int64_t done = 0;
  while (true) {
    TRY_ASSIGN(const Answer rows,
               connection.query("SELECT seq,body FROM log WHERE seq>$1 ORDER BY seq LIMIT $2",
                                arguments(done, std::int64_t{kAtOnce})));
    if (rows.rows() == 0) break;
    std::vector<std::int64_t> seq, agg;
    for (int i = 0; i < rows.rows(); ++i) {
      TRY_ASSIGN(const Commit commit, decode_commit(rows.bytes(i, 1)));
      seq.push_back(rows.integer(i, 0));
      agg.push_back(number(commit.aggregate));
    }
    done = seq.back();
    Arguments values;
    values.add(std::span<const std::int64_t>(seq)).add(std::span<const std::int64_t>(agg));
    connection.later(
        "UPDATE log SET agg=t.agg FROM unnest($1::bigint[],$2::bigint[]) t(seq,agg)"
        " WHERE log.seq=t.seq",
        std::move(values));
  }
  connection.later("ALTER TABLE log ALTER COLUMN agg DROP DEFAULT");
  connection.later("CREATE INDEX IF NOT EXISTS log_agg ON log(agg,seq)");
  connection.later("UPDATE bank SET version=2 WHERE version<2");
  return connection.run("COMMIT");
}

}  // namespace

Status make_tables(Connection& connection, std::uint32_t organisation) {
  // All are made in one transaction. CREATE INDEX locks its table even where nothing is to be
  // made: beside processes that append, that ends in a deadlock.
  TRY_ASSIGN(const Answer there, connection.query("SELECT to_regclass('bank') IS NOT NULL"));
  if (there.integer(0, 0) == 0) {
    const Status made =
        connection.script(std::string("BEGIN;") + kSchemaLock + ";" + kTables + "COMMIT");
    if (!made) {
      static_cast<void>(connection.script("ROLLBACK").ok());
      return made.error();
    }
  }
  TRY(
      connection.run("INSERT INTO bank(one,version,organisation,catalogue) VALUES(1,$1,$2,0)"
                     " ON CONFLICT DO NOTHING",
                     arguments(kVersion, std::int64_t{organisation})));
  TRY_ASSIGN(const Answer bank, connection.query("SELECT version,organisation FROM bank"));
  if (bank.integer(0, 0) > kVersion) {
    return fail(ErrorCode::Newer, "these tables are a later program's, of version " +
                                      std::to_string(bank.integer(0, 0)));
  }
  if (bank.integer(0, 1) != std::int64_t{organisation}) {
    return fail(ErrorCode::Refused, "this database is organisation " +
                                        std::to_string(bank.integer(0, 1)) + "'s, and we are " +
                                        std::to_string(organisation));
  }
  if (bank.integer(0, 0) < 2) {
    Status named = name_aggregates(connection);
    if (!named && !connection.lost()) static_cast<void>(connection.script("ROLLBACK").ok());
    return named;
  }
  return {};
}

Result<std::uint32_t> known_catalogue(Connection& connection) {
  TRY_ASSIGN(const Answer bank, connection.query("SELECT catalogue FROM bank"));
  return static_cast<std::uint32_t>(bank.integer(0, 0));
}

Status index_names(Connection& connection, const Catalogue& catalogue) {
  TRY_ASSIGN(const std::uint32_t known, known_catalogue(connection));
  if (known >= catalogue.number()) return {};
  // Who appends waits, so that no name is missed.
  connection.later("BEGIN");
  connection.later("SELECT seq FROM seqr FOR UPDATE");
  const auto index = [&]() -> Status {
    for (const LookUp& look_up : kLookUps) {
      const Entity* entity = catalogue.entity(look_up.entity);
      const Field* field = entity != nullptr ? entity->field(look_up.field) : nullptr;
      if (field != nullptr) TRY(index_names_of(connection, *entity, *field));
    }
    connection.later("UPDATE bank SET catalogue=$1", arguments(std::int64_t{catalogue.number()}));
    return connection.run("COMMIT");
  };
  Status done = index();
  if (!done && !connection.lost()) static_cast<void>(connection.script("ROLLBACK").ok());
  return done;
}

}  // namespace banyan::postgres
