// Numbers, money, dates and spans as people say them (LOOK.md, "Words").
//
// Money comes in minor units (fen). Times are milliseconds since 1970 with the offset of the
// person's clock in minutes; nothing here asks the machine what time it is.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "client/texts.h"

namespace banyan::ui::format {

std::string whole(std::int64_t n);                // 1,234,567
std::string money(std::int64_t minor);            // ¥1,234,567.00, -¥120,000.00
std::string amount(std::int64_t minor);           // 1,234,567.00 for tables
std::string decimal(double value, int decimals);  // 42.0
// A figure for tiles and charts, and its unit to be drawn smaller: {"¥38.6", "万"}, {"¥386K", ""}.
struct Figure {
  std::string number, unit;
};
Figure short_money(const Texts& texts, std::int64_t minor, bool sign = true);
std::string short_money_text(const Texts& texts, std::int64_t minor);
// 壹拾伍万元整, as on a contract. Amounts under 10^12 yuan; negative amounts start with 负.
std::string capital_money(std::int64_t minor);
// Reads what a person typed: "150,000.5", "￥1500", "15万". False where it is not an amount.
bool parse_money(std::string_view text, std::int64_t& minor);

std::string bytes(std::int64_t count);  // 312 KB, 1.2 GB

struct Clock {
  std::int64_t now_ms = 0;
  int offset_minutes = 480;
};
struct Day {
  int year = 1970, month = 1, day = 1, weekday = 4;  // weekday: 0 is Sunday
  int hour = 0, minute = 0;
  std::int64_t number = 0;  // days since 1970-01-01
};
Day day_of(std::int64_t ms, int offset_minutes);

std::string date(const Texts& texts, const Clock& clock, std::int64_t ms);  // 昨天, 4月28日 周二
std::string date_time(const Texts& texts, const Clock& clock, std::int64_t ms);  // 今天 10:06
std::string time(const Clock& clock, std::int64_t ms);                           // 10:06
std::string iso_date(const Clock& clock, std::int64_t ms);                       // 2028-11-02
std::string ago(const Texts& texts, const Clock& clock, std::int64_t ms);        // 12 天前
std::string span(const Texts& texts, std::int64_t ms);                           // 2 天 8 小时

// 138 **** 5520 and the last four of an ID number: what a list may show.
std::string masked_phone(std::string_view phone);
std::string id_tail(const Texts& texts, std::string_view id);
// 138 0013 5520, 110101 19900101 1237: groups that are easy to read aloud.
std::string grouped_phone(std::string_view phone);
std::string grouped_id(std::string_view id);

}  // namespace banyan::ui::format
