// Clocks that jump, and disks: backups, restores, restarts, lost tails, power that fails.
#include <algorithm>

#include "shared/sync/rekey.h"
#include "tests/simulation/oracle.h"
#include "tests/simulation/world.h"

namespace banyan::sim {
namespace {

constexpr std::int64_t kHour = 3'600'000, kDay = 24 * kHour;
// A transaction of a device makes about so many changes to its disk.
constexpr std::uint64_t kChangesMax = 14;

}  // namespace

void World::move_clock(Random& r) {
  if (!weather_.clocks) return;
  const std::int64_t jumps[] = {0, -9 * kDay, 7 * kDay, kHour, -30 * kDay, 3650 * kDay};
  any_device(r).clock.skew_ms = jumps[r.below(6)];
  count("clock jumps");
}

// ---- the server's

void World::back_up(Random& r) {
  take_turns();
  auto copy = empty_database(nullptr);
  if (failed() || !need(server_disk_.db->backup_to(*copy, 1000, [] { return true; }), "backup")) {
    return;
  }
  backup_ = std::move(copy);
  need(store_->refresh(), "refresh");
  backup_seq_ = store_->head();
  count("backups");
  if (r.below(4) != 0) need(store_->set_stable(backup_seq_), "set_stable");
}

void World::restore() {
  if (!weather_.restores || !backup_) return;
  // What devices may have forgotten must be in it.
  if (store_->stable() > backup_seq_) return;
  close_server();
  fill(server_disk_, *backup_);
  open_server();
  if (failed() || !need(store_->begin_epoch_after_restore(), "new epoch")) return;
  for (auto& d : devices_) {
    if (d->retired) need(store_->retire(d->id), "retire");
  }
  count("restores");
  begin_again();
}

// ---- a device's

void World::restart(Device& device) {
  const WaitingRows before = device.replica->waiting();
  open_device(device);
  if (!failed() && device.replica->waiting() != before) {
    fail_with("I10 other rows wait after a new start");
  }
  count("restarts");
}

void World::keep_snapshot(Device& device) {
  if (!weather_.tails) return;
  auto copy = empty_database(nullptr);
  if (failed() || !need(device.disk.db->backup_to(*copy, 1000, [] { return true; }), "snapshot")) {
    return;
  }
  device.snapshot = std::move(copy);
  device.told_then = device.told;
}

// The disk forgets what was written since the snapshot. Where nobody copies tablets, what was on
// its way from it is gone with it, and it writes nothing before it has asked: no history parts.
void World::lose_tail(Device& device) {
  if (!device.snapshot || device.must_sync || device.retired) return;
  close_device(device);
  fill(device.disk, *device.snapshot);
  device.snapshot.reset();  // may be another number's by the next time
  open_device(device);
  device.told = device.told_then;
  device.seen = {};
  device.acted = true;
  count("tails lost");
  if (weather_.clones) return;
  device.must_sync = true;
  const std::size_t index = index_of(device);
  std::erase_if(net_, [&](const Message& m) { return m.device == index; });
  std::erase_if(bag_, [&](const Parcel& p) { return p.device == index; });
}

// ---- copies

// A tablet's disk in another tablet: number, key and all. Each goes on by itself.
void World::copy_device(Random& r) {
  constexpr std::size_t kDevicesMax = 8;
  Device& of = any_device(r);
  if (!weather_.clones || of.retired || devices_.size() >= kDevicesMax) return;
  auto copy = std::make_unique<Device>(now_, random_.next_u64());
  copy->user = of.user;
  copy->role = of.role;
  copy->id = of.id;
  copy->joined = of.joined;
  copy->key = of.key;
  copy->next_key = of.next_key;
  copy->box = of.box;
  copy->bank = of.bank;
  copy->told = of.told;
  fill(copy->disk, *of.disk.db);
  open_device(*copy);
  devices_.push_back(std::move(copy));
  copied_.insert(number(of.id));
  count("copies");
}

// I16: a copy whose chain has parted goes on under a number of its own. When the answer is lost
// it asks again with the same key.
void World::ask_for_number(Device& d, bool answer_arrives) {
  if (d.retired) return;
  if (!d.next_key) d.next_key = std::make_shared<SigningKey>(SigningKey::generate(d.random));
  const sync::RekeyRequest made =
      need(sync::make_rekey_request(*d.store, *d.next_key, d.box->public_key()), "chain");
  const auto request = need(
      sync::decode_rekey_request(sync::encode_rekey_request(made, *d.next_key)), "rekey request");
  if (failed()) return;
  const auto given = need(server_->rekey(d.id, request), "I16 a copy gets no number");
  if (failed() || !answer_arrives) return;
  d.acted = true;
  if (given.device == given.former) {
    need(d.replica->set_forked(false), "not parted");
    d.seen = {};  // it reads all anew
    return count("forks that were none");
  }
  if (!need(d.replica->rekey(given, [] { return Status(); }), "rekey")) return;
  former_[number(given.device)] = former_[number(given.former)];
  former_[number(given.device)][number(given.former)] = given.common_seq;
  d.id = given.device;
  d.key = std::exchange(d.next_key, nullptr);
  d.told = 0;
  d.seen = {};
  d.snapshot.reset();
  backup_.reset();  // or the new number would be unknown after a restore
  open_device(d);
  count("forks");
}

// ---- power

// In the middle of whatever it does, or between two things. I14: what it did is there whole or
// not at all; and what it was told is saved is there.
void World::cut_power(Device& d, Random& r) {
  if (!weather_.power || d.retired) return restart(d);
  const sync::DeviceState before = need(d.replica->state(), "state");
  d.disk.store->fail_power_at(1 + r.below(kChangesMax));
  bool saved = false;
  const auto own = std::find_if(net_.rbegin(), net_.rend(), [&](const Message& m) {
    return !m.to_server && devices_[m.device].get() == &d;
  });
  if (own != net_.rend() && r.below(2) == 0) {
    const Message reply = *own;
    take(reply);
  } else if (!d.must_sync) {
    const Status written = write_drafts(d, r);
    saved = written.ok();
    const bool refused = !saved && written.error().code == ErrorCode::Invalid;
    if (!saved && !refused && !d.waits_for_power()) {
      return fail_with("I15 a local write fails: " + written.error().detail);
    }
  }
  if (failed()) return;
  const std::uint64_t last = saved ? need(d.replica->state(), "state").last : 0;
  wake(d);
  if (failed()) return;
  const sync::DeviceState after = need(d.replica->state(), "state");
  if (after.last < std::max(before.last, last)) fail_with("I14 a saved write is lost");
  if (after.acked < before.acked || after.cursor.pos < before.cursor.pos) {
    if (after.cursor.epoch == before.cursor.epoch) fail_with("I14 a page that was taken is lost");
  }
  need(d.disk.db->integrity_check(), "I14 integrity");
  count("crashes");
}

void World::wake(Device& d) {
  close_device(d);
  d.disk.db.reset();
  d.disk.store->power_on(random_);
  d.disk.db = empty_database(d.disk.store.get());
  open_device(d);
  d.acted = true;
}

void World::cut_servers_power(Random& r) {
  if (!weather_.power) return;
  take_turns();
  need(store_->refresh(), "refresh");
  const std::uint64_t head = store_->head();
  const auto own =
      std::find_if(net_.rbegin(), net_.rend(), [](const Message& m) { return m.to_server; });
  server_disk_.store->fail_power_at(1 + r.below(2 * kChangesMax));
  if (own != net_.rend()) {
    const Message request = *own;
    if (const auto reply = serve(request); reply && r.below(2) == 0) net_.push_back(*reply);
  }
  if (failed()) return;
  const std::uint64_t told = std::max(head, followed_);
  close_server();
  server_disk_.db.reset();
  server_disk_.store->power_on(random_);
  server_disk_.db = empty_database(server_disk_.store.get());
  open_server();
  if (failed()) return;
  if (store_->head() < told) return fail_with("I14 the server lost what it had said it has");
  follow();
  need(server_disk_.db->integrity_check(), "I14 integrity");
  count("server crashes");
}

}  // namespace banyan::sim
