// What the feed reads from one snapshot. It asks for one aggregate after the other; here they
// are fetched many at a time, in the order in which it listed them.
#include <algorithm>

#include "shared/changelog/codec.h"
#include "sync-server/postgres/postgres_tables.h"
#include "sync-server/postgres/values.h"

namespace banyan::postgres {
namespace {

constexpr std::size_t kStandingsAhead = 512;
// Changed rows are few an aggregate, whole aggregates may be large: those begin with a few at
// a time, since a page may end with any of them.
constexpr std::size_t kChangesAhead = 256, kWholeAheadMax = 64;

std::vector<sync::FeedEntry> read_entries(const Answer& answer) {
  return answer.each([&](int i) {
    return sync::FeedEntry{answer.row_id(i, 0), answer.natural(i, 1)};
  });
}

}  // namespace

void PostgresTables::list(const std::vector<sync::FeedEntry>& entries) {
  if (!open_) return;
  for (const sync::FeedEntry& entry : entries) {
    if (known_.places.emplace(entry.aggregate, known_.listed.size()).second) {
      known_.listed.push_back(entry.aggregate);
    }
  }
}

// That aggregate, and those listed behind it that are wanted.
std::vector<std::int64_t> PostgresTables::next_listed(
    RowId from, std::size_t count_max, const std::function<bool(RowId)>& wanted) const {
  std::vector<std::int64_t> out{number(from)};
  const auto place = known_.places.find(from);
  if (place == known_.places.end()) return out;
  for (std::size_t at = place->second + 1;
       at < known_.listed.size() && at < place->second + 4 * count_max && out.size() < count_max;
       ++at) {
    if (wanted(known_.listed[at])) out.push_back(number(known_.listed[at]));
  }
  return out;
}

Result<sync::Standing> PostgresTables::standing(RowId aggregate) {
  const auto known = known_.standings.find(aggregate);
  if (known != known_.standings.end()) return known->second;
  const std::vector<std::int64_t> next = next_listed(
      aggregate, kStandingsAhead, [&](RowId id) { return !known_.standings.contains(id); });
  TRY(read_standings(next));
  sync::Standing standing = known_.standings[aggregate];
  if (!open_) known_.standings.clear();
  return standing;
}

Result<std::vector<sync::Move>> PostgresTables::moves_in(RowId scope, std::uint64_t since) {
  TRY_ASSIGN(const Answer answer, ask("SELECT scope,seq,agg,dir FROM moved"
                                      " WHERE scope=$1 AND seq>$2 ORDER BY seq,agg,dir",
                                      arguments(scope, as_sql(since))));
  std::vector<sync::Move> moves;
  std::vector<sync::FeedEntry> entries;
  for (int i = 0; i < answer.rows(); ++i) {
    moves.push_back({answer.row_id(i, 0), answer.natural(i, 1), answer.row_id(i, 2),
                     answer.integer(i, 3) != 0});
    entries.push_back({moves.back().aggregate, moves.back().seq});
  }
  list(entries);
  return moves;
}

Result<std::vector<sync::FeedEntry>> PostgresTables::feed(RowId scope, std::uint64_t after,
                                                          std::size_t count_max) {
  TRY_ASSIGN(const Answer answer,
             ask("SELECT agg,top FROM member WHERE scope=$1 AND top>$2"
                 " ORDER BY top,agg LIMIT $3",
                 arguments(scope, as_sql(after), static_cast<std::int64_t>(count_max))));
  std::vector<sync::FeedEntry> entries = read_entries(answer);
  list(entries);
  return entries;
}

Result<std::vector<sync::FeedEntry>> PostgresTables::newest(RowId scope, std::size_t count_max) {
  TRY_ASSIGN(const Answer answer,
             ask("SELECT agg,top FROM member WHERE scope=$1 ORDER BY top DESC,agg LIMIT $2",
                 arguments(scope, static_cast<std::int64_t>(count_max))));
  std::vector<sync::FeedEntry> entries = read_entries(answer);
  list(entries);
  return entries;
}

Result<std::vector<sync::FeedEntry>> PostgresTables::members(RowId scope,
                                                             const sync::TopRange& range,
                                                             RowId after, std::size_t count_max) {
  TRY_ASSIGN(const Answer answer,
             ask("SELECT agg,top FROM member WHERE scope=$1 AND top>$2 AND top<=$3 AND agg>$4"
                 " ORDER BY agg LIMIT $5",
                 arguments(scope, as_sql(range.from), as_sql(range.to), after,
                           static_cast<std::int64_t>(count_max))));
  std::vector<sync::FeedEntry> entries = read_entries(answer);
  list(entries);
  return entries;
}

Result<std::uint64_t> PostgresTables::count_members(RowId scope, const sync::TopRange& range) {
  TRY_ASSIGN(const Answer answer,
             ask("SELECT count(*) FROM member WHERE scope=$1 AND top>$2 AND top<=$3",
                 arguments(scope, as_sql(range.from), as_sql(range.to))));
  return answer.natural(0, 0);
}

Status PostgresTables::read_aggregates(RowId from, std::uint64_t after) {
  std::size_t& ahead = known_.aggregates_ahead;
  const std::vector<std::int64_t> ids =
      next_listed(from, after != 0 ? kChangesAhead : ahead,
                  [&](RowId id) { return !known_.aggregates.contains(id); });
  if (after == 0) ahead = std::min(ahead * 2, kWholeAheadMax);
  TRY_ASSIGN(const Answer answer,
             ask("SELECT agg,tbl,img FROM image WHERE agg=ANY($1) AND seq>$2 ORDER BY agg,tbl,id",
                 arguments(std::span<const std::int64_t>(ids), as_sql(after))));
  for (const std::int64_t id : ids) known_.aggregates[RowId{id}] = {after, {}};
  for (int i = 0; i < answer.rows(); ++i) {
    const ByteView image = answer.bytes(i, 2);
    known_.aggregates[answer.row_id(i, 0)]
        .images[static_cast<std::uint32_t>(answer.integer(i, 1))]
        .emplace_back(image.begin(), image.end());
  }
  return {};
}

Result<std::vector<Row>> PostgresTables::rows_of(std::uint32_t entity, RowId aggregate,
                                                 std::uint64_t after) {
  auto known = known_.aggregates.find(aggregate);
  if (known == known_.aggregates.end() || known->second.after != after) {
    TRY(read_aggregates(aggregate, after));
    known = known_.aggregates.find(aggregate);
  }
  std::vector<Row> rows;
  for (const Bytes& image : known->second.images[entity]) {
    TRY_ASSIGN(Row row, decode_row(image));
    rows.push_back(std::move(row));
  }
  if (open_ != Hold::Snapshot) known_.aggregates.clear();  // others may write in between
  return rows;
}

}  // namespace banyan::postgres
