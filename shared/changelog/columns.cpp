#include "shared/changelog/columns.h"

#include <algorithm>

namespace banyan::wire {
namespace {

constexpr int kCounterBits = 24;
constexpr std::uint64_t kCounterMask = (1ULL << kCounterBits) - 1;
constexpr int kSessionBytes = 5;
constexpr std::size_t kShapeCellsMax = kBundleCellsMax;
static_assert(kShapeCellsMax <= kPageCellsMax);

std::size_t varint_size(std::uint64_t v) {
  std::size_t size = 1;
  for (; v >= 0x80; v >>= 7) ++size;
  return size;
}

std::int64_t step_from(std::int64_t last, std::int64_t v) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(v) -
                                   static_cast<std::uint64_t>(last));
}

std::string key_of(const Shape& shape) {
  ByteWriter key;
  const bool other_life = shape.life != 1;
  key.varint(static_cast<std::uint64_t>(shape.entity) << 5 |
             static_cast<unsigned>(shape.bits) << 1 | (other_life ? 1 : 0));
  if (other_life) key.varint(shape.life);
  key.varint(shape.cells.size());
  for (const ShapeCell& cell : shape.cells) {
    key.varint(CellHeader{cell.field, cell.mark, cell.type}.packed());
  }
  return std::string(as_text(key.view()));
}

}  // namespace

void IdPacker::put(std::uint64_t id, ByteWriter& out) {
  const std::uint64_t session = id >> kCounterBits;
  if (session == last_ >> kCounterBits) {
    out.varint(zigzag(step_from(static_cast<std::int64_t>(last_), static_cast<std::int64_t>(id)))
               << 1);
  } else {
    bool added = false;
    out.varint(sessions_->number_of(session, added) << 1 | 1);
    for (int i = 0; added && i < kSessionBytes; ++i) {
      out.u8(static_cast<std::uint8_t>(session >> (8 * i)));
    }
    out.varint(id & kCounterMask);
  }
  last_ = id;
}

std::uint64_t IdPacker::get(ByteReader& in) {
  const std::uint64_t packed = in.varint();
  if ((packed & 1) == 0) {
    const std::uint64_t id = last_ + static_cast<std::uint64_t>(unzigzag(packed >> 1));
    if (id >> kCounterBits != last_ >> kCounterBits) in.fail();
    last_ = id;
    return last_;
  }
  const std::uint64_t slot = packed >> 1;
  auto& known = sessions_->known;
  if (slot == known.size()) {
    std::uint64_t session = 0;
    for (int i = 0; i < kSessionBytes; ++i) {
      session |= static_cast<std::uint64_t>(in.u8()) << (8 * i);
    }
    known.push_back(session);
  }
  const std::uint64_t counter = in.varint();
  if (slot >= known.size() || counter > kCounterMask) {
    in.fail();
    return 0;
  }
  last_ = known[static_cast<std::size_t>(slot)] << kCounterBits | counter;
  return last_;
}

std::uint32_t Columns::number_of(std::uint32_t entity, std::uint32_t field, Type type) {
  if (type == Type::Null) return 0;
  const auto next = static_cast<std::uint32_t>(columns_.size());
  const auto [at, added] = numbers_.try_emplace({entity, field, type}, next);
  if (added) columns_.emplace_back(type, sessions_);
  return at->second;
}

void Columns::put(const ShapeCell& cell, const Value& value) {
  if (cell.type == Type::Null) return;
  Column& column = columns_[cell.column];
  if (cell.type == Type::Int) {
    column.ints.push_back(*std::get_if<std::int64_t>(&value));
  } else if (cell.type == Type::Id) {
    column.ids.put(static_cast<std::uint64_t>(number(*std::get_if<RowId>(&value))), column.bytes);
  } else {
    const std::string& text = *std::get_if<std::string>(&value);
    column.lengths.varint(text.size());
    column.bytes.raw(as_bytes(text));
  }
}

