// What a person does on a customer's screen: note, task, call, menu.
#include "client/views/customer_view.h"
#include "client/views/pack_words.h"
#include "client/widgets/button.h"
#include "client/widgets/card.h"
#include "client/widgets/field.h"
#include "client/widgets/tag.h"
#include "client/widgets/text.h"
#include "shared/app/commands.h"
#include "shared/base/date.h"
#include "shared/base/phone.h"
#include "shared/base/text.h"

namespace banyan::ui {

namespace {

void say_not_saved(AppShell& shell) {
  const Texts& texts = shell.texts();
  shell.ask({.title = std::string(texts.get(T::customer_not_saved)),
             .text = std::string(texts.get(T::customer_not_saved_note)),
             .confirm = std::string(texts.get(T::action_done)),
             .confirmed = [] {}});
}

void choose_one(Frame& frame, Rect& column, T name, const Field& field, std::int64_t skip,
                std::int64_t& chosen) {
  IdScope scope(field.name);
  label(frame, column.cut_top(18, 6), frame.t(name), type::kLabel, Color::text_2);
  std::vector<ChipSpec> all;
  std::vector<std::int64_t> numbers;
  for (const Choice& choice : field.choices) {
    if (choice.retired || choice.no == skip) continue;
    if (chosen == 0) chosen = choice.no;
    all.push_back({.label = word(frame, choice.label), .on = choice.no == chosen, .single = true});
    numbers.push_back(choice.no);
  }
  float height = 0;
  const int pressed = chips(frame, column, frame.t(name), all, height);
  if (pressed >= 0) chosen = numbers[static_cast<std::size_t>(pressed)];
  column.cut_top(height, 12);
}

}  // namespace

void CustomerView::open_note(Frame& frame) {
  Form form = Form::create(data_.session(), *data_.session().names().interaction, data_.id());
  if (const Form::Item* usual = form.item("direction"); usual != nullptr && direction_ == 0) {
    direction_ = usual->choice;
  }
  frame.shell.open({.title = std::string(frame.t(T::customer_note)),
                    .height = 516,
                    .draw = [this](Frame& now, Rect area) { note_sheet(now, area); }});
}

void CustomerView::note_sheet(Frame& frame, Rect area) {
  const Names& names = data_.session().names();
  const Entity& entity = *names.interaction;
  // A visit has a screen of its own.
  choose_one(frame, area, T::customer_channel, *entity.field("channel"), names.channel_visit,
             channel_);
  choose_one(frame, area, T::customer_direction, *entity.field("direction"), 0, direction_);
  area.cut_top(products_.draw(frame, area, data_.session(), product_));
  const FieldSpec spec{.label = frame.t(T::customer_text),
                       .lines = 3,
                       .length_max = static_cast<int>(entity.field("text")->length_max)};
  text_field(frame, area.cut_top(field_height(frame, spec, area.w), 8), spec, note_);
  if (!button(frame, area.cut_top(52),
              {.label = frame.t(T::action_save),
               .kind = ButtonKind::primary,
               .size = ButtonSize::large,
               .disabled = trim(note_).empty(),
               .reason = frame.t(T::field_empty)})) {
    return;
  }
  AppShell& shell = frame.shell;
  if (!add_interaction(data_.session(), data_.id(), channel_, direction_, note_, product_).ok()) {
    return say_not_saved(shell);
  }
  note_.clear();
  product_ = kNoRow;
  shell.close_sheet();
  shell.toast({.text = std::string(frame.t(T::customer_noted))});
}

void CustomerView::open_task(Frame& frame) {
  task_day_ = kNoDay;
  frame.shell.open({.title = std::string(frame.t(T::customer_new_task)),
                    .height = 260,
                    .draw = [this](Frame& now, Rect area) { task_sheet(now, area); }});
}

void CustomerView::task_sheet(Frame& frame, Rect area) {
  const Field& title = *data_.session().names().task->field("title");
  const FieldSpec spec{.label = frame.t(T::customer_task_title),
                       .length_max = static_cast<int>(title.length_max)};
  text_field(frame, area.cut_top(field_height(frame, spec, area.w), 4), spec, task_);
  label(frame, area.cut_top(18, 6), frame.t(T::customer_task_day), type::kLabel, Color::text_2);
  const std::int64_t today = data_.session().today();
  const std::pair<T, std::int64_t> kDays[] = {{T::customer_any_day, kNoDay},
                                              {T::date_today, today},
                                              {T::date_tomorrow, today + 1},
                                              {T::customer_in_week, today + 7},
                                              {T::customer_in_month, add_months(today, 1)}};
  std::vector<ChipSpec> all;
  for (const auto& [name, day] : kDays) {
    all.push_back({.label = frame.t(name), .on = day == task_day_, .single = true});
  }
  float height = 0;
  const int pressed = chips(frame, area, frame.t(T::customer_task_day), all, height);
  if (pressed >= 0) task_day_ = kDays[pressed].second;
  area.cut_top(height, 12);
  if (!button(frame, area.cut_top(52),
              {.label = frame.t(T::action_save),
               .kind = ButtonKind::primary,
               .size = ButtonSize::large,
               .disabled = trim(task_).empty(),
               .reason = frame.t(T::field_empty)})) {
    return;
  }
  AppShell& shell = frame.shell;
  if (!add_task(data_.session(), data_.id(), task_, task_day_).ok()) return say_not_saved(shell);
  task_.clear();
  shell.close_sheet();
  shell.toast({.text = std::string(frame.t(T::customer_task_added)), .undo = [this, &shell] {
                 const bool back = app_.session() != nullptr && undo(*app_.session()).ok();
                 shell.toast({.text = std::string(shell.texts().get(back ? T::customer_undone
                                                                         : T::customer_no_undo))});
               }});
}

void CustomerView::tick(Frame& frame, const TaskItem& task) {
  AppShell& shell = frame.shell;
  if (!set_task_done(data_.session(), task.id, !task.done).ok()) return say_not_saved(shell);
  const T words = task.done ? T::customer_reopened : T::customer_done;
  shell.toast({.text = frame.fill(words, {{"what", task.title}}), .undo = [this, &shell] {
                 const bool back = app_.session() != nullptr && undo(*app_.session()).ok();
                 shell.toast({.text = std::string(shell.texts().get(back ? T::customer_undone
                                                                         : T::customer_no_undo))});
               }});
}

void CustomerView::call(Frame& frame) {
  AppShell& shell = frame.shell;
  const std::string phone = data_.head().phone;
  shell.open({.title = std::string(frame.t(T::customer_call)),
              .height = 140,
              .draw = [phone, &shell](Frame& now, Rect area) {
                if (phone.empty()) {
                  label(now, area.cut_top(44), now.t(T::customer_no_phone), type::kBody);
                  return;
                }
                label(now, area.cut_top(44, 8), format_phone(phone),
                      now.tight() ? type::kH2 : type::kFigure);
                if (!button(now, area.cut_top(52),
                            {.label = now.t(T::customer_call_copy),
                             .kind = ButtonKind::primary,
                             .icon = Icon::copy})) {
                  return;
                }
                shell.copy(now, phone);
                shell.close_sheet();
                shell.toast({.text = std::string(now.t(T::customer_copied))});
              }});
}

void CustomerView::open_menu(Frame& frame) {
  struct Line {
    std::string words, route;  // "": a new task; kCall: to the telephone
    Icon icon;
  };
  static constexpr std::string_view kCall = "call";
  const Session& session = data_.session();
  const std::string id = std::to_string(number(data_.id()));
  std::vector<Line> lines;
  if (frame.tight()) {  // no room for it in the top bar
    lines.push_back({std::string(frame.t(T::customer_call)), std::string(kCall), Icon::phone});
  }
  if (data_.may(*session.names().customer, kUpdate)) {
    lines.push_back(
        {std::string(frame.t(T::customer_edit)), "#/edit/customer/" + id, Icon::pencil});
  }
  lines.push_back({std::string(frame.t(T::customer_visit)), "#/visit/" + id, Icon::footprints});
  lines.push_back({std::string(frame.t(T::customer_new_task)), "", Icon::clipboard_list});
  for (const Entity* entity :
       {session.names().preference, session.names().need, session.names().relation,
        session.names().visit_plan, session.names().own_entry}) {
    if (!data_.may(*entity, kCreate)) continue;
    lines.push_back(
        {frame.fill(T::customer_new_one, {{"what", amid(frame, word(frame, entity->label))}}),
         "#/new/" + entity->name + "/" + id, Icon::plus});
  }
  AppShell& shell = frame.shell;
  const float height = static_cast<float>(lines.size()) * 52;
  shell.open(
      {.title = data_.head().name,
       .height = height,
       .draw = [this, lines, &shell](Frame& now, Rect area) {
         for (const Line& one : lines) {
           IdScope scope(one.words);
           if (!list_row(now, area.cut_top(52),
                         {.title = one.words, .icon = one.icon, .first = &one == &lines.front()})
                    .clicked) {
             continue;
           }
           shell.close_sheet();
           if (one.route == kCall) return call(now);
           if (one.route.empty()) return open_task(now);
           return shell.go(one.route);
         }
       }});
}

}  // namespace banyan::ui
