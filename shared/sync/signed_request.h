// A device's signature on an HTTP request that is no sync session: chunks,
// tickets, arrivals. It travels as the last parameter of the path,
// "...?offset=0&auth=TOKEN", so that any transport can carry it.
//
// The server's challenge (GET /v0/challenge) is inside, so a token is good for
// this method, path and body, and for kChallengeLifeMs only.
#pragma once

#include <string>
#include <string_view>

#include "shared/base/bytes.h"
#include "shared/base/ids.h"
#include "shared/crypto/sign.h"

namespace banyan::sync {

// `target` is the path with its other parameters, such as "/v0/chunk/ab..?offset=0".
std::string sign_target(std::string_view method, std::string_view target, ByteView body,
                        DeviceId device, ByteView challenge, const SigningKey& key);

struct SignedTarget {
  std::string_view target;  // without the token
  DeviceId device{};
  Bytes challenge;
  Signature signature;
};
// Refused without a token, Corrupt when it is none. Checks no signature: the key
// is known only after the device is.
Result<SignedTarget> split_target(std::string_view target);
bool verify_target(std::string_view method, const SignedTarget& signed_target, ByteView body,
                   const VerifyKey& key);

}  // namespace banyan::sync
