#include "client/views/conflict_desk.h"

#include <algorithm>

#include "client/views/pack_words.h"
#include "client/views/value_words.h"
#include "client/widgets/button.h"
#include "client/widgets/conflict.h"
#include "client/widgets/draw.h"
#include "client/widgets/field.h"
#include "client/widgets/scroll.h"
#include "client/widgets/states.h"
#include "client/widgets/text.h"
#include "client/widgets/toggle.h"

namespace banyan::ui {

namespace {

// What is said of one value; the words live here, the widget only looks at them.
struct Side {
  std::string who, role, value, when, device, line;
  bool pending = false, mine = false;
};

Side side_of(Frame& frame, const Session& session, const Field& field, const ConflictChoice& one) {
  Side out;
  out.mine = one.mine;
  out.pending = one.from.pending;
  const std::string name =
      one.from.author.empty() ? std::string(frame.t(T::outbox_somebody)) : one.from.author;
  out.who = one.mine ? frame.fill(T::outbox_mine, {{"name", session.me().name}}) : name;
  out.role = frame.t(one.mine ? T::outbox_mine_role : T::outbox_other_role);
  out.value = value_words(frame, session, field, one.value);
  out.when = one.from.at_ms == 0 ? std::string(frame.t(T::format_unknown))
                                 : format::date_time(frame.texts, frame.clock, one.from.at_ms);
  out.device = device_words(frame, one.from);
  out.line = frame.t(one.from.pending ? T::outbox_pending : T::outbox_received);
  return out;
}

ConflictSide shown(const Session& session, const Side& side, bool mine) {
  return {.who = side.who,
          .role = side.role,
          .initial = initial_of(side.mine ? std::string_view(session.me().name) : side.who),
          .value = side.value,
          .when = side.when,
          .device = side.device,
          .line = side.line,
          .offline = side.pending,
          .me = mine};
}

bool can_be_typed(const Field& field) {
  if (field.merge == Merge::Text) return false;  // one paragraph of many: in its form
  switch (field.type) {
    case FieldType::Text:
    case FieldType::Int:
    case FieldType::Money:
    case FieldType::Percent:
    case FieldType::Date:
    case FieldType::Phone:
    case FieldType::IdNumber: return true;
    default: return false;
  }
}

FieldKind kind_of(FieldType type) {
  switch (type) {
    case FieldType::Money: return FieldKind::money;
    case FieldType::Int:
    case FieldType::Percent: return FieldKind::number;
    case FieldType::Phone: return FieldKind::phone;
    case FieldType::IdNumber: return FieldKind::id_number;
    default: return FieldKind::text;
  }
}

// Three or more values: one line each.
bool value_row(Frame& frame, const Rect& rect, const Side& side, bool on) {
  const std::string words = joined(frame, side.who, joined(frame, side.when, side.device));
  const Response response = interact(
      frame, frame.id("value"), rect,
      {.role = Role::radio, .name = side.value + ", " + words, .states = on ? state::kChecked : 0});
  fill(frame, rect, frame.color(on ? Color::conflict_soft : Color::surface), radius::kButton);
  outline(frame, rect, frame.color(on ? Color::conflict : Color::line_strong), radius::kButton,
          on ? 2 : frame.theme.line());
  Rect inside = rect.inset(16, 0);
  paint_radio(frame, inside.cut_right(24, 12).center(), on, Color::conflict);
  Rect lines = inside.centered(inside.w, 46);
  paint_line(frame, lines.cut_top(26, 2), side.value, type::kH2, frame.color(Color::text));
  paint_line(frame, lines, words, type::kSmall, frame.color(Color::text_2));
  if (response.focused) focus_ring(frame, rect, radius::kButton);
  return response.clicked;
}

}  // namespace

const std::vector<ConflictItem>& ConflictDesk::all() {
  return all_.get(app_.version(), 0, [&] { return read_conflicts(*app_.session()); });
}

void ConflictDesk::forget() {
  chosen_ = {};
  form_.reset();
}

void ConflictDesk::keep_choice(const ConflictItem& item) {
  const Chosen same{item.row, item.field, item.element, item.choices.size(), chosen_.index};
  if (chosen_ == same) return;
  chosen_ = same;
  chosen_.index = -1;
  form_.reset();
}

void ConflictDesk::draw(Frame& frame, Rect area) {
  if (all().empty()) {
    empty_state(frame, area,
                {.icon = Icon::git_compare,
                 .title = frame.t(T::outbox_desk_empty),
                 .text = frame.t(T::outbox_desk_empty_note)});
    return;
  }
  at_ = std::min(at_, all().size() - 1);
  const ConflictItem item = all()[at_];  // a copy: deciding reads the list anew
  keep_choice(item);
  const float pad = 16;
  actions(frame, area.cut_bottom(76).inset(pad, 16), item);
  Scroll scroll(frame, frame.id("conflict"), area.inset(1, 0));
  Rect column = scroll.content().inset(pad, 0);
  column.h = 100'000;
  column.cut_top(12);
  head(frame, column.cut_top(48, 12), item);
  values(frame, column, item);
  column.cut_top(size::kGap);
  if (form_) {
    typed(frame, column);
  } else {
    const bool text = item.field->merge == Merge::Text;
    const std::string_view hint = frame.t(text ? T::outbox_text_hint : T::outbox_hint);
    note(frame, column.cut_top(note_height(frame, column.w, hint)), Icon::lightbulb, hint,
         Tint::conflict);
  }
  scroll.end(column.y + 12);
}

void ConflictDesk::head(Frame& frame, Rect rect, const ConflictItem& item) {
  avatar(frame, rect.cut_left(40, 12).centered(40, 40),
         {.initial = initial_of(item.title), .tone = tone_for(item.title)});
  if (item.entity->aggregate == "customer") {
    const LinkSpec open{.label = frame.t(T::outbox_open), .after = Icon::chevron_right};
    if (link(frame, rect.cut_right(link_width(frame, open)), open)) {
      frame.shell.go("#/customer/" + std::to_string(number(item.aggregate)));
    }
  }
  if (all().size() > 1) {
    const LinkSpec next{.label = frame.t(T::outbox_next_one), .after = Icon::arrow_right};
    if (link(frame, rect.cut_right(link_width(frame, next)), next)) at_ = (at_ + 1) % all().size();
    const std::string of = frame.fill(
        T::outbox_of, {{"n", std::to_string(at_ + 1)}, {"all", std::to_string(all().size())}});
    label(frame, rect.cut_right(text_width(frame, of, type::kSmall) + 1, 4), of, type::kSmall,
          Color::text_2);
  }
  Rect words = rect.centered(rect.w, 42);
  const std::string title = frame.fill(
      T::outbox_place, {{"name", item.title}, {"field", word(frame, item.field->label)}});
  heading(frame, words.cut_top(24), title, {16, 24, Weight::w500}, 3);
  label(frame, words,
        joined(frame, place_words(frame, item.place), word(frame, item.entity->label)),
        type::kSmall, Color::text_2);
}

void ConflictDesk::values(Frame& frame, Rect& column, const ConflictItem& item) {
  std::vector<Side> sides;
  for (const ConflictChoice& one : item.choices) {
    sides.push_back(side_of(frame, *app_.session(), *item.field, one));
  }
  int pressed = -1;
  if (item.field->merge == Merge::Text) {
    std::vector<ConflictSide> texts;
    texts.reserve(sides.size());
    for (const Side& one : sides) texts.push_back(shown(*app_.session(), one, one.mine));
    pressed = conflict_texts(frame, column, texts, chosen_.index);
  } else if (sides.size() == 2) {
    // The widget tells its two sides apart by whose they are.
    const bool first_mine = sides[0].mine;
    pressed = conflict_pair(frame, column.cut_top(conflict_pair_height(frame.phone())),
                            shown(*app_.session(), sides[0], first_mine),
                            shown(*app_.session(), sides[1], !first_mine), chosen_.index);
  } else {
    const auto count = static_cast<float>(sides.size());
    const Rect place = column.cut_top(count * 72 - 8);
    GroupScope group(frame, Role::radiogroup, frame.t(T::sync_choose), place);
    Rect left = place;
    for (std::size_t i = 0; i < sides.size(); ++i) {
      IdScope scope(i);
      const auto index = static_cast<int>(i);
      if (value_row(frame, left.cut_top(64, 8), sides[i], chosen_.index == index)) pressed = index;
    }
  }
  if (pressed >= 0) {
    chosen_.index = pressed;
    form_.reset();
  }
}

void ConflictDesk::start_typing(const ConflictItem& item) {
  Result<Form> form = Form::edit(*app_.session(), *item.entity, item.row);
  if (!form.ok() || form->item(item.field->name) == nullptr) return;
  form_ = std::move(form).value();
  chosen_.index = -1;
}

void ConflictDesk::typed(Frame& frame, Rect& column) {
  Form::Item& item = *form_->item(chosen_.field->name);
  const std::string& name = word(frame, item.field->label);
  if (form_->changed()) static_cast<void>(form_->check(*app_.session()));
  const std::string flaw = flaw_words(frame, item);
  const FieldSpec spec{.label = name,
                       .kind = kind_of(item.field->type),
                       .hint = word(frame, item.field->hint),
                       .error = flaw,
                       .unit = word(frame, item.field->unit),
                       .length_max = static_cast<int>(item.field->length_max)};
  text_field(frame, column.cut_top(field_height(frame, spec, column.w)), spec, item.text);
}

void ConflictDesk::actions(Frame& frame, Rect rect, const ConflictItem& item) {
  const bool fits = can_be_typed(*item.field);
  if (fits && !form_ &&
      button_left(frame, rect,
                  {.label = frame.t(T::outbox_new_value), .icon = Icon::pencil_line})) {
    start_typing(item);
  }
  if (form_) {
    if (button_left(frame, rect, {.label = frame.t(T::action_cancel), .kind = ButtonKind::quiet})) {
      form_.reset();
      return;
    }
    const bool ready = form_->changed() && form_->check(*app_.session());
    if (button_right(frame, rect,
                     {.label = frame.t(T::outbox_use_new),
                      .kind = ButtonKind::conflict,
                      .icon = Icon::check,
                      .disabled = !ready})) {
      // An ordinary write that saw both values: it settles them.
      decided(frame, form_->save(*app_.session()).ok());
    }
    return;
  }
  const bool chosen = chosen_.index >= 0;
  std::string words(frame.t(T::outbox_use_none));
  if (chosen) {
    const Value& value = item.choices[static_cast<std::size_t>(chosen_.index)].value;
    words = item.field->merge == Merge::Text
                ? std::string(frame.t(T::outbox_use_paragraph))
                : frame.fill(T::outbox_use,
                             {{"value", value_words(frame, *app_.session(), *item.field, value)}});
  }
  const ButtonSpec use{.label = words,
                       .kind = ButtonKind::conflict,
                       .icon = Icon::check,
                       .disabled = !chosen,
                       .reason = frame.t(T::outbox_use_none),
                       .id = "use"};
  const float width = std::min(rect.w, button_width(frame, use));
  if (button(frame, rect.cut_right(width), use) && chosen) {
    const Value& value = item.choices[static_cast<std::size_t>(chosen_.index)].value;
    decided(frame, resolve_conflict(*app_.session(), item, value).ok());
  }
}

void ConflictDesk::decided(Frame& frame, bool written) {
  if (written) {
    frame.shell.toast({.text = std::string(frame.t(T::outbox_decided))});
    forget();
    return;
  }
  frame.shell.ask({.title = std::string(frame.t(T::outbox_not_saved)),
                   .text = std::string(frame.t(T::outbox_not_saved_note)),
                   .confirm = std::string(frame.t(T::action_done)),
                   .confirmed = [] {}});
}

}  // namespace banyan::ui
