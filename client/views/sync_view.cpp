#include "client/views/sync_view.h"

#include "client/views/pack_words.h"
#include "client/views/sync_state.h"
#include "client/views/value_words.h"
#include "client/widgets/button.h"
#include "client/widgets/card.h"
#include "client/widgets/draw.h"
#include "client/widgets/scroll.h"
#include "client/widgets/states.h"
#include "client/widgets/steps.h"
#include "client/widgets/text.h"

namespace banyan::ui {

namespace {

constexpr float kStateWidth = 440, kTwoColumns = 880;
constexpr std::size_t kItemsMax = 1'000;
enum PhoneTab : int { kState, kList, kDesk, kRefused };

Icon icon_of(const Session& session, const OutboxItem& item) {
  const Names& names = session.names();
  if (item.mark == SyncMark::Blocked) return Icon::circle_alert;
  if (item.entity == names.visit || item.entity == names.visit_plan) return Icon::footprints;
  if (item.entity == names.customer) return Icon::user_pen;
  if (item.entity == names.task) return Icon::clipboard_list;
  if (item.entity == names.document) return Icon::camera;
  if (item.entity == names.interaction) return Icon::message_square;
  return Icon::file_text;
}

std::string what_of(Frame& frame, const OutboxItem& item) {
  const std::string what(item.entity == nullptr
                             ? frame.t(T::outbox_unknown_record)
                             : std::string_view(word(frame, item.entity->label)));
  if (item.title.empty()) return frame.fill(T::outbox_item_none, {{"what", what}});
  return frame.fill(T::outbox_item, {{"what", what}, {"title", item.title}});
}

}  // namespace

Surroundings SyncView::surroundings(Frame& frame, const Route&) {
  Surroundings out;
  out.title = frame.t(T::nav_sync);
  out.sync_pill = false;
  if (const Session* session = app_.session()) {
    out.subtitle = frame.fill(
        T::outbox_device,
        {{"device", std::to_string(number(session->me().device))}, {"name", session->me().name}});
  }
  return out;
}

const OutboxSummary& SyncView::summary() {
  return summary_.get(app_.version(), 0, [&] { return read_outbox_summary(*app_.session()); });
}

const std::vector<OutboxItem>& SyncView::items() {
  return items_.get(app_.version(), 0, [&] { return read_outbox(*app_.session(), kItemsMax); });
}

void SyncView::draw_top_bar(Frame& frame, const Route&, Rect& rect) {
  Session* session = app_.session();
  if (session == nullptr) return;
  const bool busy = session->sync_status().state == banyan::SyncStatus::State::Running;
  if (button_right(frame, rect,
                   {.label = frame.t(frame.phone() ? T::outbox_short : T::outbox_now),
                    .kind = ButtonKind::primary,
                    .icon = Icon::refresh_cw,
                    .busy = busy ? frame.t(T::outbox_busy) : std::string_view()})) {
    session->sync().sync_now();
  }
}

void SyncView::draw(Frame& frame, const Route&, Rect area) {
  if (app_.session() == nullptr) return;
  area = area.inset(frame.gutter(), 0);
  area.w >= kTwoColumns && !frame.low() ? wide(frame, area) : narrow(frame, area);
}

void SyncView::wide(Frame& frame, Rect area) {
  area.cut_bottom(size::kGutter);
  Rect left = area.cut_left(kStateWidth, size::kGap);
  state(frame, left);
  paint_card(frame, left);
  card_head(frame, left,
            {.title = frame.t(T::outbox_title), .count = static_cast<int>(items().size())});
  list(frame, left.inset(1));
  paint_card(frame, area);
  const TabSpec all[] = {
      {.label = frame.t(T::outbox_desk), .count = desk_.count(), .tone = Tint::conflict},
      {.label = frame.t(T::outbox_blocked), .count = summary().blocked, .tone = Tint::danger}};
  Rect head = area.cut_top(48);
  const int pressed = tabs(frame, head.inset(8, 2), frame.t(T::outbox_state), all, desk_tab_);
  if (pressed >= 0) desk_tab_ = pressed;
  desk_tab_ == 0 ? desk_.draw(frame, area) : refused(frame, area.inset(1));
}

void SyncView::narrow(Frame& frame, Rect area) {
  if (tab_ < 0) tab_ = desk_.count() > 0 ? kDesk : kState;
  const TabSpec all[] = {
      {.label = frame.t(T::outbox_state)},
      {.label = frame.t(T::outbox_title), .count = static_cast<int>(items().size())},
      {.label = frame.t(T::outbox_desk), .count = desk_.count(), .tone = Tint::conflict},
      {.label = frame.t(T::outbox_blocked), .count = summary().blocked, .tone = Tint::danger}};
  const int pressed = tabs(frame, area.cut_top(48, size::kGap), frame.t(T::nav_sync), all, tab_);
  if (pressed >= 0) tab_ = pressed;
  if (tab_ == kState) {
    Scroll scroll(frame, frame.id("state"), area);
    Rect column = scroll.content();
    column.h = 100'000;
    state(frame, column);
    return scroll.end(column.y);
  }
  area.cut_bottom(size::kGap);
  paint_card(frame, area);
  if (tab_ == kList) return list(frame, area.inset(1));
  tab_ == kDesk ? desk_.draw(frame, area) : refused(frame, area.inset(1));
}

void SyncView::state(Frame& frame, Rect& column) {
  const Session& session = *app_.session();
  const float height = sync_card_height(frame, column.w, session, summary());
  sync_card(frame, column.cut_top(height, size::kGap), session, summary());
  const RowSpec row{.title = frame.t(T::carry_title),
                    .subtitle = frame.t(T::carry_subtitle),
                    .icon = Icon::package,
                    .chevron = true,
                    .first = true};
  const Rect way = column.cut_top(row_height(frame, size::kRow), size::kGap);
  paint_card(frame, way);
  if (list_row(frame, way, row).clicked) frame.shell.go("#/carry");
}

void SyncView::list(Frame& frame, Rect rect) {
  IdScope scope("outbox");
  const std::vector<OutboxItem>& all = items();
  if (all.empty()) {
    empty_state(frame, rect,
                {.icon = Icon::cloud_check,
                 .title = frame.t(T::outbox_empty),
                 .text = frame.t(T::outbox_empty_note)});
    return;
  }
  RowList rows(frame, frame.id("rows"), rect, row_height(frame, size::kRow),
               static_cast<std::int64_t>(all.size()));
  while (rows.next()) {
    const OutboxItem& item = all[static_cast<std::size_t>(rows.index())];
    item_row(frame, rows.rect(), item, rows.index() == 0);
  }
}

void SyncView::item_row(Frame& frame, const Rect& rect, const OutboxItem& item, bool first) {
  IdScope scope(item.dseq);
  const bool blocked = item.mark == SyncMark::Blocked;
  const std::string when = format::date_time(frame.texts, frame.clock, item.at_ms);
  const std::string title = what_of(frame, item);
  const std::string_view why =
      blocked ? refusal_words(frame, item.outcome) : std::string_view(when);
  const RowSpec spec{.title = title,
                     .subtitle = why,
                     .subtitle_color = blocked ? Color::danger : Color::text_2,
                     .icon = icon_of(*app_.session(), item),
                     .first = first,
                     .sync = state_of(item.mark)};
  if (list_row(frame, rect, spec).clicked) open(frame, item);
}

void SyncView::refused(Frame& frame, Rect rect) {
  IdScope scope("refused");
  Scroll scroll(frame, frame.id("rows"), rect);
  Rect column = scroll.content();
  column.h = 100'000;
  bool first = true;
  for (const OutboxItem& item : items()) {
    if (item.mark != SyncMark::Blocked) continue;
    IdScope row(item.dseq);
    const std::string title = what_of(frame, item);
    const std::string when = format::date_time(frame.texts, frame.clock, item.at_ms);
    const RowSpec spec{.title = title,
                       .subtitle = when,
                       .icon = Icon::circle_alert,
                       .chevron = true,
                       .first = first,
                       .sync = state_of(item.mark)};
    if (list_row(frame, column.cut_top(row_height(frame, size::kRow)), spec).clicked)
      open(frame, item);
    const std::string_view why = refusal_words(frame, item.outcome);
    Rect box = column.inset(16, 0);
    note(frame, box.cut_top(note_height(frame, box.w, why)), Icon::info, why, Tint::danger);
    column.cut_top(box.y - column.y + 12);
    first = false;
  }
  scroll.end(column.y);
  if (first) {
    empty_state(frame, rect,
                {.icon = Icon::shield_check,
                 .title = frame.t(T::outbox_blocked_empty),
                 .text = frame.t(T::outbox_blocked_empty_note)});
  }
}

void SyncView::open(Frame& frame, const OutboxItem& item) {
  if (item.entity == nullptr || item.entity->aggregate != "customer") return;
  frame.shell.go("#/customer/" + std::to_string(number(item.aggregate)));
}

}  // namespace banyan::ui
