// Rows packed for the wire: what bundles and pages share. Not for other folders.
//
// Rows of one kind look alike, so their values are sent by column: a *shape*
// says once which cells a row has and of which type; a row is then the number of
// its shape and one value in each of its columns. Ids are sent as steps from the
// one before. FORMAT.md shows it on an example.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "shared/changelog/wire.h"

namespace banyan::wire {

inline std::uint64_t raw_id(RowId id) { return static_cast<std::uint64_t>(number(id)); }

// The upper 40 bits of ids (device and session), numbered as they first appear.
class Sessions {
 public:
  // The number of `session`; `added` tells whether it is new.
  std::uint64_t number_of(std::uint64_t session, bool& added) {
    const auto [at, is_new] = numbers_.try_emplace(session, numbers_.size());
    added = is_new;
    return at->second;
  }
  std::vector<std::uint64_t> known;  // a reader's

 private:
  std::unordered_map<std::uint64_t, std::uint64_t> numbers_;  // a writer's
};

// One column of ids. Each begins at id 0.
class IdPacker {
 public:
  explicit IdPacker(Sessions& sessions) : sessions_(&sessions) {}
  void put(std::uint64_t id, ByteWriter& out);
  std::uint64_t get(ByteReader& in);

 private:
  Sessions* sessions_;
  std::uint64_t last_ = 0;
};

struct ShapeCell {
  std::uint32_t field = 0;
  bool mark = false;
  Type type{};
  std::uint32_t column = 0;  // which column has the value; meaningless for Null
};

struct Shape {
  std::uint32_t entity = 0;
  std::uint8_t bits = 0;  // four bits of the format's own
  std::uint32_t life = 1;
  std::vector<ShapeCell> cells;
};

// A column as it is filled and emptied. Columns are numbered as they first
// appear in shapes.
struct Column {
  Column(Type t, Sessions& sessions) : type(t), ids(sessions) {}
  Type type;
  IdPacker ids;
  // Filled:
  std::vector<std::int64_t> ints;
  ByteWriter lengths, bytes;
  // Emptied:
  bool steps = false;
  std::int64_t last = 0;
  ByteReader from{{}}, text{{}};
};

class Columns {
 public:
  explicit Columns(Sessions& sessions) : sessions_(sessions) {}
  std::uint32_t number_of(std::uint32_t entity, std::uint32_t field, Type type);

  void put(const ShapeCell& cell, const Value& value);
  // Appends all columns; `cuts` learns where each one ends.
  void write(ByteWriter& out, std::vector<std::size_t>& cuts);

  // Takes the columns from the rest of `in`.
  void read(ByteReader& in);
  void get(const ShapeCell& cell, Value& out);
  // Whether every column was read well and to its end.
  bool done() const;

 private:
  Sessions& sessions_;
  std::map<std::tuple<std::uint32_t, std::uint32_t, Type>, std::uint32_t> numbers_;
  std::vector<Column> columns_;
};

// Shapes, numbered as they first appear; a new one is defined where it does.
class Shapes {
 public:
  explicit Shapes(Columns& columns) : columns_(columns) {}

  // Writes number << 1 | `flag`, and the definition if it is new. The columns of
  // `shape` need not be set. Returns the number.
  std::uint32_t put(const Shape& shape, bool flag, ByteWriter& out);
  // Fails the reader on a number or definition that is not allowed.
  std::uint32_t get(ByteReader& in, bool& flag);

  const Shape& operator[](std::uint32_t number) const { return shapes_[number]; }

 private:
  std::uint32_t add(const Shape& shape);
  void define(ByteReader& in);

  Columns& columns_;
  std::vector<Shape> shapes_;
  std::unordered_map<std::string, std::uint32_t> numbers_;
  std::string last_key_;
  std::uint32_t last_ = 0;
};

}  // namespace banyan::wire
