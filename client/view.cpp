#include "client/view.h"

#include <charconv>

namespace banyan::ui {

Route Route::parse(std::string_view hash) {
  while (!hash.empty() && (hash.front() == '#' || hash.front() == '/')) hash.remove_prefix(1);
  Route out;
  if (const std::size_t mark = hash.find('?'); mark != std::string_view::npos) {
    out.query = hash.substr(mark + 1);
    hash = hash.substr(0, mark);
  }
  while (!hash.empty()) {
    const std::size_t slash = hash.find('/');
    const std::string_view part = hash.substr(0, slash);
    if (out.name.empty()) {
      out.name = part;
    } else {
      out.parts.emplace_back(part);
    }
    hash = slash == std::string_view::npos ? std::string_view() : hash.substr(slash + 1);
  }
  return out;
}

std::string Route::hash() const {
  std::string out = "#/" + name;
  for (const std::string& each : parts) out += '/' + each;
  return query.empty() ? out : out + '?' + query;
}

RowId Route::row(std::size_t index) const {
  const std::string_view text = part(index);
  std::int64_t id = 0;
  std::from_chars(text.data(), text.data() + text.size(), id);
  return RowId{id};
}

std::string_view Route::value(std::string_view key) const {
  std::string_view rest = query;
  while (!rest.empty()) {
    const std::size_t end = rest.find('&');
    const std::string_view pair = rest.substr(0, end);
    if (pair.size() > key.size() && pair.substr(0, key.size()) == key && pair[key.size()] == '=') {
      return pair.substr(key.size() + 1);
    }
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  }
  return {};
}

}  // namespace banyan::ui
