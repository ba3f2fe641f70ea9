#include "tests/simulation/small_scope.h"

#include <algorithm>
#include <map>

#include "shared/changelog/merge.h"
#include "shared/changelog/paragraphs.h"
#include "shared/storage/waiting_rows.h"

namespace banyan::sim::small {
namespace {

constexpr std::int64_t kElement = 7;
constexpr std::int64_t kOften = text_element(5), kOnce = text_element(9);  // of a text

bool guarded(Kind kind) { return kind == Kind::Guarded || kind == Kind::GuardedLife; }
bool lives(Kind kind) { return kind == Kind::Life || kind == Kind::GuardedLife; }
// Each has a digit of its own in the sum.
std::int64_t delta_of(std::size_t write) {
  std::int64_t delta = 1;
  for (; write > 0; --write) delta *= 10;
  return delta;
}
std::string value_of(std::size_t write) { return "w" + std::to_string(write); }

}  // namespace

const char* name_of(Kind kind) {
  switch (kind) {
    case Kind::Register: return "register";
    case Kind::Guarded: return "guarded";
    case Kind::Counter: return "counter";
    case Kind::Fact: return "fact";
    case Kind::Set: return "set";
    case Kind::Text: return "text";
    case Kind::Life: return "life of a register";
    case Kind::GuardedLife: return "life of a guarded cell";
  }
  return "";
}

// Of a device that no bank has given out.
RowId fact_id(std::size_t write) {
  return RowId{(std::int64_t{1} << 60) + static_cast<std::int64_t>(write)};
}

RowWrite row_write_of(Kind kind, const Wrote& wrote, std::size_t index, const Ground& ground) {
  const bool second = wrote.op == 1;
  RowWrite write = write_of(kCustomer, Op::Update, ground.customer);
  if (second || lives(kind)) write = write_of(kContact, Op::Update, ground.contact);
  switch (kind) {
    case Kind::Register: write.cells = {cell(kName, value_of(index))}; break;
    case Kind::Guarded: write.cells = {cell(kPhone, value_of(index))}; break;
    case Kind::Counter: write.cells = {cell(kCount, delta_of(index))}; break;
    case Kind::Fact:
      write = second ? write_of(kContact, Op::Insert, fact_id(index))
                     : write_of(kVisit, Op::Fact, fact_id(index));
      write.cells = {cell(kName, value_of(index))};
      break;
    case Kind::Set:
      write = write_of(kCustomer, second ? Op::Remove : Op::Add, ground.customer,
                       {cell(kTags, kElement)});
      break;
    case Kind::Text: {
      // One paragraph is written; or it is cleared and another one written.
      write = write_of(kCustomer, Op::Update, ground.customer);
      std::vector<ParagraphWrite> writes{{kOften, value_of(index)}};
      if (second) writes = {{kOften, {}}, {kOnce, value_of(index)}};
      write.cells = {cell(kStory, encode_paragraphs(writes))};
      break;
    }
    case Kind::Life:
    case Kind::GuardedLife:
      if (second) {
        write.cells = {cell(guarded(kind) ? kPhone : kName, value_of(index))};
      } else {
        write.op = wrote.life % 2 == 0 ? Op::Delete : Op::Undelete;
      }
      break;
  }
  write.life = wrote.life;
  return write;
}

Oracle::Oracle(Kind kind, const std::vector<Wrote>& writes, const std::vector<std::uint8_t>& log)
    : kind_(kind), writes_(writes), place_(writes.size(), 0) {
  for (std::size_t i = 0; i < log.size(); ++i) place_[log[i]] = static_cast<std::uint8_t>(i + 1);
}

bool Oracle::saw(std::size_t later, std::size_t earlier) const {
  if (later == earlier) return false;
  const Wrote &l = writes_[later], &e = writes_[earlier];
  if (l.device == e.device) return earlier < later;
  return place_[earlier] != 0 && place_[earlier] <= l.seen;
}

bool Oracle::has(std::uint8_t device, std::uint8_t base, std::size_t write) const {
  return writes_[write].device == device || (place_[write] != 0 && place_[write] <= base);
}

std::uint8_t Oracle::life(std::uint8_t device, std::uint8_t base) const {
  std::uint8_t life = 1;
  for (std::size_t i = 0; i < writes_.size(); ++i) {
    if (has(device, base, i)) life = std::max(life, writes_[i].life);
  }
  return life;
}

std::string Oracle::check(const std::vector<bool>& known, const Row& customer, const Row& contact,
                          const std::vector<bool>& facts, bool stamped) const {
  std::vector<std::size_t> cells[2];
  std::uint8_t life = 1;
  for (std::size_t i = 0; i < writes_.size(); ++i) {
    if (kind_ == Kind::Fact && facts[i] != known[i]) return "a fact";
    if (!known[i]) continue;
    cells[writes_[i].op].push_back(i);
    life = std::max(life, writes_[i].life);
  }
  if (kind_ == Kind::Fact) return "";
  if (lives(kind_) && contact.clock.life.life != life) return "the life";
  if (kind_ == Kind::Set) {
    cells[0].insert(cells[0].end(), cells[1].begin(), cells[1].end());
    std::sort(cells[0].begin(), cells[0].end());
    return check_element(cells[0], customer);
  }
  if (kind_ == Kind::Text) {
    cells[0].insert(cells[0].end(), cells[1].begin(), cells[1].end());
    return check_text(cells[0], customer);
  }
  for (int i = lives(kind_) ? 1 : 0; i < 2; ++i) {
    const Row& row = i == 0 ? customer : contact;
    if (kind_ == Kind::Counter) {
      std::int64_t sum = 0;
      for (const std::size_t write : cells[i]) sum += delta_of(write);
      if (int_of(row.cell(kCount)) != sum) return "a counter";
      continue;
    }
    std::string wrong = check_shown(cells[i], row, guarded(kind_) ? kPhone : kName, stamped);
    if (wrong.empty() && guarded(kind_)) wrong = check_siblings(cells[i], row);
    if (!wrong.empty()) return wrong;
  }
  return "";
}

std::string Oracle::check_shown(const std::vector<std::size_t>& cell, const Row& row,
                                std::uint32_t field, bool stamped) const {
  const std::string& shown = text_of(row.cell(field));
  if (cell.empty()) return shown.empty() || shown.front() != 'w' ? "" : "a value of nobody";
  const auto at = std::find_if(cell.begin(), cell.end(),
                               [&](std::size_t write) { return value_of(write) == shown; });
  if (at == cell.end()) return "a value that nobody wrote: " + shown;
  for (const std::size_t write : cell) {
    const Wrote &w = writes_[write], &s = writes_[*at];
    if (w.life > s.life) return "a value of an older life";
    if (w.life == s.life && saw(write, *at)) return "a value that a later write had seen";
    if (stamped && w.life == s.life && w.stamp > s.stamp) return "not the largest stamp";
  }
  return "";
}

std::string Oracle::check_siblings(const std::vector<std::size_t>& cell, const Row& row) const {
  std::uint8_t life = 0;
  for (const std::size_t write : cell) life = std::max(life, writes_[write].life);
  std::vector<std::string> want, have;
  for (const std::size_t write : cell) {
    const bool covered = std::any_of(cell.begin(), cell.end(), [&](std::size_t later) {
      return writes_[later].life == life && saw(later, write);
    });
    if (writes_[write].life == life && !covered) want.push_back(value_of(write));
  }
  for (const Sibling& s : row.siblings) {
    if (s.field == kPhone) have.push_back(text_of(s.value));
  }
  std::sort(have.begin(), have.end());
  if (have.empty() && want.size() <= 1) return "";
  return have == want ? "" : "other siblings";
}

std::string Oracle::check_text(const std::vector<std::size_t>& cell, const Row& row) const {
  std::vector<std::pair<std::int64_t, std::string>> want, have;
  for (const std::size_t write : cell) {
    // Operation 1 writes both paragraphs, operation 0 the first.
    const std::int64_t element = writes_[write].op == 0 ? kOften : kOnce;
    const bool covered = std::any_of(cell.begin(), cell.end(), [&](std::size_t later) {
      return saw(later, write) && (element == kOften || writes_[later].op == 1);
    });
    if (!covered) want.emplace_back(element, value_of(write));
  }
  for (const Sibling& s : row.siblings) {
    if (s.field == kStory) have.emplace_back(s.element, text_of(s.value));
  }
  std::sort(want.begin(), want.end());
  std::sort(have.begin(), have.end());
  return have == want ? "" : "other paragraphs";
}

std::string Oracle::check_element(const std::vector<std::size_t>& cell, const Row& row) const {
  std::size_t want = 0;
  for (const std::size_t write : cell) {
    const bool covered =
        std::any_of(cell.begin(), cell.end(), [&](std::size_t later) { return saw(later, write); });
    if (writes_[write].op == 0 && !covered) ++want;
  }
  const auto have = static_cast<std::size_t>(
      std::count_if(row.siblings.begin(), row.siblings.end(),
                    [](const Sibling& s) { return s.field == kTags && s.element == kElement; }));
  return have == want ? "" : "other reasons why an element is in a set";
}

// ---- the merge alone

namespace {

// A log under construction: each commit in the order of the log, which is that of the writes.
class Histories {
 public:
  Histories(Kind kind, std::string& failure) : kind_(kind), failure_(failure) {}

