// Byte strings, and the reader and writer under every binary format here.
//
// Integers are little endian. A varint is LEB128, at most 10 bytes, and must be
// in its shortest form, so that every value has exactly one encoding (hashes
// depend on it). Signed numbers are zigzag-coded first.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/result.h"

namespace banyan {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

inline ByteView as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string_view as_text(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Lower-case hexadecimal, and back. Invalid on an odd length or another digit.
std::string to_hex(ByteView bytes);
Result<Bytes> from_hex(std::string_view text);

constexpr std::uint64_t zigzag(std::int64_t v) {
  return (static_cast<std::uint64_t>(v) << 1) ^ static_cast<std::uint64_t>(v >> 63);
}
constexpr std::int64_t unzigzag(std::uint64_t v) {
  return static_cast<std::int64_t>(v >> 1) ^ -static_cast<std::int64_t>(v & 1);
}

class ByteWriter {
 public:
  void u8(std::uint8_t v) { out_.push_back(v); }
  void u16(std::uint16_t v) { fixed(v, 2); }
  void u32(std::uint32_t v) { fixed(v, 4); }
  void u64(std::uint64_t v) { fixed(v, 8); }
  void varint(std::uint64_t v) {
    if (v < 0x80) {
      out_.push_back(static_cast<std::uint8_t>(v));
    } else {
      long_varint(v);
    }
  }
  void svarint(std::int64_t v) { varint(zigzag(v)); }
  void raw(ByteView bytes) { out_.insert(out_.end(), bytes.begin(), bytes.end()); }
  // A varint length, then the bytes.
  void block(ByteView bytes);
  void block(std::string_view text) { block(as_bytes(text)); }

  void reserve(std::size_t size) { out_.reserve(size); }
  std::size_t size() const { return out_.size(); }
  ByteView view() const { return out_; }
  Bytes take() { return std::move(out_); }
  void clear() { out_.clear(); }

 private:
  void fixed(std::uint64_t v, std::size_t bytes);
  void long_varint(std::uint64_t v);
  Bytes out_;
};

// Reads what a ByteWriter wrote, from bytes that nobody vouches for. The first
// failure sticks: every later read returns zero or an empty view, and ok() is
// false. Views point into the input, which must outlive them.
class ByteReader {
 public:
  explicit ByteReader(ByteView in) : in_(in) {}

  std::uint8_t u8() { return static_cast<std::uint8_t>(fixed(1)); }
  std::uint16_t u16() { return static_cast<std::uint16_t>(fixed(2)); }
  std::uint32_t u32() { return static_cast<std::uint32_t>(fixed(4)); }
  std::uint64_t u64() { return fixed(8); }
  std::uint64_t varint() {
    if (at_ < in_.size() && in_[at_] < 0x80) return in_[at_++];
    return long_varint();
  }
  std::int64_t svarint() { return unzigzag(varint()); }
  ByteView raw(std::size_t size);
  ByteView block(std::size_t size_max);  // fails when the length is over size_max
  std::string_view text(std::size_t size_max) { return as_text(block(size_max)); }
  // A key, hash or signature: kSize bytes.
  template <class Fixed>
  Fixed take() {
    Fixed out;
    const ByteView bytes = raw(Fixed::kSize);
    std::copy(bytes.begin(), bytes.end(), out.bytes.begin());
    return out;
  }
  template <class Fixed>
  void take(Fixed& out) {
    out = take<Fixed>();
  }

  bool ok() const { return ok_; }
  bool done() const { return at_ == in_.size(); }
  std::size_t left() const { return in_.size() - at_; }
  std::size_t position() const { return at_; }
  void fail() {
    ok_ = false;
    at_ = in_.size();
  }

  // Corrupt unless every read succeeded and nothing is left over.
  Status finish(std::string_view what) const;

 private:
  std::uint64_t fixed(std::size_t bytes);
  std::uint64_t long_varint();

  ByteView in_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

}  // namespace banyan
