#include "shared/base/date.h"

#include <algorithm>

#include "shared/base/check.h"

namespace banyan {

namespace {

constexpr std::int64_t kFirstDay = -719'162;  // 0001-01-01
constexpr std::int64_t kDayMax = 2'932'896;   // 9999-12-31

std::int64_t floor_div(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

std::string two_digits(int n) {
  return {static_cast<char>('0' + n / 10 % 10), static_cast<char>('0' + n % 10)};
}

}  // namespace

int days_in_month(int year, int month) {
  BANYAN_CHECK(month >= 1 && month <= 12);
  if (month == 2) return is_leap_year(year) ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

bool is_valid(const Date& date) {
  return date.year >= 1 && date.year <= 9999 && date.month >= 1 && date.month <= 12 &&
         date.day >= 1 && date.day <= days_in_month(date.year, date.month);
}

std::int64_t days_of(const Date& date) {
  BANYAN_CHECK(is_valid(date));
  // Years begin in March here, so that the leap day is the last of one.
  const std::int64_t year = date.year - (date.month <= 2 ? 1 : 0);
  const std::int64_t era = floor_div(year, 400);
  const std::int64_t year_of_era = year - era * 400;
  const std::int64_t day_of_year = (153 * ((date.month + 9) % 12) + 2) / 5 + date.day - 1;
  return era * 146'097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year -
         719'468;
}

Date date_of(std::int64_t days) {
  const std::int64_t shifted = std::clamp(days, kFirstDay, kDayMax) + 719'468;
  const std::int64_t era = floor_div(shifted, 146'097);
  const std::int64_t day_of_era = shifted - era * 146'097;
  const std::int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const std::int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t march_month = (5 * day_of_year + 2) / 153;
  const int month = static_cast<int>(march_month < 10 ? march_month + 3 : march_month - 9);
  return {static_cast<int>(year_of_era + era * 400 + (month <= 2 ? 1 : 0)), month,
          static_cast<int>(day_of_year - (153 * march_month + 2) / 5 + 1)};
}

int weekday_of(std::int64_t days) {
  const std::int64_t day = (days % 7 + 4) % 7;  // 1970-01-01 was a Thursday
  return static_cast<int>(day < 0 ? day + 7 : day);
}

std::int64_t add_months(std::int64_t days, int months) {
  const Date from = date_of(days);
  const std::int64_t index = std::int64_t{from.year} * 12 + from.month - 1 + months;
  const std::int64_t year = floor_div(index, 12);
  if (year < 1) return kFirstDay;
  if (year > 9999) return kDayMax;
  Date to{static_cast<int>(year), static_cast<int>(index - year * 12) + 1, from.day};
  to.day = std::min(to.day, days_in_month(to.year, to.month));
  return days_of(to);
}

int years_between(std::int64_t from, std::int64_t until) {
  if (until < from) return -years_between(until, from);
  const Date a = date_of(from);
  const Date b = date_of(until);
  const bool reached = b.month > a.month || (b.month == a.month && b.day >= a.day);
  return b.year - a.year - (reached ? 0 : 1);
}

std::optional<std::int64_t> parse_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  int parts[3] = {0, 0, 0};
  int part = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i == 4 || i == 7) {
      ++part;
    } else if (text[i] < '0' || text[i] > '9') {
      return std::nullopt;
    } else {
      parts[part] = parts[part] * 10 + (text[i] - '0');
    }
  }
  const Date date{parts[0], parts[1], parts[2]};
  if (!is_valid(date)) return std::nullopt;
  return days_of(date);
}

std::string format_date(std::int64_t days) {
  const Date date = date_of(days);
  return two_digits(date.year / 100) + two_digits(date.year % 100) + '-' + two_digits(date.month) +
         '-' + two_digits(date.day);
}

LocalTime local_time(std::int64_t utc_ms, int offset_min) {
  const std::int64_t ms =
      std::clamp(utc_ms, kFirstDay * kDayMs, kDayMax * kDayMs) + std::int64_t{offset_min} * 60'000;
  LocalTime local;
  local.days = floor_div(ms, kDayMs);
  const int of_day = static_cast<int>(ms - local.days * kDayMs);
  local.hour = of_day / 3'600'000;
  local.minute = of_day / 60'000 % 60;
  local.second = of_day / 1000 % 60;
  local.millisecond = of_day % 1000;
  return local;
}

std::int64_t utc_ms_of(const LocalTime& local, int offset_min) {
  return local.days * kDayMs + std::int64_t{local.hour} * 3'600'000 +
         std::int64_t{local.minute} * 60'000 + local.second * 1000 + local.millisecond -
         std::int64_t{offset_min} * 60'000;
}

std::string format_clock(const LocalTime& local) {
  return two_digits(local.hour) + ':' + two_digits(local.minute);
}

}  // namespace banyan
