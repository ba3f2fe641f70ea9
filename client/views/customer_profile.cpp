// What is known about a customer, by the catalogue: its own fields with who wrote
// them, every kind of note that packs define, relations and documents.
#include "client/views/customer_rows.h"
#include "client/views/customer_view.h"
#include "client/views/grown_card.h"
#include "client/views/pack_words.h"
#include "client/views/value_words.h"
#include "client/widgets/button.h"
#include "client/widgets/card.h"
#include "client/widgets/scroll.h"
#include "client/widgets/text.h"
#include "shared/base/phone.h"

namespace banyan::ui {

namespace {

constexpr float kFieldHeight = 60, kRowHeight = 58;

// Shown by a tab or a card of their own.
bool has_own_place(const Names& names, const Entity& entity) {
  for (const Entity* one : {names.account, names.txn, names.interaction, names.visit,
                            names.visit_plan, names.request, names.relation, names.document}) {
    if (one == &entity) return true;
  }
  return entity.form.empty();
}

std::string field_words(Frame& frame, const Session& session, const FieldView& one) {
  if (one.field->merge != Merge::Set) {
    return value_words(frame, session, *one.field, one.value);
  }
  std::string all;
  for (const std::int64_t element : one.elements) {
    all = joined(frame, all, value_words(frame, session, *one.field, Value{element}));
  }
  return all.empty() ? std::string(frame.t(T::format_unknown)) : all;
}

std::string masked(const Field& field, const std::string& words) {
  return field.type == FieldType::Phone ? mask_phone(words) : std::string("******");
}

std::string origin(Frame& frame, const Provenance& from) {
  if (from.at_ms == 0) return {};
  std::string words = from.author.empty() ? std::string() : from.author;
  words = joined(frame, words, format::date_time(frame.texts, frame.clock, from.at_ms));
  words = joined(frame, words, device_words(frame, from));
  return from.pending ? joined(frame, words, frame.t(T::customer_pending)) : words;
}

void go_edit(Frame& frame, const Entity& entity, RowId row) {
  frame.shell.go("#/edit/" + entity.name + "/" + std::to_string(number(row)));
}

}  // namespace

void CustomerView::profile(Frame& frame, Rect area) {
  Scroll scroll(frame, frame.id("profile"), area);
  Rect left = scroll.content();
  left.h = 100'000;
  Rect right = left;
  const bool two = area.w > 720;
  if (two) {
    right = left.column(1, 2, size::kGap);
    left = left.column(0, 2, size::kGap);
  }
  fields(frame, left);
  Rect& other = two ? right : left;
  const Names& names = data_.session().names();
  for (const Entity& entity : data_.session().catalogue().entities()) {
    const bool part = entity.aggregate == names.customer->name && !entity.root();
    if (part && !has_own_place(names, entity) && data_.may(entity, kRead)) {
      children(frame, entity, other);
    }
  }
  relations(frame, other);
  documents(frame, other);
  scroll.end(std::max(left.y, other.y));
}

void CustomerView::fields(Frame& frame, Rect& column) {
  GrownCard card(frame, "fields", column);
  Rect inside = card.whole();
  const Entity& entity = *data_.session().names().customer;
  const bool may = data_.may(entity, kUpdate);
  if (card_head(frame, inside,
                {.title = frame.t(T::customer_profile),
                 .action = may ? frame.t(T::action_edit) : std::string_view(),
                 .action_icon = Icon::pencil,
                 .action_icon_before = true})) {
    go_edit(frame, entity, data_.id());
  }
  const RecordView& record = data_.profile();
  bool first = true;
  for (const FieldView& one : record.fields) {
    if (one.field->retired) continue;
    const bool empty = is_null(one.value) && one.elements.empty();
    const std::string real = field_words(frame, data_.session(), one);
    // The name stands above in any case.
    const bool hides = one.field->personal && one.field->name != entity.title && !empty &&
                       !shown_.contains(one.field->name);
    const std::string shown = hides ? masked(*one.field, text_of(one.value)) : real;
    const std::string from = empty ? std::string() : origin(frame, one.from);
    IdScope scope(one.field->name);
    const TagSpec twin[] = {
        {.label = frame.t(T::customer_two_values), .tone = Tint::conflict, .small = true}};
    const bool whole = one.field->multiline && !empty && !hides;  // its words stand below
    const RowResponse pressed = list_row(
        frame, inside.cut_top(row_height(frame, kFieldHeight)),
        {.title = whole ? std::string(word(frame, one.field->label))
                        : shown + (empty ? ""
                                   : word(frame, one.field->unit).empty()
                                       ? ""
                                       : " " + word(frame, one.field->unit)),
         .subtitle = whole ? from : joined(frame, word(frame, one.field->label), from),
         .value = hides ? frame.t(T::action_show) : std::string_view(),
         .tags = one.conflict ? std::span<const TagSpec>(twin) : std::span<const TagSpec>(),
         .first = first});
    first = false;
    if (whole) {
      const Rect text = inside.inset(16, 0);
      const float height = paragraph_height(frame, real, type::kBody, text.w);
      paragraph(frame, inside.cut_top(height, 12).inset(16, 0), real, type::kBody);
    }
    if (!pressed.clicked) continue;
    if (one.conflict) {
      frame.shell.go("#/sync");
    } else if (hides) {
      shown_.insert(one.field->name);
    }
  }
  card.end(inside.y, 4);
}

void CustomerView::children(Frame& frame, const Entity& entity, Rect& column) {
  GrownCard card(frame, entity.name, column);
  Rect inside = card.whole();
  if (card_head(frame, inside,
                {.title = word(frame, entity.plural),
                 .action = data_.may(entity, kCreate) ? frame.t(T::action_add) : std::string_view(),
                 .action_icon = Icon::plus,
                 .action_icon_before = true})) {
    frame.shell.go("#/new/" + entity.name + "/" + std::to_string(number(data_.id())));
  }
  const auto& all = data_.children(entity);
  if (all.empty()) {
    label(frame, inside.cut_top(48).inset(16, 0), frame.t(T::customer_none_yet), type::kSmall,
          Color::text_3);
  }
  for (const RecordView& one : all) {
    IdScope scope(static_cast<std::uint64_t>(number(one.id)));
    const std::string title = title_of(data_.session(), entity, one.id);
    std::string facts;
    for (const std::string& name : entity.list_columns) {
      for (const FieldView& field : one.fields) {
        if (field.field->name != name || is_null(field.value)) continue;
        const std::string words = field_words(frame, data_.session(), field);
        if (words != title) facts = joined(frame, facts, words);
      }
    }
    if (!one.fields.empty() && !one.fields.front().from.author.empty()) {
      facts = joined(frame, facts, one.fields.front().from.author);
    }
    const bool opens = data_.may(entity, kUpdate) && !entity.fact;
    if (list_row(frame, inside.cut_top(row_height(frame, kRowHeight)),
                 {.title = title.empty() ? word(frame, entity.label) : title,
                  .subtitle = facts,
                  .chevron = opens,
                  .first = &one == &all.front(),
                  .sync = unfinished(one.mark)})
            .clicked &&
        opens) {
      go_edit(frame, entity, one.id);
    }
  }
  card.end(inside.y, 4);
}

void CustomerView::relations(Frame& frame, Rect& column) {
  const Entity& entity = *data_.session().names().relation;
  GrownCard card(frame, "relations", column);
  Rect inside = card.whole();
  if (card_head(frame, inside,
                {.title = frame.t(T::customer_relations),
                 .action = data_.may(entity, kCreate) ? frame.t(T::action_add) : std::string_view(),
                 .action_icon = Icon::plus,
                 .action_icon_before = true})) {
    frame.shell.go("#/new/relation/" + std::to_string(number(data_.id())));
  }
  const auto& all = data_.relations();
  if (all.empty()) {
    label(frame, inside.cut_top(48).inset(16, 0), frame.t(T::customer_no_relations_note),
          type::kSmall, Color::text_3);
  }
  for (const RelationItem& one : all) {
    IdScope scope(static_cast<std::uint64_t>(number(one.id)));
    const format::Figure figure = format::short_money(frame.texts, one.assets_minor);
    const std::string assets = one.assets_minor == 0 ? std::string() : figure.number + figure.unit;
    if (!list_row(frame, inside.cut_top(row_height(frame, size::kRow)),
                  {.title = one.name,
                   .subtitle = joined(frame, word(frame, one.kind), one.note),
                   .value = assets,
                   .face = initial_of(one.name),
                   .tone = tone_for(one.name),
                   .chevron = true,
                   .first = &one == &all.front()})
             .clicked) {
      continue;
    }
    if (one.other != kNoRow) {
      frame.shell.go("#/customer/" + std::to_string(number(one.other)));
    } else if (data_.may(entity, kUpdate)) {
      go_edit(frame, entity, one.id);
    }
  }
  card.end(inside.y, 4);
}

void CustomerView::documents(Frame& frame, Rect& column) {
  const auto& all = data_.documents();
  GrownCard card(frame, "documents", column);
  Rect inside = card.whole();
  card_head(frame, inside, {.title = frame.t(T::customer_documents)});
  if (all.empty()) {
    label(frame, inside.cut_top(48).inset(16, 0), frame.t(T::customer_none_yet), type::kSmall,
          Color::text_3);
  }
  for (const DocumentItem& one : all) {
    IdScope scope(static_cast<std::uint64_t>(number(one.id)));
    std::string facts = frame.fill(T::customer_document,
                                   {{"day", format::date(frame.texts, frame.clock, one.at_ms)},
                                    {"size", format::bytes(frame.texts, one.size)}});
    if (one.expiry_day != kNoDay) {
      facts = joined(frame, facts,
                     frame.fill(T::customer_expires,
                                {{"day", format::day(frame.texts, frame.clock, one.expiry_day)}}));
    }
    if (!one.on_device) facts = joined(frame, facts, frame.t(T::customer_not_here));
    list_row(frame, inside.cut_top(row_height(frame, kRowHeight)),
             {.title = joined(frame, word(frame, one.kind), one.name),
              .subtitle = facts,
              .icon = one.mime.starts_with("image/") ? Icon::image : Icon::file_text,
              .boxed_icon = true,
              .first = &one == &all.front(),
              .sync = unfinished(one.mark)});
  }
  card.end(inside.y, 4);
}

}  // namespace banyan::ui
