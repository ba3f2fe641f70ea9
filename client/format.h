// What shared/base cannot say because it needs words: dates, spans and sizes as people say them
// (LOOK.md, "Words"), and figures in two parts. Money, phones and IDs: shared/base/money.h,
// phone.h, id_number.h. Times are milliseconds since 1970, UTC; nothing here asks what time it is.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "client/texts.h"

namespace banyan::ui::format {

std::string whole(std::int64_t n);                          // 1,234,567
std::string bytes(const Texts& texts, std::int64_t count);  // 312 KB, 1.2 GB

// A figure for tiles and its unit, to be drawn smaller: {"¥38.6", "万"}, {"¥386K", ""}.
struct Figure {
  std::string number, unit;
};
Figure short_money(const Texts& texts, std::int64_t minor);

struct Clock {
  std::int64_t now_ms = 0;
  int offset_minutes = 480;
};
std::string_view greeting(const Texts& texts, const Clock& clock);          // 早上好
std::string date(const Texts& texts, const Clock& clock, std::int64_t ms);  // 昨天, 4月28日 周二
std::string date_time(const Texts& texts, const Clock& clock, std::int64_t ms);  // 今天 10:06
std::string time(const Clock& clock, std::int64_t ms);                           // 10:06
std::string ago(const Texts& texts, const Clock& clock, std::int64_t ms);        // 12 天前
std::string span(const Texts& texts, std::int64_t ms);                           // 2 天 8 小时
std::string day(const Texts& texts, const Clock& clock,
                std::int64_t days);  // of a date without a time
std::string due_day(const Texts& texts, const Clock& clock,
                    std::int64_t days);  // the same without a weekday: 12月10日
std::string id_tail(const Texts& texts, std::string_view id);  // 尾号 0628

}  // namespace banyan::ui::format
