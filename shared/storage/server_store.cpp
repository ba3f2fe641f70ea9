// The server's log: opening it, appending to it, authors without a tablet.
#include "shared/storage/server_store.h"

#include <algorithm>

#include "shared/base/laws.h"
#include "shared/changelog/chain.h"
#include "shared/storage/drafting.h"
#include "shared/storage/server_state.h"
#include "shared/storage/sqlite_server_tables.h"

namespace banyan {
namespace {

constexpr std::uint32_t kFirstDevice = 2;
// After a restore the numbers of devices that were enrolled since the backup
// must not be given out again.
constexpr std::uint32_t kDevicesSkipped = 1024;

void note_ahead(RowId aggregate, std::span<const RowWrite> rows, ServerTables::Ahead& ahead) {
  ahead.aggregates.push_back(aggregate);
  for (const RowWrite& write : rows) ahead.rows.emplace_back(write.entity, write.row);
}

}  // namespace

ServerStore::ServerStore(std::unique_ptr<State> state) : state_(std::move(state)) {}
ServerStore::~ServerStore() = default;

Result<std::unique_ptr<ServerStore>> ServerStore::open(Database& db, const Catalogue& catalogue,
                                                       std::uint32_t organisation,
                                                       const SigningKey& key, const Clock& clock,
                                                       Random& random) {
  TRY_ASSIGN(std::unique_ptr<ServerTables> tables, SqliteServerTables::open(db, catalogue));
  TRY_ASSIGN(std::unique_ptr<ServerStore> store,
             open(std::move(tables), catalogue, organisation, key, clock, random));
  store->state_->sqlite = &db;
  return store;
}

Result<std::unique_ptr<ServerStore>> ServerStore::open(std::unique_ptr<ServerTables> tables,
                                                       const Catalogue& catalogue,
                                                       std::uint32_t organisation,
                                                       const SigningKey& key, const Clock& clock,
                                                       Random& random) {
  auto state =
      std::make_unique<State>(std::move(tables), catalogue, organisation, key, clock, random);
  const auto there = state->tables->head();
  if (!there && there.error().code != ErrorCode::NotFound) return there.error();
  TRY(there ? state->read_head() : state->begin_log());
  return std::unique_ptr<ServerStore>(new ServerStore(std::move(state)));
}

Database& ServerStore::database() {
  BANYAN_CHECK(state_->sqlite != nullptr);
  return *state_->sqlite;
}
bool ServerStore::stopped() const { return state_->tables->stopped(); }
const Catalogue& ServerStore::packs() const { return state_->catalogue; }
std::uint64_t ServerStore::head() const { return state_->head.seq; }
std::uint32_t ServerStore::epoch() const { return state_->head.epoch; }
std::size_t ServerStore::epochs_before(std::uint32_t epoch) const {
  const auto& all = state_->epochs;
  const auto at =
      std::find_if(all.begin(), all.end(), [&](const sync::Epoch& e) { return e.epoch == epoch; });
  return at == all.end() ? 0 : static_cast<std::size_t>(at - all.begin());
}
std::uint64_t ServerStore::stable() const { return state_->head.stable; }
std::uint32_t ServerStore::organisation() const { return state_->organisation; }
std::uint32_t ServerStore::catalogue() const { return state_->catalogue.number(); }
Hash256 ServerStore::order() const { return state_->head.order; }
Result<Hash256> ServerStore::state_hash() { return state_->tables->state_hash(); }
Status ServerStore::refresh() { return state_->read_head(); }

Status ServerStore::State::begin_log() {
  TRY(tables->begin(Hold::Order));
  Unit unit = Unit::of(*this);
  // Another process may have been faster.
  const auto there = tables->head();
  if (!there && there.error().code != ErrorCode::NotFound) return there.error();
  if (there) return read_head();
  Head first;
  first.next_device = kFirstDevice;
  TRY(add_epoch(first));
  TRY(tables->save_head(first));
  for (const DeviceId id : {kImportDevice, kServerDevice}) {
    DeviceRow row;
    row.record.id = id;
    row.record.sign_key = key.verify_key();
    TRY(tables->save_device(row));
  }
  TRY(unit.commit());
  return read_head();
}

Status ServerStore::State::add_epoch(Head& now) {
  do now.epoch = static_cast<std::uint32_t>(random.next_u64());
  while (now.epoch == 0 || std::any_of(epochs.begin(), epochs.end(),
                                       [&](const sync::Epoch& e) { return e.epoch == now.epoch; }));
  return tables->add_epoch({now.epoch, now.seq}, clock.wall_ms());
}

Status ServerStore::State::read_head() {
  TRY_ASSIGN(head, tables->head());
  if (!epochs.empty() && epochs.back().epoch == head.epoch) return {};
  TRY_ASSIGN(epochs, tables->epochs());
  return {};
}

// ---- transactions and groups

Result<ServerStore::State::Unit> ServerStore::State::Unit::begin(State& state, Hold hold) {
  TRY(state.tables->begin(hold));
  Unit unit(state);
  if (hold != Hold::Rows && !broken(Law::OneOrder)) TRY(state.read_head());
  return unit;
}

ServerStore::State::Unit::~Unit() {
  if (state_ != nullptr) state_->tables->roll_back();
}

Status ServerStore::State::Unit::commit() {
  TRY(state_->tables->commit());
  state_ = nullptr;
  return {};
}

Status ServerStore::begin_group() { return state_->tables->begin_group(); }

Status ServerStore::commit_group() {
  Status committed = state_->tables->end_group();
  if (!committed) TRY(state_->read_head());
  return committed;
}

// ---- appending

Result<std::optional<sync::ParkReason>> ServerStore::append(const Bundle& bundle, std::size_t skip,
                                                            std::int64_t now_ms,
                                                            sync::Terms terms) {
  using Waits = std::optional<sync::ParkReason>;
  State& s = *state_;
  TRY_ASSIGN(State::Unit unit, State::Unit::begin(s, State::Hold::Order));
  TRY_ASSIGN(State::DeviceRow device, s.tables->device_row(bundle.span.device));
  const Hash256& before = skip == 0 ? bundle.span.previous : bundle.hashes[skip - 1];
  if (device.record.head + 1 != bundle.span.first + skip || device.record.head_hash != before) {
    return fail(ErrorCode::Conflict, "the device's chain has moved on");
  }
  State::Head now = s.head;
  const bool looked_at = terms == sync::Terms::LetIn || terms == sync::Terms::AsItStands;
  const bool coming = terms == sync::Terms::Usual || terms == sync::Terms::LetIn;
  const bool may_wait = coming && s.epochs.size() > 1;
  ServerTables::Ahead ahead;
  ahead.user = device.record.user;
  for (std::size_t i = skip; i < bundle.commits.size(); ++i) {
    const Commit& commit = bundle.commits[i];
    note_ahead(commit.aggregate, commit.rows, ahead);
    ahead.seen.push_back(sync::map_seen(s.epochs, commit.epoch, commit.seen, s.head.seq));
  }
  TRY(s.tables->read_ahead(ahead));
  std::optional<State::Authoring> decider;
  sync::Ingest ingest =
      s.begin_ingest({device.record.id, device.record.user, false, device.eff, device.former},
                     now_ms, {s.head.horizon, sync::kLateMsMax, looked_at});
  for (std::size_t i = skip; i < bundle.commits.size(); ++i) {
    const Commit& commit = bundle.commits[i];
    const std::uint64_t dseq = bundle.span.first + i;
    TRY_ASSIGN(const sync::CommitOutcome outcome, ingest.take(commit, dseq, now.seq + 1));
    if (may_wait && sync::misses_lost_ground(commit, s.head.epoch, outcome)) {
      return Waits(sync::ParkReason::AfterRestore);  // the unit rolls back
    }
    if (ingest.held()) return Waits(ingest.held());
    TRY(s.log_commit({&commit, bundle.canonical(i), bundle.hashes[i]}, device.record.id, dseq,
                     ingest, outcome, now_ms, now));
    device.floor = std::max(device.floor, ingest.seen());
    TRY(s.write_decisions(ingest, decider, now_ms, now));
  }
  TRY(ingest.flush());
  TRY(s.tables->put_signature({bundle.span, bundle.signature, now_ms}));
  if (decider) TRY(s.finish_authoring(*decider, now_ms));
  device.eff = ingest.eff();
  device.record.head = bundle.span.last();
  device.record.head_hash = bundle.hashes.back();
  TRY(s.tables->save_device(device));
  TRY(s.tables->save_head(now));
  TRY(unit.commit());
  s.head = now;
  s.tables->tell(ingest.touched());
  s.touched.insert(ingest.touched().begin(), ingest.touched().end());
  return Waits();
}

Status ServerStore::State::log_commit(const Entry& entry, DeviceId device, std::uint64_t dseq,
                                      const sync::Ingest& ingest,
                                      const sync::CommitOutcome& outcome, std::int64_t now_ms,
                                      Head& now) {
  ++now.seq;
  now.order = next_order(now.order, device, dseq, entry.hash);
  const Bytes outcome_bytes = sync::encode_outcome(outcome);
  ServerTables::LogRow row;
  row.seq = now.seq;
  row.device = device;
  row.dseq = dseq;
  row.received_ms = now_ms;
  row.eff = ingest.stamp();
  row.order = order_hash(now.order);
  row.hash = entry.hash;
  row.aggregate = entry.commit->aggregate;
  row.body = entry.body;
  row.outcome = outcome_bytes;
  return tables->put_log(row);
}

std::vector<RowId> ServerStore::take_touched() {
  const std::set<RowId> touched = std::exchange(state_->touched, {});
  return {touched.begin(), touched.end()};
}

Result<std::vector<sync::AccessSpan>> ServerStore::access_of(RowId user) {
  return state_->tables->access_of(user);
}

// ---- authors without a tablet

RowId ServerStore::mint(DeviceId device) { return state_->mint(device); }

Result<ServerStore::Authored> ServerStore::author(DeviceId id, std::span<const Draft> drafts) {
  return author(id, drafts, {}, {});
}

Result<ServerStore::Authored> ServerStore::author(DeviceId id, std::span<const Draft> drafts,
                                                  std::string_view source,
                                                  std::span<const ImportKey> keys) {
  BANYAN_CHECK(id == kImportDevice || id == kServerDevice);
  State& s = *state_;
  if (drafts.empty() && keys.empty()) return Authored{s.head.seq + 1, s.head.seq};
  TRY_ASSIGN(State::Unit unit, State::Unit::begin(s, State::Hold::Order));
  State::Head now = s.head;
  if (!keys.empty()) TRY(s.tables->put_import_keys(source, keys));
  TRY_ASSIGN(const Authored authored, s.author(id, drafts, now));
  TRY(unit.commit());
  s.head = now;
  return authored;
}

Result<std::vector<ImportKey>> ServerStore::import_keys(std::string_view source) {
  return state_->tables->import_keys(source);
}

Result<ServerStore::Authored> ServerStore::State::author(DeviceId id, std::span<const Draft> drafts,
                                                         Head& now) {
  Authored authored{now.seq + 1, now.seq};
  if (drafts.empty()) return authored;
  TRY_ASSIGN(Authoring by, begin_authoring(id));
  const std::int64_t now_ms = clock.wall_ms();
  ServerTables::Ahead ahead;
  for (const Draft& draft : drafts) note_ahead(draft.aggregate, draft.rows, ahead);
  TRY(tables->read_ahead(ahead));
  std::optional<Authoring> decider;
  sync::Ingest ingest = begin_ingest({id, {}, true, by.device.eff}, now_ms, {now.horizon});
  for (const Draft& draft : drafts) {
    TRY_ASSIGN(const OwnCommit own, next_own(by, draft, ingest.eff(), now_ms, now, ingest));
    const std::uint64_t dseq = by.device.record.head;
    TRY_ASSIGN(const sync::CommitOutcome outcome, ingest.take(own.commit, dseq, now.seq + 1));
    TRY(all_taken(own.commit, outcome));
    TRY(log_commit({&own.commit, own.body, by.device.record.head_hash}, id, dseq, ingest, outcome,
                   now_ms, now));
    by.device.eff = ingest.eff();
    if (id != kServerDevice) {
      TRY(write_decisions(ingest, decider, now_ms, now));
      continue;
    }
    std::optional<Authoring> same = std::move(by);
    TRY(write_decisions(ingest, same, now_ms, now));
    by = *std::move(same);
    ingest.raise(by.device.eff);
  }
  TRY(ingest.flush());
  tables->tell(ingest.touched());
  touched.insert(ingest.touched().begin(), ingest.touched().end());
  TRY(finish_authoring(by, now_ms));
  if (decider) TRY(finish_authoring(*decider, now_ms));
  TRY(tables->save_head(now));
  authored.last_seq = now.seq;
  return authored;
}

Result<Commit> ServerStore::State::draft_commit(const Draft& draft, std::uint64_t hlc,
                                                const Head& now, sync::Ingest& ingest) {
  Commit commit;
  const RowLookup lookup = [&](std::uint32_t entity, RowId row) {
    return ingest.peek(entity, row);
  };
  TRY_ASSIGN(commit.rows, complete_rows(catalogue, draft.rows, lookup));
  commit.schema = catalogue.number();
  commit.hlc = hlc;
  commit.epoch = now.epoch;
  commit.seen = now.seq;
  commit.user = draft.user;
  commit.aggregate = draft.aggregate;
  TRY(check_commit(commit));
  return commit;
}

Result<Row> ServerStore::load(const Entity& entity, RowId id) {
  return state_->tables->load_row(entity.no, id);
}

Result<RowId> ServerStore::find(std::string_view entity_name, std::string_view field_name,
                                const Value& value) {
  const Entity* entity = state_->catalogue.entity(entity_name);
  const Field* field = entity != nullptr ? entity->field(field_name) : nullptr;
  if (field == nullptr) {
    return fail(ErrorCode::NotFound,
                "the packs know no " + std::string(entity_name) + "." + std::string(field_name));
  }
  return state_->tables->find_row(*entity, *field, value);
}

// ---- backups

Status ServerStore::set_stable(std::uint64_t seq) {
  State& s = *state_;
  TRY_ASSIGN(State::Unit unit, State::Unit::begin(s, State::Hold::Order));
  if (seq > s.head.seq) return fail(ErrorCode::Invalid, "no backup can hold what is not written");
  if (seq <= s.head.stable) return {};
  State::Head now = s.head;
  now.stable = seq;
  TRY(s.tables->save_head(now));
  TRY(unit.commit());
  s.head = now;
  return {};
}

Status ServerStore::begin_epoch_after_restore() {
  State& s = *state_;
  TRY_ASSIGN(State::Unit unit, State::Unit::begin(s, State::Hold::Order));
  State::Head now = s.head;
  TRY(s.add_epoch(now));
  now.next_device += kDevicesSkipped;
  TRY(s.tables->save_head(now));
  TRY(unit.commit());
  return s.read_head();
}

}  // namespace banyan
