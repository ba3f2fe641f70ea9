#include "shared/base/json.h"

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

namespace banyan {

namespace {

std::string position_of(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, std::min(offset, text.size()));
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const auto line_start = before.rfind('\n');
  const auto column =
      before.size() - (line_start == std::string_view::npos ? 0 : line_start + 1) + 1;
  return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

// Builds the value without recursion, and stops at the first thing that the
// library's own parser would let pass: depth and repeated keys.
class Builder final : public nlohmann::json_sax<Json> {
 public:
  Builder(std::string_view text, std::size_t depth_max) : text_(text), depth_max_(depth_max) {}

  Json root;
  std::string problem;

  bool null() override { return put(nullptr) != nullptr; }
  bool boolean(bool value) override { return put(value) != nullptr; }
  bool number_integer(std::int64_t value) override { return put(value) != nullptr; }
  bool number_unsigned(std::uint64_t value) override { return put(value) != nullptr; }
  bool number_float(double value, const std::string&) override { return put(value) != nullptr; }
  bool string(std::string& value) override { return put(std::move(value)) != nullptr; }
  bool binary(Json::binary_t&) override { return stop("binary data"); }

  bool start_object(std::size_t) override { return open(Json::object()); }
  bool start_array(std::size_t) override { return open(Json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

  bool key(std::string& name) override {
    auto [at, fresh] = open_.back()->get_ref<Json::object_t&>().emplace(name, nullptr);
    if (!fresh) return stop("the key \"" + name + "\" stands twice in one object");
    slot_ = &at->second;
    return true;
  }

  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception& error) override {
    // The library says "[json.exception...] parse error at line 1, column 2: reason; last read".
    std::string_view reason = error.what();
    if (const auto colon = reason.find(": "); colon != std::string_view::npos) {
      reason.remove_prefix(colon + 2);
    }
    // `position` counts the bytes read: the last of them ends what does not fit.
    return stop(position_of(text_, position == 0 ? 0 : position - 1) + ": " + std::string(reason));
  }

 private:
  Json* put(Json value) {
    if (open_.empty()) {
      root = std::move(value);
      return &root;
    }
    if (open_.back()->is_array()) {
      auto& items = open_.back()->get_ref<Json::array_t&>();
      items.push_back(std::move(value));
      return &items.back();
    }
    *slot_ = std::move(value);
    return slot_;
  }

  bool open(Json container) {
    if (open_.size() >= depth_max_) {
      return stop("nested deeper than " + std::to_string(depth_max_));
    }
    // A container that is still open stays where it is: only closed ones move.
    open_.push_back(put(std::move(container)));
    return true;
  }

  bool close() {
    open_.pop_back();
    return true;
  }

  bool stop(std::string why) {
    problem = std::move(why);
    return false;
  }

  std::string_view text_;
  std::size_t depth_max_;
  std::vector<Json*> open_;
  Json* slot_ = nullptr;  // where the value of the last key goes
};

}  // namespace

Result<Json> parse_json(std::string_view text, std::size_t depth_max, std::string_view what) {
  Builder builder(text, depth_max);
  if (!Json::sax_parse(text.begin(), text.end(), &builder)) {
    return fail(ErrorCode::Invalid, std::string(what) + ": " + builder.problem);
  }
  return std::move(builder.root);
}

std::string dump_json(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

const Json* json_member(const Json& object, std::string_view key) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(std::string(key));
  return found == object.end() ? nullptr : &*found;
}

std::optional<std::string_view> json_text(const Json& json) {
  if (!json.is_string()) return std::nullopt;
  return json.get_ref<const std::string&>();
}

std::optional<std::int64_t> json_int(const Json& json) {
  if (!json.is_number_integer()) return std::nullopt;
  if (json.is_number_unsigned() &&
      json.get<std::uint64_t>() >
          static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
    return std::nullopt;
  }
  return json.get<std::int64_t>();
}

std::optional<bool> json_bool(const Json& json) {
  if (!json.is_boolean()) return std::nullopt;
  return json.get<bool>();
}

std::string json_path(std::string_view parent, std::string_view key) {
  std::string path(parent);
  path += '/';
  for (const char c : key) {
    if (c == '~') {
      path += "~0";
    } else if (c == '/') {
      path += "~1";
    } else {
      path += c;
    }
  }
  return path;
}

std::string json_path(std::string_view parent, std::size_t index) {
  return json_path(parent, std::to_string(index));
}

}  // namespace banyan
