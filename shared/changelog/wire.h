// Pieces that every format of this folder is made of. Not for other folders.
#pragma once

#include <tuple>
#include <vector>

#include "shared/base/bytes.h"
#include "shared/base/hlc.h"
#include "shared/base/value.h"
#include "shared/changelog/limits.h"
#include "shared/changelog/row.h"

namespace banyan::wire {

// How a value is written, so that a reader can pass over a field it does not know.
enum class Type : std::uint8_t {
  Int = 0,    // zigzag varint
  Bytes = 1,  // varint length, then the bytes
  Null = 2,   // nothing
  Id = 3,     // u64
};

inline Type type_of(const Value& value) {
  constexpr Type kTypes[] = {Type::Null, Type::Int, Type::Bytes, Type::Id};
  return kTypes[value.index()];
}

// What stands before a cell: field << 3 | mark << 2 | type. `mark` is the
// format's own: a digest follows, or a clock entry.
struct CellHeader {
  std::uint32_t field = 0;
  bool mark = false;
  Type type{};

  std::uint64_t packed() const {
    return static_cast<std::uint64_t>(field) << 3 | static_cast<unsigned>(mark) << 2 |
           static_cast<unsigned>(type);
  }
};
// Fails the reader on a field below `field_min` or above kFieldMax.
CellHeader read_header(ByteReader& in, std::uint32_t field_min = 1);

inline bool fits(const Value& value) { return text_of(value).size() <= kCellSizeMax; }

// The value without its type.
void put_value(const Value& value, ByteWriter& out);
// Into `out`, whose memory is used again. Fails the reader on a text over kCellSizeMax.
void get_value(Type type, ByteReader& in, Value& out);

// A stamp near another one: zigzag(ms - near ms) << 1 | has counter, then the
// counter unless it is 0.
void put_hlc(std::uint64_t hlc, std::uint64_t near, ByteWriter& out);
// Fails the reader on a stamp outside 0 .. 2^63 - 1.
std::uint64_t get_hlc(std::uint64_t near, ByteReader& in);

// Siblings are kept by field, element and dot; each once.
inline bool in_order(const Sibling& a, const Sibling& b) {
  return std::tie(a.field, a.element, a.dot) < std::tie(b.field, b.element, b.dot);
}
void put_sibling(const Sibling& sibling, ByteWriter& out);
// A count, then as many as that. Fails the reader when they are out of order.
void get_siblings(ByteReader& in, std::vector<Sibling>& siblings);

// Fails the reader on a number above the limit, which is returned then.
DeviceId get_device(ByteReader& in);
std::uint32_t get_u32(ByteReader& in, std::uint32_t max = ~0U);

}  // namespace banyan::wire
