#include "sync-server/demo/calendar.h"

#include <chrono>

namespace banyan::demo {

using namespace std::chrono;

Date date_of(std::int64_t day) {
  const year_month_day date{sys_days{days{day}}};
  return {static_cast<int>(date.year()), static_cast<int>(static_cast<unsigned>(date.month())),
          static_cast<int>(static_cast<unsigned>(date.day()))};
}

std::int64_t day_of(int y, int m, int d) {
  const year_month_day date{year{y}, month{static_cast<unsigned>(m)},
                            std::chrono::day{static_cast<unsigned>(d)}};
  const sys_days at = date.ok() ? sys_days{date} : sys_days{date.year() / date.month() / last};
  return at.time_since_epoch().count();
}

std::int64_t month_start(std::int64_t from, int count) {
  const Date date = date_of(from);
  const int month = date.year * 12 + date.month - 1 + count;
  return day_of(month / 12, month % 12 + 1, 1);
}

int weekday(std::int64_t at) {
  return static_cast<int>(std::chrono::weekday{sys_days{days{at}}}.iso_encoding()) - 1;
}

std::int64_t workday_after(std::int64_t at, int working_days) {
  while (working_days > 0) {
    ++at;
    if (weekday(at) < 5) --working_days;
  }
  return at;
}

const char* season_of(std::int64_t at) {
  const int month = date_of(at).month;
  if (month >= 3 && month <= 5) return "sowing";
  if (month >= 6 && month <= 8) return "growing";
  if (month >= 9 && month <= 11) return "harvest";
  return "rest";
}

}  // namespace banyan::demo
