#include "shared/sync/feed.h"

#include <algorithm>
#include <map>

#include "shared/base/bytes.h"
#include "shared/changelog/page_row.h"

namespace banyan::sync {
namespace {

constexpr std::size_t kFeedChunk = 4096;

RowId row_id(std::uint64_t sub) { return RowId{static_cast<std::int64_t>(sub)}; }

constexpr RowId kLastId{static_cast<std::int64_t>(kRoundEnd)};

// Of an aggregate in one page; far below what a page may hold, whatever its rows are made of.
constexpr std::size_t kPartBytes = std::size_t{1} << 20;

// A large first round begins with so many aggregates.
constexpr std::size_t kNewest = 64;

// About what a row costs in a page, before it is packed.
std::size_t estimate(const RowChange& change) {
  std::size_t size = 24 + change.row.clock.cells.size() * 8 + change.row.siblings.size() * 16;
  for (const CellValue& cell : change.row.cells) size += 9 + text_of(cell.value).size();
  for (const Sibling& sibling : change.row.siblings) size += text_of(sibling.value).size();
  return size;
}

bool empty(const RowChange& change) {
  return !change.whole && change.row.clock.cells.empty() && change.row.clock.life_seq == 0;
}

}  // namespace

Status Feed::fill(const Cursor& cursor, const PageBounds& bounds, Page& page, PageNote& note) {
  const bool begins = cursor.sub == kRoundEnd || cursor.pos == 0;
  last_ = {cursor.pos, row_id(cursor.sub)};
  base_ = cursor.base;
  start_ = begins ? head_ : cursor.start;
  if (!begins) resume_ = cursor.resume;
  // A device that holds nothing yet needs no word of what moved before it asked.
  since_ = base_ == 0 ? start_ : base_;
  page.from = cursor.pos;
  page.base = cursor.base;
  note.start = start_;
  TRY(open_streams());
  if (begins) {
    TRY_ASSIGN(note.left, count_left());
    TRY_ASSIGN(const bool enough, begin_with_newest(bounds, page, note));
    if (enough) return {};
  }
  std::size_t bytes = 0;
  while (true) {
    TRY_ASSIGN(Stream * stream, first_stream());
    if (stream == nullptr) break;
    const Place place = stream->buffer[stream->next];
    TRY_ASSIGN(const Resolved resolved, resolve(place.aggregate));
    if (resolved.place == place && place > last_) {
      const bool full = !page.aggregates.empty() &&
                        (bytes >= bounds.bytes_max || page.aggregates.size() == bounds.groups_max);
      if (!full) {
        TRY_ASSIGN(const std::size_t size, add(resolved, page));
        bytes += size;
      }
      if (full || page.resume) {
        stop(page, note);
        return {};
      }
      last_ = place;
    }
    ++stream->next;
  }
  page.complete = true;
  page.pos = head_;
  note.sub = kRoundEnd;
  return {};
}

// The round goes on after last_, or from its beginning.
void Feed::stop(Page& page, PageNote& note) const {
  const Place at = std::max(last_, Place{start_, RowId{}});
  page.pos = at.key;
  note.sub = static_cast<std::uint64_t>(number(at.aggregate));
}

// They come once more at their places.
Result<bool> Feed::begin_with_newest(const PageBounds& bounds, Page& page, PageNote& note) {
  const std::size_t count = bounds.groups_max > 0 ? bounds.groups_max : kNewest;
  if (base_ != 0 || note.left <= 4 * count) return false;
  TRY_ASSIGN(const std::vector<RowId> ids, newest(count));
  std::size_t bytes = 0;
  for (const RowId id : ids) {
    TRY_ASSIGN(const Resolved resolved, resolve(id));
    if (resolved.mask == 0 || bytes >= bounds.bytes_max) continue;
    TRY_ASSIGN(const std::size_t size, add(resolved, page));
    bytes += size;
    if (page.resume) page.aggregates.pop_back();
    page.resume.reset();
  }
  if (page.aggregates.empty()) return false;
  note.left += page.aggregates.size();
  stop(page, note);
  return true;
}

// Of his own customers first, then of the others'.
Result<std::vector<RowId>> Feed::newest(std::size_t count_max) {
  std::vector<AccessSpan> spans = access_;
  std::stable_partition(spans.begin(), spans.end(),
                        [&](const AccessSpan& span) { return span.scope == reader_.user; });
  std::vector<RowId> ids;
  for (const AccessSpan& span : spans) {
    if (!span.open() || ids.size() == count_max) continue;
    TRY_ASSIGN(const std::vector<FeedEntry> entries,
               store_.newest(span.scope, count_max - ids.size()));
    for (const FeedEntry& entry : entries) {
      if (std::find(ids.begin(), ids.end(), entry.aggregate) == ids.end()) {
        ids.push_back(entry.aggregate);
      }
    }
  }
  return ids;
}

Status Feed::open_streams() {
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
      open_members(scope, std::max(span.to, start_), {});
    } else if (span.from > since_) {
      const std::uint64_t key = std::max(span.from, start_);
      open_members(scope, key, {0, key});
      open_feed(scope);
    } else {
      open_members(scope, start_, {base_, start_});
      open_feed(scope);
    }
    TRY(open_moves(span));
  }
  return {};
}

Status Feed::open_moves(const AccessSpan& span) {
  TRY_ASSIGN(const std::vector<Move> moves, store_.moves_in(span.scope, since_));
  Stream stream;
  stream.dry = true;
  for (const Move& move : moves) {
    std::uint64_t& newest = moved_[number(move.aggregate)];
    newest = std::max(newest, move.seq);
    const Place place{std::max(move.seq, start_), move.aggregate};
    if (place > last_) stream.buffer.push_back(place);
  }
  std::sort(stream.buffer.begin(), stream.buffer.end());
  streams_.push_back(std::move(stream));
  return {};
}

