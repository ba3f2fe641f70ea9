// Requests to headquarters beside the sync session, each signed by the device:
// tickets, photos, the arrivals list.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "shared/app/edges.h"
#include "shared/base/ids.h"
#include "shared/crypto/sign.h"

namespace banyan {

class Remote {
 public:
  // Everything must outlive this object.
  Remote(Transport& transport, const Clock& clock, DeviceId device, const SigningKey& key)
      : transport_(transport), clock_(clock), device_(device), key_(key) {}
  ~Remote() { *alive_ = false; }
  Remote(const Remote&) = delete;
  Remote& operator=(const Remote&) = delete;

  using Done = std::function<void(Result<HttpReply>)>;

  // One call of `done`, unless this object goes first. Unavailable without a
  // network, NotFound for 404, Refused for another status that is no success (its text names it).
  void call(std::string method, std::string target, Bytes body, Done done);

 private:
  void with_challenge(std::function<void(Result<Bytes>)> then);
  void send(std::string method, std::string target, Bytes body, Done done, bool again);

  Transport& transport_;
  const Clock& clock_;
  DeviceId device_;
  const SigningKey& key_;
  Bytes challenge_;
  std::int64_t challenge_until_ms_ = 0;  // monotonic
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace banyan
