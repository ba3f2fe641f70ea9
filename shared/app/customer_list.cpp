#include <algorithm>
#include <tuple>

#include "shared/app/ask.h"
#include "shared/app/customer_filter.h"
#include "shared/app/queries.h"
#include "shared/base/date.h"
#include "shared/base/text.h"

namespace banyan {

namespace {

constexpr std::size_t kHitsMax = 500;    // more than anybody reads: type another letter
constexpr std::size_t kWindowRows = 64;  // read at once around the row that is shown

const char* order(CustomerSort sort) {
  switch (sort) {
    case CustomerSort::Assets: return " ORDER BY c.assets DESC, b.sort";
    case CustomerSort::LastContact: return " ORDER BY b.contact_ms IS NOT NULL, b.contact_ms";
    default: return " ORDER BY b.sort";
  }
}

// Smaller is better: how exact, whose, how lately seen.
using Rank = std::tuple<int, bool, std::int64_t>;

int exactness(std::string_view typed, std::string_view name, std::string_view pinyin,
              std::string_view initials) {
  if (name == typed || pinyin == typed) return 0;
  if (initials == typed) return 1;
  if (name.starts_with(typed) || pinyin.starts_with(typed)) return 2;
  return initials.starts_with(typed) ? 3 : 4;
}

std::vector<RowId> search(const Session& session, const std::string& typed,
                          const std::string& where, CustomerSort sort) {
  std::vector<std::pair<Rank, RowId>> hits;
  const std::string key = fold(trim(typed));
  std::string sql =
      "SELECT c.id, c.name, b.sort, b.initials, c.owner, b.contact_ms"
      " FROM find f JOIN customer c ON c.id=f.rowid JOIN about b ON b.id=f.rowid"
      " WHERE find MATCH ?1 AND c._dead=0" +
      where;
  if (sort != CustomerSort::Best) sql += order(sort);
  ask(
      session, sql + " LIMIT " + std::to_string(kHitsMax),
      [&](const Statement& row) {
        Rank rank;
        if (sort == CustomerSort::Best) {
          rank = {exactness(key, row.text(1), row.text(2), row.text(3)),
                  row.row_id(4) != session.me().staff, -row.integer(5)};
        }
        hits.emplace_back(rank, row.row_id(0));
      },
      SearchIndex::match_of(typed));
  if (sort == CustomerSort::Best) {
    std::stable_sort(hits.begin(), hits.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
  }
  std::vector<RowId> ids;
  ids.reserve(hits.size());
  for (const auto& hit : hits) ids.push_back(hit.second);
  return ids;
}

CustomerRow read_row(const Session& session, RowId id) {
  CustomerRow out;
  out.id = id;
  ask(
      session,
      "SELECT c.name, c.kind, c.assets, c.loans, b.spoken, b.contact_ms, c.status"
      " FROM customer c JOIN about b ON b.id=c.id WHERE c.id=?1",
      [&](const Statement& row) {
        out.name = text_at(row, 0);
        out.company = session.names().company(row.integer(1));
        out.has_figures = !row.is_null(2);
        out.deposits_minor = row.integer(2);
        out.has_loans = row.integer(3) != 0;
        out.loans_minor = row.integer(3);
        out.pinyin = text_at(row, 4);
        if (!row.is_null(5)) out.last_contact_day = session.local_ms(row.integer(5)) / kDayMs;
      },
      id);
  out.place = locality_of(session, id);
  out.tags = tags_of(session, id);
  out.mark = mark_of(session, *session.names().customer, id);
  return out;
}

}  // namespace

void CustomerList::ask_for(std::string_view text, const CustomerFilter& filter, CustomerSort sort) {
  if (version_ == session_.version() && text == text_ && filter == filter_ && sort == sort_) {
    return;
  }
  const std::int64_t start = session_.clock().monotonic_ms();
  if (version_ != session_.version()) {
    on_device_ = static_cast<std::size_t>(ask_int(session_, "SELECT count(*) FROM about"));
  }
  version_ = session_.version();
  text_ = text;
  filter_ = filter;
  sort_ = sort;
  window_.clear();
  match_ = SearchIndex::kind_of(text);
  const std::string where = filter_conditions(session_, filter);
  if (match_ != MatchKind::None) {
    ids_ = search(session_, text_, where, sort);
  } else {
    ids_.clear();
    ask(session_,
        "SELECT c.id FROM about b JOIN customer c ON c.id=b.id WHERE c._dead=0" + where +
            order(sort),
        [&](const Statement& row) { ids_.push_back(row.row_id(0)); });
  }
  took_ms_ = session_.clock().monotonic_ms() - start;
}

const CustomerRow& CustomerList::at(std::size_t i) const {
  BANYAN_CHECK(i < ids_.size());
  if (i < window_first_ || i >= window_first_ + window_.size()) {
    window_first_ = i - std::min(i, kWindowRows / 4);
    window_.clear();
    const std::size_t last = std::min(ids_.size(), window_first_ + kWindowRows);
    for (std::size_t n = window_first_; n < last; ++n) {
      window_.push_back(read_row(session_, ids_[n]));
    }
  }
  return window_[i - window_first_];
}

bool CustomerList::capped() const { return match_ != MatchKind::None && ids_.size() >= kHitsMax; }

}  // namespace banyan
