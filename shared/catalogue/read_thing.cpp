// Reads what is not an entity: the pack itself, choices, roles, tasks, rules, seeds.
#include <algorithm>

#include "shared/catalogue/drafts.h"

namespace banyan::packs {

namespace {

// "read create" as bits.
std::uint32_t read_rights(const Json& json, const Spot& spot, Problems& problems) {
  const auto text = json_text(json);
  std::uint32_t bits = 0;
  if (!text) problems.add(spot, "should be a text such as \"read create update delete\"");
  std::string_view rest = text.value_or("");
  while (!rest.empty()) {
    const auto end = std::min(rest.find(' '), rest.size());
    const std::string_view word = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const std::uint32_t bit = word == "read"     ? kRead
                              : word == "create" ? kCreate
                              : word == "update" ? kUpdate
                              : word == "delete" ? kDelete
                                                 : 0U;
    if (bit == 0) {
      problems.add(spot, "\"" + std::string(word) + "\" should be read, create, update or delete");
    }
    bits |= bit;
  }
  if (bits != 0 && (bits & kRead) == 0) problems.add(spot, "who may write may read");
  return bits;
}

std::map<std::string, std::uint32_t> read_rights_of(ObjectReader& reader, Problems& problems) {
  std::map<std::string, std::uint32_t> rights;
  const Json* json = reader.take("rights");
  if (json == nullptr || !json->is_object()) {
    reader.wrong("rights", "should be an object of entity and rights");
    return rights;
  }
  for (const auto& [entity, words] : json->items()) {
    rights[entity] = read_rights(words, reader.at("rights").at(entity), problems);
  }
  return rights;
}

void read_pack(ObjectReader& reader, const std::string& pack, Drafts& drafts, Problems& problems) {
  PackDraft draft;
  draft.info.name = reader.text("pack");
  if (!draft.info.name.empty() && draft.info.name != pack) {
    reader.wrong("pack", "should be \"" + pack + "\", the folder's name");
  }
  draft.info.name = pack;
  draft.info.version = reader.text("version");
  draft.info.label = reader.label("label");
  draft.needs = reader.names_if("needs");
  const auto numbers = reader.items_if("numbers");
  const auto first = numbers.size() == 2 ? json_int(*numbers[0].first) : std::nullopt;
  const auto last = numbers.size() == 2 ? json_int(*numbers[1].first) : std::nullopt;
  if (first && last && *first >= 1 && *first <= *last && *last <= kNumberMax) {
    draft.info.first = static_cast<std::uint32_t>(*first);
    draft.info.last = static_cast<std::uint32_t>(*last);
  } else {
    reader.wrong("numbers", "should be [first, last]");
  }
  for (const auto& [json, spot] : reader.items_if("classes")) {
    ObjectReader item(*json, spot, problems);
    ReaderClass made{item.name("name"), static_cast<std::uint32_t>(item.integer("bit", 0, 31)),
                     item.label("label")};
    item.finish();
    drafts.classes.push_back({std::move(made), spot, pack});
  }
  reader.finish();
  drafts.packs.push_back({std::move(draft), reader.spot(), pack});
}

void read_choice_list(ObjectReader& reader, std::string_view key, const std::string& pack,
                      std::vector<Drafted<ChoiceList>>& lists, Problems& problems) {
  ChoiceList list{reader.name(key), read_choices(reader, pack, problems)};
  if (list.choices.empty()) reader.wrong("choices", "a list has at least one choice");
  reader.finish();
  lists.push_back({std::move(list), reader.spot(), pack});
}

void read_role(ObjectReader& reader, const std::string& pack, Drafts& drafts, Problems& problems) {
  RoleDraft role;
  role.value.name = reader.name("role");
  role.value.label = reader.label("label");
  role.value.scope = reader.text("scope");
  role.value.start = reader.text("start");
  role.sees = reader.names_if("sees");
  if (role.sees.empty()) reader.wrong("sees", "names no class of readers");
  Grant grant{role.value.name, read_rights_of(reader, problems)};
  reader.finish();
  drafts.grants.push_back({std::move(grant), reader.spot(), pack});
  drafts.roles.push_back({std::move(role), reader.spot(), pack});
}

void read_grant(ObjectReader& reader, const std::string& pack, Drafts& drafts, Problems& problems) {
  Grant grant{reader.text("grants"), read_rights_of(reader, problems)};
  reader.finish();
  drafts.grants.push_back({std::move(grant), reader.spot(), pack});
}

void read_task(ObjectReader& reader, const std::string& pack, Drafts& drafts) {
  TaskTemplate task;
  task.name = reader.name("task");
  task.label = reader.label("label");
  task.kind = reader.text_if("kind");
  task.priority = reader.text_if("priority");
  task.days = reader.integer_if("days", 0, 3660, 0);
  reader.finish();
  drafts.tasks.push_back({std::move(task), reader.spot(), pack});
}

Action read_action(const Json& json, const Spot& spot, Problems& problems) {
  ObjectReader reader(json, spot, problems);
  Action action;
  int kinds = 0;
  const auto is = [&](std::string_view key, Action::Kind kind) {
    if (!reader.has(key)) return false;
    action.kind = kind;
    return ++kinds == 1;
  };
  if (is("task", Action::Kind::Task)) action.target = reader.text("task");
  if (is("set", Action::Kind::Set)) {
    action.target = reader.text("set");
    reader.text("to");
    action.expression = read_expression(reader, "to");
  }
  if (is("alert", Action::Kind::Alert)) action.text = reader.label("alert");
  if (is("notice", Action::Kind::Notice)) action.text = reader.label("notice");
  if (is("block", Action::Kind::Block)) action.text = reader.label("block");
  if (kinds != 1) problems.add(spot, "does exactly one of task, set, alert, notice, block");
  reader.finish();
  return action;
}

void read_rule(ObjectReader& reader, const std::string& pack, Drafts& drafts, Problems& problems) {
  Rule rule;
  rule.name = reader.name("rule");
  rule.pack = pack;
  rule.label = reader.label("label");
  rule.on = reader.flag_if("on", true);
  rule.condition = read_expression(reader, "if");
  const Json nothing = Json::object();
  const Json* json = reader.take("when");
  if (json == nullptr) reader.wrong("when", "is missing");
  ObjectReader when(json == nullptr ? nothing : *json, reader.at("when"), problems);
  int events = 0;
  for (const auto& [key, event] :
       {std::pair{"created", Rule::Event::Created}, std::pair{"changed", Rule::Event::Changed},
        std::pair{"deleted", Rule::Event::Deleted}}) {
    if (!when.has(key)) continue;
    ++events;
    rule.event = event;
    rule.entity = when.text(key);
  }
  rule.fields = when.names_if("fields");
  if (!rule.fields.empty() && rule.event != Rule::Event::Changed) {
    when.wrong("fields", "only \"changed\" can name fields");
  }
  if (json != nullptr && events != 1) {
    reader.wrong("when", "should have one of created, changed, deleted");
  }
  when.finish();
  for (const auto& [action, spot] : reader.items_if("then")) {
    rule.actions.push_back(read_action(*action, spot, problems));
  }
  if (rule.actions.empty()) reader.wrong("then", "a rule does at least one thing");
  reader.finish();
  drafts.rules.push_back({std::move(rule), reader.spot(), pack});
}

void read_seeds(ObjectReader& reader, const std::string& pack, Drafts& drafts) {
  const std::string entity = reader.text("seed");
  for (const auto& [json, spot] : reader.items_if("rows")) {
    drafts.seeds.push_back({{entity, json}, spot, pack});
  }
  reader.finish();
}

}  // namespace

void read_thing(const Json& json, const Spot& spot, const std::string& pack, Drafts& drafts,
                Problems& problems) {
  ObjectReader reader(json, spot, problems);
  if (!json.is_object()) return;
  if (reader.has("entity")) return read_entity(reader, pack, drafts, problems);
  if (reader.has("extends")) return read_extension(reader, pack, drafts, problems);
  if (reader.has("pack")) return read_pack(reader, pack, drafts, problems);
  if (reader.has("choice_list")) {
    return read_choice_list(reader, "choice_list", pack, drafts.lists, problems);
  }
  if (reader.has("extends_list")) {
    return read_choice_list(reader, "extends_list", pack, drafts.list_extensions, problems);
  }
  if (reader.has("role")) return read_role(reader, pack, drafts, problems);
  if (reader.has("grants")) return read_grant(reader, pack, drafts, problems);
  if (reader.has("rule")) return read_rule(reader, pack, drafts, problems);
  if (reader.has("task")) return read_task(reader, pack, drafts);
  if (reader.has("seed")) return read_seeds(reader, pack, drafts);
  problems.add(spot,
               "says not what it is: it needs one of the keys pack, entity, extends, choice_list, "
               "extends_list, role, grants, rule, task, seed");
}

}  // namespace banyan::packs
