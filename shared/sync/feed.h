// What a device is sent next: which aggregates, whole or in part or to be
// dropped, in which order. Knows no SQL; a store lends it one read snapshot.
//
// Every aggregate has, for one reader and one round, a place (key, id) in the
// feed. The key is the newest sequence at which it changed for this reader: its own
// newest change, or the move or change of access that gave or took it; all that
// happened before the round began has one key, the head of the log at its start. Under
// one key aggregates come in the order of their ids, which is the order of their rows in
// the tables: a device writes each page of its file once in a round, not once for each
// page of the feed. Places only grow, so a round that is read page by page, each page in
// a snapshot of its own, misses nothing.
//
// A large first round begins with a page of what changed last, nearest first, before its
// place: a tablet is of use while the rest comes. An aggregate that is larger than a page
// is cut; the next page goes on inside it unless it has changed meanwhile.
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "shared/catalogue/catalogue.h"
#include "shared/changelog/page.h"
#include "shared/sync/protocol.h"
#include "shared/sync/scopes.h"

namespace banyan::sync {

struct FeedEntry {
  RowId aggregate{};
  std::uint64_t top = 0;
};

// Of sequences.
struct TopRange {
  std::uint64_t from = 0, to = kOpenSpan;  // from < top <= to
};

struct PageBounds {
  std::size_t bytes_max = 0;   // soft: at least one aggregate goes, or a part of one
  std::size_t groups_max = 0;  // aggregates; 0: any number
};

class FeedStore {
 public:
  virtual ~FeedStore() = default;
  virtual Result<Standing> standing(RowId aggregate) = 0;
  virtual Result<std::vector<AccessSpan>> access_of(RowId user) = 0;
  // Moves in or out of a scope after `since`, by sequence.
  virtual Result<std::vector<Move>> moves_in(RowId scope, std::uint64_t since) = 0;
  // Members of a scope with top > after, by top.
  virtual Result<std::vector<FeedEntry>> feed(RowId scope, std::uint64_t after,
                                              std::size_t count_max) = 0;
  // Members of a scope with from < top <= to and id > after, by id.
  virtual Result<std::vector<FeedEntry>> members(RowId scope, const TopRange& range, RowId after,
                                                 std::size_t count_max) = 0;
  // Members of a scope that changed last, newest first.
  virtual Result<std::vector<FeedEntry>> newest(RowId scope, std::size_t count_max) = 0;
  virtual Result<std::uint64_t> count_members(RowId scope, const TopRange& range) = 0;
  // Rows of an aggregate in one entity's table with sequence > after, by id.
  virtual Result<std::vector<Row>> rows_of(std::uint32_t entity, RowId aggregate,
                                           std::uint64_t after) = 0;
};

class Feed {
 public:
  struct Reader {
    RowId user{};
    const Role* role = nullptr;  // which entities he may read; null: none
  };

  // `head`: newest sequence of the snapshot.
  Feed(FeedStore& store, const Catalogue& catalogue, Reader reader, std::uint64_t head)
      : store_(store), catalogue_(catalogue), reader_(reader), head_(head) {}

  // Fills aggregates, base, pos, complete, resume and the note's cursor.
  Status fill(const Cursor& cursor, const PageBounds& bounds, Page& page, PageNote& note);

  // Whether a reader may be given, or go on with, a first round that began at `start`: his
  // scopes are what they were, and nothing has left them since.
  Result<bool> unchanged_since(std::uint64_t start);

  // Names the scopes and masks that the reader has now.
  Result<ScopeHash> scope_hash();

 private:
  struct Place {
    std::uint64_t key = 0;
    RowId aggregate{};
    auto operator<=>(const Place&) const = default;
  };
  // Aggregates in the order of their places, from one cause.
  struct Stream {
    RowId scope{};
    std::uint64_t key = 0;  // 0: each has its own newest change for a key
    TopRange range;         // of those that changed in it
    Place after;
    std::vector<Place> buffer;
    std::size_t next = 0;
    bool dry = false;
  };
  struct Resolved {
    Place place;
    std::uint32_t mask = 0;  // 0: not visible
    bool whole = false;
    std::uint32_t root = 0;
  };

  void stop(Page& page, PageNote& note) const;
  Result<bool> begin_with_newest(const PageBounds& bounds, Page& page, PageNote& note);
  Result<std::vector<RowId>> newest(std::size_t count_max);
  Status open_streams();
  Status open_moves(const AccessSpan& span);
  void open_feed(RowId scope);
  void open_members(RowId scope, std::uint64_t key, const TopRange& range);
  Status refill(Stream& stream);
  Result<std::uint64_t> count_left();
  Result<Stream*> first_stream();
  Result<Resolved> resolve(RowId aggregate);
  Result<std::size_t> add(const Resolved& resolved, Page& page);
  Status add_rows(const Entity& entity, const Resolved& resolved, std::size_t& size, Page& page);

  FeedStore& store_;
  const Catalogue& catalogue_;
  Reader reader_;
  std::uint64_t head_;
  Place last_;                       // what the device has, and what this page adds
  std::optional<PagePlace> resume_;  // and how much it has of the next
  std::uint64_t base_ = 0;
  std::uint64_t start_ = 0;         // head of the log when the round began
  std::uint64_t since_ = 0;         // moves and changes of access after this are news
  std::vector<AccessSpan> access_;  // open, or ended after since_
  std::unordered_map<std::int64_t, std::uint64_t> moved_;  // aggregate -> newest move
  std::vector<Stream> streams_;
};

}  // namespace banyan::sync
