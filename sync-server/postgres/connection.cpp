#include "sync-server/postgres/connection.h"

#include <libpq-fe.h>
#include <poll.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>

namespace banyan::postgres {
namespace {

// Numbers of types, which never change (catalog pg_type).
constexpr unsigned kInt8 = 20, kBytea = 17, kText = 25, kInt8Array = 1016, kByteaArray = 1001,
                   kTextArray = 1009;
constexpr int kBinary = 1;

// Longer than any statement may take (postgres_tables.cpp). A machine that hangs, or a COMMIT
// whose replicas are gone, would hold its server for good.
constexpr std::chrono::seconds kPatience{75};

template <class Integer>
void big_endian(std::string& out, Integer value) {
  for (int shift = static_cast<int>(sizeof value) * 8 - 8; shift >= 0; shift -= 8) {
    out.push_back(static_cast<char>(static_cast<unsigned char>(value >> shift)));
  }
}

std::string array_head(unsigned element, std::size_t count) {
  std::string out;
  big_endian(out, std::uint32_t{count == 0 ? 0U : 1U});  // dimensions
  big_endian(out, std::uint32_t{1});                     // there may be NULLs
  big_endian(out, std::uint32_t{element});
  if (count == 0) return out;
  big_endian(out, static_cast<std::uint32_t>(count));
  big_endian(out, std::uint32_t{1});  // the first index
  return out;
}

void array_item(std::string& out, std::string_view bytes) {
  big_endian(out, static_cast<std::uint32_t>(bytes.size()));
  out += bytes;
}

// The last line break goes, and so does what a server adds about parameters: no values in logs.
std::string first_line(const char* text) {
  const std::string_view all = text != nullptr ? text : "";
  return std::string(all.substr(0, all.find('\n')));
}

ErrorCode code_of(std::string_view state) {
  const auto is = [&](std::string_view start) { return state.starts_with(start); };
  if (is("53100")) return ErrorCode::StorageFull;
  if (is("23505")) return ErrorCode::Conflict;
  if (is("28") || is("3D000") || is("42501")) return ErrorCode::Refused;
  // Not reachable, shutting down, not the primary any more, too many, too slow, in each
  // other's way: the same request may do well a moment later.
  if (state.empty() || is("08") || is("57") || is("25006") || is("53") || is("40") || is("55P03") ||
      is("25P0")) {
    return ErrorCode::Unavailable;
  }
  return ErrorCode::Io;
}

// After these the session is over, or will never write again.
bool ends_connection(std::string_view state) {
  return state.starts_with("57P") || state.starts_with("25006") || state.starts_with("25P03") ||
         state.starts_with("08");
}

}  // namespace

// ---- arguments

Arguments::One& Arguments::put(unsigned type) {
  all_.push_back({type, std::string()});
  return all_.back();
}

Arguments& Arguments::add(std::int64_t value) {
  big_endian(*put(kInt8).bytes, static_cast<std::uint64_t>(value));
  return *this;
}

Arguments& Arguments::add(ByteView bytes) {
  *put(kBytea).bytes = as_text(bytes);
  return *this;
}

Arguments& Arguments::add(std::string_view text) {
  *put(kText).bytes = text;
  return *this;
}

Arguments& Arguments::add_null_bytes() {
  put(kBytea).bytes.reset();
  return *this;
}

Arguments& Arguments::add(std::span<const std::int64_t> values) {
  std::string out = array_head(kInt8, values.size());
  out.reserve(out.size() + values.size() * 12);
  for (const std::int64_t value : values) {
    big_endian(out, std::uint32_t{8});
    big_endian(out, static_cast<std::uint64_t>(value));
  }
  *put(kInt8Array).bytes = std::move(out);
  return *this;
}

Arguments& Arguments::add(std::span<const ByteView> values) {
  std::string out = array_head(kBytea, values.size());
  for (const ByteView value : values) {
    if (value.data() == nullptr) {
      big_endian(out, ~std::uint32_t{0});
    } else {
      array_item(out, as_text(value));
    }
  }
  *put(kByteaArray).bytes = std::move(out);
  return *this;
}

Arguments& Arguments::add(std::span<const std::string> values) {
  std::string out = array_head(kText, values.size());
  for (const std::string& value : values) array_item(out, value);
  *put(kTextArray).bytes = std::move(out);
  return *this;
}

// ---- answers

void Answer::clear(pg_result* result) { PQclear(result); }
int Answer::rows() const { return PQntuples(result_.get()); }
std::string_view Answer::tag() const { return PQcmdStatus(result_.get()); }
bool Answer::is_null(int row, int column) const {
  return PQgetisnull(result_.get(), row, column) != 0;
}

std::int64_t Answer::integer(int row, int column) const {
  const char* at = PQgetvalue(result_.get(), row, column);
  const int size = PQgetlength(result_.get(), row, column);
  if (size == 0) return 0;
  std::uint64_t value = (static_cast<unsigned char>(at[0]) & 0x80) != 0 ? ~std::uint64_t{0} : 0;
  for (int i = 0; i < size; ++i) value = value << 8 | static_cast<unsigned char>(at[i]);
  return static_cast<std::int64_t>(value);
}

ByteView Answer::bytes(int row, int column) const {
  const auto size = static_cast<std::size_t>(PQgetlength(result_.get(), row, column));
  return as_bytes({PQgetvalue(result_.get(), row, column), size});
}

// ---- the connection

Result<std::unique_ptr<Connection>> Connection::open(const std::string& url) {
  // Ours first: whoever writes another value into the URL has it.
  const std::array<const char*, 9> names{
      "connect_timeout",  "keepalives_idle",  "keepalives_interval",
      "keepalives_count", "tcp_user_timeout", "target_session_attrs",
      "application_name", "dbname",           nullptr};
  const std::array<const char*, 9> values{
      "5", "10", "5", "3", "15000", "read-write", "banyan-server", url.c_str(), nullptr};
  pg_conn* handle = PQconnectdbParams(names.data(), values.data(), 1);
  if (handle == nullptr) return fail(ErrorCode::Unavailable, "no memory for a connection");
  std::unique_ptr<Connection> made(new Connection(handle));
  if (PQstatus(handle) != CONNECTION_OK) {
    const std::string why = first_line(PQerrorMessage(handle));
    const bool refused = why.find("password") != std::string::npos ||
                         why.find("does not exist") != std::string::npos ||
                         why.find("invalid") != std::string::npos;
    return fail(refused ? ErrorCode::Refused : ErrorCode::Unavailable, "PostgreSQL: " + why);
  }
  PQsetErrorVerbosity(handle, PQERRORS_TERSE);
  PQsetErrorContextVisibility(handle, PQSHOW_CONTEXT_NEVER);
  // The words are for people at a terminal.
  PQsetNoticeReceiver(
      handle,
      [](void* self, const pg_result* notice) {
        const char* severity = PQresultErrorField(notice, PG_DIAG_SEVERITY_NONLOCALIZED);
        if (severity != nullptr && std::strcmp(severity, "WARNING") == 0) {
          static_cast<Connection*>(self)->warned_ = true;
        }
      },
      made.get());
  return made;
}

Connection::~Connection() { PQfinish(handle_); }

Error Connection::broken() {
  lost_ = true;
  queue_.clear();
  const std::string why = first_line(PQerrorMessage(handle_));
  return fail(ErrorCode::Unavailable, "PostgreSQL: " + (why.empty() ? "no answer in time" : why));
}

// As PQgetResult, but not for ever. Null at the end of a statement's answers; and where broken()
// is to be said, as for all that libpq answers with null.
pg_result* Connection::next_result() {
  const auto until = std::chrono::steady_clock::now() + kPatience;
  while (PQisBusy(handle_) != 0) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        until - std::chrono::steady_clock::now());
    if (left.count() <= 0) {
      lost_ = true;
      return nullptr;
    }
    pollfd one{PQsocket(handle_), POLLIN, 0};
    if (::poll(&one, 1, static_cast<int>(left.count())) < 0 && errno != EINTR) return nullptr;
    if (one.revents != 0 && PQconsumeInput(handle_) == 0) return nullptr;
  }
  return PQgetResult(handle_);
}

