// A value or an error that the caller must look at.
//
//   Result<Row> load(Id id);
//   TRY_ASSIGN(Row row, load(id));   // passes an error on to our caller
//   TRY(save(row));
//   if (auto row = load(id); !row) show(row.error());
//
// The core is built without exceptions, so this is the only way to fail.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "shared/base/check.h"
#include "shared/base/error.h"

namespace banyan {

template <class T = void>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  explicit operator bool() const { return state_.index() == 0; }
  bool ok() const { return state_.index() == 0; }

  // Asserts that there is a value: ask first.
  T& value() & { return require(); }
  const T& value() const& { return const_cast<Result*>(this)->require(); }
  T&& value() && { return std::move(require()); }
  T& operator*() & { return require(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(require()); }
  T* operator->() { return &require(); }
  const T* operator->() const { return &value(); }

  const Error& error() const {
    BANYAN_CHECK(state_.index() == 1);
    return *std::get_if<1>(&state_);
  }

 private:
  T& require() {
    BANYAN_CHECK(state_.index() == 0);
    return *std::get_if<0>(&state_);
  }

  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}

  explicit operator bool() const { return !error_; }
  bool ok() const { return !error_; }
  const Error& error() const {
    BANYAN_CHECK(error_.has_value());
    return *error_;
  }

 private:
  std::optional<Error> error_;
};

using Status = Result<void>;

inline Error fail(ErrorCode code, std::string detail) { return Error{code, std::move(detail)}; }

}  // namespace banyan

#define BANYAN_JOIN_(a, b) a##b
#define BANYAN_JOIN(a, b) BANYAN_JOIN_(a, b)

#define TRY(expression)                                       \
  do {                                                        \
    if (auto try_result_ = (expression); !try_result_.ok()) { \
      return try_result_.error();                             \
    }                                                         \
  } while (false)

#define TRY_ASSIGN(declaration, expression) \
  TRY_ASSIGN_(BANYAN_JOIN(try_value_, __LINE__), declaration, expression)
#define TRY_ASSIGN_(holder, declaration, expression) \
  auto holder = (expression);                        \
  if (!holder.ok()) return holder.error();           \
  declaration = std::move(holder).value()
