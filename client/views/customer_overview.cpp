// The first tab: what matters about a customer on one screen.
#include <algorithm>

#include "client/charts/charts.h"
#include "client/views/customer_head.h"
#include "client/views/customer_rows.h"
#include "client/views/customer_view.h"
#include "client/views/pack_words.h"
#include "client/views/photos.h"
#include "client/widgets/button.h"
#include "client/widgets/card.h"
#include "client/widgets/draw.h"
#include "client/widgets/scroll.h"
#include "client/widgets/states.h"
#include "client/widgets/text.h"
#include "client/widgets/toggle.h"
#include "shared/base/date.h"
#include "shared/base/money.h"

namespace banyan::ui {

namespace {

constexpr float kCardHead = 48, kTaskRow = 52, kBalances = 176, kGraph = 300, kNext = 152;
constexpr std::size_t kTimelinePhone = 6;

float rows_height(std::size_t count, float row) {
  return kCardHead + std::max(1.0f, static_cast<float>(count)) * row + 8;
}

void nothing(Frame& frame, const Rect& rect, T words) {
  label(frame, Rect{rect.x, rect.y, rect.w, 52}.inset(16, 0), frame.t(words), type::kSmall,
        Color::text_3);
}

}  // namespace

void CustomerView::overview(Frame& frame, Rect area) {
  const bool wide = area.w > 900;
  Rect right = area.cut_right(wide ? 328 : 300, size::kGap);
  if (wide) {
    Rect left = area.cut_left(area.w * 0.57f, size::kGap);
    if (left.h > 420) balances_card(frame, left.cut_bottom(kBalances, size::kGap));
    accounts_card(frame, left);
    timeline_card(frame, area, SIZE_MAX);
  } else {
    accounts_card(frame, area.cut_top(area.h / 2 - 6, size::kGap));
    timeline_card(frame, area, SIZE_MAX);
  }
  const float tasks = rows_height(data_.tasks().size(), kTaskRow);
  tasks_card(frame, right.cut_top(std::min(tasks, right.h * 0.42f), size::kGap));
  relations_card(frame, right);
}

void CustomerView::overview_phone(Frame& frame, Rect area) {
  Scroll scroll(frame, frame.id("overview"), area);
  Rect column = scroll.content().inset(12, 0);
  column.h = 100'000;
  column.cut_top(12);
  customer_head_phone(
      frame, column.cut_top(frame.tight() ? kHeadHeightTight : kHeadHeightPhone, size::kGap),
      data_.head());
  next_card(frame, column.cut_top(kNext, size::kGap));
  accounts_card(frame,
                column.cut_top(rows_height(data_.accounts().size(), row_height(frame, kProductRow)),
                               size::kGap));
  tasks_card(frame, column.cut_top(rows_height(data_.tasks().size(), kTaskRow), size::kGap));
  const std::size_t lately = std::min(kTimelinePhone, data_.timeline().size());
  timeline_card(frame,
                column.cut_top(rows_height(lately, row_height(frame, kHistoryRow)) + 8, size::kGap),
                lately);
  balances_card(frame, column.cut_top(kBalances, size::kGap));
  relations_card(frame, column.cut_top(kGraph, size::kGap));
  scroll.end(column.y);
}

// What to do next, from what is known: a task, what falls due, or to be in touch.
void CustomerView::next_card(Frame& frame, Rect rect) {
  IdScope scope("next");
  paint_card(frame, rect, Color::surface, Color::primary);
  Rect inside = rect.inset(16);
  const CustomerHead& head = data_.head();
  std::string what, why;
  const auto& tasks = data_.tasks();
  const auto open =
      std::find_if(tasks.begin(), tasks.end(), [](const TaskItem& task) { return !task.done; });
  const auto& timeline = data_.timeline();
  const auto last = std::find_if(timeline.begin(), timeline.end(), [](const TimelineItem& item) {
    return item.kind == TimelineItem::Kind::Visit || item.kind == TimelineItem::Kind::Interaction;
  });
  why = last == timeline.end()
            ? std::string(frame.t(T::customer_next_silent))
            : frame.fill(T::customer_next_last,
                         {{"day", format::date(frame.texts, frame.clock, last->at_ms)}});
  if (open != tasks.end()) {
    what = open->title;
  } else if (head.due_day != kNoDay) {
    what = frame.fill(T::customer_next_due,
                      {{"day", format::day(frame.texts, frame.clock, head.due_day)}});
  } else {
    what = frame.t(T::customer_next_visit);
  }
  label(frame, inside.cut_top(20, 4), frame.t(T::customer_next), type::kLabel, Color::primary);
  label(frame, inside.cut_top(26, 2), what, type::kH2);
  label(frame, inside.cut_top(18, 8), why, type::kSmall, Color::text_2);
  if (button(frame, inside.cut_left(inside.w * (frame.tight() ? 0.5f : 0.66f), 8),
             {.label = frame.t(T::customer_visit), .kind = ButtonKind::primary})) {
    go_visit(frame);
  }
  if (button(frame, inside, {.label = frame.t(T::customer_note)})) open_note(frame);
}

void CustomerView::accounts_card(Frame& frame, Rect rect) {
  IdScope scope("accounts");
  paint_card(frame, rect);
  const auto& all = data_.accounts();
  const std::string count = frame.count(T::customer_items, static_cast<std::int64_t>(all.size()));
  if (card_head(frame, rect,
                {.title = frame.t(T::customer_products),
                 .note = count,
                 .action = frame.t(T::action_all),
                 .action_icon = Icon::chevron_right})) {
    go(frame, Tab::Accounts);
    return;
  }
  if (all.empty()) return nothing(frame, rect, T::customer_no_accounts_note);
  const std::int64_t today = data_.session().today();
  RowList rows(frame, frame.id("rows"), rect.inset(1, 0), row_height(frame, kProductRow),
               static_cast<std::int64_t>(all.size()));
  while (rows.next()) {
    account_row(frame, rows.rect(), all[static_cast<std::size_t>(rows.index())], rows.index() == 0,
                today);
  }
}

void CustomerView::timeline_card(Frame& frame, Rect rect, std::size_t count_max) {
  IdScope scope("timeline");
  paint_card(frame, rect);
  if (card_head(frame, rect,
                {.title = frame.t(T::customer_timeline),
                 .action = frame.t(T::customer_note),
                 .action_icon = Icon::plus,
                 .action_icon_before = true})) {
    open_note(frame);
  }
  const auto& all = data_.timeline();
  if (all.empty()) return nothing(frame, rect, T::customer_no_contact_note);
  rect.cut_top(10);
  const std::size_t count = std::min(all.size(), count_max);
  RowList rows(frame, frame.id("rows"), rect.inset(1, 0), row_height(frame, kHistoryRow),
               static_cast<std::int64_t>(count));
  while (rows.next()) {
    const auto at = static_cast<std::size_t>(rows.index());
    const int pressed =
        timeline_row(frame, data_.session(), rows.rect().inset(15, 0), all[at], at + 1 == count);
    if (pressed >= 0) open_photos(frame, app_, all[at].photos, static_cast<std::size_t>(pressed));
  }
}

void CustomerView::balances_card(Frame& frame, Rect rect) {
  paint_card(frame, rect);
  card_head(
      frame, rect,
      {.title = frame.t(T::customer_balances), .note = frame.t(T::format_yuan), .line = false});
  const auto& months = data_.head().deposits_12_months;
  std::vector<std::string> names;
  std::vector<Bar> all;
  std::int64_t month = date_of(data_.session().today()).month;
  for (std::size_t i = 0; i < months.size(); ++i) {
    const std::int64_t back = static_cast<std::int64_t>(months.size() - 1 - i);
    names.push_back(std::to_string((month - 1 - back % 12 + 12) % 12 + 1));
  }
  for (std::size_t i = 0; i < months.size(); ++i) {
    all.push_back({.label = names[i],
                   .value = static_cast<float>(std::max<std::int64_t>(0, months[i])) / 100,
                   .strong = i + 1 == months.size()});
  }
  bars(frame, rect.inset(16, 8), all);
}

void CustomerView::relations_card(Frame& frame, Rect rect) {
  IdScope scope("relations");
  paint_card(frame, rect);
  const auto& all = data_.relations();
  std::int64_t circle = 0;
  for (const RelationItem& one : all) circle += one.assets_minor;
  const format::Figure figure = format::short_money(frame.texts, circle);
  const std::string note =
      circle == 0 ? std::string()
                  : frame.fill(T::customer_circle, {{"amount", figure.number + figure.unit}});
  if (card_head(frame, rect,
                {.title = frame.t(T::customer_relations),
                 .note = note,
                 .action = frame.t(T::customer_expand),
                 .line = false})) {
    go(frame, Tab::Profile);
    return;
  }
  if (all.empty()) return nothing(frame, rect, T::customer_no_relations_note);
  const RowId other = relation_graph(frame, rect.inset(8, 8), data_.head().name, all);
  if (other != kNoRow) frame.shell.go("#/customer/" + std::to_string(number(other)));
}

void CustomerView::tasks_card(Frame& frame, Rect rect) {
  IdScope scope("tasks");
  paint_card(frame, rect);
  if (card_head(frame, rect,
                {.title = frame.t(T::customer_tasks),
                 .action = frame.t(T::customer_new_task),
                 .action_icon = Icon::plus,
                 .action_icon_before = true})) {
    open_task(frame);
  }
  const std::vector<TaskItem> all = data_.tasks();  // a copy: a tick reads them anew
  if (all.empty()) return nothing(frame, rect, T::customer_no_tasks_note);
  RowList rows(frame, frame.id("rows"), rect.inset(1, 0), kTaskRow,
               static_cast<std::int64_t>(all.size()));
  while (rows.next()) {
    const TaskItem& task = all[static_cast<std::size_t>(rows.index())];
    IdScope row(static_cast<std::uint64_t>(number(task.id)));
    Rect line = rows.rect().inset(15, 0);
    if (rows.index() > 0) rule_above(frame, rows.rect());
    if (task.due_day != kNoDay && !task.done) {
      const std::string day = format::day(frame.texts, frame.clock, task.due_day);
      const bool late = task.due_day < data_.session().today();
      label(frame, line.cut_right(text_width(frame, day, type::kCaption) + 1, 8), day,
            type::kCaption, late ? Color::danger : Color::text_3);
    }
    if (checkbox_line(frame, line, task.title, task.done)) tick(frame, task);
  }
}

}  // namespace banyan::ui