Error Connection::error_of(const pg_result* result) {
  const char* field = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  const std::string state = field != nullptr ? field : "";
  const std::string detail =
      "PostgreSQL " + state + ": " + first_line(PQresultErrorMessage(result));
  if (PQstatus(handle_) != CONNECTION_OK || ends_connection(state)) lost_ = true;
  return fail(code_of(state), detail);
}

void Connection::later(std::string sql, Arguments arguments) {
  queue_.push_back({std::move(sql), std::move(arguments)});
}

namespace {

// The arguments as libpq wants them.
struct Parameters {
  template <class All>
  explicit Parameters(const All& all) {
    for (const auto& one : all) {
      types.push_back(one.type);
      values.push_back(one.bytes ? one.bytes->data() : nullptr);
      lengths.push_back(one.bytes ? static_cast<int>(one.bytes->size()) : 0);
      formats.push_back(kBinary);
    }
  }
  int count() const { return static_cast<int>(types.size()); }
  std::vector<Oid> types;
  std::vector<const char*> values;
  std::vector<int> lengths, formats;
};

bool good(const pg_result* result) {
  const ExecStatusType status = PQresultStatus(result);
  return status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK;
}

}  // namespace

Result<Answer> Connection::alone(const Command& command) {
  const Parameters p(command.arguments.all_);
  if (PQsendQueryParams(handle_, command.sql.c_str(), p.count(), p.types.data(), p.values.data(),
                        p.lengths.data(), p.formats.data(), kBinary) == 0) {
    return broken();
  }
  pg_result* result = next_result();
  if (result == nullptr) return broken();
  Answer answer(result);
  while (pg_result* more = next_result()) PQclear(more);
  if (!good(result)) return error_of(result);
  if (lost_) return broken();
  return answer;
}

