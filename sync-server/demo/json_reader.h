// Reads members of a JSON object that we wrote ourselves: what is missing or of
// another type sticks and is reported once, with the object's place.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/json.h"

namespace banyan::demo {

class JsonReader {
 public:
  explicit JsonReader(std::string file) : file_(std::move(file)) {}

  std::string text(const Json& object, std::string_view key);
  std::string text_or(const Json& object, std::string_view key, std::string_view otherwise);
  std::int64_t integer(const Json& object, std::string_view key);
  std::int64_t integer_or(const Json& object, std::string_view key, std::int64_t otherwise);
  bool flag(const Json& object, std::string_view key);  // false when absent
  // Yuan with at most two decimals -> minor units; nothing when absent.
  std::optional<std::int64_t> yuan(const Json& object, std::string_view key);
  std::vector<std::string> texts(const Json& object, std::string_view key);  // empty when absent
  // An array or object; an empty one when absent.
  const Json& list(const Json& object, std::string_view key);

  void wrong(std::string_view key, std::string_view what);
  Status status() const;

 private:
  std::string file_;
  std::optional<Error> error_;
};

}  // namespace banyan::demo
