#include "client/views/edit_view.h"

#include <algorithm>
#include <charconv>

#include "client/views/pack_words.h"
#include "client/views/value_words.h"
#include "client/widgets/button.h"
#include "client/widgets/card.h"
#include "client/widgets/draw.h"
#include "client/widgets/field.h"
#include "client/widgets/scroll.h"
#include "client/widgets/states.h"
#include "client/widgets/text.h"
#include "client/widgets/toggle.h"

namespace banyan::ui {

namespace {

constexpr float kColumnWidth = 880;

RowId row_from(std::string_view text) {
  std::int64_t id = 0;
  std::from_chars(text.data(), text.data() + text.size(), id);
  return RowId{id};
}

}  // namespace

void EditView::open(const Route& route) {
  if (form_ && route == opened_ && app_.session() == session_) return;
  session_ = app_.session();
  opened_ = route;
  form_.reset();
  trouble_.reset();
  tried_ = false;
  if (session_ == nullptr) return;
  const Entity* entity = session_->catalogue().entity(route.part(0));
  if (entity == nullptr) {
    trouble_ = fail(ErrorCode::NotFound, "entity");
    return;
  }
  if (route.name == "new") {
    form_ = Form::create(*app_.session(), *entity, row_from(route.part(1)));
    return;
  }
  Result<Form> form = Form::edit(*app_.session(), *entity, row_from(route.part(1)));
  if (form.ok()) {
    form_ = std::move(form).value();
  } else {
    trouble_ = form.error();
  }
}

Surroundings EditView::surroundings(Frame& frame, const Route& route) {
  open(route);
  Surroundings out;
  out.sub_page = out.closes = true;
  out.action_bar = form_.has_value();
  if (form_) {
    const std::string& what = word(frame, form_->entity().label);
    out.title = frame.fill(form_->creating() ? T::edit_new : T::edit_change, {{"what", what}});
    if (!form_->creating()) {
      out.subtitle = title_of(*app_.session(), form_->entity(), form_->id());
    }
  }
  return out;
}

void EditView::draw(Frame& frame, const Route&, Rect area) {
  if (!form_) {
    if (trouble_ && error_state(frame, area,
                                {.icon = Icon::circle_alert,
                                 .title = frame.t(T::edit_gone),
                                 .text = frame.t(T::edit_gone_note),
                                 .action = frame.t(T::nav_back)})) {
      frame.shell.back();
    }
    return;
  }
  if (tried_) static_cast<void>(form_->check(*app_.session()));
  Scroll scroll(frame, frame.id("form"), area);
  Rect content = scroll.content();
  content = Rect{content.x + std::max(0.0f, (content.w - kColumnWidth) / 2), content.y,
                 std::min(content.w, kColumnWidth), 100'000};
  twins(frame, content);
  for (const Form::Section& one : form_->sections()) section(frame, one, content);
  scroll.end(content.y);
}

void EditView::twins(Frame& frame, Rect& column) {
  if (!form_->creating() || !tried_) return;
  const std::vector<RowId> twins = form_->likely_twins(*app_.session());
  if (twins.empty()) return;
  const std::string name = title_of(*app_.session(), form_->entity(), twins.front());
  const std::string words = frame.fill(T::edit_twin, {{"name", name}});
  note(frame, column.cut_top(note_height(frame, column.w, words), 4), Icon::users, words,
       NoteTone::warn);
  if (link(frame, column.cut_top(44, 8).cut_left(200),
           {.label = frame.t(T::edit_twin_open), .after = Icon::chevron_right})) {
    frame.shell.go("#/customer/" + std::to_string(number(twins.front())));
  }
}

void EditView::section(Frame& frame, const Form::Section& section, Rect& column) {
  const int columns = frame.phone() ? 1 : 2;
  const Rect top{column.x, column.y, column.w, 0};
  // Measured by drawing: the card is painted first with last frame's height.
  IdScope scope(section.label.en);
  const Id id = frame.id("card");
  EaseMemory& height = frame.memory.eases[id];
  paint_card(frame, {top.x, top.y, top.w, height.known ? height.to : 200.0f});
  Rect inside{top.x + 16, top.y, top.w - 32, 100'000};
  if (!section.label.zh.empty()) {
    heading(frame, inside.cut_top(48), word(frame, section.label), type::kH3, 2);
  } else {
    inside.cut_top(16);
  }
  float row_height = 0;
  int place = 0;
  for (const std::size_t index : section.items) {
    Form::Item& one = form_->items()[index];
    const bool whole = one.field->multiline || one.field->merge == Merge::Set ||
                       (one.field->type == FieldType::Enum && one.field->choices.size() <= 6);
    if (whole && place != 0) {
      inside.cut_top(row_height, 4);
      place = 0;
      row_height = 0;
    }
    const Rect slot = whole ? inside : inside.column(place, columns, size::kGap);
    row_height = std::max(row_height, item(frame, one, slot));
    if (whole || ++place == columns) {
      inside.cut_top(row_height, 4);
      place = 0;
      row_height = 0;
    }
  }
  if (place != 0) inside.cut_top(row_height, 4);
  const float used = inside.y + 12 - top.y;
  if (!height.known || height.to != used) {
    height.known = true;
    height.to = used;
    frame.redraw();
  }
  column.cut_top(used, size::kGap);
}

float EditView::item(Frame& frame, Form::Item& item, Rect rect) {
  const Field& field = *item.field;
  IdScope scope(field.name);
  const std::string& name = word(frame, field.label);
  const std::string flaw = flaw_words(frame, item);
  const bool few = field.type == FieldType::Enum && field.choices.size() <= 6;
  if (field.merge == Merge::Set || few) {
    label(frame, rect.cut_top(18, 6), field.required ? name + " *" : name, type::kLabel,
          Color::text_2);
    const bool set = field.merge == Merge::Set;
    std::vector<ChipSpec> all;
    if (field.type == FieldType::Ref) {
      choices_ = read_choices(*app_.session(), *session_->catalogue().entity(field.ref));
      for (const RefChoice& choice : choices_) {
        all.push_back({.label = choice.name,
                       .on = std::count(item.set.begin(), item.set.end(), number(choice.id)) > 0});
      }
    } else {
      for (const Choice& choice : field.choices) {
        const bool on = set ? std::count(item.set.begin(), item.set.end(), choice.no) > 0
                            : item.choice == choice.no;
        all.push_back({.label = word(frame, choice.label), .on = on, .single = !set});
      }
    }
    float height = 0;
    const int pressed = chips(frame, rect, name, all, height);
    if (pressed >= 0 && !item.read_only) {
      const auto at = static_cast<std::size_t>(pressed);
      const std::int64_t element =
          field.type == FieldType::Ref ? number(choices_[at].id) : field.choices[at].no;
      if (!set) {
        item.choice = item.choice == element && !field.required ? 0 : element;
      } else if (const auto found = std::find(item.set.begin(), item.set.end(), element);
                 found != item.set.end()) {
        item.set.erase(found);
      } else {
        item.set.insert(std::upper_bound(item.set.begin(), item.set.end(), element), element);
      }
    }
    rect.cut_top(height, 4);
    if (!flaw.empty()) label(frame, rect.cut_top(18), flaw, type::kSmall, Color::danger);
    return 24 + height + (flaw.empty() ? 12.0f : 30.0f);
  }
  FieldSpec spec{.label = name,
                 .hint = word(frame, field.hint),
                 .error = flaw,
                 .unit = word(frame, field.unit),
                 .required = field.required,
                 .read_only = item.read_only,
                 .lines = field.multiline ? 4 : 1,
                 .length_max = static_cast<int>(field.length_max)};
  const Rect box = rect.cut_top(field_height(spec));
  switch (field.type) {
    case FieldType::Bool:
      if (checkbox_line(frame, {box.x, box.y + 22, box.w, 48}, name, item.choice != 0)) {
        item.choice = item.choice == 0 ? 1 : 0;
      }
      break;
    case FieldType::Enum: {
      const Choice* chosen = field.choice(item.choice);
      const std::string shown = chosen == nullptr ? std::string() : word(frame, chosen->label);
      if (select_field(frame, box, spec, shown) && !item.read_only) choose_from_many(frame, item);
      break;
    }
    case FieldType::Ref: {
      const Entity* target = session_->catalogue().entity(field.ref);
      const std::string shown =
          item.ref == kNoRow ? std::string() : title_of(*session_, *target, item.ref);
      if (select_field(frame, box, spec, shown) && !item.read_only) choose_ref(frame, item);
      break;
    }
    case FieldType::Money: spec.kind = FieldKind::money; [[fallthrough]];
    default:
      if (field.type == FieldType::Phone) spec.kind = FieldKind::phone;
      if (field.type == FieldType::IdNumber) spec.kind = FieldKind::id_number;
      if (field.type == FieldType::Int || field.type == FieldType::Percent) {
        spec.kind = FieldKind::number;
      }
      if (field.type == FieldType::Date) {
        spec.icon = Icon::calendar;
        spec.placeholder = "2028-11-02";
      }
      text_field(frame, box, spec, item.text);
  }
  return box.h;
}

void EditView::choose_from_many(Frame& frame, Form::Item& item) {
  AppShell& shell = frame.shell;
  shell.open({.title = word(frame, item.field->label),
              .height = 480,
              .draw = [&item, &shell](Frame& now, Rect area) {
                const auto& all = item.field->choices;
                RowList rows(now, now.id("choices"), area, 52,
                             static_cast<std::int64_t>(all.size()));
                while (rows.next()) {
                  const Choice& choice = all[static_cast<std::size_t>(rows.index())];
                  IdScope scope(choice.name);
                  if (!list_row(now, rows.rect(),
                                {.title = word(now, choice.label),
                                 .selected = choice.no == item.choice,
                                 .first = rows.index() == 0})
                           .clicked) {
                    continue;
                  }
                  item.choice = choice.no;
                  shell.close_sheet();
                  return;
                }
              }});
}

void EditView::choose_ref(Frame& frame, Form::Item& item) {
  const Entity* target = session_->catalogue().entity(item.field->ref);
  choices_ = read_choices(*session_, *target);
  find_.clear();
  AppShell& shell = frame.shell;
  shell.open({.title = word(frame, item.field->label),
              .height = 520,
              .draw = [this, &item, &shell](Frame& now, Rect area) {
                search_field(now, area.cut_top(52, 8), now.t(T::edit_find), find_);
                std::vector<const RefChoice*> shown;
                for (const RefChoice& choice : choices_) {
                  if (choice.name.find(find_) != std::string::npos) shown.push_back(&choice);
                }
                RowList rows(now, now.id("refs"), area, 52,
                             static_cast<std::int64_t>(shown.size()));
                while (rows.next()) {
                  const RefChoice& choice = *shown[static_cast<std::size_t>(rows.index())];
                  IdScope scope(static_cast<std::uint64_t>(number(choice.id)));
                  if (!list_row(now, rows.rect(),
                                {.title = choice.name,
                                 .selected = choice.id == item.ref,
                                 .first = rows.index() == 0})
                           .clicked) {
                    continue;
                  }
                  item.ref = choice.id;
                  shell.close_sheet();
                  return;
                }
              }});
}

void EditView::draw_actions(Frame& frame, const Route&, Rect rect) {
  if (!form_) return;
  rect = rect.inset(frame.gutter(), (rect.h - 44) / 2);
  if (button_right(frame, rect,
                   {.label = frame.t(T::action_save),
                    .kind = ButtonKind::primary,
                    .icon = Icon::check,
                    .disabled = !form_->creating() && !form_->changed(),
                    .reason = frame.t(T::edit_unchanged)})) {
    save(frame);
    return;
  }
  if (button_left(frame, rect, {.label = frame.t(T::action_cancel), .kind = ButtonKind::quiet})) {
    leave(frame);
  }
}

void EditView::leave(Frame& frame) {
  AppShell& shell = frame.shell;
  if (!form_->changed()) return shell.back();
  shell.ask({.title = std::string(frame.t(T::edit_give_up)),
             .text = std::string(frame.t(T::edit_give_up_note)),
             .confirm = std::string(frame.t(T::edit_give_up_yes)),
             .danger = true,
             .confirmed = [this, &shell] {
               form_.reset();
               shell.back();
             }});
}

void EditView::save(Frame& frame) {
  tried_ = true;
  Session& session = *app_.session();
  if (!form_->check(session)) return;
  const bool new_customer = form_->creating() && &form_->entity() == session.names().customer;
  const Result<RowId> saved = form_->save(session);
  AppShell& shell = frame.shell;
  if (!saved.ok()) {
    const bool full = saved.error().code == ErrorCode::StorageFull;
    shell.ask({.title = std::string(frame.t(T::edit_not_saved)),
               .text = std::string(frame.t(full ? T::unlock_full : T::edit_not_saved_note)),
               .confirm = std::string(frame.t(T::action_retry)),
               .confirmed = [] {}});
    return;
  }
  const RowId id = *saved;
  form_.reset();
  shell.toast({.text = std::string(frame.t(T::edit_saved)), .undo = [this, &shell] {
                 if (const Status back = undo(*app_.session()); !back.ok()) {
                   shell.toast({.text = std::string(shell.texts().get(T::edit_no_undo))});
                 }
               }});
  if (new_customer) {
    shell.replace("#/customer/" + std::to_string(number(id)));
  } else {
    shell.back();
  }
}

}  // namespace banyan::ui
