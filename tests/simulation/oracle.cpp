#include "tests/simulation/oracle.h"

#include <algorithm>

#include "tests/support/bank.h"

namespace banyan::sim {
namespace {

std::string at(std::uint32_t entity, RowId row, std::uint32_t field) {
  return " (entity " + std::to_string(entity) + " row " + std::to_string(number(row)) + " field " +
         std::to_string(field) + ")";
}

// The recorded outcome of a row operation (field 0) or of one of its cells.
Outcome outcome_of(const ServerStore::LogEntry& entry, std::size_t row, std::uint32_t field) {
  for (const auto& op : entry.outcome.ops) {
    if (op.row == row && op.field == field) return op.outcome;
  }
  return Outcome::Ok;
}

}  // namespace

void Oracle::check() {
  read_epochs();
  read_log();
  check_ground();
  if (world_.failed()) return;
  check_rows();
  check_devices();
  const auto verified = world_.store_->verify_log();
  if (!verified.ok() && world_.mutant_ == Mutant::None) fail("I3 " + verified.error().detail);
}

void Oracle::read_epochs() {
  auto find = world_.server_db_->statement("SELECT epoch,base_seq,at FROM epoch ORDER BY n");
  while (find.ok() && find->step().value()) {
    epochs_.emplace_back(static_cast<std::uint32_t>(find->integer(0)),
                         static_cast<std::uint64_t>(find->integer(1)));
    restored_ms_[static_cast<std::uint64_t>(find->integer(1))] = find->integer(2);
  }
}

void Oracle::read_log() {
  world_.need(world_.store_->read_log(0, 10'000'000,
                                      [&](const ServerStore::LogEntry& entry) -> Status {
                                        take(entry);
                                        return {};
                                      }),
              "log");
}

void Oracle::take(const ServerStore::LogEntry& entry) {
  check_order(entry);
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < epochs_.size(); ++i) {
    if (epochs_[i].first != entry.commit.epoch) continue;
    seen = entry.commit.seen;
    for (std::size_t later = i + 1; later < epochs_.size(); ++later) {
      seen = std::min(seen, epochs_[later].second);
    }
  }
  seen = std::min(seen, entry.seq - 1);
  check_access(entry, seen);
  for (std::size_t i = 0; i < entry.commit.rows.size(); ++i) take_row(entry, i, seen);
  note_scopes(entry);
}

