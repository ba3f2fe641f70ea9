// The catalogue: every entity and field that the installed packs define, as one
// immutable object passed by reference. It knows no file and no SQL.
//
// PACKS.md beside this file describes the JSON that it is loaded from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

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
  Text = 8,      // long text: every paragraph as a guarded value (changelog/paragraphs.h)
};

// What a cell's Value holds. Everything but text and bytes is an integer.
enum class FieldType : std::uint8_t {
  Text = 1,  // UTF-8
  Int,       // with Field::decimals: in units of 10^-decimals
  Money,     // minor units, signed
  Percent,   // basis points: 4.35 % is 435
  Bool,      // 0, 1
  Date,      // days since 1970-01-01
  Time,      // milliseconds since 1970 UTC
  Enum,      // Choice::no
  Ref,       // RowId
  Phone,     // digits only (base/phone.h)
  IdNumber,  // upper case, no spaces (base/id_number.h)
  Place,     // base/place.h
  Blob,      // bytes
  Hash       // 32 bytes, BLAKE2b-256
};

// Two texts of one thing; both are always there.
struct Label {
  std::string zh, en;
};

// What a word or a colour of a choice means to a person.
enum class Tone : std::uint8_t { Neutral = 0, Good, Info, Soon, Bad };

// One value of an Enum.
struct Choice {
  std::string name;
  std::int64_t no = 0;  // never reused
  Label label;
  Tone tone = Tone::Neutral;
  bool retired = false;       // still shown where it stands, no longer offered
  std::string opposite = {};  // what a mirror says instead; empty: the same
};

struct Field {
  std::string name;      // column name; [a-z][a-z0-9_]*, no SQL keyword
  std::uint32_t no = 0;  // never reused; 0 only for Computed
  FieldType type{};
  Merge merge{};
  std::string ref;  // Ref and Set of Ref: the entity's name
  std::vector<Choice> choices;
  bool required = false;
  bool search = false;             // found by the customer search
  bool personal = false;           // C2 data: masked by default, never in logs
  bool multiline = false;          // Text
  bool retired = false;            // kept and synced, no longer on forms
  std::uint32_t length_max = 0;    // Text, Phone, IdNumber: code points
  std::uint8_t decimals = 0;       // Int
  std::uint32_t visible = ~0U;     // classes of readers; a role's mask must share a bit
  std::string check;               // SQLite expression over fields, true or NULL passes
  std::string compute;             // Computed only
  std::string initial;             // expression over today, now, me: what a form starts with
  std::vector<std::string> roles;  // Machine without moves: who may ask for another value
  std::string currency;            // Money: the Text field with the ISO code; empty: the bank's
  std::string pack;                // which pack defines it
  Label label, hint, unit;         // hint and unit may be empty

  bool stored() const { return merge != Merge::Computed; }
  const Choice* choice(std::string_view name) const;  // null when there is none
  const Choice* choice(std::int64_t no) const;
};

// The choice that a state machine's field begins with: its default. Null when it names none.
const Choice* first_state(const Field& field);

struct FormSection {
  Label label;  // may be empty
  std::vector<std::string> fields;
};

// A step of a state machine over an Enum field. Over a Register field the
// device checks it before it writes; over a Machine field the server decides.
struct Move {
  std::vector<std::string> from;  // choices
  std::string to;                 // a choice
  Label label;
  std::vector<std::string> needs;  // fields that must hold a value
  std::vector<std::string> roles;  // who may; empty: whoever may update
  std::string guard;               // expression; only true passes
  std::vector<std::string> then;   // names of task templates
};

// A row that names a record of its root's kind lies in one aggregate and has a mirror, which
// the server writes, in the other.
struct Mirror {
  std::string of;                   // the mirror's field with the row that it mirrors; empty: none
  std::string to;                   // the field with the other root
  std::vector<std::string> fields;  // what the mirror repeats
};

