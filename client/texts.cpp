#include "client/texts.h"

#include "client/format.h"
#include "shared/base/check.h"

namespace banyan::ui {
namespace {

std::string_view value_of(TextValues values, std::string_view name) {
  for (const auto& [key, value] : values) {
    if (key == name) return value;
  }
  return {};
}

std::string replace_places(std::string_view text, TextValues values, std::string_view n) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t open = text.find('{', at);
    out += text.substr(at, open - at);
    if (open == std::string_view::npos) break;
    const std::size_t close = text.find('}', open);
    BANYAN_CHECK(close != std::string_view::npos);
    const std::string_view name = text.substr(open + 1, close - open - 1);
    const std::string_view value = name == "n" && !n.empty() ? n : value_of(values, name);
    BANYAN_CHECK(value.data() != nullptr);
    out += value;
    at = close + 1;
  }
  return out;
}

}  // namespace

std::string Texts::fill(T key, TextValues values) const {
  return replace_places(forms(key).other, values, {});
}

std::string Texts::count(T key, std::int64_t n, TextValues more) const {
  const TextForms& form = forms(key);
  return replace_places(n == 1 ? form.one : form.other, more, format::whole(n));
}

}  // namespace banyan::ui
