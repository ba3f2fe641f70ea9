#include "shared/storage/sqlite_error.h"

#include <sqlite3.h>

namespace banyan {
namespace {

ErrorCode code_of(int rc) {
  switch (rc & 0xff) {
    case SQLITE_FULL: return ErrorCode::StorageFull;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return ErrorCode::Corrupt;
    case SQLITE_IOERR: return ErrorCode::Io;
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return ErrorCode::Locked;
    case SQLITE_CONSTRAINT: return ErrorCode::Conflict;
    case SQLITE_TOOBIG:
    case SQLITE_INTERRUPT: return ErrorCode::TooLarge;
    case SQLITE_AUTH:
    case SQLITE_READONLY:
    case SQLITE_PERM: return ErrorCode::Refused;
    case SQLITE_CANTOPEN: return ErrorCode::NotFound;
    case SQLITE_NOMEM: return ErrorCode::Unavailable;
    default: return ErrorCode::Invalid;
  }
}

}  // namespace

Error sqlite_error(sqlite3* db, int rc, std::string_view what) {
  std::string detail(what);
  detail += ": ";
  detail += db != nullptr ? sqlite3_errmsg(db) : sqlite3_errstr(rc);
  detail += " (" + std::to_string(rc) + ")";
  return Error{code_of(rc), std::move(detail)};
}

}  // namespace banyan
