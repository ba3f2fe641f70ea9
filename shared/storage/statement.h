// One prepared SQL statement, lent from a Database's cache.
//
//   TRY_ASSIGN(Statement find, db.statement("SELECT name FROM party WHERE id=?1"));
//   find.bind(1, id);
//   TRY_ASSIGN(const bool found, find.step());
//   if (found) use(find.text(0));
//
// Text and bytes are bound by reference: they must live until the statement is
// stepped to its end, reset or destroyed. Columns that are views die with the
// next step. Returns to the cache, reset, when it is destroyed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "shared/base/bytes.h"
#include "shared/base/result.h"
#include "shared/base/value.h"

struct sqlite3_stmt;

namespace banyan {

class Database;

class Statement {
 public:
  Statement(Statement&& other) noexcept
      : db_(other.db_),
        place_(other.place_),
        handle_(std::exchange(other.handle_, nullptr)),
        bind_rc_(other.bind_rc_) {}
  Statement& operator=(Statement&& other) noexcept;
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement();

  // Parameters count from 1. An unknown one is an assertion; a text longer
  // than SQLite takes shows up as TooLarge at the next step.
  void bind(int parameter, std::int64_t value);
  void bind(int parameter, int value) { bind(parameter, std::int64_t{value}); }
  void bind(int parameter, bool value) { bind(parameter, std::int64_t{value ? 1 : 0}); }
  void bind(int parameter, RowId id) { bind(parameter, number(id)); }
  void bind(int parameter, DeviceId id) { bind(parameter, std::int64_t{number(id)}); }
  void bind(int parameter, std::string_view text);
  void bind(int parameter, const std::string& text) { bind(parameter, std::string_view(text)); }
  void bind(int parameter, const char* text) { bind(parameter, std::string_view(text)); }
  void bind(int parameter, ByteView bytes);  // a blob, empty at least
  void bind(int parameter, const Bytes& bytes) { bind(parameter, ByteView(bytes)); }
  void bind(int parameter, std::nullptr_t);
  void bind(int parameter, const Value& value);
  void bind(int parameter, std::string&&) = delete;  // would dangle
  void bind(int parameter, Bytes&&) = delete;
  void bind(int parameter, Value&&) = delete;

  template <class... Values>
  void bind_all(const Values&... values) {
    int parameter = 0;
    (bind(++parameter, values), ...);
  }

  // True when there is a row to read, false at the end. After an error or the
  // end, the statement is reset and may be run again.
  Result<bool> step();

  // Steps to the end, for statements that answer nothing.
  Status run();

  // Forgets the rows; keeps what is bound.
  void reset();
  void clear_bindings();

  // Columns count from 0, and convert as SQLite converts.
  int columns() const;
  bool is_null(int column) const;
  std::int64_t integer(int column) const;
  std::string_view text(int column) const;
  ByteView blob(int column) const;
  RowId row_id(int column) const { return RowId{integer(column)}; }
  // Null, integer or text as stored; a blob comes as a string of its bytes. A
  // REAL has no place in a Value: Corrupt.
  Result<Value> value(int column) const;
  std::string_view column_name(int column) const;
  bool is_real(int column) const;
  bool is_blob(int column) const;

 private:
  friend class Database;
  Statement(Database& db, sqlite3_stmt* handle, sqlite3_stmt** place)
      : db_(&db), place_(place), handle_(handle) {}
  void note(int rc);

  Database* db_;
  sqlite3_stmt** place_;  // in the database's cache; null: not kept
  sqlite3_stmt* handle_;
  int bind_rc_ = 0;  // the first failure of a bind, reported by step()
};

}  // namespace banyan
