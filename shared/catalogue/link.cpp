// Puts packs in the order of their needs, and what a pack adds to another one's
// things into its place. The order of files and folders has no say in the result.
#include <algorithm>
#include <set>

#include "shared/catalogue/drafts.h"

namespace banyan::packs {

const EntityDraft* Drafts::entity(std::string_view name) const {
  for (const auto& draft : entities) {
    if (draft.value.name == name) return &draft;
  }
  return nullptr;
}

const PackDraft* Drafts::pack(std::string_view name) const {
  for (const auto& draft : packs) {
    if (draft.value.info.name == name) return &draft.value;
  }
  return nullptr;
}

const Drafted<RoleDraft>* Drafts::role(std::string_view name) const {
  for (const auto& draft : roles) {
    if (draft.value.value.name == name) return &draft;
  }
  return nullptr;
}

const Drafted<TaskTemplate>* Drafts::task(std::string_view name) const {
  for (const auto& draft : tasks) {
    if (draft.value.name == name) return &draft;
  }
  return nullptr;
}

const FieldDraft* find_field(const EntityDraft& entity, std::string_view name) {
  for (const auto& field : entity.fields) {
    if (field.value.name == name) return &field;
  }
  return nullptr;
}

namespace {

// A thing of pack `pack` may hang on one of pack `target` when it needs that pack, directly or not.
bool needs(const Drafts& drafts, const std::string& pack, const std::string& target) {
  std::vector<std::string> open{pack};
  std::set<std::string> seen;
  while (!open.empty()) {
    const std::string next = std::move(open.back());
    open.pop_back();
    if (next == target) return true;
    if (!seen.insert(next).second) continue;
    if (const PackDraft* draft = drafts.pack(next)) {
      open.insert(open.end(), draft->needs.begin(), draft->needs.end());
    }
  }
  return false;
}

void link_extension(Drafts& drafts, const Drafted<Extension>& extension, Problems& problems) {
  const auto target = std::find_if(
      drafts.entities.begin(), drafts.entities.end(),
      [&](const EntityDraft& entity) { return entity.value.name == extension.value.entity; });
  const Spot at = extension.spot.at("extends");
  if (target == drafts.entities.end()) {
    problems.add(at, "there is no entity \"" + extension.value.entity + "\"");
    return;
  }
  Entity& entity = target->value;
  if (!needs(drafts, extension.pack, entity.pack)) {
    problems.add(at, "pack \"" + extension.pack + "\" does not need pack \"" + entity.pack + "\"");
  }
  const auto append = [](auto& to, const auto& from) {
    to.insert(to.end(), from.begin(), from.end());
  };
  append(target->fields, extension.value.fields);
  append(entity.form, extension.value.form);
  append(entity.list_columns, extension.value.columns);
  append(entity.list_filters, extension.value.filters);
}

void link_choices(const Drafts& drafts, FieldDraft& field, Problems& problems) {
  if (field.choice_list.empty()) return;
  for (const auto& list : drafts.lists) {
    if (list.value.name == field.choice_list) {
      field.choices = list.value.choices;
      return;
    }
  }
  problems.add(field.spot.at("choices"), "there is no choice list \"" + field.choice_list + "\"");
}

void link_classes(const Drafts& drafts, FieldDraft& field, Problems& problems) {
  if (field.visible.empty()) return;
  field.value.visible = 0;
  for (const std::string& name : field.visible) {
    const auto found = std::find_if(drafts.classes.begin(), drafts.classes.end(),
                                    [&](const auto& draft) { return draft.value.name == name; });
    if (found == drafts.classes.end()) {
      problems.add(field.spot.at("visible"), "there is no class of readers \"" + name + "\"");
    } else {
      field.value.visible |= 1U << found->value.bit;
    }
  }
}

}  // namespace

void link_packs(Drafts& drafts, Problems& problems) {
  auto& packs = drafts.packs;
  std::sort(packs.begin(), packs.end(),
            [](const auto& a, const auto& b) { return a.pack < b.pack; });
  for (std::size_t i = 0; i < packs.size(); ++i) {
    const PackInfo& pack = packs[i].value.info;
    for (const std::string& need : packs[i].value.needs) {
      if (drafts.pack(need) == nullptr) {
        problems.add(packs[i].spot.at("needs"), "pack \"" + need + "\" is not installed");
      }
    }
    for (std::size_t j = 0; j < i; ++j) {
      const PackInfo& other = packs[j].value.info;
      if (pack.first <= other.last && other.first <= pack.last) {
        problems.add(packs[i].spot.at("numbers"),
                     "overlap the numbers of pack \"" + other.name + "\"");
      }
    }
  }
  // Repeatedly the first pack by name that needs none of those still waiting.
  std::vector<Drafted<PackDraft>> ordered;
  while (!packs.empty()) {
    const auto ready = std::find_if(packs.begin(), packs.end(), [&](const auto& pack) {
      return std::all_of(pack.value.needs.begin(), pack.value.needs.end(),
                         [&](const auto& need) { return drafts.pack(need) == nullptr; });
    });
    if (ready == packs.end()) {
      problems.add(packs.front().spot.at("needs"), "packs need each other in a circle");
      break;
    }
    ordered.push_back(std::move(*ready));
    packs.erase(ready);
  }
  ordered.insert(ordered.end(), packs.begin(), packs.end());
  packs = std::move(ordered);
}

void link_entities(Drafts& drafts, Problems& problems) {
  const auto rank = [&](const std::string& pack) {
    return std::find_if(drafts.packs.begin(), drafts.packs.end(),
                        [&](const auto& draft) { return draft.pack == pack; }) -
           drafts.packs.begin();
  };
  const auto by_pack = [&](const auto& a, const auto& b) { return rank(a.pack) < rank(b.pack); };
  std::stable_sort(drafts.extensions.begin(), drafts.extensions.end(), by_pack);
  std::stable_sort(drafts.list_extensions.begin(), drafts.list_extensions.end(), by_pack);
  for (const auto& extension : drafts.extensions) link_extension(drafts, extension, problems);
  for (const auto& extension : drafts.list_extensions) {
    const auto list =
        std::find_if(drafts.lists.begin(), drafts.lists.end(),
                     [&](const auto& draft) { return draft.value.name == extension.value.name; });
    if (list == drafts.lists.end()) {
      problems.add(extension.spot.at("extends_list"),
                   "there is no choice list \"" + extension.value.name + "\"");
      continue;
    }
    const auto& more = extension.value.choices;
    list->value.choices.insert(list->value.choices.end(), more.begin(), more.end());
  }
  for (auto& entity : drafts.entities) {
    for (auto& field : entity.fields) {
      link_choices(drafts, field, problems);
      link_classes(drafts, field, problems);
      for (const auto& choice : field.choices) field.value.choices.push_back(choice.value);
    }
  }
}

}  // namespace banyan::packs
