// Transactions, the end of the log, epochs and devices.
#include "sync-server/postgres/postgres_tables.h"

#include "shared/base/check.h"
#include "shared/platform/random.h"
#include "sync-server/postgres/schema.h"
#include "sync-server/postgres/values.h"

namespace banyan::postgres {
namespace {

constexpr const char* kSelectHead = "SELECT seq,epoch,stable,ord,next_dev,horizon FROM seqr";
constexpr const char* kLockHead =
    "SELECT seq,epoch,stable,ord,next_dev,horizon FROM seqr FOR UPDATE";
// A process that stops in the middle of a transaction must not stop all others for good.
constexpr const char* kLimits =
    "SELECT set_config('lock_timeout','15s',true),set_config('statement_timeout','60s',true),"
    "set_config('idle_in_transaction_session_timeout','20s',true)";
constexpr const char* kSelectDevice =
    "SELECT dev,sign_pk,box_pk,usr,head,h,schema,status,last_ms,whole,eff,floor,former FROM dev";

constexpr std::size_t kNewsBytesMax = 7'900;  // PostgreSQL takes 8,000

Result<ServerTables::Head> read_head(const Answer& answer) {
  if (answer.rows() == 0) return fail(ErrorCode::NotFound, "the log has no head");
  ServerTables::Head head;
  head.seq = answer.natural(0, 0);
  head.epoch = static_cast<std::uint32_t>(answer.integer(0, 1));
  head.stable = answer.natural(0, 2);
  TRY_ASSIGN(head.order, Hash256::from(answer.bytes(0, 3)));
  head.next_device = static_cast<std::uint32_t>(answer.integer(0, 4));
  head.horizon = answer.natural(0, 5);
  return head;
}

Result<sync::DeviceRecord> read_device(const Answer& answer, int i) {
  sync::DeviceRecord record;
  record.id = DeviceId{static_cast<std::uint32_t>(answer.integer(i, 0))};
  TRY_ASSIGN(record.sign_key, VerifyKey::from(answer.bytes(i, 1)));
  TRY_ASSIGN(record.box_key, BoxPublicKey::from(answer.bytes(i, 2)));
  record.user = answer.row_id(i, 3);
  record.head = answer.natural(i, 4);
  TRY_ASSIGN(record.head_hash, Hash256::from(answer.bytes(i, 5)));
  record.catalogue = static_cast<std::uint32_t>(answer.integer(i, 6));
  record.status = static_cast<sync::DeviceStatus>(answer.integer(i, 7));
  record.last_contact_ms = answer.integer(i, 8);
  record.whole_epoch = static_cast<std::uint32_t>(answer.integer(i, 9));
  return record;
}

}  // namespace

Result<std::unique_ptr<PostgresTables>> PostgresTables::open(std::string url,
                                                             const Catalogue& catalogue,
                                                             std::uint32_t organisation) {
  std::unique_ptr<PostgresTables> tables(new PostgresTables(std::move(url), catalogue));
  TRY(tables->connect());
  TRY(make_tables(*tables->connection_, organisation));
  TRY(index_names(*tables->connection_, catalogue));
  return tables;
}

Status PostgresTables::connect() {
  if (connection_ != nullptr && !connection_->lost()) return {};
  connection_.reset();
  TRY_ASSIGN(connection_, Connection::open(url_));
  return {};
}

Result<Connection*> PostgresTables::connection() {
  BANYAN_CHECK(!open_);
  TRY(connect());
  return connection_.get();
}

const std::string& process_tag() {
  static const std::string tag = std::to_string(SystemRandom().next_u64());
  return tag;
}

void PostgresTables::tell(const std::set<RowId>& touched) {
  told_.insert(touched.begin(), touched.end());
}

// ---- transactions

// A connection may have been lost since it was used last: what begins may begin again.
Status PostgresTables::begin(Hold hold) {
  BANYAN_CHECK(!open_);
  end();
  for (int tries = 0;; ++tries) {
    TRY(connect());
    if (hold == Hold::Rows) {
      connection_->later("BEGIN");
      break;
    }
    connection_->later(hold == Hold::Order ? "BEGIN"
                                           : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    Result<Answer> begun = hold == Hold::Order ? begin_order() : connection_->query(kSelectHead);
    if (begun) {
      auto head = read_head(*begun);
      if (head) head_ = *head;
      break;
    }
    if (connection_->lost() && tries == 0) continue;
    if (!connection_->lost()) static_cast<void>(connection_->run("ROLLBACK").ok());
    return begun.error();
  }
  open_ = hold;
  return {};
}

Result<Answer> PostgresTables::begin_order() {
  connection_->later(kLimits);
  TRY_ASSIGN(Answer locked, connection_->query(kLockHead));
  if (locked.rows() > 0) return locked;
  // A new database: there is no row to hold yet.
  connection_->later("LOCK TABLE seqr IN EXCLUSIVE MODE");
  return connection_->query(kSelectHead);
}

Status PostgresTables::commit() {
  BANYAN_CHECK(open_.has_value());
  send_written();
  if (moved_) {
    std::string news = std::to_string(head_->seq) + " " + process_tag();
    for (const RowId each : told_) news += " " + std::to_string(number(each));
    if (news.size() > kNewsBytesMax) news = std::to_string(head_->seq) + " " + process_tag() + " *";
    connection_->later("SELECT pg_notify($1,$2)", arguments(std::string_view(kNewsChannel), news));
  }
  // PostgreSQL answers a COMMIT that waits for its replicas, and whose time is up, with success
  // and a warning. So its time is not up, but our patience is; and the warning is heard.
  connection_->later("SELECT set_config('statement_timeout','0',true)");
  TRY_ASSIGN(const Answer done, connection_->query("COMMIT"));
  if (connection_->warned()) {
    return fail(ErrorCode::Unavailable, "PostgreSQL: kept by the primary, and by no replica yet");
  }
  // A transaction in which something failed answers COMMIT with ROLLBACK, and no error.
  if (done.tag() != "COMMIT") return fail(ErrorCode::Io, "PostgreSQL undid the transaction");
  open_.reset();
  end();
  return {};
}

void PostgresTables::roll_back() {
  if (!open_) return;
  open_.reset();
  end();
  connection_->forget_queued();
  // A connection that cannot even do this is given up, and the server undoes it by itself.
  if (!connection_->lost() && !connection_->run("ROLLBACK")) connection_.reset();
}

void PostgresTables::end() {
  head_.reset();
  moved_ = false;
  told_.clear();
  known_ = {};
  written_ = {};
}

Result<Answer> PostgresTables::ask(std::string sql, Arguments arguments) {
  std::vector<Command> one;
  one.push_back({std::move(sql), std::move(arguments)});
  TRY_ASSIGN(std::vector<Answer> answers, ask_all(one));
  return std::move(answers.front());
}

Result<std::vector<Answer>> PostgresTables::ask_all(const std::vector<Command>& commands) {
  if (open_) {
    send_written();
    return connection_->queries(commands);
  }
  TRY(connect());
  auto answers = connection_->queries(commands);
  if (answers || !connection_->lost()) return answers;
  TRY(connect());
  return connection_->queries(commands);
}

Status PostgresTables::write(std::string sql, Arguments arguments) {
  BANYAN_CHECK(open_.has_value());
  send_rows();
  connection_->later(std::move(sql), std::move(arguments));
  return {};
}

void PostgresTables::send_written() {
  send_log();
  send_rows();
}

// ---- the end of the log, and epochs

Result<ServerTables::Head> PostgresTables::head() {
  if (head_) return *head_;
  TRY_ASSIGN(const Answer answer, ask(kSelectHead));
  return read_head(answer);
}

Status PostgresTables::save_head(const Head& head) {
  BANYAN_CHECK(open_ == Hold::Order);
  moved_ = moved_ || !head_ || head_->seq != head.seq;
  head_ = head;
  return write(
      "INSERT INTO seqr(one,seq,epoch,stable,ord,next_dev,horizon) VALUES(1,$1,$2,$3,$4,$5,$6)"
      " ON CONFLICT (one) DO UPDATE"
      " SET seq=$1, epoch=$2, stable=$3, ord=$4, next_dev=$5, horizon=$6",
      arguments(as_sql(head.seq), std::int64_t{head.epoch}, as_sql(head.stable), head.order.view(),
                std::int64_t{head.next_device}, as_sql(head.horizon)));
}

Result<std::vector<sync::Epoch>> PostgresTables::epochs() {
  TRY_ASSIGN(const Answer answer, ask("SELECT epoch,base_seq FROM epoch ORDER BY n"));
  return answer.each([&](int i) {
    return sync::Epoch{static_cast<std::uint32_t>(answer.integer(i, 0)), answer.natural(i, 1)};
  });
}

Result<std::int64_t> PostgresTables::newest_epoch_ms() {
  TRY_ASSIGN(const Answer answer, ask("SELECT coalesce(max(at),0) FROM epoch"));
  return answer.integer(0, 0);
}

Status PostgresTables::add_epoch(const sync::Epoch& epoch, std::int64_t at_ms) {
  BANYAN_CHECK(open_ == Hold::Order);
  return write(
      "INSERT INTO epoch(n,epoch,base_seq,at) SELECT coalesce(max(n),0)+1,$1,$2,$3 FROM epoch",
      arguments(std::int64_t{epoch.epoch}, as_sql(epoch.base), at_ms));
}

// ---- devices

Result<ServerTables::DeviceRow> PostgresTables::device_row(DeviceId id) {
  TRY_ASSIGN(const Answer answer, ask(std::string(kSelectDevice) + " WHERE dev=$1", arguments(id)));
  if (answer.rows() == 0) return fail(ErrorCode::NotFound, "device " + std::to_string(number(id)));
  DeviceRow row;
  TRY_ASSIGN(row.record, read_device(answer, 0));
  row.eff = answer.natural(0, 10);
  row.floor = answer.natural(0, 11);
  TRY_ASSIGN(row.former, decode_dots(answer.bytes(0, 12)));
  return row;
}

// Its last contact is contacted()'s, which other processes may be writing meanwhile; so may
// they raise the floor.
Status PostgresTables::save_device(const DeviceRow& row) {
  BANYAN_CHECK(open_ == Hold::Order);
  const sync::DeviceRecord& r = row.record;
  const Bytes former = encode_dots(row.former);
  return write(
      "INSERT INTO dev(dev,sign_pk,box_pk,usr,head,h,eff,floor,schema,status,last_ms,whole,former)"
      " VALUES($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13) ON CONFLICT (dev) DO UPDATE"
      " SET sign_pk=$2, box_pk=$3, usr=$4, head=$5, h=$6, eff=$7, floor=GREATEST(dev.floor,$8), "
      "status=$10, former=$13",
      arguments(r.id, r.sign_key.view(), r.box_key.view(), r.user, as_sql(r.head),
                r.head_hash.view(), as_sql(row.eff), as_sql(row.floor), std::int64_t{r.catalogue},
                static_cast<std::int64_t>(r.status), r.last_contact_ms, std::int64_t{r.whole_epoch},
                ByteView(former)));
}

Result<DeviceId> PostgresTables::device_with_key(const VerifyKey& sign_key) {
  TRY_ASSIGN(const Answer answer, ask("SELECT dev FROM dev WHERE sign_pk=$1 ORDER BY dev LIMIT 1",
                                      arguments(sign_key.view())));
  if (answer.rows() == 0) return fail(ErrorCode::NotFound, "no device with this key");
  return DeviceId{static_cast<std::uint32_t>(answer.integer(0, 0))};
}

Result<std::vector<sync::DeviceRecord>> PostgresTables::devices(DeviceId from) {
  std::vector<sync::DeviceRecord> out;
  TRY_ASSIGN(const Answer answer,
             ask(std::string(kSelectDevice) + " WHERE dev>=$1 ORDER BY dev", arguments(from)));
  for (int i = 0; i < answer.rows(); ++i) {
    TRY_ASSIGN(sync::DeviceRecord record, read_device(answer, i));
    out.push_back(std::move(record));
  }
  return out;
}

// Every exchange ends with it. Were it lost with the power, the device would only be asked
// once more for what it holds: nobody waits for the disk.
Status PostgresTables::contacted(DeviceId id, const Heard& heard) {
  TRY(write("SELECT set_config('synchronous_commit','off',true)", {}));
  return write(
      "UPDATE dev SET schema=$2, last_ms=$3, whole=$4, floor=GREATEST(floor,$5) WHERE dev=$1",
      arguments(id, std::int64_t{heard.catalogue}, heard.now_ms, std::int64_t{heard.whole_epoch},
                as_sql(heard.floor)));
}

Result<std::optional<std::uint64_t>> PostgresTables::lowest_floor() {
  TRY_ASSIGN(const Answer answer,
             ask("SELECT min(floor) FROM dev WHERE dev>=2 AND status=$1",
                 arguments(static_cast<std::int64_t>(sync::DeviceStatus::Active))));
  if (answer.is_null(0, 0)) return std::optional<std::uint64_t>();
  return std::optional(answer.natural(0, 0));
}

Result<bool> PostgresTables::any_away(std::uint32_t epoch) {
  TRY_ASSIGN(
      const Answer answer,
      ask("SELECT 1 FROM dev WHERE dev>=2 AND status=$1 AND whole<>$2 LIMIT 1",
          arguments(static_cast<std::int64_t>(sync::DeviceStatus::Active), std::int64_t{epoch})));
  return answer.rows() > 0;
}

}  // namespace banyan::postgres
