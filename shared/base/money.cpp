#include "shared/base/money.h"

#include <algorithm>
#include <array>
#include <limits>

#include "shared/base/check.h"
#include "shared/base/text.h"

namespace banyan {

namespace {

// The amount without its sign; the smallest int64 has no positive twin.
std::uint64_t magnitude(std::int64_t value) {
  return value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
}

std::uint64_t power_of_ten(int digits) {
  BANYAN_CHECK(digits >= 0 && digits <= 18);
  std::uint64_t power = 1;
  while (digits-- > 0) power *= 10;
  return power;
}

std::string grouped(std::uint64_t n) {
  std::string text = std::to_string(n);
  for (std::size_t at = text.size(); at > 3;) text.insert(at -= 3, ",");
  return text;
}

std::string with_decimals(std::uint64_t n, int digits) {
  const std::uint64_t unit = power_of_ten(digits);
  std::string text = grouped(n / unit);
  if (digits == 0) return text;
  const std::string fraction = std::to_string(n % unit);
  return text + '.' + std::string(static_cast<std::size_t>(digits) - fraction.size(), '0') +
         fraction;
}

std::uint64_t divide_rounding(std::uint64_t n, std::uint64_t by) {
  return n / by + (n % by >= by - by / 2 ? 1 : 0);
}

struct Step {
  std::uint64_t unit;  // major units in one of these
  std::string_view word;
};

// "38.6万", "3.68亿": one decimal for 万, two for 亿.
std::string abbreviate_chinese(std::uint64_t n, std::uint64_t major) {
  const std::uint64_t tenths_wan = divide_rounding(n, major * 1000);
  if (tenths_wan < 100'000) return with_decimals(tenths_wan, 1) + "万";
  return with_decimals(divide_rounding(n, major * 1'000'000), 2) + "亿";
}

// Three digits and K, M, B: 12.3K, 386K, 1.29M. A rounding that needs a fourth moves on.
std::string abbreviate_english(std::uint64_t n, std::uint64_t major) {
  constexpr Step kSteps[] = {{1000, "K"}, {1'000'000, "M"}, {1'000'000'000, "B"}};
  for (const auto& [unit, word] : kSteps) {
    for (int decimals = 2; decimals >= 0; --decimals) {
      const std::uint64_t scaled = divide_rounding(n, major * unit / power_of_ten(decimals));
      const bool last = word == "B" && decimals == 0;
      if (scaled < 1000 || last) return with_decimals(scaled, decimals) + std::string(word);
    }
  }
  return {};
}

constexpr std::array<std::string_view, 10> kCapitals = {"零", "壹", "贰", "叁", "肆",
                                                        "伍", "陆", "柒", "捌", "玖"};

// 1 to 9999. Zeros between digits are one 零, zeros at the end none.
std::string capitals_of_group(std::uint64_t n) {
  constexpr std::array<std::string_view, 4> kUnits = {"仟", "佰", "拾", ""};
  std::string text;
  std::uint64_t unit = 1000;
  bool zero = false;
  for (const std::string_view word : kUnits) {
    const auto digit = static_cast<std::size_t>(n / unit % 10);
    unit /= 10;
    if (digit == 0) {
      zero = !text.empty();
      continue;
    }
    if (zero) text += kCapitals[0];
    zero = false;
    text += kCapitals[digit];
    text += word;
  }
  return text;
}

// Whatever is above 万 or 亿 is a number of its own before that word, so that
// 12,345 亿 reads 壹万贰仟叁佰肆拾伍亿.
std::string capitals_of(std::uint64_t n) {
  constexpr Step kSteps[] = {{100'000'000, "亿"}, {10'000, "万"}};
  for (const auto& [unit, word] : kSteps) {
    if (n < unit) continue;
    std::string text = capitals_of(n / unit) + std::string(word);
    const std::uint64_t rest = n % unit;
    if (rest == 0) return text;
    if (rest < unit / 10) text += kCapitals[0];
    return text + capitals_of(rest);
  }
  return capitals_of_group(n);
}

}  // namespace

int currency_digits(std::string_view iso) { return iso == "JPY" || iso == "KRW" ? 0 : 2; }

std::string currency_sign(std::string_view iso) {
  if (iso == "CNY" || iso == "JPY" || iso.empty()) return "¥";
  if (iso == "EUR") return "€";
  if (iso == "USD") return "$";
  if (iso == "GBP") return "£";
  return std::string(iso) + ' ';
}

std::string format_amount(std::int64_t minor, int digits) {
  return (minor < 0 ? "-" : "") + with_decimals(magnitude(minor), digits);
}

std::string format_decimal(std::int64_t value, int decimals) {
  return format_amount(value, decimals);
}

std::string format_money(std::int64_t minor, std::string_view iso) {
  return (minor < 0 ? "-" : "") + currency_sign(iso) +
         with_decimals(magnitude(minor), currency_digits(iso));
}

std::string abbreviate_money(std::int64_t minor, Language language, std::string_view iso) {
  const int digits = currency_digits(iso);
  const std::uint64_t major = power_of_ten(digits);
  const std::uint64_t n = magnitude(minor);
  const std::string sign = (minor < 0 ? "-" : "") + currency_sign(iso);
  if (n < 10'000 * major)
    return sign + with_decimals(n % major == 0 ? n / major : n, n % major == 0 ? 0 : digits);
  return sign + (language == Language::Chinese ? abbreviate_chinese(n, major)
                                               : abbreviate_english(n, major));
}

std::optional<std::int64_t> parse_amount(std::string_view text, int digits) {
  constexpr std::uint64_t kMax =
      static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  std::uint64_t n = 0;
  bool negative = false;
  bool any = false;
  bool ended = false;
  int decimals = -1;  // -1 before the point
  text = trim(text);
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t start = at;
    const char32_t c = fold(utf8_next(text, at));
    if (ended) return std::nullopt;
    if (c >= '0' && c <= '9') {
      if (decimals >= 0 && ++decimals > digits) return std::nullopt;
      const std::uint64_t digit = c - '0';
      if (n > (kMax - digit) / 10) return std::nullopt;
      n = n * 10 + digit;
      any = true;
    } else if ((c == '.' || c == U'。') && decimals < 0 && digits > 0) {
      decimals = 0;
    } else if ((c == ',' || c == U'，' || c == ' ') && any && decimals < 0) {
      continue;
    } else if (c == '-' && start == 0) {
      negative = true;
    } else if ((c == U'¥' || c == U'￥') && !any && decimals < 0) {
      continue;
    } else if (c == U'元' && any) {
      ended = true;
    } else {
      return std::nullopt;
    }
  }
  if (!any) return std::nullopt;
  for (int i = std::max(decimals, 0); i < digits; ++i) {
    if (n > kMax / 10) return std::nullopt;
    n *= 10;
  }
  return negative ? -static_cast<std::int64_t>(n) : static_cast<std::int64_t>(n);
}

std::string chinese_capitals(std::int64_t minor) {
  const std::uint64_t n = magnitude(minor);
  const std::uint64_t yuan = n / 100;
  const auto jiao = static_cast<std::size_t>(n / 10 % 10);
  const auto fen = static_cast<std::size_t>(n % 10);
  std::string text = minor < 0 ? "负" : "";
  if (yuan > 0) text += capitals_of(yuan) + "元";
  if (n == 0) text += "零元";
  if (jiao > 0) {
    text += std::string(kCapitals[jiao]) + "角";
  } else if (fen > 0 && yuan > 0) {
    text += kCapitals[0];
  }
  if (fen == 0) return text + "整";
  return text + std::string(kCapitals[fen]) + "分";
}

std::string format_percent(std::int64_t basis_points, int decimals) {
  if (decimals < 0) decimals = basis_points % 100 == 0 ? 0 : basis_points % 10 == 0 ? 1 : 2;
  BANYAN_CHECK(decimals <= 2);
  const std::uint64_t scaled = divide_rounding(magnitude(basis_points), power_of_ten(2 - decimals));
  return (basis_points < 0 && scaled != 0 ? "-" : "") + with_decimals(scaled, decimals) + "%";
}

}  // namespace banyan
