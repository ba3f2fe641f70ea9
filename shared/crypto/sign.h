// Ed25519 signatures: who wrote a bundle, a page, a certificate, an order.
//
// Source: RFC 8032. Every message begins with the name of its format (such as
// "banyan-b1"), so that a signature under one format never fits another.
#pragma once

#include "shared/base/bytes.h"
#include "shared/crypto/fixed_bytes.h"
#include "shared/crypto/secret.h"

namespace banyan {

using SignSeed = SecretKey<32, struct SignSeedTag>;     // what is stored
using VerifyKey = FixedBytes<32, struct VerifyKeyTag>;  // what others know
using Signature = FixedBytes<64, struct SignatureTag>;

class SigningKey {
 public:
  static SigningKey generate(Random& random) { return SigningKey(SignSeed::generate(random)); }
  explicit SigningKey(SignSeed seed);

  const VerifyKey& verify_key() const { return verify_key_; }
  const SignSeed& seed() const { return seed_; }
  Signature sign(ByteView message) const;

 private:
  SignSeed seed_;
  VerifyKey verify_key_;
  SecretKey<64, struct SignExpandedTag> expanded_;
};

// False for every signature that `key`'s owner did not make over exactly these
// bytes, low-order keys and malleated signatures included.
bool verify(const VerifyKey& key, ByteView message, const Signature& signature);

}  // namespace banyan
