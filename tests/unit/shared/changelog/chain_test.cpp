#include "shared/changelog/chain.h"

#include <doctest/doctest.h>

using namespace banyan;

TEST_CASE("a chain tells order, content and length apart") {
  const Hash256 a = next_chain({}, as_bytes("a"));
  const Hash256 b = next_chain({}, as_bytes("b"));
  CHECK(next_chain(a, as_bytes("b")) != next_chain(b, as_bytes("a")));
  CHECK(next_chain(a, as_bytes("b")) != next_chain({}, as_bytes("ab")));
  CHECK(next_chain({}, {}) != Hash256{});
}

TEST_CASE("the server's order depends on device, number and commit") {
  const Hash256 commit = next_chain({}, as_bytes("a"));
  const Hash256 order = next_order({}, DeviceId{5}, 9, commit);
  CHECK(order != next_order({}, DeviceId{6}, 9, commit));
  CHECK(order != next_order({}, DeviceId{5}, 10, commit));
  CHECK(order != next_order({}, DeviceId{5}, 9, order));
  CHECK(order != next_order(order, DeviceId{5}, 9, commit));
}

TEST_CASE("short hashes are the beginning of long ones") {
  Hash256 hash;
  for (std::size_t i = 0; i < 32; ++i) hash.bytes[i] = static_cast<std::uint8_t>(i);
  CHECK(to_hex(order_hash(hash).view()) == "0001020304050607");
  CHECK(to_hex(ack_hash(hash).view()) == "000102030405060708090a0b0c0d0e0f");
}
