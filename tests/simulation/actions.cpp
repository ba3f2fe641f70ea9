// What can happen in one step.
#include <algorithm>

#include "tests/simulation/world.h"
#include "tests/support/bank.h"

namespace banyan::sim {
namespace {

constexpr std::int64_t kSecond = 1000, kHour = 3'600'000, kDay = 24 * kHour;

CellWrite cell(std::uint32_t field, Value value) { return {field, std::move(value), {}}; }

RowWrite write(std::uint32_t entity, Op op, RowId row, std::vector<CellWrite> cells = {}) {
  return {entity, op, row, 1, std::move(cells)};
}

}  // namespace

// Every step draws from a generator of its own, so that leaving one out while
// shrinking changes none of the others.
void World::step(int number) {
  SeededRandom r(seed_ * 1'000'003 + static_cast<std::uint64_t>(number));
  random_ = SeededRandom(seed_ * 7'000'009 + static_cast<std::uint64_t>(number));
  const std::int64_t pauses[] = {kSecond, 60 * kSecond, kHour, kDay};
  now_ += pauses[r.below(4)];
  Device& device = *devices_[static_cast<std::size_t>(r.below(devices_.size()))];
  const std::uint64_t x = r.below(1000);
  if (x < 420) {
    write_locally(r);
  } else if (x < 740) {
    exchange(r);
  } else if (x < 840) {
    deliver(r);
  } else if (x < 900) {
    decide(r);
  } else if (x < 925) {
    move_clock(r);
  } else if (x < 950) {
    restart(device);
  } else if (x < 970) {
    back_up(r);
  } else if (x < 978) {
    restore();
  } else if (x < 990) {
    keep_snapshot(device);
  } else {
    lose_tail(device);
  }
  if (!failed()) check_after_step();
}

// ---- people

std::vector<RowId> World::customers_on(Device& device) {
  std::vector<RowId> ids;
  auto find = device.db->statement(
      "SELECT id FROM customer WHERE id NOT IN"
      " (SELECT agg FROM agg WHERE state=1) ORDER BY id");
  while (find.ok() && find->step().value()) ids.push_back(find->row_id(0));
  return ids;
}

void World::write_locally(Random& r) {
  Device& d = *devices_[static_cast<std::size_t>(r.below(devices_.size()))];
  if (d.must_sync) return;
  std::vector<Draft> drafts;
  const std::vector<RowId> customers = customers_on(d);
  const std::uint64_t many = r.below(6) == 0 ? 3 : 1;
  for (std::uint64_t i = 0; i < many; ++i) {
    if (r.below(14) == 0 && d.role != kHeadquarters) {
      drafts.push_back(new_customer(d, r));
    } else if (!customers.empty()) {
      Draft draft{any(customers, r), 0, {}};
      for (std::uint64_t n = 1 + r.below(3); n > 0; --n) add_writes(d, draft.aggregate, r, draft);
      if (!draft.rows.empty()) drafts.push_back(std::move(draft));
    }
  }
  if (drafts.empty()) return;
  const auto written = d.replica->write(drafts);
  if (written.ok()) {
    count("local writes", written->size());
  } else if (written.error().code == ErrorCode::Invalid) {
    count("refused locally");
  } else {
    fail_with("I15 a local write fails: " + written.error().detail);
  }
}

Draft World::new_customer(Device& d, Random& r) {
  const RowId id = d.replica->mint();
  const RowId scope = d.role == kTeller ? branches_[0] : d.user;
  Draft draft{id, 0, {}};
  draft.rows.push_back(write(kCustomer, Op::Insert, id,
                             {cell(kName, "n" + std::to_string(++written_)),
                              cell(d.role == kTeller ? kHome : kOwner, scope)}));
  if (r.below(2) == 0) {
    draft.rows.push_back(write(kContact, Op::Insert, d.replica->mint(),
                               {cell(kName, "k" + std::to_string(++written_))}));
  }
  count("new customers");
  return draft;
}

void World::add_writes(Device& d, RowId customer, Random& r, Draft& draft) {
  std::uint32_t entity = kCustomer;
  RowId row = customer;
  if (r.below(3) == 0) {
    std::vector<RowId> contacts;
    auto find = d.db->statement("SELECT id FROM contact WHERE _agg=?1 ORDER BY id");
    find->bind(1, customer);
    while (find.ok() && find->step().value()) contacts.push_back(find->row_id(0));
    if (!contacts.empty()) {
      entity = kContact;
      row = any(contacts, r);
    }
  }
  const Row now = need(d.replica->load(*bank().entity(entity), row), "load");
  const std::string value = "v" + std::to_string(r.below(4));
  const bool inside = d.role == kHeadquarters && entity == kCustomer;
  const std::uint64_t kind = r.below(100);
  if (kind < 14) {
    draft.rows.push_back(write(kContact, Op::Insert, d.replica->mint(), {cell(kName, value)}));
  } else if (kind < 30) {
    draft.rows.push_back(
        write(kVisit, Op::Fact, d.replica->mint(),
              {cell(kText, "t" + std::to_string(++written_)), cell(kSecret, value)}));
  } else if (!now.alive()) {
    if (now.exists) draft.rows.push_back(write(entity, Op::Undelete, row));
    count("undeletes");
  } else if (kind < 36) {
    draft.rows.push_back(write(entity, Op::Delete, row));
    count("deletes");
  } else if (kind < 48) {
    draft.rows.push_back(
        write(entity, Op::Update, row, {cell(kCount, static_cast<std::int64_t>(1 + r.below(5)))}));
    count("deltas");
  } else if (kind < 62) {
    draft.rows.push_back(write(entity, r.below(5) < 3 ? Op::Add : Op::Remove, row,
                               {cell(kTags, static_cast<std::int64_t>(r.below(3)))}));
  } else if (kind < 80) {
    draft.rows.push_back(write(entity, Op::Update, row,
                               {cell(inside && r.below(2) == 0 ? kScore : kPhone,
                                     inside ? Value{std::string(value)} : Value{value})}));
    if (draft.rows.back().cells[0].field == kScore) {
      draft.rows.back().cells[0].value = static_cast<std::int64_t>(r.below(4));
    }
  } else if (inside && kind < 88) {
    draft.rows.push_back(
        write(entity, Op::Update, row, {cell(kRisk, static_cast<std::int64_t>(r.below(9)))}));
  } else {
    draft.rows.push_back(write(entity, Op::Update, row, {cell(kName, value)}));
    if (r.below(8) == 0) draft.rows.back().cells[0].value = std::monostate{};
  }
}

// ---- the network

void World::exchange(Random& r) {
  const auto index = static_cast<std::size_t>(r.below(devices_.size()));
  for (std::uint64_t hops = 1 + r.below(4); hops > 0 && !failed(); --hops) {
    const Bytes request = ask(index);
    if (failed()) return;
    const std::uint64_t fate = r.below(100);
    if (fate < 8) return count("requests dropped");
    if (fate < 20) {
      net_.push_back({index, true, request});
      return count("requests delayed");
    }
    if (fate < 28) {
      net_.push_back({index, true, request});
      count("requests duplicated");
    }
    const Bytes reply = serve(request);
    if (failed()) return;
    const std::uint64_t back = r.below(100);
    if (back < 12) return count("replies lost");
    if (back < 20) {
      net_.push_back({index, false, reply});
      return count("replies delayed");
    }
    const auto progress = take(index, reply);
    if (!progress || !progress->more) return;
  }
}

void World::deliver(Random& r) {
  for (std::uint64_t n = 1 + r.below(3); n > 0 && !net_.empty() && !failed(); --n) {
    const auto at = static_cast<std::size_t>(r.below(net_.size()));  // in any order
    const Message message = net_[at];
    net_.erase(net_.begin() + static_cast<std::ptrdiff_t>(at));
    count("late deliveries");
    if (message.to_server) {
      const Bytes reply = serve(message.bytes);
      if (!reply.empty() && r.below(2) == 0) net_.push_back({message.device, false, reply});
    } else {
      take(message.device, message.bytes);
    }
  }
}

// ---- headquarters

void World::decide(Random& r) {
  std::vector<RowId> customers;
  auto find = server_db_->statement("SELECT id FROM customer ORDER BY id");
  while (find.ok() && find->step().value()) customers.push_back(find->row_id(0));
  const RowId customer = any(customers, r);
  Draft draft{customer, 0, {}};
  const std::uint64_t what = r.below(100);
  const RowId officer = staff_[1 + static_cast<std::size_t>(r.below(2))];
  const Row now = need(store_->load(*bank().entity(kCustomer), customer), "load");
  if (what < 15) {
    if (!now.alive()) return;
    draft.rows.push_back(write(kCustomer, Op::Update, customer,
                               {cell(kLevel, static_cast<std::int64_t>(r.below(4)))}));
  } else if (what < 25) {
    const RowId id = store_->mint(kImportDevice);
    draft.aggregate = id;
    draft.rows.push_back(write(kCustomer, Op::Insert, id,
                               {cell(kName, std::string("i")), cell(kOwner, officer),
                                cell(kHome, branches_[static_cast<std::size_t>(r.below(2))])}));
    count("imports");
  } else if (!weather_.moves) {
    return;
  } else if (what < 35) {
    const RowId user = staff_[2 + static_cast<std::size_t>(r.below(2))];
    draft.aggregate = user;
    draft.rows.push_back(
        write(kStaff, Op::Update, user,
              {cell(kStaffBranchField, branches_[static_cast<std::size_t>(r.below(2))])}));
    if (r.below(2) == 0) {
      const std::int64_t roles[] = {kOfficer, kTeller};
      draft.rows.back().cells.push_back(cell(kRole, roles[r.below(2)]));
    }
    count("staff moves");
  } else {
    if (!now.alive()) return;
    const Value none = std::monostate{};
    if (what < 70) {
      draft.rows.push_back(write(kCustomer, Op::Update, customer, {cell(kOwner, officer)}));
    } else if (what < 85) {
      draft.rows.push_back(write(kCustomer, Op::Update, customer,
                                 {cell(kCoOwner, r.below(2) == 0 ? none : Value{officer})}));
    } else {
      draft.rows.push_back(write(kCustomer, Op::Update, customer,
                                 {cell(kHome, branches_[static_cast<std::size_t>(r.below(2))])}));
    }
    count("moves");
  }
  const DeviceId author = what >= 15 && what < 25 ? kImportDevice : kServerDevice;
  const auto authored = store_->author(author, std::span(&draft, 1));
  if (!authored.ok()) fail_with("a decision fails: " + authored.error().detail);
}

void World::move_clock(Random& r) {
  if (!weather_.clocks) return;
  Device& d = *devices_[static_cast<std::size_t>(r.below(devices_.size()))];
  const std::int64_t jumps[] = {0, -9 * kDay, 7 * kDay, kHour, -30 * kDay, 3650 * kDay};
  d.clock.skew_ms = jumps[r.below(6)];
  count("clock jumps");
}

// ---- disks

void World::back_up(Random& r) {
  std::unique_ptr<Database> copy;
  memory_database(copy);
  if (!need(server_db_->backup_to(*copy, 1000, [] { return true; }), "backup")) return;
  backup_ = std::move(copy);
  backup_seq_ = store_->head();
  count("backups");
  if (r.below(4) != 0) need(store_->set_stable(backup_seq_), "set_stable");
}

void World::restore() {
  if (!weather_.restores || !backup_) return;
  // What devices may have forgotten must be in it.
  if (store_->stable() > backup_seq_) return;
  server_.reset();
  changes_.reset();
  store_.reset();
  memory_database(server_db_);
  if (!need(backup_->backup_to(*server_db_, 1000, [] { return true; }), "restore")) return;
  open_server();
  need(store_->begin_epoch_after_restore(), "new epoch");
  count("restores");
}

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
  memory_database(device.snapshot);
  need(device.db->backup_to(*device.snapshot, 1000, [] { return true; }), "snapshot");
  device.told_then = device.told;
}

// The disk forgets what was written since the snapshot. What was on its way from
// it is gone with it, or two histories under one number would meet.
void World::lose_tail(Device& device) {
  if (!device.snapshot || device.must_sync) return;
  device.client.reset();
  device.store.reset();
  device.replica.reset();
  memory_database(device.db);
  if (!need(device.snapshot->backup_to(*device.db, 1000, [] { return true; }), "old disk")) return;
  open_device(device);
  device.must_sync = true;
  device.told = device.told_then;
  std::size_t index = 0;
  while (devices_[index].get() != &device) ++index;
  std::erase_if(net_, [&](const Message& m) { return m.device == index; });
  cursors_.erase(index);
  count("tails lost");
}

}  // namespace banyan::sim
