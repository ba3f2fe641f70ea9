// The aggregates of a page. One that is larger than a page waits in table `part` until all of it
// is here: nobody sees half a customer, and no commit in part.
#include "shared/storage/replica_state.h"

namespace banyan {

Status Replica::State::take_aggregates(const Page& page, Work& work) {
  for (std::size_t i = 0; i < page.aggregates.size(); ++i) {
    const PageAggregate& aggregate = page.aggregates[i];
    const bool rest = aggregate.mode == PageMode::Rest;
    const std::optional<PagePlace>& resume = mark.cursor.resume;
    if (rest && (i > 0 || !resume || resume->aggregate != aggregate.id)) {
      return fail(ErrorCode::Corrupt, "the rest of an aggregate that did not begin");
    }
    // One that was cut and changed meanwhile comes again from its beginning.
    if (!rest && i == 0) TRY(db.exec("DELETE FROM part"));
    if (page.resume && i + 1 == page.aggregates.size()) {
      if (page.resume->aggregate != aggregate.id || aggregate.mode == PageMode::Drop) {
        return fail(ErrorCode::Corrupt, "a page goes on inside another aggregate");
      }
      return keep_part(aggregate);
    }
    if (rest) {
      TRY_ASSIGN(const PageAggregate whole, with_parts(aggregate));
      TRY(take_aggregate(whole, page, work));
    } else {
      TRY(take_aggregate(aggregate, page, work));
    }
  }
  return {};
}

Status Replica::State::take_aggregate(const PageAggregate& aggregate, const Page& page,
                                      Work& work) {
  switch (aggregate.mode) {
    case PageMode::Whole: return take_whole(aggregate, page, work);
    case PageMode::Changes: return take_changes(aggregate, page, work);
    case PageMode::Drop:
      work.drops.insert(aggregate.id);
      work.refreshed.push_back(aggregate.id);
      return db.run("INSERT OR REPLACE INTO agg(agg,state) VALUES(?1,?2)", aggregate.id, kDrop);
    case PageMode::Rest: break;
  }
  return fail(ErrorCode::Corrupt, "an aggregate without a beginning");
}

Status Replica::State::keep_part(const PageAggregate& aggregate) {
  Page one;
  one.aggregates.push_back(aggregate);
  TRY_ASSIGN(const PageBody body, encode_page_body(one));
  return db.run("INSERT INTO part(body,zstd) VALUES(?1,?2)", body.bytes, std::int64_t{body.zstd});
}

// All of it, in the mode in which it began. The parts go.
Result<PageAggregate> Replica::State::with_parts(const PageAggregate& rest) {
  PageAggregate whole;
  {
    TRY_ASSIGN(Statement find, db.statement("SELECT body,zstd FROM part ORDER BY n"));
    while (true) {
      TRY_ASSIGN(const bool more, find.step());
      if (!more) break;
      Page part;
      TRY(decode_page_body(find.blob(0), find.integer(1) != 0, part));
      const bool first = whole.rows.empty();
      if (part.aggregates.size() != 1 || part.aggregates[0].id != rest.id) {
        return fail(ErrorCode::Corrupt, "a part of another aggregate is kept");
      }
      PageAggregate& next = part.aggregates[0];
      if (first) {
        whole = std::move(next);
      } else {
        std::move(next.rows.begin(), next.rows.end(), std::back_inserter(whole.rows));
      }
    }
  }
  if (whole.id != rest.id) return fail(ErrorCode::Corrupt, "the parts of an aggregate are gone");
  whole.rows.insert(whole.rows.end(), rest.rows.begin(), rest.rows.end());
  TRY(db.exec("DELETE FROM part"));
  return whole;
}

}  // namespace banyan
