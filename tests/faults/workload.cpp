#include "tests/faults/workload.h"

#include <cstdlib>

#include "shared/storage/transaction.h"

namespace banyan::test {
namespace {

constexpr int kFirstAccounts = 30;

Bytes note(int commit, int account) {
  SeededRandom random(static_cast<std::uint64_t>(commit * 1000 + account));
  // Some span several pages, most do not.
  Bytes out(static_cast<std::size_t>(account % 7 == 0 ? 5000 : 150 + random.below(400)));
  random.fill(out);
  return out;
}

Status make_tables(Database& db) {
  TRY(
      db.exec("CREATE TABLE account(id INTEGER PRIMARY KEY, balance INTEGER NOT NULL,"
              " note BLOB NOT NULL)"));
  TRY(db.exec("CREATE INDEX by_balance ON account(balance)"));
  TRY(db.exec("CREATE TABLE done(n INTEGER PRIMARY KEY)"));
  for (int id = 1; id <= kFirstAccounts; ++id) {
    const Bytes bytes = note(0, id);
    TRY(db.run("INSERT INTO account VALUES(?1, ?2, ?3)", id, 1000, bytes));
  }
  return {};
}

Status move_money(Database& db, int n) {
  SeededRandom random(static_cast<std::uint64_t>(n));
  const auto somebody = [&] { return static_cast<int>(1 + random.below(kFirstAccounts)); };
  const int amount = static_cast<int>(random.below(100));
  TRY(db.run("UPDATE account SET balance = balance - ?1 WHERE id = ?2", amount, somebody()));
  TRY(db.run("UPDATE account SET balance = balance + ?1 WHERE id = ?2", amount, somebody()));
  const Bytes bytes = note(n, 100 + n);
  TRY(db.run("INSERT INTO account VALUES(?1, 0, ?2)", 100 + n, bytes));
  if (n % 3 == 0) TRY(db.run("DELETE FROM account WHERE id = ?1", 100 + n / 2));
  const Bytes fresh = note(n, 7);
  return db.run("UPDATE account SET note = ?1 WHERE id = ?2", fresh, somebody());
}

}  // namespace

bool long_sweeps() {
  const char* asked = std::getenv("BANYAN_FAULTS");
  return asked != nullptr && std::string_view(asked) == "long";
}

Workload::Workload(Journal journal, int commits, int checkpoint_pages)
    : journal_(journal), commits_(commits), checkpoint_pages_(checkpoint_pages) {
  SeededRandom random(2026);
  key_ = PageKey::generate(random);
  MemoryPageStore store;
  auto db = open(store);
  BANYAN_CHECK(db.ok());
  for (int n = 0; n <= commits_ + 1; ++n) {
    const auto state = digest(**db);
    BANYAN_CHECK(state.ok());
    states_.push_back(*state);
    if (n <= commits_) BANYAN_CHECK(commit(**db, n).ok());
  }
}

Result<std::unique_ptr<Database>> Workload::open(PageStore& store) const {
  return open(store, &key_);
}

Result<std::unique_ptr<Database>> Workload::open(PageStore& store, const PageKey* key,
                                                 std::function<void(const Error&)> on_stop) const {
  DatabaseOptions options;
  options.store = &store;
  options.name = "bank.db";
  options.key = key;
  options.journal = journal_;
  options.page_size = 1024;        // many pages, so many places to fail
  options.cache_bytes = 20 << 10;  // too few for one commit: pages spill early
  options.on_stop = std::move(on_stop);
  TRY_ASSIGN(auto db, Database::open(std::move(options)));
  TRY(db->exec("PRAGMA wal_autocheckpoint=" + std::to_string(checkpoint_pages_)));
  return db;
}

Status Workload::commit(Database& db, int n) const {
  TRY_ASSIGN(Transaction change, Transaction::begin(db));
  TRY(n == 0 ? make_tables(db) : move_money(db, n));
  TRY(db.run("INSERT INTO done VALUES(?1)", n));
  return change.commit();
}

Status Workload::run(PageStore& store, int& acked) const {
  Status after_close;
  TRY_ASSIGN(auto db, open(store, &key_, [&](const Error& cause) { after_close = cause; }));
  TRY_ASSIGN(const Hash256 found, digest(*db));
  for (int n = number_of(found); n <= commits_; ++n) {
    TRY(commit(*db, n));
    acked = n + 1;
  }
  db.reset();
  return after_close;
}

Result<Hash256> Workload::digest(Database& db) const {
  Hasher hasher;
  const auto tables = db.query_int("SELECT count(*) FROM sqlite_schema");
  if (!tables.ok()) return tables.error();
  if (*tables == 0) return hasher.finish();
  TRY_ASSIGN(Statement all, db.statement("SELECT id, balance, note FROM account ORDER BY id"));
  while (true) {
    TRY_ASSIGN(const bool row, all.step());
    if (!row) break;
    ByteWriter out;
    out.svarint(all.integer(0));
    out.svarint(all.integer(1));
    out.block(all.blob(2));
    hasher.update(out.view());
  }
  TRY_ASSIGN(const std::int64_t newest, db.query_int("SELECT max(n) FROM done"));
  TRY_ASSIGN(const std::int64_t by_index,
             db.query_int("SELECT sum(balance) FROM account INDEXED BY by_balance "
                          "WHERE balance > -1000000"));
  ByteWriter out;
  out.svarint(newest);
  out.svarint(by_index);
  hasher.update(out.view());
  return hasher.finish();
}

int Workload::number_of(const Hash256& digest) const {
  for (std::size_t n = 0; n < states_.size(); ++n) {
    if (states_[n] == digest) return static_cast<int>(n);
  }
  return -1;
}

Result<int> Workload::state_of(Database& db) const {
  TRY(db.integrity_check());
  TRY_ASSIGN(const Hash256 found, digest(db));
  const int number = number_of(found);
  if (number < 0) return fail(ErrorCode::Corrupt, "a state that never was");
  return number;
}

Result<int> Workload::state_of(PageStore& store) const {
  TRY_ASSIGN(const auto db, open(store));
  return state_of(*db);
}

void copy_files(PageStore& from, PageStore& to) {
  const std::vector<std::string> names = from.list().value();
  for (const std::string& name : names) {
    const Bytes bytes = read_file(from, name, std::size_t{1} << 30).value();
    BANYAN_CHECK(write_file(to, name, bytes).ok());
  }
}

void stop_dead(FaultyPageStore& store, std::unique_ptr<Database> db) {
  store.plan({.at = 1, .sticky = true, .calls = kCallAny});
  db.reset();
  store.plan({});
}

}  // namespace banyan::test
