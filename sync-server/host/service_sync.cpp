// POST /v0/sync: carries the bytes, and slows down who asks too often.
#include "sync-server/host/service.h"

namespace banyan::server {
namespace {

std::string key_of(DeviceId device) { return std::to_string(number(device)); }

}  // namespace

http::Response Service::sync(const Request& request) {
  if (!slowed_until_ms_.empty()) {
    Response wait = too_fast(request);
    if (wait.status != 200) return wait;
  }
  auto handled = sync_.handle(request.body);
  if (!handled) return failed(handled.error());
  after_sync(*handled);
  return http::reply_bytes(std::move(handled->reply));
}

// Only the device itself may use up its allowance: who merely names it is let
// through here, and refused by the session.
http::Response Service::too_fast(const Request& request) {
  const auto decoded = sync::decode_request(request.body);
  if (!decoded) return {};
  const auto at = slowed_until_ms_.find(number(decoded->device));
  if (at == slowed_until_ms_.end()) return {};
  const std::int64_t left_ms = at->second - bank_.clock().monotonic_ms();
  if (left_ms <= 0) {
    slowed_until_ms_.erase(at);
    return {};
  }
  const auto device = devices_.find(decoded->device);
  if (!device || !sync::verify_request(request.body, device->sign_key)) return {};
  log_.write("too_fast", {{"device", static_cast<std::int64_t>(number(decoded->device))}});
  return http::reply_later(429, "TooManyRequests", static_cast<int>(left_ms / 1000) + 1);
}

void Service::after_sync(const sync::Server::Handled& handled) {
  const auto device = static_cast<std::int64_t>(number(handled.device));
  if (handled.forked) log_.write("fork", {{"device", device}});
  if (handled.parked > 0) {
    log_.write("parked",
               {{"device", device}, {"bundles", static_cast<std::int64_t>(handled.parked)}});
  }
  if (handled.status != sync::ReplyStatus::Ok) {
    log_.write("sync_refused",
               {{"device", device}, {"status", static_cast<std::int64_t>(handled.status)}});
    return;
  }
  const std::string key = key_of(handled.device);
  const auto commits = static_cast<double>(handled.appended);
  int wait_s = 0;
  // Headquarters' first sync is hundreds of pages in one round: they have a measure of their own.
  if (!pages_.allow(key)) wait_s = pages_.wait_s(key);
  if (!handled.more && !rounds_.allow(key)) wait_s = std::max(wait_s, rounds_.wait_s(key));
  if (commits > 0 && !changes_.allow(key, commits)) {
    wait_s = std::max(wait_s, changes_.wait_s(key, commits));
  }
  if (wait_s > 0) {
    slowed_until_ms_[number(handled.device)] = bank_.clock().monotonic_ms() + wait_s * 1000;
  }
  if (const Status noted = note_contact(handled.device); !noted) failed(noted.error());
  if (const Status told = announce(handled.device); !told) failed(told.error());
}

}  // namespace banyan::server
