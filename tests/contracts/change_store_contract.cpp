#include "tests/contracts/change_store_contract.h"

#include <array>

#include "tests/contracts/bundle_maker.h"
#include "tests/contracts/change_store_steps.h"

namespace banyan::test {

namespace {

// ---- opening, devices

Status copies(SyncPair& b) {
  const auto d = b.enrol(b.officer);
  TRY(b.sync(*d));
  TRY(d->replica->write(count_up(b)));
  TRY(b.sync(*d));
  SeededRandom random(11);
  const VerifyKey key = SigningKey::generate(random).verify_key();
  const auto given = b.store->rekey(d->id, 1, key, {});
  EXPECT(given.ok() && given->former == d->id && number(given->device) == number(d->id) + 1);
  EXPECT(given->common == 1 && given->common_seq == b.store->head());
  EXPECT(b.store->device(given->device)->user == b.officer);
  b.open_server();
  EXPECT(*b.store->rekey(d->id, 1, key, {}) == *given);  // asked again with the same keys
  EXPECT(b.store->devices()->size() == 4);
  EXPECT(fails_with(b.store->rekey(d->id, 2, d->key.verify_key(), {}), ErrorCode::NotFound));
  const auto nothing = b.store->rekey(d->id, 0, SigningKey::generate(random).verify_key(), {});
  EXPECT(nothing.ok() && nothing->common_seq == 0);
  return {};
}

Status opened_again(SyncPair& b) {
  const std::uint64_t head = b.store->head();
  const std::uint32_t epoch = b.store->epoch();
  EXPECT(head == 5 && epoch != 0 && b.store->stable() == 0);
  const auto d = b.enrol(b.officer);
  b.open_server();
  EXPECT(b.store->head() == head && b.store->epoch() == epoch);
  EXPECT(b.store->device(d->id)->sign_key == d->key.verify_key());
  EXPECT(b.store->load(*bank().entity(kCustomer), b.customer)->alive());
  return {};
}

Status device_numbers(SyncPair& b) {
  const auto first = b.enrol(b.officer);
  const auto second = b.enrol(b.analyst);
  EXPECT(number(first->id) == 2 && number(second->id) == 3);
  EXPECT(
      fails_with(b.store->enrol({b.customer, first->key.verify_key(), {}}), ErrorCode::NotFound));
  EXPECT(fails_with(b.store->device(DeviceId{4}), ErrorCode::NotFound));
  const auto all = b.store->devices();
  EXPECT(all.ok() && all->size() == 4);  // import and the server itself are devices too
  const auto later = b.store->devices(second->id);
  EXPECT(later.ok() && later->size() == 1 && later->front().id == second->id);
  EXPECT(later->front().user == b.analyst && later->front().head == 0);
  EXPECT(later->front().whole_epoch == b.store->epoch());
  return {};
}

Status contacts(SyncPair& b) {
  const auto d = b.enrol(b.officer);
  TRY(b.store->contacted(d->id, {12, false, 0, 77}));
  auto record = b.store->device(d->id);
  EXPECT(record->catalogue == 12 && record->last_contact_ms == 77 && record->whole_epoch == 0);
  TRY(b.store->contacted(d->id, {13, true, 0, 78}));
  record = b.store->device(d->id);
  EXPECT(record->catalogue == 13 && record->whole_epoch == b.store->epoch());
  TRY(b.store->retire(d->id));
  EXPECT(b.store->device(d->id)->status == sync::DeviceStatus::Retired);
  EXPECT(fails_with(b.store->retire(DeviceId{99}), ErrorCode::NotFound));
  return {};
}

// ---- writing

Status authored(SyncPair& b) {
  const std::uint64_t head = b.store->head();
  const std::vector<Draft> two{update(b.customer, {cell(kNote, std::string("a"))}),
                               update(b.customer, {cell(kNote, std::string("b"))})};
  const auto done = b.store->author(kServerDevice, two);
  EXPECT(done.ok() && done->first_seq == head + 1 && done->last_seq == head + 2);
  EXPECT(b.store->head() == head + 2);
  EXPECT(b.store->device(kServerDevice)->head == head + 2);
  EXPECT(text_of(b.store->load(*bank().entity(kCustomer), b.customer)->cell(kNote)) == "b");
  const auto none = b.store->author(kServerDevice, {});
  EXPECT(none.ok() && none->last_seq < none->first_seq && b.store->head() == head + 2);
  EXPECT(b.store->mint(kServerDevice) != b.store->mint(kServerDevice));
  return {};
}

Status authored_together(SyncPair& b) {
  const std::uint64_t head = b.store->head();
  const RowId made = b.store->mint(kImportDevice);
  const Draft good{made, 0, {row_write(kBranch, Op::Insert, made)}};
  const std::vector<Draft> twice{good, good};
  const std::vector<ImportKey> keys{{"branch/1", made, std::string("\0d", 2)}};
  EXPECT(fails_with(b.store->author(kImportDevice, twice, "core", keys), ErrorCode::Invalid));
  EXPECT(b.store->head() == head && b.store->import_keys("core")->empty());
  EXPECT(!b.store->load(*bank().entity(kBranch), made)->exists);
  EXPECT(b.store->device(kImportDevice)->head == 0);
  EXPECT(b.store->author(kImportDevice, std::span(&good, 1), "core", keys).ok());
  const auto kept = b.store->import_keys("core");
  EXPECT(kept.ok() && kept->size() == 1 && kept->front().key == "branch/1");
  EXPECT(kept->front().row == made && kept->front().digest == std::string("\0d", 2));
  EXPECT(b.store->import_keys("other")->empty());
  const std::vector<ImportKey> changed{{"branch/1", made, "new"}};
  EXPECT(b.store->author(kImportDevice, {}, "core", changed).ok());
  EXPECT(b.store->import_keys("core")->front().digest == "new");
  return {};
}

Status appended(SyncPair& b) {
  const auto d = b.enrol(b.officer);
  BundleMaker make(b, *d);
  const std::uint64_t head = b.store->head();
  const std::vector<Draft> three{count_up(b), count_up(b), count_up(b)};
  const Bundle first = make.make(three);
  const Bundle second = make.make(count_up(b));
  EXPECT(fails_with(append(*b.store, second), ErrorCode::Conflict));  // it does not follow on
  EXPECT(b.store->head() == head);
  EXPECT(append(*b.store, first).ok() && b.store->head() == head + 3);
  EXPECT(fails_with(append(*b.store, first), ErrorCode::Conflict));
  EXPECT(append(*b.store, second).ok());
  EXPECT(counted(*b.store, b.customer) == 4);
  const auto record = b.store->device(d->id);
  EXPECT(record->head == 4 && record->head_hash == second.hashes.back());
  EXPECT(*b.store->chain_hash(d->id, 2) == first.hashes[1]);
  EXPECT(*b.store->chain_hash(d->id, 0) == Hash256{});
  EXPECT(fails_with(b.store->chain_hash(d->id, 5), ErrorCode::NotFound));
  const auto lost = b.store->tail(d->id, 2, 1 << 20);
  EXPECT(lost.ok() && lost->size() == 2 && lost->front().dseq == 3);
  EXPECT(lost->back().hash == second.hashes.back());
  EXPECT(b.store->tail(d->id, 0, 1)->size() == 1);
  return {};
}

Status taken_in_part(SyncPair& b) {
  const auto d = b.enrol(b.officer);
  BundleMaker make(b, *d), again(b, *d);
  make.has_seen(b.store->head());
  again.has_seen(b.store->head());
  EXPECT(append(*b.store, make.make(count_up(b))).ok());
  const std::vector<Draft> three{count_up(b), count_up(b), count_up(b)};
  EXPECT(append(*b.store, again.make(three), 1).ok());
  EXPECT(counted(*b.store, b.customer) == 3 && b.store->device(d->id)->head == 3);
  return {};
}

Status refusals_are_outcomes(SyncPair& b) {
  const auto d = b.enrol(b.officer);
  BundleMaker make(b, *d);
  const std::vector<Draft> drafts{update(RowId{4711}, {cell(kCount, std::int64_t{1})}),
                                  count_up(b)};
  EXPECT(append(*b.store, make.make(drafts)).ok());
  const auto pulled = b.store->pull(whole_round(*d));
  EXPECT(pulled.ok() && pulled->page.complete && pulled->page.acked == 2);
  EXPECT(pulled->page.outcomes.size() == 1 && pulled->page.outcomes.front().dseq == 1);
  EXPECT(pulled->page.outcomes.front().outcome == Outcome::NoRow);
  EXPECT(pulled->note.runs.size() == 1 && pulled->note.runs.front().count == 2);
  sync::PullQuery later = whole_round(*d);
  later.acked = 1;
  EXPECT(b.store->pull(later)->page.outcomes.empty());
  EXPECT(counted(*b.store, b.customer) == 1);
  return {};
}

Status grouped(SyncPair& b) {
  const auto d = b.enrol(b.officer);
  BundleMaker make(b, *d);
  const Bundle first = make.make(count_up(b)), second = make.make(count_up(b));
  TRY(b.store->begin_group());
  EXPECT(append(*b.store, first).ok());
  EXPECT(fails_with(append(*b.store, first), ErrorCode::Conflict));  // undoes only itself
  EXPECT(append(*b.store, second).ok());
  TRY(b.store->commit_group());
  b.open_server();
  EXPECT(counted(*b.store, b.customer) == 2 && b.store->device(d->id)->head == 2);
  EXPECT(b.store->verify_log().ok());
  return {};
}

// ---- pages

Status pages(SyncPair& b) {
  const auto d = b.enrol(b.officer);
  const auto first = b.store->pull(whole_round(*d));
  EXPECT(first.ok() && first->page.complete && !first->page.reset);
  EXPECT(first->page.pos == b.store->head() && first->page.epoch == b.store->epoch());
  EXPECT(first->page.aggregates.size() == 5);  // branch, three of staff, the customer
  EXPECT(first->note.left == 5);
  sync::PullQuery next = whole_round(*d);
  next.cursor = cursor_after(*first);
  EXPECT(b.store->pull(next)->page.aggregates.empty());
  b.decide(kCustomer, Op::Update, b.customer, {cell(kNote, std::string("x"))});
  const auto change = b.store->pull(next);
  EXPECT(change->page.aggregates.size() == 1);
  EXPECT(change->page.aggregates.front().mode == PageMode::Changes);
  EXPECT(change->page.aggregates.front().rows.size() == 1);
  return {};
}

Status pages_in_parts(SyncPair& b) {
  std::vector<RowId> made;
  for (int i = 0; i < 20; ++i) {
    made.push_back(b.create(kCustomer, {cell(kOwner, b.officer), cell(kPhone, std::string("7"))}));
  }
  const auto d = b.enrol(b.officer);
  sync::PullQuery query = whole_round(*d);
  query.groups_max = 4;
  std::vector<RowId> newest, sent;
  for (int i = 0; i < 20; ++i) {
    const auto pulled = b.store->pull(query);
    EXPECT(pulled.ok() && !pulled->page.reset);
    std::vector<RowId>& to = i == 0 ? newest : sent;
    for (const PageAggregate& aggregate : pulled->page.aggregates) to.push_back(aggregate.id);
    query.cursor = cursor_after(*pulled);
    if (pulled->page.complete) break;
  }
  EXPECT(newest == std::vector<RowId>(made.rbegin(), made.rbegin() + 4));
  EXPECT(sent.size() == 25 && std::is_sorted(sent.begin(), sent.end()));
  return {};
}

Status reassigned(SyncPair& b) {
  const auto old_owner = b.enrol(b.officer), new_owner = b.enrol(b.colleague);
  sync::PullQuery of_old = whole_round(*old_owner), of_new = whole_round(*new_owner);
  of_old.cursor = cursor_after(*b.store->pull(of_old));
  of_new.cursor = cursor_after(*b.store->pull(of_new));
  b.decide(kCustomer, Op::Update, b.customer,
           {cell(kOwner, b.colleague), cell(kHome, RowId{b.branch})});
  const auto left = b.store->pull(of_old), come = b.store->pull(of_new);
  EXPECT(left->page.aggregates.size() == 1 && come->page.aggregates.size() == 1);
  EXPECT(left->page.aggregates.front().mode == PageMode::Drop);
  EXPECT(come->page.aggregates.front().mode == PageMode::Whole);
  EXPECT(!come->page.aggregates.front().rows.empty());
  // What the old owner wrote before he knew is late, not refused.
  BundleMaker make(b, *old_owner);
  make.has_seen(b.store->head() - 1);
  EXPECT(append(*b.store, make.make(count_up(b))).ok());
  EXPECT(counted(*b.store, b.customer) == 1);
  make.has_seen(b.store->head());
  EXPECT(append(*b.store, make.make(count_up(b))).ok());
  EXPECT(counted(*b.store, b.customer) == 1);
  return {};
}

Status access_changes(SyncPair& b) {
  const auto d = b.enrol(b.analyst);
  sync::PullQuery query = whole_round(*d);
  const auto before = b.store->pull(query);
  query.cursor = cursor_after(*before);
  b.decide(kStaff, Op::Update, b.analyst, {cell(kRole, kTeller)});
  const auto after = b.store->pull(query);
  EXPECT(after.ok() && after->page.scopes != before->page.scopes);
  bool whole = false;
  for (const PageAggregate& aggregate : after->page.aggregates) {
    whole = whole || (aggregate.id == b.customer && aggregate.mode == PageMode::Whole);
  }
  EXPECT(whole);  // still of the branch, with fewer columns
  b.decide(kStaff, Op::Update, b.analyst, {cell(kRole, kHeadquarters)});
  EXPECT(b.store->pull(query)->page.scopes == before->page.scopes);
  return {};
}

Status other_logs(SyncPair& b) {
  const auto d = b.enrol(b.officer);
  sync::PullQuery query = whole_round(*d);
  const sync::Cursor good = cursor_after(*b.store->pull(query));
  const auto resets = [&](const sync::Cursor& cursor) {
    query.cursor = cursor;
    const auto pulled = b.store->pull(query);
    return pulled.ok() && pulled->page.reset;
  };
  EXPECT(!resets(good));
  sync::Cursor bad = good;
  ++bad.epoch;
  EXPECT(resets(bad));
  bad = good;
  ++bad.pos;
  EXPECT(resets(bad));
  bad = good;
  bad.pos_hash = order_hash(Hash256{});
  EXPECT(resets(bad));
  query.device = DeviceId{77};
  EXPECT(fails_with(b.store->pull(query), ErrorCode::NotFound));
  return {};
}

// ---- guarded cells, look-ups

Status conflicts_are_kept(SyncPair& b) {
  const auto one = b.enrol(b.officer), two = b.enrol(b.officer);
  BundleMaker of_one(b, *one), of_two(b, *two);
  of_two.has_seen(b.store->head());
  EXPECT(append(*b.store, of_one.make(update(b.customer, {cell(kPhone, std::string("12"))}))).ok());
  EXPECT(b.store->conflicts(10)->empty());
  EXPECT(append(*b.store, of_two.make(update(b.customer, {cell(kPhone, std::string("13"))}))).ok());
  const auto found = b.store->conflicts(10);
  EXPECT(found.ok() && found->size() == 1);
  EXPECT(found->front().row == b.customer && found->front().aggregate == b.customer);
  EXPECT(found->front().entity == kCustomer && found->front().field == kPhone);
  EXPECT(found->front().values.size() == 2);
  EXPECT(b.store->conflicts(0)->empty());
  EXPECT(append(*b.store, of_one.make(update(b.customer, {cell(kPhone, std::string("12"))}))).ok());
  EXPECT(b.store->conflicts(10)->empty());
  return {};
}

Status history_of_one(SyncPair& b) {
  const auto d = b.enrol(b.officer);
  BundleMaker maker(b, *d);
  const RowId other =
      b.create(kCustomer, {cell(kName, std::string("Wu")), cell(kOwner, b.officer)});
  EXPECT(append(*b.store, maker.make(update(b.customer, {cell(kPhone, std::string("2"))}))).ok());
  EXPECT(append(*b.store, maker.make(update(other, {cell(kName, std::string("Wu Di"))}))).ok());
  EXPECT(append(*b.store, maker.make(update(b.customer, {cell(kPhone, std::string("3"))}))).ok());
  const auto newest = b.store->history(b.officer, b.customer, 0, 2);
  EXPECT(newest.ok() && newest->entries.size() == 2 && newest->next != 0);
  EXPECT(newest->entries[0].dseq == 3 && newest->entries[1].dseq == 1);
  EXPECT(newest->entries[0].eff > newest->entries[1].eff);
  const auto older = b.store->history(b.officer, b.customer, newest->next, 9);
  EXPECT(older.ok() && older->entries.size() == 1 && older->next == 0);
  EXPECT(!b.store->history(b.colleague, b.customer, 0, 9).ok());
  return {};
}

// ---- bundles that wait

Status parking(SyncPair& b) {
  const auto d = b.enrol(b.officer), other = b.enrol(b.colleague);
  using sync::ParkReason;
  const Bytes small(10, 1), large(20, 2);
  TRY(b.store->park(d->id, 5, ParkReason::Gap, small, 1));
  TRY(b.store->park(d->id, 3, ParkReason::NewerCatalogue, large, 2));
  TRY(b.store->park(other->id, 1, ParkReason::RetiredDevice, small, 3));
  EXPECT(!b.store->parked_at(d->id, 2)->has_value());
  EXPECT((*b.store->parked_at(d->id, 3))->bundle == large);
  EXPECT((*b.store->parked_at(d->id, 9))->first == 3);
  EXPECT(!b.store->parked_at(other->id, 9)->has_value());  // for a person
  // A larger one replaces a smaller one of the same place, and not the other way round.
  TRY(b.store->park(d->id, 5, ParkReason::Gap, large, 4));
  TRY(b.store->park(d->id, 5, ParkReason::Gap, small, 5));
  auto mine = b.store->parked_of(d->id);
  EXPECT(mine.ok() && mine->size() == 3 && mine->at(0).first == 3 && mine->at(1).bundle == large);
  TRY(b.store->park(d->id, 5, ParkReason::AfterRestore, small, 6));
  mine = b.store->parked_of(d->id);
  EXPECT(mine->size() == 2 && mine->back().reason == ParkReason::AfterRestore);
  EXPECT(mine->back().received_ms == 6);
  TRY(b.store->park_as(mine->front().id, ParkReason::Fork));
  EXPECT(b.store->parked_of(d->id)->size() == 1 && b.store->parked()->size() == 3);
  TRY(b.store->unpark(mine->back().id));
  EXPECT(b.store->parked_of(d->id)->empty() && b.store->parked()->size() == 2);
  // Those of a fork do not count against the device, all others do.
  const Bytes huge(sync::kParkedBytesMax - 5, 3);
  TRY(b.store->park(d->id, 9, ParkReason::Gap, huge, 7));
  const Status full = b.store->park(d->id, 10, ParkReason::Gap, small, 8);
  EXPECT(!full.ok() && full.error().code == ErrorCode::TooLarge);
  EXPECT(b.store->parked_of(d->id)->size() == 1);
  return {};
}

// ---- epochs

Status restored(SyncPair& b) {
  const auto d = b.enrol(b.officer);
  EXPECT(b.store->waiting_after_restore()->empty());
  EXPECT(!*b.store->others_may_return(DeviceId{}, b.clock.wall_ms()));
  const sync::Cursor cursor = cursor_after(*b.store->pull(whole_round(*d)));
  const std::uint32_t epoch = b.store->epoch();
  const std::uint64_t head = b.store->head();
  TRY(b.store->begin_epoch_after_restore());
  EXPECT(b.store->epoch() != epoch && b.store->head() == head);
  sync::PullQuery query = whole_round(*d);
  query.cursor = cursor;
  EXPECT(b.store->pull(query)->page.reset);
  const auto later = b.enrol(b.officer);  // numbers given out since the backup stay unused
  EXPECT(number(later->id) == number(d->id) + 1 + 1024);
  EXPECT(*b.store->others_may_return(DeviceId{}, b.clock.wall_ms()));
  EXPECT(!*b.store->others_may_return(DeviceId{}, b.clock.wall_ms() + sync::kReturnMsMax + 1));
  TRY(b.store->contacted(d->id, {7, true, 0, b.clock.wall_ms()}));
  EXPECT(!*b.store->others_may_return(DeviceId{}, b.clock.wall_ms()));
  TRY(b.store->park(d->id, 1, sync::ParkReason::AfterRestore, Bytes(3, 1), 1));
  EXPECT((*b.store->waiting_after_restore() == std::vector<DeviceId>{d->id}));
  b.open_server();
  EXPECT(b.store->epoch() != epoch && *b.store->others_may_return(DeviceId{}, 0) == false);
  return {};
}

Status waits_for_lost_ground(SyncPair& b) {
  const auto d = b.enrol(b.officer);
  BundleMaker make(b, *d);
  const Bundle bundle = make.make(update(RowId{4711}, {cell(kCount, std::int64_t{1})}));
  TRY(b.store->begin_epoch_after_restore());
  const std::uint64_t head = b.store->head();
  const auto waits = b.store->append(bundle, 0, 1, sync::Terms::Usual);
  EXPECT(waits.ok() && *waits == sync::ParkReason::AfterRestore);
  EXPECT(b.store->head() == head && b.store->device(d->id)->head == 0);
  const auto taken = b.store->append(bundle, 0, 1, sync::Terms::LostGround);
  EXPECT(taken.ok() && !taken->has_value() && b.store->head() == head + 1);
  return {};
}

Status stable_grows(SyncPair& b) {
  TRY(b.store->set_stable(3));
  EXPECT(b.store->stable() == 3);
  TRY(b.store->set_stable(2));
  EXPECT(b.store->set_stable(b.store->head() + 1).error().code == ErrorCode::Invalid);
  b.open_server();
  EXPECT(b.store->stable() == 3);
  const auto d = b.enrol(b.officer);
  EXPECT(b.store->pull(whole_round(*d))->page.stable == 3);
  return {};
}

// ---- reading the log

Status log_is_read(SyncPair& b) {
  const auto d = b.enrol(b.officer);
  BundleMaker make(b, *d);
  EXPECT(append(*b.store, make.make(std::array{count_up(b), count_up(b)})).ok());
  std::vector<std::uint64_t> read;
  TRY(b.store->read_log(2, 4, [&](const ServerStore::LogEntry& e) -> Status {
    read.push_back(e.seq);
    return {};
  }));
  EXPECT((read == std::vector<std::uint64_t>{3, 4, 5, 6}));
  const Status stopped = b.store->read_log(0, 9, [&](const ServerStore::LogEntry& e) -> Status {
    return e.seq < 2 ? Status{} : fail(ErrorCode::Refused, "enough");
  });
  EXPECT(!stopped.ok() && stopped.error().code == ErrorCode::Refused);
  const auto newest = b.store->arrivals(0, 2);
  EXPECT(newest.ok() && newest->size() == 2 && newest->front().seq == 7);
  EXPECT(newest->front().device == d->id && newest->front().dseq == 2);
  EXPECT(newest->front().commit.aggregate == b.customer);
  const auto older = b.store->arrivals(6, 9);
  EXPECT(older.ok() && older->size() == 5 && older->front().seq == 5);
  std::size_t signatures = 0;
  TRY(b.store->read_signatures([&](const ServerStore::SignedSpan& s) -> Status {
    ++signatures;
    EXPECT(s.span.organisation == SyncPair::kOrganisation);
    return {};
  }));
  EXPECT(signatures == 6);
  const auto checked = b.store->verify_log();
  EXPECT(checked.ok() && checked->commits == 7 && checked->signatures == 6);
  return {};
}

Status sessions(SyncPair& b) {
  const auto d = b.enrol(b.officer), other = b.enrol(b.analyst);
  TRY(b.sync(*d));
  TRY(b.sync(*other));
  for (int i = 0; i < 30; ++i) {
    TRY(d->replica->write(
        update(b.customer, {cell(kCount, std::int64_t{1}), cell(kNote, "n" + std::to_string(i))})));
    TRY(other->replica->write(update(b.customer, {cell(kRisk, std::int64_t{i})})));
    if (i % 4 == 0) TRY(b.sync(*d));
    if (i % 7 == 0) TRY(b.sync(*other));
  }
  for (TestDevice* each : {d.get(), other.get(), d.get()}) TRY(b.sync(*each));
  EXPECT(counted(*b.store, b.customer) == 30);
  EXPECT(d->replica->pending_count() == 0 && other->replica->pending_count() == 0);
  EXPECT(b.store->verify_log().ok());
  return {};
}

constexpr std::array<ChangeStorePromise, 23> kContract{{
    {"what was written is there when it is opened again", opened_again},
    {"devices get numbers one after the other, for staff only", device_numbers},
    {"a copy of a device has a number of its own, once", copies},
    {"contacts and retirement are noted", contacts},
    {"what the server authors has places and numbers without gaps", authored},
    {"drafts and import keys are written together or not at all [I14]", authored_together},
    {"a bundle is taken once, and only where it follows on [I2] [I3]", appended},
    {"of a bundle that is known in part the rest is taken [I5]", taken_in_part},
    {"what is refused has an outcome, and the rest goes on [I12]", refusals_are_outcomes},
    {"a part of a group is undone by itself [I14]", grouped},
    {"a page brings what is new, and the next one only what changed", pages},
    {"a round in parts brings everything once", pages_in_parts},
    {"a reassigned aggregate leaves one and comes whole to the other [I4]", reassigned},
    {"a change of role begins everything anew [I4]", access_changes},
    {"a cursor of another log is reset [I9]", other_logs},
    {"concurrent values of a guarded cell stay until one has seen both [I8]", conflicts_are_kept},
    {"the history of a record is read back from its newest change", history_of_one},
    {"bundles wait, replace each other, and have a limit", parking},
    {"a restore begins an epoch", restored},
    {"what lost its ground waits, and leaves nothing behind", waits_for_lost_ground},
    {"stable grows, and never beyond the log", stable_grows},
    {"the log is read forward, backward, and verifies", log_is_read},
    {"devices and server agree after a day of edits [I1]", sessions},
}};

}  // namespace

std::span<const ChangeStorePromise> change_store_contract() { return kContract; }

}  // namespace banyan::test
