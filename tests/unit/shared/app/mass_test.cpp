// One change of many customers, and taking all of it back.
#include "shared/app/mass.h"

#include <doctest/doctest.h>

#include "shared/app/history.h"
#include "tests/unit/shared/app/app_bank.h"

using namespace banyan;
using namespace banyan::test;

namespace {

struct Portfolio {
  Portfolio() {
    tag = bank.add("tag", {{"name", std::string("种粮大户")}});
    for (int i = 0; i < 120; ++i) {
      customers.push_back(bank.add("customer", {{"name", "客户" + std::to_string(i)},
                                                {"kind", bank.choice("customer", "kind", "person")},
                                                {"owner", bank.officer},
                                                {"co_owner", bank.colleague},
                                                {"branch", bank.branch}}));
    }
  }
  static void run(AppDevice& device, std::int64_t id) {
    while (true) {
      const auto more = step_mass(*device, id);
      REQUIRE(more.ok());
      if (!*more) return;
    }
  }
  int tagged(AppDevice& device) const {
    int count = 0;
    for (const RowId one : customers) {
      const auto head = read_customer(*device, one);
      if (head.ok()) count += head->tags.empty() ? 0 : 1;
    }
    return count;
  }

  AppBank bank{BANYAN_SOURCE_DIR};
  RowId tag{};
  std::vector<RowId> customers;
};

}  // namespace

TEST_CASE("a tag goes to many customers, and all of it is taken back by ordinary commits") {
  Portfolio p;
  AppDevice one(p.bank, p.bank.officer, 91), two(p.bank, p.bank.colleague, 92);
  REQUIRE(one.sync());
  REQUIRE(set_tag(*one, p.customers[3], p.tag, true));  // has it already: is not taken back
  const std::int64_t id = begin_mass(*one, {p.tag, true}, p.customers).value();
  CHECK(read_mass(*one, id)->waiting == 120);
  CHECK(p.tagged(one) == 1);
  Portfolio::run(one, id);
  MassItem item = read_mass(*one, id).value();
  CHECK(item.done == 119);
  CHECK(item.same == 1);
  CHECK(item.waiting == 0);
  CHECK(item.tag == "种粮大户");
  CHECK(p.tagged(one) == 120);
  REQUIRE(one.sync());
  REQUIRE(two.sync());
  CHECK(p.tagged(two) == 120);
  // A colleague takes one off meanwhile.
  REQUIRE(set_tag(*two, p.customers[7], p.tag, false));
  REQUIRE(two.sync());
  REQUIRE(one.sync());
  one.restart();  // what is remembered outlives the app
  REQUIRE(take_back_mass(*one, id));
  Portfolio::run(one, id);
  item = read_masses(*one, 5).front();
  CHECK(item.back);
  CHECK(item.taken_back == 118);
  CHECK(item.changed == 1);
  CHECK(item.done == 0);
  CHECK(p.tagged(one) == 1);
  REQUIRE(one.sync());
  REQUIRE(two.sync());
  CHECK(p.tagged(two) == 1);
  CHECK(take_back_mass(*one, id).error().code == ErrorCode::NotFound);
  RecordHistory history(*one, p.customers[0]);
  history.ask();
  REQUIRE(one.settle());
  CHECK(history.items().size() == 3);  // created, tagged, taken back
}

TEST_CASE("a mass change that was interrupted or stopped says what is done, and goes no further") {
  Portfolio p;
  AppDevice one(p.bank, p.bank.officer, 93);
  REQUIRE(one.sync());
  const std::int64_t id = begin_mass(*one, {p.tag, true}, p.customers).value();
  REQUIRE(step_mass(*one, id).value());
  one.restart();
  MassItem item = read_mass(*one, id).value();
  CHECK(item.done == 50);
  CHECK(item.waiting == 70);
  REQUIRE(step_mass(*one, id).value());
  REQUIRE(stop_mass(*one, id));
  CHECK(!step_mass(*one, id).value());
  item = read_mass(*one, id).value();
  CHECK(item.done == 100);
  CHECK(item.stopped == 20);
  CHECK(p.tagged(one) == 100);
  REQUIRE(take_back_mass(*one, id));
  REQUIRE(step_mass(*one, id).value());
  REQUIRE(stop_mass(*one, id));  // the way back is stopped, too
  item = read_mass(*one, id).value();
  CHECK(item.taken_back == 50);
  CHECK(item.done == 50);
  CHECK(p.tagged(one) == 50);
  CHECK(begin_mass(*one, {p.tag, true}, {}).error().code == ErrorCode::Invalid);
}

TEST_CASE("customers who left are counted, and do not hold up the others") {
  Portfolio p;
  AppDevice one(p.bank, p.bank.officer, 94);
  REQUIRE(one.sync());
  const std::int64_t id = begin_mass(*one, {p.tag, true}, p.customers).value();
  for (int i = 0; i < 5; ++i) {
    const RowId customer = p.customers[static_cast<std::size_t>(i)];
    p.bank.decide("customer", customer, customer, {{"owner", p.bank.analyst}});
  }
  REQUIRE(one.sync());
  Portfolio::run(one, id);
  const MassItem item = read_mass(*one, id).value();
  CHECK(item.barred == 5);
  CHECK(item.done == 115);
}
