#include "shared/base/bytes.h"

namespace banyan {

std::string to_hex(ByteView bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const std::uint8_t byte : bytes) {
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
  return out;
}

namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

Result<Bytes> from_hex(std::string_view text) {
  if (text.size() % 2 != 0) return fail(ErrorCode::Invalid, "hex: odd length");
  Bytes out;
  out.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = hex_digit(text[i]);
    const int low = hex_digit(text[i + 1]);
    if (high < 0 || low < 0) return fail(ErrorCode::Invalid, "hex: not a digit");
    out.push_back(static_cast<std::uint8_t>(high << 4 | low));
  }
  return out;
}

void ByteWriter::fixed(std::uint64_t v, std::size_t bytes) {
  std::uint8_t little[8];
  for (std::size_t i = 0; i < 8; ++i) little[i] = static_cast<std::uint8_t>(v >> (8 * i));
  out_.insert(out_.end(), little, little + bytes);
}

void ByteWriter::long_varint(std::uint64_t v) {
  std::uint8_t groups[10];
  std::size_t size = 0;
  for (; v >= 0x80; v >>= 7) groups[size++] = static_cast<std::uint8_t>(v | 0x80);
  groups[size++] = static_cast<std::uint8_t>(v);
  out_.insert(out_.end(), groups, groups + size);
}

void ByteWriter::block(ByteView bytes) {
  varint(bytes.size());
  raw(bytes);
}

std::uint64_t ByteReader::fixed(std::size_t bytes) {
  if (left() < bytes) {
    fail();
    return 0;
  }
  std::uint64_t v = 0;
  for (std::size_t i = 0; i < bytes; ++i) {
    v |= static_cast<std::uint64_t>(in_[at_ + i]) << (8 * i);
  }
  at_ += bytes;
  return v;
}

std::uint64_t ByteReader::long_varint() {
  std::uint64_t v = 0;
  for (int shift = 0; shift < 70; shift += 7) {
    if (at_ == in_.size()) break;
    const std::uint8_t byte = in_[at_++];
    const bool overflow = shift == 63 && byte > 1;
    const bool padded = byte == 0 && shift > 0;
    if (overflow || padded) break;
    v |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
    if ((byte & 0x80) == 0) return v;
  }
  fail();
  return 0;
}

ByteView ByteReader::raw(std::size_t size) {
  if (left() < size) {
    fail();
    return {};
  }
  const ByteView out = in_.subspan(at_, size);
  at_ += size;
  return out;
}

ByteView ByteReader::block(std::size_t size_max) {
  const std::uint64_t size = varint();
  if (size > size_max) {
    fail();
    return {};
  }
  return raw(static_cast<std::size_t>(size));
}

Status ByteReader::finish(std::string_view what) const {
  if (ok_ && done()) return {};
  return banyan::fail(ErrorCode::Corrupt,
                      std::string(what) + ": ends early, or has bytes left over");
}

}  // namespace banyan
