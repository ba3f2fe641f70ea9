#include "shared/crypto/secret.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <new>
#include <type_traits>

#include "shared/crypto/box.h"
#include "shared/crypto/sign.h"

namespace banyan {
namespace {

using TestKey = SecretKey<32, struct TestKeyTag>;

static_assert(!std::is_copy_constructible_v<TestKey> && !std::is_copy_assignable_v<TestKey>);
static_assert(!std::is_copy_constructible_v<SecretBytes>);
static_assert(!std::is_convertible_v<SignSeed, BoxSecret>, "keys of two purposes do not mix");
static_assert(!std::is_convertible_v<VerifyKey, BoxPublicKey>);

TEST_CASE("a key leaves zeros behind when it goes and when it moves") {
  SeededRandom random(6);
  alignas(TestKey) std::array<std::uint8_t, sizeof(TestKey)> memory{};
  auto* key = new (memory.data()) TestKey(TestKey::generate(random));
  const TestKey copy = key->duplicate();
  REQUIRE(std::count(memory.begin(), memory.end(), 0) < 8);

  TestKey moved = std::move(*key);
  CHECK(std::count(memory.begin(), memory.end(), 0) == 32);
  CHECK(moved.equals(copy));

  *key = std::move(moved);
  CHECK(key->equals(copy));
  key->~TestKey();
  CHECK(std::count(memory.begin(), memory.end(), 0) == 32);
}

TEST_CASE("comparing secrets tells equal from unequal at every byte and length") {
  const Bytes a(32, 1);
  CHECK(equal_secret(a, Bytes(32, 1)));
  CHECK_FALSE(equal_secret(a, Bytes(31, 1)));
  for (std::size_t i = 0; i < a.size(); ++i) {
    Bytes b = a;
    b[i] ^= 0x80;
    CHECK_FALSE(equal_secret(a, b));
  }
}

}  // namespace
}  // namespace banyan
