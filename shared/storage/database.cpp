#include "shared/storage/database.h"

#include <sqlite3.h>

#include <array>

#include "shared/base/laws.h"
#include "shared/storage/sqlite_error.h"
#include "shared/storage/transaction.h"

namespace banyan {
namespace {

// More statements than this are prepared anew each time.
constexpr std::size_t kKeptStatementsMax = 512;
constexpr std::int64_t kLogSizeLimit = 8 << 20;

Random& system_random() {
  static SystemRandom random;
  return random;
}

const Clock& system_clock() {
  static const SystemClock clock;
  return clock;
}

Status start_sqlite() {
  static const int rc = [] {
    // Statement journals never leave memory: on a disk they would be plain text.
    const int configured = sqlite3_config(SQLITE_CONFIG_STMTJRNL_SPILL, -1);
    return configured != SQLITE_OK ? configured : sqlite3_initialize();
  }();
  if (rc != SQLITE_OK) return sqlite_error(nullptr, rc, "start");
  return {};
}

const char* journal_sql(const DatabaseOptions& options) {
  return options.journal == DatabaseOptions::Journal::Wal ? "PRAGMA journal_mode=WAL"
                                                          : "PRAGMA journal_mode=DELETE";
}

}  // namespace

Result<std::unique_ptr<Database>> Database::open(DatabaseOptions options) {
  TRY(start_sqlite());
  std::unique_ptr<Database> db(new Database(std::move(options)));
  TRY(db->connect());
  TRY(db->set_up());
  return db;
}

Status Database::connect() {
  BANYAN_CHECK(options_.key == nullptr || options_.store != nullptr);
  if (options_.store != nullptr) {
    TRY_ASSIGN(vfs_, StoreVfs::create(
                         {*options_.store, options_.random ? *options_.random : system_random(),
                          options_.clock ? *options_.clock : system_clock(), options_.on_stop},
                         options_.key != nullptr));
  }
  const std::string name = options_.name.empty() ? ":memory:" : options_.name;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_NOMUTEX |
                    (options_.create ? SQLITE_OPEN_CREATE : 0);
  const int rc = sqlite3_open_v2(name.c_str(), &db_, flags, vfs_ ? vfs_->name() : nullptr);
  if (rc != SQLITE_OK) return error(rc, "open");
  return {};
}

Status Database::apply_key() {
  if (options_.key == nullptr) return {};
  std::array<std::uint8_t, 4 + PageKey::kSize> raw{'r', 'a', 'w', ':'};
  const ByteView key = options_.key->view();
  std::copy(key.begin(), key.end(), raw.begin() + 4);
  const int rc = sqlite3_key(db_, raw.data(), static_cast<int>(raw.size()));
  wipe(raw);
  options_.key = nullptr;
  if (rc != SQLITE_OK) return error(rc, "key");
  return {};
}

Status Database::set_up() {
  TRY(apply_key());
  for (const auto& [option, value] :
       {std::pair{SQLITE_DBCONFIG_DEFENSIVE, 1}, std::pair{SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
        std::pair{SQLITE_DBCONFIG_DQS_DML, 0}, std::pair{SQLITE_DBCONFIG_DQS_DDL, 0},
        // Plans follow from the text alone. Otherwise a bound LIMIT has its statement prepared
        // anew whenever it is bound.
        std::pair{SQLITE_DBCONFIG_ENABLE_QPSG, 1}}) {
    const int rc = sqlite3_db_config(db_, option, value, nullptr);
    if (rc != SQLITE_OK) return error(rc, "configure");
  }
  sqlite3_limit(db_, SQLITE_LIMIT_ATTACHED, 0);  // an attached file would miss key and checks
  if (vfs_) {
    TRY(exec("PRAGMA locking_mode=EXCLUSIVE"));  // before the first access: no shared memory
  } else {
    sqlite3_busy_timeout(db_, 5000);
  }
  TRY(exec("PRAGMA page_size=" + std::to_string(options_.page_size)));
  TRY(exec("PRAGMA cache_size=-" + std::to_string(options_.cache_bytes / 1024)));
  const bool full = options_.sync == DatabaseOptions::Sync::Full && !broken(Law::SyncedDisk);
  TRY(exec(full ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL"));
  // What is deleted here is somebody's data: no remains in free pages.
  if (vfs_) TRY(exec("PRAGMA secure_delete=ON"));
  TRY(exec("PRAGMA journal_size_limit=" + std::to_string(kLogSizeLimit)));
  if (!options_.name.empty()) TRY(exec(journal_sql(options_)));
  // The first read: a wrong key or a damaged first page ends here.
  return exec("SELECT count(*) FROM sqlite_schema");
}

Database::~Database() {
  BANYAN_CHECK(lent_ == 0);
  for (const auto& [sql, handle] : statements_) sqlite3_finalize(handle);
  // The only refusal would be a statement still open, which is checked above.
  if (db_ != nullptr) BANYAN_CHECK(sqlite3_close(db_) == SQLITE_OK);
}

Error Database::error(int rc, std::string_view what) const {
  Error out = sqlite_error(db_, rc, what);
  if (stopped()) {
    out.code = ErrorCode::Io;
    out.detail += "; stopped by: " + (stopped_by_ ? *stopped_by_ : vfs_->cause()).detail;
  }
  return out;
}

void Database::stop(Error cause) {
  if (stopped()) return;
  stopped_by_ = std::move(cause);
  if (options_.on_stop) options_.on_stop(*stopped_by_);
}

Status Database::exec(const char* sql) {
  if (stopped()) return error(SQLITE_IOERR, "stopped");
  const int rc = sqlite3_exec(db_, sql, nullptr, nullptr, nullptr);
  if (rc != SQLITE_OK) return error(rc, sql);
  return {};
}

Result<Statement> Database::statement(std::string_view sql) {
  if (stopped()) return error(SQLITE_IOERR, "stopped");
  auto kept = statements_.find(sql);
  if (kept != statements_.end() && kept->second != nullptr) {
    ++lent_;
    return Statement(*this, std::exchange(kept->second, nullptr), &kept->second);
  }
  sqlite3_stmt* handle = nullptr;
  const int rc = sqlite3_prepare_v3(db_, sql.data(), static_cast<int>(sql.size()),
                                    SQLITE_PREPARE_PERSISTENT, &handle, nullptr);
  if (rc != SQLITE_OK) return error(rc, sql);
  if (handle == nullptr) return fail(ErrorCode::Invalid, "an empty statement");
  if (kept == statements_.end() && statements_.size() < kKeptStatementsMax) {
    kept = statements_.try_emplace(std::string(sql), nullptr).first;
  }
  ++lent_;
  return Statement(*this, handle, kept == statements_.end() ? nullptr : &kept->second);
}

void Database::give_back(sqlite3_stmt* handle, sqlite3_stmt** place) {
  --lent_;
  sqlite3_reset(handle);
  sqlite3_clear_bindings(handle);
  if (place != nullptr && *place == nullptr) {
    *place = handle;
  } else {
    sqlite3_finalize(handle);
  }
}

Status Database::one_row(Statement& statement) {
  TRY_ASSIGN(const bool row, statement.step());
  if (!row) return fail(ErrorCode::NotFound, "no row");
  return {};
}

bool Database::autocommit() const { return sqlite3_get_autocommit(db_) != 0; }
std::int64_t Database::changes() const { return sqlite3_changes64(db_); }
bool Database::stopped() const { return stopped_by_ || (vfs_ && vfs_->poisoned()); }

}  // namespace banyan
