#include "shared/app/form.h"

#include <algorithm>

#include "shared/app/ask.h"
#include "shared/app/drafts.h"
#include "shared/app/form_values.h"
#include "shared/changelog/paragraphs.h"
#include "shared/storage/expressions.h"

namespace banyan {

namespace {

bool editable(FieldType type) {
  return type != FieldType::Blob && type != FieldType::Hash && type != FieldType::Place;
}

}  // namespace

Form Form::create(Session& session, const Entity& entity, RowId aggregate) {
  Form form(entity);
  form.creating_ = true;
  form.aggregate_ = aggregate;
  form.lay_out();
  form.fill_initial(session);
  form.original_ = form.items_;
  return form;
}

Result<Form> Form::edit(Session& session, const Entity& entity, RowId id) {
  TRY_ASSIGN(Row row, session.replica().load(entity, id));
  if (!row.alive()) return fail(ErrorCode::NotFound, entity.name);
  Form form(entity);
  form.id_ = id;
  form.aggregate_ = row.aggregate;
  form.lay_out();
  form.load(row);
  form.row_ = std::move(row);
  form.original_ = form.items_;
  return form;
}

void Form::lay_out() {
  for (const FormSection& from : entity_->form) {
    Section section;
    section.label = from.label;
    for (const std::string& name : from.fields) {
      const Field* field = entity_->field(name);
      const bool shown = field != nullptr && field->stored() && !field->retired &&
                         field->merge != Merge::Derived && editable(field->type);
      if (!shown) continue;
      Item item;
      item.field = field;
      item.read_only = field->merge == Merge::Machine && !creating_;
      section.items.push_back(items_.size());
      items_.push_back(std::move(item));
    }
    if (!section.items.empty()) sections_.push_back(std::move(section));
  }
}

void Form::fill_initial(Session& session) {
  const InitialValues initial(session);
  for (Item& item : items_) {
    show(initial.of(*item.field), *item.field, item);
    // A new customer lies where its author works; else the author could not see it.
    const bool home = item.field->merge == Merge::Machine && item.field->ref == "branch";
    if (home && item.ref == kNoRow) item.ref = session.me().branch;
  }
}

void Form::load(const Row& row) {
  for (Item& item : items_) {
    if (item.field->merge == Merge::Set) {
      for (const Sibling& sibling : row.siblings) {
        if (sibling.field == item.field->no) item.set.push_back(sibling.element);
      }
      std::sort(item.set.begin(), item.set.end());
      item.set.erase(std::unique(item.set.begin(), item.set.end()), item.set.end());
    } else if (item.field->merge == Merge::Text) {
      item.text = whole_text(row, item.field->no);
    } else {
      show(row.cell(item.field->no), *item.field, item);
    }
  }
}

Form::Item* Form::item(std::string_view field) {
  const auto found = std::find_if(items_.begin(), items_.end(),
                                  [&](const Item& i) { return i.field->name == field; });
  return found == items_.end() ? nullptr : &*found;
}

bool Form::changed() const {
  for (std::size_t i = 0; i < items_.size(); ++i) {
    if (!items_[i].same_value(original_[i])) return true;
  }
  return false;
}

bool Form::check(Session& session) {
  bool good = true;
  const std::int64_t today = session.today();
  for (std::size_t i = 0; i < items_.size(); ++i) {
    Item& item = items_[i];
    item.flaw = Flaw::None;
    if (item.read_only || (!creating_ && item.same_value(original_[i]))) continue;
    item.flaw = flaw_of(item, today);
    if (item.flaw == Flaw::None && !passes_rule(session, item)) item.flaw = Flaw::Check;
    good = good && item.flaw == Flaw::None;
  }
  return good;
}

Form::Flaw Form::flaw_of(const Item& item, std::int64_t today) const {
  if (item.field->type == FieldType::IdNumber && !item.text.empty()) {
    const auto kind = std::find_if(items_.begin(), items_.end(),
                                   [](const Item& i) { return i.field->name == "id_kind"; });
    const Choice* choice = kind == items_.end() ? nullptr : kind->field->choice(kind->choice);
    return flaw_of_id(item.text, choice == nullptr ? "resident" : choice->name, today);
  }
  return flaw_of_value(item);
}

Value Form::current(const Field& field) const {
  for (const Item& item : items_) {
    if (item.field == &field) return parse(item);
  }
  return row_.cell(field.no);
}

bool Form::passes_rule(Session& session, const Item& item) const {
  if (item.field->check.empty()) return true;
  const std::vector<ExpressionField> fields = expression_fields(*entity_, false);
  std::vector<Value> values;
  for (const ExpressionField& one : fields) {
    const Field* field = entity_->field(one.name);
    values.push_back(field == nullptr ? Value{} : expression_value(*field, current(*field)));
  }
  return holds(session, item.field->check, fields, std::move(values));
}

std::vector<RowId> Form::likely_twins(const Session& session) const {
  std::vector<RowId> out;
  if (entity_ != session.names().customer) return out;
  for (const Item& item : items_) {
    if (item.text.empty() || !item.field->search || item.field->name == "name") continue;
    const std::string value = text_of(parse(item));
    ask(
        session,
        "SELECT id FROM customer WHERE " + sql_name(item.field->name) +
            "=?1 AND id<>?2 AND _dead=0 LIMIT 5",
        [&](const Statement& row) { out.push_back(row.row_id(0)); }, value, id_);
  }
  return out;
}

std::vector<RowWrite> Form::changes() const {
  RowDraft row(*entity_, Op::Update, id_);
  std::vector<RowWrite> out;
  bool any = false;
  for (std::size_t i = 0; i < items_.size(); ++i) {
    const Item& item = items_[i];
    const Item& before = original_[i];
    if (item.read_only || item.same_value(before)) continue;
    if (item.field->merge == Merge::Text) {
      // From what the person saw: a paragraph that has come since stays.
      const auto writes = paragraph_changes(row_, item.field->no, text_of(parse(item)));
      if (writes.empty()) continue;
      row.set(*item.field, encode_paragraphs(writes));
      any = true;
      continue;
    }
    if (item.field->merge != Merge::Set) {
      row.set(*item.field, parse(item));
      any = true;
      continue;
    }
    add_set_changes(*entity_, id_, *item.field, before.set, item.set, out);
  }
  if (any) out.insert(out.begin(), row.take());
  return out;
}

Result<RowId> Form::save(Session& session) {
  if (!check(session)) return fail(ErrorCode::Invalid, "form: " + entity_->name);
  Draft draft;
  if (creating_) {
    RowDraft row = new_row(session, *entity_);
    id_ = row.id();
    if (entity_->root()) aggregate_ = id_;
    std::vector<RowWrite> sets;
    const InitialValues initial(session);
    for (const Field& field : entity_->fields) {
      const bool on_form = item(field.name) != nullptr;
      const bool ours =
          field.stored() && field.merge != Merge::Set && (on_form || field.merge != Merge::Derived);
      if (ours) row.set(field, on_form ? parse(*item(field.name)) : initial.of(field));
    }
    for (const Item& one : items_) {
      add_set_changes(*entity_, id_, *one.field, {}, one.set, sets);
    }
    draft.rows.push_back(row.take());
    draft.rows.insert(draft.rows.end(), sets.begin(), sets.end());
  } else {
    draft.rows = changes();
    if (draft.rows.empty()) return id_;
  }
  draft.aggregate = aggregate_;
  TRY(write(session, {std::move(draft)}, way_back()));
  creating_ = false;
  original_ = items_;
  return id_;
}

std::vector<Draft> Form::way_back() const {
  Draft back;
  back.aggregate = aggregate_;
  if (creating_) {
    if (entity_->fact) return {};
    back.rows.push_back(RowDraft(*entity_, Op::Delete, id_).take());
    return {back};
  }
  RowDraft row(*entity_, Op::Update, id_);
  bool any = false;
  for (std::size_t i = 0; i < items_.size(); ++i) {
    const Field& field = *items_[i].field;
    if (items_[i].read_only || items_[i].same_value(original_[i])) continue;
    if (field.merge == Merge::Set) {
      add_set_changes(*entity_, id_, field, items_[i].set, original_[i].set, back.rows);
    } else if (field.merge == Merge::Text) {
      const auto writes = paragraph_changes(row_, field.no, text_of(parse(items_[i])));
      if (writes.empty()) continue;
      row.set(field, encode_paragraphs(paragraphs_back(row_, field.no, writes)));
      any = true;
    } else {
      row.set(field, row_.cell(field.no));
      any = true;
    }
  }
  if (any) back.rows.insert(back.rows.begin(), row.take());
  return {back};
}

}  // namespace banyan
