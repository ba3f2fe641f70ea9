#include "sync-server/demo/calendar.h"

#include <algorithm>

namespace banyan::demo {

std::int64_t day_of(int year, int month, int day) {
  return days_of({year, month, std::min(day, days_in_month(year, month))});
}

std::int64_t month_start(std::int64_t from, int months) {
  const Date date = date_of(from);
  return add_months(from - (date.day - 1), months);
}

std::int64_t workday_after(std::int64_t day, int working_days) {
  while (working_days > 0) {
    const int weekday = weekday_of(++day);
    if (weekday != 0 && weekday != 6) --working_days;
  }
  return day;
}

const char* season_of(std::int64_t day) {
  const int month = date_of(day).month;
  if (month >= 3 && month <= 5) return "sowing";
  if (month >= 6 && month <= 8) return "growing";
  if (month >= 9 && month <= 11) return "harvest";
  return "rest";
}

}  // namespace banyan::demo
