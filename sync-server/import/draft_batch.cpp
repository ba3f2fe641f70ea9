#include "sync-server/import/draft_batch.h"

namespace banyan {

std::size_t bytes_at_most(const RowWrite& row) {
  std::size_t bytes = 24;
  for (const CellWrite& cell : row.cells) {
    const auto* text = std::get_if<std::string>(&cell.value);
    bytes += 8 + (text != nullptr ? text->size() + 3 : 10);
  }
  return bytes;
}

Status DraftBatch::add(RowId aggregate, std::uint64_t user, std::vector<RowWrite> rows) {
  if (rows.empty()) return {};
  waiting_rows_ += rows.size();
  rows_ += rows.size();
  std::size_t bytes = kCommitBytes + 1;  // the first row opens a draft
  for (RowWrite& row : rows) {
    const std::size_t size = bytes_at_most(row);
    if (bytes + size > kCommitBytes) {
      drafts_.push_back({aggregate, user, {}});
      ++commits_;
      bytes = 0;
    }
    bytes += size;
    drafts_.back().rows.push_back(std::move(row));
  }
  return waiting_rows_ >= kBatchRows ? flush() : Status{};
}

Status DraftBatch::flush() {
  if (drafts_.empty()) return {};
  TRY(sink_(drafts_));
  drafts_.clear();
  waiting_rows_ = 0;
  return {};
}

}  // namespace banyan
