// Work without a network, in both directions: this device's own parcels and answers, and
// parcels of other devices that this one takes along (shared/sync/carrier.h). How the bytes get
// here and away (a file, QR codes) is not known here.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "shared/app/remote.h"
#include "shared/crypto/box.h"
#include "shared/storage/replica.h"
#include "shared/sync/client.h"

namespace banyan {

// What was in the files that were read last.
struct Received {
  int parcels = 0;  // all of them
  int done = 0;     // looked at so far: for a progress bar
  int taken = 0;    // this device's own, and new
  int known = 0;    // this device's own, taken before or older than what is here
  int missing = 0;  // this device's own, of no use before an earlier one
  int held = 0;     // others', newly taken along
  int held_before = 0;
  int foreign = 0;  // of another organisation, or not for this device's key any more
  int damaged = 0;
  bool complete = false;   // this device is as headquarters was when it answered
  bool ask_again = false;  // the answer was not all: another parcel brings the rest
  sync::Progress progress;
  std::optional<Error> failed;  // what stopped it; what was taken before stays
};

// Parcels of one other device, kept here.
struct HeldParcels {
  DeviceId device{};
  int waiting = 0;            // for headquarters
  int refused = 0;            // by headquarters: nobody will take them
  int answers = 0;            // for the device
  std::int64_t since_ms = 0;  // server time as far as known; of the oldest
  std::uint64_t bytes = 0;
};

class Carrying {
 public:
  struct Keys {
    std::uint32_t organisation = 0;
    DeviceId device{};
    BoxPublicKey server_box;
    BoxKey box;
  };
  // Others' parcels take up so much at most.
  static constexpr std::int64_t kHeldBytesMax = 64 << 20;

  // Everything must outlive this object. `applied` is called after each page of an answer
  // that was applied, `changed` after anything else that a view may show.
  struct Around {
    Database& db;
    Replica& replica;
    sync::Client& client;
    Remote& remote;
    const Clock& clock;
    Random& random;
    std::function<void()> applied, changed;
  };
  static Result<std::unique_ptr<Carrying>> open(Around around, Keys keys);
  ~Carrying() { *alive_ = false; }
  Carrying(const Carrying&) = delete;
  Carrying& operator=(const Carrying&) = delete;

  // ---- out

  // Everything that headquarters has not acknowledged, and the question for news.
  struct Packed {
    Bytes file;
    std::uint64_t last = 0;
  };
  Result<Packed> pack();
  // It is under way: what is in it shows as sent.
  Status handed_over(const Packed& packed);

  // ---- in

  // Reads a file of parcels, whosever they are, one with each step(). Invalid when it
  // holds none at all.
  Status receive(Bytes file);
  bool receiving() const { return !file_.empty(); }
  void stop_receiving();  // what was taken stays
  // True while there is more to do.
  bool step();
  const Received& received() const { return received_; }

  // ---- for others

  Result<std::vector<HeldParcels>> held();
  // All parcels of that device that go this way, as a file. NotFound when there are none.
  Result<Bytes> held_for(DeviceId device, sync::Heading heading);
  // The device has its answers: they go when newer ones come.
  Status answers_given(DeviceId device);
  // Forgets everything of that device. Its work is still on it.
  Status forget(DeviceId device);
  // Brings to headquarters what waits, one after another, and keeps the answers. For the end
  // of a sync; does nothing while it runs.
  void bring();

 private:
  struct Piece {
    std::size_t at = 0, size = 0;
  };
  Carrying(Around around, Keys keys);
  Status take(ByteView parcel);
  Status take_own(ByteView parcel);
  Result<bool> hold(ByteView parcel, const sync::ParcelLabel& label);
  Status make_room(std::int64_t bytes);
  void again_or_end();
  void bring_next();
  Status brought(const Bytes& id, DeviceId device, Result<HttpReply> reply);
  Status keep_answer(DeviceId device, ByteView answer);

  Around around_;
  Keys keys_;
  Bytes file_;                  // being read
  std::vector<Piece> pieces_;   // its parcels, yet to be looked at
  std::vector<Piece> waiting_;  // looked at; of no use before an earlier one
  std::size_t next_ = 0;
  bool moved_ = false;  // something was taken since waiting_ was looked at
  Received received_;
  bool bringing_ = false;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace banyan