struct StateMachine {
  std::string field;  // empty: the entity has none
  std::vector<Move> moves;
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
  std::string list_order;  // field name; a leading '-' means newest or largest first
  std::vector<FormSection> form;
  StateMachine machine;
  Mirror mirror;
  std::string board;  // the Enum field whose choices are a board's columns
  std::string icon;
  std::string pack;                    // which pack defines it
  std::vector<std::uint32_t> retired;  // field numbers that may not come back

  bool root() const { return aggregate == name; }
  const Field* field(std::string_view name) const;  // null when there is none
  const Field* field(std::uint32_t no) const;
};

struct Role {
  std::string name;
  Label label;
  std::uint32_t mask = 0;                            // classes of fields that it may read
  std::string scope;                                 // own, branch, all
  std::string start;                                 // start screen
  std::map<std::string, std::uint32_t> rights;       // entity -> bits of Right
  std::uint32_t may(std::string_view entity) const;  // bits of Right
};
enum Right : std::uint32_t { kRead = 1, kCreate = 2, kUpdate = 4, kDelete = 8 };

// One class of readers: a bit of Field::visible and Role::mask.
struct ReaderClass {
  std::string name;
  std::uint32_t bit = 0;  // 0..31
  Label label;
};

struct TaskTemplate {
  std::string name;
  Label label;                 // the task's title
  std::string kind, priority;  // choices of task.kind and task.priority; may be empty
  std::int64_t days = 0;       // due so many days after the event
};

// What a rule does. One of them is set.
struct Action {
  enum class Kind : std::uint8_t { Task = 1, Set, Alert, Notice, Block };
  Kind kind{};
  std::string target;      // Task: template; Set: field
  std::string expression;  // Set: the new value
  Label text;              // Alert, Notice, Block
};

// When a row of `entity` was created, changed or deleted here, and `condition`
// holds, then the actions run in the same commit (SYNC.md, 14).
struct Rule {
  enum class Event : std::uint8_t { Created = 1, Changed, Deleted };
  std::string name, entity, pack;
  Event event{};
  std::vector<std::string> fields;  // Changed: one of them; empty: any
  std::string condition;            // expression; empty: always
  std::vector<Action> actions;
  Label label;
  bool on = true;
};

// A row that the server writes once when the pack is installed.
struct SeedCell {
  std::uint32_t field = 0;
  Value value;      // null when `key` names another seed
  std::string key;  // Ref: key of a seed row of the entity that the field names
};
struct Seed {
  std::string entity, key, pack;  // (entity, key) is unique
  std::vector<SeedCell> cells;
};

struct PackInfo {
  std::string name, version;
  Label label;
  std::uint32_t first = 0, last = 0;  // its number range
};

class Catalogue {
 public:
  // The number that the server gave this set of packs; 0 before it has one.
  std::uint32_t number() const { return number_; }
  const Entity* entity(std::string_view name) const;  // null when there is none
  const Entity* entity(std::uint32_t no) const;
  const Role* role(std::string_view name) const;
  const std::vector<Entity>& entities() const { return entities_; }
  const std::vector<Role>& roles() const { return roles_; }
  const std::vector<ReaderClass>& reader_classes() const { return classes_; }
  const std::vector<TaskTemplate>& task_templates() const { return templates_; }
  const std::vector<Rule>& rules() const { return rules_; }
  const std::vector<Seed>& seeds() const { return seeds_; }
  const std::vector<PackInfo>& packs() const { return packs_; }
  // The root entity of an entity's aggregate.
  const Entity& root_of(const Entity& entity) const;

 private:
  friend class CatalogueBuilder;
  std::uint32_t number_ = 0;
  std::vector<Entity> entities_;  // by number
  std::map<std::string, std::size_t, std::less<>> by_name_;
  std::vector<Role> roles_;
  std::vector<ReaderClass> classes_;
  std::vector<TaskTemplate> templates_;
  std::vector<Rule> rules_;
  std::vector<Seed> seeds_;
  std::vector<PackInfo> packs_;
};

}  // namespace banyan
