#include "client/views/hq_data.h"

#include <algorithm>
#include <utility>

namespace banyan::ui {

namespace {

constexpr std::size_t kPage = 50;

}  // namespace

void HqData::keep_fresh() {
  const Session* session = app_.session();
  if (session == nullptr) return;
  const std::int64_t synced = session->sync_status().last_success_ms;
  if (synced == synced_ms_ || loading()) return;
  synced_ms_ = synced;
  refresh();
}

void HqData::refresh() {
  Session* session = app_.session();
  if (session == nullptr || loading()) return;
  trouble_.reset();
  arrivals_loading_ = devices_loading_ = true;
  const std::uint64_t mine = ++asking_;
  const auto current = [this, mine, alive = alive_] { return *alive && mine == asking_; };
  fetch_arrivals(*session, 0, kPage, [this, current](Result<Arrivals> answer) {
    if (!current()) return;
    arrivals_loading_ = false;
    take(std::move(answer), false);
  });
  fetch_devices(*session, [this, current](Result<std::vector<DeviceReport>> answer) {
    if (!current()) return;
    devices_loading_ = false;
    if (answer.ok()) {
      devices_ = std::move(answer).value();
      // Core banking and the server have numbers too, but nobody carries them.
      std::erase_if(devices_, [](const DeviceReport& one) { return one.device <= kServerDevice; });
    } else {
      trouble_ = answer.error();
    }
  });
}

void HqData::fetch_older() {
  Session* session = app_.session();
  if (session == nullptr || loading() || older_loading_ || arrivals_.empty() || at_the_end_) return;
  older_loading_ = true;
  const std::uint64_t mine = asking_;
  fetch_arrivals(*session, arrivals_.back().arrival.seq, kPage,
                 [this, mine, alive = alive_](Result<Arrivals> answer) {
                   if (!*alive || mine != asking_) return;
                   older_loading_ = false;
                   take(std::move(answer), true);
                 });
}

void HqData::take(Result<Arrivals> answer, bool older) {
  if (!answer.ok()) {
    trouble_ = answer.error();
    return;
  }
  std::vector<Arrival> commits = std::move(answer->commits);
  answer->commits.clear();
  newest_ = std::move(answer).value();
  add(std::move(commits), older);
}

void HqData::add(std::vector<Arrival> commits, bool older) {
  if (older) at_the_end_ = commits.size() < kPage;
  std::vector<Line> fresh;
  for (Arrival& one : commits) {
    const Label what = one.entity == nullptr ? Label{} : one.entity->label;
    one.entity = nullptr;
    fresh.push_back({std::move(one), what});
  }
  if (older) {
    arrivals_.insert(arrivals_.end(), std::make_move_iterator(fresh.begin()),
                     std::make_move_iterator(fresh.end()));
    return;
  }
  // What was there stays behind the new ones, unless more came than one answer holds.
  const std::uint64_t oldest = fresh.empty() ? 0 : fresh.back().arrival.seq;
  const bool gap = arrivals_.empty() || oldest > arrivals_.front().arrival.seq + 1;
  if (gap) {
    at_the_end_ = fresh.size() < kPage;
    arrivals_ = std::move(fresh);
    return;
  }
  for (Line& one : arrivals_) {
    if (one.arrival.seq < oldest) fresh.push_back(std::move(one));
  }
  arrivals_ = std::move(fresh);
}

std::int64_t HqData::late() const {
  return std::count_if(devices_.begin(), devices_.end(),
                       [](const DeviceReport& one) { return one.late; });
}

void HqData::forget() {
  ++asking_;
  arrivals_.clear();
  devices_.clear();
  newest_ = {};
  trouble_.reset();
  arrivals_loading_ = devices_loading_ = older_loading_ = at_the_end_ = false;
  synced_ms_ = -1;
}

}  // namespace banyan::ui
