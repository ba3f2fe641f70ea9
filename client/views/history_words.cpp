#include "client/views/history_words.h"

#include <algorithm>

#include "client/views/pack_words.h"
#include "client/views/value_words.h"

namespace banyan::ui {

namespace {

bool has(const CellState& state, std::int64_t element) {
  return std::find(state.elements.begin(), state.elements.end(), element) != state.elements.end();
}

Value element_value(const Field& field, std::int64_t element) {
  return field.type == FieldType::Ref ? Value{RowId{element}} : Value{element};
}

std::string in_one_line(std::string words) {
  std::replace(words.begin(), words.end(), '\n', ' ');
  return words;
}

// "+种粮大户, −白名单".
std::string elements_words(const Frame& frame, const HistoryReader& reader,
                           const HistoryChange& change) {
  const CellState none;
  const CellState& before = change.before ? *change.before : none;
  std::string words;
  const auto add = [&](T how, std::int64_t element) {
    const Value value = element_value(*change.field, element);
    const std::string what = value_words(frame, reader.session, *change.field, value);
    words = joined(frame, words, frame.fill(how, {{"what", what}}));
  };
  for (const std::int64_t one : change.after.elements) {
    if (!has(before, one)) add(T::history_added, one);
  }
  for (const std::int64_t one : before.elements) {
    if (!has(change.after, one)) add(T::history_removed, one);
  }
  return words;
}

}  // namespace

std::string field_words(const Frame& frame, const HistoryReader& reader,
                        const HistoryChange& change) {
  const std::string name = word(frame, change.field->label);
  return change.entity == &reader.root ? name
                                       : joined(frame, word(frame, change.entity->label), name);
}

std::string state_words(const Frame& frame, const HistoryReader& reader, const Field& field,
                        const CellState& state) {
  if (is_null(state.value) && state.elements.empty()) {
    return std::string(frame.t(T::history_nothing));
  }
  if (field.personal && !reader.personal) return "****";
  if (field.merge != Merge::Set) return value_words(frame, reader.session, field, state.value);
  std::string all;
  for (const std::int64_t one : state.elements) {
    all = joined(frame, all, value_words(frame, reader.session, field, element_value(field, one)));
  }
  return all;
}

std::string change_words(const Frame& frame, const HistoryReader& reader,
                         const HistoryChange& change) {
  using Kind = HistoryChange::Kind;
  if (change.kind != Kind::Set) {
    const T how = change.kind == Kind::Created   ? T::history_created
                  : change.kind == Kind::Deleted ? T::history_deleted
                                                 : T::history_restored;
    return frame.fill(how, {{"what", amid(frame, word(frame, change.entity->label))}});
  }
  const Field& field = *change.field;
  const std::string name = field_words(frame, reader, change);
  if (field.merge == Merge::Set) {
    const std::string words = elements_words(frame, reader, change);
    return frame.fill(T::history_set_after, {{"field", name}, {"after", words}});
  }
  const std::string after = in_one_line(state_words(frame, reader, field, change.after));
  if (!change.before) return frame.fill(T::history_set_after, {{"field", name}, {"after", after}});
  const std::string before = in_one_line(state_words(frame, reader, field, *change.before));
  return frame.fill(T::history_set, {{"field", name}, {"before", before}, {"after", after}});
}

std::string item_words(const Frame& frame, const HistoryReader& reader, const HistoryItem& item) {
  std::string first = change_words(frame, reader, item.changes.front());
  if (item.changes.size() == 1) return first;
  const bool created = item.changes.front().kind == HistoryChange::Kind::Created;
  const auto more = static_cast<std::int64_t>(item.changes.size()) - 1;
  return created ? first : first + frame.count(T::history_more, more);
}

std::string author_words(const Frame& frame, const HistoryItem& item) {
  return item.from.author.empty() ? device_words(frame, item.from) : item.from.author;
}

T words_of(UndoBar bar) {
  switch (bar) {
    case UndoBar::None: return T::history_bar_unused;
    case UndoBar::Newer: return T::history_bar_newer;
    case UndoBar::Role: return T::history_bar_role;
    case UndoBar::Kept: return T::history_bar_kept;
    case UndoBar::Decided: return T::history_bar_decided;
    case UndoBar::Unknown: return T::history_bar_unknown;
    case UndoBar::Gone: return T::history_bar_gone;
  }
  return T::history_bar_unused;
}

}  // namespace banyan::ui
