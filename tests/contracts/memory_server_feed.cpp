// What is left of the maps: what the feed reads.
#include <algorithm>

#include "tests/contracts/memory_server_tables.h"

namespace banyan::test {

Result<std::vector<sync::FeedEntry>> MemoryServerTables::feed(RowId scope, std::uint64_t after,
                                                              std::size_t count_max) {
  std::vector<sync::FeedEntry> out;
  for (const auto& [key, member] : now_.members) {
    if (key.second == scope && member.top > after) out.push_back({key.first, member.top});
  }
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) {
    return std::pair(a.top, a.aggregate) < std::pair(b.top, b.aggregate);
  });
  if (out.size() > count_max) out.resize(count_max);
  return out;
}

Result<std::vector<sync::FeedEntry>> MemoryServerTables::newest(RowId scope,
                                                                std::size_t count_max) {
  TRY_ASSIGN(std::vector<sync::FeedEntry> all, feed(scope, 0, ~std::size_t{0}));
  std::stable_sort(all.begin(), all.end(),
                   [](const auto& a, const auto& b) { return a.top > b.top; });
  if (all.size() > count_max) all.resize(count_max);
  return all;
}

Result<std::vector<sync::FeedEntry>> MemoryServerTables::members(RowId scope,
                                                                 const sync::TopRange& range,
                                                                 RowId after,
                                                                 std::size_t count_max) {
  std::vector<sync::FeedEntry> out;
  for (const auto& [key, member] : now_.members) {
    if (key.second == scope && key.first > after && member.top > range.from &&
        member.top <= range.to && out.size() < count_max) {
      out.push_back({key.first, member.top});
    }
  }
  return out;
}

Result<std::uint64_t> MemoryServerTables::count_members(RowId scope, const sync::TopRange& range) {
  TRY_ASSIGN(const auto all, members(scope, range, RowId{}, ~std::size_t{0}));
  return all.size();
}

Result<std::vector<Row>> MemoryServerTables::rows_of(std::uint32_t entity, RowId aggregate,
                                                     std::uint64_t after) {
  std::vector<Row> out;
  for (auto at = now_.rows.lower_bound({entity, RowId{}});
       at != now_.rows.end() && at->first.first == entity; ++at) {
    const Stored& stored = at->second;
    if (stored.row.aggregate == aggregate && stored.seq > after) out.push_back(stored.row);
  }
  return out;
}

}  // namespace banyan::test
