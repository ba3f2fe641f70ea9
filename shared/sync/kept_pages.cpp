#include "shared/sync/kept_pages.h"

#include <algorithm>

namespace banyan::sync {

std::uint64_t KeptPages::start(const View& view) {
  const auto round = round_of(view);
  return round == rounds_.end() ? 0 : round->start;
}

KeptPages::Rounds::iterator KeptPages::round_of(const View& view) {
  const auto found = std::find_if(rounds_.begin(), rounds_.end(),
                                  [&](const Round& round) { return round.view == view; });
  if (found != rounds_.end()) rounds_.splice(rounds_.begin(), rounds_, found);
  return found;
}

const KeptPages::Kept* KeptPages::find(const View& view, std::uint64_t start, std::uint64_t sub,
                                       const PageBounds& wanted) {
  const auto round = round_of(view);
  if (round == rounds_.end() || round->start != start) return nullptr;
  const auto page = round->pages.find(sub);
  if (page == round->pages.end()) return nullptr;
  const PageBounds& made = page->second.bounds;
  const bool fits = made.bytes_max / 2 <= wanted.bytes_max && made.groups_max == wanted.groups_max;
  return fits ? &page->second : nullptr;
}

void KeptPages::put(const View& view, std::uint64_t start, std::uint64_t sub, Kept page) {
  auto round = round_of(view);
  if (round != rounds_.end() && round->start != start) {
    if (sub != 0) return;  // somebody is still at an older one
    bytes_ -= round->bytes;
    rounds_.erase(round);
    round = rounds_.end();
  }
  if (round == rounds_.end()) {
    if (sub != 0) return;
    rounds_.push_front({view, start, {}, 0});
    round = rounds_.begin();
  }
  const std::size_t size = page.body->bytes.size();
  const auto [at, fresh] = round->pages.try_emplace(sub);
  const std::size_t before = fresh ? 0 : at->second.body->bytes.size();
  at->second = std::move(page);
  round->bytes += size - before;
  bytes_ += size - before;
  while (bytes_ > bytes_max_) {
    bytes_ -= rounds_.back().bytes;
    rounds_.pop_back();
  }
}

}  // namespace banyan::sync
