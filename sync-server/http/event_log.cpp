#include "sync-server/http/event_log.h"

#include <array>
#include <ctime>

namespace banyan::server {
namespace {

// Length of the well-formed UTF-8 sequence at the start of `in`, or 0.
std::size_t utf8_length(std::string_view in) {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(in[i]); };
  const unsigned char first = at(0);
  const std::size_t size = first < 0x80                     ? 1
                           : first >= 0xC2 && first <= 0xDF ? 2
                           : (first & 0xF0) == 0xE0         ? 3
                           : first >= 0xF0 && first <= 0xF4 ? 4
                                                            : 0;
  if (size == 0 || in.size() < size) return 0;
  for (std::size_t i = 1; i < size; ++i) {
    if ((at(i) & 0xC0) != 0x80) return 0;
  }
  const bool overlong = (first == 0xE0 && at(1) < 0xA0) || (first == 0xF0 && at(1) < 0x90);
  const bool outside = (first == 0xED && at(1) > 0x9F) || (first == 0xF4 && at(1) > 0x8F);
  return overlong || outside ? 0 : size;
}

}  // namespace

std::string json_quote(std::string_view text) {
  std::string out = "\"";
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    const std::size_t length = utf8_length(text.substr(i));
    if (length == 0) {
      out += '?';
      ++i;
      continue;
    }
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      std::array<char, 8> escaped{};
      std::snprintf(escaped.data(), escaped.size(), "\\u%04x", static_cast<unsigned>(c));
      out += escaped.data();
    } else {
      out.append(text.substr(i, length));
    }
    i += length;
  }
  return out += '"';
}

std::string utc_text(std::int64_t unix_ms) {
  const std::int64_t ms = ((unix_ms % 1000) + 1000) % 1000;
  const std::time_t seconds = (unix_ms - ms) / 1000;
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  std::array<char, 80> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", utc.tm_year + 1900,
                utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec,
                static_cast<int>(ms));
  return text.data();
}

void EventLog::write(std::string_view event, std::initializer_list<Item> items) {
  if (out_ == nullptr) return;
  std::string line = "{\"t\":\"" + utc_text(clock_.wall_ms()) + "\",\"event\":" + json_quote(event);
  for (const Item& item : items) {
    line.append(",").append(json_quote(item.name)).append(":");
    if (const auto* number = std::get_if<std::int64_t>(&item.value)) {
      line.append(std::to_string(*number));
    } else {
      line.append(json_quote(std::get<std::string_view>(item.value)));
    }
  }
  line += "}\n";
  const std::scoped_lock lock(mutex_);
  std::fwrite(line.data(), 1, line.size(), out_);
  std::fflush(out_);
}

}  // namespace banyan::server
