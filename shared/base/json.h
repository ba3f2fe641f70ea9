// JSON from files and peers: the one place that includes nlohmann/json.
//
// The core has no exceptions, and neither has the library here: a wrong access
// stops the process. So ask for the type first; the readers below do.
#pragma once

#ifndef JSON_NOEXCEPTION
#define JSON_NOEXCEPTION  // the same in every program, with or without -fno-exceptions
#endif

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "shared/base/result.h"

namespace banyan {

using Json = nlohmann::json;  // keys sorted: one text for one content

// `what` names the text in the error, which carries line and column. Invalid
// on a syntax error, on bytes that are not UTF-8, on a key that an object holds
// twice, on a number that no int64 and no double holds, and on objects and
// arrays nested deeper than `depth_max`.
Result<Json> parse_json(std::string_view text, std::size_t depth_max, std::string_view what);

// Compact, keys sorted, UTF-8; bytes that are not UTF-8 become U+FFFD.
std::string dump_json(const Json& json);

// The member of an object; null when it is absent or `object` is none.
const Json* json_member(const Json& object, std::string_view key);

// The value when it has exactly that type (no conversions), else nothing. A text points into
// `json`.
std::optional<std::string_view> json_text(const Json& json);
std::optional<std::int64_t> json_int(const Json& json);
std::optional<bool> json_bool(const Json& json);

// `key` escaped and appended to a JSON pointer (RFC 6901).
std::string json_path(std::string_view parent, std::string_view key);
std::string json_path(std::string_view parent, std::size_t index);

}  // namespace banyan
