#include "client/format.h"

#include <cstdio>

#include "shared/base/date.h"
#include "shared/base/id_number.h"
#include "shared/base/money.h"

namespace banyan::ui::format {
namespace {

constexpr std::int64_t kMinuteMs = 60'000, kHourMs = 60 * kMinuteMs;

constexpr T kWeekdays[] = {T::date_sunday,   T::date_monday, T::date_tuesday, T::date_wednesday,
                           T::date_thursday, T::date_friday, T::date_saturday};
constexpr T kMonths[] = {T::date_january,   T::date_february, T::date_march,    T::date_april,
                         T::date_may,       T::date_june,     T::date_july,     T::date_august,
                         T::date_september, T::date_october,  T::date_november, T::date_december};

// 今天, 昨天, 周四, 4月28日, 2028年4月28日. The weekday goes with days to come, which one plans by.
std::string day_text(const Texts& texts, std::int64_t today, std::int64_t days, bool weekday) {
  const std::int64_t away = days - today;
  if (away == 0) return std::string(texts.get(T::date_today));
  if (away == -1) return std::string(texts.get(T::date_yesterday));
  if (away == 1) return std::string(texts.get(T::date_tomorrow));
  const std::string_view name = texts.get(kWeekdays[weekday_of(days)]);
  if (away > 1 && away < 7) return std::string(name);
  const Date date = date_of(days);
  const std::string number = std::to_string(date.day), year = std::to_string(date.year);
  const std::string_view month = texts.get(kMonths[date.month - 1]);
  if (date.year != date_of(today).year) {
    return texts.fill(T::date_year_month_day, {{"year", year}, {"month", month}, {"day", number}});
  }
  if (weekday && away > 0) {
    return texts.fill(T::date_month_day_weekday,
                      {{"month", month}, {"day", number}, {"weekday", name}});
  }
  return texts.fill(T::date_month_day, {{"month", month}, {"day", number}});
}

std::int64_t today_of(const Clock& clock) {
  return local_time(clock.now_ms, clock.offset_minutes).days;
}

}  // namespace

std::string whole(std::int64_t n) { return format_decimal(n, 0); }

std::string bytes(const Texts& texts, std::int64_t count) {
  if (count < 1024) return texts.count(T::format_bytes, count);
  constexpr T kUnits[] = {T::format_kilobytes, T::format_megabytes, T::format_gigabytes};
  double value = static_cast<double>(count) / 1024;
  int unit = 0;
  while (value >= 1000 && unit < 2) value /= 1024, ++unit;
  char number[32];
  std::snprintf(number, sizeof number, value < 10 && unit > 0 ? "%.1f" : "%.0f", value);
  return texts.fill(kUnits[unit], {{"n", number}});
}

Figure short_money(const Texts& texts, std::int64_t minor) {
  std::string text = abbreviate_money(
      minor, texts.chinese() ? banyan::Language::Chinese : banyan::Language::English);
  for (const std::string_view unit : {"万", "亿"}) {
    if (text.size() <= unit.size() ||
        text.compare(text.size() - unit.size(), unit.size(), unit) != 0)
      continue;
    text.resize(text.size() - unit.size());
    return {text, std::string(unit)};
  }
  return {text, {}};
}

std::string date(const Texts& texts, const Clock& clock, std::int64_t ms) {
  return day_text(texts, today_of(clock), local_time(ms, clock.offset_minutes).days, true);
}

std::string_view greeting(const Texts& texts, const Clock& clock) {
  const std::int64_t local = clock.now_ms + clock.offset_minutes * 60'000LL;
  const std::int64_t hour = local / 3'600'000 % 24;
  if (hour < 12) return texts.get(T::unlock_morning);
  return texts.get(hour < 18 ? T::unlock_afternoon : T::unlock_evening);
}

std::string date_time(const Texts& texts, const Clock& clock, std::int64_t ms) {
  const LocalTime local = local_time(ms, clock.offset_minutes);
  return day_text(texts, today_of(clock), local.days, false) + ' ' + format_clock(local);
}

std::string day(const Texts& texts, const Clock& clock, std::int64_t days) {
  return day_text(texts, today_of(clock), days, true);
}

std::string due_day(const Texts& texts, const Clock& clock, std::int64_t days) {
  return day_text(texts, today_of(clock), days, false);
}

std::string time(const Clock& clock, std::int64_t ms) {
  return format_clock(local_time(ms, clock.offset_minutes));
}

std::string ago(const Texts& texts, const Clock& clock, std::int64_t ms) {
  const std::int64_t days = today_of(clock) - local_time(ms, clock.offset_minutes).days;
  if (days <= 0) return std::string(texts.get(T::date_today));
  if (days == 1) return std::string(texts.get(T::date_yesterday));
  return texts.count(T::date_days_ago, days);
}

std::string span(const Texts& texts, std::int64_t ms) {
  const std::int64_t days = ms / kDayMs, hours = ms % kDayMs / kHourMs,
                     minutes = ms % kHourMs / kMinuteMs;
  const auto two = [&](T large, std::int64_t many, T small, std::int64_t few) {
    const std::string text = texts.count(large, many);
    return few > 0 ? text + ' ' + texts.count(small, few) : text;
  };
  if (days > 0) return two(T::date_span_days, days, T::date_span_hours, hours);
  if (hours > 0) return two(T::date_span_hours, hours, T::date_span_minutes, minutes);
  return texts.count(T::date_span_minutes, minutes);
}

std::string id_tail(const Texts& texts, std::string_view id) {
  return texts.fill(T::format_id_tail, {{"tail", banyan::id_tail(id)}});
}

}  // namespace banyan::ui::format
