#include "shared/changelog/merge.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "tests/unit/shared/changelog/samples.h"

using namespace banyan;
using namespace banyan::test;

namespace {

const RowId kRoot{77};
constexpr DeviceId kA{10}, kB{11}, kC{12};

// A row on a server: every write gets the next sequence.
struct Server {
  Row row;
  std::uint64_t seq = 0;
  std::uint64_t eff = 0;  // of the last write, as the merge left it
  std::vector<OpOutcome> outcomes;

  // Returns whether the row changed; `outcomes` are those of this write.
  bool write(const Entity& entity, DeviceId device, std::uint64_t seen, std::uint64_t stamp,
             RowWrite write, bool as_server = false) {
    outcomes.clear();
    WriteContext context{device, ++seq, seen, stamp, as_server};
    const bool changed = merge(entity, kRoot, write, context, row, outcomes);
    eff = context.eff;
    return changed;
  }
  bool update(DeviceId device, std::uint64_t seen, std::uint64_t stamp, std::uint32_t field,
              Value value, std::uint32_t life = 1) {
    return write(customer(), device, seen, stamp,
                 {kCustomer, Op::Update, kRoot, life, {{field, std::move(value), {}}}});
  }
  bool element(Op op, DeviceId device, std::uint64_t seen, std::int64_t element) {
    return write(customer(), device, seen, 1'000 + seq,
                 {kCustomer, op, kRoot, 1, {{kTags, element, {}}}});
  }
  bool life(Op op, DeviceId device, std::uint64_t stamp, std::uint32_t life) {
    return write(customer(), device, seq, stamp, {kCustomer, op, kRoot, life, {}});
  }
  Outcome outcome() const { return outcomes.empty() ? Outcome::Ok : outcomes.front().outcome; }
  bool has(std::int64_t element) const {
    return std::any_of(row.siblings.begin(), row.siblings.end(),
                       [&](const Sibling& s) { return s.field == kTags && s.element == element; });
  }
  std::vector<Value> siblings(std::uint32_t field) const {
    std::vector<Value> out;
    for (const Sibling& s : row.siblings) {
      if (s.field == field) out.push_back(s.value);
    }
    return out;
  }
};

Value text(const char* t) { return std::string(t); }

// Created by A at sequence 1 with stamp 100, name "n", phone "p".
Server created() {
  Server server;
  server.write(
      customer(), kA, 0, 100,
      {kCustomer, Op::Insert, kRoot, 1, {{kName, text("n"), {}}, {kPhone, text("p"), {}}}});
  return server;
}

}  // namespace

TEST_CASE("a created row holds its cells under one stamp") {
  const Server server = created();
  CHECK(server.row.alive());
  CHECK(server.row.cell(kName) == text("n"));
  CHECK(server.row.clock.base == Stamp{1, 100, kA});
  CHECK(server.row.clock.base_seq == 1);
  CHECK(server.row.clock.cells.empty());
  CHECK(server.row.siblings.empty());
}

TEST_CASE("a register shows the later of two concurrent writes, and the other one reads Lost") {
  Server server = created();
  CHECK(server.update(kB, 1, 300, kName, text("b")));
  CHECK_FALSE(server.update(kC, 1, 200, kName, text("c")));
  CHECK(server.outcome() == Outcome::Lost);
  CHECK(server.row.cell(kName) == text("b"));
  CHECK(server.update(kA, 1, 400, kName, text("a")));
  CHECK(server.row.cell(kName) == text("a"));
}

TEST_CASE("equal stamps: the larger device number is shown, whoever came first") {
  for (const bool b_first : {true, false}) {
    Server server = created();
    server.update(b_first ? kB : kC, 1, 300, kName, text(b_first ? "b" : "c"));
    server.update(b_first ? kC : kB, 1, 300, kName, text(b_first ? "c" : "b"));
    CHECK(server.row.cell(kName) == text("c"));
  }
}

