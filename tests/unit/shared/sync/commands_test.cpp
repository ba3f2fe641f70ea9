// Commands: states that the server decides, receipts for what it decided.
#include <doctest/doctest.h>

#include "shared/sync/receipt.h"
#include "tests/support/sync_pair.h"

namespace banyan::test {
namespace {

Draft ask(RowId aggregate, std::uint32_t entity, RowId row, std::vector<CellWrite> cells) {
  return {aggregate, 0, {row_write(entity, Op::Command, row, std::move(cells))}};
}

// A loan that was asked for, known to its officer's device and to the server.
struct Asked {
  Asked() : officer(pair.enrol(pair.officer)), analyst(pair.enrol(pair.analyst)) {
    loan = officer->replica->mint();
    REQUIRE(pair.sync(*officer));
    REQUIRE(officer->replica->write(
        Draft{pair.customer,
              0,
              {row_write(kLoan, Op::Insert, loan,
                         {cell(kAmount, std::int64_t{500}), cell(kState, kAskedFor)})}}));
    REQUIRE(pair.sync(*officer));
    REQUIRE(pair.sync(*analyst));
  }
  Draft wants(std::int64_t state, std::vector<CellWrite> with = {}) const {
    with.push_back(cell(kState, state));
    return ask(pair.customer, kLoan, loan, std::move(with));
  }
  std::int64_t at_server() {
    return int_of(pair.store->load(*bank().entity(kLoan), loan)->cell(kState));
  }
  std::int64_t shown(TestDevice& d) {
    return int_of(d.replica->load(*bank().entity(kLoan), loan)->cell(kState));
  }
  // How the newest own command of that device ended.
  static Outcome newest(TestDevice& d) {
    const auto outcomes = d.replica->outcomes(false, 1);
    return outcomes.ok() && !outcomes->empty() ? outcomes->front().outcome : Outcome::Ok;
  }

