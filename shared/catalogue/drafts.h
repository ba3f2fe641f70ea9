// What the packs say, read but not yet held against each other: the loader's
// working state between reading and building. Internal to this folder.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "shared/catalogue/reading.h"

namespace banyan::packs {

template <class T>
struct Drafted {
  T value{};
  Spot spot{};
  std::string pack{};
};

struct FieldDraft {
  Field value;
  Spot spot;
  std::string choice_list;               // a shared list's name; empty: own choices
  std::vector<Drafted<Choice>> choices;  // own ones
  std::vector<std::string> visible;      // reader classes; empty: everybody
};

struct EntityDraft {
  Entity value;
  Spot spot;
  std::vector<FieldDraft> fields;
};

// Fields, form sections, columns and filters for an entity of another pack.
struct Extension {
  std::string entity;
  std::vector<FieldDraft> fields;
  std::vector<FormSection> form;
  std::vector<std::string> columns, filters;
};

struct ChoiceList {
  std::string name;
  std::vector<Drafted<Choice>> choices;
};

struct RoleDraft {
  Role value;  // without mask and rights
  std::vector<std::string> sees;
};

// Rights of one role: entity or "*", and bits.
struct Grant {
  std::string role;
  std::map<std::string, std::uint32_t> rights;
};

struct PackDraft {
  PackInfo info;
  std::vector<std::string> needs;
};

// A row of reference data, still JSON: its entity's fields say how to read it.
struct SeedDraft {
  std::string entity;
  const Json* row = nullptr;
};

struct Drafts {
  std::vector<Drafted<PackDraft>> packs;
  std::vector<Drafted<ReaderClass>> classes;
  std::vector<Drafted<ChoiceList>> lists, list_extensions;
  std::vector<EntityDraft> entities;
  std::vector<Drafted<Extension>> extensions;
  std::vector<Drafted<RoleDraft>> roles;
  std::vector<Drafted<Grant>> grants;
  std::vector<Drafted<TaskTemplate>> tasks;
  std::vector<Drafted<Rule>> rules;
  std::vector<Drafted<SeedDraft>> seeds;

  const EntityDraft* entity(std::string_view name) const;
  const PackDraft* pack(std::string_view name) const;
  const Drafted<RoleDraft>* role(std::string_view name) const;
  const Drafted<TaskTemplate>* task(std::string_view name) const;
};

const FieldDraft* find_field(const EntityDraft& entity, std::string_view name);

// Reading: one object of a file, which `pack` owns, into `drafts`.
void read_thing(const Json& json, const Spot& spot, const std::string& pack, Drafts& drafts,
                Problems& problems);
void read_entity(ObjectReader& reader, const std::string& pack, Drafts& drafts, Problems& problems);
void read_extension(ObjectReader& reader, const std::string& pack, Drafts& drafts,
                    Problems& problems);
std::vector<Drafted<Choice>> read_choices(ObjectReader& reader, const std::string& pack,
                                          Problems& problems);
std::string read_expression(ObjectReader& reader, std::string_view key);

// Linking: packs in the order of their needs, extensions and choices in their places.
void link_packs(Drafts& drafts, Problems& problems);
void link_entities(Drafts& drafts, Problems& problems);

// Checking, in the order in which load_packs() calls them.
void check_fields(const Drafts& drafts, Problems& problems);
void check_entities(const Drafts& drafts, Problems& problems);
void check_roles_and_rules(const Drafts& drafts, Problems& problems);
void check_expressions(const Drafts& drafts, ExpressionEngine* engine, Problems& problems);
std::vector<Seed> make_seeds(const Drafts& drafts, Problems& problems);

}  // namespace banyan::packs
