#include "client/format.h"

#include <doctest/doctest.h>

namespace banyan::ui::format {
namespace {

constexpr std::int64_t kHour = 3'600'000, kDay = 24 * kHour;
constexpr Clock kClock{1'776'304'800'000, 480};  // Thursday, 2026-04-16 10:00 in China
const Texts kZh(Language::chinese);
const Texts kEn(Language::english);

}  // namespace

TEST_CASE("days are named as people name them, near today and far from it") {
  CHECK(date_time(kZh, kClock, kClock.now_ms) == "今天 10:00");
  CHECK(date(kZh, kClock, kClock.now_ms - kDay) == "昨天");
  CHECK(date(kZh, kClock, kClock.now_ms + 3 * kDay) == "周日");
  CHECK(date(kZh, kClock, kClock.now_ms + 12 * kDay) == "4月28日 周二");
  CHECK(date(kZh, kClock, kClock.now_ms - 12 * kDay) == "4月4日");
  CHECK(date(kZh, kClock, kClock.now_ms + 800 * kDay) == "2028年6月24日");
  CHECK(date(kEn, kClock, kClock.now_ms - 12 * kDay) == "4 April");
}

TEST_CASE("a day begins at the person's midnight, not at London's") {
  CHECK(ago(kZh, kClock, kClock.now_ms - 11 * kHour) == "昨天");  // 23:00 the evening before
  CHECK(ago(kZh, kClock, kClock.now_ms - 9 * kHour) == "今天");
  CHECK(ago(kEn, kClock, kClock.now_ms - 12 * kDay) == "12 days ago");
}

TEST_CASE("spans say two units and no more") {
  CHECK(span(kZh, 2 * kDay + 8 * kHour + 59 * 60'000) == "2 天 8 小时");
  CHECK(span(kZh, 6 * kHour + 42 * 60'000) == "6 小时 42 分");
  CHECK(span(kZh, 3 * kDay) == "3 天");
}

TEST_CASE("a figure keeps its unit apart, so that it can be drawn smaller") {
  const Figure zh = short_money(kZh, 38'620'000);
  CHECK(zh.number == "¥38.6");
  CHECK(zh.unit == "万");
  CHECK(short_money(kEn, 38'620'000).number == "¥386K");
}

TEST_CASE("English counts one and many apart") {
  CHECK(kEn.count(T::date_days_ago, 1) == "1 day ago");
  CHECK(kEn.count(T::date_days_ago, 2) == "2 days ago");
}

}  // namespace banyan::ui::format