TEST_CASE("what an author saw never beats him: a clock that is behind is raised [I6]") {
  Server server = created();
  server.update(kB, 1, 5'000, kName, text("b"));
  CHECK(server.update(kC, 2, 200, kName, text("c")));
  CHECK(server.outcome() == Outcome::Ok);
  CHECK(server.row.cell(kName) == text("c"));
  CHECK(server.row.clock.of(kName).stamp.hlc == 5'001);
  CHECK(server.eff == 5'001);  // the device's next clamped stamp goes on from here
}

TEST_CASE("a device always saw its own writes, whatever `seen` says") {
  Server server = created();
  server.update(kB, 1, 500, kName, text("first"));
  CHECK(server.update(kB, 0, 400, kName, text("second")));
  CHECK(server.row.cell(kName) == text("second"));
}

TEST_CASE("writing null clears a cell, and an older concurrent write does not bring it back") {
  Server server = created();
  CHECK(server.update(kB, 1, 300, kName, {}));
  CHECK(server.row.cell(kName) == Value{});
  CHECK_FALSE(server.update(kC, 1, 200, kName, text("c")));
  CHECK(server.row.cell(kName) == Value{});
}

TEST_CASE("a cell that nobody wrote yet takes any write, also one behind the creation's stamp") {
  Server server = created();
  CHECK(server.update(kB, 0, 50, kTitle, text("t")));
  CHECK(server.row.cell(kTitle) == text("t"));
  CHECK(server.siblings(kTitle).empty());
}

TEST_CASE("two who change one phone number keep both, and one is shown [I8]") {
  Server server = created();
  server.update(kB, 1, 300, kPhone, text("b"));
  CHECK(server.outcome() == Outcome::Ok);
  CHECK(server.siblings(kPhone).empty());  // one value needs no entry
  server.update(kC, 1, 200, kPhone, text("c"));
  CHECK(server.outcome() == Outcome::Sibling);
  CHECK(server.row.cell(kPhone) == text("b"));
  CHECK(server.siblings(kPhone) == std::vector<Value>{text("b"), text("c")});
  CHECK(in_conflict(server.row, kPhone));
}

TEST_CASE("each of several values says when it was written") {
  Server server = created();
  server.update(kB, 1, 300, kPhone, text("b"));
  server.update(kC, 1, 200, kPhone, text("c"));
  REQUIRE(server.row.siblings.size() == 2);
  CHECK(server.row.siblings[0].hlc == 300);
  CHECK(server.row.siblings[1].hlc == 200);
  // A saw b (300), so its slow clock's 150 counts as just after it.
  server.update(kA, 2, 150, kPhone, text("a"));
  REQUIRE(server.row.siblings.size() == 2);
  CHECK(server.row.siblings[0].hlc == server.eff);
  CHECK(server.eff == 301);
  CHECK(server.row.clock.of(kPhone).stamp.hlc == 301);
}

TEST_CASE("only a write that saw both values settles a conflict [I8]") {
  Server server = created();
  server.update(kB, 1, 300, kPhone, text("b"));  // 2
  server.update(kC, 1, 200, kPhone, text("c"));  // 3
  server.update(kA, 2, 400, kPhone, text("a"));  // 4: saw b, not c
  CHECK(server.siblings(kPhone) == std::vector<Value>{text("a"), text("c")});
  CHECK(in_conflict(server.row, kPhone));
  server.update(kA, 4, 350, kPhone, text("c"));
  CHECK(server.outcome() == Outcome::Ok);
  CHECK(server.siblings(kPhone).empty());
  CHECK_FALSE(in_conflict(server.row, kPhone));
  CHECK(server.row.cell(kPhone) == text("c"));
}

TEST_CASE("two who write the same number agree: two siblings, no conflict") {
  Server server = created();
  server.update(kB, 1, 300, kPhone, text("same"));
  server.update(kC, 1, 200, kPhone, text("same"));
  CHECK(server.siblings(kPhone).size() == 2);
  CHECK_FALSE(in_conflict(server.row, kPhone));
  CHECK(server.outcome() == Outcome::Lost);
}

TEST_CASE("a cleared number and a new one are a conflict too") {
  Server server = created();
  server.update(kB, 1, 300, kPhone, {});
  server.update(kC, 1, 200, kPhone, text("c"));
  CHECK(server.siblings(kPhone) == std::vector<Value>{Value{}, text("c")});
  CHECK(in_conflict(server.row, kPhone));
}

TEST_CASE("conflicts of two guarded fields do not touch each other") {
  Server server = created();
  server.update(kB, 1, 300, kTitle, text("tb"));
  server.update(kC, 1, 200, kTitle, text("tc"));
  server.update(kB, 1, 300, kPhone, text("pb"));
  server.update(kC, 1, 200, kPhone, text("pc"));
  CHECK(server.siblings(kPhone).size() == 2);
  CHECK(server.siblings(kTitle).size() == 2);
  CHECK(std::is_sorted(server.row.siblings.begin(), server.row.siblings.end(),
                       [](const Sibling& a, const Sibling& b) { return a.field < b.field; }));
  server.update(kA, server.seq, 900, kPhone, text("pa"));
  CHECK(server.siblings(kPhone).empty());
  CHECK(server.siblings(kTitle).size() == 2);
}

TEST_CASE("a counter is the sum of its deltas, negative ones and the first one included [I5]") {
  Server server;
  server.write(customer(), kA, 0, 100,
               {kCustomer, Op::Insert, kRoot, 1, {{kVisits, std::int64_t{2}, {}}}});
  server.update(kB, 0, 300, kVisits, std::int64_t{5});
  server.update(kC, 0, 200, kVisits, std::int64_t{-4});
  CHECK(server.outcome() == Outcome::Ok);
  CHECK(server.row.cell(kVisits) == Value{std::int64_t{3}});
  CHECK(server.row.clock.of(kVisits).seq == 3);  // so that a page finds the change
  server.update(kB, 3, 400, kVisits, std::int64_t{-3});
  CHECK(server.row.cell(kVisits) == Value{std::int64_t{0}});
}

TEST_CASE("an absurd sum wraps instead of breaking") {
  Server server = created();
  server.update(kB, 1, 300, kVisits, INT64_MAX);
  server.update(kB, 1, 301, kVisits, std::int64_t{1});
  CHECK(server.row.cell(kVisits) == Value{INT64_MIN});
}

TEST_CASE("adding wins over a concurrent removal; a removal takes what it saw") {
  Server server = created();
  server.element(Op::Add, kB, 1, 5);     // 2
  server.element(Op::Remove, kC, 2, 5);  // 3
  CHECK_FALSE(server.has(5));
  server.element(Op::Add, kB, 2, 5);     // 4
  server.element(Op::Remove, kC, 3, 5);  // 5: did not see 4
  CHECK(server.has(5));
  server.element(Op::Remove, kC, 4, 5);
  CHECK_FALSE(server.has(5));
  CHECK(server.row.clock.of(kTags).seq == 6);  // a page learns of the removal
}

TEST_CASE("two adds need a removal that saw both") {
  Server server = created();
  server.element(Op::Add, kB, 1, 5);     // 2
  server.element(Op::Add, kC, 1, 5);     // 3
  server.element(Op::Remove, kA, 2, 5);  // 4: saw only B's
  CHECK(server.has(5));
  server.element(Op::Remove, kA, 3, 5);
  CHECK_FALSE(server.has(5));
}

TEST_CASE("elements are kept apart; row ids can be elements") {
  Server server = created();
  server.element(Op::Add, kB, 1, 5);
  server.element(Op::Add, kB, 1, 6);
  server.element(Op::Remove, kB, 1, 5);
  CHECK_FALSE(server.has(5));
  CHECK(server.has(6));
  CHECK(
      server.write(customer(), kB, 1, 900, {kCustomer, Op::Add, kRoot, 1, {{kMet, RowId{6}, {}}}}));
  CHECK(server.row.siblings.size() == 2);
}

TEST_CASE("a deleted row is not alive, keeps merging, and comes back with what was written") {
  Server server = created();
  CHECK(server.life(Op::Delete, kB, 300, 2));
  CHECK_FALSE(server.row.alive());
  CHECK(server.update(kC, 1, 400, kName, text("c")));
  CHECK(server.outcome() == Outcome::DeadRow);
  CHECK(server.life(Op::Undelete, kB, 500, 3));
  CHECK(server.row.alive());
  CHECK(server.row.cell(kName) == text("c"));
}

TEST_CASE("the higher life wins over any stamp; of equal ones the larger stamp, Ok for both") {
  Server server = created();
  server.life(Op::Delete, kB, 300, 2);
  server.life(Op::Undelete, kB, 400, 3);
  CHECK_FALSE(server.life(Op::Delete, kC, 9'000, 2));
  CHECK(server.outcome() == Outcome::Lost);
  CHECK(server.row.alive());
  CHECK(server.life(Op::Delete, kC, 100, 4));
  CHECK(server.life(Op::Delete, kA, 200, 4));
  CHECK_FALSE(server.life(Op::Delete, kB, 150, 4));
  CHECK(server.outcome() == Outcome::Ok);
  CHECK(server.row.clock.life == Stamp{4, 200, kA});
}

TEST_CASE("a write of an older life loses and leaves the newer life's siblings alone") {
  Server server = created();
  server.life(Op::Delete, kB, 300, 2);              // 2
  server.life(Op::Undelete, kB, 400, 3);            // 3
  server.update(kB, 3, 500, kPhone, text("b"), 3);  // 4
  server.update(kC, 3, 450, kPhone, text("c"), 3);  // 5
  CHECK_FALSE(server.update(kA, 5, 9'000, kPhone, text("old"), 1));
  CHECK(server.outcome() == Outcome::Lost);
  CHECK(server.siblings(kPhone) == std::vector<Value>{text("b"), text("c")});
  CHECK(server.row.cell(kPhone) == text("b"));
}

TEST_CASE("the first write of a new life leaves nothing of the old one, seen or not") {
  Server server = created();
  server.update(kB, 1, 300, kPhone, text("b"));
  server.update(kC, 1, 200, kPhone, text("c"));
  server.life(Op::Delete, kA, 400, 2);
  server.life(Op::Undelete, kA, 401, 3);
  CHECK(server.update(kA, 1, 402, kPhone, text("a"), 3));
  CHECK(server.outcome() == Outcome::Ok);
  CHECK(server.siblings(kPhone).empty());
  CHECK(server.row.cell(kPhone) == text("a"));
}

TEST_CASE("a write that loses to a newer life does not move its device's stamps") {
  Server server = created();
  server.life(Op::Delete, kB, 300, 2);
  server.life(Op::Undelete, kB, 400, 3);
  server.update(kB, 3, 500, kName, text("b"), 3);
  CHECK_FALSE(server.update(kC, server.seq, 9'000, kName, text("c"), 1));
  CHECK(server.eff == 9'000);
}

TEST_CASE("a write of a life that was lost with a backup brings the row to it") {
  Server server = created();
  server.life(Op::Delete, kB, 300, 2);
  CHECK(server.update(kC, 1, 500, kName, text("c"), 3));
  CHECK(server.row.alive());
  CHECK(server.row.clock.life.life == 3);
  CHECK(server.row.cell(kName) == text("c"));
}

TEST_CASE("a fact is there once: the same commit again is nothing, another one is IdTaken [I5]") {
  Server server;
  const RowWrite fact{kVisit, Op::Fact, RowId{500}, 1, {{1, text("met"), {}}}};
  CHECK(server.write(visit(), kA, 0, 100, fact));
  const Row before = server.row;
  server.seq = 0;  // the same place in the order
  CHECK_FALSE(server.write(visit(), kA, 0, 100, fact));
  CHECK(server.outcome() == Outcome::Ok);
  CHECK_FALSE(server.write(visit(), kB, 1, 100, fact));
  CHECK(server.outcome() == Outcome::IdTaken);
  CHECK(server.row == before);
}

TEST_CASE("a fact never changes") {
  Server server;
  server.write(visit(), kA, 0, 100, {kVisit, Op::Fact, RowId{500}, 1, {{1, text("met"), {}}}});
  const Row before = server.row;
  for (const Op op : {Op::Update, Op::Delete, Op::Insert}) {
    const std::uint32_t life = op == Op::Delete ? 2 : 1;
    CHECK_FALSE(server.write(visit(), kA, 1, 200, {kVisit, op, RowId{500}, life, {}}));
    CHECK(server.outcome() == Outcome::Malformed);
  }
  CHECK(server.row == before);
}

TEST_CASE("an id belongs to the commit that created it") {
  Server server = created();
  const Row before = server.row;
  CHECK_FALSE(server.write(customer(), kA, 1, 500, {kCustomer, Op::Insert, kRoot, 1, {}}));
  CHECK(server.outcome() == Outcome::IdTaken);
  CHECK(rejected(Outcome::IdTaken));
  CHECK(server.row == before);
}

TEST_CASE("a device sets a machine's state at creation only, and a derived field never") {
  Server server;
  server.write(
      customer(), kA, 0, 100,
      {kCustomer,
       Op::Insert,
       kRoot,
       1,
       {{kName, text("n"), {}}, {kStage, std::int64_t{1}, {}}, {kBalance, std::int64_t{9}, {}}}});
  REQUIRE(server.outcomes.size() == 1);
  CHECK(server.outcomes[0].field == kBalance);
  CHECK(server.outcome() == Outcome::NotYours);
  CHECK(server.row.cell(kStage) == Value{std::int64_t{1}});
  CHECK(server.row.cell(kBalance) == Value{});
  CHECK(server.row.cell(kName) == text("n"));  // the rest goes on

  CHECK_FALSE(server.update(kA, 1, 200, kStage, std::int64_t{2}));
  CHECK(server.outcome() == Outcome::NotYours);
  const RowWrite decided{kCustomer,
                         Op::Update,
                         kRoot,
                         1,
                         {{kStage, std::int64_t{2}, {}}, {kBalance, std::int64_t{7}, {}}}};
  CHECK(server.write(customer(), kServerDevice, server.seq, 300, decided, true));
  CHECK(server.row.cell(kStage) == Value{std::int64_t{2}});
  CHECK(server.row.cell(kBalance) == Value{std::int64_t{7}});
}

TEST_CASE("one bad cell does not stop the others of its row") {
  Server server = created();
  CHECK(server.write(customer(), kB, 1, 300,
                     {kCustomer,
                      Op::Update,
                      kRoot,
                      1,
                      {{kName, std::int64_t{5}, {}},  // wrong type
                       {kPhone, text("b"), {}},
                       {kTags, std::int64_t{1}, {}},  // a set takes Add and Remove
                       {kOwner, text("9"), {}},       // wrong type
                       {4'000, text("?"), {}}}}));    // no such field
  REQUIRE(server.outcomes.size() == 4);
  for (const OpOutcome& outcome : server.outcomes) {
    CHECK(outcome.outcome == Outcome::Malformed);
    CHECK(outcome.field != kPhone);
  }
  CHECK(server.row.cell(kPhone) == text("b"));
  CHECK(server.row.cell(kName) == text("n"));
}

TEST_CASE("a counter takes numbers, a set elements, a field that is computed nothing") {
  Server server = created();
  CHECK_FALSE(server.update(kB, 1, 300, kVisits, {}));
  CHECK(server.outcome() == Outcome::Malformed);
  CHECK_FALSE(
      server.write(customer(), kB, 1, 300, {kCustomer, Op::Add, kRoot, 1, {{kTags, Value{}, {}}}}));
  CHECK(server.outcome() == Outcome::Malformed);
  CHECK_FALSE(server.write(customer(), kB, 1, 300,
                           {kCustomer, Op::Add, kRoot, 1, {{kName, std::int64_t{1}, {}}}}));
  CHECK(server.outcome() == Outcome::Malformed);
  CHECK_FALSE(server.update(kB, 1, 300, 0, text("x")));
  CHECK(server.outcome() == Outcome::Malformed);
}

TEST_CASE("a row that is not there, or in another aggregate, reads NoRow") {
  Server server;
  CHECK_FALSE(server.update(kB, 0, 300, kName, text("b")));
  CHECK(server.outcome() == Outcome::NoRow);
  CHECK_FALSE(server.row.exists);
  server = created();
  server.row.aggregate = RowId{78};
  CHECK_FALSE(server.update(kB, 1, 300, kName, text("b")));
  CHECK(server.outcome() == Outcome::NoRow);
  CHECK(server.row.cell(kName) == text("n"));
}

TEST_CASE("operation, kind of entity, life and place in the aggregate go together") {
  const auto malformed = [](const Entity& entity, const RowWrite& write) {
    Server server;
    server.write(entity, kA, 0, 100, write);
    return server.outcome() == Outcome::Malformed && !server.row.exists;
  };
  CHECK(
      malformed(customer(), {kCustomer, Op::Insert, RowId{5}, 1, {}}));  // a root is its aggregate
  CHECK(malformed(account(), {kAccount, Op::Insert, kRoot, 1, {}}));     // a child is not
  CHECK_FALSE(malformed(account(), {kAccount, Op::Insert, RowId{5}, 1, {}}));
  CHECK(malformed(customer(), {kCustomer, Op::Insert, kRoot, 3, {}}));
  CHECK(malformed(customer(), {kCustomer, Op::Fact, kRoot, 1, {}}));
  CHECK(malformed(customer(), {kAccount, Op::Insert, kRoot, 1, {}}));  // not this entity
  Server server = created();
  for (const auto& [op, life] : {std::pair{Op::Delete, 3U},
                                 {Op::Undelete, 2U},
                                 {Op::Undelete, 1U},
                                 {Op::Update, 2U},
                                 {Op::Add, 2U},
                                 {Op::Delete, 0U}}) {
    CHECK_FALSE(server.write(customer(), kB, 1, 300, {kCustomer, op, kRoot, life, {}}));
    CHECK(server.outcome() == Outcome::Malformed);
  }
  CHECK_FALSE(server.write(customer(), kB, 1, 300,
                           {kCustomer, Op::Delete, kRoot, 2, {{kName, text("x"), {}}}}));
  CHECK(server.outcome() == Outcome::Malformed);
  CHECK(server.row.alive());
}

TEST_CASE("own writes that the server has not ordered yet lie over the confirmed row") {
  const Server server = created();
  Row shown = server.row;
  std::vector<OpOutcome> outcomes;
  WriteContext first{kB, kPendingSeq | 8, 1, 50, false};  // the tablet's clock is behind
  merge(customer(), kRoot, {kCustomer, Op::Update, kRoot, 1, {{kPhone, text("b"), {}}}}, first,
        shown, outcomes);
  CHECK(shown.cell(kPhone) == text("b"));
  WriteContext second{kB, kPendingSeq | 9, 1, 51, false};
  merge(customer(), kRoot, {kCustomer, Op::Update, kRoot, 1, {{kPhone, text("c"), {}}}}, second,
        shown, outcomes);
  CHECK(shown.cell(kPhone) == text("c"));
  CHECK(shown.siblings.empty());
  CHECK(outcomes.empty());
}

TEST_CASE("a customer who moves while the old officer is in the field keeps both numbers") {
  // SYNC.md, 8: A edits at 14:00 having seen 100, B at 16:00 having seen 130.
  Server server = created();
  server.seq = 130;
  server.update(kB, 130, 1'600, kPhone, text("B's"));  // 131
  server.update(kA, 100, 1'400, kPhone, text("A's"));  // 132
  CHECK(server.outcome() == Outcome::Sibling);
  CHECK(server.row.cell(kPhone) == text("B's"));
  server.update(kB, 133, 1'700, kPhone, text("A's"));
  CHECK_FALSE(in_conflict(server.row, kPhone));
  CHECK(server.row.cell(kPhone) == text("A's"));
}