  SyncPair pair;
  std::unique_ptr<TestDevice> officer, analyst;
  RowId loan{};
};

const CellWrite kToday = cell(kDecidedOn, std::int64_t{20'000});

}  // namespace

TEST_CASE("a command shows as asked until the server has decided it [I13]") {
  Asked a;
  REQUIRE(a.officer->replica->write(a.wants(kApproved, {kToday})));
  CHECK(a.shown(*a.officer) == kAskedFor);  // nobody but the server moves it
  auto asked = a.officer->replica->asked(kLoan, a.loan);
  REQUIRE(asked);
  REQUIRE(asked->size() == 1);
  CHECK((*asked)[0].field == kState);
  CHECK(int_of((*asked)[0].wanted) == kApproved);
  CHECK((*asked)[0].with.size() == 1);
  CHECK(a.officer->replica->asked(kCustomer, a.pair.customer)->empty());
  CHECK(a.officer->replica->asked(0, kNoRow)->size() == 1);

  REQUIRE(a.pair.sync(*a.officer));
  CHECK(a.shown(*a.officer) == kApproved);
  CHECK(int_of(a.officer->replica->load(*bank().entity(kLoan), a.loan)->cell(kDecidedOn)) ==
        20'000);
  CHECK(a.officer->replica->asked(kLoan, a.loan)->empty());
  CHECK(a.officer->replica->outcomes(false, 9)->empty());
}

TEST_CASE("a followed command brings a signed receipt that lasts until a backup has it [I12]") {
  Asked a;
  const auto written = a.officer->replica->write(a.wants(kApproved, {kToday}));
  REQUIRE(written);
  REQUIRE(a.pair.sync(*a.officer));
  auto receipts = a.officer->replica->receipts(9);
  REQUIRE(receipts);
  REQUIRE(receipts->size() == 1);
  const sync::Receipt& receipt = receipts->front();
  CHECK(receipt.command == sync::CommandId{a.officer->id, written->dseq, 0});
  CHECK(receipt.row == a.loan);
  CHECK(receipt.seq == a.pair.store->head());
  CHECK(receipt.steps == std::vector{Step{kState, Value{kAskedFor}, Value{kApproved}}});

  Bytes bytes = a.officer->replica->receipts(1, written->dseq)->front();
  CHECK(sync::decode_receipt(bytes, a.pair.organisation_key()).ok());
  for (const std::size_t at : {std::size_t{3}, bytes.size() / 2, bytes.size() - 1}) {
    Bytes bad = bytes;
    bad[at] ^= 1;
    CHECK(!sync::decode_receipt(bad, a.pair.organisation_key()).ok());
  }
  a.pair.reopen(*a.officer);
  REQUIRE(a.pair.store->set_stable(receipt.seq - 1));  // the command, but not yet the decision
  REQUIRE(a.pair.sync(*a.officer));
  CHECK(a.officer->replica->receipts(9)->size() == 1);
  REQUIRE(a.pair.store->set_stable(receipt.seq));
  REQUIRE(a.pair.sync(*a.officer));
  CHECK(a.officer->replica->receipts(9)->empty());
}

TEST_CASE("the server's decision is a commit of its own, in the order of the log [I13]") {
  Asked a;
  const std::uint64_t before = a.pair.store->head();
  REQUIRE(a.officer->replica->write(a.wants(kApproved, {kToday})));
  REQUIRE(a.officer->replica->write(a.wants(kPaid)));  // decided on what the first one made of it
  REQUIRE(a.pair.sync(*a.officer));
  // The second expected "asked", for that is what its author saw.
  CHECK(a.at_server() == kApproved);
  CHECK(Asked::newest(*a.officer) == Outcome::StateMoved);
  std::vector<DeviceId> authors;
  REQUIRE(a.pair.store->read_log(before, 9, [&](const ServerStore::LogEntry& entry) -> Status {
    authors.push_back(entry.device);
    return {};
  }));
  CHECK(authors == std::vector{a.officer->id, kServerDevice, a.officer->id});
  CHECK(a.pair.store->verify_log().ok());
}

TEST_CASE("two who ask at once: the second one hears that the state has moved [I13]") {
  Asked a;
  REQUIRE(a.officer->replica->write(a.wants(kApproved, {kToday})));
  REQUIRE(a.analyst->replica->write(a.wants(kRefused, {cell(kReason, std::string("no"))})));
  REQUIRE(a.pair.sync(*a.analyst));
  REQUIRE(a.pair.sync(*a.officer));
  CHECK(a.at_server() == kRefused);
  CHECK(Asked::newest(*a.officer) == Outcome::StateMoved);
  CHECK(a.shown(*a.officer) == kRefused);
  CHECK(a.officer->replica->receipts(9)->empty());
  CHECK(a.officer->replica->pending_count() == 0);
}

TEST_CASE("a command is refused with the reason, and the state stays [I13]") {
  Asked a;
  const auto refused = [&](TestDevice& d, const Draft& draft) {
    const std::int64_t before = a.at_server();
    REQUIRE(d.replica->write(draft));
    REQUIRE(a.pair.sync(d));
    CHECK(a.at_server() == before);
    CHECK(a.shown(d) == before);
    CHECK(d.replica->asked(0, kNoRow)->empty());
    return Asked::newest(d);
  };
  CHECK(refused(*a.officer, a.wants(kPaid)) == Outcome::NoMove);
  CHECK(refused(*a.officer, a.wants(kApproved)) == Outcome::FieldMissing);
  CHECK(refused(*a.officer, a.wants(kRefused, {cell(kReason, std::string("x"))})) ==
        Outcome::NotAllowed);
  CHECK(refused(*a.analyst, a.wants(kRefused)) == Outcome::FieldMissing);
  // What the move does not ask for does not come along.
  CHECK(refused(*a.officer, a.wants(kApproved, {kToday, cell(kReason, std::string("x"))})) ==
        Outcome::NotYours);
  REQUIRE(a.officer->replica->write(
      Draft{a.pair.customer,
            0,
            {row_write(kLoan, Op::Update, a.loan, {cell(kAmount, std::int64_t{5'000})})}}));
  CHECK(refused(*a.officer, a.wants(kApproved, {kToday})) == Outcome::GuardFailed);
  CHECK(a.pair.store->verify_log().ok());
}

TEST_CASE("the needs and the guard see what else the commit writes") {
  Asked a;
  Draft draft = a.wants(kApproved, {kToday});
  draft.rows.push_back(row_write(kLoan, Op::Update, a.loan, {cell(kAmount, std::int64_t{2'000})}));
  REQUIRE(a.officer->replica->write(draft));
  REQUIRE(a.pair.sync(*a.officer));
  CHECK(Asked::newest(*a.officer) == Outcome::GuardFailed);
  draft.rows.back() = row_write(kLoan, Op::Update, a.loan, {cell(kAmount, std::int64_t{900})});
  REQUIRE(a.officer->replica->write(draft));
  REQUIRE(a.pair.sync(*a.officer));
  CHECK(a.at_server() == kApproved);
}

TEST_CASE("a row begins in the first state, and only a command moves it [I13]") {
  Asked a;
  const RowId bold = a.officer->replica->mint();
  CHECK(a.officer->replica
            ->write(Draft{
                a.pair.customer, 0, {row_write(kLoan, Op::Insert, bold, {cell(kState, kPaid)})}})
            .error()
            .code == ErrorCode::Invalid);
  CHECK(a.officer->replica
            ->write(Draft{a.pair.customer,
                          0,
                          {row_write(kLoan, Op::Update, a.loan, {cell(kState, kApproved)})}})
            .error()
            .code == ErrorCode::Invalid);
  // A row that says nothing is in the first state too.
  REQUIRE(a.officer->replica->write(
      Draft{a.pair.customer,
            0,
            {row_write(kLoan, Op::Insert, bold, {cell(kAmount, std::int64_t{10})})}}));
  REQUIRE(a.officer->replica->write(
      ask(a.pair.customer, kLoan, bold, {cell(kState, kApproved), kToday})));
  REQUIRE(a.pair.sync(*a.officer));
  CHECK(int_of(a.pair.store->load(*bank().entity(kLoan), bold)->cell(kState)) == kApproved);
}

TEST_CASE("who lost the customer may not decide about him any more [I13]") {
  Asked a;
  REQUIRE(a.officer->replica->write(a.wants(kApproved, {kToday})));
  a.pair.decide(kCustomer, Op::Update, a.pair.customer, {cell(kOwner, a.pair.colleague)});
  REQUIRE(a.pair.sync(*a.officer));
  CHECK(Asked::newest(*a.officer) == Outcome::NoAccess);
  CHECK(a.at_server() == kAskedFor);
}

TEST_CASE("headquarters moves a customer by a command: rows leave one tablet and reach another") {
  Asked a;
  auto colleague = a.pair.enrol(a.pair.colleague);
  REQUIRE(a.pair.sync(*colleague));
  const Entity& customer = *bank().entity(kCustomer);
  const Draft move =
      ask(a.pair.customer, kCustomer, a.pair.customer, {cell(kOwner, a.pair.colleague)});
  // Not for officers.
  REQUIRE(a.officer->replica->write(move));
  REQUIRE(a.pair.sync(*a.officer));
  CHECK(Asked::newest(*a.officer) == Outcome::NotAllowed);
  REQUIRE(a.pair.sync(*a.analyst));
  REQUIRE(a.analyst->replica->write(move));
  REQUIRE(a.pair.sync(*a.analyst));
  REQUIRE(a.pair.sync(*a.officer));
  REQUIRE(a.pair.sync(*colleague));
  CHECK(!a.officer->replica->load(customer, a.pair.customer)->exists);
  CHECK(colleague->replica->load(customer, a.pair.customer)->exists);
  CHECK(a.analyst->replica->receipts(9)->size() == 1);
  // To nobody who is there.
  REQUIRE(a.analyst->replica->write(
      ask(a.pair.customer, kCustomer, a.pair.customer, {cell(kOwner, RowId{12'345})})));
  REQUIRE(a.pair.sync(*a.analyst));
  CHECK(Asked::newest(*a.analyst) == Outcome::GuardFailed);
}

TEST_CASE("a restored server honours the receipt of a decision that it has lost [I13]") {
  Asked a;
  const auto backup = copy_of(*a.pair.server_db);
  REQUIRE(a.officer->replica->write(a.wants(kApproved, {kToday})));
  REQUIRE(a.pair.sync(*a.officer));
  REQUIRE(a.officer->replica->receipts(9)->size() == 1);
  a.pair.restore(*backup);
  CHECK(a.at_server() == kAskedFor);
  // By now the guard would refuse it, were it asked again.
  Draft more{a.pair.customer,
             0,
             {row_write(kLoan, Op::Update, a.loan, {cell(kAmount, std::int64_t{9'000})})}};
  REQUIRE(a.pair.store->author(kServerDevice, std::span(&more, 1)));
  REQUIRE(a.pair.sync(*a.officer));
  REQUIRE(a.pair.sync(*a.officer));
  CHECK(a.at_server() == kApproved);
  CHECK(a.shown(*a.officer) == kApproved);
  const auto receipts = a.officer->replica->receipts(9);
  REQUIRE(receipts->size() == 1);
  CHECK(receipts->front().epoch == a.pair.store->epoch());
  CHECK(a.pair.store->verify_log().ok());
}

TEST_CASE("without a receipt a restored server decides anew") {
  Asked a;
  const auto backup = copy_of(*a.pair.server_db);
  REQUIRE(a.officer->replica->write(a.wants(kApproved, {kToday})));
  const Bytes request = [&] {
    REQUIRE(a.pair.exchange(*a.officer));
    return Bytes{};
  }();
  CHECK(request.empty());
  a.pair.restore(*backup);
  // The device knows the decision, but its receipt is gone with the disk.
  REQUIRE(a.officer->db->exec("DELETE FROM receipt"));
  Draft more{a.pair.customer,
             0,
             {row_write(kLoan, Op::Update, a.loan, {cell(kAmount, std::int64_t{9'000})})}};
  REQUIRE(a.pair.store->author(kServerDevice, std::span(&more, 1)));
  REQUIRE(a.pair.sync(*a.officer));
  REQUIRE(a.pair.sync(*a.officer));
  CHECK(a.at_server() == kAskedFor);
  CHECK(Asked::newest(*a.officer) == Outcome::GuardFailed);
}

TEST_CASE("lost decisions of two devices come back in the order in which they were taken [I13]") {
  Asked a;
  const auto backup = copy_of(*a.pair.server_db);
  REQUIRE(a.officer->replica->write(a.wants(kApproved, {kToday})));
  REQUIRE(a.pair.sync(*a.officer));
  REQUIRE(a.pair.sync(*a.analyst));
  REQUIRE(a.analyst->replica->write(a.wants(kPaid)));
  REQUIRE(a.pair.sync(*a.analyst));
  REQUIRE(a.at_server() == kPaid);
  a.pair.restore(*backup);
  // Headquarters is back first: its "paid" stands on an "approved" that is not here yet.
  REQUIRE(a.pair.sync(*a.analyst));
  REQUIRE(a.pair.sync(*a.analyst));
  CHECK(a.at_server() == kAskedFor);
  REQUIRE(a.pair.sync(*a.officer));
  REQUIRE(a.pair.sync(*a.officer));
  REQUIRE(a.pair.sync(*a.analyst));
  CHECK(a.at_server() == kPaid);
  std::vector<std::int64_t> path;
  REQUIRE(a.pair.store->read_log(0, 99, [&](const ServerStore::LogEntry& entry) -> Status {
    if (entry.device != kServerDevice) return {};
    for (const RowWrite& write : entry.commit.rows) {
      for (const CellWrite& c : write.cells) {
        if (write.row == a.loan && c.field == kState) path.push_back(int_of(c.value));
      }
    }
    return {};
  }));
  CHECK(path == std::vector<std::int64_t>{kApproved, kPaid});
}

TEST_CASE("a decision that somebody acted on stands, where the state has gone elsewhere since") {
  Asked a;
  const auto backup = copy_of(*a.pair.server_db);
  REQUIRE(a.officer->replica->write(a.wants(kApproved, {kToday})));
  REQUIRE(a.pair.sync(*a.officer));
  a.pair.restore(*backup);
  a.pair.decide_in(a.pair.customer, kLoan, Op::Update, a.loan, {cell(kState, kRefused)});
  REQUIRE(a.pair.sync(*a.officer));
  REQUIRE(a.pair.sync(*a.analyst));  // everybody has been back: nothing is waited for
  REQUIRE(a.pair.sync(*a.officer));
  CHECK(a.at_server() == kApproved);
  const auto outcomes = a.officer->replica->outcomes(false, 9);
  REQUIRE(!outcomes->empty());
  CHECK((outcomes->front().flags & sync::kJumped) != 0);
}

}  // namespace banyan::test
