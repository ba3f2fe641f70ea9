// The change store's contract, the part about what the server decides and does by itself:
// commands and their receipts, edges and their mirrors, the horizon, and work that a person let in.
#include <array>

#include "shared/changelog/codec.h"
#include "shared/sync/receipt.h"
#include "tests/contracts/bundle_maker.h"
#include "tests/contracts/change_store_contract.h"
#include "tests/contracts/change_store_steps.h"

namespace banyan::test {
namespace {

const Entity& loans() { return *bank().entity(kLoan); }
const Entity& ties() { return *bank().entity(kTie); }

std::int64_t state_of(SyncPair& b, RowId loan) {
  return int_of(b.store->load(loans(), loan)->cell(kState));
}

Draft new_loan(const SyncPair& b, RowId loan, std::int64_t amount) {
  return {b.customer,
          0,
          {row_write(kLoan, Op::Insert, loan, {cell(kAmount, amount), cell(kState, kAskedFor)})}};
}

Draft approve(const SyncPair& b, RowId loan) {
  CellWrite state = cell(kState, kApproved);
  state.replaced = digest_of(Value{kAskedFor});
  return {b.customer,
          0,
          {row_write(kLoan, Op::Command, loan,
                     {std::move(state), cell(kDecidedOn, std::int64_t{20'000})})}};
}

// ---- commands and receipts

Status decided(SyncPair& b) {
  const auto d = b.enrol(b.officer);
  TRY(b.sync(*d));
  const RowId loan = d->replica->mint();
  TRY(d->replica->write(new_loan(b, loan, 500)));
  TRY(d->replica->write(approve(b, loan)));
  TRY(b.sync(*d));
  EXPECT(state_of(b, loan) == kApproved);
  const auto kept = d->replica->receipts(9);
  EXPECT(kept.ok() && kept->size() == 1 && kept->front().seq == b.store->head());
  EXPECT((kept->front().command == sync::CommandId{d->id, 2, 0}));
  const auto bytes = d->replica->receipts(1, 2);
  EXPECT(bytes.ok() && bytes->size() == 1);
  // The answer was lost: it is given again until the device says that it has it.
  b.open_server();
  sync::PullQuery query = whole_round(*d);
  query.acked = 1;
  auto again = b.store->pull(query);
  EXPECT(again.ok() && again->note.receipts == *bytes);
  query.acked = 2;
  again = b.store->pull(query);
  EXPECT(again.ok() && again->note.receipts.empty());
  EXPECT(b.store->verify_log().ok());
  return {};
}

// A loan that no guard would approve, and the command to do so.
struct TooMuch {
  TooMuch(SyncPair& b, TestDevice& d) : loan(d.replica->mint()) {
    BundleMaker maker(b, d);
    const std::array drafts{new_loan(b, loan, 9'000), approve(b, loan)};
    bundle = maker.make(drafts);
  }
  RowId loan;
  Bundle bundle;
};

Status receipt_honoured(SyncPair& b) {
  const auto one = b.enrol(b.officer), other = b.enrol(b.officer);
  const TooMuch with(b, *one), without(b, *other);
  sync::Receipt receipt;
  receipt.organisation = SyncPair::kOrganisation;
  receipt.command = {one->id, 2, 0};
  receipt.entity = kLoan;
  receipt.row = with.loan;
  receipt.epoch = b.store->epoch();
  receipt.seq = 100;  // of the log that is no more
  receipt.time_ms = b.clock.wall_ms();
  receipt.steps = {Step{kState, Value{kAskedFor}, Value{kApproved}}};
  SeededRandom random(12);
  TRY(b.store->begin_epoch_after_restore());
  TRY(b.store->present(receipt, sync::encode_receipt(receipt, SigningKey::generate(random))));
  b.open_server();
  EXPECT(append(*b.store, with.bundle).ok() && append(*b.store, without.bundle).ok());
  EXPECT(state_of(b, with.loan) == kApproved);
  EXPECT(state_of(b, without.loan) == kAskedFor);
  EXPECT(b.store->pull(whole_round(*one))->page.outcomes.empty());
  const auto refused = b.store->pull(whole_round(*other));
  EXPECT(refused.ok() && refused->page.outcomes.size() == 1);
  EXPECT(refused->page.outcomes.front().outcome == Outcome::GuardFailed);
  return {};
}

// ---- edges and mirrors

// The one tie that this device sees, which is the mirror where it cannot see the edge. None, or
// more than one: kNoRow.
RowId tie_seen(TestDevice& d) {
  const char* const one =
      "SELECT CASE count(*) WHEN 1 THEN max(id) ELSE 0 END FROM tie"
      " WHERE _dead=0";
  const auto id = d.db->query_int(one);
  return id ? RowId{*id} : kNoRow;
}

Draft edge_write(const SyncPair& b, Op op, RowId edge, std::vector<CellWrite> cells) {
  return {b.customer, 0, {row_write(kTie, op, edge, std::move(cells))}};
}

Status mirrored(SyncPair& b) {
  const RowId other =
      b.create(kCustomer, {cell(kName, std::string("Wang")), cell(kOwner, b.colleague)});
  const auto mine = b.enrol(b.officer), theirs = b.enrol(b.colleague);
  const auto write = [&](Op op, RowId edge, std::vector<CellWrite> cells) -> Status {
    TRY(mine->replica->write(edge_write(b, op, edge, std::move(cells))));
    TRY(b.sync(*mine));
    TRY(b.sync(*theirs));
    return {};
  };
  TRY(b.sync(*mine));
  const RowId edge = mine->replica->mint();
  TRY(write(Op::Insert, edge,
            {cell(kTieTo, other), cell(kTieKind, kGuarantor), cell(kTieNote, std::string("x"))}));
  const RowId mirror = tie_seen(*theirs);
  EXPECT(mirror != kNoRow && mirror != edge);
  auto row = b.store->load(ties(), mirror);
  EXPECT(row.ok() && row->alive() && row->aggregate == other);
  EXPECT(row_of(row->cell(kTieOf)) == edge && row_of(row->cell(kTieTo)) == b.customer);
  EXPECT(int_of(row->cell(kTieKind)) == kGuaranteed && is_null(row->cell(kTieNote)));
  b.open_server();
  TRY(write(Op::Update, edge, {cell(kTieKind, kSpouse)}));
  EXPECT(int_of(b.store->load(ties(), mirror)->cell(kTieKind)) == kSpouse);
  EXPECT(tie_seen(*theirs) == mirror);
  TRY(write(Op::Delete, edge, {}));
  EXPECT(!b.store->load(ties(), mirror)->alive() && tie_seen(*theirs) == kNoRow);
  EXPECT(b.store->verify_log().ok());
  return {};
}

Status mirrored_later(SyncPair& b) {
  const auto mine = b.enrol(b.officer), theirs = b.enrol(b.colleague);
  TRY(b.sync(*mine));
  TRY(b.sync(*theirs));
  const RowId other = theirs->replica->mint(), edge = mine->replica->mint();
  TRY(mine->replica->write(
      edge_write(b, Op::Insert, edge, {cell(kTieTo, other), cell(kTieKind, kGuarantor)})));
  TRY(b.sync(*mine));
  EXPECT(!b.store->load(*bank().entity(kCustomer), other)->exists);
  b.open_server();
  TRY(theirs->replica->write(
      {other,
       0,
       {row_write(kCustomer, Op::Insert, other,
                  {cell(kName, std::string("Zhao")), cell(kOwner, b.colleague)})}}));
  TRY(b.sync(*theirs));
  TRY(b.sync(*theirs));
  const RowId mirror = tie_seen(*theirs);
  EXPECT(mirror != kNoRow && mirror != edge);
  EXPECT(row_of(b.store->load(ties(), mirror)->cell(kTieOf)) == edge);
  return {};
}

// ---- the horizon

Status horizon_moves(SyncPair& b) {
  const auto a = b.enrol(b.officer), other = b.enrol(b.analyst);
  const std::uint64_t joined = b.store->head();
  TRY(b.sync(*a));
  for (int i = 0; i < 5; ++i) {
    TRY(a->replica->write(update(b.customer, {cell(kPhone, "1" + std::to_string(i)),
                                              cell(kNote, "n" + std::to_string(i))})));
  }
  TRY(b.sync(*a));
  TRY(b.sync(*a));
  TRY(b.store->advance_horizon(0));
  EXPECT(b.store->horizon() == joined);  // one has joined, and not been here
  for (TestDevice* each : {other.get(), a.get(), other.get()}) TRY(b.sync(*each));
  TRY(b.store->advance_horizon(0));
  EXPECT(b.store->horizon() == b.store->head());
  b.open_server();
  EXPECT(b.store->horizon() == b.store->head());

  const Row before = *b.store->load(*bank().entity(kCustomer), b.customer);
  const sync::PullQuery round = whole_round(*a);
  sync::PullQuery next = round;
  next.cursor = cursor_after(*b.store->pull(round));
  ServerStore::RowPlace from;
  std::uint64_t looked_at = 0, changed = 0;
  for (int i = 0; i < 20; ++i) {  // two rows at a time, and each only once
    const auto folded = b.store->compact(from, 2);
    EXPECT(folded.ok() && folded->looked_at <= 2);
    looked_at += folded->looked_at;
    changed += folded->changed;
    if (from.entity == 0) break;
  }
  EXPECT(looked_at == 5 && changed == 1);
  b.open_server();
  const Row after = *b.store->load(*bank().entity(kCustomer), b.customer);
  EXPECT(after.cells == before.cells);
  EXPECT(after.clock.cells.size() < before.clock.cells.size());
  EXPECT(b.store->pull(next)->page.aggregates.empty());  // it is no news
  EXPECT(b.store->verify_log().ok());
  return {};
}

// ---- what a person lets in

Status below_the_horizon(SyncPair& b) {
  const auto old = b.enrol(b.officer), other = b.enrol(b.analyst);
  TRY(b.sync(*old));
  TRY(b.sync(*other));
  TRY(old->replica->write(update(b.customer, {cell(kPhone, std::string("long ago"))})));
  TRY(b.store->retire(old->id));
  TRY(other->replica->write(update(b.customer, {cell(kPhone, std::string("now"))})));
  TRY(b.sync(*other));
  TRY(b.sync(*other));
  TRY(b.store->advance_horizon(0));
  const std::uint64_t head = b.store->head();
  EXPECT(b.store->horizon() == head);
  TRY(b.sync(*old));
  EXPECT(b.store->head() == head);
  b.open_server();
  const auto waiting = b.store->parked();
  EXPECT(waiting.ok() && waiting->size() == 1 && waiting->front().device == old->id);
  EXPECT(waiting->front().reason == sync::ParkReason::RetiredDevice);
  sync::Server::Handled handled;
  const auto pushed = b.server->let_in(waiting->front(), handled);
  EXPECT(pushed.ok() && pushed->status == sync::PushStatus::Ok);
  EXPECT(b.store->head() == head + 1 && b.store->parked()->empty());
  EXPECT(text_of(b.store->load(*bank().entity(kCustomer), b.customer)->cell(kPhone)) == "long ago");
  EXPECT(b.store->conflicts(9)->empty());  // as having seen what was there
  const auto newest = b.store->arrivals(0, 1);
  EXPECT(newest.ok() && newest->size() == 1 && newest->front().device == old->id);
  EXPECT((newest->front().outcome.flags & sync::kLetIn) != 0);
  EXPECT(newest->front().outcome.seen == head);
  return {};
}

Status let_in_after_restore(SyncPair& b) {
  const auto d = b.enrol(b.officer);
  b.enrol(b.analyst);  // whose work of before the restore may still come
  BundleMaker make(b, *d);
  const std::uint32_t first = b.store->epoch();
  // On a row that the restore took away.
  const Bundle bundle = make.make(update(RowId{4711}, {cell(kCount, std::int64_t{1})}));
  TRY(b.store->begin_epoch_after_restore());
  const std::uint32_t second = b.store->epoch();
  TRY(b.store->begin_epoch_after_restore());
  b.open_server();
  EXPECT(b.store->epochs_before(first) == 0 && b.store->epochs_before(second) == 1);
  EXPECT(b.store->epochs_before(b.store->epoch()) == 2);
  const std::uint64_t head = b.store->head();
  const auto waits = b.store->append(bundle, 0, 1, sync::Terms::LetIn);
  EXPECT(waits.ok() && *waits == sync::ParkReason::AfterRestore && b.store->head() == head);
  const auto taken = b.store->append(bundle, 0, 1, sync::Terms::AsItStands);
  EXPECT(taken.ok() && !taken->has_value() && b.store->head() == head + 1);
  const auto pulled = b.store->pull(whole_round(*d));
  EXPECT(pulled.ok() && pulled->page.outcomes.size() == 1);
  EXPECT(pulled->page.outcomes.front().outcome == Outcome::NoRow);
  EXPECT(b.store->verify_log().ok());
  return {};
}

constexpr std::array<ChangeStorePromise, 7> kRules{{
    {"a decision has a receipt, given again until its device has it [I13]", decided},
    {"a receipt that is shown after a restore decides, not the guard [I13]", receipt_honoured},
    {"an edge has one mirror, which follows it", mirrored},
    {"an edge to somebody who is not here yet is mirrored when he comes", mirrored_later},
    {"the horizon moves to what all have seen, and folding is no news [I17]", horizon_moves},
    {"what is from below the horizon waits for a person [I17] [I12]", below_the_horizon},
    {"what a person lets in after a restore waits for its ground, if it may come [I2]",
     let_in_after_restore},
}};

}  // namespace

std::span<const ChangeStorePromise> change_store_rules() { return kRules; }

}  // namespace banyan::test
