#include "client/views/customer_rows.h"

#include <algorithm>
#include <cmath>

#include "client/views/pack_words.h"
#include "client/views/photos.h"
#include "client/views/value_words.h"
#include "client/widgets/card.h"
#include "client/widgets/draw.h"
#include "client/widgets/text.h"
#include "shared/base/money.h"

namespace banyan::ui {

namespace {

constexpr std::int64_t kSoonDays = 30;
constexpr std::size_t kNodesMax = 7;

struct Look {
  Icon icon;
  Tint tone;
};

Look row_look(const AccountItem& account) {
  if (account.kind == "term") return {Icon::piggy_bank, Tint::primary};
  if (account.kind == "loan") return {Icon::sprout, Tint::warn};
  if (account.kind == "insurance") return {Icon::umbrella, Tint::info};
  if (account.kind == "wealth") return {Icon::chart_line, Tint::quiet};
  return {Icon::wallet, Tint::primary};
}

Look row_look(TimelineItem::Kind kind) {
  switch (kind) {
    case TimelineItem::Kind::Visit: return {Icon::footprints, Tint::primary};
    case TimelineItem::Kind::Interaction: return {Icon::message_square, Tint::info};
    case TimelineItem::Kind::Transaction: return {Icon::wallet, Tint::quiet};
    case TimelineItem::Kind::Request: return {Icon::headset, Tint::warn};
    case TimelineItem::Kind::Document: return {Icon::file_check, Tint::quiet};
    case TimelineItem::Kind::Task: return {Icon::circle_check, Tint::primary};
  }
  return {Icon::message_square, Tint::quiet};
}

}  // namespace

void account_row(Frame& frame, const Rect& rect, const AccountItem& account, bool first,
                 std::int64_t today) {
  IdScope scope(static_cast<std::uint64_t>(number(account.id)));
  std::string facts = frame.fill(T::customer_tail, {{"tail", account.number_tail}});
  if (account.due_day != kNoDay) {
    facts = frame.fill(T::customer_due_at,
                       {{"day", format::due_day(frame.texts, frame.clock, account.due_day)}});
  }
  if (account.rate_bp > 0) {
    facts = joined(frame, facts,
                   frame.fill(T::customer_rate, {{"rate", format_percent(account.rate_bp, 2)}}));
  }
  std::vector<TagSpec> tags;
  const std::string overdue = frame.count(T::customer_overdue, account.overdue_days);
  const std::int64_t left = account.due_day == kNoDay ? -1 : account.due_day - today;
  const std::string days = frame.count(T::customer_days_left, left);
  if (account.closed) {
    tags.push_back({.label = frame.t(T::customer_closed), .small = true});
  } else if (account.overdue_days > 0) {
    tags.push_back({.label = overdue, .tone = Tint::danger, .small = true});
  } else if (left >= 0 && left <= kSoonDays) {
    tags.push_back({.label = days, .tone = Tint::warn, .small = true});
  }
  const bool loan = account.kind == "loan";
  const std::string amount =
      account.currency.empty() || account.currency == "CNY"
          ? format_amount(loan ? -account.balance_minor : account.balance_minor)
          : format_money(loan ? -account.balance_minor : account.balance_minor, account.currency);
  const Look look = row_look(account);
  list_row(frame, rect,
           {.title = account.product,
            .subtitle = facts,
            .value = amount,
            .icon = look.icon,
            .boxed_icon = true,
            .tone = account.closed ? Tint::quiet : look.tone,
            .tags = tags,
            .first = first});
}

Icon icon_of(const TimelineItem& item) { return row_look(item.kind).icon; }

int timeline_row(Frame& frame, const Session& session, const Rect& rect, const TimelineItem& item,
                 bool last) {
  IdScope scope(static_cast<std::uint64_t>(number(item.id)));
  std::string title = joined(frame, word(frame, item.what), item.product);
  title = joined(frame, title, item.text);
  if (item.amount_minor != 0) title += " " + format_money(item.amount_minor);
  std::string when =
      joined(frame, format::date_time(frame.texts, frame.clock, item.at_ms), item.who);
  if (!item.photos.empty()) when = joined(frame, when, photo_words(frame, item.photos));
  const Look look = row_look(item.kind);
  Rect inside = rect;
  if (const SyncState* state = unfinished(item.mark); state != nullptr) {
    sync_icon(frame, inside.cut_right(20, 8).centered(20, 32), *state);
  }
  const int pressed = photo_strip(frame, session, inside, item.photos);
  timeline_item(
      frame, inside,
      {.icon = look.icon, .tone = look.tone, .title = title, .subtitle = when, .last = last});
  return pressed;
}

RowId relation_graph(Frame& frame, const Rect& rect, std::string_view me,
                     std::span<const RelationItem> all) {
  const std::size_t count = std::min(all.size(), kNodesMax);
  const Vec middle = rect.center();
  const float across = rect.w / 2 - 48, down = rect.h / 2 - 34;
  const auto place = [&](std::size_t i) {
    const float turn = 6.2831853f * (static_cast<float>(i) + 0.5f) / static_cast<float>(count);
    return Vec{middle.x - across * std::cos(turn) * 0.9f, middle.y - 8 - down * std::sin(turn)};
  };
  for (std::size_t i = 0; i < count; ++i) {
    const Vec at = place(i);
    if (all[i].guarantee) {
      dashes(frame, middle, at, frame.color(Color::line_strong));
    } else {
      line(frame, middle, at, frame.color(Color::line_strong), 1.5f);
    }
  }
  RowId pressed = kNoRow;
  for (std::size_t i = 0; i < count; ++i) {
    const RelationItem& one = all[i];
    IdScope scope(static_cast<std::uint64_t>(number(one.id)));
    const Vec at = place(i);
    const Rect disc{at.x - 16, at.y - 16, 32, 32};
    const std::string name = joined(frame, one.name, word(frame, one.kind));
    const Response response = interact(
        frame, frame.id("relation"), disc,
        {.role = Role::link, .name = name, .states = one.other == kNoRow ? state::kDisabled : 0});
    circle(frame, at, 18, frame.color(Color::surface));
    avatar(frame, disc, {.initial = initial_of(one.name), .tone = tone_for(one.name), .size = 32});
    const Rect words{at.x - 60, at.y + 18, 120, 18};
    paint_line(frame, words, one.name, type::kLabel, frame.color(Color::text), Align::center);
    paint_line(frame, words.moved(0, 16), word(frame, one.kind), type::kCaption,
               frame.color(Color::text_3), Align::center);
    if (response.focused) focus_ring(frame, disc, 16);
    if (response.clicked) pressed = one.other;
  }
  circle(frame, middle, 26, frame.color(Color::surface));
  circle(frame, middle, 22, frame.color(Color::primary));
  paint_line(frame, Rect{middle.x - 22, middle.y - 12, 44, 24}, initial_of(me), type::kH3,
             frame.color(Color::on_primary), Align::center);
  return pressed;
}

}  // namespace banyan::ui
