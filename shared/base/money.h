// Money is a whole number of minor units and a currency; here it becomes text
// and back. Nothing passes through floating point.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace banyan {

// Minor units to a major one, as a power of ten: 2 for CNY, 0 for JPY.
int currency_digits(std::string_view iso);
// "¥" for CNY, "€", "$", "£", "Kč"; the code itself and a blank for others.
std::string currency_sign(std::string_view iso);

// 1234567.00 as "1,234,567.00"; a plain minus before negative ones.
std::string format_amount(std::int64_t minor, int digits = 2);
// With the sign: "¥1,234,567.00", "-¥120,000.00".
std::string format_money(std::int64_t minor, std::string_view iso = "CNY");

// For tiles and charts. Below 10,000 in full ("¥6,840", "¥8,320.50"), above it
// "¥38.6万" and "¥3.68亿" in Chinese, "¥386K", "¥1.29M" and "¥2.05B" (three digits)
// in English. Rounds half away from zero.
enum class Language : std::uint8_t { Chinese = 0, English = 1 };
std::string abbreviate_money(std::int64_t minor, Language language, std::string_view iso = "CNY");

// What a person typed: groups, full-width digits, a currency sign and 元 at the
// end may be there; at most `digits` decimals. Nothing when it is no amount or
// does not fit.
std::optional<std::int64_t> parse_amount(std::string_view text, int digits = 2);

// 大写, as cheques and contracts have it: 15,000,000 is 壹拾伍万元整. Negative ones
// begin with 负. Source: People's Bank of China, 支付结算办法, annex 1.
std::string chinese_capitals(std::int64_t minor);

// Basis points: 435 is "4.35%", 400 is "4%" or, with `decimals` 2, "4.00%".
std::string format_percent(std::int64_t basis_points, int decimals = -1);

// A whole number in units of 10^-decimals: 420 with 1 is "42.0"; with groups.
std::string format_decimal(std::int64_t value, int decimals);

}  // namespace banyan
