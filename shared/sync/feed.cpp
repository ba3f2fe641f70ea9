#include "shared/sync/feed.h"

#include <algorithm>
#include <map>

#include "shared/base/bytes.h"
#include "shared/changelog/page_row.h"

namespace banyan::sync {
namespace {

constexpr std::size_t kFeedChunk = 64;

RowId row_id(std::uint64_t sub) { return RowId{static_cast<std::int64_t>(sub)}; }

constexpr RowId kLastId{static_cast<std::int64_t>(kRoundEnd)};

// About what a row costs in a page, before it is packed.
std::size_t estimate(const RowChange& change) {
  std::size_t size = 24 + change.row.clock.cells.size() * 8 + change.row.siblings.size() * 16;
  for (const CellValue& cell : change.row.cells) {
    size += 4 + text_of(cell.value).size();
    if (!std::holds_alternative<std::string>(cell.value)) size += 5;
  }
  for (const Sibling& sibling : change.row.siblings) size += text_of(sibling.value).size();
  return size;
}

bool empty(const RowChange& change) {
  return !change.whole && change.row.clock.cells.empty() && change.row.clock.life_seq == 0;
}

}  // namespace

Feed::Place Feed::Stream::place() const {
  return {fixed_key == 0 ? buffer[next].top : fixed_key, buffer[next].aggregate};
}

Status Feed::fill(const Cursor& cursor, std::size_t bytes_max, std::size_t groups_max, Page& page,
                  PageNote& note) {
  // A device that holds nothing yet needs no word of what moved before it asked.
  first_round_ = cursor.base == 0;
  const bool begins = cursor.sub == kRoundEnd || cursor.pos == 0;
  since_ = first_round_ && begins ? head_ : cursor.since;
  page.from = cursor.pos;
  page.base = cursor.base;
  TRY(open_streams(cursor));
  if (begins) {
    TRY_ASSIGN(note.left, count_left());
  }
  std::size_t bytes = 0;
  Place last{cursor.pos, row_id(cursor.sub)};
  while (true) {
    TRY_ASSIGN(Stream * stream, first_stream());
    if (stream == nullptr) break;
    const Place place = stream->place();
    const RowId aggregate = stream->buffer[stream->next].aggregate;
    TRY_ASSIGN(const Resolved resolved, resolve(aggregate));
    if (resolved.place == place && place > last) {
      const bool full =
          !page.aggregates.empty() && (bytes >= bytes_max || page.aggregates.size() == groups_max);
      if (full) {
        page.pos = last.key;
        note.sub = static_cast<std::uint64_t>(number(last.aggregate));
        note.since = since_;
        return {};
      }
      TRY_ASSIGN(const std::size_t size, add(aggregate, resolved, cursor.base, page));
      bytes += size;
      last = place;
    }
    ++stream->next;
  }
  page.complete = true;
  page.pos = head_;
  note.sub = kRoundEnd;
  note.since = head_;
  return {};
}

Status Feed::open_streams(const Cursor& cursor) {
  const Place after{cursor.pos, row_id(cursor.sub)};
  TRY_ASSIGN(const std::vector<AccessSpan> spans, store_.access_of(reader_.user));
  std::map<RowId, AccessSpan> by_scope;  // an open span, else the one that ended last
  for (const AccessSpan& span : spans) {
    if (!span.open() && span.to <= since_) continue;
    const auto [at, fresh] = by_scope.try_emplace(span.scope, span);
    if (!fresh && span.to > at->second.to) at->second = span;
  }
  for (const auto& [scope, span] : by_scope) {
    access_.push_back(span);
    if (!span.open()) {
      open_members(scope, span.to, kOpenSpan, after);
    } else {
      if (span.from > since_) {
        open_members(scope, span.from, span.from, after);
      } else if (first_round_) {
        open_members(scope, since_, since_, after);
      }
      open_feed(scope, after);
    }
    TRY(open_moves(span, after));
  }
  return {};
}

Status Feed::open_moves(const AccessSpan& span, Place after) {
  TRY_ASSIGN(const std::vector<Move> moves, store_.moves_in(span.scope, since_));
  Stream stream;
  stream.dry = true;
  for (const Move& move : moves) {
    std::uint64_t& newest = moved_[number(move.aggregate)];
    newest = std::max(newest, move.seq);
    if (Place{move.seq, move.aggregate} > after) {
      stream.buffer.push_back({move.aggregate, move.seq});
    }
  }
  streams_.push_back(std::move(stream));
  return {};
}

void Feed::open_feed(RowId scope, Place after) {
  Stream stream;
  stream.scope = scope;
  stream.after = after;
  // What was there when a first round began comes in the order of ids.
  if (first_round_) stream.after = std::max(after, Place{since_, kLastId});
  streams_.push_back(std::move(stream));
}

void Feed::open_members(RowId scope, std::uint64_t key, std::uint64_t to, Place after) {
  if (key < after.key) return;
  Stream stream;
  stream.scope = scope;
  stream.fixed_key = key;
  stream.to = to;
  stream.after = key == after.key ? after : Place{key, RowId{}};
  streams_.push_back(std::move(stream));
}

Status Feed::refill(Stream& stream) {
  if (stream.next < stream.buffer.size() || stream.dry) return {};
  if (stream.fixed_key != 0) {
    TRY_ASSIGN(stream.buffer,
               store_.members(stream.scope, stream.after.aggregate, stream.to, kFeedChunk));
  } else {
    // One commit changes one aggregate: `top` alone says where it goes on, unless that
    // sequence is also the key of others.
    const bool ends = stream.after.aggregate == kLastId;
    const std::uint64_t after = stream.after.key - (ends || stream.after.key == 0 ? 0 : 1);
    TRY_ASSIGN(stream.buffer, store_.feed(stream.scope, after, kFeedChunk));
  }
  stream.next = 0;
  stream.dry = stream.buffer.size() < kFeedChunk;
  if (!stream.buffer.empty()) {
    const FeedEntry& last = stream.buffer.back();
    stream.after = stream.fixed_key != 0 ? Place{stream.fixed_key, last.aggregate}
                                         : Place{last.top, kLastId};
  }
  return {};
}

Result<Feed::Stream*> Feed::first_stream() {
  Stream* first = nullptr;
  for (Stream& stream : streams_) {
    TRY(refill(stream));
    if (stream.next >= stream.buffer.size()) continue;
    if (first == nullptr || stream.place() < first->place()) first = &stream;
  }
  return first;
}

// Of the whole round; an aggregate in several scopes counts in each.
Result<std::uint64_t> Feed::count_left() {
  std::uint64_t left = 0;
  for (const Stream& stream : streams_) {
    if (stream.dry) {
      left += stream.buffer.size();
    } else if (stream.fixed_key != 0) {
      TRY_ASSIGN(const std::uint64_t count, store_.count_members(stream.scope));
      left += count;
    } else {
      TRY_ASSIGN(const std::uint64_t count, store_.count_feed(stream.scope, stream.after.key));
      left += count;
    }
  }
  return left;
}

Result<Feed::Resolved> Feed::resolve(RowId aggregate) {
  TRY_ASSIGN(const Standing standing, store_.standing(aggregate));
  Resolved resolved;
  resolved.root = standing.root;
  resolved.mask = visible_mask(standing.members, access_);
  const auto raise = [&](std::uint64_t key) {
    resolved.place = std::max(resolved.place, Place{key, aggregate});
  };
  for (const Membership& member : standing.members) {
    for (const AccessSpan& span : access_) {
      if (span.scope != member.scope) continue;
      if (!span.open()) raise(span.to);
      if (span.open() && span.from > since_) raise(span.from);
    }
  }
  const auto moved = moved_.find(number(aggregate));
  if (moved != moved_.end()) raise(moved->second);
  resolved.whole = resolved.place != Place{};
  if (resolved.mask != 0) raise(first_round_ ? std::max(standing.top, since_) : standing.top);
  return resolved;
}

Result<std::size_t> Feed::add(RowId aggregate, const Resolved& resolved, std::uint64_t base,
                              Page& page) {
  PageAggregate out;
  out.id = aggregate;
  std::size_t size = 12;
  if (resolved.mask == 0) {
    out.mode = PageMode::Drop;
    page.aggregates.push_back(std::move(out));
    return size;
  }
  out.mode = resolved.whole ? PageMode::Whole : PageMode::Changes;
  const Entity* root = catalogue_.entity(resolved.root);
  for (const Entity& entity : catalogue_.entities()) {
    if (root == nullptr || entity.aggregate != root->name) continue;
    if (reader_.role == nullptr || (reader_.role->may(entity.name) & kRead) == 0) continue;
    TRY_ASSIGN(std::vector<Row> rows,
               store_.rows_of(entity.no, aggregate, resolved.whole ? 0 : base));
    for (Row& row : rows) {
      hide_fields(row, entity, resolved.mask);
      RowChange change;
      if (resolved.whole) {
        change.whole = true;
        change.row = std::move(row);
      } else {
        change = changes_since(row, base);
      }
      if (empty(change)) continue;
      size += estimate(change);
      out.rows.push_back(std::move(change));
    }
  }
  if (out.mode == PageMode::Changes && out.rows.empty()) return 0;
  page.aggregates.push_back(std::move(out));
  return size;
}

Result<ScopeHash> Feed::scope_hash() {
  TRY_ASSIGN(std::vector<AccessSpan> spans, store_.access_of(reader_.user));
  std::erase_if(spans, [](const AccessSpan& span) { return !span.open(); });
  std::sort(spans.begin(), spans.end(),
            [](const AccessSpan& a, const AccessSpan& b) { return a.scope < b.scope; });
  ByteWriter out;
  for (const AccessSpan& span : spans) {
    out.u64(static_cast<std::uint64_t>(number(span.scope)));
    out.u32(span.mask);
  }
  const Hash256 hash = hash256(out.view());
  return ScopeHash::from(hash.view().first(ScopeHash::kSize));
}

}  // namespace banyan::sync
