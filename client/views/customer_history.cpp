#include "client/views/customer_history.h"

#include "client/views/history_words.h"
#include "client/views/pack_words.h"
#include "client/views/value_words.h"
#include "client/widgets/button.h"
#include "client/widgets/card.h"
#include "client/widgets/draw.h"
#include "client/widgets/scroll.h"
#include "client/widgets/states.h"
#include "client/widgets/text.h"
#include "shared/app/commands.h"

namespace banyan::ui {

namespace {

constexpr float kChangeHeight = 62, kDetailWidth = 420, kTwoPanes = 860;

Icon icon_of_change(const HistoryItem& item) {
  switch (item.changes.front().kind) {
    case HistoryChange::Kind::Created: return Icon::plus;
    case HistoryChange::Kind::Deleted: return Icon::trash_2;
    case HistoryChange::Kind::Restored: return Icon::rotate_ccw;
    case HistoryChange::Kind::Set: break;
  }
  return item.from.author.empty() ? Icon::server : Icon::pencil;
}

bool unused(const HistoryItem& item) {
  for (const HistoryChange& change : item.changes) {
    if (change.outcome == Outcome::Ok) return false;
  }
  return true;
}

std::string time_words(Frame& frame, std::int64_t at_ms) {
  return format::date_time(frame.texts, frame.clock, at_ms);
}

}  // namespace

void CustomerHistory::forget() {
  chosen_.reset();
  personal_ = false;
}

void CustomerHistory::open(CustomerData& data) {
  if (session_ == &data.session() && history_ && history_->aggregate() == data.id()) return;
  session_ = &data.session();
  history_ = std::make_unique<RecordHistory>(*session_, data.id());
  asked_after_ms_ = -1;
  forget();
}

void CustomerHistory::keep_fresh() {
  const std::int64_t synced = session_->sync_status().last_success_ms;
  if (synced == asked_after_ms_ || history_->state() == RecordHistory::State::Asking) return;
  asked_after_ms_ = synced;
  history_->ask();
}

const HistoryItem* CustomerHistory::chosen() {
  for (const HistoryItem& item : history_->items()) {
    if (chosen_ == Chosen{item.from.device, item.seq}) return &item;
  }
  return nullptr;
}

void CustomerHistory::draw(Frame& frame, Rect area, CustomerData& data) {
  IdScope scope("history");
  open(data);
  keep_fresh();
  const auto& all = history_->items();
  if (all.empty()) {
    paint_card(frame, area);
    empty_state(frame, area,
                {.icon = Icon::history,
                 .title = frame.t(T::customer_no_history),
                 .text = frame.t(T::customer_no_history_note)});
    return;
  }
  if (area.w < kTwoPanes) return list(frame, area);
  const Rect right = area.cut_right(kDetailWidth, size::kGap);
  if (chosen() == nullptr) chosen_ = {all.front().from.device, all.front().seq};
  list(frame, area);
  paint_card(frame, right);
  detail(frame, right, false);
}

// What is shown, and what is not.
void CustomerHistory::state_line(Frame& frame, Rect& area) {
  using State = RecordHistory::State;
  std::string words;
  Icon icon = Icon::info;
  if (history_->state() == State::Asking) {
    const auto count = static_cast<std::int64_t>(history_->entries());
    words = count == 0 ? std::string(frame.t(T::history_asking))
                       : frame.count(T::history_asking_some, count);
    icon = Icon::loader_circle;
  } else if (const auto& trouble = history_->trouble()) {
    const bool away = trouble->code == ErrorCode::Unavailable;
    words = away ? std::string(frame.t(T::history_here))
                 : frame.fill(T::history_refused, {{"why", trouble->detail}});
    icon = away ? Icon::wifi_off : Icon::circle_alert;
  } else if (history_->state() == State::Part) {
    words = frame.count(T::history_part, static_cast<std::int64_t>(history_->entries()));
  }
  if (words.empty()) return;
  Rect line = area.inset(12, 12);
  const bool again = history_->trouble().has_value();
  const LinkSpec retry{.label = frame.t(T::action_retry)};
  const float side = again ? link_width(frame, retry) + 12 : 0;
  Rect box = line.cut_top(note_height(frame, line.w - side, words));
  area.cut_top(box.h + 16);
  if (again && link(frame, box.cut_right(side - 12, 12), retry)) history_->ask();
  note(frame, box, icon, words);
}

void CustomerHistory::list(Frame& frame, Rect area) {
  paint_card(frame, area);
  state_line(frame, area);
  const auto& all = history_->items();
  RowList rows(frame, frame.id("rows"), area.inset(1), row_height(frame, kChangeHeight),
               static_cast<std::int64_t>(all.size()));
  while (rows.next()) {
    const HistoryItem& item = all[static_cast<std::size_t>(rows.index())];
    IdScope scope(item.seq);
    const bool here = chosen_ == Chosen{item.from.device, item.seq};
    row(frame, rows.rect(), item, rows.index() == 0, here && area.w >= kTwoPanes / 2);
  }
}

void CustomerHistory::row(Frame& frame, const Rect& rect, const HistoryItem& item, bool first,
                          bool selected) {
  const HistoryReader reader{*session_, *session_->names().customer, personal_};
  const std::string what = item_words(frame, reader, item);
  std::string when = joined(frame, time_words(frame, item.from.at_ms), author_words(frame, item));
  if (!item.from.author.empty()) when = joined(frame, when, device_words(frame, item.from));
  std::vector<TagSpec> tags;
  const auto tag = [&](bool is, T words, Tint tone) {
    if (is) tags.push_back({.label = frame.t(words), .tone = tone, .small = true});
  };
  tag(item.from.pending, T::customer_pending, Tint::info);
  tag(unused(item), T::history_bar_unused, Tint::quiet);
  tag(item.late, T::history_late, Tint::warn);
  tag(item.suspect, T::history_suspect, Tint::warn);
  tag(item.let_in, T::history_let_in, Tint::info);
  if (!list_row(frame, rect,
                {.title = what,
                 .subtitle = when,
                 .icon = icon_of_change(item),
                 .boxed_icon = true,
                 .tags = tags,
                 .selected = selected,
                 .chevron = true,
                 .first = first})
           .clicked) {
    return;
  }
  chosen_ = {item.from.device, item.seq};
  if (!selected && rect.w < kTwoPanes / 2) open_sheet(frame);
}

void CustomerHistory::open_sheet(Frame& frame) {
  frame.shell.open({.title = std::string(frame.t(T::history_detail)),
                    .height = 520,
                    .draw = [this](Frame& now, Rect area) {
                      if (app_.session() == session_) detail(now, area, true);
                    }});
}

void CustomerHistory::detail(Frame& frame, Rect area, bool in_sheet) {
  IdScope scope("detail");
  const HistoryItem* item = chosen();
  if (item == nullptr) {
    empty_state(frame, area,
                {.icon = Icon::history,
                 .title = frame.t(T::history_choose),
                 .text = frame.t(T::history_choose_note)});
    return;
  }
  const float pad = in_sheet ? 4 : 16;
  if (!in_sheet) card_head(frame, area, {.title = frame.t(T::history_detail)});
  const TakingBack& plan = plan_.get(history_->reading(), item->seq,
                                     [&] { return plan_taking_back(*session_, *item, false); });
  const bool explains = plan.newer == 0 && (plan.parts == 0 || plan.bar != UndoBar::None);
  const float foot = 44 + (plan.newer > 0 ? 52.f : 0) + (explains ? 32.f : 0);
  actions(frame, area.cut_bottom(foot + 2 * (pad - 4)).inset(in_sheet ? 0 : pad, pad - 4), *item,
          plan);
  Scroll scroll(frame, frame.id("changes"), area);
  Rect column = scroll.content().inset(in_sheet ? 0 : pad, 0);
  column.h = 100'000;
  column.cut_top(in_sheet ? 0 : 8);
  facts(frame, column, *item);
  bool hides = false;
  for (const HistoryChange& one : item->changes) {
    hides = hides || (one.field != nullptr && one.field->personal);
    change(frame, column, one);
  }
  if (hides && !personal_) {
    const LinkSpec show{.label = frame.t(T::history_show), .before = Icon::eye};
    Rect line = column.cut_top(44);
    if (link(frame, line.cut_left(link_width(frame, show)), show)) personal_ = true;
  }
  scroll.end(column.y + 12);
}

void CustomerHistory::facts(Frame& frame, Rect& column, const HistoryItem& item) {
  const auto line = [&](T name, const std::string& value) {
    pair(frame, column.cut_top(pair_height(frame)), frame.t(name), value);
  };
  line(T::history_who, author_words(frame, item));
  line(T::history_device, device_words(frame, item.from));
  line(T::history_written, time_words(frame, item.from.at_ms));
  if (item.received_ms != 0 || item.from.pending) {
    line(T::history_received, item.received_ms == 0 ? std::string(frame.t(T::history_not_received))
                                                    : time_words(frame, item.received_ms));
  }
  column.cut_top(8);
}

void CustomerHistory::change(Frame& frame, Rect& column, const HistoryChange& one) {
  const HistoryReader reader{*session_, *session_->names().customer, personal_};
  rule_above(frame, column);
  column.cut_top(10);
  if (one.kind != HistoryChange::Kind::Set) {
    const std::string words = change_words(frame, reader, one);
    column.cut_top(paragraph(frame, column, words, with(type::kTable, Weight::w500)), 10);
    return;
  }
  const bool counts = one.outcome == Outcome::Ok;
  const std::string name = field_words(frame, reader, one);
  column.cut_top(paragraph(frame, column, name, type::kSmall, Color::text_2), 2);
  const auto value = [&](T what, const CellState& state, Color color) {
    Rect line = column;
    label(frame, line.cut_left(52).cut_top(24), frame.t(what), type::kCaption, Color::text_3);
    const std::string words = state_words(frame, reader, *one.field, state);
    column.cut_top(std::max(24.f, paragraph(frame, line, words, type::kBody, color)), 2);
  };
  if (one.before) value(T::history_old, *one.before, Color::text_2);
  value(T::history_new, one.after, counts ? Color::text : Color::text_3);
  const auto remark = [&](T words) {
    column.cut_top(paragraph(frame, column, frame.t(words), type::kCaption, Color::warn), 2);
  };
  if (one.outcome == Outcome::Lost) remark(T::history_lost);
  if (one.outcome == Outcome::Sibling) remark(T::history_sibling);
  if (one.outcome == Outcome::DeadRow) remark(T::history_dead);
  if (counts && one.before && !one.newest) remark(T::history_newer);
  column.cut_top(8);
}

void CustomerHistory::actions(Frame& frame, Rect area, const HistoryItem& item,
                              const TakingBack& plan) {
  const auto count = static_cast<std::int64_t>(plan.parts);
  const bool some = count > 0 && plan.bar != UndoBar::None;
  const std::string words = plan.asks ? std::string(frame.t(T::history_ask_back))
                            : some    ? frame.count(T::history_take_back_some, count)
                                      : std::string(frame.t(T::history_take_back));
  const std::string_view why = frame.t(words_of(plan.bar));
  if (button(frame, area.cut_top(44, 8),
             {.label = words,
              .kind = ButtonKind::primary,
              .icon = Icon::rotate_ccw,
              .disabled = count == 0,
              .reason = why})) {
    return take_back(frame, item, false);
  }
  if (plan.newer > 0) {
    if (!button(frame, area.cut_top(44), {.label = frame.t(T::history_over)})) return;
    frame.shell.ask({.title = std::string(frame.t(T::history_over_title)),
                     .text = std::string(frame.t(T::history_over_text)),
                     .confirm = std::string(frame.t(T::history_over_do)),
                     .danger = true,
                     .confirmed = [this, &frame, kept = item] { take_back(frame, kept, true); }});
  } else if (count == 0 || some) {
    paragraph(frame, area, why, type::kSmall, Color::text_2, Align::center);
  }
}

void CustomerHistory::take_back(Frame& frame, const HistoryItem& item, bool over_newer) {
  AppShell& shell = frame.shell;
  const bool asks = plan_taking_back(*session_, item, over_newer).asks;
  const Status done = banyan::take_back(*session_, history_->aggregate(), item, over_newer);
  shell.close_sheet();
  if (!done) return shell.toast({.text = std::string(shell.texts().get(T::history_not_done))});
  const T words = asks ? T::history_asked : T::history_done;
  Toast toast{.text = std::string(shell.texts().get(words))};
  if (!asks) {
    toast.undo = [this, &shell] {
      const bool back = app_.session() != nullptr && undo(*app_.session()).ok();
      shell.toast({.text = std::string(
                       shell.texts().get(back ? T::customer_undone : T::customer_no_undo))});
    };
  }
  shell.toast(std::move(toast));
}

}  // namespace banyan::ui
