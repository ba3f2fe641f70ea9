#include "shared/crypto/aead.h"

#include <doctest/doctest.h>

#include <numeric>

namespace banyan {
namespace {

template <class Fixed>
void count_from(Fixed&& out, std::uint8_t first) {
  std::iota(out.begin(), out.end(), first);
}

TEST_CASE("[T19] XChaCha20-Poly1305 gives the vector of draft-irtf-cfrg-xchacha-03, A.3.1") {
  AeadKey key;
  count_from(key.bytes(), 0x80);
  AeadNonce nonce;
  count_from(nonce.bytes, 0x40);
  const Bytes aad = from_hex("50515253c0c1c2c3c4c5c6c7").value();
  const std::string_view plain =
      "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the "
      "future, sunscreen would be it.";
  const Bytes cipher = aead_encrypt(key, nonce, as_bytes(plain), aad);
  CHECK(to_hex(cipher) ==
        "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb"
        "731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216cb96b72e1213b452"
        "2f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9"
        "21f9664c97637da9768812f615c68b13b52ec0875924c1c7987947deafd8780acf49");
  CHECK(as_text(aead_decrypt(key, nonce, cipher, aad).value().view()) == plain);
}

TEST_CASE("[T14] a changed byte of key, nonce, cipher text or additional data is refused alike") {
  SeededRandom random(5);
  const AeadKey key = AeadKey::generate(random);
  const Bytes aad{1, 2, 3};
  const Bytes sealed = aead_seal(key, Bytes(40, 9), aad, random);
  REQUIRE(aead_open(key, sealed, aad).ok());

  const auto message = [&](const AeadKey& k, ByteView s, ByteView a) {
    const auto opened = aead_open(k, s, a);
    REQUIRE_FALSE(opened.ok());
    CHECK(opened.error().code == ErrorCode::Locked);
    return opened.error().detail;
  };
  AeadKey wrong_key = key.duplicate();
  wrong_key.bytes()[31] ^= 1;
  const std::string generic = message(wrong_key, sealed, aad);
  CHECK(message(key, sealed, Bytes{1, 2, 4}) == generic);
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    Bytes changed = sealed;
    changed[i] ^= 1;
    CHECK(message(key, changed, aad) == generic);
    CHECK(message(key, ByteView(sealed).first(i), aad) == generic);
  }
}

}  // namespace
}  // namespace banyan
