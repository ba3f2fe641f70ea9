#include "shared/storage/waiting_rows.h"

namespace banyan {

const Waiting* WaitingRows::find(const RowKey& key) const {
  const auto at = rows_.find(key);
  return at == rows_.end() ? nullptr : &at->second;
}

bool WaitingRows::any_of(RowId aggregate) const {
  const auto at = by_aggregate_.lower_bound({aggregate, RowKey{}});
  return at != by_aggregate_.end() && at->first == aggregate;
}

std::vector<RowKey> WaitingRows::of(RowId aggregate) const {
  std::vector<RowKey> out;
  for (auto at = by_aggregate_.lower_bound({aggregate, RowKey{}});
       at != by_aggregate_.end() && at->first == aggregate; ++at) {
    out.push_back(at->second);
  }
  return out;
}

std::vector<RowKey> WaitingRows::up_to(std::uint64_t dseq) const {
  std::vector<RowKey> out;
  for (const auto& [key, waiting] : rows_) {
    if (waiting.commits.front() <= dseq) out.push_back(key);
  }
  return out;
}

std::vector<RowKey> WaitingRows::all() const {
  std::vector<RowKey> out;
  for (const auto& [key, waiting] : rows_) out.push_back(key);
  return out;
}

void WaitingRows::put(const RowKey& key, Waiting waiting) {
  note(key);
  set(key, std::move(waiting));
}

void WaitingRows::erase(const RowKey& key) {
  note(key);
  set(key, std::nullopt);
}

void WaitingRows::clear() {
  for (const RowKey& key : all()) erase(key);
}

void WaitingRows::undo() {
  for (auto& [key, waiting] : before_) set(key, std::move(waiting));
  before_.clear();
}

void WaitingRows::note(const RowKey& key) {
  if (before_.contains(key)) return;
  const auto at = rows_.find(key);
  before_.try_emplace(key, at == rows_.end() ? std::optional<Waiting>() : at->second);
}

void WaitingRows::set(const RowKey& key, std::optional<Waiting> waiting) {
  if (const auto at = rows_.find(key); at != rows_.end()) {
    by_aggregate_.erase({at->second.aggregate, key});
    if (!waiting) rows_.erase(at);
  }
  if (!waiting) return;
  by_aggregate_.insert({waiting->aggregate, key});
  rows_.insert_or_assign(key, std::move(*waiting));
}

}  // namespace banyan
