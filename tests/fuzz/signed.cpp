// What stands behind headquarters' signature: a device reads it as if it were a stranger's all the
// same. Here everything is signed: refused, or the same after another turn.
#include <array>
#include <string_view>

#include "shared/sync/enrol.h"
#include "shared/sync/history.h"
#include "shared/sync/protocol.h"
#include "shared/sync/receipt.h"
#include "shared/sync/rekey.h"
#include "tests/fuzz/fuzz.h"

using namespace banyan;

namespace {

// In this order, the first byte chooses one.
constexpr std::array<std::string_view, 6> kNames{"banyan-r1", "banyan-k0", "banyan-e1",
                                                 "banyan-f1", "banyan-y0", "banyan-c0"};

template <class Decode, class Encode>
void turn(ByteView in, Decode decode, Encode encode) {
  const auto message = decode(in);
  if (!message.ok()) return;
  const auto same = decode(encode(*message));
  BANYAN_CHECK(same.ok() && *same == *message);
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const SigningKey key = [] {
    SeededRandom random(7);
    return SigningKey::generate(random);
  }();
  if (size == 0) return 0;
  const std::size_t which = data[0] % kNames.size();
  const ByteView body(data + 1, size - 1);
  ByteWriter named, message;
  named.raw(as_bytes(kNames[which]));
  named.raw(body);
  message.raw(body);
  message.raw(key.sign(named.view()).view());
  const ByteView in = message.view();
  const VerifyKey bank = key.verify_key();
  const auto by_bank = [&](auto decode) {
    return [&, decode](ByteView bytes) { return decode(bytes, bank); };
  };
  const auto with_key = [&](auto encode) {
    return [&, encode](const auto& one) { return encode(one, key); };
  };
  switch (which) {
    case 0: turn(in, by_bank(sync::decode_reply), with_key(sync::encode_reply)); break;
    case 1: turn(in, by_bank(sync::decode_catalogue), with_key(sync::encode_catalogue)); break;
    case 2: (void)sync::decode_enrol_reply(in, sync::key_fingerprint(bank)); break;
    case 3: (void)sync::decode_rekey_reply(in, bank); break;
    case 4: turn(in, by_bank(sync::decode_history), with_key(sync::encode_history)); break;
    default: turn(in, by_bank(sync::decode_receipt), with_key(sync::encode_receipt)); break;
  }
  return 0;
}
