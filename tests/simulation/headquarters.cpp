// What the server's own people decide: who has what, who may what, and which catalogue.
#include <algorithm>

#include "shared/changelog/codec.h"
#include "tests/simulation/founding.h"
#include "tests/simulation/oracle.h"
#include "tests/simulation/world.h"

namespace banyan::sim {

// Whose turn it is knows nothing of what the other process did but what is in the database.
void World::take_turns() {
  if (!weather_.turns || random_.below(2) == 0) return;
  store_.swap(other_store_);
  changes_.swap(other_changes_);
  server_.swap(other_server_);
  count("turns of processes");
}

void World::decide(Random& r) {
  take_turns();
  std::vector<const Row*> alive;
  for (const auto& [key, row] : mirror_.rows()) {
    const bool root = key.first == kCustomer || key.first == kLead;
    if (root && row.alive()) alive.push_back(&row);
  }
  if (alive.empty()) return;
  const Row& row = *any(alive, r);
  const std::uint64_t what = r.below(100);
  Draft draft{row.id, 0, {}};
  DeviceId author = kServerDevice;
  if (what < 12) {
    const bool customer = row.entity == kCustomer;
    draft.rows.push_back(write_of(row.entity, Op::Update, row.id,
                                  {customer ? cell(kLevel, static_cast<std::int64_t>(r.below(4)))
                                            : cell(kName, "d" + std::to_string(r.below(4)))}));
  } else if (what < 22) {
    draft = import_root(r);
    author = kImportDevice;
  } else if (!weather_.moves) {
    return;
  } else if (what < 40) {
    draft = change_staff(r);
  } else {
    draft = row.entity == kCustomer ? move_customer(row, r) : move_lead(row, r);
  }
  const auto authored = store_->author(author, std::span(&draft, 1));
  if (!authored.ok()) return fail_with("a decision fails: " + authored.error().detail);
  follow();
}

Draft World::import_root(Random& r) {
  const RowId id = store_->mint(kImportDevice);
  count("imports");
  return {id,
          0,
          {write_of(r.below(3) == 0 ? kLead : kCustomer, Op::Insert, id,
                    {cell(kName, std::string("i")), cell(kOwner, staff_[1 + r.below(2)]),
                     cell(kHome, branches_[r.below(2)])})}};
}

Draft World::move_customer(const Row& customer, Random& r) {
  const Value none = std::monostate{};
  const auto maybe = [&](RowId scope) { return r.below(2) == 0 ? none : Value{scope}; };
  const auto person = [&](Person who) { return staff_[static_cast<std::size_t>(who)]; };
  const RowId officer = r.below(2) == 0 ? person(Person::Anna) : person(Person::Ben);
  std::vector<CellWrite> cells;
  switch (r.below(8)) {
    case 0:
    case 1:
    case 2: cells = {cell(kOwner, officer)}; break;
    case 3: cells = {cell(kHome, branches_[r.below(2)])}; break;
    case 4: cells = {cell(kCoOwner, maybe(officer))}; break;
    case 5: cells = {cell(kPartner, maybe(person(Person::Partner)))}; break;
    case 6: cells = {cell(kPrincipal, maybe(person(Person::Principal)))}; break;
    // From hand to hand, and to a department besides.
    default: cells = {cell(kOwner, officer), cell(kDesk, maybe(branches_[2]))}; break;
  }
  count("moves");
  return {customer.id, 0, {write_of(kCustomer, Op::Update, customer.id, std::move(cells))}};
}

Draft World::move_lead(const Row& lead, Random& r) {
  count("moves");
  const CellWrite to =
      r.below(3) == 0 ? cell(kHome, branches_[r.below(2)]) : cell(kOwner, staff_[1 + r.below(2)]);
  return {lead.id, 0, {write_of(kLead, Op::Update, lead.id, {to})}};
}

// Another branch, another role; or all of it goes, and comes back another day.
Draft World::change_staff(Random& r) {
  const auto who = static_cast<std::size_t>(2 + r.below(kPeople - 2));
  const RowId user = staff_[who];
  const bool gone = !mirror_.staff(user).alive();
  Draft draft{user, 0, {}};
  if (gone || r.below(4) == 0) {
    count(gone ? "regains" : "revocations");
    draft.rows.push_back(write_of(kStaff, gone ? Op::Undelete : Op::Delete, user));
    return draft;
  }
  count("staff moves");
  draft.rows.push_back(write_of(kStaff, Op::Update, user,
                                {cell(kStaffBranchField, branches_[r.below(branches_.size())])}));
  if (r.below(2) == 0 && who < static_cast<std::size_t>(Person::Partner)) {
    draft.rows.back().cells.insert(draft.rows.back().cells.begin(),
                                   cell(kRole, r.below(2) == 0 ? kOfficer : kTeller));
  }
  return draft;
}

// A tablet is stolen: what it brings waits for a person, and it is told nothing more.
void World::retire(Random& r) {
  if (!weather_.moves || seed_ % 7 != 0) return;
  const Device& stolen = *devices_[static_cast<std::size_t>(1 + r.below(devices_.size() - 1))];
  if (stolen.retired || !need(store_->retire(stolen.id), "retire")) return;
  for (std::size_t i = 0; i < devices_.size(); ++i) {
    if (devices_[i]->id != stolen.id) continue;  // copies have one number
    devices_[i]->retired = true;
    std::erase_if(net_, [&](const Message& m) { return m.device == i; });
    std::erase_if(bag_, [&](const Parcel& p) { return p.device == i; });
  }
  count("devices retired");
}

// The server's care of its rows: the horizon follows what every active tablet has seen, and some
// rows are folded below it. Nothing of that is in the log.
void World::tidy(Random& r) {
  // Some evenings everybody has been here; else one that is away holds the horizon where it is.
  if (!weather_.power && r.below(3) == 0) {
    for (std::size_t i = 0; i < 2 * devices_.size() && !failed(); ++i) {
      exchange_cleanly(i % devices_.size());
    }
    if (failed()) return;
    follow();
  }
  take_turns();
  need(store_->refresh(), "refresh");
  if (failed()) return;
  const std::uint64_t before = store_->horizon();
  constexpr std::int64_t kDay = 86'400'000;
  if (!need(store_->advance_horizon(r.below(3) == 0 ? kDay : 0), "horizon")) return;
  if (store_->horizon() < before) return fail_with("I17 the horizon went back");
  if (store_->horizon() > before) count("horizon moves");
  folded_to_ = std::max(folded_to_, store_->horizon());
  check_horizon();
  ServerStore::RowPlace from;
  const auto most = static_cast<std::size_t>(1 + r.below(400));
  const auto folded = need(store_->compact(from, most), "compact");
  if (failed() || folded.changed == 0) return;
  count("rows folded", folded.changed);
  std::vector<RowKey> keys;
  for (const auto& [key, row] : mirror_.rows()) keys.push_back(key);
  for (const RowKey& key : keys) {
    const Entity* entity = server_bank().entity(key.first);
    if (entity == nullptr) continue;
    const Row after = need(store_->load(*entity, key.second), "load");
    if (!same(after, *mirror_.find(key))) fail_with("I17 folding changes a row" + name_of(key));
    mirror_.put(after);
  }
}

// I17: whoever may still write has seen what is below the horizon. Not a tablet that is put back
// from an old image, nor what a server that was put back has forgotten of its tablets.
void World::check_horizon() {
  if (weather_.tails || weather_.restores || weather_.clones || weather_.power) return;
  for (auto& device : devices_) {
    if (device->retired || failed()) continue;
    const sync::DeviceState state = need(device->replica->state(), "state");
    const std::uint64_t head = need(store_->device(device->id), "device").head;
    for (const auto& own : need(device->replica->own_after(state.acked, 1U << 30), "own")) {
      const auto commit = need(decode_commit(own.body), "commit");
      if (own.dseq > head && commit.seen < store_->horizon()) {
        return fail_with("I17 the horizon is beyond what a tablet has seen");
      }
    }
    if (std::max(state.cursor.base, device->joined.seq) < store_->horizon()) {
      fail_with("I17 the horizon is beyond what a tablet has seen");
    }
  }
}

// ---- catalogues

void World::upgrade(Random& r) {
  if (!weather_.upgrades) return;
  if (r.below(3) == 0) {
    if (server_number_ == kNewestBank) return;
    ++server_number_;
    open_server();
    count("catalogue changes");
    return;
  }
  // A device may have a catalogue that the server, put back from a backup, has yet to get.
  Device& d = any_device(r);
  if (d.bank == kNewestBank || d.bank > server_number_) return;
  upgrade_device(d, d.bank + 1);
}

// I18: whatever the device holds, known to it or not, is the same afterwards.
void World::upgrade_device(Device& d, std::uint32_t bank) {
  if (d.bank == bank) return;
  std::map<RowKey, Row> before;
  for (const auto& [key, row] : mirror_.rows()) before[key] = load(d, key);
  d.bank = bank;
  open_device(d);
  if (failed()) return;
  d.acted = true;
  for (const auto& [key, row] : before) {
    const Row after = load(d, key);
    if (after != row) fail_with("I18 a newer catalogue changes a row" + name_of(key));
  }
  count("catalogue changes");
}

}  // namespace banyan::sim
