// The enrolled devices as the routes need them: key and owner, in memory, so that
// a signed request costs no turn of the database. Safe from any thread.
#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <vector>

#include "shared/sync/signed_request.h"
#include "shared/sync/store.h"
#include "sync-server/http/message.h"

namespace banyan::server {

class Devices {
 public:
  struct Known {
    DeviceId id{};
    RowId user{};
    VerifyKey sign_key;
    bool active = true;
  };
  using ChallengeFits = std::function<bool(ByteView)>;

  // `fits` tells whether a challenge is one of ours and fresh; called from any thread.
  explicit Devices(ChallengeFits fits) : fits_(std::move(fits)) {}

  void set_all(const std::vector<sync::DeviceRecord>& records);
  void add(const Known& device);
  std::optional<Known> find(DeviceId id) const;

  // The device that signed this request. Refused for everything else.
  Result<Known> signer(const http::Request& request) const;

 private:
  ChallengeFits fits_;
  mutable std::mutex mutex_;
  std::unordered_map<std::uint32_t, Known> known_;
};

}  // namespace banyan::server
