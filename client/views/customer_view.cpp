#include "client/views/customer_view.h"

#include "client/views/customer_head.h"
#include "client/views/pack_words.h"
#include "client/widgets/button.h"
#include "client/widgets/card.h"
#include "client/widgets/draw.h"
#include "client/widgets/states.h"
#include "client/widgets/steps.h"
#include "client/widgets/text.h"

namespace banyan::ui {

namespace {

constexpr std::string_view kTabNames[] = {"overview", "accounts", "transactions", "contact",
                                          "requests", "profile",  "history"};

}  // namespace

bool CustomerView::open(const Route& route) {
  const RowId id = route.row(0);
  if (id != data_.id()) shown_.clear();
  return data_.open(app_.session(), id);
}

CustomerView::Tab CustomerView::tab_of(const Route& route) const {
  const std::string_view name = route.value("tab");
  for (std::size_t i = 0; i < std::size(kTabNames); ++i) {
    if (kTabNames[i] == name) return static_cast<Tab>(i);
  }
  return Tab::Overview;
}

void CustomerView::go(Frame& frame, Tab tab) {
  const auto name = std::string(kTabNames[static_cast<std::size_t>(tab)]);
  frame.shell.replace("#/customer/" + std::to_string(number(data_.id())) + "?tab=" + name);
}

void CustomerView::go_visit(Frame& frame) {
  frame.shell.go("#/visit/" + std::to_string(number(data_.id())));
}

Surroundings CustomerView::surroundings(Frame& frame, const Route& route) {
  Surroundings out;
  out.sub_page = true;
  out.title = frame.t(T::customer_title);
  if (!open(route)) return out;
  const CustomerHead& head = data_.head();
  if (frame.phone()) {
    out.title = head.name;
    out.sync_pill = false;
    if (head.as_of_ms != 0) {
      out.subtitle = frame.fill(
          T::format_as_of, {{"time", format::date_time(frame.texts, frame.clock, head.as_of_ms)}});
    }
  } else if (!head.number.empty()) {
    out.subtitle = frame.fill(T::customer_number, {{"number", head.number}});
  }
  return out;
}

void CustomerView::draw_top_bar(Frame& frame, const Route& route, Rect& rect) {
  if (!open(route)) return;
  if (icon_button(frame, rect.cut_right(44), Icon::ellipsis_vertical, frame.t(T::customer_menu))) {
    open_menu(frame);
  }
  if (frame.tight()) return;
  if (frame.phone()) {
    if (icon_button(frame, rect.cut_right(44), Icon::phone, frame.t(T::customer_call))) {
      call(frame);
    }
    return;
  }
  if (data_.head().as_of_ms == 0) return;
  const std::string time = format::date_time(frame.texts, frame.clock, data_.head().as_of_ms);
  const float width =
      text_width(frame, frame.fill(T::format_as_of, {{"time", time}}), type::kCaption) + 20;
  if (width > rect.w) return;
  as_of(frame, rect.cut_right(width).centered(width, 16), time);
}

void CustomerView::draw(Frame& frame, const Route& route, Rect area) {
  if (!open(route)) {
    if (app_.session() != nullptr && error_state(frame, area,
                                                 {.icon = Icon::circle_alert,
                                                  .title = frame.t(T::customer_gone),
                                                  .text = frame.t(T::customer_gone_note),
                                                  .action = frame.t(T::nav_back)})) {
      frame.shell.back();
    }
    return;
  }
  const Tab now = tab_of(route);
  if (frame.phone() || frame.low()) {
    strip(frame, area.cut_top(44), now);
    if (now == Tab::Overview) return overview_phone(frame, area);
    return body(frame, area.inset(12, 12), now);
  }
  area = Rect{area.x + frame.gutter(), area.y + 4, area.w - 2 * frame.gutter(), area.h - 24};
  customer_head(frame, area.cut_top(kHeadHeight, 8), data_.head());
  strip(frame, area.cut_top(46, size::kGap), now);
  body(frame, area, now);
}

// Tabs, and beside them on wide screens what one does most.
void CustomerView::strip(Frame& frame, Rect rect, Tab now) {
  const CustomerHead& head = data_.head();
  rule_above(frame, {rect.x, rect.bottom() - 1, rect.w, 1});
  if (!frame.phone()) {
    Rect actions = rect.cut_right(380, 12);
    actions.h = 44;
    if (button_right(frame, actions,
                     {.label = frame.t(T::customer_visit),
                      .kind = ButtonKind::primary,
                      .icon = Icon::footprints})) {
      go_visit(frame);
    }
    if (button_right(frame, actions,
                     {.label = frame.t(T::customer_note), .icon = Icon::pencil_line})) {
      open_note(frame);
    }
    if (button_right(frame, actions, {.label = frame.t(T::customer_call), .icon = Icon::phone})) {
      call(frame);
    }
  }
  const TabSpec all[] = {
      {.label = frame.t(T::customer_overview)},
      {.label = frame.t(T::customer_accounts)},
      {.label = frame.t(T::customer_transactions)},
      {.label = frame.t(T::customer_contact), .count = head.interactions},
      {.label = frame.t(T::customer_requests), .count = head.requests_open, .tone = Tint::warn},
      {.label = frame.t(T::customer_profile)},
      {.label = frame.t(T::customer_history)}};
  const int pressed = tabs(frame, rect, frame.t(T::customer_title), all, static_cast<int>(now));
  if (pressed >= 0) go(frame, static_cast<Tab>(pressed));
}

void CustomerView::body(Frame& frame, Rect rect, Tab now) {
  switch (now) {
    case Tab::Overview: return overview(frame, rect);
    case Tab::Accounts: return accounts(frame, rect);
    case Tab::Transactions: return transactions(frame, rect);
    case Tab::Contact: return contact(frame, rect);
    case Tab::Requests: return requests(frame, rect);
    case Tab::Profile: return profile(frame, rect);
    case Tab::History: return history_.draw(frame, rect, data_);
  }
}

}  // namespace banyan::ui
