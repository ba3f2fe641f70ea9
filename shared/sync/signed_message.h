// The frame of messages that stand alone: version, algorithm, body, and a signature over a name
// that no other message has and everything before it. PROTOCOL.md has the names.
#pragma once

#include <string_view>

#include "shared/base/bytes.h"
#include "shared/crypto/sign.h"

namespace banyan::sync {

void start_message(ByteWriter& out);
Bytes close_message(ByteWriter&& out, std::string_view name, const SigningKey& key);

struct OpenMessage {
  ByteView all;   // what is signed, but for the name
  ByteView body;  // after version and algorithm
  Signature signature;

  bool signed_by(const VerifyKey& key, std::string_view name) const;
};
// TooLarge, Corrupt or Newer; checks no signature: the key may be inside.
Result<OpenMessage> open_message(ByteView in, std::size_t size_max, std::string_view what);

}  // namespace banyan::sync
