#include "shared/app/sync_agent.h"

#include <algorithm>

namespace banyan {

namespace {

constexpr std::int64_t kAfterSaveMs = 1'500;  // a form is several saves: send them together
constexpr std::int64_t kRoutineMs = 5 * 60'000;
constexpr std::int64_t kRetryFirstMs = 2'000;
constexpr std::int64_t kRetryMaxMs = 5 * 60'000;

SyncStatus::Trouble trouble_of(const Error& error) {
  switch (error.code) {
    case ErrorCode::Io:
    case ErrorCode::StorageFull: return SyncStatus::Trouble::Storage;
    case ErrorCode::Unavailable: return SyncStatus::Trouble::NoNetwork;
    default: return SyncStatus::Trouble::Refused;
  }
}

}  // namespace

SyncAgent::SyncAgent(const Edges& edges, sync::Client& client, std::function<void()> applied,
                     std::function<void(const SyncStatus&)> finished)
    : edges_(edges), client_(client), applied_(std::move(applied)), finished_(std::move(finished)) {
  plan(0);
}

SyncAgent::~SyncAgent() { *alive_ = false; }

void SyncAgent::sync_now() {
  failures_ = 0;
  if (status_.state == SyncStatus::State::Running) {
    again_ = true;
  } else {
    plan(0);
  }
}

void SyncAgent::saved() {
  if (status_.state == SyncStatus::State::Running) {
    again_ = true;
  } else if (failures_ == 0) {
    plan(kAfterSaveMs);  // while the line is down, the retry that is planned will do
  }
}

void SyncAgent::network_back() { sync_now(); }

void SyncAgent::pause() { paused_ = true; }

void SyncAgent::resume() {
  paused_ = false;
  plan(0);
}

void SyncAgent::plan(std::int64_t delay_ms) {
  due_ms_ = edges_.clock.monotonic_ms() + delay_ms + 1;
  status_.next_try_ms = edges_.clock.wall_ms() + delay_ms;
}

std::optional<std::int64_t> SyncAgent::tick() {
  if (paused_ || due_ms_ == 0 || status_.state == SyncStatus::State::Running) return {};
  const std::int64_t left = due_ms_ - edges_.clock.monotonic_ms();
  if (left > 0) return left;
  start();
  return {};
}

double SyncStatus::part() const {
  const std::uint64_t all = aggregates + left;
  return all == 0 ? 0 : static_cast<double>(aggregates) / static_cast<double>(all);
}

void SyncAgent::start() {
  due_ms_ = 0;
  again_ = false;
  started_ms_ = edges_.clock.monotonic_ms();
  status_.state = SyncStatus::State::Running;
  status_.next_try_ms = 0;
  status_.bytes_sent = status_.bytes_received = 0;
  status_.aggregates = status_.left = 0;
  send_next();
}

void SyncAgent::send_next() {
  Result<Bytes> request = client_.make_request();
  if (!request) return end(trouble_of(request.error()), request.error().detail);
  status_.bytes_sent += request->size();
  edges_.transport.send({"POST", "/v0/sync", std::move(request).value()},
                        [this, alive = alive_](Result<HttpReply> reply) {
                          if (*alive) replied(std::move(reply));
                        });
}

void SyncAgent::replied(Result<HttpReply> reply) {
  if (!reply) return end(SyncStatus::Trouble::NoNetwork, reply.error().detail);
  if (reply->status == 429 || reply->status == 503) {
    return end(SyncStatus::Trouble::ServerBusy, "HTTP " + std::to_string(reply->status),
               reply->retry_after_ms);
  }
  if (reply->status != 200) {
    return end(SyncStatus::Trouble::Refused, "HTTP " + std::to_string(reply->status));
  }
  status_.bytes_received += reply->body.size();
  const Result<sync::Progress> progress = client_.handle_reply(reply->body);
  if (!progress) return end(trouble_of(progress.error()), progress.error().detail);
  step(*progress);
}

void SyncAgent::step(const sync::Progress& progress) {
  status_.aggregates += progress.aggregates;
  status_.left = progress.left;
  if (progress.aggregates > 0 || progress.complete) {
    failures_ = 0;  // whoever slows us down in the middle of a round says for how long
    applied_();
  }
  using Trouble = SyncStatus::Trouble;
  if (progress.unknown_device) return end(Trouble::UnknownDevice, "");
  if (progress.retired) return end(Trouble::Retired, "");
  if (progress.forked) return end(Trouble::Forked, "");
  if (progress.busy) return end(Trouble::ServerBusy, "");
  if (progress.newer_catalogue) return end(Trouble::NewerCatalogue, "");
  if (progress.more && !paused_) return send_next();
  end(Trouble::None, "");
}

void SyncAgent::end(SyncStatus::Trouble trouble, std::string detail, std::int64_t wait_ms) {
  status_.trouble = trouble;
  status_.detail = std::move(detail);
  if (trouble == SyncStatus::Trouble::None) {
    failures_ = 0;
    status_.state = SyncStatus::State::Idle;
    status_.last_success_ms = edges_.clock.wall_ms();
    status_.took_ms = edges_.clock.monotonic_ms() - started_ms_;
    plan(again_ ? kAfterSaveMs : kRoutineMs);
  } else {
    status_.state = SyncStatus::State::Waiting;
    const std::int64_t longest = std::min(kRetryFirstMs << std::min(failures_, 20), kRetryMaxMs);
    ++failures_;
    const auto half = static_cast<std::uint64_t>(longest / 2);
    plan(std::max(wait_ms, longest / 2 + static_cast<std::int64_t>(edges_.random.below(half))));
  }
  finished_(status_);
}

}  // namespace banyan