void Columns::write(ByteWriter& out, std::vector<std::size_t>& cuts) {
  for (Column& column : columns_) {
    if (column.type == Type::Int) {
      std::size_t plain = 0;
      std::size_t stepped = 0;
      std::int64_t last = 0;
      for (const std::int64_t v : column.ints) {
        plain += varint_size(zigzag(v));
        stepped += varint_size(zigzag(step_from(last, v)));
        last = v;
      }
      const bool steps = stepped < plain;
      out.varint(std::min(stepped, plain) << 1 | (steps ? 1 : 0));
      last = 0;
      for (const std::int64_t v : column.ints) {
        out.svarint(steps ? step_from(last, v) : v);
        last = v;
      }
    } else if (column.type == Type::Bytes) {
      out.block(column.lengths.view());
      cuts.push_back(out.size());
      out.block(column.bytes.view());
    } else {
      out.block(column.bytes.view());
    }
    cuts.push_back(out.size());
  }
}

void Columns::read(ByteReader& in) {
  for (Column& column : columns_) {
    std::uint64_t size = in.varint();
    if (column.type == Type::Int) {
      column.steps = (size & 1) != 0;
      size >>= 1;
    }
    if (size > in.left()) return in.fail();
    column.from = ByteReader(in.raw(static_cast<std::size_t>(size)));
    if (column.type == Type::Bytes) column.text = ByteReader(in.block(in.left()));
  }
}

void Columns::get(const ShapeCell& cell, Value& out) {
  if (cell.type == Type::Null) {
    out = std::monostate{};
    return;
  }
  Column& column = columns_[cell.column];
  if (cell.type == Type::Int) {
    const std::int64_t v = column.from.svarint();
    column.last = column.steps ? static_cast<std::int64_t>(static_cast<std::uint64_t>(column.last) +
                                                           static_cast<std::uint64_t>(v))
                               : v;
    out = column.last;
  } else if (cell.type == Type::Id) {
    out = RowId{static_cast<std::int64_t>(column.ids.get(column.from))};
  } else {
    const std::uint64_t size = column.from.varint();
    if (size > kCellSizeMax) column.from.fail();
    const std::string_view text = as_text(column.text.raw(static_cast<std::size_t>(size)));
    if (auto* held = std::get_if<std::string>(&out)) {
      held->assign(text);
    } else {
      out.emplace<std::string>(text);
    }
  }
}

bool Columns::done() const {
  return std::all_of(columns_.begin(), columns_.end(), [](const Column& c) {
    return c.from.ok() && c.from.done() && c.text.ok() && c.text.done();
  });
}

std::uint32_t Shapes::add(const Shape& shape) {
  shapes_.push_back(shape);
  for (ShapeCell& cell : shapes_.back().cells) {
    cell.column = columns_.number_of(shape.entity, cell.field, cell.type);
  }
  return static_cast<std::uint32_t>(shapes_.size() - 1);
}

std::uint32_t Shapes::put(const Shape& shape, bool flag, ByteWriter& out) {
  std::string key = key_of(shape);
  if (shapes_.empty() || key != last_key_) {
    const auto [at, added] = numbers_.try_emplace(key, static_cast<std::uint32_t>(shapes_.size()));
    last_ = at->second;
    last_key_ = std::move(key);
    out.varint(static_cast<std::uint64_t>(last_) << 1 | (flag ? 1 : 0));
    if (added) {
      out.raw(as_bytes(last_key_));
      add(shape);
    }
  } else {
    out.varint(static_cast<std::uint64_t>(last_) << 1 | (flag ? 1 : 0));
  }
  return last_;
}

std::uint32_t Shapes::get(ByteReader& in, bool& flag) {
  const std::uint64_t packed = in.varint();
  flag = (packed & 1) != 0;
  const std::uint64_t number = packed >> 1;
  if (number == shapes_.size()) define(in);
  if (number < shapes_.size()) return static_cast<std::uint32_t>(number);
  in.fail();
  return 0;
}

void Shapes::define(ByteReader& in) {
  Shape shape;
  const std::uint32_t head = get_u32(in, kEntityMax << 5 | 31);
  shape.entity = head >> 5;
  shape.bits = static_cast<std::uint8_t>(head >> 1 & 15);
  if ((head & 1) != 0) shape.life = get_u32(in, kLifeMax);
  if (shape.life == 0) return in.fail();
  const std::uint64_t count = in.varint();
  if (count > std::min(in.left(), kShapeCellsMax)) return in.fail();
  shape.cells.resize(static_cast<std::size_t>(count));
  for (ShapeCell& cell : shape.cells) {
    const CellHeader header = read_header(in, kFoldedField);  // as pages have it
    cell = {header.field, header.mark, header.type, 0};
  }
  if (in.ok()) add(shape);
}

}  // namespace banyan::wire
