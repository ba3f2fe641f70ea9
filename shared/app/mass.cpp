#include "shared/app/mass.h"

#include <algorithm>

#include "shared/app/ask.h"
#include "shared/app/drafts.h"
#include "shared/app/history.h"
#include "shared/app/queries.h"
#include "shared/storage/transaction.h"

namespace banyan {

namespace {

constexpr std::int64_t kPortion = 50;  // customers in one transaction: a tenth of a second

// Of one customer; stored.
enum class MassStep : std::int64_t {
  Waiting = 0,
  Done = 1,
  Same = 2,
  Barred = 3,
  Stopped = 4,
  BackWaiting = 5,
  TakenBack = 6,
  Changed = 7,
};

struct Portion {
  std::vector<Draft> drafts;
  std::vector<RowId> written;  // of the drafts
  std::vector<std::pair<RowId, MassStep>> settled;
};

bool has(const Row& row, const Field& tags, RowId tag) {
  const CellState state = cell_state(row, tags);
  return std::find(state.elements.begin(), state.elements.end(), number(tag)) !=
         state.elements.end();
}

Status mark(Session& session, std::int64_t id, RowId row, MassStep step) {
  return session.database().run("UPDATE mass_row SET step=?3 WHERE mass=?1 AND row=?2", id, row,
                                static_cast<std::int64_t>(step));
}

Status write_portion(Session& session, std::int64_t id, const Portion& portion, MassStep done) {
  const auto also = [&]() -> Status {
    for (const RowId row : portion.written) TRY(mark(session, id, row, done));
    for (const auto& [row, step] : portion.settled) TRY(mark(session, id, row, step));
    return {};
  };
  const auto written = session.replica().write(portion.drafts, also);
  return written.ok() ? Status{} : Status{written.error()};
}

// One customer who cannot be changed does not hold up the others.
Status write_singly(Session& session, std::int64_t id, const Portion& portion, MassStep done) {
  for (std::size_t i = 0; i < portion.drafts.size(); ++i) {
    Status one = write_portion(session, id, {{portion.drafts[i]}, {portion.written[i]}, {}}, done);
    if (one) continue;
    const bool his =
        one.error().code == ErrorCode::Refused || one.error().code == ErrorCode::Invalid;
    if (!his) return one;
    TRY(write_portion(session, id, {{}, {}, {{portion.written[i], MassStep::Barred}}}, done));
  }
  return write_portion(session, id, {{}, {}, portion.settled}, done);
}

}  // namespace

Status create_mass_tables(Database& db) {
  return db.exec(
      "CREATE TABLE IF NOT EXISTS mass(id INTEGER PRIMARY KEY, at INTEGER NOT NULL,"
      " tag INTEGER NOT NULL, adds INTEGER NOT NULL, back INTEGER NOT NULL);"
      "CREATE TABLE IF NOT EXISTS mass_row(mass INTEGER, row INTEGER, step INTEGER NOT NULL,"
      " PRIMARY KEY(mass,row)) WITHOUT ROWID;"
      "CREATE INDEX IF NOT EXISTS mass_step ON mass_row(mass,step)");
}

Result<std::int64_t> begin_mass(Session& session, const MassChange& change,
                                std::span<const RowId> customers) {
  const Entity& customer = *session.names().customer;
  if (customers.empty()) return fail(ErrorCode::Invalid, "nobody to change");
  if (!session.me().may(customer, kUpdate)) return fail(ErrorCode::Refused, "not for this role");
  Database& db = session.database();
  TRY_ASSIGN(Transaction all, Transaction::begin(db));
  TRY_ASSIGN(const std::int64_t last, db.query_int("SELECT coalesce(max(id),0) FROM mass"));
  const std::int64_t id = last + 1;
  TRY(db.run("INSERT INTO mass(id,at,tag,adds,back) VALUES(?1,?2,?3,?4,0)", id, session.now_ms(),
             change.tag, std::int64_t{change.adds}));
  for (const RowId row : customers) {
    TRY(db.run("INSERT OR IGNORE INTO mass_row(mass,row,step) VALUES(?1,?2,0)", id, row));
  }
  TRY(all.commit());
  return id;
}

Result<bool> step_mass(Session& session, std::int64_t id) {
  TRY_ASSIGN(const MassItem item, read_mass(session, id));
  const MassStep waits = item.back ? MassStep::BackWaiting : MassStep::Waiting;
  const bool wanted = item.change.adds != item.back;
  const Entity& customer = *session.names().customer;
  const Field& tags = *customer.field("tags");
  std::vector<RowId> rows;
  ask(
      session, "SELECT row FROM mass_row WHERE mass=?1 AND step=?2 ORDER BY row LIMIT ?3",
      [&](const Statement& row) { rows.push_back(row.row_id(0)); }, id,
      static_cast<std::int64_t>(waits), kPortion);
  if (rows.empty()) return false;
  Portion portion;
  for (const RowId row : rows) {
    TRY_ASSIGN(const Row now, session.replica().load(customer, row));
    if (!now.alive()) {
      portion.settled.emplace_back(row, MassStep::Barred);
    } else if (has(now, tags, item.change.tag) == wanted) {
      portion.settled.emplace_back(row, item.back ? MassStep::Changed : MassStep::Same);
    } else {
      RowDraft draft(customer, wanted ? Op::Add : Op::Remove, row);
      portion.drafts.push_back({row, 0, {draft.set(tags, item.change.tag).take()}});
      portion.written.push_back(row);
    }
  }
  const MassStep done = item.back ? MassStep::TakenBack : MassStep::Done;
  Status written = write_portion(session, id, portion, done);
  if (!written &&
      (written.error().code == ErrorCode::Refused || written.error().code == ErrorCode::Invalid)) {
    written = write_singly(session, id, portion, done);
  }
  if (!written) return written.error();
  session.changed();
  return true;
}

Status stop_mass(Session& session, std::int64_t id) {
  return session.database().run(
      "UPDATE mass_row SET step=CASE step WHEN 0 THEN 4 ELSE 1 END WHERE mass=?1 AND step IN(0,5)",
      id);
}

Status take_back_mass(Session& session, std::int64_t id) {
  Database& db = session.database();
  TRY_ASSIGN(Transaction all, Transaction::begin(db));
  TRY_ASSIGN(
      const std::int64_t done,
      db.query_int("SELECT count(*) FROM mass_row WHERE step=1 AND mass=" + std::to_string(id)));
  if (done == 0) return fail(ErrorCode::NotFound, "nothing that can be taken back");
  TRY(
      db.run("UPDATE mass_row SET step=CASE step WHEN 0 THEN 4 ELSE 5 END"
             " WHERE mass=?1 AND step IN(0,1)",
             id));
  TRY(db.run("UPDATE mass SET back=1 WHERE id=?1", id));
  return all.commit();
}

Result<MassItem> read_mass(const Session& session, std::int64_t id) {
  MassItem item;
  ask(
      session, "SELECT id,at,tag,adds,back FROM mass WHERE id=?1",
      [&](const Statement& row) {
        item.id = row.integer(0);
        item.at_ms = row.integer(1);
        item.change = {row.row_id(2), row.integer(3) != 0};
        item.back = row.integer(4) != 0;
      },
      id);
  if (item.id == 0) return fail(ErrorCode::NotFound, "no such mass change");
  item.tag = title_of(session, *session.names().tag, item.change.tag);
  ask(
      session, "SELECT step,count(*) FROM mass_row WHERE mass=?1 GROUP BY step",
      [&](const Statement& row) {
        const std::int64_t count = row.integer(1);
        item.total += count;
        switch (static_cast<MassStep>(row.integer(0))) {
          case MassStep::Waiting:
          case MassStep::BackWaiting: item.waiting += count; break;
          case MassStep::Done: item.done += count; break;
          case MassStep::Same: item.same += count; break;
          case MassStep::Barred: item.barred += count; break;
          case MassStep::Stopped: item.stopped += count; break;
          case MassStep::TakenBack: item.taken_back += count; break;
          case MassStep::Changed: item.changed += count; break;
        }
      },
      id);
  return item;
}

std::vector<MassItem> read_masses(const Session& session, std::size_t count_max) {
  std::vector<std::int64_t> ids;
  ask(
      session, "SELECT id FROM mass ORDER BY id DESC LIMIT ?1",
      [&](const Statement& row) { ids.push_back(row.integer(0)); },
      static_cast<std::int64_t>(count_max));
  std::vector<MassItem> out;
  out.reserve(ids.size());
  for (const std::int64_t id : ids) {
    if (auto item = read_mass(session, id)) out.push_back(std::move(item).value());
  }
  return out;
}

}  // namespace banyan
