// What one cell of a row can hold.
//
// There is no floating point: money is minor units, a percentage is basis
// points, a place is micro-degrees, a time is milliseconds since 1970 UTC, a
// date is days since 1970-01-01. So a value has one encoding and one hash on
// every machine. Text is UTF-8; bytes (hashes, signatures) share its kind, the
// catalogue tells them apart.
#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "shared/base/ids.h"

namespace banyan {

using Value = std::variant<std::monostate, std::int64_t, std::string, RowId>;

inline bool is_null(const Value& v) { return v.index() == 0; }

// The integer in it, or 0; a row id counts as its number.
inline std::int64_t int_of(const Value& v) {
  if (const auto* i = std::get_if<std::int64_t>(&v)) return *i;
  if (const auto* r = std::get_if<RowId>(&v)) return number(*r);
  return 0;
}

// The text in it, or an empty one.
inline const std::string& text_of(const Value& v) {
  static const std::string kEmpty;
  const auto* s = std::get_if<std::string>(&v);
  return s != nullptr ? *s : kEmpty;
}

inline RowId row_of(const Value& v) { return RowId{int_of(v)}; }

}  // namespace banyan
