// Public byte strings of a fixed length, one C++ type for each meaning: a
// signing key cannot be passed where a box key is wanted.
#pragma once

#include <algorithm>
#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>

#include "shared/base/bytes.h"

namespace banyan {

template <std::size_t N, class Tag>
struct FixedBytes {
  static constexpr std::size_t kSize = N;

  std::array<std::uint8_t, N> bytes{};

  ByteView view() const { return bytes; }
  auto operator<=>(const FixedBytes&) const = default;

  // Corrupt unless `in` has exactly N bytes.
  static Result<FixedBytes> from(ByteView in) {
    if (in.size() != N) {
      return fail(ErrorCode::Corrupt,
                  "expected " + std::to_string(N) + " bytes, got " + std::to_string(in.size()));
    }
    FixedBytes out;
    std::copy(in.begin(), in.end(), out.bytes.begin());
    return out;
  }
};

}  // namespace banyan
