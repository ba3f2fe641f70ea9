// The bank's calendar: days since 1970-01-01 in UTC+8, and the farming year.
#pragma once

#include <cstdint>

#include "shared/base/date.h"

namespace banyan::demo {

inline constexpr std::int64_t kMsPerMinute = 60'000;
inline constexpr std::int64_t kZoneMs = 8 * 3'600'000;

// A day past the month's end is its last day.
std::int64_t day_of(int year, int month, int day);
// The first day of the month that lies `months` after the one of `day`.
std::int64_t month_start(std::int64_t day, int months);
// `working_days` after `day`, Saturdays and Sundays left out.
std::int64_t workday_after(std::int64_t day, int working_days);

inline std::int64_t today_of(std::int64_t now_ms) { return (now_ms + kZoneMs) / kDayMs; }
// Minutes after local midnight -> milliseconds since 1970 UTC.
inline std::int64_t time_at(std::int64_t day, std::int64_t minute) {
  return day * kDayMs + minute * kMsPerMinute - kZoneMs;
}

// "sowing" March to May, "growing" to August, "harvest" to November, else "rest".
const char* season_of(std::int64_t day);

}  // namespace banyan::demo