Result<std::vector<Answer>> Connection::queries(std::vector<Command> commands) {
  if (lost_) return fail(ErrorCode::Unavailable, "PostgreSQL: the connection is lost");
  warned_ = false;
  std::vector<Command> all = std::move(queue_);
  queue_.clear();
  const std::size_t first = all.size();
  for (Command& command : commands) all.push_back(std::move(command));
  std::vector<Answer> answers;
  if (all.empty()) return answers;
  if (all.size() == 1) {
    TRY_ASSIGN(Answer answer, alone(all.front()));
    if (first == 0) answers.push_back(std::move(answer));
    return answers;
  }
  if (PQenterPipelineMode(handle_) == 0) return broken();
  for (const Command& command : all) {
    const Parameters p(command.arguments.all_);
    if (PQsendQueryParams(handle_, command.sql.c_str(), p.count(), p.types.data(), p.values.data(),
                          p.lengths.data(), p.formats.data(), kBinary) == 0) {
      return broken();
    }
  }
  if (PQpipelineSync(handle_) == 0) return broken();
  std::optional<Error> failed;
  for (std::size_t i = 0; i < all.size(); ++i) {
    pg_result* result = next_result();
    if (result == nullptr) return broken();
    Answer answer(result);
    if (!good(result)) {
      if (!failed && PQresultStatus(result) != PGRES_PIPELINE_ABORTED) failed = error_of(result);
      if (PQstatus(handle_) != CONNECTION_OK) return failed ? *failed : broken();
    }
    while (pg_result* more = next_result()) PQclear(more);
    if (lost_) return failed ? *failed : broken();
    if (i >= first) answers.push_back(std::move(answer));
  }
  pg_result* sync = next_result();
  const bool synced = sync != nullptr && PQresultStatus(sync) == PGRES_PIPELINE_SYNC;
  PQclear(sync);
  if (!synced || PQexitPipelineMode(handle_) == 0)
    return failed ? (lost_ = true, *failed) : broken();
  if (failed) return *failed;
  return answers;
}

Result<Answer> Connection::query(std::string sql, Arguments arguments) {
  std::vector<Command> one;
  one.push_back({std::move(sql), std::move(arguments)});
  TRY_ASSIGN(std::vector<Answer> answers, queries(std::move(one)));
  return std::move(answers.front());
}

Status Connection::run(std::string sql, Arguments arguments) {
  TRY(query(std::move(sql), std::move(arguments)));
  return {};
}

Status Connection::flush() {
  TRY(queries({}));
  return {};
}

Status Connection::script(const std::string& sql) {
  TRY(flush());
  if (lost_) return fail(ErrorCode::Unavailable, "PostgreSQL: the connection is lost");
  warned_ = false;
  if (PQsendQuery(handle_, sql.c_str()) == 0) return broken();
  std::optional<Error> failed;
  while (pg_result* result = next_result()) {
    const Answer answer(result);
    if (!failed && !good(result) && PQresultStatus(result) != PGRES_EMPTY_QUERY) {
      failed = error_of(result);
    }
  }
  if (failed) return *failed;
  if (lost_ || PQstatus(handle_) != CONNECTION_OK) return broken();
  return {};
}

int Connection::socket() const { return PQsocket(handle_); }

Result<std::vector<std::string>> Connection::notifications() {
  if (PQconsumeInput(handle_) == 0) return broken();
  std::vector<std::string> out;
  while (PGnotify* one = PQnotifies(handle_)) {
    out.emplace_back(one->extra);
    PQfreemem(one);
  }
  return out;
}

}  // namespace banyan::postgres
