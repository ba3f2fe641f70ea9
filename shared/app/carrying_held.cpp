// Parcels of other devices: kept in the encrypted database until they can go on.
#include <algorithm>

#include "shared/app/carrying.h"
#include "shared/storage/transaction.h"
#include "shared/sync/carrier.h"

namespace banyan {

namespace {

// Of a parcel to headquarters: it waits, or was refused there. Of an answer: it waits, or its
// device has been given it.
constexpr std::int64_t kWaits = 0, kRefused = 1, kGiven = 2;

std::int64_t as_number(sync::Heading heading) { return static_cast<std::int64_t>(heading); }

}  // namespace

// False when it is here already.
Result<bool> Carrying::hold(ByteView parcel, const sync::ParcelLabel& label) {
  const sync::ParcelId id = sync::parcel_id(parcel);
  TRY_ASSIGN(const std::int64_t there,
             around_.db.query_int("SELECT count(*) FROM held WHERE id=?1", id.view()));
  if (there > 0) return false;
  TRY_ASSIGN(Transaction change, Transaction::begin(around_.db));
  const auto size = static_cast<std::int64_t>(parcel.size());
  TRY(make_room(size));
  TRY(
      around_.db.run("INSERT INTO held(id,device,heading,at,state,size,body)"
                     " VALUES(?1,?2,?3,?4,?5,?6,?7)",
                     id.view(), label.device, as_number(label.heading),
                     around_.replica.server_time_ms(), kWaits, size, parcel));
  TRY(change.commit());
  return true;
}

// Answers can be had again, work cannot: answers that were given go first, then the oldest.
Status Carrying::make_room(std::int64_t bytes) {
  while (true) {
    TRY_ASSIGN(const std::int64_t used,
               around_.db.query_int("SELECT coalesce(sum(size),0) FROM held"));
    if (used + bytes <= kHeldBytesMax) return {};
    TRY(
        around_.db.run("DELETE FROM held WHERE no=(SELECT no FROM held WHERE heading=?1"
                       " ORDER BY state=?2 DESC, no LIMIT 1)",
                       as_number(sync::Heading::ToDevice), kGiven));
    if (around_.db.changes() == 0) {
      return fail(ErrorCode::StorageFull, "no room for more of others' parcels");
    }
  }
}

Result<std::vector<HeldParcels>> Carrying::held() {
  TRY_ASSIGN(Statement ask,
             around_.db.statement("SELECT device, sum(heading=0 AND state=?1),"
                                  " sum(heading=0 AND state=?2), sum(heading=1), min(at), sum(size)"
                                  " FROM held GROUP BY device ORDER BY min(no)"));
  ask.bind_all(kWaits, kRefused);
  std::vector<HeldParcels> out;
  while (true) {
    TRY_ASSIGN(const bool more, ask.step());
    if (!more) return out;
    HeldParcels one;
    one.device = DeviceId{static_cast<std::uint32_t>(ask.integer(0))};
    one.waiting = static_cast<int>(ask.integer(1));
    one.refused = static_cast<int>(ask.integer(2));
    one.answers = static_cast<int>(ask.integer(3));
    one.since_ms = ask.integer(4);
    one.bytes = static_cast<std::uint64_t>(ask.integer(5));
    out.push_back(one);
  }
}

Result<Bytes> Carrying::held_for(DeviceId device, sync::Heading heading) {
  TRY_ASSIGN(Statement ask, around_.db.statement("SELECT body FROM held WHERE device=?1 AND"
                                                 " heading=?2 ORDER BY no"));
  ask.bind_all(device, as_number(heading));
  Bytes file;
  while (true) {
    TRY_ASSIGN(const bool more, ask.step());
    if (!more) break;
    const ByteView body = ask.blob(0);
    file.insert(file.end(), body.begin(), body.end());
  }
  if (file.empty()) return fail(ErrorCode::NotFound, "no parcels of that device");
  return file;
}

Status Carrying::answers_given(DeviceId device) {
  TRY(around_.db.run("UPDATE held SET state=?1 WHERE device=?2 AND heading=?3", kGiven, device,
                     as_number(sync::Heading::ToDevice)));
  around_.changed();
  return {};
}

Status Carrying::forget(DeviceId device) {
  TRY(around_.db.run("DELETE FROM held WHERE device=?1", device));
  around_.changed();
  return {};
}

// ---- to headquarters

void Carrying::bring() {
  if (bringing_) return;
  bringing_ = true;
  bring_next();
}

void Carrying::bring_next() {
  bringing_ = false;  // what ends here is tried again after the next sync
  Bytes id, body;
  DeviceId device{};
  {
    Result<Statement> ask = around_.db.statement(
        "SELECT id,device,body FROM held WHERE heading=0 AND state=?1 ORDER BY no LIMIT 1");
    if (!ask.ok()) return;  // a failed read shows as a stopped database
    ask->bind(1, kWaits);
    const Result<bool> there = ask->step();
    if (!there.ok() || !*there) return;
    id.assign(ask->blob(0).begin(), ask->blob(0).end());
    device = DeviceId{static_cast<std::uint32_t>(ask->integer(1))};
    body.assign(ask->blob(2).begin(), ask->blob(2).end());
  }
  bringing_ = true;
  around_.remote.call("POST", "/v0/parcel", std::move(body),
                      [this, alive = alive_, id, device](Result<HttpReply> reply) {
                        if (!*alive) return;
                        bringing_ = false;
                        if (!brought(id, device, std::move(reply)).ok()) return;
                        around_.changed();
                        bring();
                      });
}

// An error leaves the parcel where it is, for the next time.
Status Carrying::brought(const Bytes& id, DeviceId device, Result<HttpReply> reply) {
  if (!reply.ok() && reply.error().code != ErrorCode::Refused) return reply.error();
  if (!reply.ok()) {
    return around_.db.run("UPDATE held SET state=?1 WHERE id=?2", kRefused, id);
  }
  TRY_ASSIGN(Transaction change, Transaction::begin(around_.db));
  TRY(around_.db.run("DELETE FROM held WHERE id=?1", id));
  TRY(keep_answer(device, reply->body));
  return change.commit();
}

// In the caller's transaction. Only answers for that device, whatever the server sends.
Status Carrying::keep_answer(DeviceId device, ByteView answer) {
  TRY(around_.db.run("DELETE FROM held WHERE device=?1 AND heading=?2 AND state=?3", device,
                     as_number(sync::Heading::ToDevice), kGiven));
  for (const ByteView parcel : sync::split_parcels(answer).parcels) {
    const Result<sync::ParcelLabel> label = sync::peek_parcel(parcel);
    if (!label.ok() || label->device != device || label->heading != sync::Heading::ToDevice) {
      continue;
    }
    const auto size = static_cast<std::int64_t>(parcel.size());
    TRY(make_room(size));
    TRY(
        around_.db.run("INSERT OR IGNORE INTO held(id,device,heading,at,state,size,body)"
                       " VALUES(?1,?2,?3,?4,?5,?6,?7)",
                       sync::parcel_id(parcel).view(), device, as_number(label->heading),
                       around_.replica.server_time_ms(), kWaits, size, parcel));
  }
  return {};
}

}  // namespace banyan
