#include "sync-server/host/devices.h"

namespace banyan::server {

void Devices::set_all(const std::vector<sync::DeviceRecord>& records) {
  const std::scoped_lock lock(mutex_);
  known_.clear();
  for (const sync::DeviceRecord& record : records) {
    known_[number(record.id)] = {record.id, record.user, record.sign_key,
                                 record.status == sync::DeviceStatus::Active};
  }
}

void Devices::add(const Known& device) {
  const std::scoped_lock lock(mutex_);
  known_[number(device.id)] = device;
}

std::optional<Devices::Known> Devices::find(DeviceId id) const {
  const std::scoped_lock lock(mutex_);
  const auto at = known_.find(number(id));
  return at == known_.end() ? std::nullopt : std::optional(at->second);
}

Result<Devices::Known> Devices::signer(const http::Request& request) const {
  TRY_ASSIGN(const sync::SignedTarget signed_target, sync::split_target(request.target));
  const auto device = find(signed_target.device);
  if (!device || !device->active || !fits_(signed_target.challenge) ||
      !sync::verify_target(http::name_of(request.method), signed_target, request.body,
                           device->sign_key)) {
    return fail(ErrorCode::Refused, "no enrolled device has signed this request");
  }
  return *device;
}

}  // namespace banyan::server
