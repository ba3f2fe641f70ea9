#include "shared/crypto/sign.h"

#include <doctest/doctest.h>

namespace banyan {
namespace {

SigningKey key_from(std::string_view seed_hex) {
  return SigningKey(SignSeed::from(from_hex(seed_hex).value()).value());
}

TEST_CASE("[T19] Ed25519 gives the keys and signatures of RFC 8032, section 7.1") {
  const SigningKey empty =
      key_from("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
  CHECK(to_hex(empty.verify_key().view()) ==
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
  CHECK(to_hex(empty.sign({}).view()) ==
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b");

  const SigningKey one_byte =
      key_from("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
  CHECK(to_hex(one_byte.verify_key().view()) ==
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
  CHECK(to_hex(one_byte.sign(Bytes{0x72}).view()) ==
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
}

TEST_CASE("a signature holds for exactly the bytes and the key that made it") {
  SeededRandom random(1);
  const SigningKey key = SigningKey::generate(random);
  const SigningKey other = SigningKey::generate(random);
  const Bytes message(100, 0x5a);
  const Signature signature = key.sign(message);
  CHECK(verify(key.verify_key(), message, signature));
  CHECK_FALSE(verify(other.verify_key(), message, signature));
  for (std::size_t bit = 0; bit < message.size() * 8; ++bit) {
    Bytes changed = message;
    changed[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    REQUIRE_FALSE(verify(key.verify_key(), changed, signature));
  }
  for (std::size_t bit = 0; bit < Signature::kSize * 8; ++bit) {
    Signature changed = signature;
    changed.bytes[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    REQUIRE_FALSE(verify(key.verify_key(), message, changed));
  }
}

TEST_CASE("a key of low order, which would sign everything, verifies nothing") {
  CHECK_FALSE(verify(VerifyKey{}, Bytes{1}, Signature{}));
  VerifyKey identity;
  identity.bytes[0] = 1;
  Signature trivial;
  trivial.bytes[0] = 1;
  CHECK_FALSE(verify(identity, Bytes{1}, trivial));
}

}  // namespace
}  // namespace banyan
