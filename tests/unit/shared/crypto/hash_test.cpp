#include "shared/crypto/hash.h"

#include <doctest/doctest.h>

#include <numeric>

#include "shared/crypto/init.h"

namespace banyan {
namespace {

MacKey counting_key() {
  MacKey key;
  std::iota(key.bytes().begin(), key.bytes().end(), std::uint8_t{0});
  return key;
}

Bytes counting_bytes(std::size_t size) {
  Bytes out(size);
  std::iota(out.begin(), out.end(), std::uint8_t{0});
  return out;
}

// The expected values come from another implementation (Python's hashlib).

TEST_CASE("[T19] BLAKE2b-256 gives the published digests") {
  REQUIRE(crypto_init().ok());
  CHECK(to_hex(hash256(ByteView{}).view()) ==
        "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
  CHECK(to_hex(hash256(as_bytes("abc")).view()) ==
        "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
}

TEST_CASE("[T19] keyed BLAKE2b-256 gives the same code as another implementation") {
  CHECK(to_hex(keyed_hash256(counting_key(), counting_bytes(1000)).view()) ==
        "35ef19e1b0264b96e9d2f9c1ded07ab910b83e31c06559b5794ad4682e44f54a");
}

TEST_CASE("a digest does not depend on how the bytes arrive") {
  const Bytes bytes = counting_bytes(1000);
  const Hash256 whole = hash256(bytes);
  for (const std::size_t cut : {0U, 1U, 127U, 128U, 129U, 999U, 1000U}) {
    const ByteView view(bytes);
    CHECK(hash256({view.first(cut), view.subspan(cut)}) == whole);
    Hasher keyed(counting_key());
    CHECK(keyed.update(view.first(cut)).update(view.subspan(cut)).finish() ==
          keyed_hash256(counting_key(), bytes));
  }
}

TEST_CASE("a message code fits one key and one message only") {
  const Bytes bytes = counting_bytes(100);
  const Hash256 code = keyed_hash256(counting_key(), bytes);
  CHECK(keyed_hash256_matches(counting_key(), bytes, code));
  CHECK_FALSE(keyed_hash256_matches(MacKey{}, bytes, code));
  CHECK_FALSE(keyed_hash256_matches(counting_key(), counting_bytes(99), code));
}

}  // namespace
}  // namespace banyan
