// Looking after a database: checks, copies, limits.

#include <sqlite3.h>

#include "shared/storage/database.h"

namespace banyan {

Status Database::integrity_check() {
  TRY_ASSIGN(Statement check, statement("PRAGMA integrity_check(1)"));
  TRY(one_row(check));
  // A page that could not be read counts as damage to SQLite; it is none.
  if (stopped()) return error(SQLITE_IOERR, "integrity check");
  if (check.text(0) != "ok") return fail(ErrorCode::Corrupt, std::string(check.text(0)));
  return {};
}

Status Database::checkpoint() {
  const int rc =
      sqlite3_wal_checkpoint_v2(db_, nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
  if (rc != SQLITE_OK) return error(rc, "checkpoint");
  return {};
}

Status Database::reserve_log(std::uint64_t bytes) {
  BANYAN_CHECK(vfs_ && options_.journal == DatabaseOptions::Journal::Wal);
  return vfs_->reserve_wal(bytes);
}

Status Database::backup_to(Database& target, int pages, const std::function<bool()>& between) {
  sqlite3_backup* copy = sqlite3_backup_init(target.db_, "main", db_, "main");
  if (copy == nullptr) return target.error(sqlite3_errcode(target.db_), "backup");
  int rc = SQLITE_OK;
  bool go_on = true;
  while (go_on && rc != SQLITE_DONE) {
    rc = sqlite3_backup_step(copy, pages);
    const bool busy = rc == SQLITE_BUSY || rc == SQLITE_LOCKED;
    if (rc != SQLITE_OK && !busy) break;
    go_on = between ? between() : !busy;
  }
  const int finished = sqlite3_backup_finish(copy);
  if (rc == SQLITE_OK) return fail(ErrorCode::Unavailable, "the backup was stopped");
  if (rc != SQLITE_DONE) return target.error(rc, "backup");
  if (finished != SQLITE_OK) return target.error(finished, "backup");
  return {};
}

void Database::on_progress(int steps, std::function<bool()> stop) {
  progress_ = std::move(stop);
  const auto call = [](void* self) { return static_cast<Database*>(self)->progress_() ? 1 : 0; };
  sqlite3_progress_handler(db_, progress_ ? steps : 0, progress_ ? +call : nullptr, this);
}

void Database::authorize(std::function<bool(const Access&)> allow) {
  allow_ = std::move(allow);
  const auto call = [](void* self, int action, const char* first, const char* second, const char*,
                       const char*) {
    const auto view = [](const char* text) { return std::string_view(text ? text : ""); };
    Access access{Access::Kind::Other, {}, {}};
    if (action == SQLITE_SELECT) access.kind = Access::Kind::Select;
    if (action == SQLITE_READ) access = {Access::Kind::Read, view(first), view(second)};
    if (action == SQLITE_FUNCTION) access = {Access::Kind::Function, view(second), {}};
    return static_cast<Database*>(self)->allow_(access) ? SQLITE_OK : SQLITE_DENY;
  };
  sqlite3_set_authorizer(db_, allow_ ? +call : nullptr, this);
}

void Database::limit_user_sql(int length_max, int depth_max) {
  sqlite3_limit(db_, SQLITE_LIMIT_SQL_LENGTH, length_max);
  sqlite3_limit(db_, SQLITE_LIMIT_EXPR_DEPTH, depth_max);
  sqlite3_limit(db_, SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 256);
  sqlite3_limit(db_, SQLITE_LIMIT_LENGTH, 1 << 20);
}

}  // namespace banyan
