// Roles, grants, rules, tasks, choice lists and classes: what they name exists.
#include <algorithm>
#include <set>

#include "shared/catalogue/drafts.h"

namespace banyan::packs {

namespace {

constexpr std::string_view kScopes[] = {"own", "branch", "all"};
constexpr std::string_view kStarts[] = {"today", "customers", "hq"};

template <std::size_t N>
void check_word(const std::string& word, const std::string_view (&words)[N], const Spot& spot,
                Problems& problems) {
  if (word.empty() || std::find(std::begin(words), std::end(words), word) != std::end(words)) {
    return;
  }
  problems.add(spot, "\"" + word + "\" should be " + list_of({std::begin(words), std::end(words)}));
}

void check_role(const Drafts& drafts, const Drafted<RoleDraft>& draft, Problems& problems) {
  check_word(draft.value.value.scope, kScopes, draft.spot.at("scope"), problems);
  check_word(draft.value.value.start, kStarts, draft.spot.at("start"), problems);
  for (const std::string& name : draft.value.sees) {
    const bool known = std::any_of(drafts.classes.begin(), drafts.classes.end(),
                                   [&](const auto& item) { return item.value.name == name; });
    if (!known) {
      problems.add(draft.spot.at("sees"), "there is no class of readers \"" + name + "\"");
    }
  }
}

void check_grant(const Drafts& drafts, const Drafted<Grant>& grant, Problems& problems) {
  if (drafts.role(grant.value.role) == nullptr) {
    problems.add(grant.spot.at("grants"), "there is no role \"" + grant.value.role + "\"");
  }
  for (const auto& [name, bits] : grant.value.rights) {
    if (name == "*") continue;
    const Spot at = grant.spot.at("rights").at(name);
    const EntityDraft* entity = drafts.entity(name);
    if (entity == nullptr) {
      problems.add(at, "there is no entity \"" + name + "\"");
    } else if (entity->value.fact && (bits & (kUpdate | kDelete)) != 0) {
      problems.add(at, "a fact is only read and created");
    }
  }
}

void check_task(const Drafts& drafts, const Drafted<TaskTemplate>& task, Problems& problems) {
  const EntityDraft* entity = drafts.entity("task");
  const auto choice = [&](std::string_view key, const std::string& name) {
    if (name.empty()) return;
    const FieldDraft* field = entity == nullptr ? nullptr : find_field(*entity, key);
    if (field == nullptr || field->value.choice(name) == nullptr) {
      problems.add(task.spot.at(key), "\"" + name + "\" is no choice of task." + std::string(key));
    }
  };
  choice("kind", task.value.kind);
  choice("priority", task.value.priority);
}

void check_action(const Drafts& drafts, const EntityDraft& entity, const Action& action,
                  const Spot& spot, Problems& problems) {
  if (action.kind == Action::Kind::Task && drafts.task(action.target) == nullptr) {
    problems.add(spot.at("task"), "there is no task \"" + action.target + "\"");
  }
  if (action.kind != Action::Kind::Set || action.target.empty()) return;
  const FieldDraft* field = find_field(entity, action.target);
  if (field == nullptr) {
    problems.add(spot.at("set"), "there is no field \"" + action.target + "\"");
  } else if (entity.value.fact ||
             (field->value.merge != Merge::Register && field->value.merge != Merge::Guarded)) {
    problems.add(spot.at("set"), "a rule sets registers and guarded fields only");
  }
}

void check_rule(const Drafts& drafts, const Drafted<Rule>& rule, Problems& problems) {
  const EntityDraft* entity = drafts.entity(rule.value.entity);
  if (rule.value.entity.empty()) return;  // told already
  if (entity == nullptr) {
    problems.add(rule.spot.at("when"), "there is no entity \"" + rule.value.entity + "\"");
    return;
  }
  if (entity->value.fact && rule.value.event != Rule::Event::Created) {
    problems.add(rule.spot.at("when"), "a fact is only created");
  }
  for (const std::string& name : rule.value.fields) {
    if (find_field(*entity, name) == nullptr) {
      problems.add(rule.spot.at("when").at("fields"), "there is no field \"" + name + "\"");
    }
  }
  for (std::size_t i = 0; i < rule.value.actions.size(); ++i) {
    check_action(drafts, *entity, rule.value.actions[i], rule.spot.at("then").at(i), problems);
  }
}

// `name` of each thing once.
template <class Things, class Name>
void check_once(const Things& things, std::string_view key, Name name, Problems& problems) {
  std::set<std::string> seen;
  for (const auto& thing : things) {
    if (!seen.insert(name(thing.value)).second) {
      problems.add(thing.spot.at(key), "\"" + name(thing.value) + "\" is taken");
    }
  }
}

}  // namespace

void check_roles_and_rules(const Drafts& drafts, Problems& problems) {
  check_once(
      drafts.roles, "role", [](const RoleDraft& r) { return r.value.name; }, problems);
  check_once(
      drafts.tasks, "task", [](const TaskTemplate& t) { return t.name; }, problems);
  check_once(
      drafts.rules, "rule", [](const Rule& r) { return r.name; }, problems);
  check_once(
      drafts.lists, "choice_list", [](const ChoiceList& l) { return l.name; }, problems);
  check_once(
      drafts.classes, "name", [](const ReaderClass& c) { return c.name; }, problems);
  check_once(
      drafts.classes, "bit", [](const ReaderClass& c) { return std::to_string(c.bit); }, problems);
  for (const auto& role : drafts.roles) check_role(drafts, role, problems);
  for (const auto& grant : drafts.grants) check_grant(drafts, grant, problems);
  for (const auto& task : drafts.tasks) check_task(drafts, task, problems);
  for (const auto& rule : drafts.rules) check_rule(drafts, rule, problems);
}

}  // namespace banyan::packs
