// Checks after every step: what a page promised, and what must never go back.
#include <algorithm>

#include "shared/changelog/chain.h"
#include "shared/changelog/codec.h"
#include "shared/changelog/fold.h"
#include "shared/storage/commit_rows.h"
#include "tests/simulation/oracle.h"
#include "tests/simulation/world.h"

namespace banyan::sim {

std::string name_of(const RowKey& key) {
  return " (entity " + std::to_string(key.first) + " row " + std::to_string(number(key.second)) +
         ")";
}

std::string name_of(const RowKey& key, std::uint32_t field) {
  return name_of(key) + " field " + std::to_string(field);
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

// Two rows are the same however far each was folded: all but the one folded entry must be equal
// (I17). It depends on when each was folded, and nothing else may.
bool World::same(const Row& have, const Row& want) const {
  if (have == want) return true;
  const Entity* entity = newest_bank().entity(want.entity);
  Row mine = have, theirs = want;
  for (Row* row : {&mine, &theirs}) {
    fold(*entity, folded_to_, *row);
    std::erase_if(row->clock.cells, [](const CellClock& c) { return c.field == kFoldedField; });
  }
  return mine == theirs;
}

// ---- what the server has done

// Reads the new end of the log, and the rows that it names.
void World::follow() {
  need(store_->refresh(), "refresh");
  if (failed() || store_->head() == followed_) return;
  std::set<RowKey> touched;
  need(store_->read_log(followed_, 1'000'000,
                        [&](const ServerStore::LogEntry& entry) -> Status {
                          oracle_->take(entry, entry.seq > first_time_);
                          for (const RowWrite& w : entry.commit.rows) {
                            touched.insert({w.entity, w.row});
                          }
                          return {};
                        }),
       "log");
  followed_ = store_->head();
  first_time_ = followed_;
  for (const RowKey& key : touched) {
    const Entity* entity = server_bank().entity(key.first);
    if (entity != nullptr) mirror_.put(need(store_->load(*entity, key.second), "load"));
  }
}

// ---- what leaves the server

std::shared_ptr<const Promise> World::promise_of(ByteView bytes) {
  const auto reply = sync::decode_reply(bytes, organisation_.verify_key());
  if (!reply.ok() || reply->page.empty()) return nullptr;
  const Page page = need(decode_page(reply->page, organisation_.verify_key()), "page");
  if (page.reset) return nullptr;
  const auto reader = std::find_if(devices_.begin(), devices_.end(),
                                   [&](const auto& d) { return d->id == page.device; });
  auto promise = std::make_shared<Promise>();
  for (const PageAggregate& a : page.aggregates) {
    std::vector<Row> promised = mirror_.visible(server_bank(), (*reader)->user, a.id);
    // In a first round an aggregate may be as it was when the round began: it comes again.
    const bool again =
        page.base == 0 && std::any_of(promised.begin(), promised.end(),
                                      [&](auto& r) { return newest_seq(r) > page.pos; });
    if (!again) promise->rows[a.id] = promised;
    if (a.mode == PageMode::Drop && !promised.empty()) {
      fail_with("I1 a visible aggregate is dropped");
    }
  }
  check_visible(page, (*reader)->user);
  note_won(*reply, *promise);
  return promise;
}

void World::check_visible(const Page& page, RowId user) {
  for (const PageAggregate& a : page.aggregates) {
    const std::uint32_t mask = mirror_.mask_of(user, a.id);
    const std::int64_t role = int_of(mirror_.staff(user).cell(kRole));
    for (const RowChange& change : a.rows) {
      const RowKey key{change.row.entity, change.row.id};
      const Row* row = mirror_.find(key);
      if (row == nullptr || row->aggregate != a.id || mask == 0 ||
          !role_may(server_bank(), role, key.first, kRead)) {
        return fail_with("I4 a row leaks" + name_of(key));
      }
      const Entity& entity = *server_bank().entity(key.first);
      const auto hidden = [&](std::uint32_t field) {
        return entity.field(field) == nullptr || (entity.field(field)->visible & mask) == 0;
      };
      for (const CellValue& c : change.row.cells) {
        if (hidden(c.field)) fail_with("I4 a hidden field leaks" + name_of(key, c.field));
      }
      for (const CellClock& c : change.row.clock.cells) {
        if (c.field == kFoldedField) continue;  // of fields that everybody sees
        if (hidden(c.field)) fail_with("I4 the clock of a hidden field leaks");
      }
      for (const Sibling& s : change.row.siblings) {
        if (hidden(s.field)) fail_with("I4 a hidden sibling leaks");
      }
    }
  }
}

void World::note_won(const sync::Reply& reply, Promise& promise) {
  for (const sync::AckRun& run : reply.note.runs) {
    const auto note = [&](const ServerStore::LogEntry& e) -> Status {
      for (std::size_t i = 0; i < e.commit.rows.size(); ++i) {
        const RowWrite& w = e.commit.rows[i];
        const auto& ops = e.outcome.ops;
        const bool bad =
            std::any_of(ops.begin(), ops.end(), [&](const auto& o) { return o.row == i; });
        if (bad || w.op != Op::Update) continue;
        for (const CellWrite& c : w.cells) {
          promise.won.push_back({w.entity, w.row, c.field, e.seq});
        }
      }
      return {};
    };
    need(store_->read_log(run.seq - 1, static_cast<std::size_t>(run.count), note), "log");
  }
}

// ---- what a device made of it

bool World::stored(Device& device, const RowKey& key) {
  const Entity* entity = bank_of(device.bank).entity(key.first);
  if (entity == nullptr) return load(device, key).exists;
  return device.disk.db
      ->query_int("SELECT 1 FROM " + sql_name(entity->name) + " WHERE id=?1", key.second)
      .ok();
}

std::int64_t World::count_rows(Device& device, std::optional<RowId> aggregate) {
  const std::string of = aggregate ? " WHERE _agg=?1" : "";
  std::string sql =
      "SELECT (SELECT count(*) FROM other" + std::string(aggregate ? " WHERE agg=?1" : "") + ")";
  for (const Entity& entity : bank_of(device.bank).entities()) {
    sql += "+(SELECT count(*) FROM " + sql_name(entity.name) + of + ")";
  }
  Database& db = *device.disk.db;
  return need(aggregate ? db.query_int(sql, *aggregate) : db.query_int(sql), "count");
}

// I10: a row with pending writes vanishes only when the server has decided that it
// is not this user's: its creation was refused, or it is not visible any more.
void World::check_still_shown(Device& d, const Taken& taken, const RowKey& key) {
  const Promise& promise = taken.promise;
  if (stored(d, key)) return;
  const Waiting* own = d.replica->waiting().find(key);
  if (own == nullptr) return;  // all of it is decided
  const auto said = promise.rows.find(own->aggregate);
  bool visible = said == promise.rows.end() && !taken.page.complete;
  if (said != promise.rows.end()) {
    for (const Row& r : said->second) visible |= RowKey{r.entity, r.id} == key;
  }
  const sync::DeviceState state = need(d.replica->state(), "state");
  for (const auto& chained : need(d.replica->own_after(state.acked, 1U << 30), "own")) {
    if (chained.dseq <= taken.acked || chained.dseq <= state.acked) continue;
    const auto commit = decode_commit(chained.body);
    for (const RowWrite& w : commit->rows) {
      const bool creates = w.op == Op::Insert || w.op == Op::Fact;
      visible |= creates && RowKey{w.entity, w.row} == key;
    }
  }
  if (visible) fail_with("I10 a pending row was dropped" + name_of(key));
}

void World::check_page_kept(Device& d, const Taken& taken) {
  const Page& page = taken.page;
  for (const auto& [aggregate, rows] : taken.promise.rows) {
    const bool pending = d.replica->waiting().any_of(aggregate);
    for (const Row& row : rows) {
      if (pending) {
        check_pending_over(d, taken, row);
        continue;
      }
      const Row here = load(d, {row.entity, row.id});
      if (!same(here, row)) {
        fail_with("I14 a page is kept in part" + name_of({row.entity, row.id}) +
                  difference(here, row));
      }
    }
    // Dropped rows go when the round is complete.
    const bool dropped = rows.empty() && !page.complete;
    if (pending || dropped) continue;
    const std::int64_t shown = count_rows(d, aggregate);
    if (shown != static_cast<std::int64_t>(rows.size())) {
      fail_with("I14 an aggregate has " + std::to_string(shown) + " rows, not " +
                std::to_string(rows.size()));
    }
  }
  if (!page.complete || taken.acked != page.acked) return;
  for (const Promise::Won& won : taken.promise.won) {
    const Row row = load(d, {won.entity, won.row});
    // One that waits to go gets no more news.
    const bool going =
        d.disk.db->query_int("SELECT 1 FROM agg WHERE agg=?1 AND state=1", row.aggregate).ok();
    if (row.exists && !going && row.clock.of(won.field).seq < won.seq) {
      fail_with("I10 an own write that won is not there" + name_of({won.entity, won.row}));
    }
  }
}

// The confirmed image is the server's, and the counter shown is its value and
// every own delta that it does not hold yet.
void World::check_pending_over(Device& d, const Taken& taken, const Row& expected) {
  const RowKey key{expected.entity, expected.id};
  const Entity& entity = *newest_bank().entity(expected.entity);
  const Row shown = load(d, key);
  if (d.replica->waiting().find(key) == nullptr) {
    if (!same(shown, expected)) fail_with("I1 a row differs" + name_of(key));
    return;
  }
  if (d.replica->standing().forked) return;  // it stays as it was
  const Row image = need(d.replica->confirmed(entity, expected.id), "confirmed");
  if (!same(image, expected)) {
    return fail_with("I1 a confirmed image differs" + name_of(key) + difference(image, expected));
  }
  const Field* counter = entity.field(kCount);
  if (counter == nullptr || counter->merge != Merge::Counter) return;
  std::int64_t sum = int_of(expected.cell(kCount));
  for (const auto& chained : need(d.replica->own_after(taken.acked, 1U << 30), "own")) {
    const auto commit = decode_commit(chained.body);
    for (const RowWrite& w : commit->rows) {
      if (RowKey{w.entity, w.row} != key || w.op != Op::Update) continue;
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
      if (!waits) fail_with("I10 an own write waits unseen" + name_of({w.entity, w.row}));
    }
  }
}

// Of commits after `after` a device has said that they are saved.
void World::note_written(std::size_t device, std::uint64_t after) {
  for (auto& chained : need(devices_[device]->replica->own_after(after, 1U << 30), "own")) {
    saved_[std::move(chained.body)] = device;
  }
}

// ---- after every step, and after every twentieth

void World::check_after_step() {
  need(store_->refresh(), "refresh");
  for (auto& device : devices_) {
    if (!device->acted || failed()) continue;
    check_cursor(*device);
    device->acted = false;
  }
}

void World::check_cursor(Device& d) {
  const sync::DeviceState state = need(d.replica->state(), "state");
  const sync::Cursor& c = state.cursor;
  if (c.base > c.pos) fail_with("I9 base beyond pos");
  check_own_waits(d, std::max(state.acked, d.told));
  if (d.seen.epoch == c.epoch && (c.base < d.seen.base || c.pos < d.seen.pos)) {
    fail_with("I9 a cursor went back");
  }
  d.seen = {c.epoch, c.base, c.pos};
  if (c.epoch != store_->epoch()) return;
  const auto theirs = store_->chain_hash(d.id, state.acked);
  const auto ours = d.replica->chain_hash(state.acked);
  if (!theirs.ok() || !ours.ok() || *theirs != *ours) fail_with("I2 an acked commit is lost");
}

// The server against its log, and every device that has all against the server.
void World::check_everything() {
  oracle_->check_rows(Oracle::Which::Touched);
  for (auto& device : devices_) {
    if (!failed()) check_in_step(*device);
  }
}

void World::check_in_step(Device& d) {
  const auto standing = d.replica->standing();
  const sync::DeviceState state = need(d.replica->state(), "state");
  const bool all = standing.epoch == store_->epoch() && standing.base == store_->head() &&
                   state.cursor.pos == standing.base && d.replica->pending_count() == 0;
  if (!all || d.retired || d.must_sync) return;
  count("devices in step");
  const auto want = mirror_.visible(server_bank(), d.user);
  const std::int64_t have = count_rows(d, std::nullopt);
  if (have != static_cast<std::int64_t>(want.size())) {
    return fail_with("I4 a device holds " + std::to_string(have) + " rows, not " +
                     std::to_string(want.size()));
  }
  for (const auto& [key, row] : want) {
    const Row here = load(d, key);
    if (!same(here, row))
      return fail_with("I1 a row differs" + name_of(key) + difference(here, row));
  }
}

}  // namespace banyan::sim
