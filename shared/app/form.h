// A record as it is being typed, for any entity of the catalogue. Values are
// kept as typed; what is wrong with them is said per field and never stops the
// typing. Only what the person changed is judged and written.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "shared/app/models.h"
#include "shared/app/session.h"
#include "shared/sync/store.h"

namespace banyan {

class Form {
 public:
  enum class Flaw : std::uint8_t {
    None,
    Required,
    NotANumber,
    IdLength,
    IdCharacter,
    IdArea,
    IdBirth,
    IdCheck,
    PhoneCharacter,
    PhoneLength,
    PhonePrefix,
    Date,
    TooLong,
    Check,  // the pack's own rule
  };
  struct Item {
    const Field* field = nullptr;
    std::string text;               // text, numbers, money, dates as YYYY-MM-DD
    std::int64_t choice = 0;        // Enum; Bool as 0 and 1
    std::vector<std::int64_t> set;  // elements of a Set, ascending
    RowId ref{};
    bool read_only = false;  // the server decides this field
    Flaw flaw = Flaw::None;

    bool same_value(const Item& other) const {
      return text == other.text && choice == other.choice && set == other.set && ref == other.ref;
    }
  };
  struct Section {
    Label label;
    std::vector<std::size_t> items;
  };

  // A new record; `aggregate` is kNoRow for a root. Fields begin with the
  // pack's initial values.
  static Form create(Session& session, const Entity& entity, RowId aggregate);
  // NotFound when the record is gone.
  static Result<Form> edit(Session& session, const Entity& entity, RowId id);

  const Entity& entity() const { return *entity_; }
  bool creating() const { return creating_; }
  RowId id() const { return id_; }
  const std::vector<Section>& sections() const { return sections_; }
  std::vector<Item>& items() { return items_; }
  Item* item(std::string_view field);  // null when the form does not show it

  bool changed() const;
  // Sets the flaw of every changed item (of every item of a new record). True
  // when the form may be saved.
  bool check(Session& session);
  // Customers with the same ID number or phone: a hint, not a refusal.
  std::vector<RowId> likely_twins(const Session& session) const;

  // Writes what was changed, as one commit. Invalid when check() fails.
  Result<RowId> save(Session& session);

 private:
  explicit Form(const Entity& entity) : entity_(&entity) {}
  void lay_out();
  void fill_initial(Session& session);
  void load(const Row& row);
  Flaw flaw_of(const Item& item, std::int64_t today) const;
  bool passes_rule(Session& session, const Item& item) const;
  Value current(const Field& field) const;
  std::vector<RowWrite> changes() const;
  std::vector<Draft> way_back() const;

  const Entity* entity_;
  bool creating_ = false;
  RowId id_{}, aggregate_{};
  std::vector<Section> sections_;
  std::vector<Item> items_, original_;
  Row row_;  // as loaded; empty for a new record
};

}  // namespace banyan
