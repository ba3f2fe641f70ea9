// The device's side of a sync session: makes requests, takes replies. Knows no
// socket and no SQL; the caller carries the bytes (POST /v0/sync).
//
//   while (true) {
//     TRY_ASSIGN(Bytes request, client.make_request());
//     ... send; on a lost connection just start over ...
//     TRY_ASSIGN(Progress p, client.handle_reply(reply));
//     if (!p.more) break;
//   }
//
// Any request may be lost, repeated or answered late: nothing is lost by it and
// nothing happens twice.
#pragma once

#include <cstdint>

#include "shared/platform/clock.h"
#include "shared/platform/random.h"
#include "shared/sync/carrier.h"
#include "shared/sync/store.h"

namespace banyan::sync {

struct Progress {
  bool more = false;       // ask again now: the round is not complete, or commits wait
  bool complete = false;   // this reply completed a round
  bool forked = false;     // another copy of this device has written: see rekey.h
  bool was_reset = false;  // the server was restored; the round starts over
  bool unknown_device = false;
  bool retired = false;
  bool busy = false;             // wait, then ask again
  bool newer_catalogue = false;  // the server has a newer set of packs
  std::uint64_t aggregates = 0;  // in this reply's page
  std::uint64_t left = 0;        // that the round has yet to bring, at most: for a progress bar
  std::uint64_t rejected = 0;    // bundles that the server refused as malformed
  std::uint64_t parked = 0;      // bundles that wait at the server
};

class Client {
 public:
  struct Limits {
    std::size_t page_bytes = 256U << 10;  // adapted to how fast a page applies
    std::size_t groups_max = 0;           // 0: no limit
    std::size_t push_bytes = 1U << 20;
    std::size_t bundle_commits = 200;
    bool adapt = true;
  };

  // Everything must outlive the client. `key` is the device's signing key.
  Client(DeviceStore& store, const SigningKey& key, const VerifyKey& organisation,
         const Clock& clock, Random& random);
  Client(DeviceStore& store, const SigningKey& key, const VerifyKey& organisation,
         const Clock& clock, Random& random, Limits limits);

  // The next request. Unacknowledged commits that the server is not known to
  // hold go along, up to the limit.
  Result<Bytes> make_request();

  // Verifies, checks the ack against the own chain, applies. Conflict for a
  // reply to another than the last request (harmless: drop it).
  Result<Progress> handle_reply(ByteView bytes);

  // ---- without a network: what a carrier takes, and what it brings back

  // Requests for parcels (carrier.h), as many as hold all that is not acknowledged. They
  // need no challenge and are as good in a month as now.
  struct ForCarrier {
    std::vector<Bytes> requests;
    std::uint64_t last = 0;  // the newest own commit in them: mark_sent() once they are under way
  };
  Result<ForCarrier> make_carried();

  enum class Delivery : std::uint8_t {
    Taken,   // something new
    Known,   // taken before, or older than what is here
    Ahead,   // begins where this device does not stand yet: something before it is missing
    Foreign  // for another device, or another organisation
  };
  struct Delivered {
    Delivery delivery{};
    Progress progress;  // `more`: another parcel is needed to be up to date
  };
  // One reply out of a parcel, in any order and any number of times. Refused unless the
  // organisation made it for a carrier.
  Result<Delivered> handle_carried(ByteView reply);

  void set_limits(Limits limits) { limits_ = limits; }
  const Limits& limits() const { return limits_; }

 private:
  bool more_to_push(const DeviceState& state, bool head_moved, const Progress& progress);
  Result<std::vector<Bytes>> make_bundles(const DeviceState& state);
  Result<std::vector<Bytes>> bundles_after(const DeviceState& state, std::uint64_t after,
                                           std::size_t bytes_max, std::uint64_t& last);
  Request start_request(const DeviceState& state);
  Status add_receipts(std::uint64_t after, std::uint64_t last, Request& request);
  Status check_receipts(const PageNote& note) const;
  Status collect(std::span<const ChainedCommit> own, std::size_t at, std::uint32_t epoch,
                 std::vector<Commit>& commits) const;
  Status take_page(const Reply& reply, Progress& progress);
  Status take_carried(const DeviceState& state, const Reply& reply, Delivered& out);
  Status take_tail(const DeviceState& state, const Reply& reply, Progress& progress);
  Result<bool> on_my_chain(const DeviceState& state, const Page& page);
  void adapt(std::int64_t took_ms, bool first_round);

  DeviceStore& store_;
  const SigningKey& key_;
  VerifyKey organisation_;
  const Clock& clock_;
  Random& random_;
  Limits limits_;
  Bytes challenge_;
  std::uint64_t nonce_ = 0;       // of the outstanding request; 0: none
  std::uint64_t asked_last_ = 0;  // own newest commit when it was asked
  std::uint64_t pushed_ = 0;      // parked at the server in this sync: not sent again
  std::uint64_t asked_pushed_ = 0;
  std::uint64_t server_head_ = 0;  // what the server is known to hold of this chain
};

}  // namespace banyan::sync
