// What stands before a signature is checked: a device's request, its wish to join, its token
// in a path, and the outcomes that a device reads back. Refused, or the same after another turn.
#include "shared/sync/attachments.h"
#include "shared/sync/enrol.h"
#include "shared/sync/protocol.h"
#include "shared/sync/rekey.h"
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
  const auto enrol = sync::decode_enrol_request(in);
  BANYAN_CHECK(!enrol.ok() || enrol->code.size() <= 64);
  const auto rekey = sync::decode_rekey_request(in);
  BANYAN_CHECK(!rekey.ok() || rekey->hashes.size() <= sync::kRekeyHashesMax);
  BANYAN_CHECK(!sync::decode_rekey_reply(in, VerifyKey{}));
  BANYAN_CHECK(!sync::decode_enrol_reply(in, "0000000000000000"));
  BANYAN_CHECK(!sync::decode_catalogue(in, VerifyKey{}));
  if (const auto link = sync::parse_fragment(as_text(in))) {
    const auto same = sync::parse_fragment(sync::to_fragment(*link));
    BANYAN_CHECK(same.ok() && same->code == link->code && same->fingerprint == link->fingerprint);
  }
  if (const auto state = sync::decode_chunk_state(in)) {
    const auto same = sync::decode_chunk_state(sync::encode_chunk_state(*state));
    BANYAN_CHECK(same.ok() && *same == *state);
  }
  if (const auto hash = sync::parse_chunk_path(as_text(in))) {
    BANYAN_CHECK(sync::parse_chunk_path(sync::chunk_path(*hash)).value() == *hash);
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
