// The demo bank: repeatable, well-formed, connected, and alive on its day.
#include "sync-server/demo/demo.h"

#include <doctest/doctest.h>

#include <map>
#include <set>
#include <unordered_set>

#include "shared/base/date.h"
#include "sync-server/demo/calendar.h"
#include "sync-server/demo/identity.h"
#include "tests/support/memory_import_target.h"
#include "tests/support/shipped_packs.h"

namespace banyan {
namespace {

using namespace demo;

// 2026-04-16 09:40 in UTC+8.
const std::int64_t kNow = time_at(days_of({2026, 4, 16}), 580);

using test::packs;

struct Demo {
  test::MemoryImportTarget target;
  DemoReport report;

  explicit Demo(std::uint32_t customers = 2'000, std::uint64_t seed = 1, std::int64_t now_ms = kNow,
                DemoSize size = DemoSize::Small) {
    DemoOptions options;
    options.seed = seed;
    options.now_ms = now_ms;
    options.customers = customers;
    options.lists = std::string(BANYAN_SOURCE_DIR) + "/assets/demo";
    auto made = make_demo(target, packs(), size, options);
    REQUIRE_MESSAGE(made.ok(), made.error().detail);
    report = std::move(*made);
  }

  std::uint64_t hash() const {
    std::uint64_t h = 0xCBF29CE484222325ULL;
    const auto add = [&h](std::uint64_t v) { h = (h ^ v) * 0x100000001B3ULL; };
    for (const Draft& draft : target.drafts) {
      add(static_cast<std::uint64_t>(number(draft.aggregate)));
      add(draft.user);
      for (const RowWrite& row : draft.rows) {
        add(static_cast<std::uint64_t>(number(row.row)) ^ row.entity);
        for (const CellWrite& cell : row.cells) {
          add(cell.field);
          add(static_cast<std::uint64_t>(int_of(cell.value)));
          for (const char c : text_of(cell.value)) add(static_cast<unsigned char>(c));
        }
      }
    }
    return h;
  }
};

const Demo& shared_demo() {
  static const Demo kDemo;
  return kDemo;
}

struct Table {
  explicit Table(const Demo& demo, const char* name)
      : entity(*packs().entity(name)), rows(demo.target.rows_of(entity.no)) {}
  Value cell(const std::map<std::uint32_t, Value>& row, const char* name) const {
    const auto found = row.find(entity.field(name)->no);
    return found == row.end() ? Value{} : found->second;
  }
  std::int64_t choice(const char* field, const char* name) const {
    return entity.field(field)->choice(name)->no;
  }
  const Entity& entity;
  std::unordered_map<std::int64_t, std::map<std::uint32_t, Value>> rows;
};

// The row with this text in this field; fails the test when there is none.
std::int64_t row_named(const Table& table, const char* field, const std::string& name) {
  for (const auto& [id, row] : table.rows) {
    if (text_of(table.cell(row, field)) == name) return id;
  }
  FAIL("nobody is called " << name);
  return 0;
}

TEST_CASE("the same seed makes the same bank, another seed or day another one") {
  const std::uint64_t hash = Demo(300).hash();
  CHECK(hash == Demo(300).hash());
  CHECK(hash != Demo(300, 2).hash());
  CHECK(hash != Demo(300, 1, kNow + kDayMs).hash());
}

TEST_CASE("a store has one demo bank: the second call writes nothing") {
  Demo demo(60);
  const std::size_t drafts = demo.target.drafts.size();
  DemoOptions options;
  options.now_ms = kNow;
  options.lists = std::string(BANYAN_SOURCE_DIR) + "/assets/demo";
  const auto again = make_demo(demo.target, packs(), DemoSize::Small, options);
  REQUIRE(again.ok());
  CHECK(again->was_there);
  CHECK(demo.target.drafts.size() == drafts);
}

TEST_CASE("every ID number checks, agrees with sex and birth, and is nobody's twice") {
  const Table customers(shared_demo(), "customer");
  std::set<std::string> seen, phones;
  std::size_t people = 0;
  for (const auto& [id, row] : customers.rows) {
    const std::string no = text_of(customers.cell(row, "id_no"));
    CAPTURE(no);
    REQUIRE(no.size() == 18);
    CHECK(seen.insert(no).second);
    const std::string phone = text_of(customers.cell(row, "phone"));
    CHECK(phone.size() == 11);
    CHECK(phone.substr(0, 3) == "154");
    CHECK(phones.insert(phone).second);
    if (!no.starts_with("99")) {
      CHECK(credit_check(no.substr(0, 17)) == no[17]);
      continue;
    }
    ++people;
    CHECK(id_check(no.substr(0, 17)) == no[17]);
    const bool woman = (no[16] - '0') % 2 == 0;
    CHECK(int_of(customers.cell(row, "gender")) ==
          customers.choice("gender", woman ? "female" : "male"));
    const std::string born = format_date(int_of(customers.cell(row, "birth_date")));
    CHECK(no.substr(6, 8) == born.substr(0, 4) + born.substr(5, 2) + born.substr(8, 2));
  }
  CHECK(people > customers.rows.size() * 9 / 10);
}

TEST_CASE("the check digits are those of the standards") {
  for (const std::string no : {"11010519491231002X", "440524188001010014", "34052419800101001X"}) {
    CHECK(id_check(no.substr(0, 17)) == no[17]);
  }
  CHECK(credit_check("91350100M000100Y4") == '3');
  CHECK(luhn_check("7992739871") == '3');
}

TEST_CASE("no reference dangles, every aggregate has its root, commits stay below their limit") {
  const Demo& demo = shared_demo();
  std::unordered_map<std::int64_t, std::uint32_t> entity_of;
  for (const Draft& draft : demo.target.drafts) {
    for (const RowWrite& row : draft.rows) {
      if (row.op == Op::Add) continue;
      CHECK(entity_of.emplace(number(row.row), row.entity).second);
    }
  }
  std::size_t references = 0;
  for (const Draft& draft : demo.target.drafts) {
    const auto root = entity_of.find(number(draft.aggregate));
    REQUIRE(root != entity_of.end());
    CHECK(packs().entity(root->second)->root());
    for (const RowWrite& row : draft.rows) {
      const Entity& entity = *packs().entity(row.entity);
      CHECK(entity.aggregate == packs().entity(root->second)->name);
      std::uint32_t last = 0;
      for (const CellWrite& cell : row.cells) {
        CHECK(cell.field > last);
        last = cell.field;
        const Field& field = *entity.field(cell.field);
        if (field.ref.empty()) continue;
        const auto target = entity_of.find(int_of(cell.value));
        REQUIRE_MESSAGE(target != entity_of.end(), entity.name << "." << field.name);
        CHECK(packs().entity(target->second)->name == field.ref);
        ++references;
      }
    }
  }
  CHECK(references > 50'000);
}

TEST_CASE("every required field is filled") {
  for (const Draft& draft : shared_demo().target.drafts) {
    for (const RowWrite& row : draft.rows) {
      if (row.op == Op::Add) continue;
      const Entity& entity = *packs().entity(row.entity);
      for (const Field& field : entity.fields) {
        if (!field.required || !field.stored()) continue;
        const bool there = std::any_of(row.cells.begin(), row.cells.end(),
                                       [&](const CellWrite& c) { return c.field == field.no; });
        REQUIRE_MESSAGE(there, entity.name << "." << field.name);
      }
    }
  }
}

TEST_CASE("each account's movements end at its balance and never pass below zero") {
  const Table accounts(shared_demo(), "account"), txns(shared_demo(), "txn");
  std::map<std::int64_t, std::map<std::int64_t, std::pair<std::int64_t, std::int64_t>>> by_account;
  for (const auto& [id, row] : txns.rows) {  // ids were minted in order of time
    by_account[int_of(txns.cell(row, "account"))][id] = {int_of(txns.cell(row, "amount")),
                                                         int_of(txns.cell(row, "balance"))};
  }
  CHECK(by_account.size() > 1'500);
  for (const auto& [account, movements] : by_account) {
    std::int64_t balance = movements.begin()->second.second - movements.begin()->second.first;
    for (const auto& [id, movement] : movements) {
      balance += movement.first;
      CHECK(balance == movement.second);
      CHECK(balance >= 0);
    }
    CHECK(balance == int_of(accounts.cell(accounts.rows.at(account), "balance")));
  }
}

TEST_CASE("the organisation is a tree of province, county bank, branches and outlets") {
  const Table branches(shared_demo(), "branch");
  std::map<std::int64_t, int> levels;
  for (const auto& [id, row] : branches.rows) ++levels[int_of(branches.cell(row, "kind"))];
  CHECK(levels[branches.choice("kind", "province")] == 1);
  CHECK(levels[branches.choice("kind", "county")] == 1);
  CHECK(levels[branches.choice("kind", "branch")] >= 8);
  CHECK(levels[branches.choice("kind", "outlet")] >= 2);
  for (const auto& [id, row] : branches.rows) {
    int steps = 0;
    std::int64_t at = id;
    while (int_of(branches.cell(branches.rows.at(at), "kind")) !=
           branches.choice("kind", "province")) {
      at = int_of(branches.cell(branches.rows.at(at), "parent"));
      REQUIRE(++steps < 5);
    }
  }
}

TEST_CASE("the people of the target pictures are there, as the pictures show them") {
  const Demo& demo = shared_demo();
  const Table customers(demo, "customer"), accounts(demo, "account"), staff(demo, "staff"),
      plans(demo, "visit_plan"), villages(demo, "village");
  const std::int64_t wang = row_named(customers, "name", "王桂兰");
  const auto& row = customers.rows.at(wang);
  CHECK(int_of(customers.cell(row, "assets")) == 38'620'000);
  CHECK(int_of(customers.cell(row, "loans")) == 12'000'000);
  CHECK(int_of(customers.cell(row, "team")) == 3);
  CHECK(int_of(customers.cell(row, "village")) == row_named(villages, "name", "柳溪村"));
  CHECK(years_between(int_of(customers.cell(row, "birth_date")), today_of(kNow)) == 52);
  const std::int64_t lin = row_named(staff, "name", "林晓雯");
  CHECK(int_of(customers.cell(row, "owner")) == lin);
  row_named(staff, "name", "许文静");

  std::int64_t due = 0;
  for (const auto& [id, account] : accounts.rows) {
    if (int_of(accounts.cell(account, "balance")) == -12'000'000 &&
        int_of(accounts.cell(account, "due")) == today_of(kNow) + 18)
      ++due;
  }
  CHECK(due >= 1);
  std::multiset<std::int64_t> stops, done;
  for (const auto& [id, plan] : plans.rows) {
    if (int_of(plans.cell(plan, "staff")) != lin ||
        int_of(plans.cell(plan, "planned_on")) != today_of(kNow))
      continue;
    stops.insert(int_of(plans.cell(plan, "stop")));
    if (int_of(plans.cell(plan, "state")) == plans.choice("state", "done"))
      done.insert(int_of(plans.cell(plan, "stop")));
  }
  CHECK(stops == std::multiset<std::int64_t>{1, 2, 3, 4, 5});
  CHECK(done == std::multiset<std::int64_t>{1});  // it is 09:40, and the first was at 08:30
}

TEST_CASE(
    "[R19] guarantee groups have a leader, three members or more, and the cast's six are one") {
  const Table groups(shared_demo(), "guarantee_group"), members(shared_demo(), "group_member");
  CHECK(groups.rows.size() >= 8);
  std::map<std::int64_t, int> size;
  for (const Draft& draft : shared_demo().target.drafts) {
    for (const RowWrite& row : draft.rows) {
      if (row.entity == members.entity.no) ++size[number(draft.aggregate)];
    }
  }
  for (const auto& [id, row] : groups.rows) CHECK(size[id] >= 3);
  CHECK(size[row_named(groups, "name", "柳溪一组联保小组")] == 6);
}

TEST_CASE("every officer has customers, and visits for today or the days to come") {
  const Demo& demo = shared_demo();
  const Table plans(demo, "visit_plan"), tasks(demo, "task");
  std::map<std::int64_t, int> planned, due;
  for (const auto& [id, plan] : plans.rows) ++planned[int_of(plans.cell(plan, "staff"))];
  for (const auto& [id, task] : tasks.rows) ++due[int_of(tasks.cell(task, "owner"))];
  int officers = 0;
  for (const DemoLogin& login : demo.report.logins) {
    if (login.role != "officer") continue;
    ++officers;
    CAPTURE(login.name);
    CHECK(login.customers > 5);
    CHECK(planned[number(login.staff)] >= 3);
    CHECK(due[number(login.staff)] >= 1);
  }
  CHECK(officers >= 20);
}

TEST_CASE("the bank looks like a rural one: names, ages, loans, deposits, seasons") {
  const Demo& demo = shared_demo();
  const Table customers(demo, "customer"), txns(demo, "txn"), accounts(demo, "account");
  std::map<std::string, int> surnames;
  std::int64_t farmers = 0, borrowers = 0, savers = 0, old = 0;
  for (const auto& [id, row] : customers.rows) {
    ++surnames[text_of(customers.cell(row, "name")).substr(0, 3)];
    farmers +=
        int_of(customers.cell(row, "occupation")) == customers.choice("occupation", "farmer");
    borrowers += int_of(customers.cell(row, "loans")) > 0;
    savers += int_of(customers.cell(row, "assets")) > 5'000'000;
    old += years_between(int_of(customers.cell(row, "birth_date")), today_of(kNow)) > 60;
  }
  const auto share = [&](std::int64_t n) {
    return n * 100 / static_cast<std::int64_t>(customers.rows.size());
  };
  CHECK(customers.rows.size() == 2'000);
  CHECK(surnames.size() > 90);
  CHECK(surnames["王"] > surnames["翁"]);
  CHECK(share(farmers) >= 15);
  CHECK(share(farmers) <= 55);
  CHECK(share(borrowers) >= 6);
  CHECK(share(borrowers) <= 35);
  CHECK(share(savers) >= 15);
  CHECK(share(old) >= 8);

  std::map<int, std::int64_t> grain;  // month -> sales
  for (const auto& [id, row] : txns.rows) {
    const std::string text = text_of(txns.cell(row, "text"));
    if (text != "售粮款" && text != "稻谷款" && text != "麦子款") continue;
    ++grain[date_of(int_of(txns.cell(row, "booked_on"))).month];
    CHECK(int_of(txns.cell(row, "booked_on")) <= today_of(kNow));
  }
  CHECK(grain[10] > 100);
  CHECK(grain[2] == 0);
}

TEST_CASE("a bank made on any day of the year stands") {
  for (const Date date : {Date{2026, 1, 1}, Date{2026, 2, 28}, Date{2028, 2, 29},
                          Date{2026, 11, 30}, Date{2026, 12, 31}}) {
    CAPTURE(date.month);
    const Demo demo(120, 3, time_at(days_of(date), 5));
    CHECK(demo.report.customers == 120);
  }
}

}  // namespace
}  // namespace banyan
