// What views show: plain values, read by queries (queries.h), written by
// commands (commands.h). No formatting here: money is minor units, days are
// days since 1970-01-01, times are milliseconds since 1970 UTC; the client puts
// them into the person's language.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "shared/base/value.h"
#include "shared/catalogue/catalogue.h"
#include "shared/changelog/merge.h"
#include "shared/storage/search.h"

namespace banyan {

inline constexpr std::int64_t kNoDay = INT64_MIN;

// Where a record's newest change is. Blocked wins over Conflict over the rest.
enum class SyncMark : std::uint8_t {
  None,      // never touched on this device
  Saved,     // durable here
  Sent,      // on the way
  Received,  // headquarters has it
  Safe,      // in a finished backup
  Conflict,  // a person has to decide
  Blocked,   // refused by the server; the reason is in the outbox
};

struct Tag {
  RowId id{};
  Label label;
  Tone tone = Tone::Neutral;
};

// Where somebody lives, as people say it: the village and its group, or the
// branch where there is no village.
struct Locality {
  std::string name;
  std::int64_t team = 0;  // 0: none
};

// Who wrote a value, when and where.
struct Provenance {
  std::string author;       // staff name; empty when this device does not know
  std::string device_name;  // empty when it has none
  DeviceId device{};        // 0: core banking, 1: headquarters
  std::int64_t at_ms = 0;
  bool pending = false;  // not yet received by headquarters
};

// ---- today -----------------------------------------------------------------

struct VisitStop {
  RowId plan{}, customer{};
  std::string name, note;
  Label purpose;
  Locality place;
  std::int64_t minute = -1;  // after midnight; -1: any time
  bool done = false;
  std::int64_t took_minutes = 0;  // done only
  SyncMark mark{};
};

struct TaskItem {
  RowId id{}, customer{};  // customer may be kNoRow
  std::string title, customer_name;
  Label kind;
  std::int64_t due_day = kNoDay;
  std::int64_t minute = -1;  // of that day; -1: any time
  std::int64_t amount_minor = 0;
  bool done = false;
  std::int64_t done_ms = 0;
  SyncMark mark{};
};

// Something on the way that is worth a word: a birthday, a large credit.
struct News {
  enum class Kind : std::uint8_t { Birthday, LargeCredit, Due, LongSilence };
  Kind kind{};
  RowId customer{};
  std::string name;
  std::int64_t day = kNoDay;
  std::int64_t amount_minor = 0;
};

struct Today {
  std::int64_t day = 0;
  int visits_done = 0;
  int tasks_overdue = 0;
  std::int64_t deposits_month_minor = 0;  // growth of deposits this month, own customers
  std::int64_t loans_month_minor = 0;     // paid out this month, own customers
  std::vector<VisitStop> route;
  std::vector<TaskItem> tasks;  // overdue first, then by day; done today last
  std::vector<News> news;
};

// ---- customers ---------------------------------------------------------------

struct CustomerRow {
  RowId id{};
  std::string name, pinyin;
  Locality place;
  bool company = false;
  std::vector<Tag> tags;
  std::int64_t deposits_minor = 0, loans_minor = 0;
  bool has_figures = false, has_loans = false;
  std::int64_t last_contact_day = kNoDay;
  SyncMark mark{};
};

// One criterion over a field of the customer. A criterion that asks for nothing passes everybody.
struct FieldFilter {
  std::uint32_t field = 0;                // Field::no
  std::vector<std::int64_t> any = {};     // choices, references or elements: one of them fits
  std::optional<std::int64_t> from = {};  // of a date, an amount or a number; both included
  std::optional<std::int64_t> to = {};
  bool operator==(const FieldFilter&) const = default;
};

struct CustomerFilter {
  bool mine = false;
  bool due_90_days = false;
  bool silent_30_days = false;
  bool open_tasks = false;
  std::vector<FieldFilter> fields;  // all of them pass; one a field

