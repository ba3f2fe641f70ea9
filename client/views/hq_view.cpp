#include "client/views/hq_view.h"

#include <algorithm>

#include "client/views/first_sync.h"
#include "client/views/value_words.h"
#include "client/widgets/button.h"
#include "client/widgets/card.h"
#include "client/widgets/draw.h"
#include "client/widgets/kpi.h"
#include "client/widgets/scroll.h"
#include "client/widgets/states.h"
#include "client/widgets/steps.h"
#include "client/widgets/table.h"
#include "client/widgets/text.h"
#include "shared/base/money.h"

namespace banyan::ui {

namespace {

constexpr float kDevicesWidth = 400, kWide = 900, kTile = 98, kDevice = HqView::kDeviceHeight;

struct Totals {
  std::int64_t customers = 0, visits = 0, deposits_minor = 0, loans_minor = 0;
};

Totals totals_of(const std::vector<BranchReport>& branches) {
  Totals sum;
  for (const BranchReport& one : branches) {
    if (one.depth != 0) continue;  // a parent holds everything below it
    sum.customers += one.customers;
    sum.visits += one.visits_30_days;
    sum.deposits_minor += one.deposits_minor;
    sum.loans_minor += one.loans_minor;
  }
  return sum;
}

void tile(Frame& frame, const Rect& rect, const KpiSpec& spec) {
  kpi(frame, card(frame, rect, 14), spec);
}

}  // namespace

Surroundings HqView::surroundings(Frame& frame, const Route&) {
  Surroundings out;
  out.title = frame.t(T::hq_title);
  if (const Session* session = app_.session()) {
    const std::int64_t at = session->sync_status().last_success_ms;
    out.subtitle = session->me().organisation;
    if (at != 0) {
      const std::string time = format::date_time(frame.texts, frame.clock, at);
      const std::string age = frame.fill(T::office_as_of, {{"time", time}});
      out.subtitle = frame.phone() ? age : joined(frame, out.subtitle, age);
    }
  }
  return out;
}

const std::vector<BranchReport>& HqView::branches() {
  return branches_.get(app_.version(), 0, [&] { return read_branches(*app_.session()); });
}

void HqView::hidden() {
  opened_ms_ = -1;
  if (app_.session() == nullptr) data_.forget();
}

void HqView::draw_top_bar(Frame& frame, const Route&, Rect& rect) {
  if (app_.session() == nullptr) return;
  rect = rect.centered(rect.w, size::kButton);
  if (button_right(frame, rect,
                   {.label = frame.t(T::office_refresh),
                    .icon = Icon::refresh_cw,
                    .busy = data_.loading() ? frame.t(T::office_more_busy) : std::string_view(),
                    .icon_only = frame.phone()})) {
    data_.refresh();
  }
}

void HqView::draw(Frame& frame, const Route&, Rect area) {
  if (app_.session() == nullptr) return;
  if (opened_ms_ < 0) opened_ms_ = frame.now_ms;
  data_.keep_fresh();
  area = area.inset(frame.gutter(), 0);
  area.w >= kWide && !frame.low() ? wide(frame, area) : narrow(frame, area);
}

void HqView::wide(Frame& frame, Rect area) {
  area.cut_bottom(size::kGutter);
  figures(frame, area.cut_top(kTile, size::kGap));
  Rect side = area.cut_right(kDevicesWidth, size::kGap);
  if (app_.session()->first_sync()) {
    const float card_height = first_sync_height(frame, side.w, *app_.session());
    first_sync_card(frame, side.cut_top(card_height, size::kGap), *app_.session());
  }
  branch_table(frame, area);
  const auto count = static_cast<float>(std::min<std::size_t>(data_.devices().size(), 4));
  const float height = 49 + (count == 0 ? 120 : count * kDevice);
  devices(frame, side.cut_top(std::min(height, side.h / 2), size::kGap));
  arrivals(frame, side);
}

void HqView::narrow(Frame& frame, Rect area) {
  const TabSpec all[] = {{.label = frame.t(T::office_branches)},
                         {.label = frame.t(T::office_arrivals)},
                         {.label = frame.t(T::office_devices),
                          .count = static_cast<int>(data_.late()),
                          .tone = Tint::warn}};
  const int pressed = tabs(frame, area.cut_top(48, size::kGap), frame.t(T::hq_title), all, tab_);
  if (pressed >= 0) tab_ = pressed;
  area.cut_bottom(size::kGap);
  if (app_.session()->first_sync()) {
    const float height = first_sync_height(frame, area.w, *app_.session());
    first_sync_card(frame, area.cut_top(height, size::kGap), *app_.session());
  }
  if (tab_ == 1) return arrivals(frame, area);
  if (tab_ == 2) return devices(frame, area);
  if (!frame.low()) figures(frame, area.cut_top(2 * (kTile) + size::kGap, size::kGap));
  branch_table(frame, area);
}

void HqView::figures(Frame& frame, Rect rect) {
  const Totals sum = totals_of(branches());
  const format::Figure deposits = format::short_money(frame.texts, sum.deposits_minor);
  const format::Figure loans = format::short_money(frame.texts, sum.loans_minor);
  const std::string customers = format::whole(sum.customers), visits = format::whole(sum.visits);
  const std::string late = std::to_string(data_.late());
  const std::string devices_of =
      frame.count(T::office_of_devices, static_cast<std::int64_t>(data_.devices().size()));
  const KpiSpec all[] = {
      {.label = frame.t(T::office_kpi_deposits), .figure = deposits.number, .unit = deposits.unit},
      {.label = frame.t(T::office_kpi_loans), .figure = loans.number, .unit = loans.unit},
      {.label = frame.t(T::office_kpi_customers),
       .figure = customers,
       .unit = frame.t(T::office_unit_customers)},
      {.label = frame.t(T::office_kpi_visits),
       .figure = visits,
       .unit = frame.t(T::office_unit_visits)},
      {.label = frame.t(T::office_kpi_devices),
       .figure = data_.asked() ? std::string_view(late) : frame.t(T::format_unknown),
       .unit = data_.asked() ? frame.t(T::office_unit_devices) : std::string_view(),
       .against = data_.asked() ? std::string_view(devices_of) : std::string_view()}};
  if (!frame.phone() && rect.w >= kWide) {
    for (int i = 0; i < 5; ++i) tile(frame, rect.column(i, 5, size::kGap), all[i]);
    return;
  }
  for (int row = 0; row < 2; ++row) {
    const Rect part = rect.cut_top(kTile, size::kGap);
    for (int i = 0; i < 2; ++i) tile(frame, part.column(i, 2, size::kGap), all[row * 2 + i]);
  }
}

void HqView::branch_table(Frame& frame, Rect rect) {
  paint_card(frame, rect);
  card_head(frame, rect, {.title = frame.t(T::office_branches), .note = frame.t(T::office_below)});
  const std::vector<BranchReport>& all = branches();
  if (all.empty()) {
    empty_state(frame, rect,
                {.icon = Icon::network,
                 .title = frame.t(T::office_no_branches),
                 .text = frame.t(T::office_no_branches_note)});
    return;
  }
  // On a phone the names need the room.
  const float amounts = frame.phone() ? 96 : 142;
  const auto money = [&](std::int64_t minor) {
    if (!frame.phone()) return format_amount(minor);
    const format::Figure figure = format::short_money(frame.texts, minor);
    return figure.number + figure.unit;
  };
  const Column columns[] = {
      {.label = frame.t(T::office_branch)},
      {.label = frame.t(T::office_customers), .width = 84, .right = true},
      {.label = frame.t(T::office_visits), .width = 92, .right = true, .wide_only = true},
      {.label = frame.t(frame.phone() ? T::office_kpi_deposits : T::office_deposits),
       .width = amounts,
       .right = true},
      {.label = frame.t(T::office_loans), .width = amounts, .right = true, .wide_only = true}};
  const Table table(frame, rect.inset(1, 0), columns);
  RowList rows(frame, frame.id("branches"), table.body(), size::kRowDense,
               static_cast<std::int64_t>(all.size()));
  while (rows.next()) {
    const BranchReport& one = all[static_cast<std::size_t>(rows.index())];
    const std::string customers = format::whole(one.customers);
    const std::string visits = format::whole(one.visits_30_days);
    const std::string deposits = money(one.deposits_minor);
    const std::string loans = money(one.loans_minor);
    const auto row =
        table.row(rows.index(), rows.rect(), static_cast<std::uint64_t>(number(one.branch)),
                  {.name = one.name + ", " + customers + ", " + deposits + ", " + loans,
                   .count = static_cast<std::int64_t>(all.size())});
    Rect name = row.place(0);
    name.cut_left(static_cast<float>(one.depth) * 18);
    paint_line(frame, name, one.name,
               with(type::kTable, one.depth < 2 ? Weight::w500 : Weight::w400),
               frame.color(Color::text));
    row.cell(1, customers);
    row.cell(2, visits);
    row.cell(3, deposits);
    row.cell(4, loans);
  }
}

}  // namespace banyan::ui
