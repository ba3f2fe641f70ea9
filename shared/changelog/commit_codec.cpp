#include "shared/changelog/commit_codec.h"

#include <string>

#include "shared/changelog/codec.h"
#include "shared/changelog/wire.h"

namespace banyan {
namespace {

// The fewest bytes of a row and of a cell: bounds what a count can claim.
constexpr std::size_t kRowSizeMin = 10;
constexpr std::size_t kCellSizeMin = 1;

void put_row(const RowWrite& row, ByteWriter& out) {
  const bool other_life = row.life != 1;
  out.varint(static_cast<std::uint64_t>(row.entity) << 4 | static_cast<unsigned>(row.op) << 1 |
             (other_life ? 1 : 0));
  out.u64(static_cast<std::uint64_t>(number(row.row)));
  if (other_life) out.varint(row.life);
  out.varint(row.cells.size());
  for (const CellWrite& cell : row.cells) {
    const bool digest = cell.replaced.has_value();
    out.varint(wire::CellHeader{cell.field, digest, wire::type_of(cell.value)}.packed());
    if (digest) out.u32(*cell.replaced);
    wire::put_value(cell.value, out);
  }
}

void get_row(ByteReader& in, RowWrite& row) {
  const std::uint32_t head = wire::get_u32(in, kEntityMax << 4 | 15);
  row.entity = head >> 4;
  row.op = static_cast<Op>(head >> 1 & 7);
  row.row = RowId{static_cast<std::int64_t>(in.u64())};
  row.life = (head & 1) != 0 ? wire::get_u32(in, kLifeMax) : 1;
  if ((head & 1) != 0 && row.life == 1) in.fail();
  const std::uint64_t count = in.varint();
  if (count > in.left() / kCellSizeMin) return in.fail();
  row.cells.resize(static_cast<std::size_t>(count));
  for (CellWrite& cell : row.cells) {
    const wire::CellHeader header = wire::read_header(in);
    cell.field = header.field;
    cell.replaced.reset();
    if (header.mark) cell.replaced = in.u32();
    wire::get_value(header.type, in, cell.value);
  }
}

Status check_row(const RowWrite& row) {
  const char* fault = wire::fault_of(row);
  if (fault == nullptr) return {};
  return fail(ErrorCode::Invalid, "entity " + std::to_string(row.entity) + ": " + fault);
}

}  // namespace

const char* wire::fault_of(const RowWrite& row) {
  if (row.entity == 0 || row.entity > kEntityMax) return "entity number out of range";
  if (row.life == 0 || row.life > kLifeMax) return "life out of range";
  const bool element = row.op == Op::Add || row.op == Op::Remove;
  const CellWrite* before = nullptr;
  for (const CellWrite& cell : row.cells) {
    if (cell.field == 0 || cell.field > kFieldMax) return "field number out of range";
    if (!fits(cell.value)) return "a cell is over the limit";
    if (before != nullptr && cell.field <= before->field) {
      const bool next_element =
          element && cell.field == before->field && cell.value > before->value;
      if (!next_element) return "cells out of order, or one twice";
    }
    before = &cell;
  }
  return nullptr;
}

Status check_commit(const Commit& commit) {
  if (commit.hlc >> 63 != 0) return fail(ErrorCode::Invalid, "commit: stamp out of range");
  for (const RowWrite& row : commit.rows) TRY(check_row(row));
  ByteWriter out;
  encode_commit(commit, out);
  if (out.size() <= kCommitSizeMax) return {};
  return fail(ErrorCode::TooLarge, "commit: " + std::to_string(out.size()) + " bytes");
}

void encode_commit(const Commit& commit, ByteWriter& out) {
  out.varint(commit.schema);
  out.u64(commit.hlc);
  out.varint(commit.epoch);
  out.varint(commit.seen);
  out.u64(commit.user);
  out.u64(static_cast<std::uint64_t>(number(commit.aggregate)));
  out.varint(commit.rows.size());
  for (const RowWrite& row : commit.rows) {
    BANYAN_CHECK(wire::fault_of(row) == nullptr);
    put_row(row, out);
  }
}

Status decode_commit(ByteView in, Commit& out) {
  if (in.size() > kCommitSizeMax) {
    return fail(ErrorCode::TooLarge, "commit: " + std::to_string(in.size()) + " bytes");
  }
  ByteReader reader(in);
  out.schema = wire::get_u32(reader);
  out.hlc = reader.u64();
  out.epoch = wire::get_u32(reader);
  out.seen = reader.varint();
  out.user = reader.u64();
  out.aggregate = RowId{static_cast<std::int64_t>(reader.u64())};
  const std::uint64_t count = reader.varint();
  if (count > reader.left() / kRowSizeMin || out.hlc >> 63 != 0) reader.fail();
  out.rows.resize(reader.ok() ? static_cast<std::size_t>(count) : 0);
  for (RowWrite& row : out.rows) {
    get_row(reader, row);
    if (!reader.ok()) break;
    const char* fault = wire::fault_of(row);
    if (fault != nullptr) return fail(ErrorCode::Corrupt, std::string("commit: ") + fault);
  }
  return reader.finish("commit");
}

Result<Commit> decode_commit(ByteView in) {
  Commit out;
  TRY(decode_commit(in, out));
  return out;
}

}  // namespace banyan
