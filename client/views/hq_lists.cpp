// The lists that come from headquarters itself: devices and arrivals.
#include "client/views/hq_view.h"
#include "client/views/pack_words.h"
#include "client/views/value_words.h"
#include "client/widgets/button.h"
#include "client/widgets/card.h"
#include "client/widgets/draw.h"
#include "client/widgets/scroll.h"
#include "client/widgets/states.h"
#include "client/widgets/text.h"

namespace banyan::ui {

namespace {

// Core banking and the server write too, and are nobody's.
std::string author_words(Frame& frame, const Arrival& one) {
  if (!one.author.empty()) return one.author;
  if (one.device == kImportDevice) return std::string(frame.t(T::outbox_core));
  return std::string(frame.t(one.device == kServerDevice ? T::outbox_hq : T::office_somebody));
}

}  // namespace

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
  const auto late = data_.late();
  const std::string warning = late == 0 ? "" : frame.count(T::office_late, late);
  card_head(frame, rect,
            {.title = frame.t(T::office_devices),
             .count = static_cast<int>(data_.devices().size()),
             .warning = warning});
  if (out_of_reach(frame, rect)) return;
  if (!data_.asked()) return loading_rows(frame, rect, opened_ms_, kDeviceHeight);
  if (data_.devices().empty()) {
    empty_state(frame, rect,
                {.icon = Icon::tablet,
                 .title = frame.t(T::office_no_devices),
                 .text = frame.t(T::office_no_devices_note)});
    return;
  }
  RowList rows(frame, frame.id("rows"), rect.inset(1), kDeviceHeight,
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
                             .tone = one.retired ? Tint::quiet : Tint::warn,
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
  std::string from = author;
  if (one.device > kServerDevice) {
    from = joined(frame, from,
                  frame.count(T::office_device, static_cast<std::int64_t>(number(one.device))));
  }
  const std::string subtitle = joined(frame, from, one.late ? when : came);
  TagSpec tags[3];
  std::size_t count = 0;
  if (one.refused) {
    tags[count++] = {.label = frame.t(T::office_flag_refused), .tone = Tint::danger};
  }
  if (one.jumped) {
    tags[count++] = {.label = frame.t(T::office_flag_jumped), .tone = Tint::danger};
  }
  if (one.suspect) {
    tags[count++] = {.label = frame.t(T::office_flag_suspect), .tone = Tint::warn};
  } else if (one.let_in) {
    tags[count++] = {.label = frame.t(T::office_flag_let_in), .tone = Tint::warn};
  } else if (one.late) {
    tags[count++] = {.label = frame.t(T::office_flag_late), .tone = Tint::warn};
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
