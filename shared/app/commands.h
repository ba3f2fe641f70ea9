// Everything a person can do. A command has succeeded when it returns: the
// change is durable on this device, signed and waiting to be sent.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "shared/app/models.h"
#include "shared/app/session.h"

namespace banyan {

// A record as it is being typed. Values are kept as typed; what is wrong with
// them is said per field and never stops the typing.
class Form {
 public:
  enum class Flaw : std::uint8_t {
    None,
    Required,
    NotANumber,
    IdLength,
    IdCheckDigit,
    IdDate,
    Phone,
    Date,
    TooLong,
    Check
  };
  struct Item {
    const Field* field = nullptr;
    std::string text;               // text, number, money, phone ... as typed
    std::int64_t choice = 0;        // Enum, Bool
    std::vector<std::int64_t> set;  // elements of a Set
    RowId ref{};
    Flaw flaw = Flaw::None;
    bool touched = false;
  };
  struct Section {
    std::vector<std::size_t> items;
  };

  // A new record; for a root entity `aggregate` is kNoRow.
  static Form create(const Session& session, const Entity& entity, RowId aggregate);
  static Result<Form> edit(const Session& session, const Entity& entity, RowId id);

  const Entity& entity() const { return *entity_; }
  bool creating() const { return creating_; }
  RowId id() const { return id_; }
  const std::vector<Section>& sections() const { return sections_; }
  std::vector<Item>& items() { return items_; }
  Item* item(std::string_view field);

  // Sets every item's flaw. True when the form may be saved.
  bool check();
  bool changed() const;
  // Customers that may be the same person (same id number or phone). A hint.
  std::vector<CustomerRow> likely_twins(const Session& session) const;

  // Writes what was changed, as one commit. Invalid when check() is false.
  Result<RowId> save(Session& session);

 private:
  const Entity* entity_ = nullptr;
  bool creating_ = false;
  RowId id_{}, aggregate_{};
  std::vector<Section> sections_;
  std::vector<Item> items_, original_;
};

struct VisitReport {
  RowId plan{};  // kNoRow: unplanned
  RowId customer{};
  std::int64_t purpose = 0;  // choice numbers
  std::int64_t outcome = 0;
  std::string note;
  std::int64_t arrived_ms = 0;
  // Micro-degrees; accuracy in metres, 0: no place known.
  std::int64_t latitude = 0, longitude = 0, accuracy_m = 0;
  std::vector<std::string> photos;  // hashes, from add_photo()
  std::string next_step;            // makes a task when not empty
  std::int64_t next_day = kNoDay;
};

// The picture is kept encrypted on the device and sent apart from the log.
// StorageFull leaves everything as it was.
Result<std::string> add_photo(Session& session, ByteView jpeg);
Result<Bytes> read_photo(const Session& session, std::string_view hash);

Result<RowId> save_visit(Session& session, const VisitReport& report);
Result<RowId> plan_visit(Session& session, RowId customer, std::int64_t purpose,
                         std::int64_t at_ms);
// Every later note, call or chat; `channel` and `outcome` are choice numbers.
Result<RowId> add_interaction(Session& session, RowId customer, std::int64_t channel,
                              std::string text);
Result<RowId> add_task(Session& session, RowId customer, std::string title, std::int64_t due_day);
Status set_task_done(Session& session, RowId task, bool done);
Status set_tag(Session& session, RowId customer, RowId tag, bool on);

// Chooses a value for a guarded field in conflict (or a new one). The other
// values stay in the log.
Status resolve_conflict(Session& session, const ConflictItem& conflict, const Value& value);

// Takes back the newest command of this session with an ordinary commit, for
// as long as the toast shows. NotFound when there is nothing to take back.
Status undo(Session& session);
bool can_undo(const Session& session);

}  // namespace banyan
