// What the sync sessions need from the two databases: the device's (DeviceStore)
// and the server's (ChangeStore). `sync` knows no SQL; storage implements these.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "shared/base/ids.h"
#include "shared/base/result.h"
#include "shared/changelog/bundle.h"
#include "shared/changelog/commit.h"
#include "shared/changelog/merge.h"
#include "shared/changelog/page.h"
#include "shared/crypto/box.h"
#include "shared/crypto/hash.h"
#include "shared/crypto/sign.h"
#include "shared/sync/protocol.h"
#include "shared/sync/receipt.h"

namespace banyan {

// What a person or the server wants to write into one aggregate; becomes one commit.
// `replaced` digests, life numbers and the order of cells are filled in by the store.
struct Draft {
  RowId aggregate{};
  std::uint64_t user = 0;  // 0: the store's own user
  std::vector<RowWrite> rows;
};

}  // namespace banyan

namespace banyan::sync {

// A commit as the chain sees it.
struct ChainedCommit {
  std::uint64_t dseq = 0;
  Hash256 hash;  // of the chain up to and with this commit
  Bytes body;    // canonical form
};

// ---- the device ------------------------------------------------------------

struct DeviceState {
  DeviceId device{};
  std::uint32_t organisation = 0;
  std::uint32_t catalogue = 0;
  Cursor cursor;
  std::uint64_t last = 0;  // newest own commit
  Hash256 last_hash;       // all zero when there is none
  std::uint64_t acked = 0;
  std::uint64_t stable = 0;
  std::uint64_t left = 0;  // aggregates that this round has yet to bring, at most
  bool forked = false;     // a clone has written under this number: nothing is pushed
};

class DeviceStore {
 public:
  virtual ~DeviceStore() = default;

  virtual Result<DeviceState> state() = 0;

  // NotFound when that commit has been pruned. dseq 0 has the zero hash.
  virtual Result<Hash256> chain_hash(std::uint64_t dseq) = 0;

  // Own commits after `dseq`, in order, up to about `bytes_max` (at least one).
  virtual Result<std::vector<ChainedCommit>> own_after(std::uint64_t dseq,
                                                       std::size_t bytes_max) = 0;

  // Commits up to here have reached the server or a carrier at least once; lasting.
  virtual Status mark_sent(std::uint64_t dseq) = 0;

  // The server holds more of this device's chain than the device: takes those
  // commits over. `commits` must continue the chain. All or none.
  virtual Status adopt(std::span<const ChainedCommit> commits) = 0;

  // One page, one transaction; a page with `reset` forgets everything that the
  // server had confirmed. Corrupt unless the page continues the cursor.
  virtual Status apply(const Page& page, const PageNote& note) = 0;

  // Receipts of own commands from `first` to `last`, as they came.
  virtual Result<std::vector<Bytes>> receipts(std::uint64_t first, std::uint64_t last) = 0;

  // Another copy of this device has written under its number; or, after all, none has.
  virtual Status set_forked(bool forked) = 0;
};

// A copy of device `former` goes on as `device` after its commit `common`, which both have;
// `common_seq` is its place in the log (0 when `common` is 0).
struct NewNumber {
  DeviceId former{}, device{};
  std::uint64_t common = 0, common_seq = 0;
  bool operator==(const NewNumber&) const = default;
};

// ---- the server ------------------------------------------------------------

enum class DeviceStatus : std::uint8_t { Active = 0, Retired = 1 };

struct DeviceRecord {
  DeviceId id{};
  RowId user{};  // staff row
  VerifyKey sign_key;
  BoxPublicKey box_key;
  std::uint64_t head = 0;  // newest commit of its chain in the log
  Hash256 head_hash;
  DeviceStatus status{};
  std::uint32_t catalogue = 0;
  std::int64_t last_contact_ms = 0;
  std::uint32_t whole_epoch = 0;  // the last epoch in which everything of it was here
};

struct ParkedBundle {
  std::int64_t id = 0;
  DeviceId device{};
  std::uint64_t first = 0;
  ParkReason reason{};
  std::int64_t received_ms = 0;
  Bytes bundle;
};

class KeptPages;

struct PullQuery {
  DeviceId device{};
  Cursor cursor;
  std::uint64_t acked = 0;     // outcomes are wanted after this own commit
  std::size_t bytes_max = 0;   // soft: a page holds at least one aggregate
  std::size_t groups_max = 0;  // 0: no limit
  std::int64_t now_ms = 0;
  KeptPages* kept = nullptr;  // where first rounds are kept, if they are
};

struct PullResult {
  Page page;  // with `reset` when the cursor is not of this log
  PageNote note;
  // The page's aggregates, packed, when they were kept; `page` then has none.
  std::shared_ptr<const PageBody> body;
  // What keeps the page for others, if it may be kept.
  std::function<void(std::shared_ptr<const PageBody>)> keep;
};

// On which terms a bundle is taken.
enum class Terms : std::uint8_t {
  Usual,       // what cannot be judged yet, or no more, waits
  LetIn,       // a person has looked at it; what a restore took away, it waits for
  LostGround,  // what a restore took away is not coming back
  AsItStands,  // a person has looked at it, and nothing is coming back
};

// What a contact says of a device.
struct Contact {
  std::uint32_t catalogue = 0;
  bool whole = false;       // all that it holds is here, in the log or parked
  std::uint64_t floor = 0;  // no commit of it that is to come has seen less
  std::int64_t now_ms = 0;
};

class ChangeStore {
 public:
  virtual ~ChangeStore() = default;

