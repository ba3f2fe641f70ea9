#include "tests/bench/bytes/week.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "shared/base/hlc.h"
#include "shared/changelog/codec.h"
#include "tests/bench/workload.h"

namespace banyan::bench {
namespace {

constexpr std::uint32_t kCustomer = 1, kVisit = 20, kTask = 30;
constexpr std::uint32_t kTags = 40;
constexpr DeviceId kTablet{57};

constexpr std::string_view kVocabulary =
    "visited the family at home and asked about harvest price of rice maize pigs fish pond loan "
    "repayment next month son works in city daughter school fee needs new tractor seed fertiliser "
    "insurance claim hail damage deposit matured wants to renew for one year interest rate too low "
    "compare with credit union neighbour guarantor agreed signed papers missing copy of land title "
    "call back after market day brother opened shop card reader not working phone changed prefers "
    "message evening husband away income steady expects subsidy in spring cooperative member group "
    "meeting village head introduced two households interested promised documents by friday";

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    out.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

class Week {
 public:
  Week(Notes notes, std::uint32_t customers)
      : notes_(notes), known_(make_customers(customers + 100)) {
    for (std::uint32_t i = 0; i < customers; ++i) rows_.push_back(imported_.next());
  }

  std::vector<Commit> make(int commits) {
    std::vector<Commit> out;
    for (int i = 0; i < commits; ++i) out.push_back(next_commit());
    return out;
  }

 private:
  Commit next_commit() {
    // A few seconds to a few minutes pass; a sync a day tells of newer changes.
    now_ms_ += 3'000 + draw_.below(240'000);
    if (draw_.below(120) == 0) seen_ += draw_.below(4'000);
    Commit commit{12, hlc_.next(now_ms_), 0x5EED1234, seen_, user_, {}, {}};
    const std::uint32_t kind = draw_.below(100);
    if (kind < 5) {
      create(commit);
    } else {
      commit.aggregate = rows_[draw_.below(static_cast<std::uint32_t>(rows_.size()))];
      if (kind < 60) {
        edit(commit);
      } else if (kind < 85) {
        visit(commit);
      } else if (kind < 93) {
        task(commit);
      } else {
        tag(commit);
      }
    }
    return commit;
  }

  void edit(Commit& commit) {
    constexpr Column kEdited[] = {kPhone, kAum, kKyc, kRisk, kName};
    constexpr std::uint32_t kFields[] = {3, 9, 10, 8, 1};
    const std::uint32_t which = draw_.below(5);
    const Customer& other = known_[draw_.below(static_cast<std::uint32_t>(known_.size()))];
    CellWrite cell{kFields[which], other[kEdited[which]], {}};
    if (kEdited[which] == kAum) cell.value = std::int64_t{std::stoll(other[kAum])};
    // Phone and name are guarded.
    if (which == 0 || which == 4) cell.replaced = static_cast<std::uint32_t>(draw_.next());
    commit.rows.push_back({kCustomer, Op::Update, commit.aggregate, 1, {std::move(cell)}});
  }

  void visit(Commit& commit) {
    commit.rows.push_back({kVisit,
                           Op::Fact,
                           own_.next(),
                           1,
                           {{1, std::int64_t{now_ms_ / 1000}, {}}, {2, note(), {}}}});
    if (draw_.below(2) != 0) return;
    commit.rows.push_back({kCustomer,
                           Op::Update,
                           commit.aggregate,
                           1,
                           {{19, std::int64_t{now_ms_ / 86'400'000}, {}}}});
  }

  void task(Commit& commit) {
    const std::int64_t due = now_ms_ / 86'400'000 + draw_.below(30);
    commit.rows.push_back({kTask,
                           Op::Insert,
                           own_.next(),
                           1,
                           {{1, std::int64_t{draw_.below(6)}, {}},
                            {2, due, {}},
                            {3, RowId{static_cast<std::int64_t>(user_)}, {}},
                            {4, phrase(12), {}}}});
  }

  void tag(Commit& commit) {
    commit.rows.push_back(
        {kCustomer, Op::Add, commit.aggregate, 1, {{kTags, std::int64_t{draw_.below(30)}, {}}}});
  }

  void create(Commit& commit) {
    commit.aggregate = own_.next();
    rows_.push_back(commit.aggregate);
    RowWrite row{kCustomer, Op::Insert, commit.aggregate, 1, {}};
    const Customer& customer = known_[draw_.below(static_cast<std::uint32_t>(known_.size()))];
    std::uint32_t field = 0;
    for (const Column column :
         {kName, kIdNo, kPhone, kGender, kBirthDate, kBranch, kOfficer, kRisk, kKyc, kNote}) {
      row.cells.push_back({++field, customer[column], {}});
    }
    row.cells.push_back({++field, std::int64_t{std::stoll(customer[kAum])}, {}});
    for (const std::uint32_t choices : {2U, 5U, 9U, 40U, 400U, 3U, 6U, 100U}) {
      row.cells.push_back({++field, std::int64_t{draw_.below(choices)}, {}});
    }
    row.cells.push_back({++field, RowId{static_cast<std::int64_t>(user_)}, {}});
    commit.rows.push_back(std::move(row));
  }

  std::string note() { return phrase(20 + draw_.below(181)); }

  // About `size` characters.
  std::string phrase(std::uint32_t size) {
    static const std::vector<std::string_view> kWords = words_of(kVocabulary);
    std::string out;
    std::uint32_t characters = 0;
    while (characters < size) {
      if (notes_ == Notes::Chinese) {
        const std::string& whole =
            known_[draw_.below(static_cast<std::uint32_t>(known_.size()))][kNote];
        const std::string part =
            whole.substr(0, std::min<std::size_t>(whole.size(), 3 * (size - characters)));
        out += part;
        characters += static_cast<std::uint32_t>(part.size() / 3);
      } else {
        if (!out.empty()) out += ' ';
        out += kWords[draw_.below(static_cast<std::uint32_t>(kWords.size()))];
        characters = static_cast<std::uint32_t>(out.size());
      }
    }
    return out;
  }

  Notes notes_;
  Draw draw_{20'250'901};
  std::vector<Customer> known_;
  RowIdMinter imported_{kImportDevice, 0x1A2B3};
  RowIdMinter own_{kTablet, 0x0C0DE};
  std::vector<RowId> rows_;
  std::uint64_t user_ =
      static_cast<std::uint64_t>(number(RowIdMinter(kImportDevice, 0x1A2B3).next()));
  Hlc hlc_;
  std::int64_t now_ms_ = 1'756'684'800'000;
  std::uint64_t seen_ = 1'250'000;
};

}  // namespace

std::vector<Commit> officers_week(Notes notes) { return Week(notes, 800).make(600); }

std::size_t value_bytes(const std::vector<Commit>& commits) {
  std::size_t sum = 0;
  for (const Commit& commit : commits) {
    for (const RowWrite& row : commit.rows) {
      for (const CellWrite& cell : row.cells) {
        ByteWriter out;
        encode_value(cell.value, out);
        sum += out.size() - 1;
      }
    }
  }
  return sum;
}

}  // namespace banyan::bench
