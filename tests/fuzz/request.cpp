// What stands before a signature is checked: a device's request, its token in a path, and
// the outcomes that a device reads back. Refused, or the same after another turn.
#include "shared/sync/protocol.h"
#include "shared/sync/signed_request.h"
#include "tests/fuzz/fuzz.h"

using namespace banyan;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const SigningKey key = [] {
    SystemRandom random;
    return SigningKey::generate(random);
  }();
  const ByteView in(data, size);
  BANYAN_CHECK(!sync::decode_reply(in, VerifyKey{}));
  if (const auto request = sync::decode_request(in)) {
    const Bytes again = sync::encode_request(*request, key);
    const auto same = sync::decode_request(again);
    BANYAN_CHECK(same.ok() && *same == *request);
    BANYAN_CHECK(sync::verify_request(again, key.verify_key()));
  }
  if (const auto outcome = sync::decode_outcome(1, in)) {
    const auto same = sync::decode_outcome(1, sync::encode_outcome(*outcome));
    BANYAN_CHECK(same.ok() && *same == *outcome);
  }
  if (const auto target = sync::split_target(as_text(in))) {
    BANYAN_CHECK(target->target.size() < size);
    BANYAN_CHECK(!sync::verify_target("GET", *target, {}, key.verify_key()));
  }
  return 0;
}
