// Devices of the server's store, and bundles that wait.
#include "shared/storage/server_state.h"

namespace banyan {
Result<sync::DeviceRecord> ServerStore::device(DeviceId id) {
  TRY_ASSIGN(State::DeviceRow row, state_->tables->device_row(id));
  return row.record;
}

Result<std::vector<sync::DeviceRecord>> ServerStore::devices(DeviceId from) {
  return state_->tables->devices(from);
}

Result<DeviceId> ServerStore::enrol(const Enrolment& enrolment) {
  State& s = *state_;
  TRY_ASSIGN(State::Unit unit, State::Unit::begin(s, State::Hold::Order));
  const Entity* staff = s.catalogue.entity(sync::kStaffEntity);
  if (staff == nullptr) return fail(ErrorCode::NotFound, "the packs know no staff");
  TRY_ASSIGN(const Row user, s.tables->load_row(staff->no, enrolment.user));
  if (!user.alive()) return fail(ErrorCode::NotFound, "no such member of staff");
  TRY_ASSIGN(const DeviceId id, s.add_device(enrolment, {}));
  TRY(unit.commit());
  return id;
}

Result<DeviceId> ServerStore::State::add_device(const Enrolment& enrolment,
                                                std::vector<Dot> former) {
  if (head.next_device > kDeviceIdMax) {
    return fail(ErrorCode::TooLarge, "device numbers are used up");
  }
  DeviceRow row;
  row.record.id = DeviceId{head.next_device};
  row.record.user = enrolment.user;
  row.record.sign_key = enrolment.sign_key;
  row.record.box_key = enrolment.box_key;
  row.record.last_contact_ms = clock.wall_ms();
  row.record.whole_epoch = head.epoch;
  // A copy has yet to push what it wrote before: nobody knows yet what that has seen.
  row.floor = former.empty() ? head.seq : head.horizon;
  row.former = std::move(former);
  Head now = head;
  ++now.next_device;
  TRY(tables->save_device(row));
  TRY(tables->save_head(now));
  head = now;
  return row.record.id;
}

// Also for somebody who has left: what he wrote before he knew still has to get here.
Result<sync::NewNumber> ServerStore::rekey(DeviceId former, std::uint64_t common,
                                           const VerifyKey& sign_key, const BoxPublicKey& box_key) {
  State& s = *state_;
  TRY_ASSIGN(State::Unit unit, State::Unit::begin(s, State::Hold::Order));
  TRY_ASSIGN(State::DeviceRow parent, s.tables->device_row(former));
  sync::NewNumber given{former, {}, common, 0};
  if (common > 0) {
    TRY_ASSIGN(given.common_seq, s.tables->place_of(former, common));
  }
  const auto there = s.tables->device_with_key(sign_key);
  if (!there && there.error().code != ErrorCode::NotFound) return there.error();
  if (there) {
    given.device = *there;
    return given;
  }
  parent.former.push_back({former, given.common_seq});
  TRY_ASSIGN(given.device,
             s.add_device({parent.record.user, sign_key, box_key}, std::move(parent.former)));
  TRY(unit.commit());
  return given;
}

Status ServerStore::retire(DeviceId device) {
  TRY_ASSIGN(State::Unit unit, State::Unit::begin(*state_, State::Hold::Order));
  TRY_ASSIGN(State::DeviceRow row, state_->tables->device_row(device));
  row.record.status = sync::DeviceStatus::Retired;
  TRY(state_->tables->save_device(row));
  return unit.commit();
}

Status ServerStore::contacted(DeviceId id, const sync::Contact& contact) {
  TRY_ASSIGN(State::Unit unit, State::Unit::begin(*state_, State::Hold::Rows));
  TRY(state_->tables->contacted(id, {contact.catalogue, contact.whole ? state_->head.epoch : 0,
                                     contact.floor, contact.now_ms}));
  return unit.commit();
}

Result<Hash256> ServerStore::chain_hash(DeviceId id, std::uint64_t dseq) {
  if (dseq == 0) return Hash256{};
  return state_->tables->chain_hash(id, dseq);
}

Result<std::vector<sync::ChainedCommit>> ServerStore::tail(DeviceId id, std::uint64_t dseq,
                                                           std::size_t bytes_max) {
  return state_->tables->tail(id, dseq, bytes_max);
}

// ---- bundles that wait

Status ServerStore::park(DeviceId id, std::uint64_t first, sync::ParkReason reason, ByteView bundle,
                         std::int64_t now_ms) {
  State& s = *state_;
  TRY_ASSIGN(State::Unit unit, State::Unit::begin(s, State::Hold::Rows));
  // The same bundle comes again and again until what it waits for is there; after a
  // restore in smaller ones, which replace a larger one.
  const bool smaller = reason == sync::ParkReason::AfterRestore;
  TRY(s.tables->drop_parked(id, first, smaller ? ~0ULL >> 1 : bundle.size()));
  TRY_ASSIGN(const std::uint64_t waiting, s.tables->parked_bytes(id, sync::ParkReason::Fork));
  if (waiting + bundle.size() > sync::kParkedBytesMax) {
    return fail(ErrorCode::TooLarge,
                "too many bundles wait for device " + std::to_string(number(id)));
  }
  TRY(s.tables->add_parked({0, id, first, reason, now_ms, Bytes(bundle.begin(), bundle.end())}));
  return unit.commit();
}

Result<std::optional<sync::ParkedBundle>> ServerStore::parked_at(DeviceId id, std::uint64_t next) {
  ServerTables::ParkedQuery query;
  query.device = id;
  query.first_max = next;
  query.reasons = {sync::ParkReason::Gap, sync::ParkReason::NewerCatalogue,
                   sync::ParkReason::AfterRestore};
  query.count_max = 1;
  TRY_ASSIGN(std::vector<sync::ParkedBundle> found, state_->tables->parked(query));
  if (found.empty()) return std::optional<sync::ParkedBundle>();
  return std::optional(std::move(found.front()));
}

Result<std::vector<sync::ParkedBundle>> ServerStore::parked_of(DeviceId id) {
  ServerTables::ParkedQuery query;
  query.device = id;
  TRY_ASSIGN(std::vector<sync::ParkedBundle> found, state_->tables->parked(query));
  std::erase_if(found, [](const sync::ParkedBundle& parked) {
    return parked.reason == sync::ParkReason::Fork;
  });
  return found;
}

Result<std::vector<DeviceId>> ServerStore::waiting_after_restore() {
  if (state_->epochs.size() < 2) return std::vector<DeviceId>();
  return state_->tables->devices_with_parked(sync::ParkReason::AfterRestore);
}

Result<bool> ServerStore::others_may_return(DeviceId besides, std::int64_t now_ms) {
  if (state_->epochs.size() < 2) return false;
  TRY_ASSIGN(const std::int64_t restored_ms, state_->tables->newest_epoch_ms());
  if (now_ms > restored_ms + sync::kReturnMsMax) return false;
  for (const auto reason : {sync::ParkReason::BelowHorizon, sync::ParkReason::TooLate,
                            sync::ParkReason::RetiredDevice}) {
    TRY_ASSIGN(const auto waiting, state_->tables->devices_with_parked(reason));
    if (std::any_of(waiting.begin(), waiting.end(), [&](DeviceId id) { return id != besides; })) {
      return true;
    }
  }
  return state_->tables->any_away(state_->head.epoch);
}

Status ServerStore::unpark(std::int64_t parked_id) {
  TRY_ASSIGN(State::Unit unit, State::Unit::begin(*state_, State::Hold::Rows));
  TRY(state_->tables->drop_parked(parked_id));
  return unit.commit();
}

Status ServerStore::park_as(std::int64_t parked_id, sync::ParkReason reason) {
  TRY_ASSIGN(State::Unit unit, State::Unit::begin(*state_, State::Hold::Rows));
  TRY(state_->tables->set_parked(parked_id, reason));
  return unit.commit();
}

Result<std::vector<sync::ParkedBundle>> ServerStore::parked() { return state_->tables->parked({}); }

}  // namespace banyan
