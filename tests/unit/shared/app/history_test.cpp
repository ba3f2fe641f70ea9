// A record's history as a time line, and taking changes back.
#include "shared/app/history.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "shared/app/moves.h"
#include "tests/unit/shared/app/app_bank.h"

using namespace banyan;
using namespace banyan::test;

namespace {

using State = RecordHistory::State;
using Kind = HistoryChange::Kind;

struct Village {
  Village() { customer = add_customer("王桂兰"); }
  RowId add_customer(const char* name) {
    return bank.add("customer", {{"name", std::string(name)},
                                 {"kind", bank.choice("customer", "kind", "person")},
                                 {"owner", bank.officer},
                                 {"co_owner", bank.colleague},
                                 {"branch", bank.branch}});
  }
  void write(AppDevice& device, std::string_view field, const std::string& text) const {
    Form form = Form::edit(*device, *device->names().customer, customer).value();
    REQUIRE(form.item(field) != nullptr);
    form.item(field)->text = text;
    REQUIRE(form.save(*device).ok());
  }
  std::string read(AppDevice& device, std::string_view field) const {
    return Form::edit(*device, *device->names().customer, customer).value().item(field)->text;
  }

  AppBank bank{BANYAN_SOURCE_DIR};
  RowId customer{};
};

const std::vector<HistoryItem>& asked(AppDevice& device, RecordHistory& history) {
  history.ask();
  REQUIRE(device.settle());
  REQUIRE(!history.trouble());
  REQUIRE(history.state() == State::Whole);
  return history.items();
}

const HistoryChange* find(const HistoryItem& item, std::string_view field) {
  for (const HistoryChange& change : item.changes) {
    if (change.field != nullptr && change.field->name == field) return &change;
  }
  return nullptr;
}

// Of the newest item that has the field.
const HistoryItem& newest(const std::vector<HistoryItem>& items, std::string_view field) {
  for (const HistoryItem& item : items) {
    if (find(item, field) != nullptr) return item;
  }
  FAIL("no such change");
  return items.front();
}

std::string words(const CellState& state) { return text_of(state.value); }

}  // namespace

