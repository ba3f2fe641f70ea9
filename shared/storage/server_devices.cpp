// Devices of the server's store, and bundles that wait.
#include "shared/storage/server_state.h"

namespace banyan {
namespace {

constexpr const char* kSelect =
    "SELECT dev,sign_pk,box_pk,user,head,h,schema,status,last_ms,eff,floor,whole FROM dev";

}  // namespace

static Result<sync::DeviceRecord> read_record(Statement& find) {
  sync::DeviceRecord record;
  record.id = DeviceId{static_cast<std::uint32_t>(find.integer(0))};
  TRY_ASSIGN(record.sign_key, VerifyKey::from(find.blob(1)));
  TRY_ASSIGN(record.box_key, BoxPublicKey::from(find.blob(2)));
  record.user = find.row_id(3);
  record.head = from_sql(find.integer(4));
  TRY_ASSIGN(record.head_hash, Hash256::from(find.blob(5)));
  record.catalogue = static_cast<std::uint32_t>(find.integer(6));
  record.status = static_cast<sync::DeviceStatus>(find.integer(7));
  record.last_contact_ms = find.integer(8);
  record.whole_epoch = static_cast<std::uint32_t>(find.integer(11));
  return record;
}

Result<ServerStore::State::DeviceRow> ServerStore::State::device_row(DeviceId id) {
  TRY_ASSIGN(Statement find, db.statement(std::string(kSelect) + " WHERE dev=?1"));
  find.bind(1, id);
  TRY_ASSIGN(const bool there, find.step());
  if (!there) return fail(ErrorCode::NotFound, "device " + std::to_string(number(id)));
  DeviceRow row;
  TRY_ASSIGN(row.record, read_record(find));
  row.eff = from_sql(find.integer(9));
  row.floor = from_sql(find.integer(10));
  return row;
}

Status ServerStore::State::save_device(const DeviceRow& row) {
  const sync::DeviceRecord& r = row.record;
  return db.run(
      "INSERT OR REPLACE INTO dev(dev,sign_pk,box_pk,user,head,h,eff,floor,schema,"
      "status,last_ms,whole) VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12)",
      r.id, r.sign_key.view(), r.box_key.view(), r.user, as_sql(r.head), r.head_hash.view(),
      as_sql(row.eff), as_sql(row.floor), std::int64_t{r.catalogue},
      static_cast<std::int64_t>(r.status), r.last_contact_ms, std::int64_t{r.whole_epoch});
}

Result<sync::DeviceRecord> ServerStore::device(DeviceId id) {
  TRY_ASSIGN(State::DeviceRow row, state_->device_row(id));
  return row.record;
}

Result<std::vector<sync::DeviceRecord>> ServerStore::devices() {
  std::vector<sync::DeviceRecord> out;
  TRY_ASSIGN(Statement find, state_->db.statement(std::string(kSelect) + " ORDER BY dev"));
  while (true) {
    TRY_ASSIGN(const bool more, find.step());
    if (!more) return out;
    TRY_ASSIGN(sync::DeviceRecord record, read_record(find));
    out.push_back(std::move(record));
  }
}

Result<DeviceId> ServerStore::enrol(const Enrolment& enrolment) {
  State& s = *state_;
  const Entity* staff = s.catalogue.entity(sync::kStaffEntity);
  if (staff == nullptr) return fail(ErrorCode::NotFound, "the packs know no staff");
  TRY_ASSIGN(const Row user, s.tables.load(staff->no, enrolment.user));
  if (!user.alive()) return fail(ErrorCode::NotFound, "no such member of staff");
  if (s.head.next_device > kDeviceIdMax) {
    return fail(ErrorCode::TooLarge, "device numbers are used up");
  }
  State::DeviceRow row;
  row.record.id = DeviceId{s.head.next_device};
  row.record.user = enrolment.user;
  row.record.sign_key = enrolment.sign_key;
  row.record.box_key = enrolment.box_key;
  row.record.last_contact_ms = s.clock.wall_ms();
  row.record.whole_epoch = s.head.epoch;
  State::Head now = s.head;
  ++now.next_device;
  TRY_ASSIGN(State::Unit unit, State::Unit::begin(s));
  TRY(s.save_device(row));
  TRY(s.save_head(now));
  TRY(unit.commit());
  s.head = now;
  return row.record.id;
}

Status ServerStore::retire(DeviceId device) {
  TRY_ASSIGN(State::DeviceRow row, state_->device_row(device));
  row.record.status = sync::DeviceStatus::Retired;
  TRY_ASSIGN(State::Unit unit, State::Unit::begin(*state_));
  TRY(state_->save_device(row));
  return unit.commit();
}

Status ServerStore::contacted(DeviceId id, std::uint32_t catalogue, bool whole,
                              std::int64_t now_ms) {
  TRY_ASSIGN(State::Unit unit, State::Unit::begin(*state_));
  TRY(state_->db.run("UPDATE dev SET schema=?2, last_ms=?3, whole=?4 WHERE dev=?1", id,
                     std::int64_t{catalogue}, now_ms,
                     std::int64_t{whole ? state_->head.epoch : 0}));

  return unit.commit();
}

Result<Hash256> ServerStore::chain_hash(DeviceId id, std::uint64_t dseq) {
  if (dseq == 0) return Hash256{};
  TRY_ASSIGN(Statement find, state_->db.statement("SELECT h FROM log WHERE dev=?1 AND dseq=?2"));
  find.bind_all(id, as_sql(dseq));
  TRY_ASSIGN(const bool there, find.step());
  if (!there) return fail(ErrorCode::NotFound, "commit " + std::to_string(dseq));
  return Hash256::from(find.blob(0));
}

Result<std::vector<sync::ChainedCommit>> ServerStore::tail(DeviceId id, std::uint64_t dseq,
                                                           std::size_t bytes_max) {
  TRY_ASSIGN(Statement find, state_->db.statement("SELECT dseq,h,body FROM log WHERE dev=?1"
                                                  " AND dseq>?2 ORDER BY dseq"));
  find.bind_all(id, as_sql(dseq));
  return read_commits(std::move(find), bytes_max);
}

// ---- bundles that wait

Status ServerStore::park(DeviceId id, std::uint64_t first, sync::ParkReason reason, ByteView bundle,
                         std::int64_t now_ms) {
  State& s = *state_;
  TRY_ASSIGN(State::Unit unit, State::Unit::begin(s));
  // The same bundle comes again and again until what it waits for is there; after a
  // restore in smaller ones, which replace a larger one.
  const bool smaller = reason == sync::ParkReason::AfterRestore;
  const auto size = static_cast<std::int64_t>(bundle.size());
  TRY(s.db.run("DELETE FROM parked WHERE dev=?1 AND first=?2 AND (?4 OR length(bundle)<=?3)", id,
               as_sql(first), size, std::int64_t{smaller}));
  TRY_ASSIGN(const std::int64_t waiting,
             s.db.query_int("SELECT coalesce(sum(length(bundle)),0) FROM parked"
                            " WHERE dev=?1 AND why<>?2",
                            id, static_cast<std::int64_t>(sync::ParkReason::Fork)));
  if (waiting + size > static_cast<std::int64_t>(sync::kParkedBytesMax)) {
    return fail(ErrorCode::TooLarge,
                "too many bundles wait for device " + std::to_string(number(id)));
  }
  TRY(s.db.run("INSERT INTO parked(dev,first,why,rx,bundle) VALUES(?1,?2,?3,?4,?5)", id,
               as_sql(first), static_cast<std::int64_t>(reason), now_ms, bundle));
  return unit.commit();
}

static sync::ParkedBundle read_parked(Statement& find) {
  sync::ParkedBundle parked;
  parked.id = find.integer(0);
  parked.device = DeviceId{static_cast<std::uint32_t>(find.integer(1))};
  parked.first = from_sql(find.integer(2));
  parked.reason = static_cast<sync::ParkReason>(find.integer(3));
  parked.received_ms = find.integer(4);
  const ByteView bundle = find.blob(5);
  parked.bundle.assign(bundle.begin(), bundle.end());
  return parked;
}

Result<std::optional<sync::ParkedBundle>> ServerStore::parked_at(DeviceId id, std::uint64_t next) {
  TRY_ASSIGN(Statement find, state_->db.statement(
                                 "SELECT id,dev,first,why,rx,bundle FROM parked WHERE dev=?1"
                                 " AND first<=?2 AND why IN (?3,?4,?5) ORDER BY first,id LIMIT 1"));
  find.bind_all(id, as_sql(next), static_cast<std::int64_t>(sync::ParkReason::Gap),
                static_cast<std::int64_t>(sync::ParkReason::NewerCatalogue),
                static_cast<std::int64_t>(sync::ParkReason::AfterRestore));
  TRY_ASSIGN(const bool there, find.step());
  if (!there) return std::optional<sync::ParkedBundle>();
  return std::optional(read_parked(find));
}

Result<std::vector<sync::ParkedBundle>> ServerStore::parked_of(DeviceId id) {
  std::vector<sync::ParkedBundle> out;
  TRY_ASSIGN(Statement find,
             state_->db.statement("SELECT id,dev,first,why,rx,bundle FROM parked WHERE dev=?1"
                                  " AND why<>?2 ORDER BY first,id"));
  find.bind_all(id, static_cast<std::int64_t>(sync::ParkReason::Fork));
  while (true) {
    TRY_ASSIGN(const bool more, find.step());
    if (!more) return out;
    out.push_back(read_parked(find));
  }
}

Result<std::vector<DeviceId>> ServerStore::waiting_after_restore() {
  std::vector<DeviceId> out;
  if (state_->epochs.size() < 2) return out;
  TRY_ASSIGN(Statement find,
             state_->db.statement("SELECT DISTINCT dev FROM parked WHERE why=?1 ORDER BY dev"));
  find.bind(1, static_cast<std::int64_t>(sync::ParkReason::AfterRestore));
  while (true) {
    TRY_ASSIGN(const bool more, find.step());
    if (!more) return out;
    out.push_back(DeviceId{static_cast<std::uint32_t>(find.integer(0))});
  }
}

Result<bool> ServerStore::others_may_return(std::int64_t now_ms) {
  if (state_->epochs.size() < 2) return false;
  TRY_ASSIGN(const std::int64_t restored_ms, state_->db.query_int("SELECT max(at) FROM epoch"));
  if (now_ms > restored_ms + sync::kReturnMsMax) return false;
  const auto away = state_->db.query_int(
      "SELECT 1 FROM dev WHERE dev>=2 AND status=?1 AND whole<>?2 LIMIT 1",
      static_cast<std::int64_t>(sync::DeviceStatus::Active), std::int64_t{state_->head.epoch});
  if (!away && away.error().code != ErrorCode::NotFound) return away.error();
  return away.ok();
}

Status ServerStore::unpark(std::int64_t parked_id) {
  TRY_ASSIGN(State::Unit unit, State::Unit::begin(*state_));
  TRY(state_->db.run("DELETE FROM parked WHERE id=?1", parked_id));
  return unit.commit();
}

Status ServerStore::park_for_good(std::int64_t parked_id, sync::ParkReason reason) {
  TRY_ASSIGN(State::Unit unit, State::Unit::begin(*state_));
  TRY(state_->db.run("UPDATE parked SET why=?2 WHERE id=?1", parked_id,
                     static_cast<std::int64_t>(reason)));
  return unit.commit();
}

Result<std::vector<sync::ParkedBundle>> ServerStore::parked() {
  std::vector<sync::ParkedBundle> out;
  TRY_ASSIGN(Statement find,
             state_->db.statement("SELECT id,dev,first,why,rx,bundle FROM parked ORDER BY id"));
  while (true) {
    TRY_ASSIGN(const bool more, find.step());
    if (!more) return out;
    out.push_back(read_parked(find));
  }
}

}  // namespace banyan
