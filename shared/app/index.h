// What the app knows about customers beyond their rows, kept in step with them
// inside every transaction: the search index, when somebody was last contacted,
// what falls due next, and money in and out by month.
//
// Local to this device: never synced, made again from the rows when its
// version changes.
#pragma once

#include <memory>
#include <set>

#include "shared/app/names.h"
#include "shared/storage/replica.h"
#include "shared/storage/search.h"

namespace banyan {

// Tables, for queries:
//   about(id, sort, initials, spoken, contact_ms, due_on)   one line a customer
//   flow(customer, month, inflow, outflow)                  deposit accounts; month = yyyymm
//   credit(txn, customer, booked_on, amount)                large credits of the last weeks
class Index final : public ReplicaListener {
 public:
  // Credits from this on are worth a word (minor units).
  static constexpr std::int64_t kLargeCredit = 5'000'000;
  static constexpr std::int64_t kLargeCreditDays = 30;

  // Everything must outlive the index. `today` in days since 1970-01-01.
  static Result<std::unique_ptr<Index>> open(Replica& replica, const Names& names,
                                             std::int64_t today);

  Status rows_changed(std::span<const Touched> rows) override;

  SearchIndex& search() { return search_; }
  void set_today(std::int64_t today) { today_ = today; }

 private:
  Index(Replica& replica, const Names& names, SearchIndex search, std::int64_t today);
  Status clear();
  Status rebuild();
  Status refresh_name(RowId customer);
  Status refresh_dates(RowId customer);
  Status refresh_flow(RowId customer);
  Status note_credit(RowId txn);

  Database& db_;
  const Names& names_;
  SearchIndex search_;
  std::int64_t today_;
};

}  // namespace banyan
