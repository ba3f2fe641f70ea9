#include "client/views/today_parts.h"

#include <cstdio>

#include "client/views/pack_words.h"
#include "client/views/value_words.h"
#include "client/widgets/button.h"
#include "client/widgets/card.h"
#include "client/widgets/draw.h"
#include "client/widgets/kpi.h"
#include "client/widgets/text.h"
#include "shared/base/date.h"
#include "shared/base/money.h"

namespace banyan::ui {

namespace {

constexpr T kWeekdays[] = {T::date_sunday,   T::date_monday, T::date_tuesday, T::date_wednesday,
                           T::date_thursday, T::date_friday, T::date_saturday};
constexpr T kMonths[] = {T::date_january,   T::date_february, T::date_march,    T::date_april,
                         T::date_may,       T::date_june,     T::date_july,     T::date_august,
                         T::date_september, T::date_october,  T::date_november, T::date_december};
constexpr float kTimeWidth = 52, kDisc = 24, kNameLine = 24, kNoteLine = 18, kStopPad = 16,
                kButtonGap = 12;
constexpr float kTimeLine = 20;  // over the words, where type is large

std::string clock_words(std::int64_t minute) {
  char text[24];
  std::snprintf(text, sizeof text, "%02d:%02d", static_cast<int>(minute / 60 % 24),
                static_cast<int>(minute % 60));
  return text;
}

std::string time_of(Frame& frame, const VisitStop& stop) {
  return stop.minute < 0 ? std::string(frame.t(T::today_any_time)) : clock_words(stop.minute);
}

void paint_way(Frame& frame, const Rect& rect, Vec middle, const StopSpec& spec, bool done) {
  const float from = spec.first ? middle.y : rect.y, to = spec.last ? middle.y : rect.bottom();
  fill(frame, {middle.x - 1, from, 2, to - from},
       frame.color(done ? Color::primary : Color::line_strong));
  const Rect disc{middle.x - kDisc / 2, middle.y - kDisc / 2, kDisc, kDisc};
  const bool filled = done || spec.next;
  circle(frame, middle, kDisc / 2, frame.color(filled ? Color::primary : Color::surface));
  if (!filled) ring(frame, middle, kDisc / 2, frame.color(Color::line_strong), 2);
  if (done) {
    paint_icon(frame, disc, Icon::check, size::kIconS, frame.color(Color::on_primary));
  } else {
    paint_line(frame, disc, std::to_string(spec.number), with(type::kLabel, Weight::w700),
               frame.color(spec.next ? Color::on_primary : Color::text_3), Align::center);
  }
}

// The note often begins with the purpose already.
std::string purpose_words(Frame& frame, const VisitStop& stop) {
  const std::string& purpose = word(frame, stop.purpose);
  return stop.note.starts_with(purpose) ? stop.note : joined(frame, purpose, stop.note);
}

// Where a stop's words begin.
float stop_words_left(const Frame& frame) {
  return kStopPad + (frame.tight() ? 0 : kTimeWidth + 8) + kDisc + 12;
}

// A phone has room for two lines of what is to be done.
float stop_words_height(Frame& frame, const VisitStop& stop, float width) {
  const float note = paragraph_height(frame, purpose_words(frame, stop), type::kSmall, width);
  return kNameLine + std::clamp(note, kNoteLine, frame.phone() ? 2 * kNoteLine : kNoteLine);
}

void paint_words(Frame& frame, Rect words, const VisitStop& stop, bool next) {
  Rect line = words.cut_top(kNameLine);
  const TextStyle style{16, 24, stop.done ? Weight::w500 : Weight::w700};
  const float width = std::min(line.w, text_width(frame, stop.name, style) + 0.5f);
  paint_line(frame, line.cut_left(width, 8), stop.name, style,
             frame.color(stop.done ? Color::text_2 : Color::text));
  std::string where = place_words(frame, stop.place);
  if (stop.done && stop.took_minutes > 0) {
    where = joined(frame, where, frame.count(T::today_took, stop.took_minutes));
  }
  paint_line(frame, line, where, type::kSmall,
             frame.color(next ? Color::on_primary_soft : Color::text_3));
  paint_paragraph(frame, words, purpose_words(frame, stop), type::kSmall,
                  frame.color(next ? Color::on_primary_soft : Color::text_2));
}

struct NewsLook {
  Icon icon;
  Tint tone;
  std::string title, note;
};

NewsLook news_look(Frame& frame, const News& news) {
  const std::string day =
      news.day == kNoDay ? std::string() : format::day(frame.texts, frame.clock, news.day);
  switch (news.kind) {
    case News::Kind::Birthday:
      return {Icon::cake, Tint::warn,
              frame.fill(T::today_birthday, {{"name", news.name}, {"day", day}}),
              std::string(frame.t(T::today_birthday_note))};
    case News::Kind::LargeCredit:
      return {Icon::banknote, Tint::quiet, frame.fill(T::today_credit, {{"name", news.name}}),
              joined(frame, format_money(news.amount_minor), day)};
    case News::Kind::Due:
      return {Icon::calendar_clock, Tint::warn,
              frame.fill(T::today_due, {{"name", news.name}, {"day", day}}),
              format_money(news.amount_minor)};
    case News::Kind::LongSilence: break;
  }
  const std::string amount = format_money(news.amount_minor);
  return {Icon::phone, Tint::primary, frame.fill(T::today_silent, {{"name", news.name}}),
          frame.fill(T::today_silent_note, {{"amount", amount}})};
}

}  // namespace

std::string date_with_weekday(Frame& frame) {
  const std::int64_t days = local_time(frame.clock.now_ms, frame.clock.offset_minutes).days;
  const Date date = date_of(days);
  const bool brief = frame.tight() && !frame.texts.chinese();  // "Sunday, 22 November" is long
  const T shape = brief ? T::date_month_day : T::date_month_day_weekday;
  return frame.fill(shape, {{"month", frame.t(kMonths[date.month - 1])},
                            {"day", std::to_string(date.day)},
                            {"weekday", frame.t(kWeekdays[weekday_of(days)])}});
}

void day_summary(Frame& frame, const Rect& rect, const Today& now, std::string_view who,
                 bool fetching) {
  hero(frame, rect);
  Rect inside = rect.inset(frame.phone() ? 16 : 20, 0);
  const auto visits = static_cast<std::int64_t>(now.route.size());
  const std::string done = std::to_string(now.visits_done), of = " / " + std::to_string(visits);
  const float reached =
      visits == 0 ? 0 : static_cast<float>(now.visits_done) / static_cast<float>(visits);
  if (inside.w >= 640) {
    const format::Figure deposits = format::short_money(frame.texts, now.deposits_month_minor);
    const format::Figure loans = format::short_money(frame.texts, now.loans_month_minor);
    const auto figure = [&](T name, std::string_view number_text, std::string_view unit,
                            float bar) {
      Rect place = inside.cut_right(128, 4).centered(128, 60);
      fill(frame, {place.x - 16, place.y, 1, place.h}, frame.color(Color::hero_line));
      hero_figure(frame, place, frame.t(name), number_text, unit, bar);
      inside.cut_right(16);
    };
    figure(T::today_loans, loans.number, loans.unit, -1);
    figure(T::today_deposits, deposits.number, deposits.unit, -1);
    figure(T::today_visited, done, of, reached);
  } else if (!frame.tight()) {
    hero_figure(frame, inside.cut_right(72, 8).centered(72, 60), frame.t(T::today_visited_short),
                done, of, reached);
  }
  const std::string_view greeting = format::greeting(frame.texts, frame.clock);
  const std::string hello = who.empty()
                                ? std::string(greeting)
                                : frame.fill(T::today_hello, {{"hello", greeting}, {"name", who}});
  const std::string plan =
      visits == 0 ? std::string(frame.t(T::today_no_visits)) : frame.count(T::today_visits, visits);
  const std::string late = now.tasks_overdue == 0
                               ? std::string(frame.t(T::today_none_overdue))
                               : frame.count(T::today_overdue, now.tasks_overdue);
  const TextStyle style = frame.phone() ? type::kTitlePhone : type::kH1;
  const std::string_view unknown = fetching && visits == 0 ? frame.t(T::today_fetching) : "";
  if (frame.tight()) {
    Rect words = inside.centered(inside.w, 136);
    heading(frame, words.cut_top(28, 2), greeting, type::kH3, 2, Color::on_hero);
    label(frame, words.cut_top(20), unknown.empty() ? plan : unknown, type::kSmall,
          Color::on_hero_2);
    if (unknown.empty()) label(frame, words.cut_top(20, 8), late, type::kSmall, Color::on_hero_2);
    hero_figure(frame, words, frame.t(T::today_visited_short), done, of, reached);
    return;
  }
  Rect words = inside.centered(inside.w, 50);
  heading(frame, words.cut_top(28, 2), hello, style, 2, Color::on_hero);
  const std::string figures = frame.fill(T::today_figures, {{"visits", plan}, {"tasks", late}});
  label(frame, words.cut_top(20), unknown.empty() ? figures : unknown, type::kSmall,
        Color::on_hero_2);
}

float day_summary_height(const Frame& frame) { return frame.tight() ? 168 : 78; }

float stop_height(Frame& frame, float width, const VisitStop& stop, bool next) {
  if (!next) return frame.tight() ? 98 : 78;
  if (!frame.phone()) return 96;
  const float time = frame.tight() ? kTimeLine : 0;
  return time + 20 + stop_words_height(frame, stop, width - stop_words_left(frame) - kStopPad - 8) +
         kButtonGap + size::kButton + 16;
}

StopPressed stop_row(Frame& frame, const Rect& rect, const VisitStop& stop, const StopSpec& spec) {
  const std::string time = time_of(frame, stop);
  std::string name = frame.count(T::today_stop_name, spec.number);
  for (const std::string& part :
       {time, stop.name, place_words(frame, stop.place), word(frame, stop.purpose), stop.note}) {
    if (!part.empty()) name += ", " + part;
  }
  const Response row =
      interact(frame, frame.id("stop"), rect,
               {.role = Role::listitem, .name = name, .states = spec.next ? state::kCurrent : 0});
  const Rect box = rect.inset(8, 0);
  if (spec.next || row.held || row.hovered) {
    const Color back = row.held ? Color::press : spec.next ? Color::primary_soft : Color::hover;
    fill(frame, box, frame.color(back), radius::kButton);
  }
  const bool tight = frame.tight();
  Rect inside = rect.inset(kStopPad, 0);
  const Rect when = tight ? Rect{} : inside.cut_left(kTimeWidth, 8);
  const Rect way = inside.cut_left(kDisc, 12);
  paint_way(frame, rect, {way.center().x, rect.center().y}, spec, stop.done);
  const bool stacked = spec.next && frame.phone();
  const float beside = spec.next ? 8 : tight ? 0 : 28;  // the arrow into it
  const float height = stop_words_height(frame, stop, inside.w - beside) + (tight ? kTimeLine : 0);
  Rect words = stacked ? Rect{inside.x, rect.y + 20, inside.w - 8, height}
                       : inside.centered(inside.w, height);
  const Rect time_place = tight     ? words.cut_top(kTimeLine)
                          : stacked ? Rect{when.x, words.y, when.w, 24}
                                    : when;
  paint_line(frame, time_place, time, with(type::kBody, spec.next ? Weight::w700 : Weight::w500),
             frame.color(stop.done ? Color::text_3 : Color::text),
             tight ? Align::left : Align::right);
  bool check_in = false;
  if (spec.next) {
    const ButtonSpec button_spec{
        .label = frame.t(T::today_check_in), .kind = ButtonKind::primary, .icon = Icon::map_pin};
    const float width = stacked ? words.w : button_width(frame, button_spec);
    const Rect place = stacked ? Rect{words.x, words.bottom() + kButtonGap, width, size::kButton}
                               : words.cut_right(width + 8, 12).centered(width, size::kButton);
    check_in = button(frame, place, button_spec);
  } else if (const SyncState* mark = stop.done ? state_of(stop.mark) : nullptr) {
    const float width = frame.phone() ? 20 : sync_badge_width(frame, *mark);
    const Rect place = words.cut_right(width, 12);
    frame.phone() ? sync_icon(frame, place, *mark) : sync_badge(frame, place, *mark);
  } else if (!tight) {
    paint_icon(frame, words.cut_right(20, 8), Icon::chevron_right, size::kIcon,
               frame.color(Color::text_2));
  }
  paint_words(frame, words, stop, spec.next);
  if (row.focused) focus_ring(frame, box.inset(2), radius::kButton);
  if (check_in) return StopPressed::CheckIn;
  return row.clicked ? StopPressed::Open : StopPressed::None;
}

bool news_item(Frame& frame, const Rect& rect, const News& news, bool boxed, bool first) {
  const NewsLook look = news_look(frame, news);
  const Response response = interact(frame, frame.id("news"), rect,
                                     {.role = Role::link, .name = look.title + ", " + look.note});
  if (boxed) paint_card(frame, rect);
  if (response.held || response.hovered) {
    fill(frame, rect.inset(1), frame.color(response.held ? Color::press : Color::hover),
         boxed ? radius::kCard - 1 : 0);
  }
  if (!boxed && !first) rule_above(frame, rect);
  Rect inside = rect.inset(boxed ? 12 : 16, 0);
  icon_disc(frame, inside.cut_left(40, 12).centered(40, 40), look.icon, look.tone);
  Rect words = inside.centered(inside.w, 40);
  paint_line(frame, words.cut_top(22), look.title, type::kBodyStrong, frame.color(Color::text));
  paint_line(frame, words, look.note, type::kSmall, frame.color(Color::text_2));
  if (response.focused) focus_ring(frame, rect.inset(2), radius::kCard);
  return response.clicked;
}

std::string task_note(Frame& frame, const TaskItem& task, std::int64_t today) {
  if (task.done) {
    const std::string time = format::time(frame.clock, task.done_ms);
    return frame.fill(T::today_done_at, {{"time", time}});
  }
  std::string when;
  if (task.due_day != kNoDay && task.due_day < today) {
    when = frame.count(T::today_overdue_days, today - task.due_day);
  } else if (task.due_day != kNoDay) {
    when = format::day(frame.texts, frame.clock, task.due_day);
    if (task.minute >= 0) {
      const std::string time = clock_words(task.minute);
      when = frame.fill(T::today_before, {{"day", when}, {"time", time}});
    }
  }
  const std::string what =
      task.amount_minor != 0 ? format_money(task.amount_minor) : word(frame, task.kind);
  return joined(frame, joined(frame, when, what), task.customer_name);
}

}  // namespace banyan::ui