  const FieldFilter* of(std::uint32_t field) const;  // null when there is none
  bool asks(std::uint32_t field, std::int64_t one) const;
  void put(FieldFilter one);  // in place of the field's; one that asks for nothing goes
  void toggle(std::uint32_t field, std::int64_t one);
  bool operator==(const CustomerFilter&) const = default;
  bool any() const { return !(*this == CustomerFilter{}); }
};

enum class CustomerSort : std::uint8_t { Best, Name, Assets, LastContact };

// ---- one customer ------------------------------------------------------------

struct AccountItem {
  RowId id{};
  std::string product;
  std::string kind;  // choice name of the product's kind: current, term, loan, insurance, wealth
  std::string number_tail, currency;  // currency empty: the bank's own
  std::int64_t balance_minor = 0;
  std::int64_t rate_bp = 0;  // basis points a year; 0: none
  std::int64_t due_day = kNoDay;
  std::int64_t as_of_ms = 0;
  std::int64_t overdue_days = 0;
  bool closed = false;
};

struct TransactionItem {
  RowId id{}, account{};
  std::string product, text, counterparty, currency;
  std::int64_t day = 0;    // booked on
  std::int64_t at_ms = 0;  // 0: only the day is known
  std::int64_t amount_minor = 0, balance_minor = 0;
  bool has_balance = false;
  Label kind, channel;
  bool unposted = false;  // the officer's own entry, not confirmed by the core bank
};

// A photo as its record knows it; its bytes may lie on another device.
struct PhotoItem {
  Bytes hash;
  bool on_device = false;
};

struct TimelineItem {
  enum class Kind : std::uint8_t { Interaction, Visit, Transaction, Request, Document, Task };
  Kind kind{};
  RowId id{};
  Label what;               // "拜访", "来电"
  std::int64_t choice = 0;  // number of the choice behind `what`
  std::string text;
  std::string who;
  std::string product;  // that was talked about
  std::int64_t at_ms = 0;
  std::int64_t amount_minor = 0;
  std::vector<PhotoItem> photos;  // of a visit
  SyncMark mark{};
};

struct RelationItem {
  RowId id{}, other{};  // other may be unknown on this device
  std::string name;
  Label kind;
  bool guarantee = false;
  std::int64_t assets_minor = 0;
  std::string note;
};

struct DocumentItem {
  RowId id{};
  Label kind;
  std::string name, mime;
  Bytes hash;
  std::int64_t size = 0, expiry_day = kNoDay, at_ms = 0;
  bool on_device = false;
  SyncMark mark{};
};

// A cell as a person sees it: with its age, and with its twin when there is one.
struct FieldView {
  const Field* field = nullptr;
  Value value;
  std::vector<std::int64_t> elements;  // of a Set
  Provenance from;
  bool conflict = false;
  std::optional<Value> asked = {};  // of headquarters, which has not decided yet
};

struct RecordView {
  const Entity* entity = nullptr;
  RowId id{};
  std::vector<FieldView> fields;  // in the order of the entity's form
  SyncMark mark{};
};

// What a cell holds, as a person sees it.
struct CellState {
  Value value;                         // of a shared text: all of it
  std::vector<std::int64_t> elements;  // of a Set, ascending
  bool operator==(const CellState&) const = default;
};

// What one commit did to one cell, or to a record as a whole.
struct HistoryChange {
  enum class Kind : std::uint8_t { Set, Created, Deleted, Restored };
  Kind kind{};
  const Entity* entity = nullptr;
  RowId row{};
  const Field* field = nullptr;     // Set only
  std::optional<CellState> before;  // Set: nothing when it is not known here
  CellState after;
  // Ok, or why it is not what counts: Lost, Sibling or DeadRow.
  Outcome outcome{};
  bool newest = false;  // nothing newer lies over it
};

struct HistoryItem {
  std::uint64_t seq = 0;         // place in the server's log; kPendingSeq and more: not there yet
  Provenance from;               // at_ms: when it was written
  std::int64_t received_ms = 0;  // 0: not yet, or not known here
  bool late = false, suspect = false, let_in = false;
  std::vector<HistoryChange> changes;  // at least one
};

struct CustomerHead {
  RowId id{};
  std::string name, pinyin, number, phone;
  Locality place;
  bool company = false;
  std::int64_t birth_day = kNoDay;
  Label gender, level;
  std::vector<Tag> tags;
  std::int64_t deposits_minor = 0, loans_minor = 0;
  std::int64_t in_month_minor = 0, out_month_minor = 0;
  bool has_figures = false;
  std::int64_t due_day = kNoDay;  // the next account that falls due
  std::int64_t as_of_ms = 0;      // of the newest balance
  int interactions = 0, requests_open = 0, tasks_open = 0;
  std::vector<std::int64_t> deposits_12_months;  // oldest first, minor units
  SyncMark mark{};
};

// ---- outbox, conflicts ---------------------------------------------------------

struct OutboxItem {
  std::uint64_t dseq = 0;
  const Entity* entity = nullptr;  // of the first row; null when this app does not know it
  RowId row{}, aggregate{};
  int rows = 0;       // changed by this commit
  std::string title;  // the customer's or the record's name
  std::int64_t at_ms = 0;
  SyncMark mark{};
  Outcome outcome{};  // why, when Blocked
};

struct ConflictChoice {
  Value value;
  Provenance from;
  bool mine = false;
};

struct ConflictItem {
  const Entity* entity = nullptr;
  const Field* field = nullptr;
  RowId row{}, aggregate{};
  std::int64_t element = 0;  // of a shared text: the paragraph
  std::string title;
  Locality place;
  std::vector<ConflictChoice> choices;  // two or more
};

struct OutboxCounts {
  std::int64_t waiting = 0;  // own commits that headquarters has not acknowledged
  std::int64_t conflicts = 0, blocked = 0;
};

struct OutboxSummary {
  int saved = 0, sent = 0, received = 0, safe = 0, conflicts = 0, blocked = 0;
  int forms = 0, visits = 0, photos = 0;  // of those not yet received
  std::uint64_t bytes = 0;                // of photos that wait
};

// ---- headquarters --------------------------------------------------------------

// One commit as it came in; from the server, so only with a network.
struct Arrival {
  std::uint64_t seq = 0;
  std::string author, title;  // empty when this device does not know the row
  DeviceId device{};
  RowId aggregate{};
  const Entity* entity = nullptr;  // of its first row
  int rows = 0;
  std::int64_t received_ms = 0, written_ms = 0;
  bool late = false, suspect = false, refused = false;
  bool jumped = false;  // it met a state that it was not made for: somebody has to look
  bool let_in = false;  // by a person: its author knew too little of what has happened since
};

struct DeviceReport {
  DeviceId device{};
  std::string name, user, branch;
  std::int64_t last_contact_ms = 0;  // 0: never
  std::uint64_t head = 0;            // its newest commit here
  bool late = false, retired = false;
};

struct Arrivals {
  std::int64_t asked_ms = 0;          // server time of the answer
  std::uint64_t seq = 0;              // of the log when it was answered
  std::uint64_t stable = 0;           // newest in a finished backup
  std::vector<Arrival> commits;       // newest first
  std::vector<DeviceReport> devices;  // late ones first
};

struct BranchReport {
  RowId branch{};
  std::string name;
  int depth = 0;  // in the organisation tree
  // Everything below it included: a parent is the sum of its children and itself.
  std::int64_t customers = 0, visits_30_days = 0, deposits_minor = 0, loans_minor = 0;
};

}  // namespace banyan
