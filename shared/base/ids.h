// The numbers that name rows and devices.
//
// A row id is a positive 63-bit integer: SQLite's rowid, PostgreSQL's bigint.
//   device:22 | session salt:17 | counter:24
// Device 0 is the core-banking import, device 1 the server itself. The salt is
// drawn at every start, so two clones of one tablet do not mint the same ids
// except with chance 2^-17, which the server then catches (outcome IdTaken).
#pragma once

#include <compare>
#include <cstdint>
#include <functional>

#include "shared/base/check.h"

namespace banyan {

enum class DeviceId : std::uint32_t {};
inline constexpr DeviceId kImportDevice{0};
inline constexpr DeviceId kServerDevice{1};
inline constexpr std::uint32_t kDeviceIdMax = (1U << 22) - 1;

enum class RowId : std::int64_t {};
inline constexpr RowId kNoRow{0};

constexpr std::int64_t number(RowId id) { return static_cast<std::int64_t>(id); }
constexpr std::uint32_t number(DeviceId id) { return static_cast<std::uint32_t>(id); }
constexpr DeviceId device_of(RowId id) {
  return DeviceId{static_cast<std::uint32_t>(number(id) >> 41)};
}

// Mints ids that no other minter of this device mints. Not thread-safe.
class RowIdMinter {
 public:
  // `salt`: 17 random bits, fresh at every start of the program.
  RowIdMinter(DeviceId device, std::uint32_t salt)
      : prefix_(static_cast<std::int64_t>(banyan::number(device)) << 41 |
                static_cast<std::int64_t>(salt & 0x1FFFF) << 24) {
    BANYAN_CHECK(banyan::number(device) <= kDeviceIdMax);
  }

  // Asserts before the 2^24th id of one session: reopen with a new salt first.
  RowId next() {
    BANYAN_CHECK(counter_ < (1 << 24) - 1);
    return RowId{prefix_ | ++counter_};
  }
  bool nearly_used_up() const { return counter_ > (1 << 24) - (1 << 20); }

 private:
  std::int64_t prefix_;
  std::int64_t counter_ = 0;
};

}  // namespace banyan
