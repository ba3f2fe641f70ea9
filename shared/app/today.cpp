#include <algorithm>

#include "shared/app/ask.h"
#include "shared/app/queries.h"
#include "shared/base/date.h"

namespace banyan {

namespace {

constexpr std::int64_t kMinuteMs = 60'000;
constexpr std::int64_t kNewsMax = 12;
constexpr std::int64_t kDueDays = 14;
constexpr std::int64_t kSilentDays = 60;
constexpr std::int64_t kBirthdayDays = 3;
constexpr std::int64_t kWorthACall = 10'000'000;  // assets in minor units

std::vector<VisitStop> read_route(const Session& session, std::int64_t day) {
  const Names& names = session.names();
  std::vector<VisitStop> route;
  ask(
      session,
      "SELECT p.id, p._agg, c.name, p.purpose, p.minute, p.state, p.note,"
      " (SELECT max(v.left_at-v.arrived_at) FROM visit v WHERE v._agg=p._agg AND v.planned=p.id)"
      " FROM visit_plan p JOIN customer c ON c.id=p._agg"
      " WHERE p.planned_on=?1 AND p.staff=?2 AND p._dead=0 AND c._dead=0 AND p.state<>?3"
      " ORDER BY coalesce(p.stop, 99), p.minute, p.id",
      [&](const Statement& row) {
        VisitStop stop;
        stop.plan = row.row_id(0);
        stop.customer = row.row_id(1);
        stop.name = text_at(row, 2);
        stop.purpose = label_of(*names.visit_plan, "purpose", row.integer(3));
        stop.minute = int_or(row, 4, -1);
        stop.done = row.integer(5) == names.plan_done;
        stop.note = text_at(row, 6);
        stop.took_minutes = row.integer(7) / kMinuteMs;
        route.push_back(std::move(stop));
      },
      day, session.me().staff, names.plan_cancelled);
  for (VisitStop& stop : route) {
    stop.place = locality_of(session, stop.customer);
    stop.mark = mark_of(session, *names.visit_plan, stop.plan);
  }
  return route;
}

// Days until the next return of a day's month and date, from `today` on.
std::int64_t days_to_anniversary(std::int64_t birth_day, std::int64_t today) {
  const Date birth = date_of(birth_day);
  const Date now = date_of(today);
  for (const int year : {now.year, now.year + 1}) {
    // Who was born on 29 February is congratulated on the 28th in other years.
    const int last = days_in_month(year, birth.month);
    const std::int64_t next = days_of({year, birth.month, std::min(birth.day, last)});
    if (next >= today) return next - today;
  }
  return 366;
}

void add_birthdays(const Session& session, std::int64_t today, std::vector<News>& news) {
  ask(
      session,
      "SELECT id, name, birth_date FROM customer"
      " WHERE owner=?1 AND _dead=0 AND birth_date IS NOT NULL",
      [&](const Statement& row) {
        const std::int64_t days = days_to_anniversary(row.integer(2), today);
        if (days > kBirthdayDays) return;
        news.push_back({News::Kind::Birthday, row.row_id(0), text_at(row, 1), today + days, 0});
      },
      session.me().staff);
}

void add_news(const Session& session, News::Kind kind, std::string_view sql, std::int64_t from,
              std::int64_t to, std::vector<News>& news) {
  ask(
      session, sql,
      [&](const Statement& row) {
        news.push_back(
            {kind, row.row_id(0), text_at(row, 1), int_or(row, 2, kNoDay), row.integer(3)});
      },
      session.me().staff, from, to, kNewsMax);
}

std::vector<News> read_news(const Session& session, std::int64_t today) {
  std::vector<News> news;
  add_birthdays(session, today, news);
  add_news(session, News::Kind::Due,
           "SELECT c.id, c.name, a.due, a.balance FROM account a JOIN customer c ON c.id=a._agg"
           " WHERE c.owner=?1 AND a.due BETWEEN ?2 AND ?3 AND a.closed IS NULL AND a._dead=0"
           " ORDER BY a.due LIMIT ?4",
           today, today + kDueDays, news);
  add_news(session, News::Kind::LargeCredit,
           "SELECT c.id, c.name, k.booked_on, k.amount FROM credit k JOIN customer c"
           " ON c.id=k.customer WHERE c.owner=?1 AND k.booked_on BETWEEN ?2 AND ?3"
           " ORDER BY k.booked_on DESC LIMIT ?4",
           today - 7, today, news);
  const std::int64_t silent_since = session.now_ms() - kSilentDays * 1440 * kMinuteMs;
  add_news(session, News::Kind::LongSilence,
           "SELECT c.id, c.name, NULL, c.assets FROM customer c JOIN about b ON b.id=c.id"
           " WHERE c.owner=?1 AND c._dead=0 AND coalesce(b.contact_ms,0)<?2 AND c.assets>=?3"
           " ORDER BY c.assets DESC LIMIT ?4",
           silent_since, kWorthACall, news);
  if (news.size() > kNewsMax) news.resize(kNewsMax);
  return news;
}

}  // namespace

std::vector<TaskItem> read_tasks(const Session& session, RowId customer) {
  const Names& names = session.names();
  const bool mine = customer == kNoRow;
  const std::int64_t midnight =
      session.today() * 1440 * kMinuteMs - (session.local_ms(0));  // of this day, UTC
  const std::string sql =
      "SELECT t.id, t.customer, t.title, c.name, t.kind, t.due_on, t.minute, t.amount, t.state,"
      " t.done_at FROM task t LEFT JOIN customer c ON c.id=t.customer WHERE t._dead=0 AND " +
      std::string(mine ? "t.owner=?1" : "t.customer=?1") +
      " AND (t.state=?2 OR (t.state=?3 AND t.done_at>=?4))"
      " ORDER BY t.state=?3, t.due_on IS NULL, t.due_on, t.priority, t.id";
  std::vector<TaskItem> tasks;
  ask(
      session, sql,
      [&](const Statement& row) {
        TaskItem task;
        task.id = row.row_id(0);
        task.customer = row.row_id(1);
        task.title = text_at(row, 2);
        task.customer_name = text_at(row, 3);
        task.kind = label_of(*names.task, "kind", row.integer(4));
        task.due_day = int_or(row, 5, kNoDay);
        task.minute = int_or(row, 6, -1);
        task.amount_minor = row.integer(7);
        task.done = row.integer(8) == names.task_done;
        task.done_ms = row.integer(9);
        tasks.push_back(std::move(task));
      },
      mine ? session.me().staff : customer, names.task_open, names.task_done, midnight);
  for (TaskItem& task : tasks) task.mark = mark_of(session, *names.task, task.id);
  return tasks;
}

Today read_today(const Session& session) {
  Today today;
  today.day = session.today();
  today.route = read_route(session, today.day);
  today.tasks = read_tasks(session, kNoRow);
  today.news = read_news(session, today.day);
  today.visits_done = static_cast<int>(std::count_if(today.route.begin(), today.route.end(),
                                                     [](const VisitStop& s) { return s.done; }));
  today.tasks_overdue = static_cast<int>(std::count_if(
      today.tasks.begin(), today.tasks.end(),
      [&](const TaskItem& t) { return !t.done && t.due_day != kNoDay && t.due_day < today.day; }));
  const Date date = date_of(today.day);
  today.deposits_month_minor =
      ask_int(session,
              "SELECT sum(f.inflow-f.outflow) FROM flow f JOIN customer c ON c.id=f.customer"
              " WHERE c.owner=?1 AND f.month=?2",
              session.me().staff, std::int64_t{date.year} * 100 + date.month);
  today.loans_month_minor = ask_int(
      session,
      "SELECT sum(a.amount) FROM account a JOIN customer c ON c.id=a._agg JOIN product p"
      " ON p.id=a.product WHERE c.owner=?1 AND p.kind=?2 AND a.opened>=?3 AND a._dead=0",
      session.me().staff, session.names().product_loan, days_of({date.year, date.month, 1}));
  return today;
}

}  // namespace banyan
