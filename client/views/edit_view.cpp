#include "client/views/edit_view.h"

#include <algorithm>

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

constexpr float kColumnWidth = 880;

}  // namespace

void EditView::open(const Route& route) {
  const bool same = form_ && route == opened_ && app_.session() == session_;
  // What was typed stays; a form that nobody has touched shows the record as it is now.
  if (same && (form_->changed() || tried_ || version_ == app_.version())) return;
  version_ = app_.version();
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
    form_ = Form::create(*app_.session(), *entity, route.row(1));
    return;
  }
  Result<Form> form = Form::edit(*app_.session(), *entity, route.row(1));
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
    out.title =
        frame.fill(form_->creating() ? T::edit_new : T::edit_change, {{"what", amid(frame, what)}});
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
       Tint::warn);
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