  // NotFound for a number that was never allotted.
  virtual Result<DeviceRecord> device(DeviceId id) = 0;

  virtual std::uint32_t organisation() const = 0;
  virtual std::uint32_t catalogue() const = 0;
  virtual std::uint32_t epoch() const = 0;  // another one since each restore
  // How many epochs there were before it: their numbers say nothing of that. Of one that is not
  // known: 0.
  virtual std::size_t epochs_before(std::uint32_t epoch) const = 0;

  // A number for the copy of device `former` that has written after commit `common`. The same
  // keys get the same number again.
  virtual Result<NewNumber> rekey(DeviceId former, std::uint64_t common, const VerifyKey& sign_key,
                                  const BoxPublicKey& box_key) = 0;

  // The chain hash at `dseq` <= head. dseq 0 has the zero hash.
  virtual Result<Hash256> chain_hash(DeviceId id, std::uint64_t dseq) = 0;

  // Gives every commit after the first `skip` the next sequence, merges it and
  // records its outcome. One transaction. Conflict when commit `skip` does not
  // follow on the device's head. A reason: nothing of it was taken, and why it waits.
  virtual Result<std::optional<ParkReason>> append(const Bundle& bundle, std::size_t skip,
                                                   std::int64_t now_ms, Terms terms) = 0;

  // A device shows the receipt of a decision of before a restore; it is verified. To be asked
  // for when its command is taken again.
  virtual Status present(const Receipt& receipt, ByteView bytes) = 0;

  // Keeps a bundle that cannot be taken yet. TooLarge when the device has too many.
  virtual Status park(DeviceId id, std::uint64_t first, ParkReason reason, ByteView bundle,
                      std::int64_t now_ms) = 0;
  // A parked bundle of that device that starts at or before `next` and may be tried again.
  virtual Result<std::optional<ParkedBundle>> parked_at(DeviceId id, std::uint64_t next) = 0;
  virtual Status unpark(std::int64_t parked_id) = 0;
  // It waits for another reason than was thought. For a person: it is not tried again.
  virtual Status park_as(std::int64_t parked_id, ParkReason reason) = 0;

  // All bundles of that device that are no fork, by their first commit.
  virtual Result<std::vector<ParkedBundle>> parked_of(DeviceId id) = 0;

  // Devices of which a bundle waits with AfterRestore.
  virtual Result<std::vector<DeviceId>> waiting_after_restore() = 0;
  // Whether work of before the restore may still come: an active device has not been wholly
  // back, or a bundle of another device than this one waits for a person. For kReturnMsMax.
  virtual Result<bool> others_may_return(DeviceId besides, std::int64_t now_ms) = 0;

  // A page from one read snapshot.
  virtual Result<PullResult> pull(const PullQuery& query) = 0;

  // The device's own commits after `dseq`, for a device that lost its tail.
  virtual Result<std::vector<ChainedCommit>> tail(DeviceId id, std::uint64_t dseq,
                                                  std::size_t bytes_max) = 0;

  virtual Status contacted(DeviceId id, const Contact& contact) = 0;
};

}  // namespace banyan::sync
