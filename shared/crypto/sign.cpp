#include "shared/crypto/sign.h"

#include <sodium.h>

namespace banyan {

SigningKey::SigningKey(SignSeed seed) : seed_(std::move(seed)) {
  crypto_sign_ed25519_seed_keypair(verify_key_.bytes.data(), expanded_.bytes().data(),
                                   seed_.view().data());
}

Signature SigningKey::sign(ByteView message) const {
  Signature out;
  crypto_sign_ed25519_detached(out.bytes.data(), nullptr, message.data(), message.size(),
                               expanded_.view().data());
  return out;
}

bool verify(const VerifyKey& key, ByteView message, const Signature& signature) {
  return crypto_sign_ed25519_verify_detached(signature.bytes.data(), message.data(), message.size(),
                                             key.bytes.data()) == 0;
}

}  // namespace banyan
