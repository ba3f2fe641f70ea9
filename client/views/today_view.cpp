#include "client/views/today_view.h"

#include <algorithm>

#include "client/views/first_sync.h"
#include "client/views/today_parts.h"
#include "client/views/value_words.h"
#include "client/widgets/button.h"
#include "client/widgets/card.h"
#include "client/widgets/draw.h"
#include "client/widgets/scroll.h"
#include "client/widgets/states.h"
#include "client/widgets/text.h"
#include "client/widgets/toggle.h"
#include "shared/app/commands.h"

namespace banyan::ui {

namespace {

constexpr float kSideWidth = 364, kColumnsFrom = 880;
constexpr float kTask = 58, kHead = 48, kEmpty = 150;
constexpr std::size_t kTasksOnPhone = 60;

std::string customer_hash(RowId customer) {
  return "#/customer/" + std::to_string(number(customer));
}

}  // namespace

Surroundings TodayView::surroundings(Frame& frame, const Route&) {
  Surroundings out;
  out.title = date_with_weekday(frame);
  if (const Session* session = app_.session()) {
    const std::int64_t at = session->sync_status().last_success_ms;
    out.subtitle = session->me().branch_name;
    if (at != 0 && !frame.phone()) {
      const std::string time = format::date_time(frame.texts, frame.clock, at);
      out.subtitle = joined(frame, out.subtitle, frame.fill(T::format_as_of, {{"time", time}}));
    }
  }
  return out;
}

const Today& TodayView::today() {
  // A new day is another question.
  const auto day = static_cast<std::uint64_t>(app_.session()->today());
  return today_.get(app_.version(), day, [&] { return read_today(*app_.session()); });
}

void TodayView::draw(Frame& frame, const Route&, Rect area) {
  if (app_.session() == nullptr) return;
  area = area.inset(frame.gutter(), 0);
  area.w >= kColumnsFrom && !frame.low() ? wide(frame, area) : narrow(frame, area);
}

void TodayView::wide(Frame& frame, Rect area) {
  area.cut_bottom(size::kGutter);
  Rect side = area.cut_right(kSideWidth, size::kGap);
  day_summary(frame, area.cut_top(112, size::kGap), today(), app_.session()->me().name,
              app_.session()->first_sync());
  if (!today().news.empty()) {
    news_row(frame, area.cut_bottom(36 + kNewsHeight));
    area.cut_bottom(4);
  }
  route_card(frame, area, false);
  if (app_.session()->first_sync()) {
    const float height = first_sync_height(frame, side.w, *app_.session());
    first_sync_card(frame, side.cut_top(height, size::kGap), *app_.session());
  }
  tasks_card(frame, side, false);
}

void TodayView::narrow(Frame& frame, Rect area) {
  Scroll scroll(frame, frame.id("day"), area);
  Rect column = scroll.content();
  column.h = 100'000;
  column.cut_top(size::kGap);
  day_summary(frame, column.cut_top(day_summary_height(frame), size::kGap), today(),
              app_.session()->me().name, app_.session()->first_sync());
  if (app_.session()->first_sync()) {
    const float height = first_sync_height(frame, column.w, *app_.session());
    first_sync_card(frame, column.cut_top(height, size::kGap), *app_.session());
  }
  const Today& now = today();
  float route = kHead + 16;
  bool next = true;
  for (const VisitStop& stop : now.route) {
    route += stop_height(frame, column.w, stop, next && !stop.done);
    next = next && stop.done;
  }
  route_card(frame, column.cut_top(now.route.empty() ? kHead + kEmpty : route, size::kGap), true);
  const std::size_t shown = std::min(now.tasks.size(), kTasksOnPhone);
  const float tasks = kHead + (shown == 0 ? kEmpty : kTask * static_cast<float>(shown));
  tasks_card(frame, column.cut_top(tasks, size::kGap), true);
  if (!now.news.empty()) {
    Rect box =
        column.cut_top(kHead + kNewsHeight * static_cast<float>(now.news.size()), size::kGap);
    paint_card(frame, box);
    card_head(frame, box, {.title = frame.t(T::today_news)});
    for (std::size_t i = 0; i < now.news.size(); ++i) {
      IdScope scope(i);
      const RowId customer = now.news[i].customer;
      if (news_item(frame, box.cut_top(kNewsHeight), now.news[i], false, i == 0)) {
        frame.shell.go(customer_hash(customer));
      }
    }
  }
  scroll.end(column.y);
}

bool TodayView::fetching(Frame& frame, const Rect& rect, Icon icon) {
  if (!app_.session()->first_sync()) return false;
  empty_state(frame, rect, {.icon = icon, .title = frame.t(T::today_fetching)});
  return true;
}

void TodayView::route_card(Frame& frame, Rect rect, bool whole) {
  paint_card(frame, rect);
  const auto count = static_cast<std::int64_t>(today().route.size());
  const std::string number_of = count == 0 ? "" : frame.count(T::today_stops, count);
  card_head(frame, rect, {.title = frame.t(T::today_route), .note = number_of, .line = false});
  IdScope scope("route");
  if (count == 0 && fetching(frame, rect, Icon::footprints)) return;
  if (count == 0) {
    if (empty_state(frame, rect,
                    {.icon = Icon::footprints,
                     .title = frame.t(T::today_no_route),
                     .text = frame.t(T::today_no_route_note),
                     .action = frame.t(T::today_find)})) {
      frame.shell.go("#/customers");
    }
    return;
  }
  if (whole) return stops(frame, rect);
  Scroll scroll(frame, frame.id("stops"), rect.inset(1));
  Rect column = scroll.content();
  column.h = 100'000;
  stops(frame, column);
  scroll.end(column.y + 8);
}

void TodayView::stops(Frame& frame, Rect& column) {
  const std::vector<VisitStop>& all = today().route;
  bool next = true;  // the first that is not done yet
  for (std::size_t i = 0; i < all.size(); ++i) {
    const VisitStop& stop = all[i];
    IdScope scope(static_cast<std::uint64_t>(number(stop.plan)));
    const bool now = next && !stop.done;
    const StopSpec spec{.number = static_cast<int>(i) + 1,
                        .next = now,
                        .first = i == 0,
                        .last = i + 1 == all.size()};
    const float height = stop_height(frame, column.w, stop, now);
    switch (stop_row(frame, column.cut_top(height), stop, spec)) {
      case StopPressed::CheckIn:
        frame.shell.go("#/visit/" + std::to_string(number(stop.customer)) + "/" +
                       std::to_string(number(stop.plan)));
        break;
      case StopPressed::Open: frame.shell.go(customer_hash(stop.customer)); break;
      case StopPressed::None: break;
    }
    next = next && stop.done;
  }
}

void TodayView::tasks_card(Frame& frame, Rect rect, bool whole) {
  paint_card(frame, rect);
  const Today& now = today();
  const auto open = std::count_if(now.tasks.begin(), now.tasks.end(),
                                  [](const TaskItem& task) { return !task.done; });
  const std::string late =
      now.tasks_overdue == 0 ? "" : frame.count(T::today_late, now.tasks_overdue);
  card_head(frame, rect,
            {.title = frame.t(T::today_tasks), .count = static_cast<int>(open), .warning = late});
  IdScope scope("tasks");
  if (now.tasks.empty() && fetching(frame, rect, Icon::clipboard_list)) return;
  if (now.tasks.empty()) {
    empty_state(frame, rect,
                {.icon = Icon::clipboard_list,
                 .title = frame.t(T::today_no_tasks),
                 .text = frame.t(T::today_no_tasks_note)});
    return;
  }
  const auto draw_one = [&](const Rect& place, std::size_t i) {
    if (i >= now.tasks.size()) return;  // a row above was just ticked off
    IdScope row(static_cast<std::uint64_t>(number(now.tasks[i].id)));
    task(frame, place, now.tasks[i], i == 0);
  };
  if (whole) {
    for (std::size_t i = 0; i < std::min(now.tasks.size(), kTasksOnPhone); ++i) {
      draw_one(rect.cut_top(kTask), i);
    }
    return;
  }
  RowList rows(frame, frame.id("list"), rect.inset(1), kTask,
               static_cast<std::int64_t>(now.tasks.size()));
  while (rows.next()) draw_one(rows.rect(), static_cast<std::size_t>(rows.index()));
}

void TodayView::task(Frame& frame, const Rect& rect, const TaskItem& item, bool first) {
  const bool late = !item.done && item.due_day != kNoDay && item.due_day < today().day;
  const std::string words = task_note(frame, item, today().day);
  Rect inside = rect;
  const Rect box = inside.cut_left(52);
  const bool leads = item.customer != kNoRow;
  if (!first) rule_above(frame, rect);
  if (leads) {
    const Response row = interact(frame, frame.id("open"), inside,
                                  {.role = Role::link, .name = item.title + ", " + words});
    if (row.held || row.hovered) {
      fill(frame, inside, frame.color(row.held ? Color::press : Color::hover));
    }
    if (row.focused) focus_ring(frame, inside.inset(4), radius::kButton);
    if (row.clicked) frame.shell.go(customer_hash(item.customer));
    paint_icon(frame, inside.cut_right(36), Icon::chevron_right, size::kIcon,
               frame.color(Color::text_2));
  }
  Rect lines = inside.centered(inside.w - 8, 40);
  const Rect title = lines.cut_top(22);
  paint_line(frame, title, item.title, type::kBodyStrong,
             frame.color(item.done ? Color::text_3 : Color::text));
  if (item.done) {
    const float width = std::min(title.w, text_width(frame, item.title, type::kBodyStrong));
    fill(frame, {title.x, title.center().y, width, 1}, frame.color(Color::text_3));
  }
  paint_line(frame, lines, words, type::kSmall, frame.color(late ? Color::danger : Color::text_2));
  if (!leads) frame.access.add_text(Role::text, inside, item.title + ", " + words);
  if (checkbox(frame, box, item.title, item.done)) set_done(frame, item);
}

void TodayView::set_done(Frame& frame, const TaskItem& item) {
  AppShell& shell = frame.shell;
  const Status written = set_task_done(*app_.session(), item.id, !item.done);
  if (!written.ok()) {
    shell.ask({.title = std::string(frame.t(T::today_not_saved)),
               .text = std::string(frame.t(T::today_not_saved_note)),
               .confirm = std::string(frame.t(T::action_done)),
               .confirmed = [] {}});
    return;
  }
  const T words = item.done ? T::today_opened : T::today_done;
  shell.toast({.text = frame.fill(words, {{"what", item.title}}), .undo = [this, &shell] {
                 Session* session = app_.session();
                 const bool back = session != nullptr && undo(*session).ok();
                 shell.toast({.text = std::string(
                                  shell.texts().get(back ? T::today_undone : T::today_no_undo))});
               }});
}

void TodayView::news_row(Frame& frame, Rect rect) {
  heading(frame, rect.cut_top(24, 12), frame.t(T::today_news), type::kH3, 2);
  const std::vector<News>& all = today().news;
  const float width = std::max(240.0f, (rect.w - 2 * size::kGap) / 3);
  Scroll scroll(frame, frame.id("news"), rect.grown(2), Scroll::Direction::across);
  Rect row = scroll.content().inset(2);
  row.w = 100'000;
  for (std::size_t i = 0; i < all.size(); ++i) {
    IdScope scope(i);
    const RowId customer = all[i].customer;
    const Rect place = row.cut_left(width);
    if (i + 1 < all.size()) row.cut_left(size::kGap);
    if (news_item(frame, place, all[i], true, true)) frame.shell.go(customer_hash(customer));
  }
  scroll.end(row.x + 2);
}

}  // namespace banyan::ui
