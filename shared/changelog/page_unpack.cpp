#include <string>

#include "shared/changelog/columns.h"
#include "shared/changelog/page_body.h"
#include "shared/changelog/page_shape.h"

namespace banyan::wire {
namespace {

// Each part of the body is one pass over the rows.
class PageUnpacker {
 public:
  explicit PageUnpacker(ByteReader& in) : in_(in) {}
  Status run(Page& page);

 private:
  template <class Visit>
  void each_row(Page& page, Visit visit) {
    std::size_t next = 0;
    for (PageAggregate& aggregate : page.aggregates) {
      for (RowChange& change : aggregate.rows) visit(change, shapes_[numbers_[next++]]);
    }
  }
  void read_aggregates(Page& page);
  bool read_shapes(Page& page);
  void read_ids(Page& page);
  void read_bases(Page& page);
  void read_later(Page& page);
  void read_cells(Page& page);
  // Every base, or every other stamp, of the page, in the order of the packer.
  template <class Visit>
  void each_later(Page& page, Visit visit);
  void read_device(Stamp& stamp);

  ByteReader& in_;
  Sessions sessions_;
  Columns columns_{sessions_};
  Shapes shapes_{columns_};
  std::vector<std::uint32_t> numbers_;
  bool sound_ = true;
};

void PageUnpacker::read_aggregates(Page& page) {
  const std::uint64_t count = in_.varint();
  if (count > in_.left() / 2 || count > kPageRowsMax) return in_.fail();
  page.aggregates.resize(static_cast<std::size_t>(count));
  IdPacker ids(sessions_);
  std::uint64_t total = 0;
  for (PageAggregate& aggregate : page.aggregates) {
    const std::uint64_t packed = in_.varint();
    const std::uint64_t rows = packed >> 2;
    total += rows;
    aggregate.mode = static_cast<PageMode>(packed & 3);
    aggregate.id = RowId{static_cast<std::int64_t>(ids.get(in_))};
    const bool empty = aggregate.mode != PageMode::Drop || rows == 0;
    if (!empty || rows > kPageRowsMax || total > kPageRowsMax || total > in_.left()) {
      return in_.fail();
    }
    aggregate.rows.resize(static_cast<std::size_t>(rows));
  }
}

bool PageUnpacker::read_shapes(Page& page) {
  std::size_t cells = 0;
  for (PageAggregate& aggregate : page.aggregates) {
    for (RowChange& change : aggregate.rows) {
      bool flag = false;
      const std::uint32_t number = shapes_.get(in_, flag);
      if (!in_.ok() || flag) return false;
      const Shape& shape = shapes_[number];
      cells += shape.cells.size();
      if (shape.entity == 0 || cells > kPageCellsMax || (shape.bits & ~7U) != 0) return false;
      numbers_.push_back(number);
      change.whole = (shape.bits & kWholeBit) != 0;
      change.row.exists = true;
      change.row.entity = shape.entity;
      change.row.aggregate = aggregate.id;
    }
  }
  return true;
}

void PageUnpacker::read_ids(Page& page) {
  IdPacker ids(sessions_);
  each_row(page, [&](RowChange& change, const Shape& shape) {
    const bool root = (shape.bits & kRootBit) != 0;
    change.row.id = root ? change.row.aggregate : RowId{static_cast<std::int64_t>(ids.get(in_))};
  });
}

void PageUnpacker::read_device(Stamp& stamp) {
  const std::uint32_t packed = get_u32(in_, kDeviceIdMax << 1 | 1);
  stamp.device = DeviceId{packed >> 1};
  stamp.life = (packed & 1) != 0 ? get_u32(in_, kLifeMax) : 1;
  if (stamp.life == 0) in_.fail();
}

void PageUnpacker::read_bases(Page& page) {
  const auto each_base = [&](auto visit) {
    each_row(page, [&](RowChange& change, const Shape&) {
      if (change.whole) visit(change.row.clock);
    });
  };
  std::uint64_t hlc = 0;
  each_base([&](RowClock& clock) { clock.base.hlc = hlc = get_hlc(hlc, in_); });
  each_base([&](RowClock& clock) {
    read_device(clock.base);
    sound_ &= clock.base.life == 1;
  });
  std::uint64_t seq = 0;
  each_base([&](RowClock& clock) {
    clock.base_seq = seq += static_cast<std::uint64_t>(in_.svarint());
    clock.life = clock.base;
    clock.life_seq = clock.base_seq;
  });
}

template <class Visit>
void PageUnpacker::each_later(Page& page, Visit visit) {
  each_row(page, [&](RowChange& change, const Shape& shape) {
    RowClock& clock = change.row.clock;
    if (shape.life != 1) visit(clock.life, clock.life_seq);
    for (CellClock& cell : clock.cells) visit(cell.stamp, cell.seq);
  });
}

void PageUnpacker::read_later(Page& page) {
  each_row(page, [&](RowChange& change, const Shape& shape) {
    std::int64_t before = -1;
    for (const ShapeCell& cell : shape.cells) {
      sound_ &= cell.field > before;
      before = cell.field;
      // What was folded stands in whole rows, and has no value.
      const bool plain = cell.mark && cell.type == Type::Null && change.whole;
      sound_ &= cell.field != kFoldedField || plain;
      // Neither a value nor a clock says nothing; a part says only what changed.
      sound_ &= cell.mark || (cell.type != Type::Null && change.whole);
      if (cell.mark) change.row.clock.cells.push_back({cell.field, {}, 0});
    }
  });
  std::uint64_t hlc = 0;
  each_later(page, [&](Stamp& stamp, std::uint64_t&) { stamp.hlc = hlc = get_hlc(hlc, in_); });
  each_later(page, [&](Stamp& stamp, std::uint64_t&) { read_device(stamp); });
  std::uint64_t last = 0;
  each_later(page, [&](Stamp&, std::uint64_t& seq) {
    seq = last += static_cast<std::uint64_t>(in_.svarint());
  });
  each_row(page, [&](RowChange& change, const Shape& shape) {
    RowClock& clock = change.row.clock;
    if (shape.life != 1) {
      sound_ &= clock.life.life == 1 && clock.life_seq != 0;
      clock.life.life = shape.life;
    }
    for (const CellClock& cell : clock.cells) {
      const bool needless = cell.stamp == clock.base && cell.seq == clock.base_seq;
      sound_ &= !change.whole || !needless || clock.folded();
    }
    if ((shape.bits & kSiblingsBit) != 0) {
      get_siblings(in_, change.row.siblings);
      sound_ &= !change.row.siblings.empty();
      for (const Sibling& sibling : change.row.siblings) {
        sound_ &= change.whole || clock.own(sibling.field) != nullptr;
      }
    }
  });
}

void PageUnpacker::read_cells(Page& page) {
  columns_.read(in_);
  each_row(page, [&](RowChange& change, const Shape& shape) {
    change.row.cells.reserve(shape.cells.size());
    for (const ShapeCell& cell : shape.cells) {
      if (cell.type == Type::Null) continue;
      CellValue& to = change.row.cells.emplace_back();
      to.field = cell.field;
      columns_.get(cell, to.value);
    }
  });
}

Status PageUnpacker::run(Page& page) {
  read_aggregates(page);
  if (!in_.ok() || !read_shapes(page)) {
    return fail(ErrorCode::Corrupt, "page: damaged or oversized rows");
  }
  read_ids(page);
  read_bases(page);
  read_later(page);
  if (in_.ok()) read_cells(page);
  if (sound_ && in_.ok() && in_.done() && columns_.done()) return {};
  return fail(ErrorCode::Corrupt, "page: ends early, has bytes left over, or a row is not sound");
}

void get_outcomes(ByteReader& in, std::vector<OutcomeRecord>& outcomes) {
  constexpr std::size_t kSizeMin = 5;
  const std::uint64_t count = in.varint();
  if (count > in.left() / kSizeMin) return in.fail();
  outcomes.resize(static_cast<std::size_t>(count));
  std::uint64_t last = 0;
  for (OutcomeRecord& outcome : outcomes) {
    outcome.dseq = last += static_cast<std::uint64_t>(in.svarint());
    outcome.op = get_u32(in);
    outcome.field = get_u32(in);
    outcome.outcome = static_cast<Outcome>(in.u8());
    outcome.info = in.text(kOutcomeInfoMax);
  }
}

}  // namespace

Status unpack_page(ByteView in, Page& page) {
  ByteReader reader(in);
  page.resume = get_place(reader);
  get_outcomes(reader, page.outcomes);
  return PageUnpacker(reader).run(page);
}

}  // namespace banyan::wire
