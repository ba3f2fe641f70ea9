#include "client/views/visit_view.h"

#include <algorithm>

#include "client/views/grown_card.h"
#include "client/views/pack_words.h"
#include "client/views/value_words.h"
#include "client/widgets/button.h"
#include "client/widgets/card.h"
#include "client/widgets/field.h"
#include "client/widgets/scroll.h"
#include "client/widgets/states.h"
#include "client/widgets/text.h"
#include "client/widgets/toggle.h"
#include "shared/base/date.h"
#include "shared/base/text.h"

namespace banyan::ui {

namespace {

constexpr float kEvidenceWidth = 388;
constexpr float kEvidenceHeight = 48 + 3 * 56 + 8;
constexpr float kTaskHeight = 48;

}  // namespace

VisitView::Draft* VisitView::open(const Route& route) {
  if (app_.session() != session_) {  // locked in between: the next person starts anew
    session_ = app_.session();
    drafts_.clear();
    head_.forget();
    tasks_.forget();
    products_.forget();
  }
  if (session_ == nullptr) return nullptr;
  key_ = {route.row(0), route.row(1)};
  if (head().id == kNoRow) return nullptr;
  const auto found = drafts_.find(key_);
  if (found != drafts_.end()) return &found->second;
  return &drafts_.emplace(key_, begin(key_)).first->second;
}

const CustomerHead& VisitView::head() {
  return head_.get(session_->version(), static_cast<std::uint64_t>(number(key_.first)), [&] {
    Result<CustomerHead> found = read_customer(*session_, key_.first);
    return found.ok() ? std::move(found).value() : CustomerHead{};
  });
}

const std::vector<TaskItem>& VisitView::tasks() {
  return tasks_.get(session_->version(), static_cast<std::uint64_t>(number(key_.first)),
                    [&] { return read_tasks(*session_, key_.first); });
}

// The purpose of a planned visit is known before it begins.
VisitView::Draft VisitView::begin(const Key& key) {
  Draft draft;
  draft.report.customer = key.first;
  draft.report.plan = key.second;
  draft.report.arrived_ms = session_->now_ms();
  if (key.second == kNoRow) return draft;
  const Result<RecordView> plan = read_record(*session_, *session_->names().visit_plan, key.second);
  if (!plan.ok()) {  // done on another device, or never here
    draft.report.plan = kNoRow;
    return draft;
  }
  for (const FieldView& one : plan->fields) {
    if (one.field->name == "purpose") draft.report.purpose = int_of(one.value);
  }
  return draft;
}

Surroundings VisitView::surroundings(Frame& frame, const Route& route) {
  const Draft* draft = open(route);
  Surroundings out;
  out.sub_page = out.closes = true;
  out.action_bar = draft != nullptr;
  if (draft == nullptr) return out;
  out.title = frame.fill(T::visit_title, {{"name", head().name}});
  out.subtitle = frame.fill(T::visit_subtitle,
                            {{"place", place_words(frame, head().place)},
                             {"time", format::time(frame.clock, draft->report.arrived_ms)}});
  return out;
}

void VisitView::draw(Frame& frame, const Route& route, Rect area) {
  Draft* draft = open(route);
  if (draft == nullptr) {
    if (session_ != nullptr && error_state(frame, area,
                                           {.icon = Icon::circle_alert,
                                            .title = frame.t(T::customer_gone),
                                            .text = frame.t(T::customer_gone_note),
                                            .action = frame.t(T::nav_back)})) {
      frame.shell.back();
    }
    return;
  }
  const float agreed_height = 48 + std::max(1.0f, static_cast<float>(tasks().size())) * kTaskHeight;
  const std::string_view promise = frame.t(T::visit_promise);
  if (frame.phone()) {
    Scroll scroll(frame, frame.id("visit"), area);
    Rect column = scroll.content().inset(12, 0);
    column.h = 100'000;
    column.cut_top(12);
    GrownCard card(frame, "record", column);
    card.end(record(frame, *draft, card.inside()));
    evidence(frame, *draft, column.cut_top(kEvidenceHeight, size::kGap));
    agreed(frame, column.cut_top(agreed_height, size::kGap));
    note(frame, column.cut_top(note_height(frame, column.w, promise), 12), Icon::info, promise);
    scroll.end(column.y);
    return;
  }
  area = Rect{area.x + frame.gutter(), area.y, area.w - 2 * frame.gutter(), area.h - size::kGap};
  Rect side = area.cut_right(kEvidenceWidth, size::kGap);
  paint_card(frame, area);
  {
    Scroll scroll(frame, frame.id("visit"), area.inset(1));
    scroll.end(record(frame, *draft, scroll.content().inset(16, 16)) + 16);
  }
  const float height = note_height(frame, side.w, promise);
  note(frame, side.cut_bottom(height, size::kGap), Icon::info, promise);
  evidence(frame, *draft, side.cut_top(kEvidenceHeight, size::kGap));
  agreed(frame, side);
}

float VisitView::record(Frame& frame, Draft& draft, Rect column) {
  column.h = 100'000;
  VisitReport& report = draft.report;
  const Entity& visit = *session_->names().visit;
  column.y = choices(frame, column, T::visit_purpose, *visit.field("purpose"), report.purpose);
  column.cut_top(products_.draw(frame, column, *session_, report.product));
  const std::string count =
      frame.count(T::visit_note_count, static_cast<std::int64_t>(utf8_length(report.note)));
  const FieldSpec spec{.label = frame.t(T::visit_note),
                       .hint = count,
                       .lines = 4,
                       .length_max = static_cast<int>(visit.field("note")->length_max)};
  text_field(frame, column.cut_top(field_height(frame, spec, column.w), 8), spec, report.note);
  column.y = photos(frame, draft, column);
  column.y = choices(frame, column, T::visit_outcome, *visit.field("outcome"), report.outcome);
  return next_step(frame, draft, column);
}

float VisitView::choices(Frame& frame, Rect column, T name, const Field& field,
                         std::int64_t& chosen) {
  IdScope scope(field.name);
  field_label(frame, column.cut_top(18, 6), frame.t(name), true);
  std::vector<ChipSpec> all;
  std::vector<std::int64_t> numbers;
  for (const Choice& choice : field.choices) {
    if (choice.retired && choice.no != chosen) continue;
    all.push_back({.label = word(frame, choice.label), .on = choice.no == chosen, .single = true});
    numbers.push_back(choice.no);
  }
  float height = 0;
  const int pressed = chips(frame, column, frame.t(name), all, height);
  if (pressed >= 0) chosen = numbers[static_cast<std::size_t>(pressed)];
  return column.y + height + 16;
}

float VisitView::next_step(Frame& frame, Draft& draft, Rect column) {
  VisitReport& report = draft.report;
  const bool bad_day = !trim(draft.next_day).empty() && !parse_date(trim(draft.next_day));
  const FieldSpec step{
      .label = frame.t(T::visit_next_step),
      .hint = frame.t(T::visit_next_step_hint),
      .length_max = static_cast<int>(session_->names().visit->field("next_step")->length_max)};
  text_field(frame, column.cut_top(field_height(frame, step, column.w), 8), step, report.next_step);
  const FieldSpec day{.label = frame.t(T::visit_next_day),
                      .hint = frame.t(T::visit_day_hint),
                      .error = bad_day ? frame.t(T::visit_bad_day) : std::string_view(),
                      .icon = Icon::calendar};
  text_field(frame, column.cut_top(field_height(frame, day, column.w), 4), day, draft.next_day);
  const std::int64_t today = session_->today();
  const std::pair<T, std::int64_t> kDays[] = {{T::visit_tomorrow, today + 1},
                                              {T::visit_in_week, today + 7},
                                              {T::visit_in_two_weeks, today + 14},
                                              {T::visit_in_month, add_months(today, 1)}};
  std::vector<ChipSpec> all;
  const std::optional<std::int64_t> typed = parse_date(trim(draft.next_day));
  for (const auto& [name, when] : kDays) {
    all.push_back({.label = frame.t(name), .on = typed == when, .single = true});
  }
  float height = 0;
  const int pressed = chips(frame, column, frame.t(T::visit_next_day), all, height);
  if (pressed >= 0) draft.next_day = format_date(kDays[pressed].second);
  column.cut_top(height);
  return column.y;
}

void VisitView::agreed(Frame& frame, Rect rect) {
  IdScope scope("agreed");
  paint_card(frame, rect);
  card_head(frame, rect, {.title = frame.t(T::visit_before)});
  const std::vector<TaskItem> tasks = this->tasks();  // a copy: a tick reads them anew
  if (tasks.empty()) {
    label(frame, rect.cut_top(kTaskHeight).inset(16, 0), frame.t(T::visit_before_none),
          type::kSmall, Color::text_3);
    return;
  }
  RowList rows(frame, frame.id("tasks"), rect.inset(1, 0), kTaskHeight,
               static_cast<std::int64_t>(tasks.size()));
  while (rows.next()) {
    const TaskItem& task = tasks[static_cast<std::size_t>(rows.index())];
    IdScope row(static_cast<std::uint64_t>(number(task.id)));
    if (rows.index() > 0) rule_above(frame, rows.rect());
    if (!checkbox_line(frame, rows.rect().inset(15, 0), task.title, task.done)) continue;
    if (!set_task_done(*session_, task.id, !task.done).ok()) {
      frame.shell.ask({.title = std::string(frame.t(T::customer_not_saved)),
                       .text = std::string(frame.t(T::customer_not_saved_note)),
                       .confirm = std::string(frame.t(T::action_done)),
                       .confirmed = [] {}});
    }
  }
}

}  // namespace banyan::ui
