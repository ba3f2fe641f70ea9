// The app's own day on the shipped packs: what an officer does on a tablet, with and
// without a line, and what the others then see.
#include <doctest/doctest.h>

#include <algorithm>

#include "tests/unit/shared/app/app_bank.h"

using namespace banyan;
using namespace banyan::test;

namespace {

struct Day {
  Day() {
    customer = bank.add("customer", {{"name", std::string("王桂兰")},
                                     {"kind", bank.choice("customer", "kind", "person")},
                                     {"phone", std::string("13800138000")},
                                     {"owner", bank.officer},
                                     {"co_owner", bank.colleague},
                                     {"branch", bank.branch}});
    account = bank.add("account",
                       {{"product", bank.product},
                        {"number", std::string("6217000012345678")},
                        {"balance", std::int64_t{12'345'67}},
                        {"as_of", AppBank::kMorning},
                        {"status", bank.choice("account", "status", "active")}},
                       customer);
    bank.add("txn",
             {{"account", account},
              {"booked_on", std::int64_t{20'558}},
              {"amount", std::int64_t{500'00}},
              {"kind", bank.choice("txn", "kind", "deposit")}},
             customer);
    bank.add("request",
             {{"subject", std::string("补发存折")},
              {"state", bank.choice("request", "state", "working")},
              {"opened_at", AppBank::kMorning}},
             customer);
  }

  AppBank bank{BANYAN_SOURCE_DIR};
  RowId customer{}, account{};
};

RowId save_new(AppDevice& device, std::string_view entity, RowId customer,
               const std::function<void(Form&)>& fill) {
  Form form = Form::create(*device, *device->catalogue().entity(entity), customer);
  fill(form);
  const Result<RowId> saved = form.save(*device);
  REQUIRE_MESSAGE(saved.ok(), (saved.ok() ? "" : saved.error().detail));
  return *saved;
}

void change(AppDevice& device, RowId customer, std::string_view field, const std::string& text) {
  auto form = Form::edit(*device, *device->names().customer, customer);
  REQUIRE(form.ok());
  REQUIRE(form->item(field) != nullptr);
  form->item(field)->text = text;
  REQUIRE(form->save(*device).ok());
}

const FieldView* field_of(const RecordView& record, std::string_view name) {
  const auto at = std::find_if(record.fields.begin(), record.fields.end(),
                               [&](const FieldView& f) { return f.field->name == name; });
  return at == record.fields.end() ? nullptr : &*at;
}

}  // namespace

TEST_CASE("without a line one customer shows data, accounts, transactions and requests [R1]") {
  Day day;
  AppDevice tablet(day.bank, day.bank.officer, 21);
  REQUIRE(tablet.sync());
  tablet.online = false;
  tablet.restart();
  const auto head = read_customer(*tablet, day.customer);
  REQUIRE(head.ok());
  CHECK(head->name == "王桂兰");
  CHECK(head->requests_open == 1);
  const auto accounts = read_accounts(*tablet, day.customer);
  REQUIRE(accounts.size() == 1);
  CHECK(accounts[0].balance_minor == 12'345'67);
  CHECK(accounts[0].number_tail == "5678");
  CHECK(accounts[0].as_of_ms == AppBank::kMorning);
  const auto booked = read_transactions(*tablet, day.customer, kNoRow, 10);
  REQUIRE(booked.size() == 1);
  CHECK(booked[0].amount_minor == 500'00);
  CHECK_FALSE(booked[0].unposted);
  CHECK(read_children(*tablet, *tablet->names().request, day.customer).size() == 1);
}

TEST_CASE("an officer's cash entry stands beside the mirror, unposted until confirmed [R43]") {
  Day day;
  AppDevice tablet(day.bank, day.bank.officer, 22);
  REQUIRE(tablet.sync());
  tablet.online = false;
  const RowId entry = save_new(tablet, "own_entry", day.customer, [&](Form& form) {
    form.item("kind")->choice = day.bank.choice("own_entry", "kind", "deposit");
    form.item("amount")->text = "300.00";
    form.item("account")->ref = day.account;
    form.item("receipt_no")->text = "A-0001";
  });
  auto list = read_transactions(*tablet, day.customer, kNoRow, 10);
  REQUIRE(list.size() == 2);
  CHECK(list[0].id == entry);
  CHECK(list[0].unposted);
  CHECK(list[0].amount_minor == 300'00);
  CHECK(list[0].account == day.account);
  CHECK_FALSE(list[0].has_balance);
  // The balance is the core bank's alone, and its account is no form to fill in.
  CHECK(read_accounts(*tablet, day.customer)[0].balance_minor == 12'345'67);
  CHECK_FALSE(tablet->me().may(*tablet->names().account, kUpdate));

  tablet.online = true;
  REQUIRE(tablet.sync());
  day.bank.decide("own_entry", entry, day.customer,
                  {{"state", day.bank.choice("own_entry", "state", "posted")}});
  REQUIRE(tablet.sync());
  list = read_transactions(*tablet, day.customer, kNoRow, 10);
  CHECK(std::none_of(list.begin(), list.end(), [](const auto& t) { return t.unposted; }));
}

TEST_CASE("preferences and needs are written offline with source and date, and arrive [R2]") {
  Day day;
  AppDevice tablet(day.bank, day.bank.officer, 23);
  AppDevice other(day.bank, day.bank.colleague, 24);
  REQUIRE(tablet.sync());
  tablet.online = false;
  for (const char* kind : {"preference", "need"}) {
    save_new(tablet, kind, day.customer, [&](Form& form) {
      form.item("topic")->choice = form.item("topic")->field->choices.front().no;
      form.item("text")->text = "上午有空";
      form.item("source")->choice = form.item("source")->field->choices.front().no;
    });
  }
  tablet.online = true;
  REQUIRE(tablet.sync());
  REQUIRE(other.sync());
  for (const Entity* entity : {other->names().preference, other->names().need}) {
    const auto seen = read_children(*other, *entity, day.customer);
    REQUIRE(seen.size() == 1);
    CHECK(text_of(field_of(seen[0], "text")->value) == "上午有空");
    CHECK(int_of(field_of(seen[0], "source")->value) != 0);
    CHECK(int_of(field_of(seen[0], "noted_on")->value) == tablet->today());
    CHECK(field_of(seen[0], "text")->from.author == "林晓雯");
  }
}

TEST_CASE("what one person changes another sees after one sync, with its age [R23]") {
  Day day;
  AppDevice a(day.bank, day.bank.officer, 25), b(day.bank, day.bank.colleague, 26);
  REQUIRE(a.sync());
  REQUIRE(b.sync());
  day.bank.clock.advance_ms(3'600'000);
  const std::int64_t written = day.bank.clock.wall_ms();
  change(a, day.customer, "address", "柳河镇三组 12 号");
  REQUIRE(a.sync());
  REQUIRE(b.sync());
  const auto record = read_record(*b, *b->names().customer, day.customer);
  REQUIRE(record.ok());
  const FieldView* address = field_of(*record, "address");
  CHECK(text_of(address->value) == "柳河镇三组 12 号");
  CHECK(address->from.author == "林晓雯");
  CHECK(address->from.device == a->me().device);
  CHECK(address->from.at_ms >= written);
  CHECK(address->from.at_ms < written + 5'000);
  CHECK_FALSE(address->from.pending);
}

TEST_CASE("calls, chats, mails and visits stand in one list, written offline [R31] [R44]") {
  Day day;
  AppDevice tablet(day.bank, day.bank.officer, 27);
  REQUIRE(tablet.sync());
  tablet.online = false;
  const std::int64_t out = day.bank.choice("interaction", "direction", "out");
  for (const char* channel : {"phone", "chat", "email"}) {
    day.bank.clock.advance_ms(60'000);
    REQUIRE(add_interaction(*tablet, day.customer,
                            day.bank.choice("interaction", "channel", channel), out,
                            std::string("说到 ") + channel, day.bank.product)
                .ok());
  }
  day.bank.clock.advance_ms(60'000);
  VisitReport visit;
  visit.customer = day.customer;
  visit.purpose = tablet->names().visit->field("purpose")->choices.front().no;
  visit.outcome = tablet->names().visit->field("outcome")->choices.front().no;
  visit.note = "在家";
  visit.product = day.bank.product;
  visit.arrived_ms = day.bank.clock.wall_ms();
  REQUIRE(save_visit(*tablet, visit).ok());
  tablet.restart();
  const auto lines = read_timeline(*tablet, day.customer, 50);
  const std::string product = title_of(*tablet, *tablet->names().product, day.bank.product);
  REQUIRE_FALSE(product.empty());
  std::vector<std::string> texts;
  for (const TimelineItem& line : lines) {
    const bool contact =
        line.kind == TimelineItem::Kind::Interaction || line.kind == TimelineItem::Kind::Visit;
    if (!contact) continue;
    texts.push_back(line.text);
    CHECK(line.who == "林晓雯");
    CHECK(line.product == product);
    CHECK(line.mark == SyncMark::Saved);
  }
  CHECK(texts == std::vector<std::string>{"在家", "说到 email", "说到 chat", "说到 phone"});
}

TEST_CASE("a record that is named by another one bears its title") {
  Day day;
  AppDevice headquarters(day.bank, day.bank.analyst, 35);
  const RowId device = day.bank.add("device", {{"number", std::int64_t{77}}});
  const RowId report = day.bank.add("device_report", {{"device", device}});
  REQUIRE(headquarters.sync());
  const Catalogue& packs = headquarters->catalogue();
  CHECK(title_of(*headquarters, *packs.entity("device"), device) == "77");
  CHECK(title_of(*headquarters, *packs.entity("device_report"), report) == "77");
}

TEST_CASE("three tablets agree, whatever the order they come back in [W4]") {
  for (const bool last_first : {false, true}) {
    CAPTURE(last_first);
    Day day;
    AppDevice a(day.bank, day.bank.officer, 28), b(day.bank, day.bank.colleague, 29),
        c(day.bank, day.bank.officer, 30);
    for (AppDevice* one : {&a, &b, &c}) REQUIRE(one->sync());
    day.bank.clock.advance_ms(1'000);
    change(a, day.customer, "employer", "农资站");
    day.bank.clock.advance_ms(1'000);
    change(b, day.customer, "employer", "供销社");
    change(b, day.customer, "email", "w@example.com");
    change(c, day.customer, "wechat", "wgl66");
    std::vector<AppDevice*> order{&a, &b, &c};
    if (last_first) std::reverse(order.begin(), order.end());
    for (AppDevice* one : order) REQUIRE(one->sync());
    for (AppDevice* one : order) REQUIRE(one->sync());
    for (AppDevice* one : order) {
      const auto record = read_record(**one, *(*one)->names().customer, day.customer);
      REQUIRE(record.ok());
      CHECK(text_of(field_of(*record, "employer")->value) == "供销社");
      CHECK(text_of(field_of(*record, "email")->value) == "w@example.com");
      CHECK(text_of(field_of(*record, "wechat")->value) == "wgl66");
      CHECK(read_conflicts(**one).empty());
    }
  }
}

TEST_CASE("both phone numbers stay, with who, when and which device, until one is chosen [W5]") {
  Day day;
  AppDevice a(day.bank, day.bank.officer, 31), b(day.bank, day.bank.colleague, 32);
  REQUIRE(a.sync());
  REQUIRE(b.sync());
  const std::int64_t first = day.bank.clock.wall_ms();
  change(a, day.customer, "phone", "13900139001");
  day.bank.clock.advance_ms(600'000);
  change(b, day.customer, "phone", "13900139002");
  for (AppDevice* one : {&a, &b, &a}) REQUIRE(one->sync());
  for (AppDevice* one : {&a, &b}) {
    const auto conflicts = read_conflicts(**one);
    REQUIRE(conflicts.size() == 1);
    CHECK(conflicts[0].field->name == "phone");
    CHECK(conflicts[0].title == "王桂兰");
    REQUIRE(conflicts[0].choices.size() == 2);
    for (const ConflictChoice& choice : conflicts[0].choices) {
      const bool of_a = text_of(choice.value) == "13900139001";
      CHECK(choice.from.author == (of_a ? "林晓雯" : "许文静"));
      CHECK(choice.from.device == (of_a ? a->me().device : b->me().device));
      CHECK(choice.from.at_ms >= first + (of_a ? 0 : 600'000));
      CHECK(choice.from.at_ms < first + (of_a ? 600'000 : 1'200'000));
      CHECK(choice.mine == (of_a == (one == &a)));
    }
  }
  const ConflictItem conflict = read_conflicts(*b)[0];
  REQUIRE(resolve_conflict(*b, conflict, std::string("13900139001")).ok());
  for (AppDevice* one : {&b, &a}) REQUIRE(one->sync());
  for (AppDevice* one : {&a, &b}) {
    CHECK(read_conflicts(**one).empty());
    const auto record = read_record(**one, *(*one)->names().customer, day.customer);
    CHECK(text_of(field_of(*record, "phone")->value) == "13900139001");
  }
}

TEST_CASE(
    "a day without a line: what was saved is there after a restart, and nothing is lost [W2]") {
  Day day;
  AppDevice tablet(day.bank, day.bank.officer, 33);
  REQUIRE(tablet.sync());
  tablet.online = false;
  const RowId fresh = save_new(tablet, "customer", kNoRow, [&](Form& form) {
    form.item("name")->text = "欧阳晓棠";
    form.item("phone")->text = "13700137000";
  });
  CHECK_FALSE(tablet.sync());
  tablet.restart();
  CustomerList list(*tablet);
  list.ask_for("oyxt", {}, CustomerSort::Best);
  REQUIRE(list.size() == 1);
  CHECK(list.id_at(0) == fresh);
  CHECK(read_outbox(*tablet, 10).size() == 1);
  tablet.online = true;
  REQUIRE(tablet.sync());
  AppDevice headquarters(day.bank, day.bank.analyst, 34);
  REQUIRE(headquarters.sync());
  const auto head = read_customer(*headquarters, fresh);
  REQUIRE(head.ok());
  CHECK(head->name == "欧阳晓棠");
}

TEST_CASE("saved, sent, received and safe are true for each change, and a restart forgets none") {
  Day day;
  AppDevice tablet(day.bank, day.bank.officer, 36);
  REQUIRE(tablet.sync());
  change(tablet, day.customer, "email", "w@example.com");
  const auto is = [&](SyncMark mark) {
    const auto record = read_record(*tablet, *tablet->names().customer, day.customer);
    // A row may come back with its place in the order before its commit is acknowledged.
    const bool back = mark == SyncMark::Sent && record->mark == SyncMark::Received;
    CHECK((record->mark == mark || back));
    CHECK(read_outbox(*tablet, 1).at(0).mark == mark);
    const OutboxSummary sum = read_outbox_summary(*tablet);
    CHECK(sum.saved == (mark == SyncMark::Saved ? 1 : 0));
    CHECK(sum.sent == (mark == SyncMark::Sent ? 1 : 0));
    CHECK(sum.received == (mark == SyncMark::Received ? 1 : 0));
    CHECK(sum.safe == (mark == SyncMark::Safe ? 1 : 0));
    CHECK(read_outbox_counts(*tablet).waiting == sum.saved + sum.sent);
  };
  is(SyncMark::Saved);
  tablet.online = false;
  CHECK_FALSE(tablet.sync());
  is(SyncMark::Saved);  // an attempt is no arrival

  // So much comes the other way that the first page cannot acknowledge yet.
  const std::int64_t out = day.bank.choice("interaction", "direction", "out");
  const std::int64_t person = day.bank.choice("customer", "kind", "person");
  SeededRandom noise(4);
  for (int i = 0; i < 400; ++i) {
    std::string text;
    while (text.size() < 4'000) text += std::to_string(noise.next_u64());
    const RowId other = day.bank.add("customer", {{"name", std::string("过客")},
                                                  {"kind", person},
                                                  {"owner", day.bank.officer},
                                                  {"branch", day.bank.branch}});
    day.bank.add("interaction", {{"direction", out}, {"text", text}}, other);
  }
  tablet.restart();
  tablet.online = true;
  tablet.answers = 2;  // a challenge, and a page
  CHECK_FALSE(tablet.sync());
  is(SyncMark::Sent);
  tablet.restart();
  is(SyncMark::Sent);

  tablet.online = true;
  tablet.answers = 1'000;
  REQUIRE(tablet.sync());
  is(SyncMark::Received);
  tablet.restart();
  is(SyncMark::Received);
  REQUIRE(day.bank.store->set_stable(day.bank.store->head()));
  REQUIRE(tablet.sync());
  is(SyncMark::Safe);
  tablet.restart();
  is(SyncMark::Safe);
}

TEST_CASE("the badge of the outbox counts what waits, what is to be decided and what was refused") {
  Day day;
  AppDevice a(day.bank, day.bank.officer, 37), b(day.bank, day.bank.colleague, 38);
  REQUIRE(a.sync());
  REQUIRE(b.sync());
  change(a, day.customer, "phone", "13900139001");
  change(b, day.customer, "phone", "13900139002");
  for (AppDevice* one : {&b, &a}) REQUIRE(one->sync());
  CHECK(read_outbox_counts(*a).conflicts == 1);
  CHECK(read_outbox_counts(*a).waiting == 0);
  CHECK(read_outbox_counts(*a).blocked == 0);

  // In somebody else's name: headquarters refuses both.
  const Entity& customer = *a->names().customer;
  for (const char* text : {"a@example.com", "b@example.com"}) {
    const RowWrite write{customer.no,
                         Op::Update,
                         day.customer,
                         1,
                         {{customer.field("email")->no, std::string(text), {}}}};
    const auto author = static_cast<std::uint64_t>(number(day.bank.colleague));
    REQUIRE(a->replica().write(Draft{day.customer, author, {write}}).ok());
  }
  CHECK(read_outbox_counts(*a).waiting == 2);
  REQUIRE(a.sync());
  CHECK(read_outbox_counts(*a).waiting == 0);
  CHECK(read_outbox_counts(*a).blocked == 2);
  CHECK(read_outbox_summary(*a).blocked == 2);
}

TEST_CASE(
    "a tablet that was put back from an image goes on under its own number, by itself [I16]") {
  Day day;
  AppDevice tablet(day.bank, day.bank.officer, 1);
  REQUIRE(tablet.sync());
  AppDevice copy(tablet, 77);
  const auto fresh = [&](AppDevice& device, const std::string& name) {
    return save_new(device, "customer", kNoRow, [&](Form& form) {
      form.item("name")->text = name;
      form.item("phone")->text = "13700137000";
    });
  };
  const RowId first = fresh(tablet, "欧阳晓棠"), second = fresh(copy, "司马文");
  REQUIRE(tablet.sync());
  CHECK_FALSE(copy.sync());
  const DeviceId former = copy->me().device;
  CHECK(copy->reopen());
  copy.restart();
  CHECK(copy->me().device != former);
  REQUIRE(copy.sync());
  REQUIRE(tablet.sync());
  const Entity& customer = *copy->names().customer;
  for (AppDevice* device : {&tablet, &copy}) {
    CHECK((*device)->replica().load(customer, first)->exists);
    CHECK((*device)->replica().load(customer, second)->exists);
    CHECK((*device)->replica().pending_count() == 0);
  }
  copy.restart();  // the new keys are kept
  CHECK(copy.sync());
}

TEST_CASE("of a change that was folded nobody is named rather than somebody else [R31]") {
  Day day;
  AppDevice tablet(day.bank, day.bank.officer, 1);
  REQUIRE(tablet.sync());
  change(tablet, day.customer, "phone", "13800138001");
  REQUIRE(tablet.sync());
  REQUIRE(tablet.sync());
  const auto phone = [&](AppDevice& device) {
    const Entity& customer = *device->names().customer;
    const RecordView record = read_record(*device, customer, day.customer).value();
    for (const FieldView& field : record.fields) {
      if (field.field->name == "phone") return field;
    }
    return FieldView{};
  };
  CHECK(phone(tablet).from.device == tablet->me().device);
  REQUIRE(day.bank.store->advance_horizon(0));
  ServerStore::RowPlace from;
  REQUIRE(day.bank.store->compact(from, 10'000)->changed > 0);
  AppDevice fresh(day.bank, day.bank.officer, 9);
  REQUIRE(fresh.sync());
  CHECK(text_of(phone(fresh).value) == "13800138001");
  CHECK(phone(fresh).from.at_ms == 0);
  CHECK(phone(fresh).from.author.empty());
}
