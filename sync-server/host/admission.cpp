#include "sync-server/host/admission.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "shared/base/bytes.h"

namespace banyan::server {

RateLimit::Bucket& RateLimit::refill(std::string_view key) {
  const std::int64_t now = clock_.monotonic_ms();
  if (buckets_.size() >= tidy_at_) forget_full();
  auto [at, fresh] = buckets_.try_emplace(std::string(key), Bucket{burst_, now});
  Bucket& bucket = at->second;
  bucket.filled =
      std::min(burst_, bucket.filled + static_cast<double>(now - bucket.at_ms) * per_ms_);
  bucket.at_ms = now;
  return bucket;
}

void RateLimit::forget_full() {
  const std::int64_t now = clock_.monotonic_ms();
  std::erase_if(buckets_, [&](const auto& item) {
    const Bucket& bucket = item.second;
    return bucket.filled + static_cast<double>(now - bucket.at_ms) * per_ms_ >= burst_;
  });
  tidy_at_ = std::max(kTidyAt, buckets_.size() * 2);
}

bool RateLimit::allow(std::string_view key, double cost) {
  Bucket& bucket = refill(key);
  if (bucket.filled < cost) return false;
  bucket.filled -= cost;
  return true;
}

bool RateLimit::has(std::string_view key, double cost) { return refill(key).filled >= cost; }

int RateLimit::wait_s(std::string_view key, double cost) {
  const double missing = std::max(0.0, std::min(cost, burst_) - refill(key).filled);
  return std::max(1, static_cast<int>(std::ceil(missing / per_ms_ / 1000)));
}

std::string Tickets::give(DeviceId device) {
  if (given_.size() >= kOutstandingMax) tidy();
  if (given_.size() >= kOutstandingMax) return {};
  std::array<std::uint8_t, 16> bits{};
  random_.fill(bits);
  std::string ticket = to_hex(bits);
  given_[ticket] = {device, clock_.monotonic_ms() + kLifeMs};
  return ticket;
}

std::optional<DeviceId> Tickets::take(std::string_view ticket) {
  const auto at = given_.find(std::string(ticket));
  if (at == given_.end()) return {};
  const Entry entry = at->second;
  given_.erase(at);
  if (clock_.monotonic_ms() > entry.not_after_ms) return {};
  return entry.device;
}

void Tickets::tidy() {
  const std::int64_t now = clock_.monotonic_ms();
  std::erase_if(given_, [&](const auto& item) { return item.second.not_after_ms < now; });
}

}  // namespace banyan::server
