// Which rows have own writes that the server has not confirmed, and where the image lies
// that it last did. In memory: the own commits say it, and a new start reads them again.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "shared/base/ids.h"

namespace banyan {

using RowKey = std::pair<std::uint32_t, RowId>;  // entity, row

struct Waiting {
  RowId aggregate{};
  std::vector<std::uint64_t> commits;  // own ones that the image does not hold, ascending
  // The own commit whose line holds the image; kNoImage, kInTable.
  std::uint64_t image = kNoImage;

  static constexpr std::uint64_t kNoImage = 0;  // confirmed absent
  static constexpr std::uint64_t kInTable = ~0ULL;

  bool operator==(const Waiting&) const = default;
};

// Changes belong to a transaction: keep() or undo() ends it, as that ends.
class WaitingRows {
 public:
  bool empty() const { return rows_.empty(); }
  std::size_t size() const { return rows_.size(); }
  // Null: nothing waits. Valid until the next change.
  const Waiting* find(const RowKey& key) const;
  bool any_of(RowId aggregate) const;
  std::vector<RowKey> of(RowId aggregate) const;
  // Rows with a commit up to `dseq`.
  std::vector<RowKey> up_to(std::uint64_t dseq) const;
  std::vector<RowKey> all() const;

  void put(const RowKey& key, Waiting waiting);
  void erase(const RowKey& key);
  void clear();

  void keep() { before_.clear(); }
  void undo();

  bool operator==(const WaitingRows& other) const { return rows_ == other.rows_; }

 private:
  void note(const RowKey& key);
  void set(const RowKey& key, std::optional<Waiting> waiting);

  std::map<RowKey, Waiting> rows_;
  std::set<std::pair<RowId, RowKey>> by_aggregate_;
  std::map<RowKey, std::optional<Waiting>> before_;  // of what this transaction has changed
};

}  // namespace banyan
