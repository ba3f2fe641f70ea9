#include "shared/base/bytes.h"

#include <doctest/doctest.h>

#include <limits>

using namespace banyan;

namespace {

constexpr std::uint64_t kEdges[] = {0,      1,          127,        128,        129,       16'383,
                                    16'384, 1ULL << 32, 1ULL << 56, 1ULL << 63, ~0ULL - 1, ~0ULL};

Bytes hex(std::string_view text) { return from_hex(text).value(); }

}  // namespace

TEST_CASE("varints come back, in the fewest bytes") {
  for (const std::uint64_t v : kEdges) {
    CAPTURE(v);
    ByteWriter out;
    out.varint(v);
    std::size_t bits = 1;
    while (bits < 64 && v >> bits != 0) ++bits;
    CHECK(out.size() == (bits + 6) / 7);
    ByteReader in(out.view());
    CHECK(in.varint() == v);
    CHECK(in.finish("v").ok());
  }
}

TEST_CASE("a varint has one spelling: padding, overflow and an early end are refused") {
  for (const char* text : {"8000", "ff00", "80", "ffffffffffffffffff02", "ffffffffffffffffffff01",
                           "80808080808080808000", ""}) {
    CAPTURE(text);
    const Bytes bytes = hex(text);
    ByteReader in(bytes);
    CHECK(in.varint() == 0);
    CHECK_FALSE(in.ok());
    CHECK(in.u8() == 0);  // the first failure sticks
    CHECK_FALSE(in.finish("v").ok());
  }
  const Bytes largest = hex("ffffffffffffffffff01");
  CHECK(ByteReader(largest).varint() == ~0ULL);
}

TEST_CASE("signed numbers near zero are short, and the extremes come back") {
  for (const std::int64_t v :
       {std::int64_t{0}, std::int64_t{-1}, std::int64_t{63}, std::int64_t{-64},
        std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()}) {
    ByteWriter out;
    out.svarint(v);
    CHECK(ByteReader(out.view()).svarint() == v);
    if (v >= -64 && v <= 63) CHECK(out.size() == 1);
  }
}

TEST_CASE("fixed numbers are little endian") {
  ByteWriter out;
  out.u8(0x01);
  out.u16(0x0203);
  out.u32(0x04050607);
  out.u64(0x08090A0B0C0D0E0F);
  CHECK(to_hex(out.view()) == "010302070605040f0e0d0c0b0a0908");
  ByteReader in(out.view());
  CHECK(in.u8() == 0x01);
  CHECK(in.u16() == 0x0203);
  CHECK(in.u32() == 0x04050607);
  CHECK(in.u64() == 0x08090A0B0C0D0E0F);
  CHECK(in.finish("numbers").ok());
}

TEST_CASE("a reader never goes past the end, whatever a length claims") {
  const Bytes bytes = hex("05616263");
  ByteReader in(bytes);
  CHECK(in.block(100).empty());
  CHECK_FALSE(in.ok());
  const Bytes huge = hex("ffffffffffffffffff01");
  CHECK(ByteReader(huge).block(SIZE_MAX).empty());
  ByteReader fixed(ByteView(bytes).first(3));
  CHECK(fixed.u32() == 0);
  CHECK_FALSE(fixed.ok());
}

TEST_CASE("a block over its limit is refused, one at the limit is not") {
  ByteWriter out;
  out.block(std::string_view("abc"));
  CHECK(ByteReader(out.view()).text(3) == "abc");
  ByteReader over(out.view());
  CHECK(over.text(2).empty());
  CHECK_FALSE(over.ok());
}

TEST_CASE("bytes left over are an error, named after what was read") {
  const Bytes bytes = hex("0102");
  ByteReader in(bytes);
  in.u8();
  const Status status = in.finish("page");
  REQUIRE_FALSE(status.ok());
  CHECK(status.error().code == ErrorCode::Corrupt);
  CHECK(status.error().detail.find("page") == 0);
}

TEST_CASE("hexadecimal comes back; odd lengths and other letters are refused") {
  CHECK(to_hex(hex("00ff7A")) == "00ff7a");
  CHECK_FALSE(from_hex("0").ok());
  CHECK_FALSE(from_hex("0g").ok());
}
