// What the app takes from the world around it, so that the same app runs in a
// browser's worker, in a native test and in a benchmark.
//
// Everything here is called from one thread, and every callback comes back on
// that thread, between two calls of App::tick().
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "shared/base/bytes.h"
#include "shared/crypto/kdf.h"
#include "shared/platform/clock.h"
#include "shared/platform/random.h"

namespace banyan {

class PageStore;

struct HttpRequest {
  std::string method = "POST";
  std::string path;  // from the server's root: "/v0/sync"
  Bytes body;
  std::int64_t timeout_ms = 60'000;
};

struct HttpReply {
  int status = 0;
  Bytes body;
  std::int64_t retry_after_ms = 0;  // the server's wish; 0 when it has none
};

// Carries requests to the one server this app came from.
class Transport {
 public:
  virtual ~Transport() = default;

  // Exactly one call of `done`: a reply of any status, or Unavailable.
  virtual void send(HttpRequest request, std::function<void(Result<HttpReply>)> done) = 0;

  // What the system says; "true" promises nothing.
  virtual bool network_up() const = 0;

  // Opens the channel on which the server says "there is news". `news` may be
  // called many times, `closed` once. Opening again closes the older one.
  virtual void listen(std::string path, std::function<void()> news,
                      std::function<void()> closed) = 0;
};

// Makes a key from a passphrase away from this thread, in memory that is given
// back afterwards.
class Stretcher {
 public:
  virtual ~Stretcher() = default;
  virtual void stretch(SecretBytes passphrase, KdfSalt salt, KdfCost cost,
                       std::function<void(Result<PassphraseKey>)> done) = 0;
  // Measures the cost for a new passphrase on this machine; takes a second.
  virtual void calibrate(std::function<void(Result<KdfCost>)> done) = 0;
};

struct Edges {
  // Milliseconds that local time is ahead of UTC at that moment.
  using LocalOffset = std::int64_t (*)(std::int64_t wall_ms);

  const Clock& clock;
  Random& random;
  PageStore& pages;
  Transport& transport;
  Stretcher& stretcher;
  LocalOffset local_offset_ms;
  // Nothing outlives this window. A real bank gives such a window no device number.
  bool practice = false;
};

}  // namespace banyan
