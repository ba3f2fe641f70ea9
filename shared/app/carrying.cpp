#include "shared/app/carrying.h"

#include <utility>

#include "shared/storage/transaction.h"
#include "shared/sync/carrier.h"

namespace banyan {

Carrying::Carrying(Around around, Keys keys) : around_(std::move(around)), keys_(std::move(keys)) {}

Result<std::unique_ptr<Carrying>> Carrying::open(Around around, Keys keys) {
  TRY(around.db.exec(
      "CREATE TABLE IF NOT EXISTS held(no INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE,"
      " device INTEGER NOT NULL, heading INTEGER NOT NULL, at INTEGER NOT NULL,"
      " state INTEGER NOT NULL, size INTEGER NOT NULL, body BLOB NOT NULL)"));
  return std::unique_ptr<Carrying>(new Carrying(std::move(around), std::move(keys)));
}

// ---- out

Result<Carrying::Packed> Carrying::pack() {
  TRY_ASSIGN(const sync::Client::ForCarrier made, around_.client.make_carried());
  const sync::ParcelLabel label{keys_.organisation, sync::Heading::ToHeadquarters, keys_.device};
  Packed packed;
  packed.last = made.last;
  for (const Bytes& request : made.requests) {
    TRY_ASSIGN(const Bytes parcel,
               sync::seal_parcel(label, keys_.server_box, request, around_.random));
    packed.file.insert(packed.file.end(), parcel.begin(), parcel.end());
  }
  return packed;
}

Status Carrying::handed_over(const Packed& packed) {
  TRY(around_.replica.mark_sent(packed.last));
  around_.changed();
  return {};
}

// ---- in

Status Carrying::receive(Bytes file) {
  if (file.size() > sync::kParcelFileBytesMax) {
    return fail(ErrorCode::TooLarge, "a file of " + std::to_string(file.size()) + " bytes");
  }
  const sync::ParcelFile split = sync::split_parcels(file);
  if (split.parcels.empty()) return fail(ErrorCode::Invalid, "a file without a whole parcel");
  stop_receiving();
  received_ = {};
  received_.parcels = static_cast<int>(split.parcels.size());
  received_.damaged = static_cast<int>(split.damaged);
  for (const ByteView parcel : split.parcels) {
    pieces_.push_back({static_cast<std::size_t>(parcel.data() - file.data()), parcel.size()});
  }
  file_ = std::move(file);
  around_.changed();
  return {};
}

void Carrying::stop_receiving() {
  file_ = {};
  pieces_.clear();
  waiting_.clear();
  next_ = 0;
  moved_ = false;
  around_.changed();
}

bool Carrying::step() {
  if (!receiving()) return false;
  const Piece piece = pieces_[next_++];
  const int missing = received_.missing;
  const Status taken = take(ByteView(file_).subspan(piece.at, piece.size));
  if (!taken.ok()) {
    received_.failed = taken.error();
    stop_receiving();
    return false;
  }
  if (received_.missing > missing) waiting_.push_back(piece);
  ++received_.done;
  if (next_ == pieces_.size()) again_or_end();
  around_.changed();
  return receiving();
}

// Parcels lie in a file in any order: what was of no use may be now.
void Carrying::again_or_end() {
  if (waiting_.empty() || !moved_) return stop_receiving();
  received_.missing -= static_cast<int>(waiting_.size());
  received_.done -= static_cast<int>(waiting_.size());
  pieces_ = std::move(waiting_);
  waiting_.clear();
  next_ = 0;
  moved_ = false;
}

Status Carrying::take(ByteView parcel) {
  TRY_ASSIGN(const sync::ParcelLabel label, sync::peek_parcel(parcel));
  if (label.organisation != keys_.organisation) {
    ++received_.foreign;
    return {};
  }
  if (label.device == keys_.device) {
    if (label.heading == sync::Heading::ToDevice) return take_own(parcel);
    ++received_.known;  // its own work, on the way round
    return {};
  }
  TRY_ASSIGN(const bool fresh, hold(parcel, label));
  ++(fresh ? received_.held : received_.held_before);
  return {};
}

Status Carrying::take_own(ByteView parcel) {
  const Result<Bytes> reply = sync::open_parcel(parcel, keys_.box);
  if (!reply.ok()) {  // from before this device had its present key
    ++received_.foreign;
    return {};
  }
  TRY_ASSIGN(const sync::Client::Delivered one, around_.client.handle_carried(*reply));
  const sync::Progress& p = one.progress;
  received_.progress = p;
  switch (one.delivery) {
    case sync::Client::Delivery::Taken:
      ++received_.taken;
      moved_ = true;
      received_.complete = p.complete;
      received_.ask_again = p.more;
      around_.applied();
      break;
    case sync::Client::Delivery::Known: ++received_.known; break;
    case sync::Client::Delivery::Ahead: ++received_.missing; break;
    case sync::Client::Delivery::Foreign: ++received_.foreign; break;
  }
  return {};
}

}  // namespace banyan
