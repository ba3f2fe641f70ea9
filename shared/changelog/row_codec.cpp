#include <string>

#include "shared/changelog/codec.h"
#include "shared/changelog/wire.h"
#include "shared/crypto/hash.h"

namespace banyan {
namespace {

constexpr std::uint8_t kRowVersion = 0;

void put_place(const Stamp& stamp, std::uint64_t seq, std::uint64_t near, ByteWriter& out) {
  wire::put_hlc(stamp.hlc, near, out);
  out.varint(number(stamp.device));
  out.varint(seq);
}

// Hlc, device and sequence; the life is written elsewhere.
void get_place(std::uint64_t near, ByteReader& in, Stamp& stamp, std::uint64_t& seq) {
  stamp.hlc = wire::get_hlc(near, in);
  stamp.device = wire::get_device(in);
  seq = in.varint();
}

void get_entries(ByteReader& in, RowClock& clock) {
  const std::uint64_t count = in.varint();
  if (count > in.left() / 4) return in.fail();
  clock.cells.resize(static_cast<std::size_t>(count));
  std::int64_t before = -1;  // field 0 is what was folded
  for (CellClock& cell : clock.cells) {
    const std::uint32_t packed = wire::get_u32(in, kFieldMax << 1 | 1);
    cell.field = packed >> 1;
    cell.stamp.life = (packed & 1) != 0 ? wire::get_u32(in, kLifeMax) : 1;
    get_place(clock.base.hlc, in, cell.stamp, cell.seq);
    const bool padded = (packed & 1) != 0 && cell.stamp.life == 1;
    const bool needless = cell.stamp == clock.base && cell.seq == clock.base_seq && !clock.folded();
    if (cell.field <= before || padded || needless) return in.fail();
    before = cell.field;
  }
}

RowClock get_clock(ByteReader& in) {
  RowClock clock;
  clock.life.life = wire::get_u32(in, kLifeMax);
  clock.base.life = 1;
  clock.base.hlc = in.u64();
  clock.base.device = wire::get_device(in);
  clock.base_seq = in.varint();
  if (clock.life.life == 0 || clock.base.hlc >> 63 != 0) in.fail();
  if (clock.life.life > 1) {
    get_place(clock.base.hlc, in, clock.life, clock.life_seq);
  } else {
    clock.life = clock.base;
    clock.life_seq = clock.base_seq;
  }
  get_entries(in, clock);
  return clock;
}

void get_cells(ByteReader& in, std::vector<CellValue>& cells) {
  const std::uint64_t count = in.varint();
  if (count > in.left()) return in.fail();
  cells.resize(static_cast<std::size_t>(count));
  std::uint32_t before = 0;
  for (CellValue& cell : cells) {
    const wire::CellHeader header = wire::read_header(in);
    if (header.field <= before || header.mark || header.type == wire::Type::Null) return in.fail();
    cell.field = before = header.field;
    wire::get_value(header.type, in, cell.value);
  }
}

}  // namespace

void wire::put_sibling(const Sibling& sibling, ByteWriter& out) {
  out.varint(CellHeader{sibling.field, false, type_of(sibling.value)}.packed());
  out.svarint(sibling.element);
  out.varint(number(sibling.dot.device));
  out.varint(sibling.dot.seq);
  out.varint(sibling.life);
  out.varint(sibling.hlc);
  put_value(sibling.value, out);
}

void wire::get_siblings(ByteReader& in, std::vector<Sibling>& siblings) {
  constexpr std::size_t kSizeMin = 6;
  const std::uint64_t count = in.varint();
  if (count > in.left() / kSizeMin) return in.fail();
  siblings.resize(static_cast<std::size_t>(count));
  const Sibling* before = nullptr;
  for (Sibling& sibling : siblings) {
    const CellHeader header = read_header(in);
    sibling.field = header.field;
    sibling.element = in.svarint();
    sibling.dot.device = get_device(in);
    sibling.dot.seq = in.varint();
    sibling.life = get_u32(in, kLifeMax);
    sibling.hlc = in.varint();
    get_value(header.type, in, sibling.value);
    if (header.mark || sibling.life == 0 || (before != nullptr && !in_order(*before, sibling))) {
      return in.fail();
    }
    before = &sibling;
  }
}

void encode_clock(const RowClock& clock, ByteWriter& out) {
  BANYAN_CHECK(clock.base.life == 1);
  out.varint(clock.life.life);
  out.u64(clock.base.hlc);
  out.varint(number(clock.base.device));
  out.varint(clock.base_seq);
  if (clock.life.life > 1) {
    put_place(clock.life, clock.life_seq, clock.base.hlc, out);
  } else {
    BANYAN_CHECK(clock.life == clock.base && clock.life_seq == clock.base_seq);
  }
  out.varint(clock.cells.size());
  for (const CellClock& cell : clock.cells) {
    const bool other_life = cell.stamp.life != 1;
    out.varint(static_cast<std::uint64_t>(cell.field) << 1 | (other_life ? 1 : 0));
    if (other_life) out.varint(cell.stamp.life);
    put_place(cell.stamp, cell.seq, clock.base.hlc, out);
  }
}

Result<RowClock> decode_clock(ByteView in) {
  ByteReader reader(in);
  RowClock clock = get_clock(reader);
  TRY(reader.finish("row clock"));
  return clock;
}

void encode_cells(std::span<const CellValue> cells, ByteWriter& out) {
  out.varint(cells.size());
  for (const CellValue& cell : cells) {
    out.varint(wire::CellHeader{cell.field, false, wire::type_of(cell.value)}.packed());
    wire::put_value(cell.value, out);
  }
}

Result<std::vector<CellValue>> decode_cells(ByteView in) {
  ByteReader reader(in);
  std::vector<CellValue> cells;
  get_cells(reader, cells);
  TRY(reader.finish("cells"));
  return cells;
}

void encode_row(const Row& row, ByteWriter& out) {
  out.u8(kRowVersion);
  out.u8(row.exists ? 1 : 0);
  out.varint(row.entity);
  out.u64(static_cast<std::uint64_t>(number(row.id)));
  out.u64(static_cast<std::uint64_t>(number(row.aggregate)));
  if (!row.exists) return;
  encode_clock(row.clock, out);
  encode_cells(row.cells, out);
  out.varint(row.siblings.size());
  for (const Sibling& sibling : row.siblings) wire::put_sibling(sibling, out);
}

Result<Row> decode_row(ByteView in) {
  if (in.size() > kRowSizeMax) {
    return fail(ErrorCode::TooLarge, "row: " + std::to_string(in.size()) + " bytes");
  }
  ByteReader reader(in);
  if (reader.u8() != kRowVersion) return fail(ErrorCode::Newer, "row: format version");
  const std::uint8_t exists = reader.u8();
  if (exists > 1) reader.fail();
  Row row;
  row.exists = exists == 1;
  row.entity = wire::get_u32(reader, kEntityMax);
  row.id = RowId{static_cast<std::int64_t>(reader.u64())};
  row.aggregate = RowId{static_cast<std::int64_t>(reader.u64())};
  if (row.exists) {
    row.clock = get_clock(reader);
    get_cells(reader, row.cells);
    wire::get_siblings(reader, row.siblings);
  }
  TRY(reader.finish("row"));
  return row;
}

void encode_value(const Value& value, ByteWriter& out) {
  out.u8(static_cast<std::uint8_t>(wire::type_of(value)));
  wire::put_value(value, out);
}

Result<Value> decode_value(ByteView in) {
  ByteReader reader(in);
  const std::uint8_t type = reader.u8();
  if (type > 3) reader.fail();
  Value value;
  wire::get_value(static_cast<wire::Type>(type & 3), reader, value);
  TRY(reader.finish("value"));
  return value;
}

std::uint32_t digest_of(const Value& value) {
  ByteWriter bytes;
  encode_value(value, bytes);
  const Hash256 hash = hash256(bytes.view());
  return ByteReader(hash.view()).u32();
}

}  // namespace banyan
