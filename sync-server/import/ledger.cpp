#include "sync-server/import/ledger.h"

#include <algorithm>

namespace banyan {
namespace {

class Fnv {  // FNV-1a, 64 bits
 public:
  void add(std::uint64_t v) {
    for (int i = 0; i < 8; ++i, v >>= 8) byte(v & 0xFF);
  }
  void add(std::string_view text) {
    add(text.size());
    for (const char c : text) byte(static_cast<unsigned char>(c));
  }
  void add(const CellWrite& cell) {
    add(cell.field);
    add(cell.value.index());
    if (const auto* text = std::get_if<std::string>(&cell.value)) {
      add(std::string_view(*text));
    } else {
      add(static_cast<std::uint64_t>(int_of(cell.value)));
    }
  }
  std::uint64_t value() const { return hash_; }

 private:
  void byte(std::uint64_t b) { hash_ = (hash_ ^ b) * 0x100000001B3ULL; }
  std::uint64_t hash_ = 0xCBF29CE484222325ULL;
};

void append(std::string& out, std::uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i, value >>= 8) out.push_back(static_cast<char>(value & 0xFF));
}

constexpr std::size_t kCellDigest = 4;

std::string cell_digest(const CellWrite& cell) {
  Fnv hash;
  hash.add(cell);
  std::string out;
  append(out, hash.value() ^ (hash.value() >> 32), kCellDigest);
  return out;
}

// Whether `digest`, made of cells, holds this one.
bool holds(std::string_view digest, std::string_view one) {
  for (std::size_t at = 0; at + kCellDigest <= digest.size(); at += kCellDigest) {
    if (digest.substr(at, kCellDigest) == one) return true;
  }
  return false;
}

}  // namespace

std::string digest_of(const std::vector<CellWrite>& cells, bool fact) {
  std::string out;
  if (fact) {
    Fnv hash;
    for (const CellWrite& cell : cells) hash.add(cell);
    append(out, hash.value(), 8);
    return out;
  }
  for (const CellWrite& cell : cells) out += cell_digest(cell);
  return out;
}

Result<Ledger> Ledger::open(ImportTarget& target, std::string source, ImportReport& report) {
  Ledger ledger(target, std::move(source), report);
  TRY_ASSIGN(std::vector<ImportKey> keys, target.keys(ledger.source_));
  ledger.entries_.reserve(keys.size());
  for (ImportKey& key : keys) {
    ledger.entries_.emplace(std::move(key.key), Entry{key.row, std::move(key.digest)});
  }
  return ledger;
}

RowId Ledger::row_of(const std::string& key) {
  Entry& entry = entries_[key];
  if (entry.row == kNoRow) {
    entry.row = target_->mint();
    minted_.push_back(key);
  }
  return entry.row;
}

void Ledger::note(const std::string& key, Entry& entry, std::string digest) {
  entry.digest = std::move(digest);
  unwritten_.push_back({key, entry.row, entry.digest});
}

Status Ledger::put(const std::string& key, const Shape& shape, std::initializer_list<Value> values,
                   std::vector<RowWrite>& rows) {
  const RowId id = row_of(key);
  Entry& entry = entries_.find(key)->second;
  RowWrite write{shape.entity(), shape.fact() ? Op::Fact : Op::Insert, id, 1, shape.cells(values)};
  std::string digest = digest_of(write.cells, shape.fact());
  if (digest == entry.digest) {
    ++report_->rows_same;
    return {};
  }
  if (entry.digest.empty()) {
    ++report_->rows_new;
    std::erase_if(write.cells, [](const CellWrite& cell) { return is_null(cell.value); });
  } else if (shape.fact()) {
    return fail(ErrorCode::Refused, key + " was delivered differently before");
  } else {
    ++report_->rows_changed;
    write.op = Op::Update;
    std::erase_if(write.cells,
                  [&](const CellWrite& cell) { return holds(entry.digest, cell_digest(cell)); });
  }
  note(key, entry, std::move(digest));
  const bool only_digest = write.op == Op::Update && write.cells.empty();
  if (!only_digest) rows.push_back(std::move(write));
  return {};
}

Status Ledger::add(const std::string& key, const SetShape& shape, RowId row, Value element,
                   std::vector<RowWrite>& rows) {
  Entry& entry = entries_[key];
  entry.row = row;
  if (!entry.digest.empty()) {
    ++report_->rows_same;
    return {};
  }
  ++report_->rows_new;
  note(key, entry, "+");
  rows.push_back(shape.add(row, std::move(element)));
  return {};
}

Status Ledger::write(std::span<const Draft> drafts) {
  report_->commits += drafts.size();
  for (const std::string& key : minted_) {
    const Entry& entry = entries_.find(key)->second;
    if (entry.digest.empty()) unwritten_.push_back({key, entry.row, ""});
  }
  minted_.clear();
  if (!report_->dry_run) TRY(target_->write(source_, drafts, unwritten_));
  unwritten_.clear();
  return {};
}

}  // namespace banyan
