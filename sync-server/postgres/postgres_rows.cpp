// Rows, memberships, moves and access: what the merge writes, a transaction at a time.
#include <algorithm>

#include "shared/base/check.h"
#include "shared/changelog/codec.h"
#include "shared/storage/state_hasher.h"
#include "sync-server/postgres/postgres_tables.h"
#include "sync-server/postgres/values.h"

namespace banyan::postgres {
namespace {

Row no_row(std::uint32_t entity, RowId id) {
  Row row;
  row.entity = entity;
  row.id = id;
  return row;
}

sync::AccessSpan read_span(const Answer& answer, int i, int first) {
  return {answer.row_id(i, first), static_cast<std::uint32_t>(answer.integer(i, first + 1)),
          answer.natural(i, first + 2), answer.natural(i, first + 3)};
}

sync::Move read_move(const Answer& answer, int i) {
  return {answer.row_id(i, 0), answer.natural(i, 1), answer.row_id(i, 2),
          answer.integer(i, 3) != 0};
}

std::vector<std::int64_t> distinct(std::vector<std::int64_t> numbers) {
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  return numbers;
}

constexpr const char* kSelectImages =
    "SELECT i.tbl,i.id,i.img FROM image i JOIN unnest($1::bigint[],$2::bigint[]) k(tbl,id)"
    " ON i.tbl=k.tbl AND i.id=k.id";
constexpr const char* kSelectMoves =
    "SELECT scope,seq,agg,dir FROM moved WHERE agg=ANY($1) ORDER BY agg,seq,scope,dir";
constexpr const char* kSelectAccess =
    "SELECT scope,mask,from_seq,to_seq FROM access WHERE usr=$1 ORDER BY scope,from_seq";
constexpr const char* kSelectReceived = "SELECT seq,rx FROM log WHERE seq=ANY($1)";
constexpr const char* kSelectMembers =
    "SELECT agg,scope,mask,top,tbl FROM member WHERE agg=ANY($1) ORDER BY agg,scope";

}  // namespace

// One trip for all that a bundle meets, however long it is.
Status PostgresTables::read_ahead(const Ahead& ahead) {
  BANYAN_CHECK(open_ == Hold::Order);
  std::vector<std::int64_t> entities, rows, aggregates, seen;
  std::set<RowKey> keys(ahead.rows.begin(), ahead.rows.end());
  const Entity* staff = catalogue_.entity(sync::kStaffEntity);
  if (staff != nullptr && ahead.user != kNoRow) keys.emplace(staff->no, ahead.user);
  for (const auto& [entity, id] : keys) {
    entities.push_back(std::int64_t{entity});
    rows.push_back(number(id));
  }
  for (const RowId id : ahead.aggregates) aggregates.push_back(number(id));
  aggregates = distinct(std::move(aggregates));
  for (const std::uint64_t seq : ahead.seen) seen.push_back(as_sql(seq));
  seen = distinct(std::move(seen));
  const std::span<const std::int64_t> ids(aggregates);
  std::vector<Command> commands;
  Arguments both;
  both.add(std::span<const std::int64_t>(entities)).add(std::span<const std::int64_t>(rows));
  commands.push_back({kSelectImages, std::move(both)});
  commands.push_back({kSelectMembers, arguments(ids)});
  commands.push_back({kSelectMoves, arguments(ids)});
  commands.push_back({kSelectAccess, arguments(ahead.user)});
  commands.push_back({kSelectReceived, arguments(std::span<const std::int64_t>(seen))});
  TRY_ASSIGN(const std::vector<Answer> answers, ask_all(commands));
  for (const RowKey& key : keys) known_.rows[key] = no_row(key.first, key.second);
  for (int i = 0; i < answers[0].rows(); ++i) {
    TRY_ASSIGN(Row row, decode_row(answers[0].bytes(i, 2)));
    known_.rows[{row.entity, row.id}] = std::move(row);
  }
  take_standings(aggregates, answers[1]);
  for (const std::int64_t id : aggregates) known_.moves[RowId{id}] = {};
  for (int i = 0; i < answers[2].rows(); ++i) {
    const sync::Move move = read_move(answers[2], i);
    known_.moves[move.aggregate].push_back(move);
  }
  std::vector<sync::AccessSpan>& spans = known_.access[ahead.user];
  spans.clear();
  for (int i = 0; i < answers[3].rows(); ++i) spans.push_back(read_span(answers[3], i, 0));
  for (const std::int64_t seq : seen) known_.received[static_cast<std::uint64_t>(seq)] = 0;
  for (int i = 0; i < answers[4].rows(); ++i) {
    known_.received[answers[4].natural(i, 0)] = answers[4].integer(i, 1);
  }
  return {};
}

// ---- rows

Result<Row> PostgresTables::load_row(std::uint32_t entity, RowId id) {
  const auto known = known_.rows.find({entity, id});
  if (known != known_.rows.end()) return known->second;
  TRY_ASSIGN(const Answer answer, ask("SELECT img FROM image WHERE tbl=$1 AND id=$2",
                                      arguments(std::int64_t{entity}, id)));
  if (answer.rows() == 0) return no_row(entity, id);
  return decode_row(answer.bytes(0, 0));
}

Status PostgresTables::save_row(const Row& row, const Row& before, std::uint64_t seq) {
  BANYAN_CHECK(open_ == Hold::Order);
  ByteWriter image;
  encode_row(row, image);
  const RowKey key{row.entity, row.id};
  known_.rows[key] = row;
  written_.rows[key] = {row.aggregate, seq, image.take()};
  if (row.siblings != before.siblings) {
    TRY(write("DELETE FROM conflict WHERE tbl=$1 AND id=$2",
              arguments(std::int64_t{row.entity}, row.id)));
    for (const CellInConflict& cell : cells_in_conflict(catalogue_, row)) {
      TRY(write(
          "INSERT INTO conflict(tbl,id,col,el) VALUES($1,$2,$3,$4)",
          arguments(std::int64_t{row.entity}, row.id, std::int64_t{cell.field}, cell.element)));
    }
  }
  return save_names(row, before);
}

Status PostgresTables::save_names(const Row& row, const Row& before) {
  const Entity* entity = catalogue_.entity(row.entity);
  for (const LookUp& look_up : kLookUps) {
    if (entity == nullptr || entity->name != look_up.entity) continue;
    const Field* field = entity->field(look_up.field);
    if (field == nullptr) continue;
    const Value none;
    const Value& was = before.alive() ? before.cell(field->no) : none;
    const Value& is = row.alive() ? row.cell(field->no) : none;
    if (was == is) continue;
    const std::int64_t tbl{entity->no}, col{field->no};
    if (!is_null(was)) {
      const Bytes old = name_key(was);
      TRY(write("DELETE FROM name WHERE tbl=$1 AND col=$2 AND val=$3 AND id=$4",
                arguments(tbl, col, ByteView(old), row.id)));
    }
    if (!is_null(is)) {
      const Bytes now = name_key(is);
      TRY(write("INSERT INTO name(tbl,col,val,id) VALUES($1,$2,$3,$4) ON CONFLICT DO NOTHING",
                arguments(tbl, col, ByteView(now), row.id)));
    }
  }
  return {};
}

void PostgresTables::send_rows() {
  if (!written_.rows.empty()) {
    std::vector<std::int64_t> tbl, id, agg, seq;
    std::vector<ByteView> img;
    for (const auto& [key, image] : written_.rows) {
      tbl.push_back(std::int64_t{key.first});
      id.push_back(number(key.second));
      agg.push_back(number(image.aggregate));
      seq.push_back(as_sql(image.seq));
      img.emplace_back(image.bytes);
    }
    Arguments columns;
    for (const auto* each : {&tbl, &id, &agg, &seq}) columns.add(std::span(*each));
    columns.add(std::span<const ByteView>(img));
    connection_->later(
        "INSERT INTO image(tbl,id,agg,seq,img) SELECT * FROM"
        " unnest($1::bigint[],$2::bigint[],$3::bigint[],$4::bigint[],$5::bytea[])"
        " ON CONFLICT (tbl,id) DO UPDATE SET agg=excluded.agg, seq=excluded.seq, img=excluded.img",
        std::move(columns));
    written_.rows.clear();
  }
  if (!written_.tops.empty()) {
    std::vector<std::int64_t> agg, top;
    for (const auto& [aggregate, seq] : written_.tops) {
      agg.push_back(number(aggregate));
      top.push_back(as_sql(seq));
    }
    Arguments columns;
    columns.add(std::span<const std::int64_t>(agg)).add(std::span<const std::int64_t>(top));
    connection_->later(
        "UPDATE member SET top=t.top FROM unnest($1::bigint[],$2::bigint[]) t(agg,top)"
        " WHERE member.agg=t.agg AND member.top<>t.top",
        std::move(columns));
    written_.tops.clear();
  }
}

Result<RowId> PostgresTables::find_row(const Entity& entity, const Field& field,
                                       const Value& value) {
  const Bytes key = name_key(value);
  TRY_ASSIGN(const Answer answer,
             ask("SELECT id FROM name WHERE tbl=$1 AND col=$2 AND val=$3 ORDER BY id LIMIT 1",
                 arguments(std::int64_t{entity.no}, std::int64_t{field.no}, ByteView(key))));
  if (answer.rows() == 0) {
    return fail(ErrorCode::NotFound, "no " + entity.name + " with that " + field.name);
  }
  return answer.row_id(0, 0);
}

Result<std::vector<ServerTables::PlacedRow>> PostgresTables::rows_after(std::uint32_t entity,
                                                                        RowId after,
                                                                        std::size_t count_max) {
  TRY_ASSIGN(const Answer answer,
             ask("SELECT seq,img FROM image WHERE tbl=$1 AND id>$2 ORDER BY id LIMIT $3",
                 arguments(std::int64_t{entity}, after, static_cast<std::int64_t>(count_max))));
  std::vector<PlacedRow> out;
  for (int i = 0; i < answer.rows(); ++i) {
    TRY_ASSIGN(Row row, decode_row(answer.bytes(i, 1)));
    out.push_back({std::move(row), answer.natural(i, 0)});
  }
  return out;
}

Status PostgresTables::rewrite_row(const PlacedRow& row, const Row& before) {
  return save_row(row.row, before, row.seq);
}

Result<Hash256> PostgresTables::state_hash() {
  constexpr std::int64_t kRowsAtOnce = 5'000;
  StateHasher hasher;
  std::int64_t tbl = -1, id = 0;
  while (true) {
    TRY_ASSIGN(const Answer rows,
               ask("SELECT tbl,id,seq,img FROM image WHERE (tbl,id)>($1,$2) ORDER BY tbl,id"
                   " LIMIT $3",
                   arguments(tbl, id, kRowsAtOnce)));
    for (int i = 0; i < rows.rows(); ++i) {
      tbl = rows.integer(i, 0);
      id = rows.integer(i, 1);
      hasher.row(rows.natural(i, 2), rows.bytes(i, 3));
    }
    if (rows.rows() < kRowsAtOnce) break;
  }
  TRY_ASSIGN(const Answer members,
             ask("SELECT agg,scope,mask,top,tbl FROM member ORDER BY agg,scope"));
  for (int i = 0; i < members.rows(); ++i) {
    hasher.member(members.row_id(i, 0), members.row_id(i, 1),
                  static_cast<std::uint32_t>(members.integer(i, 2)), members.natural(i, 3),
                  static_cast<std::uint32_t>(members.integer(i, 4)));
  }
  TRY_ASSIGN(const Answer moves, ask("SELECT scope,seq,agg,dir FROM moved ORDER BY scope,seq,agg"));
  for (int i = 0; i < moves.rows(); ++i) hasher.move(read_move(moves, i));
  TRY_ASSIGN(const Answer access, ask("SELECT usr,scope,mask,from_seq,to_seq FROM access"
                                      " ORDER BY usr,scope,from_seq"));
  for (int i = 0; i < access.rows(); ++i) {
    hasher.access(access.row_id(i, 0), read_span(access, i, 1));
  }
  return hasher.finish();
}

Result<std::vector<ConflictCell>> PostgresTables::conflicts(std::size_t count_max) {
  TRY_ASSIGN(const Answer answer,
             ask("SELECT c.col,c.el,i.img FROM conflict c JOIN image i ON i.tbl=c.tbl AND i.id=c.id"
                 " ORDER BY c.tbl,c.id,c.col,c.el LIMIT $1",
                 arguments(static_cast<std::int64_t>(count_max))));
  std::vector<ConflictCell> out;
  for (int i = 0; i < answer.rows(); ++i) {
    TRY_ASSIGN(const Row row, decode_row(answer.bytes(i, 2)));
    ConflictCell cell{row.entity,           row.id,
                      row.aggregate,        static_cast<std::uint32_t>(answer.integer(i, 0)),
                      answer.integer(i, 1), {}};
    for (const Sibling& sibling : row.siblings) {
      if (sibling.field == cell.field && sibling.element == cell.element) {
        cell.values.push_back(sibling);
      }
    }
    out.push_back(std::move(cell));
  }
  return out;
}

// ---- memberships

void PostgresTables::take_standings(std::span<const std::int64_t> aggregates,
                                    const Answer& answer) {
  for (const std::int64_t id : aggregates) known_.standings[RowId{id}] = {};
  for (int i = 0; i < answer.rows(); ++i) {
    sync::Standing& standing = known_.standings[answer.row_id(i, 0)];
    standing.members.push_back(
        {answer.row_id(i, 1), static_cast<std::uint32_t>(answer.integer(i, 2))});
    standing.top = answer.natural(i, 3);
    standing.root = static_cast<std::uint32_t>(answer.integer(i, 4));
  }
}

Status PostgresTables::read_standings(std::span<const std::int64_t> aggregates) {
  TRY_ASSIGN(const Answer answer, ask(kSelectMembers, arguments(aggregates)));
  take_standings(aggregates, answer);
  return {};
}

Status PostgresTables::add_member(RowId aggregate, std::uint32_t root,
                                  const sync::Membership& member, std::uint64_t seq) {
  known_.standings.erase(aggregate);
  return write("INSERT INTO member(scope,agg,mask,top,from_seq,tbl) VALUES($1,$2,$3,$4,$4,$5)",
               arguments(member.scope, aggregate, std::int64_t{member.mask}, as_sql(seq),
                         std::int64_t{root}));
}

Status PostgresTables::remove_member(RowId aggregate, RowId scope) {
  known_.standings.erase(aggregate);
  return write("DELETE FROM member WHERE agg=$1 AND scope=$2", arguments(aggregate, scope));
}

Status PostgresTables::set_top(RowId aggregate, std::uint64_t seq) {
  known_.standings.erase(aggregate);
  written_.tops[aggregate] = seq;
  return {};
}

Status PostgresTables::add_move(const sync::Move& move) {
  known_.moves.erase(move.aggregate);
  return write(
      "INSERT INTO moved(scope,seq,agg,dir) VALUES($1,$2,$3,$4)",
      arguments(move.scope, as_sql(move.seq), move.aggregate, std::int64_t{move.in ? 1 : 0}));
}

Result<std::vector<sync::Move>> PostgresTables::moves_of(RowId aggregate) {
  const auto known = known_.moves.find(aggregate);
  if (known != known_.moves.end()) return known->second;
  const std::int64_t id = number(aggregate);
  TRY_ASSIGN(const Answer answer,
             ask(kSelectMoves, arguments(std::span<const std::int64_t>(&id, 1))));
  return answer.each([&](int i) { return read_move(answer, i); });
}

// ---- access

Result<std::vector<sync::AccessSpan>> PostgresTables::access_of(RowId user) {
  const auto known = known_.access.find(user);
  if (known != known_.access.end()) return known->second;
  TRY_ASSIGN(const Answer answer, ask(kSelectAccess, arguments(user)));
  auto spans = answer.each([&](int i) { return read_span(answer, i, 0); });
  if (open_) known_.access[user] = spans;
  return spans;
}

Status PostgresTables::begin_access(RowId user, const sync::AccessSpan& span) {
  known_.access.erase(user);
  return write(
      "INSERT INTO access(usr,scope,mask,from_seq,to_seq) VALUES($1,$2,$3,$4,$5)"
      " ON CONFLICT (usr,scope,from_seq) DO UPDATE SET mask=$3, to_seq=$5",
      arguments(user, span.scope, std::int64_t{span.mask}, as_sql(span.from), as_sql(span.to)));
}

Status PostgresTables::end_access(RowId user, RowId scope, std::uint64_t seq) {
  known_.access.erase(user);
  return write("UPDATE access SET to_seq=$3 WHERE usr=$1 AND scope=$2 AND to_seq=$4",
               arguments(user, scope, as_sql(seq), as_sql(sync::kOpenSpan)));
}

}  // namespace banyan::postgres
