// The packs in assets/packs, as the server reads them.
#include "tests/support/shipped_packs.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "shared/base/json.h"
#include "shared/base/text.h"
#include "shared/catalogue/packs.h"

namespace banyan {

namespace {

using test::packs;

const Field& field_of(std::string_view entity, std::string_view name) {
  CAPTURE(entity);
  CAPTURE(name);
  const Entity* found = packs().entity(entity);
  REQUIRE(found != nullptr);
  const Field* wanted = found->field(name);
  REQUIRE(wanted != nullptr);
  return *wanted;
}

bool has_han(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    if (is_han(utf8_next(text, at))) return true;
  }
  return false;
}

// Chinese in the Chinese one, none in the English one.
bool is_bilingual(const Label& label) {
  return has_han(label.zh) && !label.en.empty() && !has_han(label.en);
}

}  // namespace

TEST_CASE("the shipped packs load without an error") {
  std::vector<PackError> errors;
  const auto sources = test::shipped_pack_sources(BANYAN_SOURCE_DIR);
  const auto catalogue = load_packs(sources, {}, &errors);
  for (const PackError& error : errors) {
    MESSAGE(error.file << " " << error.path << ": " << error.reason);
  }
  CHECK(errors.empty());
  REQUIRE(catalogue.ok());
  CHECK(catalogue->packs().size() >= 2);
  CHECK(catalogue->packs()[0].name == "base");
}

TEST_CASE("every label of the shipped packs is there in both languages") {
  const auto check = [](const std::string& what, const Label& label) {
    CAPTURE(what);
    CHECK(is_bilingual(label));
  };
  for (const Entity& entity : packs().entities()) {
    check(entity.name, entity.label);
    check(entity.name + " plural", entity.plural);
    for (const Field& f : entity.fields) {
      const std::string name = entity.name + "." + f.name;
      check(name, f.label);
      for (const Choice& choice : f.choices) {
        CAPTURE(name + "=" + choice.name);
        CHECK((has_han(choice.label.zh) || choice.name == "atm"));
        CHECK_FALSE(has_han(choice.label.en));
      }
      if (!f.hint.zh.empty()) check(name + " hint", f.hint);
      if (!f.unit.zh.empty()) check(name + " unit", f.unit);
    }
    for (const FormSection& section : entity.form) {
      if (!section.label.zh.empty()) check(entity.name + " form", section.label);
    }
    for (const Move& move : entity.machine.moves) check(entity.name + " move", move.label);
  }
  for (const Role& role : packs().roles()) check(role.name, role.label);
  for (const ReaderClass& readers : packs().reader_classes()) check(readers.name, readers.label);
}

TEST_CASE("a customer holds the natural attributes, and each can be filtered") {
  const Entity& customer = *packs().entity("customer");
  for (const char* name : {"birth_date", "gender", "occupation", "education", "marital"}) {
    CAPTURE(name);
    CHECK(field_of("customer", name).stored());
    const auto& filters = customer.list_filters;
    CHECK(std::find(filters.begin(), filters.end(), name) != filters.end());
    const bool on_form =
        std::any_of(customer.form.begin(), customer.form.end(), [&](const FormSection& section) {
          return std::find(section.fields.begin(), section.fields.end(), name) !=
                 section.fields.end();
        });
    CHECK(on_form);
  }
  CHECK(field_of("customer", "birth_date").check == "birth_date <= today");
}

TEST_CASE("what two people may change at once and must not lose is guarded") {
  for (const char* name : {"name", "id_no", "phone", "phone_2", "address"}) {
    CAPTURE(name);
    CHECK(field_of("customer", name).merge == Merge::Guarded);
    CHECK(field_of("customer", name).personal);
  }
  CHECK(field_of("customer", "tags").merge == Merge::Set);
  CHECK(field_of("customer", "consents").merge == Merge::Set);
}

