// Rows, memberships, moves and access, as the merge and the feed ask for them.
#include "shared/storage/commit_rows.h"
#include "shared/storage/sqlite_server_tables.h"

namespace banyan {
namespace {

Result<std::vector<sync::Move>> read_moves(Statement& find) {
  std::vector<sync::Move> moves;
  while (true) {
    TRY_ASSIGN(const bool more, find.step());
    if (!more) return moves;
    moves.push_back(
        {find.row_id(0), from_sql(find.integer(1)), find.row_id(2), find.integer(3) != 0});
  }
}

// More aggregates than this are not sorted for a page.
constexpr std::uint64_t kSortedMax = 8192;

Result<std::vector<sync::FeedEntry>> read_entries(Statement& find) {
  std::vector<sync::FeedEntry> entries;
  while (true) {
    TRY_ASSIGN(const bool more, find.step());
    if (!more) return entries;
    entries.push_back({find.row_id(0), from_sql(find.integer(1))});
  }
}

}  // namespace

Result<Row> SqliteServerTables::load_row(std::uint32_t entity, RowId id) {
  return tables_.load(entity, id);
}

Status SqliteServerTables::save_row(const Row& row, const Row& before, std::uint64_t seq) {
  recent_.note(row.aggregate, row.entity, row.id, seq);
  return tables_.save(row, before, seq);
}

Result<std::vector<ServerTables::PlacedRow>> SqliteServerTables::rows_after(std::uint32_t entity,
                                                                            RowId after,
                                                                            std::size_t count_max) {
  std::vector<PlacedRow> out;
  TRY_ASSIGN(const auto places, tables_.rows_after(entity, after, count_max));
  for (const Tables::Place& place : places) {
    TRY_ASSIGN(Row row, tables_.load(entity, place.row));
    out.push_back({std::move(row), place.seq});
  }
  return out;
}

Status SqliteServerTables::rewrite_row(const PlacedRow& row, const Row& before) {
  return tables_.save(row.row, before, row.seq);
}

Result<sync::Standing> SqliteServerTables::standing(RowId aggregate) {
  sync::Standing standing;
  TRY_ASSIGN(Statement find, db_.statement("SELECT scope,mask,top,tbl FROM member WHERE agg=?1"));
  find.bind(1, aggregate);
  while (true) {
    TRY_ASSIGN(const bool more, find.step());
    if (!more) return standing;
    standing.members.push_back({find.row_id(0), static_cast<std::uint32_t>(find.integer(1))});
    standing.top = from_sql(find.integer(2));
    standing.root = static_cast<std::uint32_t>(find.integer(3));
  }
}

Status SqliteServerTables::add_member(RowId aggregate, std::uint32_t root,
                                      const sync::Membership& member, std::uint64_t seq) {
  return db_.run("INSERT INTO member(scope,agg,mask,top,from_seq,tbl) VALUES(?1,?2,?3,?4,?4,?5)",
                 member.scope, aggregate, std::int64_t{member.mask}, as_sql(seq),
                 std::int64_t{root});
}

Status SqliteServerTables::remove_member(RowId aggregate, RowId scope) {
  return db_.run("DELETE FROM member WHERE agg=?1 AND scope=?2", aggregate, scope);
}

Status SqliteServerTables::set_top(RowId aggregate, std::uint64_t seq) {
  // OR FAIL: a statement that need not be undone by itself keeps no journal of its own. An
  // error ends the transaction anyway.
  return db_.run("UPDATE OR FAIL member SET top=?2 WHERE agg=?1 AND top<>?2", aggregate,
                 as_sql(seq));
}

Status SqliteServerTables::add_move(const sync::Move& move) {
  return db_.run("INSERT INTO moved(scope,seq,agg,dir) VALUES(?1,?2,?3,?4)", move.scope,
                 as_sql(move.seq), move.aggregate, move.in);
}

Result<std::vector<sync::Move>> SqliteServerTables::moves_of(RowId aggregate) {
  TRY_ASSIGN(Statement find,
             db_.statement("SELECT scope,seq,agg,dir FROM moved WHERE agg=?1 ORDER BY seq"));
  find.bind(1, aggregate);
  return read_moves(find);
}

Result<std::vector<sync::Move>> SqliteServerTables::moves_in(RowId scope, std::uint64_t since) {
  TRY_ASSIGN(Statement find, db_.statement("SELECT scope,seq,agg,dir FROM moved"
                                           " WHERE scope=?1 AND seq>?2 ORDER BY seq"));
  find.bind_all(scope, as_sql(since));
  return read_moves(find);
}

Result<std::vector<sync::AccessSpan>> SqliteServerTables::access_of(RowId user) {
  std::vector<sync::AccessSpan> spans;
  TRY_ASSIGN(Statement find, db_.statement("SELECT scope,mask,from_seq,to_seq FROM access"
                                           " WHERE user=?1 ORDER BY scope,from_seq"));
  find.bind(1, user);
  while (true) {
    TRY_ASSIGN(const bool more, find.step());
    if (!more) return spans;
    spans.push_back({find.row_id(0), static_cast<std::uint32_t>(find.integer(1)),
                     from_sql(find.integer(2)), from_sql(find.integer(3))});
  }
}

Status SqliteServerTables::begin_access(RowId user, const sync::AccessSpan& span) {
  return db_.run(
      "INSERT OR REPLACE INTO access(user,scope,mask,from_seq,to_seq)"
      " VALUES(?1,?2,?3,?4,?5)",
      user, span.scope, std::int64_t{span.mask}, as_sql(span.from), as_sql(span.to));
}

Status SqliteServerTables::end_access(RowId user, RowId scope, std::uint64_t seq) {
  return db_.run("UPDATE access SET to_seq=?3 WHERE user=?1 AND scope=?2 AND to_seq=?4", user,
                 scope, as_sql(seq), as_sql(sync::kOpenSpan));
}

Result<std::int64_t> SqliteServerTables::received_ms(std::uint64_t seq) {
  auto ms = db_.query_int("SELECT rx FROM log WHERE seq=?1", as_sql(seq));
  if (!ms && ms.error().code == ErrorCode::NotFound) return std::int64_t{0};
  return ms;
}

Result<std::vector<sync::FeedEntry>> SqliteServerTables::feed(RowId scope, std::uint64_t after,
                                                              std::size_t count_max) {
  TRY_ASSIGN(Statement find, db_.statement("SELECT agg,top FROM member WHERE scope=?1 AND top>?2"
                                           " ORDER BY top LIMIT ?3"));
  find.bind_all(scope, as_sql(after), static_cast<std::int64_t>(count_max));
  return read_entries(find);
}

Result<std::vector<sync::FeedEntry>> SqliteServerTables::newest(RowId scope,
                                                                std::size_t count_max) {
  TRY_ASSIGN(Statement find, db_.statement("SELECT agg,top FROM member WHERE scope=?1"
                                           " ORDER BY top DESC, agg LIMIT ?2"));
  find.bind_all(scope, static_cast<std::int64_t>(count_max));
  return read_entries(find);
}

// A few are sorted; where many have changed, all are looked at in the order of their ids.
// Either way the order is the same, so that each page of a round may choose anew.
Result<std::vector<sync::FeedEntry>> SqliteServerTables::members(RowId scope,
                                                                 const sync::TopRange& range,
                                                                 RowId after,
                                                                 std::size_t count_max) {
  TRY_ASSIGN(const std::uint64_t changed, count_members(scope, range, kSortedMax));
  const std::string index = changed < kSortedMax ? "feed" : "member_ids";
  TRY_ASSIGN(Statement find, db_.statement("SELECT agg,top FROM member INDEXED BY " + index +
                                           " WHERE scope=?1 AND top>?2 AND top<=?3 AND agg>?4"
                                           " ORDER BY agg LIMIT ?5"));
  find.bind_all(scope, as_sql(range.from), as_sql(range.to), after,
                static_cast<std::int64_t>(count_max));
  return read_entries(find);
}

Result<std::uint64_t> SqliteServerTables::count_members(RowId scope, const sync::TopRange& range) {
  return count_members(scope, range, ~0ULL >> 1);
}

Result<std::uint64_t> SqliteServerTables::count_members(RowId scope, const sync::TopRange& range,
                                                        std::uint64_t count_max) {
  TRY_ASSIGN(const std::int64_t count,
             db_.query_int("SELECT count(*) FROM (SELECT 1 FROM member INDEXED BY feed"
                           " WHERE scope=?1 AND top>?2 AND top<=?3 LIMIT ?4)",
                           scope, as_sql(range.from), as_sql(range.to), as_sql(count_max)));
  return from_sql(count);
}

Result<std::vector<Row>> SqliteServerTables::rows_of(std::uint32_t entity, RowId aggregate,
                                                     std::uint64_t after) {
  std::vector<Row> rows;
  std::optional<std::vector<RowId>> ids;
  if (after != 0) ids = recent_.after(after, aggregate, entity);
  if (!ids) {
    TRY_ASSIGN(ids, tables_.rows_of(entity, aggregate, after));
  }
  for (const RowId id : *ids) {
    TRY_ASSIGN(Row row, tables_.load(entity, id));
    rows.push_back(std::move(row));
  }
  return rows;
}

Result<RowId> SqliteServerTables::find_row(const Entity& entity, const Field& field,
                                           const Value& value) {
  TRY_ASSIGN(Statement find,
             db_.statement("SELECT id FROM " + sql_name(entity.name) + " WHERE " +
                           sql_name(field.name) + "=?1 AND _dead=0 ORDER BY id LIMIT 1"));
  find.bind(1, value);
  TRY_ASSIGN(const bool there, find.step());
  if (!there) return fail(ErrorCode::NotFound, "no " + entity.name + " with that " + field.name);
  return find.row_id(0);
}

Result<std::vector<ConflictCell>> SqliteServerTables::conflicts(std::size_t count_max) {
  return tables_.conflicts(count_max);
}

}  // namespace banyan
