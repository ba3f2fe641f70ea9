#include "shared/changelog/bundle_body.h"

#include <string>

#include "shared/changelog/columns.h"
#include "shared/changelog/commit_codec.h"

namespace banyan::wire {
namespace {

constexpr unsigned kRowIsRoot = 8;  // the row is the aggregate's root: no id is sent
constexpr std::uint64_t kNewContext = 0;

// What changes seldom from commit to commit.
struct Context {
  std::uint32_t schema = 0;
  std::uint32_t epoch = 0;
  std::uint64_t seen = 0;
  std::uint64_t user = 0;
};

// Goes over the commits once for each part of the body, in the order in which
// the reader will: both meet shapes and sessions in that order.
class BundlePacker {
 public:
  explicit BundlePacker(std::span<const Commit> commits) : commits_(commits) {}
  Bytes run(std::vector<std::size_t>& cuts);

 private:
  void add_context(const Commit& commit);
  void add_row(const RowWrite& row, RowId aggregate, bool more);
  void add_ids();
  void add_cells();

  std::span<const Commit> commits_;
  Sessions sessions_;
  Columns columns_{sessions_};
  Shapes shapes_{columns_};
  Shape shape_;
  IdPacker users_{sessions_};
  ByteWriter times_, contexts_, rows_, aggregates_, ids_, digests_;
  Context context_;
  std::vector<std::uint32_t> numbers_;  // the shape of each row
};

Bytes BundlePacker::run(std::vector<std::size_t>& cuts) {
  std::uint64_t hlc = 0;
  for (const Commit& commit : commits_) {
    put_hlc(commit.hlc, hlc, times_);
    hlc = commit.hlc;
    add_context(commit);
    if (commit.rows.empty()) shapes_.put(Shape{}, false, rows_);
    for (const RowWrite& row : commit.rows) {
      add_row(row, commit.aggregate, &row != &commit.rows.back());
    }
  }
  add_ids();
  add_cells();
  ByteWriter out;
  for (const ByteWriter* part : {&times_, &contexts_, &rows_, &aggregates_, &ids_, &digests_}) {
    out.raw(part->view());
    cuts.push_back(out.size());
  }
  columns_.write(out, cuts);
  return out.take();
}

void BundlePacker::add_context(const Commit& commit) {
  const bool same = commit.schema == context_.schema && commit.epoch == context_.epoch &&
                    commit.user == context_.user && commit.seen >= context_.seen &&
                    commit.seen - context_.seen < ~0ULL;
  if (same) {
    contexts_.varint(commit.seen - context_.seen + 1);
  } else {
    contexts_.varint(kNewContext);
    contexts_.varint(commit.schema);
    contexts_.varint(commit.epoch);
    contexts_.varint(commit.seen);
    users_.put(commit.user, contexts_);
  }
  context_ = {commit.schema, commit.epoch, commit.seen, commit.user};
}

void BundlePacker::add_row(const RowWrite& row, RowId aggregate, bool more) {
  const bool root = row.row == aggregate;
  shape_.entity = row.entity;
  shape_.bits = static_cast<std::uint8_t>(static_cast<unsigned>(row.op) | (root ? kRowIsRoot : 0));
  shape_.life = row.life;
  shape_.cells.clear();
  for (const CellWrite& cell : row.cells) {
    shape_.cells.push_back({cell.field, cell.replaced.has_value(), type_of(cell.value), 0});
    if (cell.replaced) digests_.u32(*cell.replaced);
  }
  numbers_.push_back(shapes_.put(shape_, more, rows_));
}

void BundlePacker::add_ids() {
  IdPacker aggregates(sessions_);
  IdPacker rows(sessions_);
  for (const Commit& commit : commits_) aggregates.put(raw_id(commit.aggregate), aggregates_);
  for (const Commit& commit : commits_) {
    for (const RowWrite& row : commit.rows) {
      if (row.row != commit.aggregate) rows.put(raw_id(row.row), ids_);
    }
  }
}

void BundlePacker::add_cells() {
  std::size_t next = 0;
  for (const Commit& commit : commits_) {
    for (const RowWrite& row : commit.rows) {
      const Shape& shape = shapes_[numbers_[next++]];
      for (std::size_t i = 0; i < row.cells.size(); ++i) {
        columns_.put(shape.cells[i], row.cells[i].value);
      }
    }
  }
}

class BundleUnpacker {
 public:
  explicit BundleUnpacker(ByteView in) : in_(in) {}
  Status run(std::span<Commit> commits);

