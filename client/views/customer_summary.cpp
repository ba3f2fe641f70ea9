#include "client/views/customer_summary.h"

#include "client/charts/charts.h"
#include "client/views/customer_head.h"
#include "client/views/customer_rows.h"
#include "client/views/pack_words.h"
#include "client/widgets/button.h"
#include "client/widgets/card.h"
#include "client/widgets/draw.h"
#include "client/widgets/kpi.h"
#include "client/widgets/text.h"
#include "shared/base/money.h"

namespace banyan::ui {

namespace {

constexpr float kPairHeight = 30, kLine = 32, kSpark = 56;

void hero_part(Frame& frame, Rect top, const CustomerHead& head) {
  hero(frame, top, kTopLeft | kTopRight);
  top = top.inset(20, 16);
  Rect who = top.cut_top(56, 10);
  avatar(frame, who.cut_left(56, 12).centered(56, 56),
         {.initial = initial_of(head.name), .tone = Tint::hero, .size = 56});
  who = who.centered(who.w, 48);
  label(frame, who.cut_top(28), head.name, type::kTitle, Color::on_hero);
  label(frame, who, who_words(frame, head, false), type::kSmall, Color::on_hero_2);
  hero_tags(frame, top.cut_top(24), head);
}

void deposits(Frame& frame, Rect rect, const CustomerHead& head) {
  Rect line = rect.cut_top(20, 6);
  const format::Figure now = format::short_money(frame.texts, head.deposits_12_months.back());
  const std::string figure = now.number + now.unit;
  label(frame, line.cut_left(text_width(frame, frame.t(T::customer_balances), type::kLabel) + 1, 8),
        frame.t(T::customer_balances), type::kLabel, Color::text_2);
  frame.access.add_text(Role::text, line, figure);
  paint_line(frame, line, figure, type::kBodyStrong, frame.color(Color::text), Align::right);
  sparkline(frame, rect.cut_top(kSpark), deposit_line(head), Color::c1, Color::c1_soft);
}

}  // namespace

bool customer_summary(Frame& frame, Rect rect, const CustomerHead& head,
                      const std::vector<TimelineItem>& lately) {
  hero_part(frame, rect.cut_top(126), head);
  Rect foot = rect.cut_bottom(76).inset(16, 16);
  const bool opened = button(frame, foot,
                             {.label = frame.t(T::customers_open),
                              .kind = ButtonKind::primary,
                              .icon = Icon::arrow_right});
  Rect body = rect.inset(16, 14);
  const auto line = [&](T name, const std::string& value) {
    pair(frame, body.cut_top(kPairHeight), frame.t(name), value, true);
  };
  if (head.has_figures) {
    line(T::customers_assets, format_money(head.deposits_minor));
    line(T::customers_loans, format_money(head.loans_minor));
  }
  if (head.due_day != kNoDay) {
    line(T::customers_next_due, format::day(frame.texts, frame.clock, head.due_day));
  }
  if (head.tasks_open > 0) line(T::customer_tasks, std::to_string(head.tasks_open));
  const auto part = [&] {
    body.cut_top(10);
    rule_above(frame, body);
    body.cut_top(14);
  };
  if (!lately.empty()) {
    part();
    heading(frame, body.cut_top(24), frame.t(T::customers_lately), type::kLabel, 3, Color::text_2);
    for (const TimelineItem& item : lately) {
      if (body.h < kLine) break;
      Rect row = body.cut_top(kLine);
      paint_icon(frame, row.cut_left(18, 8), icon_of(item), 18, frame.color(Color::text_2));
      label(frame, row,
            format::date(frame.texts, frame.clock, item.at_ms) + " " + word(frame, item.what) +
                (item.text.empty() ? "" : "  " + item.text),
            type::kSmall);
    }
  }
  if (head.deposits_12_months.size() > 1 && body.h > 26 + kSpark + 24) {
    part();
    deposits(frame, body, head);
  }
  return opened;
}

}  // namespace banyan::ui
