#include "shared/storage/statement.h"

#include <sqlite3.h>

#include "shared/storage/database.h"
#include "shared/storage/sqlite_error.h"

namespace banyan {
namespace {

// SQLite takes a null pointer for NULL; an empty text or blob is not NULL.
const char kEmpty = 0;

template <class View>
const void* pointer_of(const View& view) {
  return view.data() != nullptr ? static_cast<const void*>(view.data()) : &kEmpty;
}

}  // namespace

Statement& Statement::operator=(Statement&& other) noexcept {
  if (this != &other) {
    if (handle_ != nullptr) db_->give_back(handle_, place_);
    db_ = other.db_;
    place_ = other.place_;
    handle_ = std::exchange(other.handle_, nullptr);
    bind_rc_ = other.bind_rc_;
  }
  return *this;
}

Statement::~Statement() {
  if (handle_ != nullptr) db_->give_back(handle_, place_);
}

void Statement::note(int rc) {
  BANYAN_CHECK(rc != SQLITE_RANGE && rc != SQLITE_MISUSE);
  if (bind_rc_ == SQLITE_OK) bind_rc_ = rc;
}

void Statement::bind(int parameter, std::int64_t value) {
  note(sqlite3_bind_int64(handle_, parameter, value));
}

void Statement::bind(int parameter, std::string_view text) {
  note(sqlite3_bind_text64(handle_, parameter, static_cast<const char*>(pointer_of(text)),
                           text.size(), SQLITE_STATIC, SQLITE_UTF8));
}

void Statement::bind(int parameter, ByteView bytes) {
  note(sqlite3_bind_blob64(handle_, parameter, pointer_of(bytes), bytes.size(), SQLITE_STATIC));
}

void Statement::bind(int parameter, std::nullptr_t) { note(sqlite3_bind_null(handle_, parameter)); }

void Statement::bind(int parameter, const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return bind(parameter, *text);
  if (banyan::is_null(value)) return bind(parameter, nullptr);
  bind(parameter, int_of(value));
}

Result<bool> Statement::step() {
  if (bind_rc_ != SQLITE_OK) {
    return sqlite_error(nullptr, std::exchange(bind_rc_, SQLITE_OK), "bind");
  }
  const int rc = sqlite3_step(handle_);
  if (rc == SQLITE_ROW) return true;
  if (rc == SQLITE_DONE) {
    sqlite3_reset(handle_);
    return false;
  }
  const Error error = db_->error(rc, sqlite3_sql(handle_));
  sqlite3_reset(handle_);
  return error;
}

Status Statement::run() {
  while (true) {
    TRY_ASSIGN(const bool row, step());
    if (!row) return {};
  }
}

void Statement::reset() { sqlite3_reset(handle_); }
void Statement::clear_bindings() { sqlite3_clear_bindings(handle_); }

int Statement::columns() const { return sqlite3_column_count(handle_); }

bool Statement::is_null(int column) const {
  return sqlite3_column_type(handle_, column) == SQLITE_NULL;
}

bool Statement::is_real(int column) const {
  return sqlite3_column_type(handle_, column) == SQLITE_FLOAT;
}

bool Statement::is_blob(int column) const {
  return sqlite3_column_type(handle_, column) == SQLITE_BLOB;
}

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(handle_, column); }

std::string_view Statement::text(int column) const {
  const unsigned char* text = sqlite3_column_text(handle_, column);
  if (text == nullptr) return {};
  return {reinterpret_cast<const char*>(text),
          static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))};
}

ByteView Statement::blob(int column) const {
  const void* bytes = sqlite3_column_blob(handle_, column);
  if (bytes == nullptr) return {};
  return {static_cast<const std::uint8_t*>(bytes),
          static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))};
}

Result<Value> Statement::value(int column) const {
  switch (sqlite3_column_type(handle_, column)) {
    case SQLITE_NULL: return Value{};
    case SQLITE_INTEGER: return Value{integer(column)};
    case SQLITE_TEXT: return Value{std::string(text(column))};
    case SQLITE_BLOB: return Value{std::string(as_text(blob(column)))};
    default: return fail(ErrorCode::Corrupt, "a REAL where a whole number belongs");
  }
}

std::string_view Statement::column_name(int column) const {
  const char* name = sqlite3_column_name(handle_, column);
  return name != nullptr ? name : "";
}

}  // namespace banyan
