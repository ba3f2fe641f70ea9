// What can go wrong because of a person, a disk or a peer.
//
// Mistakes of our own are assertions (base/check.h), never errors.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace banyan {

// Stored in logs and sent to peers: append only, never renumber.
enum class ErrorCode : std::uint8_t {
  NotFound = 1,     // the row, file or user never existed, or was deleted
  Conflict = 2,     // a newer change arrived first; reload and try again
  Corrupt = 3,      // bytes on disk or from a peer failed a check
  Refused = 4,      // the other side decided against it; `detail` names the rule
  StorageFull = 5,  // the browser or disk takes no more bytes; reading goes on
  Io = 6,           // a read, write or flush failed; the writer has stopped
  Invalid = 7,      // input that a person can mend; `detail` says how
  Unavailable = 8,  // no network, no OPFS, server busy: try later
  Locked = 9,       // wrong passphrase or key, or somebody else holds the lock
  Newer = 10,       // made by a newer version than this one; kept, not read
  TooLarge = 11,    // over a documented limit
};

// The code's name for logs and test output, e.g. "StorageFull".
std::string_view name_of(ErrorCode code);

// `detail` is for developers' logs. It names ids, sizes, paths and rules, never
// a customer's name, number or balance.
struct Error {
  ErrorCode code{};
  std::string detail;
};

}  // namespace banyan
