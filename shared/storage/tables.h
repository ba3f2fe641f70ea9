// The typed tables: one per entity, made from the catalogue, holding the rows
// as plain columns so that everything above reads them with plain SQL.
//
//   CREATE TABLE <entity>(id INTEGER PRIMARY KEY, <field> ..., _agg, _dead, _m, _x [, _seq])
//
// Sets have no column: an element is in a set while table `sib` has a line for
// it. Cells of fields that this catalogue does not know live in _x, rows of
// unknown entities in table `other`; both move into columns by themselves when
// a newer catalogue knows them (migrate()).
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "shared/catalogue/catalogue.h"
#include "shared/changelog/row.h"
#include "shared/storage/conflict_cell.h"
#include "shared/storage/database.h"

namespace banyan {

class Tables {
 public:
  enum class Side { Device, Server };  // the server's rows carry _seq

  // `db` and `catalogue` must outlive this object.
  Tables(Database& db, const Catalogue& catalogue, Side side);
  ~Tables();
  Tables(const Tables&) = delete;
  Tables& operator=(const Tables&) = delete;

  // Creates what is missing, adds columns for new fields, moves parked cells and
  // rows into them. Call inside a transaction.
  Status migrate();

  // `row.exists` is false when there is none.
  Result<Row> load(std::uint32_t entity, RowId id);

  // Writes the row and its siblings. `seq`: Side::Server only. `before` is the
  // row as loaded (exists == false: not stored yet), so that only what changed is written.
  Status save(const Row& row, const Row& before, std::uint64_t seq = 0);
  Status erase(std::uint32_t entity, RowId id);

  // Ids of the rows of an aggregate in one entity's table, with _seq > after.
  Result<std::vector<RowId>> rows_of(std::uint32_t entity, RowId aggregate,
                                     std::uint64_t after = 0);
  // Numbers of the entities whose rows may lie in an aggregate of `root`.
  const std::vector<std::uint32_t>& entities_under(std::uint32_t root) const;
  // Every (entity, row) of an aggregate, whatever its root.
  Result<std::vector<std::pair<std::uint32_t, RowId>>> all_of(RowId aggregate);

  Result<std::vector<ConflictCell>> conflicts(std::size_t count_max);
  Result<std::int64_t> conflict_count();

  // Rows of one entity's table with id > after, by id, and their sequences. Side::Server only.
  struct Place {
    RowId row{};
    std::uint64_t seq = 0;
  };
  Result<std::vector<Place>> rows_after(std::uint32_t entity, RowId after, std::size_t count_max);
  // Every aggregate of which a row is stored, by id.
  Result<std::vector<RowId>> aggregates();

  const Catalogue& catalogue() const { return catalogue_; }

 private:
  struct Table;
  std::unique_ptr<Table> describe(const Entity& entity) const;
  Table* table(std::uint32_t entity);
  Status migrate(const Table& table);
  Status create(const Table& table);
  Status promote_cells(const Table& table);
  Status promote_rows(const Table& table);
  Status load_siblings(Row& row);
  Status save_siblings(const Row& row, const Row& before);
  Result<Row> load_other(std::uint32_t entity, RowId id);
  Status save_other(const Row& row, std::uint64_t seq);

  Database& db_;
  const Catalogue& catalogue_;
  Side side_;
  std::map<std::uint32_t, std::unique_ptr<Table>> tables_;
  std::map<std::uint32_t, std::vector<std::uint32_t>> under_;
};

// Column names that no field may take, as SQL text for a field's column.
std::string sql_name(std::string_view name);

}  // namespace banyan
