// A tablet without its screen: the app's own replica and sync client, an
// in-memory database, and plain HTTP. For tests and load that need a second device.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "shared/storage/replica.h"
#include "shared/sync/client.h"
#include "shared/sync/enrol.h"

namespace banyan::test {

class HttpDevice {
 public:
  // Enrols with a one-time code at 127.0.0.1:port, fetches the packs, opens an
  // empty replica. `link` is a code as printed, or "CODE.FINGERPRINT".
  static Result<std::unique_ptr<HttpDevice>> enrol(std::uint16_t port, const std::string& link);

  DeviceId device() const { return enrolment_.device; }
  const sync::EnrolReply& enrolment() const { return enrolment_; }
  const Catalogue& catalogue() const { return *catalogue_; }
  Replica& replica() { return *replica_; }
  sync::Client& client() { return *client_; }

  // Another tablet with the same disk, keys included.
  Result<std::unique_ptr<HttpDevice>> copy() const;
  // Asks for a number of its own, and goes on under it.
  Status rekey();

  // Rounds until nothing is left to send or fetch.
  Result<sync::Progress> sync();

  // From now on a page holds so many aggregates at most.
  void small_pages(std::size_t aggregates);

  // A request signed by this device. The answer's status and body.
  struct Answer {
    int status = 0;
    std::string body;
  };
  Result<Answer> signed_request(std::string_view method, const std::string& target,
                                ByteView body = {});
  // The path of the news channel with a fresh ticket.
  Result<std::string> news_path();

  // Without a network: all that this device has to say, as a file of parcels.
  Result<Bytes> pack();
  // Every parcel of an answer; NotFound when none was new.
  Result<sync::Progress> unpack(ByteView file);

  // The server may be somewhere else after a restart.
  void move_to(std::uint16_t port) { port_ = port; }

 private:
  explicit HttpDevice(std::uint16_t port)
      : port_(port), key_(SigningKey::generate(random_)), box_(BoxKey::generate(random_)) {}
  Status join(const std::string& link);
  Status fetch_catalogue();
  Status open_replica();

  std::uint16_t port_;
  SystemClock clock_;
  SystemRandom random_;
  SigningKey key_;
  BoxKey box_;
  sync::EnrolReply enrolment_;
  std::shared_ptr<const Catalogue> catalogue_;
  std::unique_ptr<Database> database_;
  std::unique_ptr<Replica> replica_;
  std::unique_ptr<sync::Client> client_;
};

}  // namespace banyan::test
