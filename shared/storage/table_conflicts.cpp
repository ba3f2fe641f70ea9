#include "shared/storage/tables.h"

namespace banyan {
namespace {

// The cells, and paragraphs of texts, that hold more than one value. What cannot be one of them
// has a negative element (stored_element): most paragraphs stand alone.
constexpr const char* kInConflict =
    "SELECT tbl,row,col,el FROM sib WHERE val IS NOT NULL AND el>=0"
    " GROUP BY tbl,row,col,el HAVING count(DISTINCT val)>1";

}  // namespace

Result<std::int64_t> Tables::conflict_count() {
  return db_.query_int("SELECT count(*) FROM (" + std::string(kInConflict) + ")");
}

Result<std::vector<ConflictCell>> Tables::conflicts(std::size_t count_max) {
  std::vector<ConflictCell> out;
  TRY_ASSIGN(Statement find, db_.statement(std::string(kInConflict) + " LIMIT ?1"));
  find.bind(1, static_cast<std::int64_t>(count_max));
  while (true) {
    TRY_ASSIGN(const bool more, find.step());
    if (!more) break;
    ConflictCell cell;
    cell.entity = static_cast<std::uint32_t>(find.integer(0));
    cell.row = find.row_id(1);
    cell.field = static_cast<std::uint32_t>(find.integer(2));
    cell.element = find.integer(3);
    out.push_back(std::move(cell));
  }
  for (ConflictCell& cell : out) {
    TRY_ASSIGN(const Row row, load(cell.entity, cell.row));
    cell.aggregate = row.aggregate;
    for (const Sibling& s : row.siblings) {
      if (s.field == cell.field && s.element == cell.element) cell.values.push_back(s);
    }
  }
  return out;
}

}  // namespace banyan
