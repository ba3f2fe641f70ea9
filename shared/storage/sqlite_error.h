// What SQLite's result codes mean to the rest of the program.
#pragma once

#include <string_view>

#include "shared/base/error.h"

struct sqlite3;

namespace banyan {

// Maps a failure of `db` (or, before there is one, of SQLite itself). The
// detail is SQLite's message: it names tables and columns, never their values.
Error sqlite_error(sqlite3* db, int rc, std::string_view what);

}  // namespace banyan
