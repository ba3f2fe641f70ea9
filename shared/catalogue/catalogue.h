// The catalogue: every entity and field that the installed packs define, as one
// immutable object passed by reference. It knows no file and no SQL.
//
// PACKS.md beside this file describes the JSON that it is loaded from.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/result.h"
#include "shared/base/value.h"

namespace banyan {

// How concurrent writes of a field meet (SYNC.md, "Cell kinds").
enum class Merge : std::uint8_t {
  Register = 1,  // the later write that saw the other, else the larger stamp
  Guarded = 2,   // shown as a register; concurrent values stay as siblings
  Counter = 3,   // the sum of deltas
  Set = 4,       // elements with add-wins
  Machine = 5,   // the server decides; a device writes it only at creation
  Derived = 6,   // the server writes it; a device's write is refused
  Computed = 7,  // an expression over other fields; never stored, never synced
};

enum class FieldType : std::uint8_t {
  Text = 1,
  Int,
  Money,
  Percent,
  Bool,
  Date,
  Time,
  Enum,
  Ref,
  Phone,
  IdNumber,
  Place,
  Blob,
  Hash
};

// Two texts of one thing; both are always there.
struct Label {
  std::string zh, en;
};

struct Choice {
  std::string name;
  std::int64_t no = 0;
  Label label;
};  // one value of an Enum

struct Field {
  std::string name;      // column name; [a-z][a-z0-9_]*
  std::uint32_t no = 0;  // never reused; 0 only for Computed
  FieldType type{};
  Merge merge{};
  std::string ref;  // Ref and Set of Ref: the entity's name
  std::vector<Choice> choices;
  bool required = false;
  bool search = false;          // found by the customer search
  bool personal = false;        // C2 data: masked by default, never in logs
  std::uint32_t visible = ~0U;  // classes of readers; a role's mask must share a bit
  std::string check;            // SQLite expression over fields, true or NULL passes
  std::string compute;          // Computed only
  Label label, hint;

  bool stored() const { return merge != Merge::Computed; }
};

struct Entity {
  std::string name;
  std::uint32_t no = 0;
  std::string aggregate;   // the root entity's name; its own name for a root
  bool fact = false;       // rows are immutable: union by id
  bool reference = false;  // a root that everybody may read (products, branches)
  std::vector<Field> fields;
  std::vector<std::string> scopes;  // root only: Ref fields whose target is a scope
  Label label, plural;
  std::string title;  // expression that names a row for people
  std::vector<std::string> list_columns, list_filters;
  std::vector<std::vector<std::string>> form;  // sections of field names
  std::string icon;

  bool root() const { return aggregate == name; }
  const Field* field(std::string_view name) const;  // null when there is none
  const Field* field(std::uint32_t no) const;
};

struct Role {
  std::string name;
  Label label;
  std::uint32_t mask = 0;                       // classes of fields that it may read
  std::string scope;                            // own, branch, all
  std::string start;                            // start screen
  std::map<std::string, std::uint32_t> rights;  // entity -> bits of Right
};
enum Right : std::uint32_t { kRead = 1, kCreate = 2, kUpdate = 4, kDelete = 8 };

class Catalogue {
 public:
  // The number that the server gave this set of packs; 0 before it has one.
  std::uint32_t number() const { return number_; }
  const Entity* entity(std::string_view name) const;  // null when there is none
  const Entity* entity(std::uint32_t no) const;
  const Role* role(std::string_view name) const;
  const std::vector<Entity>& entities() const { return entities_; }
  const std::vector<Role>& roles() const { return roles_; }
  // The root entity of an entity's aggregate.
  const Entity& root_of(const Entity& entity) const;

 private:
  friend class CatalogueBuilder;
  std::uint32_t number_ = 0;
  std::vector<Entity> entities_;  // by number
  std::vector<Role> roles_;
};

}  // namespace banyan
