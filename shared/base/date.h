// Dates as days since 1970-01-01 and times as milliseconds since then, UTC:
// what cells hold. The calendar is the proleptic Gregorian one.
//
// Source of the two conversions: Howard Hinnant, "chrono-Compatible Low-Level
// Date Algorithms". tests/unit/shared/base/date_test.cpp walks 800 years through them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace banyan {

// A calendar date: year 1..9999, month 1..12, day 1..31.
struct Date {
  int year = 1970;
  int month = 1;
  int day = 1;
  bool operator==(const Date&) const = default;
};

constexpr bool is_leap_year(int year) {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}
int days_in_month(int year, int month);
bool is_valid(const Date& date);

// Asserts is_valid().
std::int64_t days_of(const Date& date);
// Days outside of the years 1..9999 become the nearest date inside.
Date date_of(std::int64_t days);

int weekday_of(std::int64_t days);  // 0 Sunday .. 6 Saturday

// The same day of the month so many months away; the month's last day when
// it has no such day (31 January + 1 month is 28 or 29 February).
std::int64_t add_months(std::int64_t days, int months);
// Whole years from one to the other: an age. Negative when `until` is earlier.
int years_between(std::int64_t from, std::int64_t until);

// Exactly YYYY-MM-DD, and a date that exists; nothing else.
std::optional<std::int64_t> parse_date(std::string_view text);
std::string format_date(std::int64_t days);  // YYYY-MM-DD

inline constexpr std::int64_t kDayMs = 86'400'000;

// A moment as a person in a place sees it.
struct LocalTime {
  std::int64_t days = 0;
  int hour = 0, minute = 0, second = 0, millisecond = 0;
  bool operator==(const LocalTime&) const = default;
};
// `offset_min`: what the place's clocks are ahead of UTC (China: 480). Moments outside of the
// years 1..9999 become the nearest inside: a peer may send any number.
LocalTime local_time(std::int64_t utc_ms, int offset_min);
std::int64_t utc_ms_of(const LocalTime& local, int offset_min);
std::string format_clock(const LocalTime& local);  // HH:MM

}  // namespace banyan
