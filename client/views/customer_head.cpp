#include "client/views/customer_head.h"

#include <cstdlib>

#include "client/views/pack_words.h"
#include "client/views/value_words.h"
#include "client/widgets/avatar.h"
#include "client/widgets/draw.h"
#include "client/widgets/kpi.h"
#include "client/widgets/tag.h"
#include "client/widgets/text.h"
#include "shared/base/date.h"
#include "shared/base/money.h"
#include "shared/base/phone.h"

namespace banyan::ui {

namespace {

constexpr float kHeroWidth = 372;

std::int64_t today_of(const Frame& frame) {
  return (frame.clock.now_ms + frame.clock.offset_minutes * 60'000LL) / kDayMs;
}

void figure_tile(Frame& frame, const Rect& rect, T name, std::int64_t minor, KpiSpec spec) {
  const format::Figure figure = format::short_money(frame.texts, minor);
  spec.label = frame.t(name);
  spec.figure = figure.number;
  spec.unit = figure.unit;
  kpi(frame, rect.inset(16, 14), spec);
}

void deposits_tile(Frame& frame, const Rect& rect, const CustomerHead& head) {
  const std::vector<float> spark = deposit_line(head);
  KpiSpec spec{.spark = spark};
  std::string change;
  if (!head.deposits_12_months.empty() && head.deposits_12_months.front() > 0) {
    const std::int64_t then = head.deposits_12_months.front();
    const std::int64_t now = head.deposits_minor;
    change = format_percent(std::llabs(now - then) * 10'000 / then, 1);
    spec.change = change;
    spec.against = frame.t(T::customer_year);
    spec.rises = now >= then;
    spec.meaning = now >= then ? Change::good : Change::bad;
  }
  figure_tile(frame, rect, T::customer_deposits, head.deposits_minor, spec);
}

void hero_side(Frame& frame, Rect rect, const CustomerHead& head) {
  hero(frame, rect, kTopLeft | kBottomLeft);
  rect = rect.inset(20, 0);
  avatar(frame, rect.cut_left(64, 16).centered(64, 64),
         {.initial = initial_of(head.name), .tone = Tint::hero, .size = 64});
  rect = rect.centered(rect.w, 84);
  heading(frame, rect.cut_top(30, 2), head.name, type::kH1, 2, Color::on_hero);
  label(frame, rect.cut_top(18, 8), who_words(frame, head, true), type::kSmall, Color::on_hero_2);
  hero_tags(frame, rect.cut_top(24), head);
}

void phone_figure(Frame& frame, const Rect& rect, T name, std::int64_t minor) {
  Rect left = rect;
  const format::Figure figure = format::short_money(frame.texts, minor);
  const std::string words = figure.number + figure.unit;
  frame.access.add_text(Role::text, rect, std::string(frame.t(name)) + " " + words);
  if (frame.tight()) {
    paint_line(frame, left, words, type::kH3, frame.color(Color::on_hero), Align::right);
    paint_line(frame, left, frame.t(name), type::kCaption, frame.color(Color::on_hero_2));
    return;
  }
  paint_line(frame, left.cut_top(18, 2), frame.t(name), type::kCaption,
             frame.color(Color::on_hero_2));
  paint_line(frame, left.cut_top(26), words, type::kH2, frame.color(Color::on_hero));
}

}  // namespace

std::string who_words(Frame& frame, const CustomerHead& head, bool with_phone) {
  std::string words = head.company ? std::string() : word(frame, head.gender);
  if (!head.company && head.birth_day != kNoDay) {
    words = joined(frame, words,
                   frame.count(T::customer_age, years_between(head.birth_day, today_of(frame))));
  }
  words = joined(frame, words, place_words(frame, head.place));
  return with_phone && !head.phone.empty() ? joined(frame, words, mask_phone(head.phone)) : words;
}

void hero_tags(Frame& frame, Rect row, const CustomerHead& head) {
  if (!word(frame, head.level).empty()) {
    tag_left(frame, row,
             {.label = word(frame, head.level), .tone = Tint::hero, .icon = Icon::star});
  }
  for (const Tag& one : head.tags) {
    if (!tag_left(frame, row, {.label = word(frame, one.label), .tone = Tint::hero})) break;
  }
}

std::vector<float> deposit_line(const CustomerHead& head) {
  std::vector<float> months;
  months.reserve(head.deposits_12_months.size());
  for (const std::int64_t minor : head.deposits_12_months) {
    months.push_back(static_cast<float>(minor) / 100);
  }
  return months;
}

void customer_head(Frame& frame, const Rect& rect, const CustomerHead& head) {
  paint_card(frame, rect);
  Rect left = rect;
  hero_side(frame, left.cut_left(kHeroWidth), head);
  const int count = left.w > 720 ? 4 : 3;
  deposits_tile(frame, left.column(0, count, 0), head);
  const std::string due =
      head.due_day == kNoDay
          ? std::string()
          : frame.fill(T::customer_due_at,
                       {{"day", format::day(frame.texts, frame.clock, head.due_day)}});
  figure_tile(
      frame, left.column(1, count, 0), T::customer_loans, head.loans_minor,
      {.against = head.loans_minor == 0 ? frame.t(T::customer_no_loans) : std::string_view(due)});
  figure_tile(frame, left.column(2, count, 0), T::customer_money_in, head.in_month_minor, {});
  if (count > 3) {
    figure_tile(frame, left.column(3, count, 0), T::customer_money_out, head.out_month_minor, {});
  }
  for (int i = 1; i < count; ++i) rule_left(frame, left.column(i, count, 0));
}

void customer_head_phone(Frame& frame, const Rect& rect, const CustomerHead& head) {
  hero(frame, rect);
  Rect left = rect.inset(16, 16);
  Rect top = left.cut_top(72, 12);
  if (!frame.tight()) {
    avatar(frame, top.cut_left(56, 12).centered(56, 56),
           {.initial = initial_of(head.name), .tone = Tint::hero, .size = 56});
  }
  label(frame, top.cut_top(18), who_words(frame, head, false), type::kSmall, Color::on_hero_2);
  label(frame, top.cut_top(18, 8), mask_phone(head.phone), type::kSmall, Color::on_hero_2);
  hero_tags(frame, top.cut_top(24), head);
  const auto place = [&](int i) { return frame.tight() ? left.cut_top(28) : left.column(i, 3, 8); };
  phone_figure(frame, place(0), T::customer_deposits, head.deposits_minor);
  phone_figure(frame, place(1), T::customer_loans, head.loans_minor);
  phone_figure(frame, place(2), T::customer_money_in, head.in_month_minor);
}

}  // namespace banyan::ui
