// What must hold for one field: its type, merge kind, choices and number fit.
#include <algorithm>
#include <map>
#include <set>

#include "shared/catalogue/drafts.h"

namespace banyan::packs {

namespace {

constexpr std::uint32_t kOwnNumberMax = 999;
constexpr std::ptrdiff_t kSharedTextsMax = 4;  // so that a row stays within its limit

class FieldCheck {
 public:
  FieldCheck(const Drafts& drafts, const EntityDraft& entity, const FieldDraft& draft,
             Problems& problems)
      : drafts_(drafts), entity_(entity), draft_(draft), field_(draft.value), problems_(problems) {}

  void run() {
    check_number();
    check_target();
    check_choices();
    check_merge();
    check_keys_of_type();
    check_currency();
    check_roles();
  }

 private:
  void wrong(std::string_view key, std::string reason) {
    problems_.add(draft_.spot.at(key), std::move(reason));
  }
  bool is(std::initializer_list<FieldType> types) const {
    return std::find(types.begin(), types.end(), field_.type) != types.end();
  }

  // A number of an own field is small; a field of another pack has one of that pack's range, so
  // two packs never take the same.
  void check_number() {
    if (field_.merge == Merge::Computed || field_.no == 0) return;
    const auto& retired = entity_.value.retired;
    if (std::find(retired.begin(), retired.end(), field_.no) != retired.end()) {
      wrong("no", std::to_string(field_.no) + " is retired and never comes back");
    }
    if (field_.pack == entity_.value.pack) {
      if (field_.no > kOwnNumberMax) wrong("no", "an own field has a number from 1 to 999");
      return;
    }
    const PackDraft* pack = drafts_.pack(field_.pack);
    if (pack != nullptr && (field_.no < pack->info.first || field_.no > pack->info.last)) {
      wrong("no", "should be in the range of pack \"" + field_.pack + "\", " +
                      std::to_string(pack->info.first) + " to " + std::to_string(pack->info.last));
    }
  }

  void check_target() {
    if (field_.type == FieldType::Ref && !field_.ref.empty() &&
        drafts_.entity(field_.ref) == nullptr) {
      wrong("type", "there is no entity \"" + field_.ref + "\"");
    }
  }

  // Who may have the server set a value that follows no state machine.
  void check_roles() {
    if (field_.roles.empty()) return;
    const bool state = entity_.value.machine.field == field_.name;
    if (field_.merge != Merge::Machine || state) {
      wrong("roles", "only a field of kind machine that has no moves");
    }
    for (const std::string& name : field_.roles) {
      if (drafts_.role(name) == nullptr) wrong("roles", "there is no role \"" + name + "\"");
    }
  }

  void check_choices() {
    if (field_.type != FieldType::Enum) {
      if (!draft_.choices.empty()) wrong("choices", "only an enum has choices");
      return;
    }
    if (draft_.choices.empty() && draft_.choice_list.empty()) {
      wrong("choices", "an enum has at least one choice");
    }
  }

  void check_merge() {
    const bool fact = entity_.value.fact;
    switch (field_.merge) {
      case Merge::Set:
        if (!is({FieldType::Enum, FieldType::Ref})) wrong("merge", "a set holds an enum or a ref");
        if (field_.required || !field_.check.empty() || !field_.initial.empty()) {
          wrong("merge", "a set is not required and has no check and no default");
        }
        break;
      case Merge::Counter:
        if (!is({FieldType::Int, FieldType::Money})) wrong("merge", "a counter is int or money");
        break;
      case Merge::Computed:
        if (!is({FieldType::Text, FieldType::Int, FieldType::Money, FieldType::Percent,
                 FieldType::Bool, FieldType::Date, FieldType::Time})) {
          wrong("type", "a computed field is text, int, money, percent, bool, date or time");
        }
        if (field_.required || !field_.check.empty() || !field_.initial.empty() || field_.search) {
          wrong("compute", "a computed field is not required, checked, defaulted or searched");
        }
        break;
      case Merge::Derived:
        if (!field_.initial.empty()) {
          wrong("default", "the server writes a derived field: no form starts with it");
        }
        break;
      case Merge::Text: check_text(); break;
      case Merge::Register:
      case Merge::Guarded:
      case Merge::Machine: break;
    }
    if (fact && field_.merge != Merge::Register && field_.merge != Merge::Derived &&
        field_.merge != Merge::Computed) {
      wrong("merge", "a fact never changes: register, derived or compute");
    }
  }