  std::uint64_t run() {
    grow();
    return count_;
  }

 private:
  static constexpr std::size_t kCommits = 4;
  static constexpr std::uint64_t kFirstSeq = 100;

  void grow();
  void stamp_all();
  bool stamped() const;
  void merge_all();

  Kind kind_;
  std::string& failure_;
  std::vector<Wrote> writes_;
  std::uint64_t count_ = 0;
};

void Histories::grow() {
  if (!failure_.empty()) return;
  if (!writes_.empty()) stamp_all();
  if (writes_.size() == kCommits) return;
  std::uint8_t used = 0;
  for (const Wrote& w : writes_) used = std::max<std::uint8_t>(used, w.device + 1);
  for (std::uint8_t device = 0; device <= std::min<std::size_t>(used, kDevices - 1); ++device) {
    std::uint8_t seen_before = 0;
    for (const Wrote& w : writes_) {
      if (w.device == device) seen_before = w.seen;
    }
    for (std::uint8_t seen = seen_before; seen <= writes_.size(); ++seen) {
      for (std::uint8_t op = 0; op < kOps; ++op) {
        std::vector<std::uint8_t> log(writes_.size());
        for (std::size_t i = 0; i < log.size(); ++i) log[i] = static_cast<std::uint8_t>(i);
        std::uint8_t life = Oracle(kind_, writes_, log).life(device, seen);
        if (op == 0 && lives(kind_)) ++life;
        if (op == 1 && life % 2 == 0) continue;  // nobody edits what he sees deleted
        writes_.push_back({device, op, seen, life, 0});
        grow();
        writes_.pop_back();
      }
    }
  }
}

// Every order of stamps in which each device's own rise.
void Histories::stamp_all() {
  std::vector<std::uint8_t> order(writes_.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<std::uint8_t>(i);
  do {
    bool rises = true;
    for (std::size_t i = 0; i < order.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        rises = rises && (writes_[i].device != writes_[j].device || order[i] > order[j]);
      }
    }
    if (!rises) continue;
    for (std::size_t i = 0; i < order.size(); ++i) writes_[i].stamp = order[i];
    merge_all();
  } while (failure_.empty() && std::next_permutation(order.begin(), order.end()));
}

bool Histories::stamped() const {
  for (std::size_t i = 0; i < writes_.size(); ++i) {
    for (std::size_t j = 0; j < writes_.size(); ++j) {
      if (j < writes_[i].seen && writes_[i].stamp < writes_[j].stamp) return false;
    }
  }
  return true;
}

void Histories::merge_all() {
  ++count_;
  const Ground ground{RowId{1}, RowId{2}};
  const Catalogue& bank = bank_of(kOldestBank);
  std::map<RowKey, Row> rows;
  std::vector<OpOutcome> outcomes;
  std::vector<RowWrite> first{write_of(kCustomer, Op::Insert, ground.customer),
                              write_of(kContact, Op::Insert, ground.contact)};
  WriteContext server{kServerDevice, kFirstSeq, kFirstSeq, 1, true, {}};
  for (const RowWrite& w : first) {
    Row& row = rows[{w.entity, w.row}];
    merge(*bank.entity(w.entity), ground.customer, w, server, row, outcomes);
  }
  for (std::size_t i = 0; i < writes_.size(); ++i) {
    const Wrote& wrote = writes_[i];
    const RowWrite w = row_write_of(kind_, wrote, i, ground);
    WriteContext context{DeviceId{10U + wrote.device},
                         kFirstSeq + i + 1,
                         kFirstSeq + wrote.seen,
                         100U * (wrote.stamp + 1U),
                         false,
                         {}};
    Row& row = rows[{w.entity, w.row}];
    merge(*bank.entity(w.entity), ground.customer, w, context, row, outcomes);
  }
  std::vector<std::uint8_t> log;
  std::vector<bool> facts;
  for (std::size_t i = 0; i < writes_.size(); ++i) {
    log.push_back(static_cast<std::uint8_t>(i));
    facts.push_back(rows.contains({kVisit, fact_id(i)}) || rows.contains({kContact, fact_id(i)}));
  }
  const Oracle oracle(kind_, writes_, log);
  const std::string wrong =
      oracle.check(std::vector<bool>(writes_.size(), true), rows[{kCustomer, ground.customer}],
                   rows[{kContact, ground.contact}], facts, stamped());
  if (wrong.empty()) return;
  failure_ = wrong + ":";
  for (const Wrote& w : writes_) {
    failure_ += " [device " + std::to_string(w.device) + " operation " + std::to_string(w.op) +
                " seen " + std::to_string(w.seen) + " stamp " + std::to_string(w.stamp) + "]";
  }
}

}  // namespace

std::uint64_t run_histories(Kind kind, std::string& failure) {
  return Histories(kind, failure).run();
}

}  // namespace banyan::sim::small
