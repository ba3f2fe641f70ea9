#include "tests/simulation/oracle.h"

#include <algorithm>

#include "shared/changelog/paragraphs.h"

namespace banyan::sim {
namespace {

// The recorded outcome of a row operation (field 0) or of one of its cells.
Outcome outcome_of(const ServerStore::LogEntry& entry, std::size_t row, std::uint32_t field) {
  for (const auto& op : entry.outcome.ops) {
    if (op.row == row && op.field == field) return op.outcome;
  }
  return Outcome::Ok;
}

std::uint32_t right_of(Op op) {
  if (op == Op::Insert || op == Op::Fact) return kCreate;
  return op == Op::Delete || op == Op::Undelete ? kDelete : kUpdate;
}

}  // namespace

Oracle::Oracle(World& world) : world_(world) { read_epochs(); }

void Oracle::read_epochs() {
  auto find = world_.server_disk_.db->statement("SELECT epoch,base_seq,at FROM epoch ORDER BY n");
  while (find.ok() && find->step().value()) {
    epochs_.emplace_back(static_cast<std::uint32_t>(find->integer(0)),
                         static_cast<std::uint64_t>(find->integer(1)));
    restored_ms_[static_cast<std::uint64_t>(find->integer(1))] = find->integer(2);
  }
}

void Oracle::take(const ServerStore::LogEntry& entry, bool news) {
  news_ = news;
  check_order(entry, news);
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < epochs_.size(); ++i) {
    if (epochs_[i].first != entry.commit.epoch) continue;
    seen = entry.commit.seen;
    for (std::size_t later = i + 1; later < epochs_.size(); ++later) {
      seen = std::min(seen, epochs_[later].second);
    }
  }
  seen = std::min(seen, entry.seq - 1);
  if ((entry.outcome.flags & sync::kLetIn) != 0) seen = entry.outcome.seen;
  check_access(entry, seen);
  for (std::size_t i = 0; i < entry.commit.rows.size(); ++i) take_row(entry, i, seen);
  note_scopes(entry);
}

