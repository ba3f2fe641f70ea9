// A place on earth in one cell: micro-degrees of latitude above 32 bits of
// micro-degrees of longitude (WGS 84). One micro-degree is about 11 cm.
#pragma once

#include <cstdint>
#include <optional>

namespace banyan {

struct Place {
  std::int32_t lat_udeg = 0;  // -90'000'000 .. 90'000'000, north is positive
  std::int32_t lon_udeg = 0;  // -180'000'000 .. 180'000'000, east is positive
  bool operator==(const Place&) const = default;
};

constexpr bool is_valid(const Place& place) {
  return place.lat_udeg >= -90'000'000 && place.lat_udeg <= 90'000'000 &&
         place.lon_udeg >= -180'000'000 && place.lon_udeg <= 180'000'000;
}

constexpr std::int64_t cell_of(const Place& place) {
  return static_cast<std::int64_t>(place.lat_udeg) * (std::int64_t{1} << 32) +
         static_cast<std::uint32_t>(place.lon_udeg);
}

// Nothing when the cell holds no place on earth.
constexpr std::optional<Place> place_of(std::int64_t cell) {
  const Place place{static_cast<std::int32_t>(cell >> 32),
                    static_cast<std::int32_t>(static_cast<std::uint32_t>(cell & 0xFFFF'FFFF))};
  if (!is_valid(place)) return std::nullopt;
  return place;
}

}  // namespace banyan
