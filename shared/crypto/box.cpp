#include "shared/crypto/box.h"

#include <sodium.h>

namespace banyan {
namespace {

using Nonce = std::array<std::uint8_t, crypto_box_NONCEBYTES>;

Nonce nonce_for(const BoxPublicKey& from, const BoxPublicKey& to) {
  Nonce nonce{};
  crypto_generichash_state state;
  crypto_generichash_init(&state, nullptr, 0, nonce.size());
  crypto_generichash_update(&state, from.bytes.data(), BoxPublicKey::kSize);
  crypto_generichash_update(&state, to.bytes.data(), BoxPublicKey::kSize);
  crypto_generichash_final(&state, nonce.data(), nonce.size());
  return nonce;
}

}  // namespace

static_assert(kSealedBoxOverhead == crypto_box_SEALBYTES);

BoxKey::BoxKey(BoxSecret secret) : secret_(std::move(secret)) {
  crypto_scalarmult_base(public_key_.bytes.data(), secret_.view().data());
}

Result<Bytes> BoxKey::open(ByteView sealed) const {
  if (sealed.size() < kSealedBoxOverhead) return fail(ErrorCode::Locked, "not a sealed box");
  Bytes out(sealed.size() - kSealedBoxOverhead);
  if (crypto_box_seal_open(out.data(), sealed.data(), sealed.size(), public_key_.bytes.data(),
                           secret_.view().data()) != 0) {
    return fail(ErrorCode::Locked, "a sealed box does not open with this key");
  }
  return out;
}

Result<Bytes> seal(const BoxPublicKey& to, ByteView message, Random& random) {
  const BoxKey ephemeral = BoxKey::generate(random);
  const Nonce nonce = nonce_for(ephemeral.public_key(), to);
  Bytes out(kSealedBoxOverhead + message.size());
  std::copy(ephemeral.public_key().bytes.begin(), ephemeral.public_key().bytes.end(), out.begin());
  if (crypto_box_easy(out.data() + BoxPublicKey::kSize, message.data(), message.size(),
                      nonce.data(), to.bytes.data(), ephemeral.secret().view().data()) != 0) {
    return fail(ErrorCode::Invalid, "a box key is unusable");
  }
  return out;
}

}  // namespace banyan
