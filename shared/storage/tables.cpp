#include "shared/storage/tables.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "shared/base/laws.h"
#include "shared/changelog/codec.h"

namespace banyan {
namespace {

constexpr const char* kSiblingTable =
    "CREATE TABLE IF NOT EXISTS sib(tbl INTEGER, row INTEGER, col INTEGER, el INTEGER, dev INTEGER,"
    " seq INTEGER, life INTEGER NOT NULL, hlc INTEGER NOT NULL, val BLOB,"
    " PRIMARY KEY(tbl, row, col, el, dev, seq)) WITHOUT ROWID";
constexpr const char* kOtherTable =
    "CREATE TABLE IF NOT EXISTS other(tbl INTEGER, row INTEGER, agg INTEGER NOT NULL,"
    " seq INTEGER, img BLOB NOT NULL, PRIMARY KEY(tbl, row)) WITHOUT ROWID";

std::int64_t signed_of(std::uint64_t v) { return static_cast<std::int64_t>(v); }

bool is_text(FieldType type) {
  return type == FieldType::Text || type == FieldType::Phone || type == FieldType::IdNumber;
}
bool is_bytes(FieldType type) { return type == FieldType::Blob || type == FieldType::Hash; }

const char* sql_type(FieldType type) {
  if (is_text(type)) return "TEXT";
  return is_bytes(type) ? "BLOB" : "INTEGER";
}

// A paragraph that nothing else stands beside, and every place of one, is kept under ~element, so
// that looking for conflicts does not read all texts of the bank. `s` is one of `row`.
std::int64_t stored_element(const Row& row, const Sibling& s) {
  if (s.element <= 0 || is_null(s.value)) return s.element;  // of a cell or a set
  const bool place = (s.element & 1) != 0;
  const bool company = std::any_of(row.siblings.begin(), row.siblings.end(), [&](const auto& o) {
    return o.field == s.field && o.element == s.element && o.dot != s.dot;
  });
  return place || !company ? ~s.element : s.element;
}

// Sets live in `sib`, computed fields nowhere.
bool has_column(const Field& field) { return field.stored() && field.merge != Merge::Set; }

void bind_cell(Statement& statement, int at, const Field& field, const Value& value) {
  if (is_bytes(field.type) && std::holds_alternative<std::string>(value)) {
    statement.bind(at, as_bytes(text_of(value)));
  } else {
    statement.bind(at, value);
  }
}

}  // namespace

std::string sql_name(std::string_view name) { return "\"" + std::string(name) + "\""; }

// The statements of one entity's table.
struct Tables::Table {
  const Entity* entity = nullptr;
  std::vector<const Field*> columns;  // by field number
  bool has_siblings = false;          // guarded cells or sets
  std::string name, load, insert, update, erase, erase_siblings, ids, ids_after;
};

Tables::Tables(Database& db, const Catalogue& catalogue, Side side)
    : db_(db), catalogue_(catalogue), side_(side) {
  for (const Entity& entity : catalogue.entities()) {
    tables_[entity.no] = describe(entity);
    under_[catalogue.root_of(entity).no].push_back(entity.no);
  }
}

Tables::~Tables() = default;

std::unique_ptr<Tables::Table> Tables::describe(const Entity& entity) const {
  auto made = std::make_unique<Table>();
  Table& t = *made;
  t.entity = &entity;
  t.name = sql_name(entity.name);
  for (const Field& field : entity.fields) {
    if (has_column(field)) t.columns.push_back(&field);
    t.has_siblings |=
        field.merge == Merge::Set || field.merge == Merge::Guarded || field.merge == Merge::Text;
  }
  std::sort(t.columns.begin(), t.columns.end(),
            [](const Field* a, const Field* b) { return a->no < b->no; });
  const bool server = side_ == Side::Server;
  // Parameters: 1 id, 2 _agg, 3 _dead, 4 _m, 5 _x, [6 _seq,] then the fields.
  const int first = server ? 7 : 6;
  std::string columns = "_agg,_m,_x", names = "id,_agg,_dead,_m,_x", places = "?1,?2,?3,?4,?5";
  std::string sets = "_dead=?3,_m=?4,_x=?5";
  if (server) {
    names += ",_seq";
    places += ",?6";
    sets += ",_seq=?6";
  }
  for (std::size_t i = 0; i < t.columns.size(); ++i) {
    const std::string column = sql_name(t.columns[i]->name);
    const std::string place = "?" + std::to_string(first + static_cast<int>(i));
    columns += "," + column;
    names += "," + column;
    places += "," + place;
    sets += "," + column + "=" + place;
  }
  t.load = "SELECT " + columns + " FROM " + t.name + " WHERE id=?1";
  t.insert = "INSERT INTO " + t.name + "(" + names + ") VALUES(" + places + ")";
  t.update = "UPDATE " + t.name + " SET " + sets + " WHERE id=?1";
  t.erase = "DELETE FROM " + t.name + " WHERE id=?1";
  const std::string mine = entity.root() ? "id=?1" : "_agg=?1";
  t.ids = "SELECT id FROM " + t.name + " WHERE " + mine;
  t.ids_after = t.ids + " AND _seq>?2 ORDER BY id";
  t.ids += " ORDER BY id";
  return made;
}

Tables::Table* Tables::table(std::uint32_t entity) {
  const auto found = tables_.find(entity);
  return found == tables_.end() ? nullptr : found->second.get();
}

const std::vector<std::uint32_t>& Tables::entities_under(std::uint32_t root) const {
  static const std::vector<std::uint32_t> kNone;
  const auto found = under_.find(root);
  return found == under_.end() ? kNone : found->second;
}

// ---- schema

Status Tables::migrate() {
  TRY(db_.exec(kSiblingTable));
  // Conflicts are counted after every change: sets, whose elements have no value, stay out.
  TRY(db_.exec("DROP INDEX IF EXISTS sib_values"));  // of before there were texts
  TRY(
      db_.exec("CREATE INDEX IF NOT EXISTS sib_beside ON sib(tbl,row,col,el)"
               " WHERE val IS NOT NULL AND el>=0"));
  TRY(db_.exec(kOtherTable));
  TRY(db_.exec("CREATE INDEX IF NOT EXISTS other_agg ON other(agg)"));
  for (const auto& [no, t] : tables_) TRY(migrate(*t));
  // Fields that this catalogue does not know may have siblings too.
  // The key begins with tbl: one seek for each of them, however many lines there are.
  TRY_ASSIGN(Statement find,
             db_.statement("WITH RECURSIVE t(tbl) AS (SELECT min(tbl) FROM sib UNION ALL"
                           " SELECT (SELECT min(tbl) FROM sib WHERE tbl>t.tbl) FROM t"
                           " WHERE t.tbl IS NOT NULL) SELECT tbl FROM t WHERE tbl IS NOT NULL"));
  while (true) {
    TRY_ASSIGN(const bool more, find.step());
    if (!more) return {};
    Table* t = table(static_cast<std::uint32_t>(find.integer(0)));
    if (t != nullptr) t->has_siblings = true;
  }
}

Status Tables::migrate(const Table& t) {
  std::set<std::string, std::less<>> there;
  {
    TRY_ASSIGN(Statement info, db_.statement("SELECT name FROM pragma_table_info(?1)"));
    info.bind(1, t.entity->name);
    while (true) {
      TRY_ASSIGN(const bool more, info.step());
      if (!more) break;
      there.emplace(info.text(0));
    }
  }
  if (there.empty()) {
    TRY(create(t));
    return promote_rows(t);
  }
  bool grown = false;
  for (const Field* field : t.columns) {
    if (there.contains(field->name)) continue;
    TRY(db_.exec("ALTER TABLE " + t.name + " ADD COLUMN " + sql_name(field->name) + " " +
                 sql_type(field->type)));
    grown = true;
  }
  return grown ? promote_cells(t) : Status{};
}

Status Tables::create(const Table& t) {
  std::string sql = "CREATE TABLE " + t.name +
                    "(id INTEGER PRIMARY KEY, _agg INTEGER NOT NULL, _dead INTEGER NOT NULL,"
                    " _m BLOB NOT NULL, _x BLOB";
  if (side_ == Side::Server) sql += ", _seq INTEGER NOT NULL";
  for (const Field* field : t.columns) {
    sql += ", " + sql_name(field->name) + " " + sql_type(field->type);
  }
  TRY(db_.exec(sql + ")"));
  if (t.entity->root()) return {};  // its id is its aggregate
  return db_.exec("CREATE INDEX " + sql_name(t.entity->name + "_of") + " ON " + t.name + "(_agg" +
                  (side_ == Side::Server ? ",_seq)" : ")"));
}

// Cells that came before this catalogue knew their field move into its column.
Status Tables::promote_cells(const Table& t) {
  std::vector<RowId> ids;
  {
    TRY_ASSIGN(Statement find, db_.statement("SELECT id FROM " + t.name + " WHERE _x IS NOT NULL"));
    while (true) {
      TRY_ASSIGN(const bool more, find.step());
      if (!more) break;
      ids.push_back(find.row_id(0));
    }
  }
  for (const RowId id : ids) {
    TRY_ASSIGN(const Row row, load(t.entity->no, id));
    std::uint64_t seq = 0;
    if (side_ == Side::Server) {
      TRY_ASSIGN(const std::int64_t old,
                 db_.query_int("SELECT _seq FROM " + t.name + " WHERE id=?1", id));
      seq = static_cast<std::uint64_t>(old);
    }
    TRY(save(row, row, seq));
  }
  return {};
}

Status Tables::promote_rows(const Table& t) {
  std::vector<Row> rows;
  std::vector<std::uint64_t> seqs;
  {
    TRY_ASSIGN(Statement find, db_.statement("SELECT img, seq FROM other WHERE tbl=?1"));
    find.bind(1, std::int64_t{t.entity->no});
    while (true) {
      TRY_ASSIGN(const bool more, find.step());
      if (!more) break;
      TRY_ASSIGN(Row row, decode_row(find.blob(0)));
      rows.push_back(std::move(row));
      seqs.push_back(static_cast<std::uint64_t>(find.integer(1)));
    }
  }
  for (std::size_t i = 0; i < rows.size(); ++i) TRY(save(rows[i], Row{}, seqs[i]));
  return db_.run("DELETE FROM other WHERE tbl=?1", std::int64_t{t.entity->no});
}

// ---- rows

Result<Row> Tables::load(std::uint32_t entity, RowId id) {
  Table* t = table(entity);
  if (t == nullptr) return load_other(entity, id);
  Row row;
  row.entity = entity;
  row.id = id;
  TRY_ASSIGN(Statement find, db_.statement(t->load));
  find.bind(1, id);
  TRY_ASSIGN(const bool there, find.step());
  if (!there) return row;
  row.exists = true;
  row.aggregate = find.row_id(0);
  TRY_ASSIGN(row.clock, decode_clock(find.blob(1)));
  row.cells.reserve(t->columns.size());
  for (std::size_t i = 0; i < t->columns.size(); ++i) {
    const int column = static_cast<int>(i) + 3;
    if (find.is_null(column)) continue;
    TRY_ASSIGN(Value value, find.value(column));
    const Field& field = *t->columns[i];
    if (field.type == FieldType::Ref) value = row_of(value);
    row.cells.push_back({field.no, std::move(value)});
  }
  if (!find.is_null(2)) {
    TRY_ASSIGN(std::vector<CellValue> unknown, decode_cells(find.blob(2)));
    for (CellValue& cell : unknown) row.set_cell(cell.field, std::move(cell.value));
  }
  if (t->has_siblings) TRY(load_siblings(row));
  return row;
}

Status Tables::load_siblings(Row& row) {
  TRY_ASSIGN(Statement find,
             db_.statement("SELECT col,el,dev,seq,life,hlc,val FROM sib WHERE tbl=?1 AND row=?2"
                           " ORDER BY col,el,dev,seq"));
  find.bind(1, std::int64_t{row.entity});
  find.bind(2, row.id);
  bool alone = false;
  while (true) {
    TRY_ASSIGN(const bool more, find.step());
    if (!more) break;
    Sibling sibling;
    sibling.field = static_cast<std::uint32_t>(find.integer(0));
    sibling.element = find.integer(1);
    sibling.dot.device = DeviceId{static_cast<std::uint32_t>(find.integer(2))};
    sibling.dot.seq = static_cast<std::uint64_t>(find.integer(3));
    sibling.life = static_cast<std::uint32_t>(find.integer(4));
    sibling.hlc = static_cast<std::uint64_t>(find.integer(5));
    if (!find.is_null(6)) {
      TRY_ASSIGN(sibling.value, decode_value(find.blob(6)));
    }
    if (sibling.element < 0 && !is_null(sibling.value)) {
      sibling.element = ~sibling.element;
      alone = true;
    }
    row.siblings.push_back(std::move(sibling));
  }
  if (!alone) return {};
  std::sort(row.siblings.begin(), row.siblings.end(), [](const Sibling& a, const Sibling& b) {
    return std::tie(a.field, a.element, a.dot) < std::tie(b.field, b.element, b.dot);
  });
  return {};
}

Status Tables::save(const Row& row, const Row& before, std::uint64_t seq) {
  Table* t = table(row.entity);
  if (t == nullptr) return save_other(row, seq);
  ByteWriter clock, unknown;
  encode_clock(row.clock, clock);
  std::vector<CellValue> strange;
  std::vector<const Value*> values(t->columns.size(), nullptr);
  for (const CellValue& cell : row.cells) {
    const auto at = std::lower_bound(t->columns.begin(), t->columns.end(), cell.field,
                                     [](const Field* f, std::uint32_t no) { return f->no < no; });
    if (at != t->columns.end() && (*at)->no == cell.field) {
      values[static_cast<std::size_t>(at - t->columns.begin())] = &cell.value;
    } else {
      strange.push_back(cell);
    }
  }
  {
    TRY_ASSIGN(Statement put, db_.statement(before.exists ? t->update : t->insert));
    put.bind(1, row.id);
    if (!before.exists) put.bind(2, row.aggregate);
    put.bind(3, row.alive() ? 0 : 1);
    put.bind(4, clock.view());
    if (strange.empty() || broken(Law::UnknownCells)) {
      put.bind(5, nullptr);
    } else {
      encode_cells(strange, unknown);
      put.bind(5, unknown.view());
    }
    int at = 6;
    if (side_ == Side::Server) put.bind(at++, signed_of(seq));
    for (std::size_t i = 0; i < values.size(); ++i, ++at) {
      if (values[i] == nullptr) {
        put.bind(at, nullptr);
      } else {
        bind_cell(put, at, *t->columns[i], *values[i]);
      }
    }
    TRY(put.run());
  }
  return row.siblings == before.siblings ? Status{} : save_siblings(row, before);
}

Status Tables::save_siblings(const Row& row, const Row& before) {
  // As it is stored.
  const auto has = [](const Row& in, const Sibling& sibling, std::int64_t element) {
    const auto at = std::find(in.siblings.begin(), in.siblings.end(), sibling);
    return at != in.siblings.end() && stored_element(in, *at) == element;
  };
  for (const Sibling& s : before.siblings) {
    const std::int64_t element = stored_element(before, s);
    if (has(row, s, element)) continue;
    TRY(
        db_.run("DELETE FROM sib WHERE tbl=?1 AND row=?2 AND col=?3 AND el=?4 AND dev=?5"
                " AND seq=?6",
                std::int64_t{row.entity}, row.id, std::int64_t{s.field}, element, s.dot.device,
                signed_of(s.dot.seq)));
  }
  table(row.entity)->has_siblings = true;
  TRY_ASSIGN(Statement put, db_.statement("INSERT INTO sib(tbl,row,col,el,dev,seq,life,hlc,val)"
                                          " VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9)"));
  for (const Sibling& s : row.siblings) {
    const std::int64_t element = stored_element(row, s);
    if (has(before, s, element)) continue;
    ByteWriter value;
    put.bind_all(std::int64_t{row.entity}, row.id, std::int64_t{s.field}, element, s.dot.device,
                 signed_of(s.dot.seq), std::int64_t{s.life}, signed_of(s.hlc));
    const Field* field = table(row.entity)->entity->field(s.field);
    if (field != nullptr && field->merge == Merge::Set) {
      put.bind(9, nullptr);
    } else {
      encode_value(s.value, value);
      put.bind(9, value.view());
    }
    TRY(put.run());
  }
  return {};
}

Status Tables::erase(std::uint32_t entity, RowId id) {
  Table* t = table(entity);
  if (t == nullptr) {
    return db_.run("DELETE FROM other WHERE tbl=?1 AND row=?2", std::int64_t{entity}, id);
  }
  TRY(db_.run(t->erase, id));
  return db_.run("DELETE FROM sib WHERE tbl=?1 AND row=?2", std::int64_t{entity}, id);
}

// ---- rows of entities that this catalogue does not know

Result<Row> Tables::load_other(std::uint32_t entity, RowId id) {
  TRY_ASSIGN(Statement find, db_.statement("SELECT img FROM other WHERE tbl=?1 AND row=?2"));
  find.bind(1, std::int64_t{entity});
  find.bind(2, id);
  TRY_ASSIGN(const bool there, find.step());
  if (there) return decode_row(find.blob(0));
  Row row;
  row.entity = entity;
  row.id = id;
  return row;
}

Status Tables::save_other(const Row& row, std::uint64_t seq) {
  ByteWriter image;
  encode_row(row, image);
  return db_.run("INSERT OR REPLACE INTO other(tbl,row,agg,seq,img) VALUES(?1,?2,?3,?4,?5)",
                 std::int64_t{row.entity}, row.id, row.aggregate, signed_of(seq), image.view());
}

// ---- aggregates

Result<std::vector<RowId>> Tables::rows_of(std::uint32_t entity, RowId aggregate,
                                           std::uint64_t after) {
  std::vector<RowId> ids;
  Table* t = table(entity);
  if (t == nullptr) return ids;
  TRY_ASSIGN(Statement find, db_.statement(after == 0 ? t->ids : t->ids_after));
  find.bind(1, aggregate);
  if (after != 0) find.bind(2, signed_of(after));
  while (true) {
    TRY_ASSIGN(const bool more, find.step());
    if (!more) return ids;
    ids.push_back(find.row_id(0));
  }
}

Result<std::vector<std::pair<std::uint32_t, RowId>>> Tables::all_of(RowId aggregate) {
  std::vector<std::pair<std::uint32_t, RowId>> found;
  for (const auto& [no, t] : tables_) {
    TRY_ASSIGN(const std::vector<RowId> ids, rows_of(no, aggregate));
    for (const RowId id : ids) found.emplace_back(no, id);
  }
  TRY_ASSIGN(Statement find, db_.statement("SELECT tbl,row FROM other WHERE agg=?1"));
  find.bind(1, aggregate);
  while (true) {
    TRY_ASSIGN(const bool more, find.step());
    if (!more) return found;
    found.emplace_back(static_cast<std::uint32_t>(find.integer(0)), find.row_id(1));
  }
}

Result<std::vector<Tables::Place>> Tables::rows_after(std::uint32_t entity, RowId after,
                                                      std::size_t count_max) {
  std::vector<Place> places;
  const Table* t = table(entity);
  if (t == nullptr) return places;
  TRY_ASSIGN(Statement find,
             db_.statement("SELECT id,_seq FROM " + t->name + " WHERE id>?1 ORDER BY id LIMIT ?2"));
  find.bind_all(after, static_cast<std::int64_t>(count_max));
  while (true) {
    TRY_ASSIGN(const bool more, find.step());
    if (!more) return places;
    places.push_back({find.row_id(0), static_cast<std::uint64_t>(find.integer(1))});
  }
}

Result<std::vector<RowId>> Tables::aggregates() {
  std::string sql = "SELECT agg FROM other";
  for (const auto& [no, t] : tables_) sql += " UNION SELECT _agg FROM " + t->name;
  TRY_ASSIGN(Statement find, db_.statement(sql + " ORDER BY 1"));
  std::vector<RowId> found;
  while (true) {
    TRY_ASSIGN(const bool more, find.step());
    if (!more) return found;
    found.push_back(find.row_id(0));
  }
}

}  // namespace banyan
