// Every expression of every pack: its names, its cycles and, with an engine, its syntax.
#include <algorithm>
#include <map>
#include <set>

#include "shared/catalogue/drafts.h"

namespace banyan::packs {

namespace {

using Fields = std::vector<ExpressionField>;

class Expressions {
 public:
  Expressions(const Drafts& drafts, ExpressionEngine* engine, Problems& problems)
      : drafts_(drafts), engine_(engine), problems_(problems) {}

  void check(const std::string& text, const Fields& fields, const Spot& spot) {
    if (text.empty()) return;
    const auto names = expression_names(text);
    if (!names) {
      problems_.add(spot, "\"" + text + "\": " + names.error().detail);
      return;
    }
    bool known = true;
    for (const std::string& name : *names) {
      const bool found = std::any_of(fields.begin(), fields.end(),
                                     [&](const auto& field) { return field.name == name; });
      if (!found) problems_.add(spot, "\"" + text + "\": there is no \"" + name + "\" here");
      known = known && found;
    }
    if (!known || engine_ == nullptr) return;
    if (auto compiled = engine_->compile(text, fields); !compiled) {
      problems_.add(spot, "\"" + text + "\": " + compiled.error().detail);
    }
  }

  void check_entity(const EntityDraft& draft) {
    const Fields stored = fields_of(draft, false);
    const Fields around(expression_surroundings().begin(), expression_surroundings().end());
    Fields both = stored;
    both.insert(both.end(), around.begin(), around.end());
    check(draft.value.title, stored, draft.spot.at("title"));
    const Fields computed = fields_of(draft, true);
    for (const FieldDraft& field : draft.fields) {
      check(field.value.check, both, field.spot.at("check"));
      check(field.value.compute, computed, field.spot.at("compute"));
      check(field.value.initial, around, field.spot.at("default"));
      check_default(field);
    }
    const auto& moves = draft.value.machine.moves;
    for (std::size_t i = 0; i < moves.size(); ++i) {
      check(moves[i].guard, both, draft.spot.at("machine").at("moves").at(i).at("guard"));
    }
    check_cycles(draft);
  }

  void check_rule(const Drafted<Rule>& rule) {
    const EntityDraft* entity = drafts_.entity(rule.value.entity);
    if (entity == nullptr) return;  // noted by check_roles_and_rules
    Fields fields = fields_of(*entity, false);
    fields.insert(fields.end(), expression_surroundings().begin(), expression_surroundings().end());
    check(rule.value.condition, fields, rule.spot.at("if"));
    for (std::size_t i = 0; i < rule.value.actions.size(); ++i) {
      check(rule.value.actions[i].expression, fields, rule.spot.at("then").at(i).at("to"));
    }
  }

 private:
  static Fields fields_of(const EntityDraft& draft, bool computed) {
    Fields fields;
    for (const FieldDraft& field : draft.fields) {
      if (field.value.merge == Merge::Set) continue;
      if (field.value.merge == Merge::Computed && !computed) continue;
      fields.push_back({field.value.name, field.value.type});
    }
    return fields;
  }

  // An enum starts with one of its own choices.
  void check_default(const FieldDraft& field) {
    const std::string& text = field.value.initial;
    if (field.value.type != FieldType::Enum || text.empty()) return;
    const bool literal = text.size() > 2 && text.front() == '\'' && text.back() == '\'';
    if (!literal || field.value.choice(text.substr(1, text.size() - 2)) == nullptr) {
      problems_.add(field.spot.at("default"), text + " should be one of the choices, quoted");
    }
  }

  // A computed field may use others, but never itself, directly or through them.
  void check_cycles(const EntityDraft& draft) {
    for (const FieldDraft& field : draft.fields) {
      if (field.value.compute.empty()) continue;
      std::vector<std::string> open{field.value.name};
      std::set<std::string> seen;
      while (!open.empty()) {
        const FieldDraft* next = find_field(draft, open.back());
        open.pop_back();
        if (next == nullptr || next->value.compute.empty()) continue;
        const auto names = expression_names(next->value.compute);
        if (!names) break;
        for (const std::string& name : *names) {
          if (name == field.value.name) {
            problems_.add(field.spot.at("compute"), "\"" + name + "\" is computed from itself");
            return;
          }
          if (seen.insert(name).second) open.push_back(name);
        }
      }
    }
  }

  const Drafts& drafts_;
  ExpressionEngine* engine_;
  Problems& problems_;
};

}  // namespace

void check_expressions(const Drafts& drafts, ExpressionEngine* engine, Problems& problems) {
  Expressions expressions(drafts, engine, problems);
  for (const EntityDraft& entity : drafts.entities) expressions.check_entity(entity);
  for (const auto& rule : drafts.rules) expressions.check_rule(rule);
}

}  // namespace banyan::packs
