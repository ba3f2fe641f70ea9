// Writes the small JSON messages that go to the page. Writing only: the page answers with calls.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace banyan::ui {

void append_quoted(std::string& out, std::string_view text);

// {"a":1,"b":"x"}: one flat object, or raw parts put together by the caller.
class JsonObject {
 public:
  JsonObject& add(std::string_view key, std::string_view value);
  JsonObject& add(std::string_view key, const char* value) {
    return add(key, std::string_view(value));
  }
  JsonObject& add(std::string_view key, double value);  // at most two decimals
  JsonObject& add(std::string_view key, std::uint32_t value);
  JsonObject& add(std::string_view key, int value);
  JsonObject& add(std::string_view key, bool value);
  JsonObject& add_raw(std::string_view key, std::string_view json);
  std::string str() const { return text_ + '}'; }

 private:
  void key(std::string_view name);
  std::string text_ = "{";
};

}  // namespace banyan::ui
