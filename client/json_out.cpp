#include "client/json_out.h"

#include <cmath>
#include <cstdio>

namespace banyan::ui {

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04x", byte);
      out += escape;
    } else {
      out += c;
    }
  }
  out += '"';
}

void JsonObject::key(std::string_view name) {
  if (text_.size() > 1) text_ += ',';
  append_quoted(text_, name);
  text_ += ':';
}

JsonObject& JsonObject::add(std::string_view name, std::string_view value) {
  key(name);
  append_quoted(text_, value);
  return *this;
}

JsonObject& JsonObject::add(std::string_view name, double value) {
  key(name);
  char digits[32];
  const double rounded = std::round(value * 100) / 100;
  std::snprintf(digits, sizeof digits, "%.10g", rounded);
  text_ += digits;
  return *this;
}

JsonObject& JsonObject::add(std::string_view name, std::uint32_t value) {
  key(name);
  text_ += std::to_string(value);
  return *this;
}

JsonObject& JsonObject::add(std::string_view name, int value) {
  key(name);
  text_ += std::to_string(value);
  return *this;
}

JsonObject& JsonObject::add(std::string_view name, bool value) {
  key(name);
  text_ += value ? "true" : "false";
  return *this;
}

JsonObject& JsonObject::add_raw(std::string_view name, std::string_view json) {
  key(name);
  text_ += json;
  return *this;
}

}  // namespace banyan::ui
