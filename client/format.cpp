#include "client/format.h"

#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace banyan::ui::format {
namespace {

template <class... Values>
std::string print(const char* pattern, Values... values) {
  char text[96];
  std::snprintf(text, sizeof text, pattern, values...);
  return text;
}

std::uint64_t magnitude(std::int64_t n) {
  return n < 0 ? ~static_cast<std::uint64_t>(n) + 1 : static_cast<std::uint64_t>(n);
}

std::string grouped(std::uint64_t n) {
  std::string digits = std::to_string(n);
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3) {
    digits.insert(static_cast<std::size_t>(at), ",");
  }
  return digits;
}

// minor / unit, rounded half away from zero, with `decimals` digits: in whole numbers only.
std::string scaled(std::uint64_t minor, std::uint64_t unit, int decimals) {
  std::uint64_t factor = 1;
  for (int i = 0; i < decimals; ++i) factor *= 10;
  const std::uint64_t step = unit / factor;
  const std::uint64_t steps = (minor + step / 2) / step;
  std::string out = grouped(steps / factor);
  if (decimals > 0) {
    std::string part = std::to_string(steps % factor);
    part.insert(0, static_cast<std::size_t>(decimals) - part.size(), '0');
    out += '.' + part;
  }
  return out;
}

constexpr std::array<const char*, 10> kDigits = {"零", "壹", "贰", "叁", "肆",
                                                 "伍", "陆", "柒", "捌", "玖"};
constexpr std::array<const char*, 4> kPlaces = {"", "拾", "佰", "仟"};
constexpr std::array<const char*, 4> kGroups = {"", "万", "亿", "万亿"};

// One group of four digits. `inner` says that digits stood before it, so a gap is named.
std::string capital_group(int value, bool inner) {
  std::string out;
  bool gap = inner && value < 1000;
  for (int place = 3, power = 1000; place >= 0; --place, power /= 10) {
    const auto digit = static_cast<std::size_t>(value / power % 10);
    if (digit == 0) {
      gap = gap || !out.empty();
      continue;
    }
    if (gap) out += kDigits[0];
    gap = false;
    out += std::string(kDigits[digit]) + kPlaces[static_cast<std::size_t>(place)];
  }
  return out;
}

std::string capital_whole(std::uint64_t yuan) {
  std::string out;
  for (int group = 3; group >= 0; --group) {
    std::uint64_t power = 1;
    for (int i = 0; i < group; ++i) power *= 10'000;
    const int value = static_cast<int>(yuan / power % 10'000);
    if (value == 0) continue;
    out += capital_group(value, !out.empty()) + kGroups[static_cast<std::size_t>(group)];
  }
  return out;
}

}  // namespace

std::string whole(std::int64_t n) { return (n < 0 ? "-" : "") + grouped(magnitude(n)); }

std::string amount(std::int64_t minor) {
  return (minor < 0 ? "-" : "") + scaled(magnitude(minor), 100, 2);
}

std::string money(std::int64_t minor) {
  return (minor < 0 ? "-¥" : "¥") + scaled(magnitude(minor), 100, 2);
}

std::string decimal(double value, int decimals) {
  const double factor = std::pow(10, decimals);
  const auto steps = static_cast<std::int64_t>(std::llround(value * factor));
  std::uint64_t unit = 1;
  for (int i = 0; i < decimals; ++i) unit *= 10;
  return (steps < 0 ? "-" : "") + scaled(magnitude(steps), unit, decimals);
}

Figure short_money(const Texts& texts, std::int64_t minor, bool sign) {
  const std::uint64_t size = magnitude(minor);
  const std::string start = std::string(minor < 0 ? "-" : "") + (sign ? "¥" : "");
  if (texts.chinese()) {
    if (size < 1'000'000) return {start + scaled(size, 100, size % 100 == 0 ? 0 : 2), ""};
    // 9999.95万 would round to 10,000.0万: say it in 亿 from there on.
    if (size < 999'995'000'00) return {start + scaled(size, 1'000'000, 1), "万"};
    return {start + scaled(size, 10'000'000'000, 2), "亿"};
  }
  if (size < 1'000'000) return {start + scaled(size, 100, size % 100 == 0 ? 0 : 2), ""};
  if (size < 99'950'000) return {start + scaled(size, 100'000, 0) + "K", ""};
  if (size < 99'995'000'000) return {start + scaled(size, 100'000'000, 2) + "M", ""};
  return {start + scaled(size, 100'000'000'000, 2) + "B", ""};
}

std::string short_money_text(const Texts& texts, std::int64_t minor) {
  const Figure figure = short_money(texts, minor);
  return figure.number + figure.unit;
}

std::string capital_money(std::int64_t minor) {
  const std::uint64_t fen = magnitude(minor);
  const std::uint64_t yuan = fen / 100;
  const auto jiao = static_cast<std::size_t>(fen / 10 % 10),
             cent = static_cast<std::size_t>(fen % 10);
  std::string out = minor < 0 ? "负" : "";
  if (yuan > 0) out += capital_whole(yuan) + "元";
  if (jiao == 0 && cent == 0) return fen == 0 ? "零元整" : out + "整";
  if (jiao > 0) out += std::string(kDigits[jiao]) + "角";
  if (jiao == 0 && yuan > 0) out += kDigits[0];
  if (cent > 0) out += std::string(kDigits[cent]) + "分";
  return out;
}

bool parse_money(std::string_view text, std::int64_t& minor) {
  std::uint64_t value = 0;
  int decimals = -1;
  std::uint64_t factor = 1;
  bool negative = false, digits = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const std::string_view rest = text.substr(i);
    if (c == ' ' || c == ',') continue;
    if (rest.substr(0, 2) == "¥") {
      i += 1;
    } else if (rest.substr(0, 3) == "￥" || rest.substr(0, 3) == "，" ||
               rest.substr(0, 3) == "元") {
      i += 2;
    } else if (rest.substr(0, 3) == "万" && factor == 1) {
      factor = 10'000;
      i += 2;
    } else if (c == '-' && !digits && !negative) {
      negative = true;
    } else if (c == '.' && decimals < 0 && factor == 1) {
      decimals = 0;
    } else if (c >= '0' && c <= '9' && factor == 1) {
      if (decimals >= 6 || value > 1'000'000'000'000'000) return false;
      digits = true;
      value = value * 10 + static_cast<std::uint64_t>(c - '0');
      if (decimals >= 0) ++decimals;
    } else {
      return false;
    }
  }
  if (!digits) return false;
  std::uint64_t scale = 1;
  for (int i = 0; i < decimals; ++i) scale *= 10;
  const std::uint64_t hundredfold = value * factor;
  if (hundredfold > 9'000'000'000'000'000'000 / 100 || hundredfold * 100 % scale != 0) return false;
  minor = static_cast<std::int64_t>(hundredfold * 100 / scale);
  if (negative) minor = -minor;
  return true;
}

std::string bytes(std::int64_t count) {
  if (count < 1024) return std::to_string(count) + " B";
  const char* units[] = {"KB", "MB", "GB", "TB"};
  double value = static_cast<double>(count) / 1024;
  int unit = 0;
  while (value >= 1000 && unit < 3) value /= 1024, ++unit;
  return print(value < 10 && unit > 0 ? "%.1f %s" : "%.0f %s", value, units[unit]);
}

}  // namespace banyan::ui::format
