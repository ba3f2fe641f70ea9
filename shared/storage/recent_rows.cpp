#include "shared/storage/recent_rows.h"

#include <algorithm>

namespace banyan {

void RecentRows::begin(std::uint64_t seq) {
  ring_.clear();
  newest_.clear();
  count_ = 0;
  from_ = seq;
}

void RecentRows::note(RowId aggregate, std::uint32_t entity, RowId row, std::uint64_t seq) {
  const std::uint64_t number = ++count_;
  if (ring_.size() < writes_max_) {
    ring_.emplace_back();
  } else {
    const Write& oldest = ring_[place(number)];
    from_ = std::max(from_, oldest.seq);
    const auto at = newest_.find(oldest.aggregate);
    if (at != newest_.end() && at->second + writes_max_ == number) newest_.erase(at);
  }
  std::uint64_t& newest = newest_[aggregate];
  ring_[place(number)] = {seq, aggregate, row, newest, entity};
  newest = number;
}

std::optional<std::vector<RowId>> RecentRows::after(std::uint64_t seq, RowId aggregate,
                                                    std::uint32_t entity) const {
  if (seq < from_) return std::nullopt;
  std::vector<RowId> rows;
  const auto at = newest_.find(aggregate);
  std::uint64_t number = at == newest_.end() ? 0 : at->second;
  while (number != 0 && number + writes_max_ > count_) {
    const Write& write = ring_[place(number)];
    if (write.seq > seq && write.entity == entity) rows.push_back(write.row);
    number = write.older;
  }
  std::sort(rows.begin(), rows.end());
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  return rows;
}

}  // namespace banyan
