// The messages of a sync session and their limits. PROTOCOL.md beside this file
// has the bytes, the states and what each failure does.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "shared/base/bytes.h"
#include "shared/base/ids.h"
#include "shared/changelog/merge.h"
#include "shared/changelog/page.h"
#include "shared/crypto/hash.h"
#include "shared/crypto/sign.h"

namespace banyan::sync {

// Checked before anything is allocated. PROTOCOL.md repeats them as a table.
inline constexpr std::size_t kRequestBytesMax = 6U << 20;
inline constexpr std::size_t kReplyBytesMax = 40U << 20;
inline constexpr std::size_t kBundlesMax = 64;          // in one request
inline constexpr std::size_t kPushBytesMax = 2U << 20;  // of canonical commits, one request
inline constexpr std::size_t kPageBytesMin = 4U << 10;
inline constexpr std::size_t kPageBytesMax = 4U << 20;
inline constexpr std::size_t kTailBytesMax = 1U << 20;
inline constexpr std::size_t kParkedBytesMax = 16U << 20;  // of bundles waiting, one device
inline constexpr std::size_t kChallengeMax = 128;
inline constexpr std::int64_t kChallengeLifeMs = 10 * 60 * 1000;
inline constexpr std::int64_t kClockSkewMsMax = 5 * 60 * 1000;  // a later stamp is clamped
// How long after a restore writes wait for devices that have not been back with all they
// hold: a tablet that stays away longer holds nobody up.
inline constexpr std::int64_t kReturnMsMax = std::int64_t{14} * 24 * 60 * 60 * 1000;
// How long after an aggregate has moved away writes to it are still taken without asking.
inline constexpr std::int64_t kLateMsMax = std::int64_t{45} * 24 * 60 * 60 * 1000;
inline constexpr std::uint8_t kProtocolVersion = 0;
inline constexpr std::uint8_t kAlgorithm = 1;  // BLAKE2b-256, Ed25519

// As `sub`: the round is complete, whatever the id.
inline constexpr std::uint64_t kRoundEnd = ~0ULL >> 1;

// Where a device stands in the server's log.
struct Cursor {
  std::uint32_t epoch = 0;  // 0: never pulled
  std::uint64_t base = 0;   // everything up to here is complete
  std::uint64_t pos = 0;    // within the current round: delivered up to (pos, sub)
  std::uint64_t sub = 0;    // of those that changed for me at pos: the last one's id
  std::uint64_t start = 0;  // head of the log when the round began
  OrderHash pos_hash;       // of the log's order at pos
  // The aggregate after (pos, sub) is here up to this row.
  std::optional<PagePlace> resume = {};
  bool operator==(const Cursor&) const = default;
};

void write_cursor(ByteWriter& out, const Cursor& cursor);
Cursor read_cursor(ByteReader& in);

// Stored in `parked` and sent to devices: append only, never renumber.
enum class ParkReason : std::uint8_t {
  Gap = 1,
  NewerCatalogue = 2,
  RetiredDevice = 3,  // for a person
  Fork = 4,           // for a person
  AfterRestore = 5,   // writes to what another device has yet to push again
  BelowHorizon = 6,   // its author had not seen what is folded by now: for a person
  TooLate = 7,        // written to what moved away too long ago: for a person
};

// How one bundle of a request ended. Append only, never renumber.
enum class PushStatus : std::uint8_t {
  Ok = 0,        // in the log, now or before
  Parked = 1,    // kept, waits; see ParkReason
  Fork = 2,      // the chain differs from the server's: a clone has written
  Rejected = 3,  // bad bytes or signature: nothing stored
};

// A run of own commits with consecutive server sequences.
struct AckRun {
  std::uint64_t dseq = 0, seq = 0, count = 0;
  bool operator==(const AckRun&) const = default;
};

// Of a commit, beside its operations' outcomes. Bits; append only.
inline constexpr std::uint8_t kLate = 1;     // written before its author lost access; accepted
inline constexpr std::uint8_t kSuspect = 2;  // its clock cannot be right
inline constexpr std::uint8_t kLetIn = 4;    // from below the horizon; a person has let it in
// It was decided before a restore and stands, though the state had gone elsewhere since; or it
// moved a record from a state that another move, made at once, had left: somebody has to look.
inline constexpr std::uint8_t kJumped = 8;

struct CommitOutcome {
  std::uint64_t dseq = 0;
  std::uint8_t flags = 0;
  std::uint64_t seen = 0;  // with kLetIn: what it is merged as having seen
  struct Op {
    std::uint32_t row = 0;  // index in the commit
    std::uint32_t field = 0;
    Outcome outcome{};
    bool operator==(const Op&) const = default;
  };
  std::vector<Op> ops;  // those that did not end Ok
  bool operator==(const CommitOutcome&) const = default;
};

struct CommitFlags {
  std::uint64_t dseq = 0;
  std::uint8_t flags = 0;
  bool operator==(const CommitFlags&) const = default;
};

// What a page says beside its rows: where the cursor goes on, and, on a complete
// page, which sequences the commits have that it acknowledges for the first time.
struct PageNote {
  std::uint64_t sub = 0;
  std::uint64_t start = 0;
  std::uint64_t left = 0;  // on the first page of a round: how many aggregates it has, at most
  std::vector<AckRun> runs;
  std::vector<CommitFlags> flags;  // those with a flag
  std::vector<Bytes> receipts;     // of commands that were followed (receipt.h)
  // Not sent. A carried page was made at some time since the device asked, by its own clock:
  // the page's time says no more than that about the clock. Nothing: it came at once.
  std::optional<std::int64_t> asked_ms = {};
  bool operator==(const PageNote&) const = default;
};

// What a request can end with as a whole. Append only, never renumber.
enum class ReplyStatus : std::uint8_t {
  Ok = 0,
  ChallengeExpired = 1,  // nothing was done; try again with the new challenge
  UnknownDevice = 2,     // not enrolled here (any more)
  BadSignature = 3,
  Malformed = 4,
  Busy = 5,     // try again after a while
  Retired = 6,  // bundles are parked, nothing is sent
};

struct Request {
  DeviceId device{};
  std::uint32_t organisation = 0;
  std::uint32_t catalogue = 0;
  std::uint64_t nonce = 0;  // drawn for this request; the reply repeats it
  Bytes challenge;
  Cursor cursor;
  std::uint64_t acked = 0;
  std::uint64_t last = 0;  // newest own commit, and its chain hash
  AckHash last_hash;
  std::uint64_t page_bytes_max = 0;
  std::uint64_t groups_max = 0;  // aggregates in a page; 0: no limit
  bool push_only = false;
  std::vector<Bytes> receipts;  // of before a restore, for commands in the bundles
  std::vector<Bytes> bundles;
  bool operator==(const Request&) const = default;
};

struct PushReport {
  PushStatus status{};
  ErrorCode reason{};  // Rejected only
  bool operator==(const PushReport&) const = default;
};

struct TailCommit {
  Hash256 hash;
  Bytes body;
  bool operator==(const TailCommit&) const = default;
};

struct Reply {
  ReplyStatus status{};
  std::uint32_t organisation = 0;
  std::uint32_t catalogue = 0;  // the server's current one
  std::uint64_t nonce = 0;      // of the request
  std::int64_t now_ms = 0;
  Bytes next_challenge;
  std::vector<PushReport> pushes;  // one for each bundle
  std::uint64_t head = 0;          // of the device's chain after the pushes
  bool forked = false;             // the device's last commit is not on the server's chain
  std::uint64_t tail_first = 0;    // number of the first commit in `tail`
  std::vector<TailCommit> tail;    // own commits that the device lost; then no page
  Bytes page;                      // changelog/FORMAT.md, "Page"; may be empty
  PageNote note;
  bool operator==(const Reply&) const = default;
};

// Signs with the device's key; verify_request() is the other end.
Bytes encode_request(const Request& request, const SigningKey& key);
// Corrupt, TooLarge or Newer. Does not check the signature: the key is known
// only after the device number is.
Result<Request> decode_request(ByteView in);
bool verify_request(ByteView in, const VerifyKey& key);

Bytes encode_reply(const Reply& reply, const SigningKey& organisation);
// Refused when the signature is not the organisation's.
Result<Reply> decode_reply(ByteView in, const VerifyKey& organisation);

// Outcomes as kept in the server's log; empty when everything ended Ok.
Bytes encode_outcome(const CommitOutcome& outcome);
Result<CommitOutcome> decode_outcome(std::uint64_t dseq, ByteView in);

}  // namespace banyan::sync