void Oracle::check_order(const ServerStore::LogEntry& entry, bool news) {
  if (entry.seq != ++length_) fail("I3 the order has a gap");
  auto& [dseq, eff] = devices_[number(entry.device)];
  if (entry.dseq != ++dseq) fail("I3 a device's commits are out of order");
  if (entry.eff <= eff && dseq > 1) fail("I11 stamps do not rise");
  eff = entry.eff;
  for (const auto& op : entry.outcome.ops) {
    if (op.row >= entry.commit.rows.size()) fail("I12 an outcome of nothing");
  }
  if (!news) return;
  const auto bound = static_cast<std::uint64_t>(world_.now_ + 300'000) << 16;
  if (entry.eff > bound + world_.store_->head() * 8) fail("I11 a stamp of the future");
  const bool flagged = (entry.outcome.flags & sync::kSuspect) != 0;
  if (number(entry.device) > 1 && entry.commit.hlc > bound + 0xFFFF && !flagged) {
    fail("I11 a clock that cannot be right is not flagged");
  }
}

// ---- who was allowed

// Before the first one: as its maker had it from the start.
std::vector<RowId> Oracle::Past::at(std::uint64_t seq) const {
  std::vector<RowId> state;
  for (const auto& [from, scopes] : states) {
    if (from <= seq || state.empty()) state = scopes;
  }
  return state;
}

void Oracle::note_person(const ServerStore::LogEntry& entry, const RowWrite& w) {
  Person& person = people_[w.row];
  person.alive = w.life % 2 == 1;
  for (const CellWrite& c : w.cells) {
    if (c.field == kRole) person.role = int_of(c.value);
    if (c.field == kStaffBranchField) person.branch = row_of(c.value);
  }
  const Role* role = role_named(newest_bank(), person.role);
  std::vector<RowId> scopes;
  if (person.alive && role != nullptr) {
    const RowId scope = role->scope == "all"      ? kScopeAll
                        : role->scope == "branch" ? person.branch
                                                  : w.row;
    scopes = {scope};
  }
  users_[w.row].states.emplace_back(entry.seq, scopes);
}

void Oracle::note_scopes(const ServerStore::LogEntry& entry) {
  for (std::size_t i = 0; i < entry.commit.rows.size(); ++i) {
    const RowWrite& w = entry.commit.rows[i];
    if (rejected(outcome_of(entry, i, 0))) continue;
    if (w.entity == kStaff) note_person(entry, w);
    const Entity& entity = *newest_bank().entity(w.entity);
    if (entity.scopes.empty()) continue;
    auto& scopes = scopes_[w.row];
    for (const CellWrite& c : w.cells) {
      const std::string& name = entity.field(c.field)->name;
      const bool scope =
          std::find(entity.scopes.begin(), entity.scopes.end(), name) != entity.scopes.end();
      if (scope && !rejected(outcome_of(entry, i, c.field))) scopes[c.field] = row_of(c.value);
    }
    std::vector<RowId> now{kScopeAll};
    for (const auto& [field, scope] : scopes) {
      if (scope != kNoRow) now.push_back(scope);
    }
    aggregates_[w.row].states.emplace_back(entry.seq, now);
  }
}

// The scopes into which a commit puts the aggregate that it creates.
std::optional<Oracle::Past> Oracle::scopes_of_new(const Commit& commit) {
  for (const RowWrite& w : commit.rows) {
    const Entity& entity = *newest_bank().entity(w.entity);
    if (w.op != Op::Insert || !entity.root() || w.row != commit.aggregate) continue;
    std::vector<RowId> scopes{kScopeAll};
    for (const std::string& name : entity.scopes) {
      for (const CellWrite& c : w.cells) {
        if (c.field == entity.field(name)->no) scopes.push_back(row_of(c.value));
      }
    }
    return Past{{{0, scopes}}};
  }
  return std::nullopt;
}

// Whether a role lets its user do any one of the commit's operations.
bool Oracle::may_do_some(const Commit& commit, std::int64_t role) const {
  return std::any_of(commit.rows.begin(), commit.rows.end(), [&](const RowWrite& w) {
    return role_may(world_.server_bank(), role, w.entity, right_of(w.op));
  });
}

// A device's commit is refused as a whole exactly when its author did not have the
// aggregate at any time from what he had seen until the commit came.
void Oracle::check_access(const ServerStore::LogEntry& entry, std::uint64_t seen) {
  if (number(entry.device) < 2) return;
  const RowId author{static_cast<std::int64_t>(entry.commit.user)};
  const auto user = users_.find(author);
  const auto known = aggregates_.find(entry.commit.aggregate);
  const std::optional<Past> fresh = scopes_of_new(entry.commit);
  const Past* aggregate = known != aggregates_.end() ? &known->second : fresh ? &*fresh : nullptr;
  if (aggregate == nullptr || user == users_.end()) return;
  bool had = false;
  std::set<std::uint64_t> times{seen, entry.seq - 1};
  for (const auto& [from, _] : aggregate->states) times.insert(std::max(from, seen));
  for (const auto& [from, _] : user->second.states) times.insert(std::max(from, seen));
  for (const std::uint64_t t : times) {
    if (t >= entry.seq) continue;
    const auto mine = user->second.at(t), its = aggregate->at(t);
    for (const RowId scope : mine) had |= std::find(its.begin(), its.end(), scope) != its.end();
  }
  const auto& ops = entry.outcome.ops;
  const bool refused = std::all_of(ops.begin(), ops.end(),
                                   [](const auto& op) { return op.outcome == Outcome::NoAccess; });
  const bool all = refused && ops.size() >= entry.commit.rows.size();
  if (!had && !all) fail("I4 a stranger's write was taken");
  const bool late = (entry.outcome.flags & sync::kLate) != 0;
  if (late) count("late writes");
  if (all) count("no access");
  // Rights are those of his role as it is now. When he has lost the aggregate meanwhile, they
  // were those of then: what he wrote is late, and taken.
  const auto mine = user->second.at(entry.seq - 1), its = aggregate->at(entry.seq - 1);
  const bool has = std::any_of(mine.begin(), mine.end(), [&](RowId scope) {
    return std::find(its.begin(), its.end(), scope) != its.end();
  });
  const bool allowed = !has || may_do_some(entry.commit, people_[author].role);
  if (had && all && allowed) fail("I12 an allowed write was refused");
  if (had && !has && !late) fail("I12 nobody is told that a write came late");
  if (!has || late || !news_) return;
  for (std::size_t i = 0; i < entry.commit.rows.size(); ++i) {
    const RowWrite& w = entry.commit.rows[i];
    const bool right =
        role_may(world_.server_bank(), people_[author].role, w.entity, right_of(w.op));
    if (!right && !rejected(outcome_of(entry, i, 0))) fail("I4 a write without the right to it");
  }
}

// ---- what was written

void Oracle::take_row(const ServerStore::LogEntry& entry, std::size_t index, std::uint64_t seen) {
  const RowWrite& w = entry.commit.rows[index];
  const Outcome whole = outcome_of(entry, index, 0);
  count(rejected(whole) ? "ops rejected" : "ops taken");
  const bool creates = w.op == Op::Insert || w.op == Op::Fact;
  note_ground(entry, w, whole, creates);
  if (rejected(whole)) return;
  touched_.insert({w.entity, w.row});
  Known& known = rows_[{w.entity, w.row}];
  if (creates) known.created = entry.seq;
  known.life = std::max(known.life, w.life);
  const Entity& entity = *newest_bank().entity(w.entity);
  for (const CellWrite& c : w.cells) {
    const Outcome o = outcome_of(entry, index, c.field);
    if (rejected(o)) continue;
    if (o == Outcome::Lost) count("writes lost");
    const bool text = entity.field(c.field)->merge == Merge::Text;
    if (o == Outcome::Sibling) count(text ? "paragraphs twice" : "siblings");
    Write write{entry.seq,
                number(entry.device),
                seen,
                entry.commit.hlc,
                w.life,
                c.value,
                w.op == Op::Add,
                &world_.former_[number(entry.device)]};
    const Merge kind = entity.field(c.field)->merge;
    if (kind == Merge::Counter) {
      known.sums[c.field] += int_of(c.value);
    } else if (kind == Merge::Text) {
      take_text(known, c.field, write);
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
  const Entity& root = newest_bank().root_of(*newest_bank().entity(w.entity));
  const bool gone = outcome == Outcome::NoRow || outcome == Outcome::NoAccess;
  const auto restored = restored_ms_.lower_bound(entry.seq);  // the newest one is before it
  const bool waited = restored != restored_ms_.begin() &&
                      entry.received_ms > std::prev(restored)->second + sync::kReturnMsMax;
  if (creates && rejected(outcome)) refused_rows_.insert(row);
  for (const RowKey& key : {row, RowKey{root.no, entry.commit.aggregate}}) {
    const bool there = rows_.contains(key) && rows_[key].created != 0;
    if (gone && !there && !waited && !(creates && key == row)) refused_early_.insert(key);
  }
  // What a device has lost with its tail may still come from the network, too late.
  if (world_.weather_.tails) return;
  // Of a tablet that was copied one copy may have said, for all of them, that everything is here.
  if (world_.copied_.contains(number(device_of(w.row)))) return;
  if (creates && !rejected(outcome) && refused_early_.contains(row)) came_late_.insert(row);
}

// When all that was missing came back. Where some is lost for good, as an import since the
// backup, what waits for it holds up others, and is let go one device after the other.
void Oracle::check_ground() {
  for (const RowKey& key : refused_early_) {
    const bool made = rows_.contains(key) && rows_[key].created != 0;
    if (!made && !refused_rows_.contains(key)) return world_.count("ground lost");
  }
  if (came_late_.empty()) return;
  fail("I2 work was refused before its ground came back" + name_of(*came_late_.begin()));
}

// ---- the server's rows

void Oracle::check_rows(Which which) {
  if (which == Which::Touched) {
    for (const RowKey& key : touched_) check_row(key);
  } else {
    for (const auto& [key, known] : rows_) check_row(key);
  }
  touched_.clear();
}

void Oracle::check_row(const RowKey& key) {
  const Known& known = rows_[key];
  static const Row kNone;
  const Row* found = world_.mirror_.find(key);
  const Row& row = found != nullptr ? *found : kNone;
  if (row.exists != (known.created != 0)) return fail("I5 a row is not there" + name_of(key));
  if (row.clock.life.life != known.life) return fail("I7 a row has the wrong life");
  for (const Field& field : newest_bank().entity(key.first)->fields) check_cell(key, row, field);
}

void Oracle::check_cell(const RowKey& key, const Row& row, const Field& field) {
  const Known& known = rows_[key];
  if (field.merge == Merge::Set) return check_set(row, field.no);
  if (field.merge == Merge::Text) return check_text(row, field.no);
  const std::string where = name_of(key, field.no);
  if (field.merge == Merge::Counter) {
    const auto sum = known.sums.find(field.no);
    const std::int64_t want = sum == known.sums.end() ? 0 : sum->second;
    if (int_of(row.cell(field.no)) != want) fail("I5 a counter" + where);
    return;
  }
  const auto found = known.cells.find(field.no);
  if (found == known.cells.end()) return;
  const std::vector<Write>& writes = found->second;
  const CellClock clock = row.clock.of(field.no);
  // A folded entry says which writes are below it, not which of them is shown: one that no other
  // has seen (I17).
  const bool folded = row.clock.own(field.no) == nullptr && row.clock.folded();
  const auto beaten = [&](const Write& w) {
    return std::any_of(writes.begin(), writes.end(), [&](const Write& v) {
      return v.life > w.life || (v.life == w.life && v.saw(w));
    });
  };
  const auto shown = std::find_if(writes.begin(), writes.end(), [&](const Write& w) {
    if (folded) return w.seq <= clock.seq && w.value == row.cell(field.no) && !beaten(w);
    return w.seq == clock.seq && w.device == number(clock.stamp.device);
  });
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
    const bool same = folded ? best->value == shown->value : best->seq == shown->seq;
    if (!same) fail("I7 not the largest stamp is shown" + where);
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
  fail("I8 siblings differ" + name_of({row.entity, row.id}, field) + detail);
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
    if (want != have) fail("I7 a set" + name_of({row.entity, row.id}, field));
  }
}

// Every paragraph by itself: what is written there and no write that saw it wrote again.
void Oracle::take_text(Known& known, std::uint32_t field, const Write& write) {
  const auto writes = decode_paragraphs(text_of(write.value));
  if (!writes.ok()) return fail("I12 a text that cannot be read was taken");
  for (const ParagraphWrite& one : *writes) {
    Write mine = write;
    mine.value = one.value;
    mine.add = !is_null(one.value);
    known.elements[{field, one.element}].push_back(std::move(mine));
  }
}

void Oracle::check_text(const Row& row, std::uint32_t field) {
  check_set(row, field);
  for (const auto& [key, writes] : rows_[{row.entity, row.id}].elements) {
    if (key.first != field) continue;
    for (const Sibling& s : row.siblings) {
      if (s.field != field || s.element != key.second) continue;
      const bool said = std::any_of(writes.begin(), writes.end(), [&](const Write& w) {
        return w.seq == s.dot.seq && w.value == s.value;
      });
      if (!said) fail("I6 a paragraph that nobody wrote" + name_of({row.entity, row.id}, field));
    }
  }
  if (row.cell(field) != shown_text(row, field)) {
    fail("I6 a text is not that of its paragraphs" + name_of({row.entity, row.id}, field));
  }
}

// ---- when everybody has synced

void Oracle::check() {
  check_ground();
  check_rows(Which::All);
  if (world_.failed()) return;
  // What the mirror did not read again has not changed.
  for (const auto& [key, row] : world_.mirror_.rows()) {
    const Entity& entity = *world_.server_bank().entity(key.first);
    if (world_.need(world_.store_->load(entity, key.second), "load") != row) {
      fail("I3 a row changed that no commit names" + name_of(key));
    }
  }
  check_devices();
  check_saved();
  const auto verified = world_.store_->verify_log();
  if (!verified.ok() && world_.mutant_ == Mutant::None) fail("I3 " + verified.error().detail);
}

void Oracle::check_devices() {
  for (auto& device : world_.devices_) {
    Device& d = *device;
    if (d.retired) continue;
    const sync::DeviceState state = world_.need(d.replica->state(), "state");
    if (state.acked != state.last) fail("I2 a commit never arrived");
    const auto theirs = world_.store_->chain_hash(d.id, state.last);
    if (!theirs.ok() || *theirs != state.last_hash) fail("I2 another commit arrived");
    const bool kept = d.disk.db->query_int("SELECT count(*) FROM confirmed").value() != 0;
    if (kept || !d.replica->waiting().empty()) fail("I1 rows still wait");
    if (world_.failed()) return;
    d.must_sync = false;
    world_.check_in_step(d);
    check_outcomes(d);
  }
}

// I2, I16: whatever a device has said it saved is in the log, unchanged, under one number or
// another. Not of a stolen tablet, which may have kept it, and not where disks lose their tails.
void Oracle::check_saved() {
  if (world_.weather_.tails) return;
  std::set<Bytes> there;
  const auto note = [&](const ServerStore::LogEntry& e) -> Status {
    there.insert(e.body);
    return {};
  };
  world_.need(world_.store_->read_log(0, 10'000'000, note), "log");
  for (const auto& [body, device] : world_.saved_) {
    if (world_.devices_[device]->retired || there.contains(body)) continue;
    return fail("I2 a saved commit is not in the log, of device " + std::to_string(device));
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
  const auto note = [&](const ServerStore::LogEntry& e) -> Status {
    if (e.device != d.id) return {};
    for (const auto& op : e.outcome.ops) {
      want.insert({e.dseq, op.row, op.field, static_cast<int>(op.outcome)});
    }
    return {};
  };
  world_.need(world_.store_->read_log(0, 10'000'000, note), "log");
  for (const auto& w : want) {
    if (!told.contains(w)) return fail("I12 an outcome was not told");
  }
}

}  // namespace banyan::sim
