// What must hold between the parts of an entity: aggregate, scopes, list, form,
// machine, board.
#include <algorithm>
#include <map>
#include <set>

#include "shared/catalogue/drafts.h"

namespace banyan::packs {

namespace {

class EntityCheck {
 public:
  EntityCheck(const Drafts& drafts, const EntityDraft& draft, Problems& problems)
      : drafts_(drafts), draft_(draft), entity_(draft.value), problems_(problems) {}

  void run() {
    check_number();
    check_aggregate();
    check_scopes();
    check_list();
    check_form();
    check_machine();
    check_mirror();
    check_icon();
  }

 private:
  void wrong(std::string_view key, std::string reason) {
    problems_.add(draft_.spot.at(key), std::move(reason));
  }
  const Field* field(std::string_view name) const {
    const FieldDraft* found = find_field(draft_, name);
    return found == nullptr ? nullptr : &found->value;
  }
  bool known(std::string_view key, const std::string& name) {
    if (field(name) != nullptr) return true;
    wrong(key, "there is no field \"" + name + "\"");
    return false;
  }

  void check_number() {
    const PackDraft* pack = drafts_.pack(entity_.pack);
    if (entity_.no != 0 && pack != nullptr &&
        (entity_.no < pack->info.first || entity_.no > pack->info.last)) {
      wrong("no", "should be in the range of pack \"" + entity_.pack + "\", " +
                      std::to_string(pack->info.first) + " to " + std::to_string(pack->info.last));
    }
  }

  void check_aggregate() {
    const EntityDraft* root = drafts_.entity(entity_.aggregate);
    if (root == nullptr) {
      wrong("aggregate", "there is no entity \"" + entity_.aggregate + "\"");
    } else if (!root->value.root()) {
      wrong("aggregate", "\"" + entity_.aggregate + "\" is no root itself");
    }
    if (entity_.root() && entity_.fact) wrong("fact", "a fact lives in an aggregate");
    if (!entity_.root() && entity_.reference) wrong("reference", "only a root is reference data");
  }

  void check_scopes() {
    if (entity_.scopes.empty()) return;
    if (!entity_.root()) wrong("scopes", "only a root has scopes");
    if (entity_.reference) wrong("scopes", "reference data is for everybody");
    for (const std::string& name : entity_.scopes) {
      const Field* found = field(name);
      if (found == nullptr) {
        wrong("scopes", "there is no field \"" + name + "\"");
      } else if (found->type != FieldType::Ref || found->merge != Merge::Machine) {
        wrong("scopes", "\"" + name + "\" is no ref of kind machine: only the server moves rows");
      }
    }
  }

  void check_list() {
    const Spot list = draft_.spot.at("list");
    const auto names = [&](std::string_view key, const std::vector<std::string>& wanted) {
      std::set<std::string> seen;
      for (const std::string& name : wanted) {
        if (field(name) == nullptr) {
          problems_.add(list.at(key), "there is no field \"" + name + "\"");
        } else if (!seen.insert(name).second) {
          problems_.add(list.at(key), "\"" + name + "\" stands twice");
        }
      }
    };
    names("columns", entity_.list_columns);
    names("filters", entity_.list_filters);
    std::string_view order = entity_.list_order;
    if (!order.empty() && order[0] == '-') order.remove_prefix(1);
    if (entity_.list_order.empty()) return;
    const Field* found = field(order);
    if (found == nullptr || found->merge == Merge::Set) {
      problems_.add(list.at("order"), "names no field that has an order");
    }
  }

  void check_form() {
    std::set<std::string> seen;
    for (std::size_t i = 0; i < entity_.form.size(); ++i) {
      for (const std::string& name : entity_.form[i].fields) {
        const Spot at = draft_.spot.at("form").at(i);
        if (field(name) == nullptr) {
          problems_.add(at, "there is no field \"" + name + "\"");
        } else if (!seen.insert(name).second) {
          problems_.add(at, "\"" + name + "\" stands twice in the form");
        }
      }
    }
  }

  void check_machine() {
    if (!entity_.board.empty()) {
      const Field* board = field(entity_.board);
      if (board == nullptr || board->type != FieldType::Enum || board->merge == Merge::Set) {
        wrong("board", "names no enum of this entity");
      }
    }
    const StateMachine& machine = entity_.machine;
    if (machine.field.empty()) return;
    const Spot at = draft_.spot.at("machine");
    const Field* state = field(machine.field);
    if (state == nullptr || state->type != FieldType::Enum ||
        (state->merge != Merge::Register && state->merge != Merge::Machine)) {
      problems_.add(at.at("field"), "names no enum of kind register or machine");
      return;
    }
    if (entity_.fact) problems_.add(at, "a fact never changes");
    if (state->initial.empty()) problems_.add(at.at("field"), "has no default to start from");
    std::set<std::pair<std::string, std::string>> seen;
    for (std::size_t i = 0; i < machine.moves.size(); ++i) {
      check_move(*state, machine.moves[i], at.at("moves").at(i), seen);
    }
    if (!machine.moves.empty()) check_reachable(*state, at);
  }

