#include "shared/changelog/compress.h"

#include <doctest/doctest.h>

#include "shared/platform/random.h"

using namespace banyan;

namespace {

Bytes repeated(std::size_t size) {
  Bytes out(size);
  for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<std::uint8_t>(i % 97 + i / 1000);
  return out;
}

}  // namespace

TEST_CASE("what was compressed comes back, wherever it was cut") {
  SeededRandom random(51);
  for (const std::size_t size : {0UL, 1UL, 100UL, 5'000UL, 300'000UL}) {
    const Bytes plain = repeated(size);
    CHECK(decompress(compress(plain), size).value() == plain);
    std::vector<std::size_t> cuts;
    for (std::size_t at = 0; at <= size; at += 1 + random.below(9'000)) cuts.push_back(at);
    CHECK(decompress(compress(plain, cuts), size).value() == plain);
  }
}

TEST_CASE("a frame may not unpack to more than the limit") {
  const Bytes packed = compress(repeated(5'000));
  CHECK(decompress(packed, 4'999).error().code == ErrorCode::TooLarge);
  CHECK(decompress(packed, 5'000).ok());
}

TEST_CASE("a cut, lengthened or doubled frame is refused") {
  const Bytes packed = compress(repeated(5'000));
  for (std::size_t size = 0; size < packed.size(); ++size) {
    REQUIRE_FALSE(decompress(ByteView(packed).first(size), 5'000).ok());
  }
  Bytes longer = packed;
  longer.push_back(0);
  CHECK_FALSE(decompress(longer, 5'000).ok());
  Bytes twice = packed;
  twice.insert(twice.end(), packed.begin(), packed.end());
  CHECK_FALSE(decompress(twice, 10'000).ok());
}
