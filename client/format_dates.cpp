#include <cstdio>

#include "client/format.h"

namespace banyan::ui::format {
namespace {

constexpr std::int64_t kMinute = 60'000, kHour = 60 * kMinute, kDay = 24 * kHour;

std::string two_digits(int n) {
  char text[16];
  std::snprintf(text, sizeof text, "%02d", n);
  return text;
}

constexpr T kWeekdays[] = {T::date_sunday,   T::date_monday, T::date_tuesday, T::date_wednesday,
                           T::date_thursday, T::date_friday, T::date_saturday};
constexpr T kMonths[] = {T::date_january,   T::date_february, T::date_march,    T::date_april,
                         T::date_may,       T::date_june,     T::date_july,     T::date_august,
                         T::date_september, T::date_october,  T::date_november, T::date_december};

std::string clock_text(const Day& day) {
  return two_digits(day.hour) + ':' + two_digits(day.minute);
}

// 今天, 昨天, 周四, 4月28日, 2028年4月28日; the week's days only for the days just around today.
std::string day_text(const Texts& texts, const Day& today, const Day& day, bool weekday) {
  const std::int64_t away = day.number - today.number;
  if (away == 0) return std::string(texts.get(T::date_today));
  if (away == -1) return std::string(texts.get(T::date_yesterday));
  if (away == 1) return std::string(texts.get(T::date_tomorrow));
  const std::string_view name = texts.get(kWeekdays[day.weekday]);
  if (away > 1 && away < 7) return std::string(name);
  const std::string number = std::to_string(day.day), year = std::to_string(day.year);
  const std::string_view month = texts.get(kMonths[day.month - 1]);
  if (day.year != today.year) {
    return texts.fill(T::date_year_month_day, {{"year", year}, {"month", month}, {"day", number}});
  }
  if (weekday && away > 0) {
    return texts.fill(T::date_month_day_weekday,
                      {{"month", month}, {"day", number}, {"weekday", name}});
  }
  return texts.fill(T::date_month_day, {{"month", month}, {"day", number}});
}

}  // namespace

// Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days.
Day day_of(std::int64_t ms, int offset_minutes) {
  const std::int64_t local = ms + offset_minutes * kMinute;
  Day out;
  out.number = local / kDay - (local % kDay < 0 ? 1 : 0);
  const std::int64_t in_day = local - out.number * kDay;
  out.hour = static_cast<int>(in_day / kHour);
  out.minute = static_cast<int>(in_day % kHour / kMinute);
  out.weekday = static_cast<int>(((out.number + 4) % 7 + 7) % 7);
  const std::int64_t shifted = out.number + 719'468;
  const std::int64_t era = (shifted >= 0 ? shifted : shifted - 146'096) / 146'097;
  const std::int64_t day_of_era = shifted - era * 146'097;
  const std::int64_t year_of_era =
      (day_of_era - day_of_era / 1'460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const std::int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t month_index = (5 * day_of_year + 2) / 153;
  out.day = static_cast<int>(day_of_year - (153 * month_index + 2) / 5 + 1);
  out.month = static_cast<int>(month_index < 10 ? month_index + 3 : month_index - 9);
  out.year = static_cast<int>(year_of_era + era * 400 + (out.month <= 2 ? 1 : 0));
  return out;
}

std::string date(const Texts& texts, const Clock& clock, std::int64_t ms) {
  return day_text(texts, day_of(clock.now_ms, clock.offset_minutes),
                  day_of(ms, clock.offset_minutes), true);
}

std::string date_time(const Texts& texts, const Clock& clock, std::int64_t ms) {
  const Day day = day_of(ms, clock.offset_minutes);
  return day_text(texts, day_of(clock.now_ms, clock.offset_minutes), day, false) + ' ' +
         clock_text(day);
}

std::string time(const Clock& clock, std::int64_t ms) {
  return clock_text(day_of(ms, clock.offset_minutes));
}

std::string iso_date(const Clock& clock, std::int64_t ms) {
  const Day day = day_of(ms, clock.offset_minutes);
  char text[32];
  std::snprintf(text, sizeof text, "%04d-%02d-%02d", day.year, day.month, day.day);
  return text;
}

std::string ago(const Texts& texts, const Clock& clock, std::int64_t ms) {
  const std::int64_t days =
      day_of(clock.now_ms, clock.offset_minutes).number - day_of(ms, clock.offset_minutes).number;
  if (days <= 0) return std::string(texts.get(T::date_today));
  if (days == 1) return std::string(texts.get(T::date_yesterday));
  return texts.count(T::date_days_ago, days);
}

std::string span(const Texts& texts, std::int64_t ms) {
  const std::int64_t days = ms / kDay, hours = ms % kDay / kHour, minutes = ms % kHour / kMinute;
  const auto join = [](std::string first, const std::string& second) {
    return first + ' ' + second;
  };
  if (days > 0) {
    const std::string text = texts.count(T::date_span_days, days);
    return hours > 0 ? join(text, texts.count(T::date_span_hours, hours)) : text;
  }
  if (hours > 0) {
    const std::string text = texts.count(T::date_span_hours, hours);
    return minutes > 0 ? join(text, texts.count(T::date_span_minutes, minutes)) : text;
  }
  return texts.count(T::date_span_minutes, minutes);
}

std::string masked_phone(std::string_view phone) {
  if (phone.size() < 8) return std::string(phone);
  return std::string(phone.substr(0, 3)) + " **** " + std::string(phone.substr(phone.size() - 4));
}

std::string id_tail(const Texts& texts, std::string_view id) {
  const std::string_view tail = id.size() > 4 ? id.substr(id.size() - 4) : id;
  return texts.fill(T::format_id_tail, {{"tail", tail}});
}

std::string grouped_phone(std::string_view phone) {
  if (phone.size() != 11) return std::string(phone);
  return std::string(phone.substr(0, 3)) + ' ' + std::string(phone.substr(3, 4)) + ' ' +
         std::string(phone.substr(7));
}

std::string grouped_id(std::string_view id) {
  if (id.size() != 18) return std::string(id);
  return std::string(id.substr(0, 6)) + ' ' + std::string(id.substr(6, 8)) + ' ' +
         std::string(id.substr(14));
}

}  // namespace banyan::ui::format
