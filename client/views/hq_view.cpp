#include "client/views/hq_view.h"

#include <algorithm>

#include "client/views/first_sync.h"
#include "client/views/pack_words.h"
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

constexpr float kSideWidth = 400, kTwoColumns = 900, kTile = 98, kDevice = 58;

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

std::int64_t late_count(const std::vector<DeviceReport>& devices) {
  return std::count_if(devices.begin(), devices.end(),
                       [](const DeviceReport& one) { return one.late; });
}

// Core banking and the server write too, and are nobody's.
std::string author_words(Frame& frame, const Arrival& one) {
  if (!one.author.empty()) return one.author;
  if (one.device == kImportDevice) return std::string(frame.t(T::outbox_core));
  return std::string(frame.t(one.device == kServerDevice ? T::outbox_hq : T::office_somebody));
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

void HqView::draw_top_bar(Frame& frame, const Route&, Rect rect) {
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
  area.w >= kTwoColumns && !frame.low() ? wide(frame, area) : narrow(frame, area);
}

void HqView::wide(Frame& frame, Rect area) {
  area.cut_bottom(size::kGutter);
  figures(frame, area.cut_top(kTile, size::kGap));
  Rect side = area.cut_right(kSideWidth, size::kGap);
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
                          .count = static_cast<int>(late_count(data_.devices())),
                          .tone = TagTone::warn}};
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
  const std::string late = std::to_string(late_count(data_.devices()));
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
  if (!frame.phone() && rect.w >= kTwoColumns) {
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
  const Column columns[] = {
      {.label = frame.t(T::office_branch)},
      {.label = frame.t(T::office_customers), .width = 84, .right = true},
      {.label = frame.t(T::office_visits), .width = 92, .right = true, .wide_only = true},
      {.label = frame.t(T::office_deposits), .width = 142, .right = true},
      {.label = frame.t(T::office_loans), .width = 142, .right = true, .wide_only = true}};
  const Table table(frame, rect.inset(1, 0), columns);
  RowList rows(frame, frame.id("branches"), table.body(), size::kRowDense,
               static_cast<std::int64_t>(all.size()));
  while (rows.next()) {
    const BranchReport& one = all[static_cast<std::size_t>(rows.index())];
    const std::string customers = format::whole(one.customers);
    const std::string visits = format::whole(one.visits_30_days);
    const std::string deposits = format_amount(one.deposits_minor);
    const std::string loans = format_amount(one.loans_minor);
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

bool HqView::out_of_reach(Frame& frame, const Rect& rect) {
  if (!data_.trouble() || data_.asked()) return false;
  const Error& error = *data_.trouble();
  bool again = false;
  if (error.code == ErrorCode::Unavailable) {
    again = offline_state(
        frame, rect,
        {.icon = Icon::cloud_off,
         .title = frame.t(T::office_offline),
         .text = frame.t(frame.phone() ? T::office_offline_note_phone : T::office_offline_note),
         .action = frame.t(T::action_retry)});
  } else if (error.code == ErrorCode::Refused) {
    error_state(frame, rect,
                {.icon = Icon::lock,
                 .title = frame.t(T::office_refused),
                 .text = frame.t(T::office_refused_note),
                 .code = error.detail});
  } else {
    again = error_state(frame, rect,
                        {.icon = Icon::cloud_alert,
                         .title = frame.t(T::office_failed),
                         .text = frame.t(T::office_failed_note),
                         .action = frame.t(T::action_retry),
                         .code = error.detail});
  }
  if (again) data_.refresh();
  return true;
}

void HqView::devices(Frame& frame, Rect rect) {
  IdScope scope("devices");
  paint_card(frame, rect);
  const auto late = late_count(data_.devices());
  const std::string warning = late == 0 ? "" : frame.count(T::office_late, late);
  card_head(frame, rect,
            {.title = frame.t(T::office_devices),
             .count = static_cast<int>(data_.devices().size()),
             .warning = warning});
  if (out_of_reach(frame, rect)) return;
  if (!data_.asked()) return loading_rows(frame, rect, opened_ms_, kDevice);
  if (data_.devices().empty()) {
    empty_state(frame, rect,
                {.icon = Icon::tablet,
                 .title = frame.t(T::office_no_devices),
                 .text = frame.t(T::office_no_devices_note)});
    return;
  }
  RowList rows(frame, frame.id("rows"), rect.inset(1), kDevice,
               static_cast<std::int64_t>(data_.devices().size()));
  while (rows.next()) {
    const DeviceReport& one = data_.devices()[static_cast<std::size_t>(rows.index())];
    IdScope row(number(one.device));
    const std::string name =
        one.name.empty()
            ? frame.count(T::office_device, static_cast<std::int64_t>(number(one.device)))
            : one.name;
    const std::string who = joined(frame, one.user, one.branch);
    const std::string contact =
        one.last_contact_ms == 0 ? std::string(frame.t(T::office_never))
                                 : format::date_time(frame.texts, frame.clock, one.last_contact_ms);
    const TagSpec tags[] = {{.label = frame.t(one.retired ? T::office_retired : T::office_late_one),
                             .tone = one.retired ? TagTone::quiet : TagTone::warn,
                             .icon = one.retired ? Icon::lock : Icon::clock}};
    const std::size_t shown = one.late || one.retired ? 1 : 0;
    list_row(frame, rows.rect(),
             {.title = who.empty() ? name : who,
              .note = who.empty() ? std::string_view() : std::string_view(name),
              .subtitle = contact,
              .icon = Icon::tablet,
              .tags = std::span(tags, shown),
              .first = rows.index() == 0});
  }
}

void HqView::arrivals(Frame& frame, Rect rect) {
  IdScope scope("arrivals");
  paint_card(frame, rect);
  std::string horizon;
  if (data_.asked()) {
    horizon =
        frame.fill(T::office_arrivals_note,
                   {{"seq", format::whole(static_cast<std::int64_t>(data_.newest().seq))},
                    {"stable", format::whole(static_cast<std::int64_t>(data_.newest().stable))}});
  }
  card_head(frame, rect, {.title = frame.t(T::office_arrivals), .note = horizon});
  if (out_of_reach(frame, rect)) return;
  if (!data_.asked()) return loading_rows(frame, rect, opened_ms_);
  const std::vector<HqData::Line>& all = data_.arrivals();
  if (all.empty()) {
    empty_state(frame, rect,
                {.icon = Icon::server,
                 .title = frame.t(T::office_no_arrivals),
                 .text = frame.t(T::office_no_arrivals_note)});
    return;
  }
  if (data_.trouble()) {  // what is shown is older than it could be
    const std::string time = format::date_time(frame.texts, frame.clock, data_.newest().asked_ms);
    as_of(frame, rect.cut_top(28).inset(16, 0), time);
  }
  const bool more = !data_.at_the_end();
  RowList rows(frame, frame.id("rows"), rect.inset(1), size::kRow,
               static_cast<std::int64_t>(all.size()) + (more ? 1 : 0));
  bool wanted = false;
  while (rows.next()) {
    const auto index = static_cast<std::size_t>(rows.index());
    if (index < all.size()) {
      arrival_row(frame, rows.rect(), all[index], index == 0);
      continue;
    }
    // The end is in sight: what came before it is fetched; a person can ask too.
    const LinkSpec older{.label =
                             frame.t(data_.loading_older() ? T::office_more_busy : T::office_more)};
    const Rect place = rows.rect().centered(link_width(frame, older), size::kButton);
    wanted = link(frame, place, older) || !data_.trouble();
  }
  if (wanted) data_.fetch_older();
}

void HqView::arrival_row(Frame& frame, const Rect& rect, const HqData::Line& line, bool first) {
  const Arrival& one = line.arrival;
  IdScope scope(one.seq);
  const std::string& kind = word(frame, line.what);
  const std::string_view what =
      kind.empty() ? frame.t(T::office_something) : std::string_view(kind);
  const std::string title = frame.fill(
      T::office_arrival,
      {{"who", one.title.empty() ? what : std::string_view(one.title)},
       {"what", one.title.empty() ? frame.count(T::office_rows, one.rows) : std::string(what)}});
  const std::string author = author_words(frame, one);
  const std::string came = format::date_time(frame.texts, frame.clock, one.received_ms);
  const std::string wrote = format::date_time(frame.texts, frame.clock, one.written_ms);
  const std::string when = frame.fill(T::office_by, {{"time", came}, {"written", wrote}});
  const std::string subtitle = joined(frame, author, one.late ? when : came);
  TagSpec tags[2];
  std::size_t count = 0;
  if (one.refused) {
    tags[count++] = {.label = frame.t(T::office_flag_refused), .tone = TagTone::danger};
  }
  if (one.suspect) {
    tags[count++] = {.label = frame.t(T::office_flag_suspect), .tone = TagTone::warn};
  } else if (one.late) {
    tags[count++] = {.label = frame.t(T::office_flag_late), .tone = TagTone::warn};
  }
  const bool leads = !one.title.empty() && one.aggregate != kNoRow;
  if (list_row(frame, rect,
               {.title = title,
                .subtitle = subtitle,
                .face = initial_of(author),
                .tone = tone_for(author),
                .tags = std::span(tags, count),
                .first = first})
          .clicked &&
      leads) {
    frame.shell.go("#/customer/" + std::to_string(number(one.aggregate)));
  }
}

}  // namespace banyan::ui