 private:
  void read_contexts(std::span<Commit> commits);
  bool read_rows(Commit& commit);
  void read_ids(std::span<Commit> commits);
  Status read_cells(std::span<Commit> commits);

  ByteReader in_;
  Sessions sessions_;
  Columns columns_{sessions_};
  Shapes shapes_{columns_};
  std::vector<std::uint32_t> numbers_;
  std::size_t cells_ = 0;
};

Status BundleUnpacker::run(std::span<Commit> commits) {
  std::uint64_t hlc = 0;
  for (Commit& commit : commits) commit.hlc = hlc = get_hlc(hlc, in_);
  read_contexts(commits);
  for (Commit& commit : commits) {
    if (!read_rows(commit)) return fail(ErrorCode::Corrupt, "bundle: damaged or oversized rows");
  }
  read_ids(commits);
  columns_.read(in_);
  if (!in_.ok() || !in_.done()) {
    return fail(ErrorCode::Corrupt, "bundle: ends early, or has bytes left over");
  }
  return read_cells(commits);
}

void BundleUnpacker::read_contexts(std::span<Commit> commits) {
  IdPacker users(sessions_);
  Context context;
  for (Commit& commit : commits) {
    const std::uint64_t code = in_.varint();
    if (code == kNewContext) {
      context.schema = get_u32(in_);
      context.epoch = get_u32(in_);
      context.seen = in_.varint();
      context.user = users.get(in_);
    } else {
      context.seen += code - 1;
    }
    commit.schema = context.schema;
    commit.epoch = context.epoch;
    commit.seen = context.seen;
    commit.user = context.user;
  }
}

bool BundleUnpacker::read_rows(Commit& commit) {
  commit.rows.clear();
  for (bool more = true; more;) {
    const std::uint32_t number = shapes_.get(in_, more);
    if (!in_.ok()) return false;
    const Shape& shape = shapes_[number];
    if (shape.entity == 0) return !more && commit.rows.empty();  // a commit without rows
    if (!shape.cells.empty() && shape.cells.front().field == kFoldedField) return false;
    cells_ += shape.cells.size();
    if (numbers_.size() == kBundleRowsMax || cells_ > kBundleCellsMax) return false;
    numbers_.push_back(number);
    RowWrite& row = commit.rows.emplace_back();
    row.entity = shape.entity;
    row.op = static_cast<Op>(shape.bits & 7);
    row.life = shape.life;
    row.cells.resize(shape.cells.size());
  }
  return true;
}

void BundleUnpacker::read_ids(std::span<Commit> commits) {
  IdPacker aggregates(sessions_);
  IdPacker rows(sessions_);
  for (Commit& commit : commits) {
    commit.aggregate = RowId{static_cast<std::int64_t>(aggregates.get(in_))};
  }
  std::size_t next = 0;
  for (Commit& commit : commits) {
    for (RowWrite& row : commit.rows) {
      const bool root = (shapes_[numbers_[next++]].bits & kRowIsRoot) != 0;
      row.row = root ? commit.aggregate : RowId{static_cast<std::int64_t>(rows.get(in_))};
    }
  }
  next = 0;
  for (Commit& commit : commits) {
    for (RowWrite& row : commit.rows) {
      const Shape& shape = shapes_[numbers_[next++]];
      for (std::size_t i = 0; i < shape.cells.size(); ++i) {
        if (shape.cells[i].mark) row.cells[i].replaced = in_.u32();
      }
    }
  }
}

Status BundleUnpacker::read_cells(std::span<Commit> commits) {
  std::size_t next = 0;
  for (Commit& commit : commits) {
    for (RowWrite& row : commit.rows) {
      const Shape& shape = shapes_[numbers_[next++]];
      for (std::size_t i = 0; i < shape.cells.size(); ++i) {
        row.cells[i].field = shape.cells[i].field;
        columns_.get(shape.cells[i], row.cells[i].value);
      }
      const char* fault = fault_of(row);
      if (fault != nullptr) return fail(ErrorCode::Corrupt, std::string("bundle: ") + fault);
    }
  }
  if (columns_.done()) return {};
  return fail(ErrorCode::Corrupt, "bundle: a column does not fit its rows");
}

}  // namespace

Bytes pack_commits(std::span<const Commit> commits, std::vector<std::size_t>& cuts) {
  return BundlePacker(commits).run(cuts);
}

Status unpack_commits(ByteView in, std::span<Commit> commits) {
  return BundleUnpacker(in).run(commits);
}

}  // namespace banyan::wire
