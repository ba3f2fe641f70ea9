// Reads entities and extensions: names, types and labels. Whether what they
// name exists is the business of check_*.cpp.
#include <algorithm>
#include <array>

#include "shared/catalogue/drafts.h"

namespace banyan::packs {

namespace {

constexpr std::int64_t kTextMax = 8000;  // code points: a cell is at most 32 KiB

// The greatest length of a text whose field names none.
std::uint32_t usual_length(FieldType type) {
  switch (type) {
    case FieldType::Text: return 200;
    case FieldType::Phone:
    case FieldType::IdNumber: return 20;
    default: return 0;
  }
}

template <class T>
struct Word {
  std::string_view name;
  T value;
};

constexpr Word<FieldType> kTypes[] = {
    {"text", FieldType::Text},          {"int", FieldType::Int},     {"money", FieldType::Money},
    {"percent", FieldType::Percent},    {"bool", FieldType::Bool},   {"date", FieldType::Date},
    {"time", FieldType::Time},          {"enum", FieldType::Enum},   {"phone", FieldType::Phone},
    {"id_number", FieldType::IdNumber}, {"place", FieldType::Place}, {"blob", FieldType::Blob},
    {"hash", FieldType::Hash},
};
constexpr Word<Merge> kMerges[] = {
    {"register", Merge::Register}, {"guarded", Merge::Guarded}, {"counter", Merge::Counter},
    {"set", Merge::Set},           {"machine", Merge::Machine}, {"derived", Merge::Derived},
    {"text", Merge::Text},
};
constexpr Word<Tone> kTones[] = {
    {"neutral", Tone::Neutral}, {"good", Tone::Good}, {"info", Tone::Info},
    {"soon", Tone::Soon},       {"bad", Tone::Bad},
};

// The value of an optional key that holds one of `words`.
template <class T, std::size_t N>
T read_word(ObjectReader& reader, std::string_view key, const Word<T> (&words)[N], T absent) {
  const std::string text = reader.text_if(key);
  if (text.empty()) return absent;
  for (const auto& word : words) {
    if (word.name == text) return word.value;
  }
  std::vector<std::string_view> names;
  for (const auto& word : words) names.push_back(word.name);
  reader.wrong(key, "\"" + text + "\" should be " + list_of(names));
  return absent;
}

void read_type(ObjectReader& reader, Field& field) {
  constexpr std::string_view kRef = "ref:";
  const Json* json = reader.take("type");
  const auto text = json == nullptr ? std::nullopt : json_text(*json);
  if (text && text->substr(0, kRef.size()) == kRef) {
    field.type = FieldType::Ref;
    field.ref = text->substr(kRef.size());
    if (field.ref.empty()) reader.wrong("type", "names no entity behind \"ref:\"");
    return;
  }
  if (json == nullptr) {
    reader.wrong("type", "is missing");
    field.type = FieldType::Text;
    return;
  }
  field.type = read_word(reader, "type", kTypes, FieldType::Text);
}

FieldDraft read_field(const Json& json, const Spot& spot, const std::string& pack,
                      Merge merge_default, Problems& problems) {
  ObjectReader reader(json, spot, problems);
  FieldDraft draft{{}, spot, {}, {}, {}};
  Field& field = draft.value;
  field.pack = pack;
  field.name = reader.text("name");
  if (auto problem = column_problem(field.name); !field.name.empty() && !problem.empty()) {
    reader.wrong("name", std::move(problem));
  }
  read_type(reader, field);
  field.label = reader.label("label");
  field.hint = reader.label_if("hint");
  field.unit = reader.label_if("unit");
  field.compute = read_expression(reader, "compute");
  if (reader.has("compute")) {
    field.merge = Merge::Computed;
    if (reader.take("merge") != nullptr) reader.wrong("merge", "a computed field has none");
    if (reader.take("no") != nullptr) reader.wrong("no", "a computed field has none");
  } else {
    field.merge = read_word(reader, "merge", kMerges, merge_default);
    field.no = static_cast<std::uint32_t>(reader.integer("no", 1, kNumberMax));
  }
  field.required = reader.flag_if("required");
  field.search = reader.flag_if("search");
  field.personal = reader.flag_if("personal");
  field.multiline = reader.flag_if("multiline");
  field.retired = reader.flag_if("retired");
  field.length_max = static_cast<std::uint32_t>(reader.integer_if("max", 1, kTextMax, 0));
  if (!reader.has("max")) field.length_max = usual_length(field.type);
  field.decimals = static_cast<std::uint8_t>(reader.integer_if("decimals", 1, 6, 0));
  field.currency = reader.text_if("currency");
  field.check = read_expression(reader, "check");
  field.initial = read_expression(reader, "default");
  field.roles = reader.names_if("roles");
  draft.visible = reader.names_if("visible");
  if (reader.has("visible") && draft.visible.empty()) reader.wrong("visible", "names nobody");
  if (const Json* choices = json_member(json, "choices"); choices && choices->is_string()) {
    draft.choice_list = reader.text("choices");
  } else {
    draft.choices = read_choices(reader, pack, problems);
  }
  reader.finish();
  return draft;
}

std::vector<FieldDraft> read_fields(ObjectReader& reader, const std::string& pack, Merge merge,
                                    Problems& problems) {
  std::vector<FieldDraft> fields;
  for (const auto& [json, spot] : reader.items_if("fields")) {
    fields.push_back(read_field(*json, spot, pack, merge, problems));
  }
  return fields;
}

// A section is a list of names, or an object with a label and that list.
std::vector<FormSection> read_form(ObjectReader& reader, Problems& problems) {
  std::vector<FormSection> form;
  for (const auto& [json, spot] : reader.items_if("form")) {
    if (json->is_array()) {
      form.push_back({{}, read_names(*json, spot, problems)});
    } else {
      ObjectReader section(*json, spot, problems);
      form.push_back({section.label("label"), section.names_if("fields")});
      section.finish();
    }
    if (form.back().fields.empty()) problems.add(spot, "a section shows at least one field");
  }
  return form;
}

void read_list(ObjectReader& reader, Entity& entity, Problems& problems) {
  const Json* json = reader.take("list");
  if (json == nullptr) return;
  ObjectReader list(*json, reader.at("list"), problems);
  entity.list_columns = list.names_if("columns");
  entity.list_filters = list.names_if("filters");
  entity.list_order = list.text_if("order");
  list.finish();
}

void read_machine(ObjectReader& reader, StateMachine& machine, Problems& problems) {
  const Json* json = reader.take("machine");
  if (json == nullptr) return;
  ObjectReader outer(*json, reader.at("machine"), problems);
  machine.field = outer.text("field");
  for (const auto& [move_json, spot] : outer.items_if("moves")) {
    ObjectReader move(*move_json, spot, problems);
    machine.moves.push_back({move.names_if("from"), move.text("to"), move.label("label"),
                             move.names_if("needs"), move.names_if("roles"),
                             read_expression(move, "guard"), move.names_if("then")});
    if (machine.moves.back().from.empty()) move.wrong("from", "names no choice to move from");
    move.finish();
  }
  if (machine.moves.empty()) outer.wrong("moves", "a machine has at least one move");
  outer.finish();
}

void read_mirror(ObjectReader& reader, Mirror& mirror, Problems& problems) {
  const Json* json = reader.take("mirror");
  if (json == nullptr) return;
  ObjectReader inner(*json, reader.at("mirror"), problems);
  mirror = {inner.text("of"), inner.text("to"), inner.names_if("fields")};
  inner.finish();
}

void read_retired(ObjectReader& reader, Entity& entity, Problems& problems) {
  for (const auto& [json, spot] : reader.items_if("retired")) {
    const auto no = json_int(*json);
    if (no && *no >= 1 && *no <= kNumberMax) {
      entity.retired.push_back(static_cast<std::uint32_t>(*no));
    } else {
      problems.add(spot, "should be the number of a field that is gone");
    }
  }
}

}  // namespace

std::string read_expression(ObjectReader& reader, std::string_view key) {
  std::string text = reader.text_if(key);
  if (text.size() > kExpressionBytesMax) {
    reader.wrong(key,
                 "an expression has at most " + std::to_string(kExpressionBytesMax) + " bytes");
  }
  return text;
}

std::vector<Drafted<Choice>> read_choices(ObjectReader& reader, const std::string& pack,
                                          Problems& problems) {
  std::vector<Drafted<Choice>> choices;
  for (const auto& [json, spot] : reader.items_if("choices")) {
    ObjectReader item(*json, spot, problems);
    Choice choice;
    choice.name = item.name("name");
    choice.no = item.integer("no", 1, kNumberMax);
    choice.label = {item.text("zh"), item.text("en")};
    choice.tone = read_word(item, "tone", kTones, Tone::Neutral);
    choice.retired = item.flag_if("retired");
    choice.opposite = item.text_if("opposite");
    item.finish();
    choices.push_back({std::move(choice), spot, pack});
  }
  return choices;
}

void read_entity(ObjectReader& reader, const std::string& pack, Drafts& drafts,
                 Problems& problems) {
  EntityDraft draft{{}, reader.spot(), {}};
  Entity& entity = draft.value;
  entity.pack = pack;
  entity.name = reader.text("entity");
  if (auto problem = column_problem(entity.name); !entity.name.empty() && !problem.empty()) {
    reader.wrong("entity", std::move(problem));
  }
  entity.no = static_cast<std::uint32_t>(reader.integer("no", 1, kNumberMax));
  const std::string aggregate = reader.text_if("aggregate");
  entity.aggregate = aggregate.empty() ? entity.name : aggregate;
  entity.fact = reader.flag_if("fact");
  entity.reference = reader.flag_if("reference");
  entity.label = reader.label("label");
  entity.plural = reader.has("plural") ? reader.label("plural") : entity.label;
  entity.title = read_expression(reader, "title");
  entity.icon = reader.text_if("icon");
  entity.scopes = reader.names_if("scopes");
  entity.board = reader.text_if("board");
  const Merge merge = read_word(reader, "merge", kMerges, Merge::Register);
  draft.fields = read_fields(reader, pack, merge, problems);
  entity.form = read_form(reader, problems);
  read_list(reader, entity, problems);
  read_machine(reader, entity.machine, problems);
  read_mirror(reader, entity.mirror, problems);
  read_retired(reader, entity, problems);
  if (draft.fields.empty()) reader.wrong("fields", "an entity has at least one field");
  if (entity.title.empty() && !reader.has("title")) reader.wrong("title", "is missing");
  reader.finish();
  drafts.entities.push_back(std::move(draft));
}

void read_extension(ObjectReader& reader, const std::string& pack, Drafts& drafts,
                    Problems& problems) {
  Extension extension;
  extension.entity = reader.text("extends");
  extension.fields = read_fields(reader, pack, Merge::Register, problems);
  extension.form = read_form(reader, problems);
  extension.columns = reader.names_if("columns");
  extension.filters = reader.names_if("filters");
  reader.finish();
  drafts.extensions.push_back({std::move(extension), reader.spot(), pack});
}

}  // namespace banyan::packs