  void check_move(const Field& state, const Move& move, const Spot& at,
                  std::set<std::pair<std::string, std::string>>& seen) {
    const auto choice = [&](std::string_view key, const std::string& name) {
      if (!name.empty() && state.choice(name) == nullptr) {
        problems_.add(at.at(key), "\"" + name + "\" is no choice of \"" + state.name + "\"");
      }
    };
    choice("to", move.to);
    for (const std::string& from : move.from) {
      choice("from", from);
      if (from == move.to) problems_.add(at.at("from"), "a move goes somewhere else");
      if (!seen.emplace(from, move.to).second) {
        problems_.add(at, "there is a move from \"" + from + "\" to \"" + move.to + "\" already");
      }
    }
    for (const std::string& name : move.needs) {
      if (field(name) == nullptr) {
        problems_.add(at.at("needs"), "there is no field \"" + name + "\"");
      }
    }
    for (const std::string& name : move.roles) {
      if (drafts_.role(name) == nullptr) {
        problems_.add(at.at("roles"), "there is no role \"" + name + "\"");
      }
    }
    for (const std::string& name : move.then) {
      if (drafts_.task(name) == nullptr) {
        problems_.add(at.at("then"), "there is no task \"" + name + "\"");
      }
    }
  }

  // Every choice that is not the start and not retired is the end of some move.
  void check_reachable(const Field& state, const Spot& at) {
    for (const Choice& choice : state.choices) {
      const bool start = state.initial == "'" + choice.name + "'";
      const bool reached = std::any_of(entity_.machine.moves.begin(), entity_.machine.moves.end(),
                                       [&](const Move& move) { return move.to == choice.name; });
      if (!start && !reached && !choice.retired) {
        problems_.add(at.at("moves"), "no move leads to \"" + choice.name + "\"");
      }
    }
  }

  void check_mirror() {
    const Mirror& mirror = entity_.mirror;
    if (mirror.of.empty() && mirror.to.empty()) return;
    const Spot at = draft_.spot.at("mirror");
    if (entity_.fact || entity_.root()) problems_.add(at, "mirrors neither a root nor a fact");
    const Field* of = field(mirror.of);
    if (of == nullptr || of->merge != Merge::Derived || of->ref != entity_.name) {
      problems_.add(at.at("of"), "names no derived ref:" + entity_.name);
    }
    const Field* to = field(mirror.to);
    if (to == nullptr || to->ref != entity_.aggregate || to->merge != Merge::Register) {
      problems_.add(at.at("to"), "names no register ref:" + entity_.aggregate);
    }
    for (const std::string& name : mirror.fields) {
      const Field* same = field(name);
      const bool plain = same != nullptr && name != mirror.of && name != mirror.to &&
                         (same->merge == Merge::Register || same->merge == Merge::Guarded ||
                          same->merge == Merge::Derived);
      if (!plain) problems_.add(at.at("fields"), "\"" + name + "\" is nothing a mirror repeats");
    }
  }

  void check_icon() {
    const bool good = std::all_of(entity_.icon.begin(), entity_.icon.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    });
    if (!good) wrong("icon", "an icon's name has a-z, 0-9 and -");
  }

  const Drafts& drafts_;
  const EntityDraft& draft_;
  const Entity& entity_;
  Problems& problems_;
};

}  // namespace

void check_entities(const Drafts& drafts, Problems& problems) {
  std::map<std::string, const EntityDraft*> names;
  std::map<std::uint32_t, const EntityDraft*> numbers;
  for (const auto& entity : drafts.entities) {
    EntityCheck(drafts, entity, problems).run();
    if (const auto [at, fresh] = names.emplace(entity.value.name, &entity); !fresh) {
      problems.add(entity.spot.at("entity"), "\"" + entity.value.name + "\" is taken by " +
                                                 at->second->spot.file + at->second->spot.path);
    }
    if (entity.value.no == 0) continue;  // told already
    if (const auto [at, fresh] = numbers.emplace(entity.value.no, &entity); !fresh) {
      problems.add(entity.spot.at("no"), std::to_string(entity.value.no) + " is taken by \"" +
                                             at->second->value.name + "\"");
    }
  }
}

}  // namespace banyan::packs