void Oracle::check_order(const ServerStore::LogEntry& entry) {
  if (entry.seq != ++length_) fail("I3 the order has a gap");
  auto& [dseq, eff] = devices_[number(entry.device)];
  if (entry.dseq != ++dseq) fail("I3 a device's commits are out of order");
  if (entry.eff <= eff && dseq > 1) fail("I11 stamps do not rise");
  eff = entry.eff;
  const auto came = world_.arrived_.find({number(entry.device), entry.dseq});
  if (came == world_.arrived_.end()) return;
  const auto bound = static_cast<std::uint64_t>(came->second + 300'000) << 16;
  if (entry.eff > bound + world_.store_->head() * 8) fail("I11 a stamp of the future");
  for (const auto& op : entry.outcome.ops) {
    if (op.row >= entry.commit.rows.size()) fail("I12 an outcome of nothing");
  }
}

// ---- who was allowed

void Oracle::note_scopes(const ServerStore::LogEntry& entry) {
  for (std::size_t i = 0; i < entry.commit.rows.size(); ++i) {
    const RowWrite& w = entry.commit.rows[i];
    if (w.entity == kStaff) {
      auto& [role, branch] = staff_[w.row];
      for (const CellWrite& c : w.cells) {
        if (c.field == kRole) role = int_of(c.value);
        if (c.field == kStaffBranchField) branch = row_of(c.value);
      }
      const RowId scope = role == kHeadquarters ? kScopeAll : role == kTeller ? branch : w.row;
      users_[w.row].states.emplace_back(entry.seq, std::vector<RowId>{scope});
    }
    if (w.entity != kCustomer || rejected(outcome_of(entry, i, 0))) continue;
    auto& scopes = scopes_[w.row];
    for (const CellWrite& c : w.cells) {
      const bool scope = c.field == kOwner || c.field == kHome || c.field == kCoOwner;
      if (scope && !rejected(outcome_of(entry, i, c.field))) scopes[c.field] = row_of(c.value);
    }
    std::vector<RowId> now{kScopeAll};
    for (const auto& [field, scope] : scopes) now.push_back(scope);
    customers_[w.row].states.emplace_back(entry.seq, now);
  }
}

// A device's commit is refused as a whole exactly when its author did not have the
// customer at any time from what he had seen until the commit came.
void Oracle::check_access(const ServerStore::LogEntry& entry, std::uint64_t seen) {
  if (number(entry.device) < 2) return;
  const auto customer = customers_.find(entry.commit.aggregate);
  const auto user = users_.find(RowId{static_cast<std::int64_t>(entry.commit.user)});
  if (customer == customers_.end() || user == users_.end()) return;
  const auto state_at = [](const Past& past, std::uint64_t seq) -> std::vector<RowId> {
    std::vector<RowId> state;
    for (const auto& [from, scopes] : past.states) {
      if (from <= seq || state.empty()) state = scopes;  // its maker had it from the start
    }
    return state;
  };
  bool had = false;
  std::set<std::uint64_t> times{seen, entry.seq - 1};
  for (const auto& [from, _] : customer->second.states) times.insert(std::max(from, seen));
  for (const auto& [from, _] : user->second.states) times.insert(std::max(from, seen));
  for (const std::uint64_t t : times) {
    if (t >= entry.seq) continue;
    const auto mine = state_at(user->second, t), its = state_at(customer->second, t);
    for (const RowId scope : mine) had |= std::find(its.begin(), its.end(), scope) != its.end();
  }
  const bool refused = std::all_of(entry.outcome.ops.begin(), entry.outcome.ops.end(),
                                   [](const auto& op) { return op.outcome == Outcome::NoAccess; });
  const bool all = refused && entry.outcome.ops.size() >= entry.commit.rows.size();
  if (!had && !all) fail("I4 a stranger's write was taken");
  const bool late = (entry.outcome.flags & sync::kLate) != 0;
  if (late) world_.count("late writes");
  if (all) world_.count("no access");
  const auto role = staff_[user->first].first;
  if (had && all && !late && role != kTeller) fail("I12 an allowed write was refused");
}

// ---- what was written

void Oracle::take_row(const ServerStore::LogEntry& entry, std::size_t index, std::uint64_t seen) {
  const RowWrite& w = entry.commit.rows[index];
  const Outcome whole = outcome_of(entry, index, 0);
  world_.count(rejected(whole) ? "ops rejected" : "ops taken");
  const bool creates = w.op == Op::Insert || w.op == Op::Fact;
  note_ground(entry, w, whole, creates);
  if (rejected(whole)) return;
  Known& known = rows_[{w.entity, w.row}];
  if (creates) known.created = entry.seq;
  known.life = std::max(known.life, w.life);
  const Entity& entity = *bank().entity(w.entity);
  for (const CellWrite& c : w.cells) {
    const Outcome o = outcome_of(entry, index, c.field);
    if (rejected(o)) continue;
    if (o == Outcome::Lost) world_.count("writes lost");
    if (o == Outcome::Sibling) world_.count("siblings");
    Write write{entry.seq, number(entry.device), seen, entry.commit.hlc, w.life,
                c.value,   w.op == Op::Add};
    const Merge kind = entity.field(c.field)->merge;
    if (kind == Merge::Counter) {
      known.sums[c.field] += int_of(c.value);
    } else if (kind == Merge::Set) {
      known.elements[{c.field, int_of(c.value)}].push_back(write);
    } else if (!creates || !is_null(c.value)) {
      known.cells[c.field].push_back(write);
    }
  }
}

// Nobody writes to what he has not seen. Where a restore took a row away, work on it waits
// until the device that has the row has been here: refused first and created later is lost.
void Oracle::note_ground(const ServerStore::LogEntry& entry, const RowWrite& w, Outcome outcome,
                         bool creates) {
  const RowKey row{w.entity, w.row};
  const RowKey root{kCustomer, entry.commit.aggregate};
  const bool gone = outcome == Outcome::NoRow || outcome == Outcome::NoAccess;
  const auto restored = restored_ms_.lower_bound(entry.seq);  // the newest one is before it
  const bool waited = restored != restored_ms_.begin() &&
                      entry.received_ms > std::prev(restored)->second + sync::kReturnMsMax;
  for (const RowKey& key : {row, root}) {
    const bool there = rows_.contains(key) && rows_[key].created != 0;
    if (gone && !there && !waited && !(creates && key == row)) refused_early_.insert(key);
  }
  // What a device has lost with its tail may still come from the network, too late.
  if (world_.weather_.tails) return;
  if (creates && !rejected(outcome) && refused_early_.contains(row)) came_late_.insert(row);
}

// When all that was missing came back. Where some is lost for good, as an import since the
// backup, what waits for it holds up others, and is let go one device after the other.
void Oracle::check_ground() {
  for (const RowKey& key : refused_early_) {
    if (!rows_.contains(key) || rows_[key].created == 0) return world_.count("ground lost");
  }
  if (came_late_.empty()) return;
  const auto& [entity, row] = *came_late_.begin();
  fail("I2 work was refused before its ground came back" + at(entity, row, 0));
}

void Oracle::check_rows() {
  for (const auto& [key, known] : rows_) {
    const Entity& entity = *bank().entity(key.first);
    const Row row = world_.need(world_.store_->load(entity, key.second), "load");
    if (row.exists != (known.created != 0)) fail("I5 a row is not there");
    if (row.clock.life.life != known.life) fail("I7 a row has the wrong life");
    for (const Field& field : entity.fields) check_cell(key, row, field);
  }
}

void Oracle::check_cell(const RowKey& key, const Row& row, const Field& field) {
  const Known& known = rows_[key];
  if (field.merge == Merge::Set) return check_set(row, field.no);
  if (field.merge == Merge::Counter) {
    const auto sum = known.sums.find(field.no);
    const std::int64_t want = sum == known.sums.end() ? 0 : sum->second;
    if (int_of(row.cell(field.no)) != want)
      fail("I5 a counter" + at(key.first, key.second, field.no));
    return;
  }
  const auto found = known.cells.find(field.no);
  if (found == known.cells.end()) return;
  const std::vector<Write>& writes = found->second;
  const CellClock clock = row.clock.of(field.no);
  const auto shown = std::find_if(writes.begin(), writes.end(), [&](const Write& w) {
    return w.seq == clock.seq && w.device == number(clock.stamp.device);
  });
  const std::string where = at(key.first, key.second, field.no);
  if (shown == writes.end()) return fail("I6 the shown write is not in the log" + where);
  if (row.cell(field.no) != shown->value) return fail("I6 a value that nobody wrote" + where);
  for (const Write& w : writes) {
    if (w.life > shown->life) fail("I6 an older life is shown" + where);
    if (w.life == shown->life && w.saw(*shown)) fail("I6 a write lost to what it had seen" + where);
  }
  const bool sane = !world_.weather_.clocks && !world_.weather_.restores;
  if (sane) {
    const Write* best = &writes.front();
    for (const Write& w : writes) {
      if (std::tie(w.life, w.hlc, w.device) > std::tie(best->life, best->hlc, best->device)) {
        best = &w;
      }
    }
    if (best->seq != shown->seq) fail("I7 not the largest stamp is shown" + where);
  }
  if (field.merge == Merge::Guarded) check_guarded(row, field.no, writes);
}

void Oracle::check_guarded(const Row& row, std::uint32_t field, const std::vector<Write>& writes) {
  std::uint32_t life = 0;
  for (const Write& w : writes) life = std::max(life, w.life);
  std::set<std::uint64_t> maximal, kept;
  for (const Write& w : writes) {
    const bool covered = std::any_of(writes.begin(), writes.end(),
                                     [&](const Write& v) { return v.life == life && v.saw(w); });
    if (w.life == life && !covered) maximal.insert(w.seq);
  }
  for (const Sibling& s : row.siblings) {
    if (s.field == field) kept.insert(s.dot.seq);
  }
  if (maximal.size() == 1 && kept.empty()) return;
  if (maximal == kept) return;
  std::string detail;
  for (const std::uint64_t seq : maximal) detail += " +" + std::to_string(seq);
  for (const std::uint64_t seq : kept) detail += " -" + std::to_string(seq);
  for (const Write& w : writes) {
    detail += " [" + std::to_string(w.seq) + " device " + std::to_string(w.device) + " seen " +
              std::to_string(w.seen) + " life " + std::to_string(w.life) + "]";
  }
  fail("I8 siblings differ" + at(row.entity, row.id, field) + detail);
}

void Oracle::check_set(const Row& row, std::uint32_t field) {
  for (const auto& [key, writes] : rows_[{row.entity, row.id}].elements) {
    if (key.first != field) continue;
    std::set<std::uint64_t> want, have;
    for (const Write& a : writes) {
      const bool covered =
          std::any_of(writes.begin(), writes.end(), [&](const Write& v) { return v.saw(a); });
      if (a.add && !covered) want.insert(a.seq);
    }
    for (const Sibling& s : row.siblings) {
      if (s.field == field && s.element == key.second) have.insert(s.dot.seq);
    }
    if (want != have) fail("I7 a set" + at(row.entity, row.id, field));
  }
}

// ---- the devices

void Oracle::check_devices() {
  for (auto& device : world_.devices_) {
    Device& d = *device;
    const sync::DeviceState state = world_.need(d.replica->state(), "state");
    if (state.acked != state.last) fail("I2 a commit never arrived");
    const auto theirs = world_.store_->chain_hash(d.id, state.last);
    if (!theirs.ok() || *theirs != state.last_hash) fail("I2 another commit arrived");
    const bool kept = d.db->query_int("SELECT count(*) FROM confirmed").value() != 0;
    if (kept || !d.replica->waiting().empty()) fail("I1 rows still wait");
    std::int64_t stored = 0;
    for (const char* table : {"staff", "branch", "customer", "visit", "contact"}) {
      stored += d.db->query_int(std::string("SELECT count(*) FROM ") + table).value();
    }
    const auto want = visible_rows(*world_.store_, d.user);
    if (stored != static_cast<std::int64_t>(want.size())) {
      fail("I4 a device holds " + std::to_string(stored) + " rows, not " +
           std::to_string(want.size()));
    }
    for (const auto& [key, row] : want) {
      const Row here = world_.need(d.replica->load(*bank().entity(key.first), key.second), "load");
      if (here != row) fail("I1 a row differs" + at(key.first, key.second, 0));
      if (here.siblings != row.siblings) fail("I1 siblings differ");
    }
    check_outcomes(d);
  }
}

// I12: whatever did not simply end Ok, its author can read.
void Oracle::check_outcomes(Device& d) {
  if (world_.weather_.tails || world_.weather_.restores) return;  // ends may be told twice
  std::set<std::tuple<std::uint64_t, std::uint32_t, std::uint32_t, int>> told, want;
  for (const auto& o : world_.need(d.replica->outcomes(false, 1'000'000), "outcomes")) {
    if (o.outcome != Outcome::Ok) {
      told.insert({o.dseq, o.op, o.field, static_cast<int>(o.outcome)});
    }
  }
  world_.need(world_.store_->read_log(
                  0, 10'000'000,
                  [&](const ServerStore::LogEntry& e) -> Status {
                    if (e.device != d.id) return {};
                    for (const auto& op : e.outcome.ops) {
                      want.insert({e.dseq, op.row, op.field, static_cast<int>(op.outcome)});
                    }
                    return {};
                  }),
              "log");
  for (const auto& w : want) {
    if (!told.contains(w)) return fail("I12 an outcome was not told");
  }
}

}  // namespace banyan::sim
