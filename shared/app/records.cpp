#include <algorithm>
#include <map>

#include "shared/app/ask.h"
#include "shared/app/history.h"
#include "shared/app/queries.h"
#include "shared/changelog/merge.h"

namespace banyan {

namespace {

// What was asked of headquarters for this record, by field.
std::map<std::uint32_t, Value> asked_for(const Session& session, const Row& row) {
  std::map<std::uint32_t, Value> out;
  const auto asked = session.replica().asked(row.entity, row.id);
  if (!asked.ok()) session.note(asked.error());
  if (!asked.ok()) return out;
  for (const Replica::Asked& one : *asked) out[one.field] = one.wanted;
  return out;
}

FieldView view_of(const Session& session, const Field& field, const Row& row) {
  FieldView one;
  one.field = &field;
  CellState state = cell_state(row, field);
  one.value = std::move(state.value);
  one.elements = std::move(state.elements);
  // Of what was folded nobody here knows any more who it was; headquarters' log does.
  const bool told = row.clock.own(field.no) != nullptr || !row.clock.folded();
  if (told) one.from = provenance_of(session, row.clock.of(field.no));
  const bool guards = field.merge == Merge::Guarded || field.merge == Merge::Text;
  one.conflict = guards && in_conflict(row, field.no);
  return one;
}

RecordView view_of(const Session& session, const Entity& entity, const Row& row) {
  RecordView view;
  view.entity = &entity;
  view.id = row.id;
  view.mark = mark_of(session, entity, row.id);
  const std::map<std::uint32_t, Value> asked = asked_for(session, row);
  const auto add = [&](const Field& field) {
    FieldView one = view_of(session, field, row);
    const auto wanted = asked.find(field.no);
    if (wanted != asked.end()) one.asked = wanted->second;
    view.fields.push_back(std::move(one));
  };
  for (const FormSection& section : entity.form) {
    for (const std::string& name : section.fields) {
      const Field* field = entity.field(name);
      if (field == nullptr || !field->stored()) continue;
      add(*field);
    }
  }
  if (!entity.form.empty()) return view;
  // Only the server writes it: there is no form, but there is much to read.
  for (const Field& field : entity.fields) {
    if (field.stored() && !field.retired) add(field);
  }
  return view;
}

std::vector<RowId> ids_of(const Session& session, const Entity& entity, RowId aggregate) {
  std::vector<RowId> ids;
  ask(
      session,
      "SELECT id FROM " + sql_name(entity.name) + " WHERE _agg=?1 AND _dead=0 ORDER BY id DESC",
      [&](const Statement& row) { ids.push_back(row.row_id(0)); }, aggregate);
  return ids;
}

// The column that names a row for people: the title, when it is a plain field.
std::string title_column(const Entity& entity) {
  if (entity.field(entity.title) != nullptr) return sql_name(entity.title);
  const Field* name = entity.field("name");
  return name != nullptr ? sql_name("name") : "''";
}

// The same, or the title of the record that names it.
std::string title_expression(const Catalogue& catalogue, const Entity& entity) {
  const Field* field = entity.field(entity.title);
  const bool by_other = field != nullptr && field->type == FieldType::Ref;
  const Entity* other = by_other ? catalogue.entity(field->ref) : nullptr;
  if (other == nullptr) return title_column(entity);
  return "(SELECT " + title_column(*other) + " FROM " + sql_name(other->name) +
         " o WHERE o.id=" + sql_name(entity.name) + "." + sql_name(field->name) + ")";
}

}  // namespace

Result<RecordView> read_record(const Session& session, const Entity& entity, RowId id) {
  TRY_ASSIGN(const Row row, session.replica().load(entity, id));
  if (!row.alive()) return fail(ErrorCode::NotFound, entity.name);
  return view_of(session, entity, row);
}

std::vector<RecordView> read_children(const Session& session, const Entity& entity,
                                      RowId aggregate) {
  std::vector<RecordView> out;
  for (const RowId id : ids_of(session, entity, aggregate)) {
    Result<RecordView> view = read_record(session, entity, id);
    if (view.ok()) {
      out.push_back(std::move(view).value());
    } else {
      session.note(view.error());
    }
  }
  return out;
}

std::vector<RefChoice> read_choices(const Session& session, const Entity& entity) {
  std::vector<RefChoice> out;
  const std::string title = title_expression(session.catalogue(), entity);
  ask(session,
      "SELECT id, " + title + " FROM " + sql_name(entity.name) + " WHERE _dead=0 ORDER BY 2",
      [&](const Statement& row) {
        out.push_back({row.row_id(0), text_at(row, 1)});
      });
  return out;
}

std::string title_of(const Session& session, const Entity& entity, RowId id) {
  std::string title;
  ask(
      session,
      "SELECT " + title_expression(session.catalogue(), entity) + " FROM " + sql_name(entity.name) +
          " WHERE id=?1",
      [&](const Statement& row) { title = text_at(row, 0); }, id);
  return title;
}

}  // namespace banyan
