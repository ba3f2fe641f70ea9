// Sealed boxes: anybody who knows the public key can close one, only the owner
// can open it, and nobody learns who closed it.
//
// Source: libsodium's crypto_box_seal (X25519, XSalsa20-Poly1305, the nonce
// being BLAKE2b-192(ephemeral key ‖ recipient)); byte for byte the same.
#pragma once

#include "shared/base/bytes.h"
#include "shared/crypto/fixed_bytes.h"
#include "shared/crypto/secret.h"

namespace banyan {

using BoxSecret = SecretKey<32, struct BoxSecretTag>;
using BoxPublicKey = FixedBytes<32, struct BoxPublicKeyTag>;

inline constexpr std::size_t kSealedBoxOverhead = 48;

class BoxKey {
 public:
  static BoxKey generate(Random& random) { return BoxKey(BoxSecret::generate(random)); }
  explicit BoxKey(BoxSecret secret);

  const BoxPublicKey& public_key() const { return public_key_; }
  const BoxSecret& secret() const { return secret_; }

  // Locked when the box was closed for another key or was changed on the way.
  Result<Bytes> open(ByteView sealed) const;

 private:
  BoxSecret secret_;
  BoxPublicKey public_key_;
};

// Invalid when `to` is no usable key (a low-order point).
Result<Bytes> seal(const BoxPublicKey& to, ByteView message, Random& random);

}  // namespace banyan