  // Its paragraphs are in the log one by one: nothing that looks at one value fits.
  void check_text() {
    if (!is({FieldType::Text}) || !field_.multiline) wrong("merge", "text is a text with lines");
    if (!field_.check.empty() || !field_.initial.empty()) {
      wrong("merge", "a shared text has no check and no default");
    }
    const auto count =
        std::count_if(entity_.fields.begin(), entity_.fields.end(),
                      [](const FieldDraft& other) { return other.value.merge == Merge::Text; });
    if (count > kSharedTextsMax) {
      wrong("merge", "an entity has at most " + std::to_string(kSharedTextsMax) + " shared texts");
    }
  }

  void check_keys_of_type() {
    const bool text = field_.type == FieldType::Text;
    if (field_.length_max != 0 && !is({FieldType::Text, FieldType::Phone, FieldType::IdNumber}))
      wrong("max", "only a text, a phone or an id_number has a greatest length");
    if (field_.multiline && !text) wrong("multiline", "only a text has lines");
    if (field_.decimals != 0 && field_.type != FieldType::Int) {
      wrong("decimals", "only an int has decimals");
    }
    if (!field_.unit.zh.empty() && field_.type != FieldType::Int) {
      wrong("unit", "only an int has a unit");
    }
    if (field_.search && !is({FieldType::Text, FieldType::Phone, FieldType::IdNumber})) {
      wrong("search", "only a text, a phone or an id_number is searched");
    }
    if (field_.type == FieldType::IdNumber && !field_.personal) {
      wrong("personal", "an id_number is personal");
    }
  }

  void check_currency() {
    if (field_.currency.empty()) return;
    if (field_.type != FieldType::Money) return wrong("currency", "only money has a currency");
    const FieldDraft* other = find_field(entity_, field_.currency);
    if (other == nullptr || other->value.type != FieldType::Text) {
      wrong("currency", "\"" + field_.currency + "\" is no text field of this entity");
    }
  }

  const Drafts& drafts_;
  const EntityDraft& entity_;
  const FieldDraft& draft_;
  const Field& field_;
  Problems& problems_;
};

// Names and numbers of a list stand once, and a pack adds only numbers of its own range.
void check_choice_numbers(const Drafts& drafts, const std::vector<Drafted<Choice>>& choices,
                          const std::string& owner, Problems& problems) {
  std::set<std::string> names;
  std::set<std::int64_t> numbers;
  for (const auto& choice : choices) {
    const auto& [name, no] = std::tie(choice.value.name, choice.value.no);
    if (!names.insert(name).second) {
      problems.add(choice.spot.at("name"), "\"" + name + "\" stands twice");
    }
    if (no == 0) continue;  // told already
    if (!numbers.insert(no).second) {
      problems.add(choice.spot.at("no"), std::to_string(no) + " stands twice");
    }
    if (!choice.value.opposite.empty()) {
      const auto other = std::find_if(choices.begin(), choices.end(), [&](const auto& c) {
        return c.value.name == choice.value.opposite;
      });
      const bool back = other != choices.end() && (other->value.opposite == name);
      if (!back) {
        problems.add(choice.spot.at("opposite"), "\"" + choice.value.opposite +
                                                     "\" should be a choice with the opposite \"" +
                                                     name + "\"");
      }
    }
    const PackDraft* pack = drafts.pack(choice.pack);
    const bool own = choice.pack == owner;
    if (own ? no > kOwnNumberMax
            : pack != nullptr && (no < pack->info.first || no > pack->info.last)) {
      problems.add(choice.spot.at("no"),
                   own ? "an own choice has a number from 1 to 999"
                       : "should be in the range of pack \"" + choice.pack + "\"");
    }
  }
}

}  // namespace

void check_fields(const Drafts& drafts, Problems& problems) {
  for (const auto& list : drafts.lists) {
    check_choice_numbers(drafts, list.value.choices, list.pack, problems);
  }
  for (const auto& entity : drafts.entities) {
    std::map<std::string, const FieldDraft*> names;
    std::map<std::uint32_t, const FieldDraft*> numbers;
    for (const auto& field : entity.fields) {
      FieldCheck(drafts, entity, field, problems).run();
      if (field.choice_list.empty()) {
        check_choice_numbers(drafts, field.choices, field.value.pack, problems);
      }
      const std::string& name = field.value.name;
      if (const auto [at, fresh] = names.emplace(name, &field); !fresh) {
        problems.add(field.spot.at("name"), "\"" + name + "\" is taken by " +
                                                at->second->spot.file + at->second->spot.path);
      }
      if (field.value.no == 0) continue;  // Computed, or told already
      if (const auto [at, fresh] = numbers.emplace(field.value.no, &field); !fresh) {
        problems.add(field.spot.at("no"), std::to_string(field.value.no) + " is taken by \"" +
                                              at->second->value.name + "\"");
      }
    }
  }
}

}  // namespace banyan::packs
