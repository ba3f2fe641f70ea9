#include "shared/base/date.h"

#include <doctest/doctest.h>

namespace banyan {

TEST_CASE("days and dates are each other's opposite, day by day for 800 years") {
  Date expected{1600, 1, 1};
  for (std::int64_t days = days_of(expected); days <= days_of({2400, 1, 1}); ++days) {
    const Date date = date_of(days);
    if (!(date == expected) || days_of(date) != days) FAIL("day ", days);
    if (++expected.day > days_in_month(expected.year, expected.month)) {
      expected.day = 1;
      if (++expected.month > 12) expected = {expected.year + 1, 1, 1};
    }
  }
}

TEST_CASE("the epoch is a Thursday, and weekdays go on before it") {
  CHECK(days_of({1970, 1, 1}) == 0);
  CHECK(weekday_of(0) == 4);
  CHECK(weekday_of(-1) == 3);
  CHECK(weekday_of(-5) == 6);
  CHECK(weekday_of(days_of({2026, 4, 16})) == 4);
}

TEST_CASE("the ends of the calendar hold") {
  CHECK(format_date(days_of({1, 1, 1})) == "0001-01-01");
  CHECK(format_date(days_of({9999, 12, 31})) == "9999-12-31");
  CHECK(date_of(days_of({1, 1, 1}) - 1) == Date{1, 1, 1});
  CHECK(date_of(INT64_MAX) == Date{9999, 12, 31});
  CHECK(date_of(INT64_MIN) == Date{1, 1, 1});
  CHECK(add_months(days_of({9999, 12, 31}), 1) == days_of({9999, 12, 31}));
  CHECK(add_months(days_of({1, 1, 31}), -1) == days_of({1, 1, 1}));
}

TEST_CASE("only a date that exists, written as YYYY-MM-DD, is read") {
  CHECK(parse_date("2024-02-29") == days_of({2024, 2, 29}));
  for (const char* bad :
       {"2023-02-29", "1900-02-29", "2024-2-29", "2024-13-01", "2024-00-10", "2024-01-00",
        "2024-04-31", "0000-01-01", "2024/02/29", "2024-02-29 ", "", "２024-02-29"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_date(bad));
  }
}

TEST_CASE("a month later is the same day, or the month's last") {
  CHECK(format_date(add_months(days_of({2026, 1, 31}), 1)) == "2026-02-28");
  CHECK(format_date(add_months(days_of({2024, 1, 31}), 1)) == "2024-02-29");
  CHECK(format_date(add_months(days_of({2026, 11, 30}), 3)) == "2027-02-28");
  CHECK(format_date(add_months(days_of({2026, 3, 15}), -15)) == "2024-12-15");
}

TEST_CASE("an age changes on the birthday; on 1 March for one born on a leap day") {
  const auto born = days_of({1974, 4, 16});
  CHECK(years_between(born, days_of({2026, 4, 15})) == 51);
  CHECK(years_between(born, days_of({2026, 4, 16})) == 52);
  CHECK(years_between(days_of({2004, 2, 29}), days_of({2023, 2, 28})) == 18);
  CHECK(years_between(days_of({2004, 2, 29}), days_of({2023, 3, 1})) == 19);
  CHECK(years_between(days_of({2026, 4, 16}), born) == -52);
}

TEST_CASE("local time goes over midnight and back, also before 1970") {
  const LocalTime local = local_time(0, 480);
  CHECK(local == LocalTime{0, 8, 0, 0, 0});
  CHECK(local_time(-1, 0) == LocalTime{-1, 23, 59, 59, 999});
  CHECK(format_clock(local_time(16 * 3'600'000 - 1, 480)) == "23:59");
  for (const std::int64_t ms : {std::int64_t{-86'400'001}, std::int64_t{1'776'304'800'123}}) {
    CHECK(utc_ms_of(local_time(ms, -330), -330) == ms);
  }
  CHECK(local_time(INT64_MAX, 480).days == days_of({9999, 12, 31}));
  CHECK(local_time(INT64_MIN, -480).days < days_of({1, 1, 2}));
}

}  // namespace banyan
