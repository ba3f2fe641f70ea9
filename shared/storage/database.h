// One SQLite database and the only way to it: encrypted, fail-stop, durable.
//
// A write is saved when its transaction has committed with Sync::Full. After an
// Io error the writer is stopped for good (stopped() is true, every later call
// fails): close it, open it again, and SQLite's recovery tells what was saved.
// StorageFull undoes the transaction and leaves reading and later writing
// possible. Not thread-safe: a database belongs to one thread at a time.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "shared/crypto/keyring.h"
#include "shared/storage/statement.h"
#include "shared/storage/vfs.h"

struct sqlite3;

namespace banyan {

struct DatabaseOptions {
  enum class Sync : std::uint8_t {
    Full,    // a commit is on the disk when it returns
    Normal,  // a commit may be lost with the power, never torn
  };
  enum class Journal : std::uint8_t { Wal, Delete };

  // Where the file is. Without a store, `name` is a path of the machine's file
  // system, shared by several connections (the server); empty is in memory.
  PageStore* store = nullptr;
  std::string name;
  bool create = true;  // NotFound otherwise, when there is none

  const PageKey* key = nullptr;  // none: plain pages. Needs a store.
  Sync sync = Sync::Full;
  Journal journal = Journal::Wal;
  std::int64_t cache_bytes = 16 << 20;
  int page_size = 4096;  // of a new database

  Random* random = nullptr;      // the system's when null
  const Clock* clock = nullptr;  // the system's when null
  std::function<void(const Error&)>
      on_stop;  // once, at the first Io error; touch no database there
};

class Database {
 public:
  // Corrupt when the file is damaged or the key is not its own. Locked while
  // somebody else has it open.
  static Result<std::unique_ptr<Database>> open(DatabaseOptions options);

  // Every Statement must be gone. Closing folds the log into the file, if it
  // can; if not, the next open does.
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  // Any number of statements without parameters and answers. `sql` is ours:
  // values go through parameters.
  Status exec(const char* sql);
  Status exec(const std::string& sql) { return exec(sql.c_str()); }

  // From the cache, or prepared now. Invalid when the SQL has a mistake.
  Result<Statement> statement(std::string_view sql);

  // One statement with its parameters, to its end.
  template <class... Values>
  Status run(std::string_view sql, const Values&... values) {
    TRY_ASSIGN(Statement statement, this->statement(sql));
    statement.bind_all(values...);
    return statement.run();
  }
  // The first column of the first row; NotFound without a row.
  template <class... Values>
  Result<std::int64_t> query_int(std::string_view sql, const Values&... values) {
    TRY_ASSIGN(Statement statement, this->statement(sql));
    statement.bind_all(values...);
    TRY(one_row(statement));
    return statement.integer(0);
  }
  template <class... Values>
  Result<std::string> query_text(std::string_view sql, const Values&... values) {
    TRY_ASSIGN(Statement statement, this->statement(sql));
    statement.bind_all(values...);
    TRY(one_row(statement));
    return std::string(statement.text(0));
  }

  // True when no transaction is open: so it must be whenever control returns to
  // an event loop.
  bool autocommit() const;
  std::int64_t changes() const;  // rows changed by the last statement
  bool stopped() const;          // an Io error ended this connection

  // Corrupt with SQLite's first finding, which names pages and tables.
  Status integrity_check();
  // Folds the log into the file; afterwards the log starts anew.
  Status checkpoint();
  // Space for the next commits, kept even when the disk fills up. StorageFull.
  Status reserve_log(std::uint64_t bytes);
  // A consistent copy while writing goes on: `pages` at a time, calling
  // `between` after each part; false there stops it (Unavailable). Both must be
  // plain, or both encrypted.
  Status backup_to(Database& target, int pages, const std::function<bool()>& between);

  // Calls `stop` about every `steps` virtual machine steps; true there ends the
  // running statement with TooLarge. An empty function removes it.
  void on_progress(int steps, std::function<bool()> stop);

  // What a statement wants to touch, asked while it is prepared.
  struct Access {
    enum class Kind : std::uint8_t { Select, Read, Function, Other };
    Kind kind;
    std::string_view what;  // the table or the function
    std::string_view column;
  };
  // Statements that `allow` denies are Refused. An empty function removes it.
  void authorize(std::function<bool(const Access&)> allow);

  // The longest SQL text, deepest expression and so on that a user may give.
  void limit_user_sql(int length_max, int depth_max);

 private:
  friend class Statement;
  friend class Transaction;
  explicit Database(DatabaseOptions options) : options_(std::move(options)) {}

  Status connect();
  Status set_up();
  Status apply_key();
  Status one_row(Statement& statement);
  Error error(int rc, std::string_view what) const;
  void stop(Error cause);  // when it cannot be trusted any more, for another reason than Io
  void give_back(sqlite3_stmt* handle, sqlite3_stmt** place);

  struct TextHash : std::hash<std::string_view> {
    using is_transparent = void;
  };

  DatabaseOptions options_;
  std::unique_ptr<StoreVfs> vfs_;
  sqlite3* db_ = nullptr;
  // By text; null while it is lent. Never shrinks: lent statements point into it.
  std::unordered_map<std::string, sqlite3_stmt*, TextHash, std::equal_to<>> statements_;
  std::size_t lent_ = 0;
  std::optional<Error> stopped_by_;
  std::function<bool()> progress_;
  std::function<bool(const Access&)> allow_;
};

}  // namespace banyan
