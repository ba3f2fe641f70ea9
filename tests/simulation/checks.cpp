// Checks after every step: what a page promised, and what must never go back.
#include <algorithm>

#include "shared/changelog/chain.h"
#include "shared/changelog/codec.h"
#include "tests/simulation/world.h"
#include "tests/support/bank.h"

namespace banyan::sim {
namespace {

const char* kEntityTables[] = {"staff", "branch", "customer", "visit", "contact"};

std::string name_of(std::uint32_t entity, RowId row) {
  return " (entity " + std::to_string(entity) + " row " + std::to_string(number(row)) + ")";
}

std::string difference(const Row& have, const Row& want) {
  std::string out;
  if (have.exists != want.exists) out += " existence";
  if (have.cells != want.cells) out += " cells";
  if (have.siblings != want.siblings) out += " siblings";
  if (have.clock != want.clock) out += " clock";
  if (have.aggregate != want.aggregate) out += " aggregate";
  return out;
}

}  // namespace

// The mask with which this user may see a customer, from the rows alone; the
// store has its own tables for it, which this must not use.
static std::uint32_t may_see(const Row& staff, const Row& root) {
  if (!staff.alive()) return 0;
  const std::int64_t role = int_of(staff.cell(kRole));
  if (role == kHeadquarters) return 3;
  if (root.entity != kCustomer) return 1;  // reference data
  if (role == kTeller) {
    const bool same = int_of(root.cell(kHome)) == int_of(staff.cell(kStaffBranchField));
    return same && int_of(root.cell(kHome)) != 0 ? 1 : 0;
  }
  const bool mine =
      row_of(root.cell(kOwner)) == staff.id || row_of(root.cell(kCoOwner)) == staff.id;
  return mine ? 1 : 0;
}

static bool may_read(const Row& staff, std::uint32_t entity) {
  return entity != kVisit || int_of(staff.cell(kRole)) != kTeller;
}

// Every row that the user may see, as he may see it.
std::map<std::pair<std::uint32_t, RowId>, Row> visible_rows(ServerStore& store, RowId user) {
  std::map<std::pair<std::uint32_t, RowId>, Row> rows;
  std::map<std::pair<std::uint32_t, RowId>, std::uint32_t> masks;  // by root
  const Row staff = store.load(*bank().entity(kStaff), user).value();
  for (std::uint32_t no = kStaff; no <= kContact; ++no) {
    if (!may_read(staff, no)) continue;
    std::vector<RowId> ids;
    {
      auto find = store.database().statement(std::string("SELECT id FROM ") +
                                             kEntityTables[no - 1] + " ORDER BY id");
      while (find.ok() && find->step().value()) ids.push_back(find->row_id(0));
    }
    const Entity& root = bank().root_of(*bank().entity(no));
    for (const RowId id : ids) {
      Row row = store.load(*bank().entity(no), id).value();
      const auto [mask, first] = masks.try_emplace({root.no, row.aggregate});
      if (first) mask->second = may_see(staff, store.load(root, row.aggregate).value());
      if (mask->second == 0) continue;
      hide_fields(row, *bank().entity(no), mask->second);
      rows[{no, id}] = std::move(row);
    }
  }
  return rows;
}

// ---- what leaves the server

void World::note_promise(ByteView bytes) {
  const auto reply = sync::decode_reply(bytes, organisation_.verify_key());
  if (!reply.ok() || reply->page.empty()) return;
  const Page page = need(decode_page(reply->page, organisation_.verify_key()), "page");
  if (page.reset) return;
  RowId user{};
  for (const auto& d : devices_) {
    if (d->id == page.device) user = d->user;
  }
  const auto rows = visible_rows(*store_, user);
  const Row staff = store_->load(*bank().entity(kStaff), user).value();
  Promise promise;
  for (const PageAggregate& a : page.aggregates) {
    auto& promised = promise.rows[a.id];
    for (const auto& [key, row] : rows) {
      if (row.aggregate == a.id) promised.push_back(row);
    }
    if (a.mode == PageMode::Drop && !promised.empty())
      fail_with("I1 a visible aggregate is dropped");
    for (const RowChange& change : a.rows) {
      const Entity& entity = *bank().entity(change.row.entity);
      const auto at = rows.find({change.row.entity, change.row.id});
      if (at == rows.end()) {
        fail_with("I4 a row leaks" + name_of(entity.no, change.row.id));
        continue;
      }
      const Row root =
          store_->load(*bank().entity(entity.root() ? entity.no : kCustomer), at->second.aggregate)
              .value();
      const std::uint32_t mask = may_see(staff, root);
      const auto hidden = [&](std::uint32_t field) {
        return entity.field(field) == nullptr || (entity.field(field)->visible & mask) == 0;
      };
      for (const CellValue& c : change.row.cells) {
        if (hidden(c.field)) fail_with("I4 a hidden field leaks");
      }
      for (const CellClock& c : change.row.clock.cells) {
        if (hidden(c.field)) fail_with("I4 the clock of a hidden field leaks");
      }
      for (const Sibling& s : change.row.siblings) {
        if (hidden(s.field)) fail_with("I4 a hidden sibling leaks");
      }
    }
  }
  for (const sync::AckRun& run : reply->note.runs) {
    need(store_->read_log(run.seq - 1, static_cast<std::size_t>(run.count),
                          [&](const ServerStore::LogEntry& e) -> Status {
                            for (std::size_t i = 0; i < e.commit.rows.size(); ++i) {
                              const RowWrite& w = e.commit.rows[i];
                              const auto& ops = e.outcome.ops;
                              const bool bad = std::any_of(ops.begin(), ops.end(),
                                                           [&](auto& o) { return o.row == i; });
                              if (bad || w.op != Op::Update) continue;
                              for (const CellWrite& c : w.cells) {
                                promise.won.push_back({w.entity, w.row, c.field, e.seq});
                              }
                            }
                            return {};
                          }),
         "log");
  }
  promises_[Bytes(bytes.begin(), bytes.end())] = std::move(promise);
  if (promises_.size() > 64) promises_.erase(promises_.begin());
}

// ---- what a device made of it

// I10: a row with pending writes vanishes only when the server has decided that it
// is not this user's: its creation was refused, or it is not visible any more.
void World::check_still_shown(Device& d, const Page& page, const Promise& promise,
                              std::uint32_t entity, RowId row) {
  if (need(d.replica->load(*bank().entity(entity), row), "load").exists) return;
  const Waiting* own = d.replica->waiting().find({entity, row});
  if (own == nullptr) return;  // all of it is decided
  const auto said = promise.rows.find(own->aggregate);
  bool visible = said == promise.rows.end() && !page.complete;
  if (said != promise.rows.end()) {
    for (const Row& r : said->second) visible |= r.entity == entity && r.id == row;
  }
  const sync::DeviceState state = need(d.replica->state(), "state");
  for (const auto& chained : need(d.replica->own_after(state.acked, 1U << 30), "own")) {
    if (chained.dseq <= page.acked || chained.dseq <= state.acked) continue;
    const auto commit = decode_commit(chained.body);
    for (const RowWrite& w : commit->rows) {
      const bool creates = w.op == Op::Insert || w.op == Op::Fact;
      visible |= creates && w.entity == entity && w.row == row;
    }
  }
  if (visible) fail_with("I10 a pending row was dropped" + name_of(entity, row));
}

void World::check_page_kept(Device& d, const Page& page, const Promise& promise) {
  for (const auto& [aggregate, rows] : promise.rows) {
    const bool pending = d.replica->waiting().any_of(aggregate);
    std::int64_t shown = 0;
    for (const char* table : kEntityTables) {
      const std::string sql = std::string("SELECT count(*) FROM ") + table + " WHERE _agg=?1";
      shown += need(d.db->query_int(sql, aggregate), "count");
    }
    for (const Row& row : rows) {
      if (pending) {
        check_pending_over(d, page, row);
        continue;
      }
      const Row here = need(d.replica->load(*bank().entity(row.entity), row.id), "load");
      if (here != row) {
        fail_with("I14 a page is kept in part" + name_of(row.entity, row.id) +
                  difference(here, row));
      }
    }
    // Dropped rows go when the round is complete.
    const bool dropped = rows.empty() && !page.complete;
    if (!pending && !dropped && shown != static_cast<std::int64_t>(rows.size())) {
      fail_with("I14 an aggregate has " + std::to_string(shown) + " rows, not " +
                std::to_string(rows.size()));
    }
  }
  if (!page.complete) return;
  for (const Promise::Won& won : promise.won) {
    const Row row = need(d.replica->load(*bank().entity(won.entity), won.row), "load");
    // One that waits to go gets no more news.
    const bool going =
        d.db->query_int("SELECT 1 FROM agg WHERE agg=?1 AND state=1", row.aggregate).ok();
    if (row.exists && !going && row.clock.of(won.field).seq < won.seq) {
      fail_with("I10 an own write that won is not there" + name_of(won.entity, won.row));
    }
  }
}

// The confirmed image is the server's, and the counter shown is its value and
// every own delta that it does not hold yet.
void World::check_pending_over(Device& d, const Page& page, const Row& expected) {
  const Entity& entity = *bank().entity(expected.entity);
  const Row shown = need(d.replica->load(entity, expected.id), "load");
  if (d.replica->waiting().find({expected.entity, expected.id}) == nullptr) {
    if (shown != expected) fail_with("I1 a row differs" + name_of(expected.entity, expected.id));
    return;
  }
  const Row image = need(d.replica->confirmed(entity, expected.id), "confirmed");
  if (image != expected) {
    return fail_with("I1 a confirmed image differs" + name_of(expected.entity, expected.id) +
                     difference(image, expected));
  }
  if (expected.entity != kCustomer && expected.entity != kContact) return;
  std::int64_t sum = int_of(expected.cell(kCount));
  const auto own = need(d.replica->own_after(page.acked, 1U << 30), "own");
  for (const sync::ChainedCommit& chained : own) {
    const auto commit = decode_commit(chained.body);
    for (const RowWrite& w : commit->rows) {
      if (w.entity != expected.entity || w.row != expected.id || w.op != Op::Update) continue;
      for (const CellWrite& c : w.cells) {
        if (c.field == kCount) sum += int_of(c.value);
      }
    }
  }
  if (int_of(shown.cell(kCount)) != sum) {
    fail_with("I5 a counter shows " + std::to_string(int_of(shown.cell(kCount))) + ", not " +
              std::to_string(sum));
  }
}

// I10: until a page comes from where the commit is, each row that it writes shows it.
void World::check_own_waits(Device& d, std::uint64_t acked) {
  for (const auto& chained : need(d.replica->own_after(acked, 1U << 30), "own")) {
    const auto commit = need(decode_commit(chained.body), "commit");
    for (const RowWrite& w : commit.rows) {
      const Waiting* own = d.replica->waiting().find({w.entity, w.row});
      const bool waits =
          own != nullptr && std::count(own->commits.begin(), own->commits.end(), chained.dseq) != 0;
      if (!waits) fail_with("I10 an own write waits unseen" + name_of(w.entity, w.row));
    }
  }
}

// ---- after every step

void World::check_after_step() {
  for (std::size_t i = 0; i < devices_.size(); ++i) {
    Device& d = *devices_[i];
    const sync::DeviceState state = need(d.replica->state(), "state");
    const sync::Cursor& c = state.cursor;
    if (c.base > c.pos) fail_with("I9 base beyond pos");
    check_own_waits(d, std::max(state.acked, d.told));
    const auto last = cursors_.find(i);
    if (last != cursors_.end() && last->second.first == c.epoch) {
      const auto [base, pos] = last->second.second;
      if (c.base < base || c.pos < pos) fail_with("I9 a cursor went back");
    }
    cursors_[i] = {c.epoch, {c.base, c.pos}};
    if (c.epoch != store_->epoch()) continue;
    const auto theirs = store_->chain_hash(d.id, state.acked);
    const auto ours = d.replica->chain_hash(state.acked);
    if (!theirs.ok() || !ours.ok() || *theirs != *ours) fail_with("I2 an acked commit is lost");
  }
}

}  // namespace banyan::sim
