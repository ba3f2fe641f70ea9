// The log, the bundles that wait for it, and what outside sources have delivered.
#include <algorithm>

#include "shared/base/check.h"
#include "sync-server/postgres/postgres_tables.h"
#include "sync-server/postgres/values.h"

namespace banyan::postgres {
namespace {

// Read at once: a walk through the log holds so much of it, not all.
constexpr std::size_t kLogChunk = 2000;
constexpr std::int64_t kChunk = 2000;

Bytes copy_of(ByteView view) { return {view.begin(), view.end()}; }

Result<ServerTables::LogRow> read_row(const Answer& answer, int i) {
  ServerTables::LogRow row;
  row.seq = answer.natural(i, 0);
  row.device = DeviceId{static_cast<std::uint32_t>(answer.integer(i, 1))};
  row.dseq = answer.natural(i, 2);
  row.received_ms = answer.integer(i, 3);
  row.eff = answer.natural(i, 4);
  TRY_ASSIGN(row.order, OrderHash::from(answer.bytes(i, 5)));
  TRY_ASSIGN(row.hash, Hash256::from(answer.bytes(i, 6)));
  row.aggregate = answer.row_id(i, 7);
  row.body = answer.bytes(i, 8);
  row.outcome = answer.bytes(i, 9);
  return row;
}

}  // namespace

Status PostgresTables::put_log(const LogRow& row) {
  BANYAN_CHECK(open_ == Hold::Order);
  written_.log.push_back({row, copy_of(row.body), copy_of(row.outcome)});
  known_.received[row.seq] = row.received_ms;
  return {};
}

void PostgresTables::send_log() {
  if (written_.log.empty()) return;
  std::vector<std::int64_t> seq, dev, dseq, rx, eff, agg;
  std::vector<ByteView> h8, h, body, outcome;
  for (const Written::LogLine& line : written_.log) {
    seq.push_back(as_sql(line.row.seq));
    dev.push_back(std::int64_t{number(line.row.device)});
    dseq.push_back(as_sql(line.row.dseq));
    rx.push_back(line.row.received_ms);
    eff.push_back(as_sql(line.row.eff));
    agg.push_back(number(line.row.aggregate));
    h8.push_back(line.row.order.view());
    h.push_back(line.row.hash.view());
    body.emplace_back(line.body);
    outcome.push_back(line.outcome.empty() ? ByteView() : ByteView(line.outcome));
  }
  Arguments columns;
  for (const auto* each : {&seq, &dev, &dseq, &rx, &eff, &agg}) columns.add(std::span(*each));
  for (const auto* each : {&h8, &h, &body, &outcome}) columns.add(std::span(*each));
  connection_->later(
      "INSERT INTO log(seq,dev,dseq,rx,eff,agg,h8,h,body,outc)"
      " SELECT * FROM unnest($1::bigint[],$2::bigint[],$3::bigint[],$4::bigint[],$5::bigint[],"
      "$6::bigint[],$7::bytea[],$8::bytea[],$9::bytea[],$10::bytea[])",
      std::move(columns));
  written_.log.clear();
}

Status PostgresTables::put_signature(const SignedSpan& s) {
  return write(
      "INSERT INTO sig(dev,first,n,schema,prev,sig,rx) VALUES($1,$2,$3,$4,$5,$6,$7)"
      " ON CONFLICT (dev,first) DO UPDATE SET n=$3, schema=$4, prev=$5, sig=$6, rx=$7",
      arguments(s.span.device, as_sql(s.span.first), std::int64_t{s.span.count},
                std::int64_t{s.span.catalogue}, s.span.previous.view(), s.signature.view(),
                s.received_ms));
}

Result<Hash256> PostgresTables::chain_hash(DeviceId id, std::uint64_t dseq) {
  TRY_ASSIGN(const Answer answer,
             ask("SELECT h FROM log WHERE dev=$1 AND dseq=$2", arguments(id, as_sql(dseq))));
  if (answer.rows() == 0) return fail(ErrorCode::NotFound, "commit " + std::to_string(dseq));
  return Hash256::from(answer.bytes(0, 0));
}

Result<std::uint64_t> PostgresTables::place_of(DeviceId id, std::uint64_t dseq) {
  TRY_ASSIGN(const Answer answer,
             ask("SELECT seq FROM log WHERE dev=$1 AND dseq=$2", arguments(id, as_sql(dseq))));
  if (answer.rows() == 0) return fail(ErrorCode::NotFound, "commit " + std::to_string(dseq));
  return answer.natural(0, 0);
}

Result<OrderHash> PostgresTables::order_at(std::uint64_t seq) {
  TRY_ASSIGN(const Answer answer, ask("SELECT h8 FROM log WHERE seq=$1", arguments(as_sql(seq))));
  if (answer.rows() == 0) return fail(ErrorCode::NotFound, "no sequence " + std::to_string(seq));
  return OrderHash::from(answer.bytes(0, 0));
}

Result<std::int64_t> PostgresTables::received_ms(std::uint64_t seq) {
  const auto known = known_.received.find(seq);
  if (known != known_.received.end()) return known->second;
  TRY_ASSIGN(const Answer answer, ask("SELECT rx FROM log WHERE seq=$1", arguments(as_sql(seq))));
  const std::int64_t ms = answer.rows() == 0 ? 0 : answer.integer(0, 0);
  if (open_) known_.received[seq] = ms;
  return ms;
}

Result<std::vector<sync::ChainedCommit>> PostgresTables::tail(DeviceId id, std::uint64_t dseq,
                                                              std::size_t bytes_max) {
  std::vector<sync::ChainedCommit> out;
  // `before`: bytes of those in front of it.
  TRY_ASSIGN(const Answer answer,
             ask("SELECT dseq,h,body FROM (SELECT dseq,h,body,"
                 "sum(length(body)) OVER (ORDER BY dseq)-length(body) AS before"
                 " FROM (SELECT * FROM log WHERE dev=$1 AND dseq>$2 ORDER BY dseq LIMIT $4) c) t"
                 " WHERE before<$3 OR before=0 ORDER BY dseq",
                 arguments(id, as_sql(dseq), static_cast<std::int64_t>(bytes_max),
                           std::int64_t{100'000})));
  for (int i = 0; i < answer.rows(); ++i) {
    sync::ChainedCommit commit;
    commit.dseq = answer.natural(i, 0);
    TRY_ASSIGN(commit.hash, Hash256::from(answer.bytes(i, 1)));
    commit.body = copy_of(answer.bytes(i, 2));
    out.push_back(std::move(commit));
  }
  return out;
}

Status PostgresTables::ends(DeviceId id, std::uint64_t dseq, const EachLogRow& each) {
  TRY_ASSIGN(const Answer answer,
             ask("SELECT dseq,seq,outc FROM log WHERE dev=$1 AND dseq>$2 ORDER BY dseq",
                 arguments(id, as_sql(dseq))));
  for (int i = 0; i < answer.rows(); ++i) {
    LogRow row;
    row.device = id;
    row.dseq = answer.natural(i, 0);
    row.seq = answer.natural(i, 1);
    row.outcome = answer.bytes(i, 2);
    TRY(each(row));
  }
  return {};
}

Status PostgresTables::read_log(std::uint64_t from, std::uint64_t to, std::size_t count_max,
                                Way way, const EachLogRow& each) {
  const char* sql = way == Way::Forward ? "SELECT seq,dev,dseq,rx,eff,h8,h,agg,body,outc FROM log"
                                          " WHERE seq>$1 AND seq<$2 ORDER BY seq LIMIT $3"
                                        : "SELECT seq,dev,dseq,rx,eff,h8,h,agg,body,outc FROM log"
                                          " WHERE seq>$1 AND seq<$2 ORDER BY seq DESC LIMIT $3";
  while (count_max > 0) {
    const std::size_t count = std::min(count_max, kLogChunk);
    TRY_ASSIGN(const Answer answer,
               ask(sql, arguments(as_sql(from), as_sql(to), static_cast<std::int64_t>(count))));
    for (int i = 0; i < answer.rows(); ++i) {
      TRY_ASSIGN(const LogRow row, read_row(answer, i));
      TRY(each(row));
      (way == Way::Forward ? from : to) = row.seq;
    }
    if (static_cast<std::size_t>(answer.rows()) < count) return {};
    count_max -= count;
  }
  return {};
}

Status PostgresTables::read_log_of(RowId aggregate, std::uint64_t before, std::size_t count_max,
                                   const EachLogRow& each) {
  TRY_ASSIGN(const Answer answer,
             ask("SELECT seq,dev,dseq,rx,eff,h8,h,agg,body,outc FROM log WHERE agg=$1 AND seq<$2"
                 " ORDER BY seq DESC LIMIT $3",
                 arguments(aggregate, as_sql(before), static_cast<std::int64_t>(count_max))));
  for (int i = 0; i < answer.rows(); ++i) {
    TRY_ASSIGN(const LogRow row, read_row(answer, i));
    TRY(each(row));
  }
  return {};
}

Status PostgresTables::read_signatures(const std::function<Status(const SignedSpan&)>& each) {
  std::int64_t dev = -1, first = 0;
  while (true) {
    TRY_ASSIGN(const Answer answer,
               ask("SELECT dev,first,n,schema,prev,sig,rx FROM sig WHERE (dev,first)>($1,$2)"
                   " ORDER BY dev,first LIMIT $3",
                   arguments(dev, first, kChunk)));
    for (int i = 0; i < answer.rows(); ++i) {
      dev = answer.integer(i, 0);
      first = answer.integer(i, 1);
      SignedSpan s;
      s.span.device = DeviceId{static_cast<std::uint32_t>(dev)};
      s.span.first = answer.natural(i, 1);
      s.span.count = static_cast<std::uint32_t>(answer.integer(i, 2));
      s.span.catalogue = static_cast<std::uint32_t>(answer.integer(i, 3));
      TRY_ASSIGN(s.span.previous, Hash256::from(answer.bytes(i, 4)));
      TRY_ASSIGN(s.signature, Signature::from(answer.bytes(i, 5)));
      s.received_ms = answer.integer(i, 6);
      TRY(each(s));
    }
    if (answer.rows() < kChunk) return {};
  }
}

// ---- bundles that wait

Result<std::vector<sync::ParkedBundle>> PostgresTables::parked(const ParkedQuery& query) {
  std::string sql = "SELECT id,dev,first,why,rx,bundle FROM parked WHERE first<=$1";
  Arguments values = arguments(as_sql(query.first_max), static_cast<std::int64_t>(query.count_max));
  std::vector<std::int64_t> reasons;
  for (const sync::ParkReason reason : query.reasons) {
    reasons.push_back(static_cast<std::int64_t>(reason));
  }
  values.add(std::span<const std::int64_t>(reasons));
  if (!reasons.empty()) sql += " AND why=ANY($3)";
  if (reasons.empty()) sql += " AND cardinality($3::bigint[])=0";
  if (query.device) {
    values.add(*query.device);
    sql += " AND dev=$4";
  }
  sql += query.device ? " ORDER BY first,id LIMIT $2" : " ORDER BY id LIMIT $2";
  TRY_ASSIGN(const Answer answer, ask(sql, std::move(values)));
  std::vector<sync::ParkedBundle> out;
  for (int i = 0; i < answer.rows(); ++i) {
    sync::ParkedBundle parked;
    parked.id = answer.integer(i, 0);
    parked.device = DeviceId{static_cast<std::uint32_t>(answer.integer(i, 1))};
    parked.first = answer.natural(i, 2);
    parked.reason = static_cast<sync::ParkReason>(answer.integer(i, 3));
    parked.received_ms = answer.integer(i, 4);
    parked.bundle = copy_of(answer.bytes(i, 5));
    out.push_back(std::move(parked));
  }
  return out;
}

Result<std::vector<DeviceId>> PostgresTables::devices_with_parked(sync::ParkReason reason) {
  TRY_ASSIGN(const Answer answer, ask("SELECT DISTINCT dev FROM parked WHERE why=$1 ORDER BY dev",
                                      arguments(static_cast<std::int64_t>(reason))));
  return answer.each(
      [&](int i) { return DeviceId{static_cast<std::uint32_t>(answer.integer(i, 0))}; });
}

Result<std::uint64_t> PostgresTables::parked_bytes(DeviceId id, sync::ParkReason besides) {
  TRY_ASSIGN(const Answer answer,
             ask("SELECT coalesce(sum(length(bundle)),0)::bigint FROM parked WHERE dev=$1"
                 " AND why<>$2",
                 arguments(id, static_cast<std::int64_t>(besides))));
  return answer.natural(0, 0);
}

Status PostgresTables::add_parked(const sync::ParkedBundle& parked) {
  return write(
      "INSERT INTO parked(dev,first,why,rx,bundle) VALUES($1,$2,$3,$4,$5)",
      arguments(parked.device, as_sql(parked.first), static_cast<std::int64_t>(parked.reason),
                parked.received_ms, ByteView(parked.bundle)));
}

Status PostgresTables::set_parked(std::int64_t id, sync::ParkReason reason) {
  return write("UPDATE parked SET why=$2 WHERE id=$1",
               arguments(id, static_cast<std::int64_t>(reason)));
}

Status PostgresTables::drop_parked(std::int64_t id) {
  return write("DELETE FROM parked WHERE id=$1", arguments(id));
}

Status PostgresTables::drop_parked(DeviceId id, std::uint64_t first, std::uint64_t bytes_max) {
  return write("DELETE FROM parked WHERE dev=$1 AND first=$2 AND length(bundle)<=$3",
               arguments(id, as_sql(first), as_sql(bytes_max)));
}

// ---- what outside sources have delivered

Result<std::vector<ImportKey>> PostgresTables::import_keys(std::string_view source) {
  TRY_ASSIGN(const Answer answer,
             ask("SELECT key,row,digest FROM import_key WHERE source=$1", arguments(source)));
  std::vector<ImportKey> keys;
  keys.reserve(static_cast<std::size_t>(answer.rows()));
  for (int i = 0; i < answer.rows(); ++i) {
    keys.push_back(
        {std::string(answer.text(i, 0)), answer.row_id(i, 1), std::string(answer.text(i, 2))});
  }
  return keys;
}

Status PostgresTables::put_import_keys(std::string_view source, std::span<const ImportKey> keys) {
  std::map<std::string_view, const ImportKey*> last;  // a key may come twice
  for (const ImportKey& key : keys) last[key.key] = &key;
  std::vector<std::string> names;
  std::vector<std::int64_t> rows;
  std::vector<ByteView> digests;
  for (const auto& [name, key] : last) {
    names.emplace_back(name);
    rows.push_back(number(key->row));
    digests.push_back(as_bytes(key->digest));
  }
  Arguments values = arguments(source);
  values.add(std::span<const std::string>(names)).add(std::span<const std::int64_t>(rows));
  values.add(std::span<const ByteView>(digests));
  return write(
      "INSERT INTO import_key(source,key,row,digest) SELECT $1,t.* FROM"
      " unnest($2::text[],$3::bigint[],$4::bytea[]) t"
      " ON CONFLICT (source,key) DO UPDATE SET row=excluded.row, digest=excluded.digest",
      std::move(values));
}

}  // namespace banyan::postgres
