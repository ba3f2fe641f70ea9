// What stands behind a signature: whoever reads it reads it as if it were a stranger's all the
// same. Here everything is signed, by headquarters or by the key that the message names: refused,
// or the same after another turn.
#include <algorithm>
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
enum Message : std::uint8_t {
  kReply,
  kCatalogue,
  kEnrolled,
  kRekeyed,
  kHistory,
  kReceipt,
  kEnrol,
  kRekey,
  kMessages,
};
constexpr std::array<std::string_view, kMessages> kNames{"banyan-r1", "banyan-k0", "banyan-e1",
                                                         "banyan-f1", "banyan-y0", "banyan-c0",
                                                         "banyan-e0", "banyan-f0"};
constexpr std::size_t kFrame = 2;  // version, algorithm

const SigningKey& bank() {
  static const SigningKey key = [] {
    SeededRandom random(7);
    return SigningKey::generate(random);
  }();
  return key;
}

Signature sign(std::string_view name, ByteView body) {
  ByteWriter named;
  named.raw(as_bytes(name));
  named.raw(body);
  return bank().sign(named.view());
}

void put(ByteView what, std::size_t at, Bytes& into) {
  if (at + what.size() <= into.size()) std::copy(what.begin(), what.end(), &into[at]);
}

// An enrolment names the key that it is signed with, and the lease in it has a signature of its
// own: both are put where the reader will look for them.
void put_enrolment(Bytes& body) {
  ByteReader reader(body);
  reader.raw(kFrame);
  const ByteView organisation = reader.raw(4);
  reader.text(body.size());
  const std::size_t key_at = reader.position();
  reader.raw(VerifyKey::kSize + BoxPublicKey::kSize);
  const ByteView whose = reader.raw(4 + 8);
  if (!reader.ok() || reader.left() < 16 + Signature::kSize) return;
  const std::size_t lease_at = body.size() - Signature::kSize;
  ByteWriter lease;
  lease.raw(organisation);
  lease.raw(whose);
  lease.raw(ByteView(body).subspan(lease_at - 16, 16));
  const Signature leased = sign("banyan-l0", lease.view());
  put(bank().verify_key().view(), key_at, body);
  put(leased.view(), lease_at, body);
}

// A new number brings a whole enrolment with it.
void put_rekeyed(Bytes& body) {
  ByteReader reader(body);
  reader.raw(kFrame + 8);
  reader.varint();
  reader.varint();
  const ByteView block = reader.block(body.size());
  if (!reader.ok() || block.size() < Signature::kSize) return;
  const std::size_t at = reader.position() - block.size();
  Bytes inner(block.begin(), block.end() - Signature::kSize);
  put_enrolment(inner);
  put(inner, at, body);
  put(sign(kNames[kEnrolled], inner).view(), at + inner.size(), body);
}

void put_keys(Message which, Bytes& body) {
  if (which == kEnrolled) put_enrolment(body);
  if (which == kRekeyed) put_rekeyed(body);
  if (which == kRekey) put(bank().verify_key().view(), kFrame, body);
  if (which == kEnrol) {
    ByteReader reader(body);
    reader.raw(kFrame);
    reader.text(body.size());
    if (reader.ok()) put(bank().verify_key().view(), reader.position(), body);
  }
}

template <class Decode, class Encode>
void turn(ByteView in, Decode decode, Encode encode) {
  const auto message = decode(in);
  if (!message.ok()) return;
  const Bytes again = encode(*message, bank());
  const auto same = decode(again);
  BANYAN_CHECK(same.ok() && *same == *message);
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto which = static_cast<Message>(data[0] % kMessages);
  Bytes in(data + 1, data + size);
  put_keys(which, in);
  const Signature signature = sign(kNames[which], in);
  in.insert(in.end(), signature.bytes.begin(), signature.bytes.end());
  const VerifyKey key = bank().verify_key();
  const auto by_bank = [&](auto decode) {
    return [&, decode](ByteView bytes) { return decode(bytes, key); };
  };
  switch (which) {
    case kReply: turn(in, by_bank(sync::decode_reply), sync::encode_reply); break;
    case kCatalogue: turn(in, by_bank(sync::decode_catalogue), sync::encode_catalogue); break;
    case kEnrolled: {
      const auto by_link = [&](ByteView bytes) {
        return sync::decode_enrol_reply(bytes, sync::key_fingerprint(key));
      };
      turn(in, by_link, sync::encode_enrol_reply);
      break;
    }
    case kRekeyed: turn(in, by_bank(sync::decode_rekey_reply), sync::encode_rekey_reply); break;
    case kHistory: turn(in, by_bank(sync::decode_history), sync::encode_history); break;
    case kReceipt: turn(in, by_bank(sync::decode_receipt), sync::encode_receipt); break;
    case kEnrol: turn(in, sync::decode_enrol_request, sync::encode_enrol_request); break;
    default: turn(in, sync::decode_rekey_request, sync::encode_rekey_request); break;
  }
  return 0;
}
