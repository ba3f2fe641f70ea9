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

namespace {

constexpr std::size_t kTicketHead = 8, kTicketCode = 8;  // bytes
// The head is the device's number and milliseconds since 1970.
constexpr int kTicketTimeBits = 42;
constexpr std::uint64_t kTicketTimeMax = (1ULL << kTicketTimeBits) - 1;
static_assert(kDeviceIdMax < 1U << (64 - kTicketTimeBits));

}  // namespace

Bytes Tickets::code_of(ByteView head) const {
  ByteWriter what;
  what.raw(as_bytes("banyan-ticket"));
  what.raw(head);
  const Hash256 mac = keyed_hash256(key_, what.view());
  const ByteView code = mac.view().first(kTicketCode);
  return {code.begin(), code.end()};
}

// Never twice the same time, so that two tickets of a device differ.
std::string Tickets::give(DeviceId device) {
  newest_ms_ = std::max(newest_ms_ + 1, clock_.wall_ms());
  ByteWriter ticket;
  ticket.u64(std::uint64_t{number(device)} << kTicketTimeBits |
             (static_cast<std::uint64_t>(newest_ms_) & kTicketTimeMax));
  const Bytes code = code_of(ticket.view());
  ticket.raw(code);
  return to_hex(ticket.view());
}

std::optional<DeviceId> Tickets::take(std::string_view ticket) {
  const auto bytes = from_hex(ticket);
  if (!bytes || bytes->size() != kTicketHead + kTicketCode) return {};
  const Bytes code = code_of(ByteView(*bytes).first(kTicketHead));
  std::uint8_t differs = 0;  // in a time that tells nothing
  for (std::size_t i = 0; i < kTicketCode; ++i) {
    differs = static_cast<std::uint8_t>(differs | ((*bytes)[kTicketHead + i] ^ code[i]));
  }
  if (differs != 0) return {};
  const std::uint64_t head = ByteReader(*bytes).u64();
  const std::int64_t now_ms = clock_.wall_ms();
  const auto made_ms = static_cast<std::int64_t>(head & kTicketTimeMax);
  if (now_ms > made_ms + kLifeMs || made_ms > now_ms + kLifeMs) return {};
  if (used_.size() >= tidy_at_) {
    std::erase_if(used_, [&](const auto& item) { return item.second < now_ms; });
    tidy_at_ = std::max(kTidyAt, used_.size() * 2);
  }
  if (!used_.emplace(to_hex(*bytes), made_ms + kLifeMs).second) return {};
  return DeviceId{static_cast<std::uint32_t>(head >> kTicketTimeBits)};
}

}  // namespace banyan::server
