// One field of a form: chips for a few choices, a sheet for many, a box for the rest.
#include <algorithm>

#include "client/views/edit_view.h"
#include "client/views/pack_words.h"
#include "client/views/value_words.h"
#include "client/widgets/card.h"
#include "client/widgets/field.h"
#include "client/widgets/scroll.h"
#include "client/widgets/text.h"
#include "client/widgets/toggle.h"

namespace banyan::ui {

float EditView::item(Frame& frame, Form::Item& item, Rect rect) {
  const Field& field = *item.field;
  IdScope scope(field.name);
  const std::string& name = word(frame, field.label);
  const std::string flaw = flaw_words(frame, item);
  const bool few = field.type == FieldType::Enum && field.choices.size() <= 6;
  if (field.merge == Merge::Set || few) {
    field_label(frame, rect.cut_top(18, 6), name, field.required);
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
  const Rect box = rect.cut_top(field_height(frame, spec, rect.w));
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
        spec.placeholder = frame.t(T::edit_date_shape);
      }
      text_field(frame, box, spec, item.text);
  }
  const bool words_below = !spec.hint.empty() || !spec.error.empty();
  return box.h + (words_below ? 8.0f : 0.0f);
}

// A form that nobody has touched is read anew when something arrives, also under an open sheet:
// sheets find their item by its name.
void EditView::choose_from_many(Frame& frame, Form::Item& item) {
  AppShell& shell = frame.shell;
  shell.open({.title = word(frame, item.field->label),
              .height = 480,
              .draw = [this, name = item.field->name, &shell](Frame& now, Rect area) {
                Form::Item* kept = form_ ? form_->item(name) : nullptr;
                if (kept == nullptr) return shell.close_sheet();
                const auto& all = kept->field->choices;
                RowList rows(now, now.id("choices"), area, 52,
                             static_cast<std::int64_t>(all.size()));
                while (rows.next()) {
                  const Choice& choice = all[static_cast<std::size_t>(rows.index())];
                  IdScope scope(choice.name);
                  if (!list_row(now, rows.rect(),
                                {.title = word(now, choice.label),
                                 .selected = choice.no == kept->choice,
                                 .first = rows.index() == 0})
                           .clicked) {
                    continue;
                  }
                  kept->choice = choice.no;
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
              .draw = [this, name = item.field->name, &shell](Frame& now, Rect area) {
                Form::Item* kept = form_ ? form_->item(name) : nullptr;
                if (kept == nullptr) return shell.close_sheet();
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
                                 .selected = choice.id == kept->ref,
                                 .first = rows.index() == 0})
                           .clicked) {
                    continue;
                  }
                  kept->ref = choice.id;
                  shell.close_sheet();
                  return;
                }
              }});
}

}  // namespace banyan::ui