TEST_CASE("a preference and a need carry a source and a date, and officers write them") {
  for (const char* entity : {"preference", "need"}) {
    CAPTURE(entity);
    for (const char* name : {"source", "noted_on"}) {
      CHECK(field_of(entity, name).required);
      CHECK(field_of(entity, name).merge == Merge::Register);
    }
    CHECK(packs().role("officer")->may(entity) == (kRead | kCreate | kUpdate | kDelete));
  }
}

TEST_CASE("mirrors of core banking are the server's alone, own entries stay as they were written") {
  for (const char* name : {"account", "txn", "request", "standing_order"}) {
    CAPTURE(name);
    const Entity* entity = packs().entity(name);
    REQUIRE(entity != nullptr);
    for (const Field& f : entity->fields) CHECK(f.merge == Merge::Derived);
    CHECK(packs().role("officer")->may(name) == kRead);
  }
  CHECK(field_of("account", "as_of").type == FieldType::Time);
  CHECK(field_of("own_entry", "state").initial == "'unposted'");
  for (const Field& f : packs().entity("own_entry")->fields) {
    CAPTURE(f.name);
    CHECK((f.merge == Merge::Machine || f.merge == Merge::Derived));
  }
}

TEST_CASE("the history of a customer is facts of his own aggregate") {
  for (const char* name : {"txn", "interaction", "visit", "document"}) {
    CAPTURE(name);
    const Entity* entity = packs().entity(name);
    REQUIRE(entity != nullptr);
    CHECK(entity->fact);
    CHECK(packs().root_of(*entity).name == "customer");
  }
  // One list over all channels, with who, on which product, and a way to correct.
  const Field& channel = field_of("interaction", "channel");
  for (const char* name : {"phone", "chat", "email", "visit", "counter"}) {
    CHECK(channel.choice(name) != nullptr);
  }
  CHECK(field_of("interaction", "staff").ref == "staff");
  CHECK(field_of("interaction", "product").ref == "product");
  CHECK(field_of("interaction", "amends").ref == "interaction");
}

TEST_CASE("the organisation is a tree of reference data") {
  const Entity& branch = *packs().entity("branch");
  CHECK(branch.reference);
  CHECK(field_of("branch", "parent").ref == "branch");
  std::string levels;
  for (const Choice& choice : field_of("branch", "kind").choices) levels += choice.name + " ";
  CHECK(levels == "province county branch outlet ");
}

TEST_CASE("what is in an officer's portfolio or a branch is found by a scope") {
  for (const char* name : {"customer", "household", "task", "guarantee_group"}) {
    CAPTURE(name);
    const auto& scopes = packs().entity(name)->scopes;
    CHECK(std::find(scopes.begin(), scopes.end(), "owner") != scopes.end());
    CHECK(std::find(scopes.begin(), scopes.end(), "branch") != scopes.end());
  }
}

TEST_CASE("who may ask headquarters for another owner or branch is said for every scope") {
  for (const Entity& entity : packs().entities()) {
    if (entity.name == "device_report") continue;  // the server's own
    for (const std::string& scope : entity.scopes) {
      CAPTURE(entity.name + "." + scope);
      CHECK(!entity.field(scope)->roles.empty());
    }
  }
  CHECK(field_of("customer", "same_as").roles == std::vector<std::string>{"hq"});
}

TEST_CASE("a relation is mirrored, seen from the other side, without the officer's note") {
  const Mirror& mirror = packs().entity("relation")->mirror;
  CHECK(mirror.of == "mirror_of");
  CHECK(mirror.to == "other");
  CHECK(std::find(mirror.fields.begin(), mirror.fields.end(), "note") == mirror.fields.end());
  CHECK(field_of("relation", "kind").choice("guarantor")->opposite == "guaranteed");
  CHECK(field_of("relation", "kind").choice("spouse")->opposite.empty());
}

TEST_CASE("rural credit extends other packs' entities in its own numbers") {
  for (const auto& [entity, name] :
       {std::pair{"customer", "village"}, std::pair{"household", "village"},
        std::pair{"visit", "land"}, std::pair{"relation", "guarantee_amount"}}) {
    const Field& added = field_of(entity, name);
    CHECK(added.pack == "rural-credit");
    CHECK(added.no >= 1000);
    CHECK(added.no < 2000);
  }
  CHECK(field_of("crop_plan", "income").merge == Merge::Computed);
}