TEST_CASE("a time line says who changed what, from what, to what, on which device and when") {
  Village village;
  AppDevice one(village.bank, village.bank.officer, 71);
  AppDevice two(village.bank, village.bank.colleague, 72);
  REQUIRE(one.sync());
  village.write(one, "phone", "13800138000");
  REQUIRE(one.sync());
  REQUIRE(two.sync());
  village.bank.clock.advance_ms(60'000);
  village.write(two, "phone", "13900139000");
  REQUIRE(two.sync());
  REQUIRE(one.sync());
  village.bank.clock.advance_ms(60'000);
  village.write(one, "address", "石桥村二组");  // headquarters does not have this one

  RecordHistory history(*one, village.customer);
  const auto& items = asked(one, history);
  REQUIRE(items.size() == 4);
  const HistoryChange* address = find(items[0], "address");
  REQUIRE(address != nullptr);
  CHECK(items[0].from.pending);
  CHECK(items[0].received_ms == 0);
  CHECK(is_null(address->before->value));
  const HistoryChange* phone = find(items[1], "phone");
  REQUIRE(phone != nullptr);
  CHECK(words(*phone->before) == "13800138000");
  CHECK(words(phone->after) == "13900139000");
  CHECK(phone->newest);
  CHECK(items[1].from.author == "许文静");
  CHECK(items[1].from.device == two->me().device);
  CHECK(items[1].received_ms > 0);
  CHECK(items[1].from.at_ms > items[2].from.at_ms);
  CHECK(items[2].from.author == "林晓雯");
  CHECK(!find(items[2], "phone")->newest);
  CHECK(items[3].changes.front().kind == Kind::Created);
  CHECK(words(find(items[3], "name")->after) == "王桂兰");
}

TEST_CASE("without a network the time line has what is on the device, and says what is missing") {
  Village village;
  AppDevice one(village.bank, village.bank.officer, 73);
  REQUIRE(one.sync());
  for (const char* phone : {"13800138000", "13900139000"}) {
    village.write(one, "phone", phone);
    REQUIRE(one.sync());
  }
  RecordHistory history(*one, village.customer);
  CHECK(history.state() == State::Here);
  one.online = false;
  history.ask();
  CHECK(history.state() == State::Asking);
  one.settle();
  CHECK(history.state() == State::Here);
  REQUIRE(history.trouble());
  CHECK(history.trouble()->code == ErrorCode::Unavailable);
  const HistoryItem& here = newest(history.items(), "phone");
  CHECK(words(find(here, "phone")->after) == "13900139000");
  CHECK(!find(here, "phone")->before);
  CHECK(plan_taking_back(*one, here, true).bar == UndoBar::Unknown);

  one.online = true;
  asked(one, history);
  CHECK(find(newest(history.items(), "phone"), "phone")->before);
  // What was known stays when the line is gone again, own new changes on top.
  one.online = false;
  village.write(one, "phone", "13700137000");
  history.ask();
  one.settle();
  CHECK(history.state() == State::Whole);
  CHECK(history.trouble());
  CHECK(words(*find(history.items().front(), "phone")->before) == "13900139000");
}

TEST_CASE("a long history comes in pages, and once more only what is new") {
  Village village;
  AppDevice one(village.bank, village.bank.officer, 74);
  one.page_max = 3;
  REQUIRE(one.sync());
  for (int i = 0; i < 10; ++i) {
    village.bank.clock.advance_ms(1'000);
    village.write(one, "address", "石桥村" + std::to_string(i) + "组");
  }
  REQUIRE(one.sync());
  RecordHistory history(*one, village.customer);
  CHECK(asked(one, history).size() == 11);
  village.write(one, "address", "大柳村");
  REQUIRE(one.sync());
  CHECK(asked(one, history).size() == 12);
  CHECK(history.entries() == 12);
  for (std::size_t i = 0; i + 2 < history.items().size(); ++i) {
    CHECK(find(history.items()[i], "address")->before ==
          find(history.items()[i + 1], "address")->after);
  }
}

TEST_CASE("a record that headquarters does not have yet has its history here") {
  Village village;
  AppDevice one(village.bank, village.bank.officer, 75);
  REQUIRE(one.sync());
  Form form = Form::create(*one, *one->names().customer, kNoRow);
  form.item("name")->text = "李建国";
  village.customer = form.save(*one).value();
  village.write(one, "address", "石桥村");
  RecordHistory history(*one, village.customer);
  const auto& items = asked(one, history);
  REQUIRE(items.size() == 2);
  CHECK(items[1].changes.front().kind == Kind::Created);
  CHECK(plan_taking_back(*one, items[1], false).bar == UndoBar::Kept);
}

TEST_CASE("of two who wrote at once the time line has both, and which of them counts") {
  Village village;
  AppDevice one(village.bank, village.bank.officer, 76);
  AppDevice two(village.bank, village.bank.colleague, 77);
  REQUIRE(one.sync());
  REQUIRE(two.sync());
  village.write(one, "email", "early@qinghe.cn");
  village.write(one, "phone", "13800138000");
  village.bank.clock.advance_ms(60'000);
  village.write(two, "email", "late@qinghe.cn");
  village.write(two, "phone", "13900139000");
  for (AppDevice* device : {&two, &one, &two}) REQUIRE(device->sync());
  RecordHistory history(*two, village.customer);
  const auto& items = asked(two, history);
  std::vector<Outcome> emails, phones;
  for (const HistoryItem& item : items) {
    const HistoryChange *email = find(item, "email"), *phone = find(item, "phone");
    if (email != nullptr) emails.push_back(email->outcome);
    if (phone != nullptr) phones.push_back(phone->outcome);
    const bool lost = email != nullptr && email->outcome == Outcome::Lost;
    if (!lost) continue;
    CHECK(words(email->after) == "early@qinghe.cn");
    CHECK(plan_taking_back(*one, item, true).parts == 0);
  }
  CHECK(emails == std::vector{Outcome::Lost, Outcome::Ok});
  CHECK(phones == std::vector{Outcome::Sibling, Outcome::Ok});
}

TEST_CASE("one change is taken back by an ordinary commit, which everybody gets") {
  Village village;
  AppDevice one(village.bank, village.bank.officer, 78);
  AppDevice two(village.bank, village.bank.colleague, 79);
  REQUIRE(one.sync());
  village.write(one, "phone", "13800138000");
  village.write(one, "address", "石桥村");
  REQUIRE(one.sync());
  REQUIRE(two.sync());
  village.write(two, "phone", "13900139000");
  village.write(two, "about", "种粮二十亩\n儿子在城里");
  REQUIRE(two.sync());
  REQUIRE(one.sync());
  RecordHistory history(*one, village.customer);
  const HistoryItem wrong = newest(asked(one, history), "phone");
  const TakingBack plan = plan_taking_back(*one, wrong, false);
  CHECK(plan.parts == 1);
  CHECK(plan.bar == UndoBar::None);
  CHECK(!plan.asks);
  REQUIRE(take_back(*one, village.customer, wrong, false));
  CHECK(village.read(one, "phone") == "13800138000");
  CHECK(village.read(one, "address") == "石桥村");
  const HistoryItem text = newest(history.items(), "about");
  REQUIRE(take_back(*one, village.customer, text, false));
  CHECK(village.read(one, "about").empty());
  REQUIRE(one.sync());
  REQUIRE(two.sync());
  CHECK(village.read(two, "phone") == "13800138000");
  CHECK(village.read(two, "about").empty());
  // It is a change like any other: it stands in the time line and is taken back itself.
  const HistoryItem back = newest(asked(one, history), "phone");
  CHECK(words(*find(back, "phone")->before) == "13900139000");
  REQUIRE(take_back(*one, village.customer, back, false));
  CHECK(village.read(one, "phone") == "13900139000");
  REQUIRE(undo(*one));
  CHECK(village.read(one, "phone") == "13800138000");
}

TEST_CASE("what has something newer over it is taken back only when the person says so") {
  Village village;
  AppDevice one(village.bank, village.bank.officer, 80);
  REQUIRE(one.sync());
  for (const char* phone : {"13800138000", "13900139000", "13700137000"}) {
    village.bank.clock.advance_ms(1'000);
    village.write(one, "phone", phone);
  }
  REQUIRE(one.sync());
  RecordHistory history(*one, village.customer);
  const HistoryItem second = asked(one, history)[1];
  REQUIRE(words(find(second, "phone")->after) == "13900139000");
  const TakingBack plan = plan_taking_back(*one, second, false);
  CHECK(plan.parts == 0);
  CHECK(plan.newer == 1);
  CHECK(plan.bar == UndoBar::Newer);
  CHECK(take_back(*one, village.customer, second, false).error().code == ErrorCode::Refused);
  CHECK(village.read(one, "phone") == "13700137000");
  REQUIRE(take_back(*one, village.customer, second, true));
  CHECK(village.read(one, "phone") == "13800138000");
  // The same where the newer one came after the time line was read.
  const HistoryItem last = asked(one, history)[0];
  village.write(one, "phone", "13600136000");
  CHECK(plan_taking_back(*one, last, false).bar == UndoBar::Newer);
}

TEST_CASE("tags, parts of a record and what was deleted are taken back; evidence is not") {
  Village village;
  const RowId tag = village.bank.add("tag", {{"name", std::string("种粮大户")}});
  AppDevice one(village.bank, village.bank.officer, 81);
  REQUIRE(one.sync());
  const RowId visit = plan_visit(*one, village.customer, 1, 20'600, -1).value();
  REQUIRE(set_tag(*one, village.customer, tag, true));
  REQUIRE(add_interaction(*one, village.customer, 1, 1, "来电").ok());
  REQUIRE(one.sync());
  RecordHistory history(*one, village.customer);
  const auto items = asked(one, history);
  REQUIRE(items.size() == 4);
  CHECK(plan_taking_back(*one, items[0], true).bar == UndoBar::Kept);
  CHECK(find(items[1], "tags")->after.elements == std::vector{number(tag)});
  REQUIRE(take_back(*one, village.customer, items[1], false));
  CHECK(read_customer(*one, village.customer)->tags.empty());
  CHECK(items[2].changes.front().kind == Kind::Created);
  REQUIRE(take_back(*one, village.customer, items[2], false));
  const Entity& plan = *one->names().visit_plan;
  CHECK(!one->replica().load(plan, visit)->alive());
  REQUIRE(one.sync());
  const HistoryItem deleted = asked(one, history).front();
  CHECK(deleted.changes.front().kind == Kind::Deleted);
  REQUIRE(take_back(*one, village.customer, deleted, false));
  CHECK(one->replica().load(plan, visit)->alive());
  REQUIRE(one.sync());
  CHECK(asked(one, history).front().changes.front().kind == Kind::Restored);
}

TEST_CASE("two records that were found to be one person are parted from the time line") {
  Village village;
  const RowId other = village.add_customer("王桂蘭");
  AppDevice hq(village.bank, village.bank.analyst, 82);
  AppDevice officer(village.bank, village.bank.officer, 83);
  REQUIRE(hq.sync());
  const Entity& customer = *hq->names().customer;
  REQUIRE(ask_for(*hq, customer, other, *customer.field("same_as"), Value{village.customer}));
  REQUIRE(hq.sync());
  REQUIRE(officer.sync());
  RecordHistory theirs(*officer, other);
  const HistoryItem joined = newest(asked(officer, theirs), "same_as");
  CHECK(row_of(find(joined, "same_as")->after.value) == village.customer);
  CHECK(plan_taking_back(*officer, joined, false).bar == UndoBar::Decided);
  RecordHistory history(*hq, other);
  const HistoryItem same = newest(asked(hq, history), "same_as");
  CHECK(plan_taking_back(*hq, same, false).asks);
  REQUIRE(take_back(*hq, other, same, false));
  CHECK(plan_taking_back(*hq, same, false).bar == UndoBar::Decided);  // asked already
  REQUIRE(hq.sync());
  REQUIRE(officer.sync());
  CHECK(records_of(*officer, other) == std::vector{other});
}

TEST_CASE("whatever was written where, the time line ends at what the record shows") {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    CAPTURE(seed);
    Village village;
    AppDevice one(village.bank, village.bank.officer, 900 + seed);
    AppDevice two(village.bank, village.bank.colleague, 950 + seed);
    SeededRandom random(seed);
    const auto roll = [&](std::uint64_t sides) { return random.below(sides); };
    REQUIRE(one.sync());
    REQUIRE(two.sync());
    for (int step = 0; step < 40; ++step) {
      AppDevice& device = roll(2) == 0 ? one : two;
      village.bank.clock.advance_ms(static_cast<std::int64_t>(roll(5'000)));
      switch (roll(5)) {
        case 0: village.write(device, "email", std::to_string(step) + "@qinghe.cn"); break;
        case 1: village.write(device, "address", "第" + std::to_string(step) + "组"); break;
        case 2:
          village.write(device, "about",
                        village.read(device, "about") + "\n第" + std::to_string(step) + "行");
          break;
        case 3: REQUIRE(device.sync()); break;
        default: {
          RecordHistory history(*device, village.customer);
          const auto items = asked(device, history);
          const HistoryItem& item = items[static_cast<std::size_t>(roll(items.size()))];
          const bool over = roll(2) == 0;
          const bool can = plan_taking_back(*device, item, over).parts > 0;
          CHECK(take_back(*device, village.customer, item, over).ok() == can);
        }
      }
    }
    for (AppDevice* device : {&one, &two, &one}) REQUIRE(device->sync());
    RecordHistory history(*one, village.customer);
    const auto items = asked(one, history);
    const Row row = one->replica().load(*one->names().customer, village.customer).value();
    for (const char* name : {"email", "address", "about"}) {
      const Field& field = *one->names().customer->field(name);
      const auto last = std::find_if(items.begin(), items.end(), [&](const HistoryItem& item) {
        const HistoryChange* change = find(item, name);
        return change != nullptr && change->outcome == Outcome::Ok;
      });
      // A conflict shows the latest of its values, which need not have come last.
      if (last == items.end() || in_conflict(row, field.no)) continue;
      CHECK(find(*last, name)->after == cell_state(row, field));
    }
  }
}
