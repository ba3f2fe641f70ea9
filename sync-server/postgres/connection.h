// One connection to PostgreSQL, and the only way to it: statements with parameters in binary
// form, errors as values, several statements in one trip.
//
// Nothing lasts in the session between two transactions (no prepared statement, no SET, no
// LISTEN), so it may go through a pooler that lends connections for one transaction. Answers
// of queued statements are not looked at, only their errors. A database that says nothing for
// 75 s is given up: Unavailable, and lost. Belongs to one thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/bytes.h"
#include "shared/base/ids.h"
#include "shared/base/result.h"

struct pg_conn;
struct pg_result;

namespace banyan::postgres {

// The parameters $1, $2 ... of one statement, copied.
class Arguments {
 public:
  Arguments& add(std::int64_t value);
  Arguments& add(RowId id) { return add(number(id)); }
  Arguments& add(DeviceId id) { return add(std::int64_t{number(id)}); }
  Arguments& add(ByteView bytes);
  Arguments& add(std::string_view text);
  Arguments& add_null_bytes();
  // Arrays, for unnest() and = ANY().
  Arguments& add(std::span<const std::int64_t> values);
  Arguments& add(std::span<const ByteView> values);  // one whose data() is null is NULL
  Arguments& add(std::span<const std::string> values);

 private:
  friend class Connection;
  struct One {
    unsigned type = 0;
    std::optional<std::string> bytes;  // none: NULL
  };
  One& put(unsigned type);
  std::vector<One> all_;
};

template <class... Values>
Arguments arguments(const Values&... values) {
  Arguments made;
  (made.add(values), ...);
  return made;
}

struct Command {
  std::string sql;
  Arguments arguments;
};

// The rows of an answer. Views live as long as it does.
class Answer {
 public:
  explicit Answer(pg_result* result) : result_(result, &clear) {}

  int rows() const;
  std::string_view tag() const;  // what was done: "COMMIT", "UPDATE 3"
  bool is_null(int row, int column) const;
  std::int64_t integer(int row, int column) const;  // of int2, int4, int8 and bool
  std::uint64_t natural(int row, int column) const {
    return static_cast<std::uint64_t>(integer(row, column));
  }
  RowId row_id(int row, int column) const { return RowId{integer(row, column)}; }
  ByteView bytes(int row, int column) const;  // of bytea and text
  std::string_view text(int row, int column) const { return as_text(bytes(row, column)); }
  // What `make(row)` makes of each.
  template <class Make>
  auto each(Make make) const {
    std::vector<decltype(make(0))> all;
    all.reserve(static_cast<std::size_t>(rows()));
    for (int i = 0; i < rows(); ++i) all.push_back(make(i));
    return all;
  }

 private:
  static void clear(pg_result* result);
  std::unique_ptr<pg_result, void (*)(pg_result*)> result_;
};

class Connection {
 public:
  // Connects now. Unavailable when nobody answers or the database is read-only; Refused for a
  // wrong password or a database that is not there. The message names no password.
  static Result<std::unique_ptr<Connection>> open(const std::string& url);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // The connection is of no use any more; what was not committed is undone.
  bool lost() const { return lost_; }
  // The database warned during the last call. Of a COMMIT that means: it is done here, but
  // somebody has ended the wait for the synchronous replica. No error says so.
  bool warned() const { return warned_; }

  // Kept until the next call below, and sent with it in the same trip.
  void later(std::string sql, Arguments arguments = {});
  bool anything_queued() const { return !queue_.empty(); }
  void forget_queued() { queue_.clear(); }
  // What is queued, then this. After an error nothing behind it was done.
  Result<Answer> query(std::string sql, Arguments arguments = {});
  Result<std::vector<Answer>> queries(std::vector<Command> commands);
  Status run(std::string sql, Arguments arguments = {});
  Status flush();
  // Any number of statements without parameters, not in one trip with others.
  Status script(const std::string& sql);

  // For a listener: the socket, and the notifications that have come. Unavailable when lost.
  int socket() const;
  Result<std::vector<std::string>> notifications();

 private:
  explicit Connection(pg_conn* handle) : handle_(handle) {}
  Result<Answer> alone(const Command& command);
  pg_result* next_result();
  Error error_of(const pg_result* result);
  Error broken();

  pg_conn* handle_;
  bool lost_ = false, warned_ = false;
  std::vector<Command> queue_;
};

}  // namespace banyan::postgres