TEST_CASE("the shipped seeds are there under their keys") {
  const auto& seeds = packs().seeds();
  const auto has = [&](std::string_view entity, std::string_view key) {
    return std::any_of(seeds.begin(), seeds.end(),
                       [&](const Seed& seed) { return seed.entity == entity && seed.key == key; });
  };
  CHECK(has("product", "farm_loan"));
  CHECK(has("product", "term_3y"));
  CHECK(has("tag", "big_grower"));
  CHECK(has("tag", "vip"));
}

TEST_CASE("the shipped packs keep their meaning on the way over the network") {
  const auto text = canonical_packs(test::shipped_pack_sources(BANYAN_SOURCE_DIR));
  REQUIRE(text.ok());
  const auto split = split_packs(*text);
  REQUIRE(split.ok());
  CHECK(*canonical_packs(*split) == *text);
  const auto again = load_packs(*split, {.number = 1});
  REQUIRE(again.ok());
  CHECK(check_upgrade(packs(), *again).empty());
  CHECK(check_upgrade(*again, packs()).empty());
  CHECK(again->seeds().size() == packs().seeds().size());
}

TEST_CASE("the five minutes of PACKS.md end with a field of one's own") {
  std::ifstream page(BANYAN_SOURCE_DIR "/shared/catalogue/PACKS.md");
  std::vector<std::string> examples;
  bool inside = false;
  for (std::string line; std::getline(page, line);) {
    const auto text = line.substr(std::min(line.find_first_not_of(' '), line.size()));
    if (text == "```json") {
      examples.emplace_back();
    } else if (inside && text != "```") {
      examples.back() += line + "\n";
    }
    inside = text == "```json" || (inside && text != "```");
  }
  REQUIRE(examples.size() >= 4);
  for (const std::string& example : examples) {
    const auto json = parse_json(example, 12, "example");
    CAPTURE(example);
    CHECK(json.ok());
  }
  auto sources = test::shipped_pack_sources(BANYAN_SOURCE_DIR);
  sources.push_back({"my-bank", {{"pack.json", examples[0]}, {"solar.json", examples[1]}}});
  const auto catalogue = load_packs(sources);
  if (!catalogue) MESSAGE(catalogue.error().detail);
  REQUIRE(catalogue.ok());
  const Field* solar = catalogue->entity("customer")->field(32768);
  REQUIRE(solar != nullptr);
  CHECK(solar->label.en == "Solar roof");
  CHECK(check_upgrade(packs(), *catalogue).empty());
}

// Once these numbers have been on a tablet they mean this for ever: a line of
// the file that the packs no longer have is a bank's data lost. Add lines to
// it, never change one.
TEST_CASE("numbers of the shipped packs keep their meaning") {
  std::set<std::string> actual;
  for (const Entity& entity : packs().entities()) {
    const std::string what = std::to_string(entity.no) + " " + entity.name;
    actual.insert(what + " in " + entity.aggregate);
    for (const Field& f : entity.fields) {
      if (!f.stored()) continue;
      const std::string line = what + " " + std::to_string(f.no) + " " + f.name + " " +
                               std::to_string(static_cast<int>(f.type)) + " " +
                               std::to_string(static_cast<int>(f.merge)) + " " + f.ref;
      actual.insert(line);
      for (const Choice& choice : f.choices) {
        actual.insert(line + "=" + std::to_string(choice.no) + " " + choice.name);
      }
    }
  }
  std::ifstream file(BANYAN_SOURCE_DIR "/tests/unit/shared/catalogue/numbers.golden");
  std::size_t lines = 0;
  for (std::string line; std::getline(file, line); ++lines) {
    CAPTURE(line);
    CHECK(actual.count(line) == 1);
    actual.erase(line);
  }
  CHECK(lines > 100);
  for (const std::string& line : actual) MESSAGE("new, to be added to numbers.golden: " << line);
}

}  // namespace banyan
