#include "shared/sync/feed.h"

#include <algorithm>
#include <map>

#include "shared/base/bytes.h"
#include "shared/changelog/page_row.h"

namespace banyan::sync {
namespace {

constexpr std::size_t kFeedChunk = 64;

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
  const std::uint64_t top = buffer[next].top;
  return {fixed_key == 0 ? top : fixed_key, top};
}

Status Feed::fill(const Cursor& cursor, std::size_t bytes_max, std::size_t groups_max, Page& page,
                  PageNote& note) {
  // A device that holds nothing yet needs no word of what moved before it asked.
  since_ = cursor.base == 0 && cursor.pos == 0 ? head_ : cursor.since;
  page.from = cursor.pos;
  page.base = cursor.base;
  TRY(open_streams(cursor));
  std::size_t bytes = 0;
  Place last{cursor.pos, cursor.sub};
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
        note.sub = last.sub;
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
  note.sub = head_;
  note.since = head_;
  return {};
}

Status Feed::open_streams(const Cursor& cursor) {
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
      open_stream(scope, span.to, kOpenSpan, cursor);
    } else if (span.from > since_) {
      open_stream(scope, span.from, span.from, cursor);
      open_stream(scope, 0, kOpenSpan, cursor);
    } else {
      open_stream(scope, 0, kOpenSpan, cursor);
    }
    TRY(open_moves(span, cursor));
  }
  return {};
}

Status Feed::open_moves(const AccessSpan& span, const Cursor& cursor) {
  TRY_ASSIGN(const std::vector<Move> moves, store_.moves_in(span.scope, since_));
  Stream stream;
  stream.dry = true;
  for (const Move& move : moves) {
    std::uint64_t& newest = moved_[number(move.aggregate)];
    newest = std::max(newest, move.seq);
    if (Place{move.seq, move.seq} > Place{cursor.pos, cursor.sub}) {
      stream.buffer.push_back({move.aggregate, move.seq});
    }
  }
  streams_.push_back(std::move(stream));
  return {};
}

void Feed::open_stream(RowId scope, std::uint64_t fixed_key, std::uint64_t to,
                       const Cursor& cursor) {
  Stream stream;
  stream.scope = scope;
  stream.fixed_key = fixed_key;
  stream.to = to;
  if (fixed_key == 0) {
    stream.after = cursor.sub < cursor.pos ? cursor.pos - 1 : cursor.pos;
  } else if (fixed_key < cursor.pos) {
    return;
  } else {
    stream.after = fixed_key == cursor.pos ? cursor.sub : 0;
  }
  streams_.push_back(std::move(stream));
}

Status Feed::refill(Stream& stream) {
  if (stream.next < stream.buffer.size() || stream.dry) return {};
  TRY_ASSIGN(stream.buffer, store_.feed(stream.scope, stream.after, stream.to, kFeedChunk));
  stream.next = 0;
  stream.dry = stream.buffer.size() < kFeedChunk;
  if (!stream.buffer.empty()) stream.after = stream.buffer.back().top;
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

Result<Feed::Resolved> Feed::resolve(RowId aggregate) {
  TRY_ASSIGN(const Standing standing, store_.standing(aggregate));
  Resolved resolved;
  resolved.root = standing.root;
  resolved.mask = visible_mask(standing.members, access_);
  const auto raise = [&](std::uint64_t key) {
    resolved.place = std::max(resolved.place, Place{key, std::min(key, standing.top)});
    resolved.whole = true;
  };
  for (const Membership& member : standing.members) {
    for (const AccessSpan& span : access_) {
      if (span.scope != member.scope) continue;
      if (!span.open()) {
        resolved.place = std::max(resolved.place, Place{span.to, standing.top});
        resolved.whole = true;
      } else if (span.from > since_) {
        raise(span.from);
      }
    }
  }
  const auto moved = moved_.find(number(aggregate));
  if (moved != moved_.end()) {
    resolved.place = std::max(resolved.place, Place{moved->second, moved->second});
    resolved.whole = true;
  }
  if (resolved.mask != 0) {
    resolved.place = std::max(resolved.place, Place{standing.top, standing.top});
  }
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
