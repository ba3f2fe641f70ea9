#include "shared/base/ids.h"

#include <doctest/doctest.h>

#include <set>

using namespace banyan;

TEST_CASE("an id is positive and names its device, also at the edges of both parts") {
  for (const std::uint32_t device : {0U, 1U, 57U, kDeviceIdMax}) {
    RowIdMinter minter(DeviceId{device}, 0x1FFFF);
    const RowId id = minter.next();
    CHECK(number(id) > 0);
    CHECK(number(device_of(id)) == device);
  }
}

TEST_CASE("ids rise by one within a session") {
  RowIdMinter minter(DeviceId{7}, 3);
  const std::int64_t first = number(minter.next());
  CHECK(number(minter.next()) == first + 1);
  CHECK(first == ((7LL << 41) | (3LL << 24) | 1));
}

TEST_CASE("two sessions and two devices never mint the same id") {
  std::set<RowId> all;
  for (const std::uint32_t device : {2U, 3U}) {
    for (const std::uint32_t salt : {0U, 1U, 0x1FFFFU}) {
      RowIdMinter minter(DeviceId{device}, salt);
      for (int i = 0; i < 100; ++i) CHECK(all.insert(minter.next()).second);
    }
  }
}

TEST_CASE("only 17 bits of the salt count, so that the device stays readable") {
  RowIdMinter minter(DeviceId{7}, 0xFFFFFFFF);
  CHECK(number(device_of(minter.next())) == 7);
}

TEST_CASE("a session says in time that its ids are running out") {
  RowIdMinter minter(DeviceId{7}, 3);
  CHECK_FALSE(minter.nearly_used_up());
  for (int i = 0; i < (1 << 24) - (1 << 20) + 1; ++i) minter.next();
  CHECK(minter.nearly_used_up());
}
