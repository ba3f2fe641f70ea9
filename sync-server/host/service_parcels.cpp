// POST /v0/parcel, and the files that `banyan-server carry` puts into the box: work of devices
// that have no network.
#include <algorithm>

#include "shared/sync/carrier.h"
#include "sync-server/host/service.h"

namespace banyan::server {
namespace {

// A parcel costs one, and so does every part of its answer of this size. Nobody knows before what
// it will be: whoever brings one must have room for a long answer.
constexpr double kPartBytes = 2 << 20;
constexpr double kDearest = 9;

}  // namespace

// The carrier signs for the journey, the device inside for its work: who carries uses up its own
// allowance and nobody else's.
http::Response Service::parcel(const Request& request) {
  const auto carrier = devices_.signer(request);
  if (!carrier) return http::reply_error(carrier.error());
  const std::string key = std::to_string(number(carrier->id));
  if (!parcels_.has(key, kDearest)) {
    return http::reply_later(429, "TooManyRequests", parcels_.wait_s(key, kDearest));
  }
  auto carried = sync_.handle_carried(request.body, bank_.keys().box);
  if (!carried) return failed(carried.error());
  const double cost = 1 + static_cast<double>(carried->answer.size()) / kPartBytes;
  (void)parcels_.allow(key, std::min(cost, kDearest));
  if (carried->refused) {
    log_.write("parcel_refused", {{"carrier", static_cast<std::int64_t>(number(carrier->id))},
                                  {"code", banyan::name_of(*carried->refused)}});
    return http::reply_error(fail(*carried->refused, "parcel"));
  }
  ParcelNote note;
  note.device = carried->handled.device;
  note.appended = carried->handled.appended;
  note.parked = carried->handled.parked;
  note.forked = carried->handled.forked;
  after_parcel(note, number(carrier->id));
  return http::reply_bytes(std::move(carried->answer));
}

void Service::after_parcel(const ParcelNote& note, std::int64_t carrier) {
  const auto device = static_cast<std::int64_t>(number(note.device));
  if (note.forked) log_.write("fork", {{"device", device}});
  log_.write("parcel", {{"device", device},
                        {"carrier", carrier},
                        {"commits", static_cast<std::int64_t>(note.appended)},
                        {"parked", static_cast<std::int64_t>(note.parked)}});
  if (const Status noted = note_contact(note.device); !noted) failed(noted.error());
  if (const Status told = announce({}); !told) failed(told.error());
}

// One file in each round of tending: other devices' work goes on in between.
void Service::tend_parcels() {
  struct Taken {
    std::string id;
    CarriedFile file;
  };
  const auto taken = std::make_shared<std::optional<Taken>>();
  const auto work = [this, taken] {
    const auto waiting = parcel_box_.waiting();
    if (!waiting || waiting->empty()) return;
    const std::string& id = waiting->front();
    const auto content = parcel_box_.read(id);
    if (!content) {  // for good: it must not stand in others' way
      log_.write("parcels_unreadable", {{"detail", content.error().detail}});
      taken->emplace(Taken{id, CarriedFile{{}, {}, 1}});
      return;
    }
    auto file = take_parcels(*content, sync_, bank_.keys().box);
    if (!file) {
      failed(file.error());
      return;
    }
    for (const ParcelNote& note : file->notes) {
      if (note.refused.empty()) after_parcel(note, 0);
    }
    taken->emplace(Taken{id, std::move(*file)});
  };
  const auto done = [this, taken](bool kept) {
    if (!kept || !*taken) return;  // it is still in the box
    const Status left = parcel_box_.answer((*taken)->id, (*taken)->file);
    if (!left) log_.write("parcels_unanswered", {{"detail", left.error().detail}});
  };
  (void)database_worker_.submit({work, done});  // busy or stopping: the next round does it
}

}  // namespace banyan::server
