#include <string>

#include "shared/changelog/columns.h"
#include "shared/changelog/page_body.h"
#include "shared/changelog/page_shape.h"

namespace banyan::wire {
namespace {

std::int64_t seq_step(std::uint64_t last, std::uint64_t v) {
  return static_cast<std::int64_t>(v - last);
}

class PagePacker {
 public:
  Status add(const PageAggregate& aggregate);
  Status name(const PageAggregate& aggregate);
  void add_cells(const PageAggregate& aggregate);
  void finish(ByteWriter& out, std::vector<std::size_t>& cuts);

 private:
  Status add_row(const RowChange& change, RowId aggregate);
  Status shape_cells(const RowChange& change);
  void add_clock(const RowChange& change);
  void add_stamp(StampParts<ByteWriter>& to, const Stamp& stamp, std::uint64_t seq);

  Sessions sessions_;
  Columns columns_{sessions_};
  Shapes shapes_{columns_};
  Shape shape_;
  IdPacker aggregate_ids_{sessions_}, row_ids_{sessions_};
  ByteWriter aggregates_, rows_, ids_, siblings_;
  StampParts<ByteWriter> base_, later_;
  std::vector<std::uint32_t> numbers_;  // the shape of each row
  std::size_t next_ = 0;
  std::size_t cells_ = 0;
};

Status PagePacker::name(const PageAggregate& aggregate) {
  aggregates_.varint(aggregate.rows.size() << 2 | static_cast<unsigned>(aggregate.mode));
  aggregate_ids_.put(raw_id(aggregate.id), aggregates_);
  if (aggregate.mode != PageMode::Drop || aggregate.rows.empty()) return {};
  return fail(ErrorCode::Invalid, "page: a dropped aggregate has rows");
}

Status PagePacker::add(const PageAggregate& aggregate) {
  for (const RowChange& change : aggregate.rows) TRY(add_row(change, aggregate.id));
  if (numbers_.size() > kPageRowsMax || cells_ > kPageCellsMax) {
    return fail(ErrorCode::TooLarge, "page: " + std::to_string(numbers_.size()) + " rows, " +
                                         std::to_string(cells_) + " cells");
  }
  return {};
}

Status PagePacker::add_row(const RowChange& change, RowId aggregate) {
  const Row& row = change.row;
  const bool root = row.id == aggregate;
  const bool life_told = change.whole ? row.clock.life.life != 1 : row.clock.life_seq != 0;
  shape_.entity = row.entity;
  shape_.bits = static_cast<std::uint8_t>((change.whole ? kWholeBit : 0) | (root ? kRootBit : 0) |
                                          (row.siblings.empty() ? 0 : kSiblingsBit));
  shape_.life = life_told ? row.clock.life.life : 1;
  const bool plain_life =
      row.clock.life == row.clock.base && row.clock.life_seq == row.clock.base_seq;
  if (!row.exists || row.aggregate != aggregate || row.entity == 0 || row.entity > kEntityMax ||
      (life_told && shape_.life == 1) || (change.whole && !life_told && !plain_life)) {
    return fail(ErrorCode::Invalid, "page: row of entity " + std::to_string(row.entity));
  }
  TRY(shape_cells(change));
  cells_ += shape_.cells.size();
  numbers_.push_back(shapes_.put(shape_, false, rows_));
  if (!root) row_ids_.put(raw_id(row.id), ids_);
  add_clock(change);
  if (!row.siblings.empty()) {
    siblings_.varint(row.siblings.size());
    for (const Sibling& sibling : row.siblings) put_sibling(sibling, siblings_);
  }
  return {};
}

// One cell for each field that has a value, a clock entry (the mark) or both.
Status PagePacker::shape_cells(const RowChange& change) {
  const auto& values = change.row.cells;
  const auto& clocks = change.row.clock.cells;
  shape_.cells.clear();
  auto clock = clocks.begin();
  for (const CellValue& cell : values) {
    for (; clock != clocks.end() && clock->field < cell.field; ++clock) {
      shape_.cells.push_back({clock->field, true, Type::Null, 0});
    }
    const bool marked = clock != clocks.end() && clock->field == cell.field;
    if (marked) ++clock;
    if ((!marked && !change.whole) || !fits(cell.value) || is_null(cell.value)) {
      return fail(ErrorCode::Invalid, "page: field " + std::to_string(cell.field));
    }
    shape_.cells.push_back({cell.field, marked, type_of(cell.value), 0});
  }
  for (; clock != clocks.end(); ++clock) {
    shape_.cells.push_back({clock->field, true, Type::Null, 0});
  }
  return {};
}

void PagePacker::add_clock(const RowChange& change) {
  const RowClock& clock = change.row.clock;
  if (change.whole) add_stamp(base_, clock.base, clock.base_seq);
  if (shape_.life != 1) add_stamp(later_, {1, clock.life.hlc, clock.life.device}, clock.life_seq);
  for (const CellClock& cell : clock.cells) add_stamp(later_, cell.stamp, cell.seq);
}

void PagePacker::add_stamp(StampParts<ByteWriter>& to, const Stamp& stamp, std::uint64_t seq) {
  put_hlc(stamp.hlc, to.last_hlc, to.times);
  const bool other_life = stamp.life != 1;
  to.devices.varint(static_cast<std::uint64_t>(number(stamp.device)) << 1 | (other_life ? 1 : 0));
  if (other_life) to.devices.varint(stamp.life);
  to.seqs.svarint(seq_step(to.last_seq, seq));
  to.last_hlc = stamp.hlc;
  to.last_seq = seq;
}

void PagePacker::add_cells(const PageAggregate& aggregate) {
  for (const RowChange& change : aggregate.rows) {
    auto value = change.row.cells.begin();
    for (const ShapeCell& cell : shapes_[numbers_[next_++]].cells) {
      if (cell.type != Type::Null) columns_.put(cell, (value++)->value);
    }
  }
}

void PagePacker::finish(ByteWriter& out, std::vector<std::size_t>& cuts) {
  for (const ByteWriter* part :
       {&aggregates_, &rows_, &ids_, &base_.times, &base_.devices, &base_.seqs, &later_.times,
        &later_.devices, &later_.seqs, &siblings_}) {
    out.raw(part->view());
    cuts.push_back(out.size());
  }
  columns_.write(out, cuts);
}

Status put_outcomes(const std::vector<OutcomeRecord>& outcomes, ByteWriter& out) {
  out.varint(outcomes.size());
  std::uint64_t last = 0;
  for (const OutcomeRecord& outcome : outcomes) {
    if (outcome.info.size() > kOutcomeInfoMax) return fail(ErrorCode::TooLarge, "page: outcome");
    out.svarint(seq_step(last, outcome.dseq));
    out.varint(outcome.op);
    out.varint(outcome.field);
    out.u8(static_cast<std::uint8_t>(outcome.outcome));
    out.block(outcome.info);
    last = outcome.dseq;
  }
  return {};
}

}  // namespace

Result<Bytes> pack_page(const Page& page, std::vector<std::size_t>& cuts) {
  ByteWriter out;
  put_place(page.resume, out);
  TRY(put_outcomes(page.outcomes, out));
  if (page.aggregates.size() > kPageRowsMax) return fail(ErrorCode::TooLarge, "page: aggregates");
  cuts.push_back(out.size());
  PagePacker packer;
  out.varint(page.aggregates.size());
  // One part after the other, so that sessions are met in the order of the reader.
  for (const PageAggregate& aggregate : page.aggregates) TRY(packer.name(aggregate));
  for (const PageAggregate& aggregate : page.aggregates) TRY(packer.add(aggregate));
  for (const PageAggregate& aggregate : page.aggregates) packer.add_cells(aggregate);
  packer.finish(out, cuts);
  return out.take();
}

}  // namespace banyan::wire
