// The server's word that it followed a command: what it decided, signed. The author keeps it
// until a backup holds the decision, and shows it to a server that was restored without it: a
// decision that somebody has acted on stands. PROTOCOL.md has the bytes.
#pragma once

#include <cstdint>
#include <vector>

#include "shared/base/bytes.h"
#include "shared/base/ids.h"
#include "shared/base/result.h"
#include "shared/crypto/sign.h"
#include "shared/workflow/machine.h"

namespace banyan::sync {

inline constexpr std::size_t kReceiptBytesMax = 576 << 10;  // kStepsMax of two cells each
// In one request: kBundlesMax commits of before a restore, kCommandsMax commands each.
inline constexpr std::size_t kReceiptsMax = 1024;
inline constexpr std::size_t kReceiptsBytesMax = 1U << 20;

// Which command: a row of an own commit.
struct CommandId {
  DeviceId device{};
  std::uint64_t dseq = 0;
  std::uint32_t op = 0;  // index of the row in the commit
  auto operator<=>(const CommandId&) const = default;
};

struct Receipt {
  std::uint32_t organisation = 0;
  CommandId command;
  std::uint32_t entity = 0;
  RowId row{};
  std::uint32_t epoch = 0;  // in which the sequence counts
  std::uint64_t seq = 0;    // of the commit with the decision
  std::int64_t time_ms = 0;
  std::vector<Step> steps;  // at least one
  bool operator==(const Receipt&) const = default;
};

Bytes encode_receipt(const Receipt& receipt, const SigningKey& organisation);
// Corrupt, TooLarge or Newer; Refused when the signature is not the organisation's.
Result<Receipt> decode_receipt(ByteView in, const VerifyKey& organisation);
// One that was verified before.
Result<Receipt> read_receipt(ByteView in);

}  // namespace banyan::sync
