#include "sync-server/demo/json_reader.h"

#include <cmath>

namespace banyan::demo {

std::string JsonReader::text(const Json& object, std::string_view key) {
  const Json* member = json_member(object, key);
  const auto text = member != nullptr ? json_text(*member) : std::nullopt;
  if (!text) wrong(key, "is no text");
  return std::string(text.value_or(""));
}

std::string JsonReader::text_or(const Json& object, std::string_view key,
                                std::string_view otherwise) {
  return json_member(object, key) != nullptr ? text(object, key) : std::string(otherwise);
}

std::int64_t JsonReader::integer(const Json& object, std::string_view key) {
  const Json* member = json_member(object, key);
  const auto value = member != nullptr ? json_int(*member) : std::nullopt;
  if (!value) wrong(key, "is no whole number");
  return value.value_or(0);
}

std::int64_t JsonReader::integer_or(const Json& object, std::string_view key,
                                    std::int64_t otherwise) {
  return json_member(object, key) != nullptr ? integer(object, key) : otherwise;
}

bool JsonReader::flag(const Json& object, std::string_view key) {
  const Json* member = json_member(object, key);
  return member != nullptr && json_bool(*member).value_or(false);
}

std::optional<std::int64_t> JsonReader::yuan(const Json& object, std::string_view key) {
  const Json* member = json_member(object, key);
  if (member == nullptr) return std::nullopt;
  if (!member->is_number()) {
    wrong(key, "is no amount");
    return std::nullopt;
  }
  // Two decimals at our sizes are exact after rounding.
  return std::llround(member->get<double>() * 100);
}

std::vector<std::string> JsonReader::texts(const Json& object, std::string_view key) {
  std::vector<std::string> out;
  for (const Json& item : list(object, key)) {
    const auto text = json_text(item);
    if (!text) wrong(key, "holds something that is no text");
    out.emplace_back(text.value_or(""));
  }
  return out;
}

const Json& JsonReader::list(const Json& object, std::string_view key) {
  static const Json kNone = Json::array();
  const Json* member = json_member(object, key);
  if (member == nullptr) return kNone;
  if (!member->is_array() && !member->is_object()) {
    wrong(key, "is no list");
    return kNone;
  }
  return *member;
}

void JsonReader::wrong(std::string_view key, std::string_view what) {
  if (error_) return;
  std::string detail = file_;
  detail.append(": ").append(key).append(" ").append(what);
  error_ = fail(ErrorCode::Invalid, std::move(detail));
}

Status JsonReader::status() const {
  if (error_) return *error_;
  return {};
}

}  // namespace banyan::demo
