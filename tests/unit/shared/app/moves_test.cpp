// States that a person moves, states that headquarters decides, and records of one person.
#include "shared/app/moves.h"

#include <doctest/doctest.h>

#include "tests/unit/shared/app/app_bank.h"

using namespace banyan;
using namespace banyan::test;

namespace {

struct Desk {
  Desk() {
    customer = add_customer("王桂兰");
    entry = bank.add("own_entry",
                     {{"kind", bank.choice("own_entry", "kind", "deposit")},
                      {"amount", std::int64_t{500'00}},
                      {"receipt_no", std::string("0001")},
                      {"state", bank.choice("own_entry", "state", "unposted")}},
                     customer);
  }
  RowId add_customer(const char* name) {
    return bank.add("customer", {{"name", std::string(name)},
                                 {"kind", bank.choice("customer", "kind", "person")},
                                 {"owner", bank.officer},
                                 {"branch", bank.branch}});
  }
  const Entity& entity(const char* name) { return *bank.catalogue.entity(name); }
  static const Move* move_to(AppDevice& device, const Entity& entity, RowId row,
                             std::string_view to) {
    const auto moves = read_moves(*device, entity, row).value();
    for (const MoveItem& item : moves) {
      if (item.move->to == to) return item.move;
    }
    return nullptr;
  }
  static std::int64_t state(AppDevice& device, const Entity& entity, RowId row) {
    return int_of(
        device->replica().load(entity, row)->cell(entity.field(entity.machine.field)->no));
  }

  AppBank bank{BANYAN_SOURCE_DIR};
  RowId customer{}, entry{};
};

}  // namespace

TEST_CASE("what headquarters decides is asked for, and shows as asked until it answers [R43]") {
  Desk desk;
  AppDevice hq(desk.bank, desk.bank.analyst, 21), officer(desk.bank, desk.bank.officer, 22);
  REQUIRE(hq.sync());
  REQUIRE(officer.sync());
  const Entity& entry = *hq->catalogue().entity("own_entry");
  const auto moves = read_moves(*hq, entry, desk.entry).value();
  REQUIRE(moves.size() == 2);
  CHECK(moves[0].asks);
  CHECK(moves[0].bar == MoveItem::Bar::None);
  CHECK(moves[1].bar == MoveItem::Bar::Missing);
  const auto barred =
      read_moves(*officer, *officer->catalogue().entity("own_entry"), desk.entry).value();
  CHECK(barred.size() == 2);
  for (const MoveItem& item : barred) {
    CHECK(item.bar == MoveItem::Bar::Role);
  }
  const std::int64_t unposted = desk.bank.choice("own_entry", "state", "unposted");
  REQUIRE(make_move(*hq, entry, desk.entry, *moves[0].move));
  CHECK(Desk::state(hq, entry, desk.entry) == unposted);
  const auto asked = read_asked(*hq, &entry, desk.entry);
  REQUIRE(asked.size() == 1);
  CHECK(int_of(asked[0].wanted) == desk.bank.choice("own_entry", "state", "posted"));
  CHECK(asked[0].mark == SyncMark::Saved);
  CHECK(make_move(*hq, entry, desk.entry, *moves[0].move).error().code == ErrorCode::Refused);
  CHECK(read_moves(*hq, entry, desk.entry).value()[0].bar == MoveItem::Bar::Asked);

  REQUIRE(hq.sync());
  CHECK(read_asked(*hq, nullptr, kNoRow).empty());
  REQUIRE(officer.sync());
  CHECK(Desk::state(officer, *officer->catalogue().entity("own_entry"), desk.entry) ==
        desk.bank.choice("own_entry", "state", "posted"));
}

TEST_CASE("a state of one's own moves at once, along the pack's moves, and can be taken back") {
  Desk desk;
  AppDevice officer(desk.bank, desk.bank.officer, 23);
  REQUIRE(officer.sync());
  const RowId task = add_task(*officer, desk.customer, "回访", 20'600).value();
  const Entity& entity = *officer->names().task;
  const Move* drop = Desk::move_to(officer, entity, task, "dropped");
  REQUIRE(drop != nullptr);
  CHECK(make_move(*officer, entity, task, *drop).error().code == ErrorCode::Refused);  // no reason
  const std::uint32_t reason = entity.field("reason")->no;
  REQUIRE(make_move(*officer, entity, task, *drop, {{reason, Value{std::string("搬走了")}, {}}}));
  CHECK(Desk::state(officer, entity, task) == desk.bank.choice("task", "state", "dropped"));
  CHECK(Desk::move_to(officer, entity, task, "done") == nullptr);
  REQUIRE(undo(*officer));
  CHECK(Desk::state(officer, entity, task) == desk.bank.choice("task", "state", "open"));
}

TEST_CASE("another officer is asked for by whom the pack says, and the customer moves to him") {
  Desk desk;
  AppDevice hq(desk.bank, desk.bank.analyst, 24), officer(desk.bank, desk.bank.officer, 25);
  AppDevice colleague(desk.bank, desk.bank.colleague, 26);
  for (AppDevice* device : {&hq, &officer, &colleague}) REQUIRE(device->sync());
  const auto owner = [](AppDevice& d) { return d->names().customer->field("owner"); };
  CHECK(!may_ask(*officer, *owner(officer)));
  CHECK(ask_for(*officer, *officer->names().customer, desk.customer, *owner(officer),
                Value{desk.bank.colleague})
            .error()
            .code == ErrorCode::Refused);
  REQUIRE(
      ask_for(*hq, *hq->names().customer, desk.customer, *owner(hq), Value{desk.bank.colleague}));
  const RecordView record = read_record(*hq, *hq->names().customer, desk.customer).value();
  int moved = 0;
  for (const FieldView& field : record.fields) {
    const bool owns = field.field->name == "owner";
    CHECK(field.asked.has_value() == owns);
    if (!owns) continue;
    ++moved;
    CHECK(row_of(field.value) == desk.bank.officer);  // the server's word, until it has another
    CHECK(row_of(*field.asked) == desk.bank.colleague);
  }
  CHECK(moved == 1);
  for (AppDevice* device : {&hq, &officer, &colleague}) REQUIRE(device->sync());
  CHECK(!officer->replica().load(*officer->names().customer, desk.customer)->exists);
  CHECK(colleague->replica().load(*colleague->names().customer, desk.customer)->alive());
}

TEST_CASE("records that headquarters finds to be one person are read as one, and parted again") {
  Desk desk;
  const RowId other = desk.add_customer("王桂蘭");
  AppDevice hq(desk.bank, desk.bank.analyst, 27), officer(desk.bank, desk.bank.officer, 28);
  REQUIRE(hq.sync());
  const Field& same = *hq->names().customer->field("same_as");
  REQUIRE(ask_for(*hq, *hq->names().customer, other, same, Value{desk.customer}));
  REQUIRE(hq.sync());
  REQUIRE(officer.sync());
  CHECK(main_record(*officer, other) == desk.customer);
  CHECK(records_of(*officer, other) == std::vector{desk.customer, other});
  REQUIRE(ask_for(*hq, *hq->names().customer, other, same, Value{}));
  REQUIRE(hq.sync());
  REQUIRE(officer.sync());
  CHECK(main_record(*officer, other) == other);
  CHECK(records_of(*officer, other) == std::vector{other});
}

TEST_CASE("two moves made at once that do not fit open a task to look at it, and only then [I13]") {
  Desk desk;
  AppDevice officer(desk.bank, desk.bank.officer, 29), tablet(desk.bank, desk.bank.officer, 30);
  REQUIRE(officer.sync());
  const Entity& task = *officer->names().task;
  const RowId first = add_task(*officer, desk.customer, "回访", 20'600).value();
  const RowId second = add_task(*officer, desk.customer, "补资料", 20'600).value();
  REQUIRE(officer.sync());
  REQUIRE(tablet.sync());
  const CellWrite why{task.field("reason")->no, Value{std::string("搬走了")}, {}};
  // Done here and dropped there: no move leads from the one to the other.
  REQUIRE(make_move(*officer, task, first, *Desk::move_to(officer, task, first, "done")));
  REQUIRE(make_move(*officer, task, second, *Desk::move_to(officer, task, second, "done")));
  desk.bank.clock.advance_ms(60'000);
  const Entity& same = *tablet->names().task;
  REQUIRE(make_move(*tablet, same, first, *Desk::move_to(tablet, same, first, "dropped"), {why}));
  REQUIRE(make_move(*tablet, same, second, *Desk::move_to(tablet, same, second, "done")));
  REQUIRE(officer.sync());
  REQUIRE(tablet.sync());
  CHECK(Desk::state(tablet, same, first) == desk.bank.choice("task", "state", "dropped"));
  const auto outcomes = tablet->replica().outcomes(false, 9);
  REQUIRE(outcomes.ok());
  int jumped = 0;
  for (const auto& one : *outcomes) jumped += (one.flags & sync::kJumped) != 0 ? 1 : 0;
  CHECK(jumped >= 1);
  REQUIRE(officer.sync());
  std::vector<TaskItem> reviews;
  for (const TaskItem& item : read_tasks(*officer, kNoRow)) {
    if (item.id != first && item.id != second) reviews.push_back(item);
  }
  REQUIRE(reviews.size() == 1);
  CHECK(reviews[0].title == "核对：待办 回访");
  CHECK(reviews[0].customer == desk.customer);
  CHECK(!reviews[0].done);
  // Moves that follow each other in the open are everybody's right.
  REQUIRE(tablet.sync());
  REQUIRE(make_move(*tablet, same, first, *Desk::move_to(tablet, same, first, "open")));
  REQUIRE(tablet.sync());
  REQUIRE(officer.sync());
  int now = 0;
  for (const TaskItem& item : read_tasks(*officer, kNoRow)) {
    now += item.id != first && item.id != second ? 1 : 0;
  }
  CHECK(now == 1);
}
