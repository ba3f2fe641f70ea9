#include "shared/app/index.h"

#include "shared/base/pinyin.h"
#include "shared/storage/transaction.h"

namespace banyan {

namespace {

// Raised when a table or what is in it changes: it is then made anew.
constexpr std::int64_t kIndexVersion = 3;

constexpr const char* kTables = R"(
CREATE TABLE IF NOT EXISTS index_version(version INTEGER);
CREATE TABLE IF NOT EXISTS about(id INTEGER PRIMARY KEY, sort TEXT, initials TEXT, spoken TEXT,
  contact_ms INTEGER, due_on INTEGER);
CREATE INDEX IF NOT EXISTS about_sort ON about(sort);
CREATE INDEX IF NOT EXISTS about_due ON about(due_on) WHERE due_on IS NOT NULL;
CREATE TABLE IF NOT EXISTS flow(customer INTEGER, month INTEGER, inflow INTEGER, outflow INTEGER,
  PRIMARY KEY(customer, month)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS credit(txn INTEGER PRIMARY KEY, customer INTEGER, booked_on INTEGER,
  amount INTEGER);
)";

// What falls due: loans to repay, deposits to renew.
constexpr const char* kDates = R"(
INSERT INTO about(id, contact_ms, due_on) VALUES(?1,
  (SELECT max(t) FROM (
     SELECT max(at) AS t FROM interaction WHERE _agg=?1 AND _dead=0
     UNION ALL SELECT max(arrived_at) FROM visit WHERE _agg=?1 AND _dead=0)),
  (SELECT min(due) FROM account WHERE _agg=?1 AND _dead=0 AND closed IS NULL))
ON CONFLICT(id) DO UPDATE SET contact_ms=excluded.contact_ms, due_on=excluded.due_on)";

constexpr const char* kFlow = R"(
INSERT INTO flow(customer, month, inflow, outflow)
SELECT ?1, cast(strftime('%Y%m', t.booked_on*86400, 'unixepoch') AS INTEGER),
  sum(max(t.amount, 0)), sum(max(-t.amount, 0))
FROM txn t JOIN account a ON a.id=t.account JOIN product p ON p.id=a.product
WHERE t._agg=?1 AND t._dead=0 AND p.kind IN (?2, ?3) GROUP BY 2)";

}  // namespace

Index::Index(Replica& replica, const Names& names, SearchIndex search, std::int64_t today)
    : db_(replica.database()), names_(names), search_(search), today_(today) {}

Result<std::unique_ptr<Index>> Index::open(Replica& replica, const Names& names,
                                           std::int64_t today) {
  Database& db = replica.database();
  TRY_ASSIGN(Transaction change, Transaction::begin(db));
  TRY(db.exec(kTables));
  TRY_ASSIGN(SearchIndex search, SearchIndex::open(db));
  std::unique_ptr<Index> index(new Index(replica, names, search, today));
  const Result<std::int64_t> version = db.query_int("SELECT version FROM index_version");
  if (!version.ok() && version.error().code != ErrorCode::NotFound) return version.error();
  if (!version.ok() || *version != kIndexVersion) TRY(index->rebuild());
  TRY(db.run("DELETE FROM credit WHERE booked_on<?1", today - kLargeCreditDays));
  TRY(change.commit());
  return index;
}

Status Index::clear() {
  TRY(search_.clear());
  return db_.exec("DELETE FROM about; DELETE FROM flow; DELETE FROM credit");
}

Status Index::rebuild() {
  TRY(clear());
  std::vector<Touched> all;
  {
    TRY_ASSIGN(Statement ids, db_.statement("SELECT id FROM customer"));
    while (true) {
      TRY_ASSIGN(const bool more, ids.step());
      if (!more) break;
      all.push_back({names_.customer->no, ids.row_id(0), ids.row_id(0), false});
      all.push_back({names_.txn->no, kNoRow, ids.row_id(0), false});
    }
  }
  TRY(rows_changed(all));
  TRY(db_.exec("DELETE FROM index_version"));
  return db_.run("INSERT INTO index_version VALUES(?1)", kIndexVersion);
}

Status Index::rows_changed(std::span<const Touched> rows) {
  std::set<RowId> names, dates, flows;
  for (const Touched& row : rows) {
    if (row.entity == names_.customer->no) {
      names.insert(row.row);
    } else if (row.entity == names_.account->no) {
      names.insert(row.aggregate);  // found by account number, too
      dates.insert(row.aggregate);
    } else if (row.entity == names_.txn->no) {
      flows.insert(row.aggregate);
      if (row.row != kNoRow) TRY(note_credit(row.row));
    } else if (row.entity == names_.interaction->no || row.entity == names_.visit->no) {
      dates.insert(row.aggregate);
    }
  }
  for (const RowId id : dates) TRY(refresh_dates(id));
  for (const RowId id : names) TRY(refresh_name(id));  // removes what is gone
  for (const RowId id : flows) TRY(refresh_flow(id));
  return {};
}

Status Index::refresh_name(RowId customer) {
  Findable found;
  found.id = customer;
  {
    TRY_ASSIGN(Statement ask,
               db_.statement("SELECT name, kind, phone, phone_2, id_no, customer_no FROM customer"
                             " WHERE id=?1 AND _dead=0"));
    ask.bind(1, customer);
    TRY_ASSIGN(const bool there, ask.step());
    if (!there) {
      TRY(db_.run("DELETE FROM about WHERE id=?1", customer));
      return search_.remove(customer);
    }
    found.name = ask.text(0);
    found.person = !names_.company(ask.integer(1));
    for (int column = 2; column < 6; ++column) {
      if (!ask.is_null(column)) found.numbers.emplace_back(ask.text(column));
    }
  }
  {
    TRY_ASSIGN(Statement accounts,
               db_.statement("SELECT number FROM account WHERE _agg=?1 AND _dead=0"));
    accounts.bind(1, customer);
    while (true) {
      TRY_ASSIGN(const bool more, accounts.step());
      if (!more) break;
      found.numbers.emplace_back(accounts.text(0));
    }
  }
  const Pinyin pinyin = found.person ? pinyin_of_person(found.name) : pinyin_of_text(found.name);
  const std::string spoken = found.person ? spoken_name(found.name) : std::string();
  const auto known = db_.query_int("SELECT 1 FROM about WHERE id=?1", customer);
  if (!known && known.error().code != ErrorCode::NotFound) return known.error();
  if (!known) TRY(refresh_dates(customer));  // new, or back
  TRY(db_.run("UPDATE about SET sort=?2, initials=?3, spoken=?4 WHERE id=?1", customer, pinyin.full,
              pinyin.initials, spoken));
  return search_.put(found);
}

Status Index::refresh_dates(RowId customer) { return db_.run(kDates, customer); }

Status Index::refresh_flow(RowId customer) {
  TRY(db_.run("DELETE FROM flow WHERE customer=?1", customer));
  return db_.run(kFlow, customer, names_.product_current, names_.product_term);
}

Status Index::note_credit(RowId txn) {
  return db_.run(
      "INSERT OR REPLACE INTO credit SELECT id, _agg, booked_on, amount FROM txn"
      " WHERE id=?1 AND amount>=?2 AND booked_on>=?3 AND _dead=0",
      txn, kLargeCredit, today_ - kLargeCreditDays);
}

}  // namespace banyan
