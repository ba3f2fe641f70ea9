// The server's side of a sync session: request bytes in, reply bytes out. Knows
// no socket and no SQL. Between requests it only remembers pages that others may ask for,
// too; any number of threads or processes may each have one over stores of one database.
#pragma once

#include <cstdint>
#include <optional>

#include "shared/platform/clock.h"
#include "shared/platform/random.h"
#include "shared/sync/carrier.h"
#include "shared/sync/kept_pages.h"
#include "shared/sync/rekey.h"
#include "shared/sync/store.h"

namespace banyan::sync {

class Server {
 public:
  // `challenge_key` must be the same in every process that serves one database.
  Server(ChangeStore& store, const SigningKey& organisation, MacKey challenge_key,
         const Clock& clock, Random& random);

  // In bytes: what first rounds are kept (kept_pages.h), and how much there may be.
  static constexpr std::size_t kKeptBytesMax = std::size_t{64} << 20;
  std::size_t kept_bytes() const { return kept_.bytes(); }

  // For GET /v0/challenge, and inside every reply.
  Bytes challenge();
  // Whether it was given by one of this bank's processes not long ago.
  bool challenge_fits(ByteView challenge) const;

  struct Handled {
    Bytes reply;
    ReplyStatus status{};
    DeviceId device{};
    std::uint64_t appended = 0;  // commits newly in the log: worth telling others "news"
    std::uint64_t parked = 0;
    bool forked = false;  // raise an alert
    bool more = false;    // the page does not end its round: the device will ask on
    bool kept = false;    // the page had been made for another device
  };
  // Always a reply, whatever came; an error only when the store fails.
  Result<Handled> handle(ByteView request);

  // A number of its own for the copy of `former` that shows this chain; `former` itself, with
  // nothing done, when the chains have not parted. Refused for a retired or unknown device.
  Result<NewNumber> rekey(DeviceId former, const RekeyRequest& request);

  // A person has decided: a parked bundle is taken as it stands, and what waits behind it goes
  // on. Parked again when it does not follow on; Fork when it never will.
  Result<PushReport> let_in(const ParkedBundle& parked, Handled& handled);

  // One bundle that came by another way, without a session.
  Result<PushReport> push(ByteView bundle, Handled& handled);

  struct Carried {
    // Why nothing of the parcel was taken: Corrupt, TooLarge or Newer for its bytes, Locked when
    // it was not sealed for `box`, NotFound for a device or an organisation that is not ours,
    // Refused when the device did not sign it for a carrier.
    std::optional<ErrorCode> refused;
    Handled handled;
    Bytes answer;  // parcels, one after another, that only the device can open
    // Why the answer ends early: Invalid when the device has no usable box key.
    std::optional<ErrorCode> unanswered;
  };
  // One parcel that a carrier brought (carrier.h), however old it is and how often it came.
  // The answer has every page of the round, up to kAnswerBytesMax. An error only when the
  // store fails.
  Result<Carried> handle_carried(ByteView parcel, const BoxKey& box);

 private:
  Reply start_reply(ReplyStatus status, std::uint64_t nonce);
  Handled finish(const Reply& reply, DeviceId device, Handled handled);
  Status take_receipts(const Request& request);
  Status take_bundles(const Request& request, Reply& reply, Handled& handled);
  Result<bool> all_is_here(const Request& request);
  Result<std::uint64_t> floor_of(const Request& request);
  Result<PushReport> push_from(const DeviceRecord& device, ByteView bundle, Handled& handled);
  Result<PushReport> take_bundle(const DeviceRecord& device, ByteView bundle, Handled& handled,
                                 Terms terms, ParkReason& why);
  Result<bool> drain_one(DeviceId device, Handled& handled, Terms terms);
  Result<bool> drain_parked(DeviceId device, Handled& handled, Terms terms = Terms::Usual);
  Status drain_after_restore(Handled& handled);
  struct Waiting;
  Result<std::optional<Waiting>> earliest_of(const std::vector<DeviceId>& waiting);
  Status tail_from_parked(const Request& request, const DeviceRecord& device, Reply& reply);
  Status answer(const Request& request, const DeviceRecord& device, Reply& reply);
  struct Place {
    Cursor cursor;            // of the device that has taken the page
    std::uint64_t acked = 0;  // and what it takes for acknowledged
    bool end = false;         // of the round
  };
  Result<Place> add_page(const Request& request, Reply& reply, Handled& handled);
  Result<Carried> take_carried(const Request& request, const DeviceRecord& device);
  Status answer_carried(Request request, const DeviceRecord& device, Reply reply, Carried& out);

  ChangeStore& store_;
  const SigningKey& organisation_;
  MacKey challenge_key_;
  const Clock& clock_;
  Random& random_;
  KeptPages kept_{kKeptBytesMax};
};

}  // namespace banyan::sync
