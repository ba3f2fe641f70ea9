// Everything a view can ask. Each call reads the database once and returns
// plain values (models.h); ask again when Session::version() has changed.
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "shared/app/models.h"
#include "shared/app/session.h"

namespace banyan {

Today read_today(const Session& session);

// A result list of any length: ids are kept, rows are read as they are shown.
class CustomerList {
 public:
  explicit CustomerList(const Session& session) : session_(session) {}

  // Reads anew when the question or the session's version has changed.
  void ask_for(std::string_view text, const CustomerFilter& filter, CustomerSort sort);

  std::size_t size() const { return ids_.size(); }
  std::size_t on_device() const { return on_device_; }  // whatever is asked for
  const CustomerRow& at(std::size_t i) const;
  MatchKind match() const { return match_; }
  std::int64_t took_ms() const { return took_ms_; }
  bool capped() const;  // there are more hits than size()
  RowId id_at(std::size_t i) const { return ids_[i]; }

 private:
  const Session& session_;
  std::string text_;
  CustomerFilter filter_;
  CustomerSort sort_ = CustomerSort::Best;
  std::uint64_t version_ = 0;
  std::size_t on_device_ = 0;
  std::vector<RowId> ids_;
  MatchKind match_ = MatchKind::None;
  std::int64_t took_ms_ = 0;
  mutable std::size_t window_first_ = 0;
  mutable std::vector<CustomerRow> window_;
};

// NotFound when it is not (or no longer) on this device.
Result<CustomerHead> read_customer(const Session& session, RowId customer);
std::vector<AccountItem> read_accounts(const Session& session, RowId customer);
// Own entries that are not booked yet, then what is booked, each newest first;
// `count_max` bounds the booked ones. `account` == kNoRow: of all accounts.
std::vector<TransactionItem> read_transactions(const Session& session, RowId customer,
                                               RowId account, std::size_t count_max);
std::vector<TimelineItem> read_timeline(const Session& session, RowId customer,
                                        std::size_t count_max);
std::vector<RelationItem> read_relations(const Session& session, RowId customer);
std::vector<DocumentItem> read_documents(const Session& session, RowId customer);
// Open ones, and those done today. kNoRow: the person's own, of all customers.
std::vector<TaskItem> read_tasks(const Session& session, RowId customer);

// Any record and any list of children, by the catalogue.
Result<RecordView> read_record(const Session& session, const Entity& entity, RowId id);
std::vector<RecordView> read_children(const Session& session, const Entity& entity,
                                      RowId aggregate);
// The organisation tree with its figures, parents before children [W12].
std::vector<BranchReport> read_branches(const Session& session);
// What came in, newest first, and who is late: from headquarters itself, so only
// with a network and for roles that see everything (else Refused). `done` once,
// between two ticks, unless the session goes first. `before` 0: from the newest.
void fetch_arrivals(Session& session, std::uint64_t before, std::size_t count_max,
                    std::function<void(Result<Arrivals>)> done);
void fetch_devices(Session& session, std::function<void(Result<std::vector<DeviceReport>>)> done);

// Cheap however full the outbox is: for what stands on every screen.
OutboxCounts read_outbox_counts(const Session& session);
OutboxSummary read_outbox_summary(const Session& session);
std::vector<OutboxItem> read_outbox(const Session& session, std::size_t count_max);
std::vector<ConflictItem> read_conflicts(const Session& session);

// Choices for a Ref field: (id, name), by name.
struct RefChoice {
  RowId id{};
  std::string name;
};
std::vector<RefChoice> read_choices(const Session& session, const Entity& entity);
// What a person calls this row; empty when it is not on this device.
std::string title_of(const Session& session, const Entity& entity, RowId id);

}  // namespace banyan