// What changed since the round began.
void Feed::open_feed(RowId scope) {
  if (start_ == head_) return;
  Stream stream;
  stream.scope = scope;
  stream.after = std::max(last_, Place{start_, kLastId});
  streams_.push_back(std::move(stream));
}

void Feed::open_members(RowId scope, std::uint64_t key, const TopRange& range) {
  if (key < last_.key || range.from >= range.to) return;
  Stream stream;
  stream.scope = scope;
  stream.key = key;
  stream.range = range;
  stream.after = key == last_.key ? last_ : Place{key, RowId{}};
  streams_.push_back(std::move(stream));
}

Status Feed::refill(Stream& stream) {
  if (stream.next < stream.buffer.size() || stream.dry) return {};
  std::vector<FeedEntry> entries;
  if (stream.key != 0) {
    TRY_ASSIGN(entries,
               store_.members(stream.scope, stream.range, stream.after.aggregate, kFeedChunk));
  } else {
    // A sequence may also be the key of others: only after the last id it is done with.
    const bool done = stream.after.aggregate == kLastId;
    TRY_ASSIGN(entries, store_.feed(stream.scope, stream.after.key - (done ? 0 : 1), kFeedChunk));
  }
  stream.next = 0;
  stream.dry = entries.size() < kFeedChunk;
  stream.buffer.clear();
  for (const FeedEntry& entry : entries) {
    stream.buffer.push_back({stream.key != 0 ? stream.key : entry.top, entry.aggregate});
  }
  if (entries.empty()) return {};
  stream.after = stream.buffer.back();
  if (stream.key == 0) stream.after.aggregate = kLastId;
  return {};
}

Result<Feed::Stream*> Feed::first_stream() {
  Stream* first = nullptr;
  for (Stream& stream : streams_) {
    TRY(refill(stream));
    if (stream.next >= stream.buffer.size()) continue;
    if (first == nullptr || stream.buffer[stream.next] < first->buffer[first->next]) {
      first = &stream;
    }
  }
  return first;
}

// Of the whole round; an aggregate in several scopes counts in each.
Result<std::uint64_t> Feed::count_left() {
  std::uint64_t left = 0;
  for (const Stream& stream : streams_) {
    left += stream.buffer.size();
    if (stream.key == 0) continue;
    TRY_ASSIGN(const std::uint64_t count, store_.count_members(stream.scope, stream.range));
    left += count;
  }
  return left;
}

Result<Feed::Resolved> Feed::resolve(RowId aggregate) {
  TRY_ASSIGN(const Standing standing, store_.standing(aggregate));
  Resolved resolved;
  resolved.root = standing.root;
  resolved.mask = visible_mask(standing.members, access_);
  const auto raise = [&](std::uint64_t key) {
    resolved.place = std::max(resolved.place, Place{std::max(key, start_), aggregate});
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
  if (resolved.mask != 0) raise(standing.top);
  return resolved;
}

Result<std::size_t> Feed::add(const Resolved& resolved, Page& page) {
  constexpr std::size_t kHead = 12;
  const RowId id = resolved.place.aggregate;
  page.aggregates.push_back({id, resolved.whole ? PageMode::Whole : PageMode::Changes, {}});
  PageAggregate& out = page.aggregates.back();
  if (resolved.mask == 0) {
    out.mode = PageMode::Drop;
    return kHead;
  }
  // Of another one, or of this one as it was before it changed: sent from the beginning.
  if (resume_ && (resume_->aggregate != id || resume_->key != resolved.place.key)) resume_.reset();
  if (resume_) out.mode = PageMode::Rest;
  std::size_t size = kHead;
  const Entity* root = catalogue_.entity(resolved.root);
  for (const Entity& entity : catalogue_.entities()) {
    if (root == nullptr || entity.aggregate != root->name || page.resume) continue;
    if (reader_.role == nullptr || (reader_.role->may(entity.name) & kRead) == 0) continue;
    if (resume_ && entity.no < resume_->entity) continue;
    TRY(add_rows(entity, resolved, size, page));
  }
  resume_.reset();
  if (out.mode != PageMode::Changes || !out.rows.empty()) return size;
  page.aggregates.pop_back();
  return 0;
}

Status Feed::add_rows(const Entity& entity, const Resolved& resolved, std::size_t& size,
                      Page& page) {
  PageAggregate& out = page.aggregates.back();
  TRY_ASSIGN(std::vector<Row> rows, store_.rows_of(entity.no, out.id, resolved.whole ? 0 : base_));
  for (Row& row : rows) {
    if (resume_ && entity.no == resume_->entity && row.id <= resume_->row) continue;
    hide_fields(row, entity, resolved.mask);
    RowChange change;
    if (resolved.whole) {
      change.whole = true;
      change.row = std::move(row);
    } else {
      change = changes_since(row, base_);
    }
    if (empty(change)) continue;
    if (size >= kPartBytes) {
      const Row& last = out.rows.back().row;
      page.resume = PagePlace{out.id, resolved.place.key, last.entity, last.id};
      return {};
    }
    size += estimate(change);
    out.rows.push_back(std::move(change));
  }
  return {};
}

Result<bool> Feed::unchanged_since(std::uint64_t start) {
  TRY_ASSIGN(const std::vector<AccessSpan> spans, store_.access_of(reader_.user));
  for (const AccessSpan& span : spans) {
    if (span.from > start || (!span.open() && span.to > start)) return false;
    if (!span.open()) continue;
    TRY_ASSIGN(const std::vector<Move> moves, store_.moves_in(span.scope, start));
    if (!std::all_of(moves.begin(), moves.end(), [](const Move& m) { return m.in; })) return false;
  }
  return true;
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
