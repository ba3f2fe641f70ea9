#include "shared/crypto/box.h"

#include <doctest/doctest.h>

namespace banyan {
namespace {

// The scalar is RFC 7748's (section 5.2), the product with the base point comes
// from another implementation that gives the RFC's own vector.
TEST_CASE("[T19] X25519 gives the same public key as another implementation") {
  const Bytes secret =
      from_hex("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4").value();
  const BoxKey key(BoxSecret::from(secret).value());
  CHECK(to_hex(key.public_key().view()) ==
        "1c9fd88f45606d932a80c71824ae151d15d73e77de38e8e000852e614fae7019");
}

TEST_CASE("what is sealed opens for the owner of the key, and for nobody else") {
  SeededRandom random(2);
  const BoxKey owner = BoxKey::generate(random);
  const BoxKey other = BoxKey::generate(random);
  const Bytes message{1, 2, 3};
  const Bytes sealed = seal(owner.public_key(), message, random).value();
  CHECK(sealed.size() == message.size() + kSealedBoxOverhead);
  CHECK(owner.open(sealed).value() == message);
  CHECK(other.open(sealed).error().code == ErrorCode::Locked);
}

TEST_CASE("a sealed box with any changed or missing byte does not open") {
  SeededRandom random(3);
  const BoxKey owner = BoxKey::generate(random);
  const Bytes sealed = seal(owner.public_key(), Bytes(20, 7), random).value();
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    Bytes changed = sealed;
    // Bit 7 of an X25519 key's last byte is ignored by X25519 itself, but the
    // nonce covers it; so any bit will do.
    changed[i] ^= 0x80;
    REQUIRE_FALSE(owner.open(changed).ok());
    REQUIRE_FALSE(owner.open(ByteView(sealed).first(i)).ok());
  }
}

TEST_CASE("sealing for a key of low order is refused") {
  SeededRandom random(4);
  CHECK(seal(BoxPublicKey{}, Bytes{1}, random).error().code == ErrorCode::Invalid);
}

}  // namespace
}  // namespace banyan
