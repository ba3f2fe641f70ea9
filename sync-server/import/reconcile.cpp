#include "sync-server/import/reconcile.h"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <unordered_set>

#include "sync-server/import/record.h"

namespace banyan {
namespace {

using Places = std::span<std::uint32_t>;

// Where an account stands after a movement.
struct Standing {
  std::int64_t balance_minor = 0;
  std::int64_t slack_minor = 0;
};

Standing after(const Movement& m) { return {m.balance_minor, m.slack_minor}; }
Standing before(const Movement& m) { return {m.balance_minor - m.signed_minor, m.slack_minor}; }

bool follows(const Standing& at, const Movement& next) {
  const std::int64_t gap = at.balance_minor + next.signed_minor - next.balance_minor;
  return std::llabs(gap) <= std::max(at.slack_minor, next.slack_minor);
}

class DayChain {
 public:
  explicit DayChain(std::span<const Movement> movements) : movements_(movements) {}

  // Orders the places of one day so that each follows the one before it,
  // starting at `from`. False when there is no such order, or none in sensible time.
  bool arrange(const Standing& from, Places day) {
    steps_ = 0;
    return search(from, day);
  }

 private:
  static constexpr int kStepsMax = 100'000;

  bool search(const Standing& from, Places rest) {
    if (rest.empty()) return true;
    for (std::size_t i = 0; i < rest.size(); ++i) {
      if (++steps_ > kStepsMax) return false;
      const Movement& next = movements_[rest[i]];
      if (!follows(from, next)) continue;
      std::rotate(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(i),
                  rest.begin() + static_cast<std::ptrdiff_t>(i) + 1);
      if (search(after(next), rest.subspan(1))) return true;
      std::rotate(rest.begin(), rest.begin() + 1,
                  rest.begin() + static_cast<std::ptrdiff_t>(i) + 1);
    }
    return false;
  }

  std::span<const Movement> movements_;
  int steps_ = 0;
};

class Reconciler {
 public:
  Reconciler(std::span<const Movement> movements, ImportReport& report)
      : movements_(movements), chain_(movements), report_(report) {}

  // `places`: all of one account, by day. Returns whether the chain holds.
  bool account(Places places) {
    std::optional<Standing> standing;
    bool whole = true;
    for (std::size_t begin = 0; begin < places.size();) {
      const Places day = day_of(places.subspan(begin));
      if (!(standing ? chain_.arrange(*standing, day) : arrange_first(day))) whole = false;
      if (!standing) opening_ = before(at(day.front())).balance_minor;
      standing = after(at(day.back()));
      begin += day.size();
    }
    closing_ = standing->balance_minor;
    return whole;
  }

  void add_totals(Places places) {
    report_.opening_minor += opening_;
    report_.closing_minor += closing_;
    std::int64_t sum = 0;
    for (const std::uint32_t place : places) {
      const std::int64_t minor = at(place).signed_minor;
      (minor > 0 ? report_.in_minor : report_.out_minor) += minor > 0 ? minor : -minor;
      sum += minor;
    }
    report_.rounding_minor += closing_ - (opening_ + sum);
  }

  std::int64_t expected_closing(Places places) const {
    std::int64_t sum = opening_;
    for (const std::uint32_t place : places) sum += at(place).signed_minor;
    return sum;
  }
  std::int64_t closing() const { return closing_; }

 private:
  const Movement& at(std::uint32_t place) const { return movements_[place]; }

  Places day_of(Places rest) const {
    std::size_t size = 1;
    while (size < rest.size() && at(rest[size]).day == at(rest[0]).day) ++size;
    return rest.first(size);
  }

  // The opening balance is where some movement of the first day began.
  bool arrange_first(Places day) {
    const std::vector<std::uint32_t> as_delivered(day.begin(), day.end());
    for (const std::uint32_t first : as_delivered) {
      if (chain_.arrange(before(at(first)), day)) return true;
    }
    return false;
  }

  std::span<const Movement> movements_;
  DayChain chain_;
  ImportReport& report_;
  std::int64_t opening_ = 0, closing_ = 0;
};

}  // namespace

void reconcile(std::span<const Movement> movements, const Spoilt& spoilt,
               std::vector<std::uint32_t>& order, ImportReport& report) {
  order.resize(movements.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return std::pair(movements[a].account, movements[a].day) <
           std::pair(movements[b].account, movements[b].day);
  });
  const std::unordered_set<std::int64_t> may_break(spoilt.accounts.begin(), spoilt.accounts.end());
  std::size_t unexplained_max = spoilt.lines_anywhere;

  Reconciler reconciler(movements, report);
  for (std::size_t begin = 0, end = 0; begin < order.size(); begin = end) {
    const std::int64_t account = movements[order[begin]].account;
    while (end < order.size() && movements[order[end]].account == account) ++end;
    const Places places = Places(order).subspan(begin, end - begin);
    const bool whole = reconciler.account(places);
    reconciler.add_totals(places);
    if (whole) {
      ++report.accounts_reconciled;
      ++report.controls_checked;
    } else if (may_break.contains(account)) {
      ++report.accounts_unchecked;
    } else if (unexplained_max > 0) {
      --unexplained_max;
      ++report.accounts_unchecked;
    } else {
      report.mismatches.push_back({"account " + std::to_string(account) + " closing balance",
                                   reconciler.expected_closing(places), reconciler.closing()});
    }
  }
}

Status compare_control_file(const std::filesystem::path& path, ImportReport& report) {
  TRY_ASSIGN(LineTable table, LineTable::open(path, ';'));
  for (const char* name : {"file", "rows", "in", "out"}) TRY(table.column(name));
  while (table.next()) {
    const std::string where = table.name() + " line " + std::to_string(table.line());
    if (!table.broken().empty()) return fail(ErrorCode::Invalid, where + " is broken");
    const std::string file(table.field(*table.column("file")));
    const auto found = std::find_if(report.files.begin(), report.files.end(),
                                    [&](const FileTotals& t) { return t.file == file; });
    const auto compare = [&](const char* column, bool minor, std::int64_t counted) -> Status {
      const std::string_view text = table.field(*table.column(column));
      if (text.empty()) return {};
      const auto expected = minor ? parse_minor(text) : parse_integer(text);
      if (!expected) return fail(ErrorCode::Invalid, where + ": " + column + " is no figure");
      ++report.controls_checked;
      if (*expected != counted) {
        report.mismatches.push_back({file + " " + column, *expected, counted});
      }
      return {};
    };
    const FileTotals counted = found == report.files.end() ? FileTotals{} : *found;
    TRY(compare("rows", false, static_cast<std::int64_t>(counted.read)));
    TRY(compare("in", true, counted.in_minor));
    TRY(compare("out", true, counted.out_minor));
  }
  return {};
}

}  // namespace banyan
