#include "shared/storage/database.h"

#include <doctest/doctest.h>

#include <limits>

#include "shared/platform/memory_page_store.h"
#include "shared/storage/transaction.h"
#include "tests/support/faulty_page_store.h"

namespace banyan {
namespace {

PageKey some_key(std::uint64_t seed = 1) {
  SeededRandom random(seed);
  return PageKey::generate(random);
}

std::unique_ptr<Database> open_in(PageStore& store, const PageKey* key,
                                  std::string_view name = "a.db") {
  DatabaseOptions options;
  options.store = &store;
  options.name = std::string(name);
  options.key = key;
  auto db = Database::open(std::move(options));
  REQUIRE_MESSAGE(db.ok(), (db.ok() ? "" : db.error().detail));
  return std::move(*db);
}

ErrorCode refusal(PageStore& store, const PageKey* key, bool create = true) {
  DatabaseOptions options;
  options.store = &store;
  options.name = "a.db";
  options.key = key;
  options.create = create;
  const auto db = Database::open(std::move(options));
  REQUIRE_FALSE(db.ok());
  return db.error().code;
}

bool contains(PageStore& store, std::string_view needle) {
  const std::vector<std::string> names = store.list().value();
  for (const std::string& name : names) {
    const Bytes bytes = read_file(store, name, 1 << 26).value();
    if (as_text(bytes).find(needle) != std::string_view::npos) return true;
  }
  return false;
}

TEST_CASE("what is committed is there after closing and opening again") {
  MemoryPageStore store;
  const PageKey key = some_key();
  {
    auto db = open_in(store, &key);
    REQUIRE(db->exec("CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT, data BLOB)").ok());
    const Bytes data{0, 1, 2};
    REQUIRE(db->run("INSERT INTO t VALUES(?1, ?2, ?3)", 5, "\xE6\x9D\x8E", data).ok());
    CHECK(db->changes() == 1);
  }
  auto db = open_in(store, &key);
  Statement find = db->statement("SELECT id, name, data, NULL FROM t").value();
  REQUIRE(find.step().value());
  CHECK(find.integer(0) == 5);
  CHECK(find.text(1) == "\xE6\x9D\x8E");
  CHECK(Bytes(find.blob(2).begin(), find.blob(2).end()) == Bytes{0, 1, 2});
  CHECK(find.is_null(3));
  CHECK_FALSE(find.step().value());
}

TEST_CASE("values of every kind go in and come back as they were") {
  MemoryPageStore store;
  auto db = open_in(store, nullptr);
  REQUIRE(db->exec("CREATE TABLE t(a, b, c, d)").ok());
  const Value none;
  const Value number{std::numeric_limits<std::int64_t>::min()};
  const Value text{std::string("a\0b", 3)};
  const Value row{RowId{77}};
  REQUIRE(db->run("INSERT INTO t VALUES(?1,?2,?3,?4)", none, number, text, row).ok());
  Statement find = db->statement("SELECT a, b, c, d, 1.5 FROM t").value();
  REQUIRE(find.step().value());
  CHECK(find.value(0).value() == none);
  CHECK(find.value(1).value() == number);
  CHECK(find.value(2).value() == text);
  CHECK(int_of(find.value(3).value()) == 77);
  CHECK(find.value(4).error().code == ErrorCode::Corrupt);
}

TEST_CASE("an empty text and an empty blob are not NULL") {
  MemoryPageStore store;
  auto db = open_in(store, nullptr);
  REQUIRE(db->exec("CREATE TABLE t(a, b)").ok());
  REQUIRE(db->run("INSERT INTO t VALUES(?1, ?2)", std::string_view(), ByteView()).ok());
  CHECK(db->query_text("SELECT typeof(a) || typeof(b) FROM t").value() == "textblob");
}

TEST_CASE("[W3] [R156] no file holds plain text: not the database, the log or the journal") {
  constexpr std::string_view kMarker = "MARKER-6217-\xE5\xBC\xA0";
  const PageKey key = some_key();
  for (const auto journal : {DatabaseOptions::Journal::Wal, DatabaseOptions::Journal::Delete}) {
    MemoryPageStore store;
    DatabaseOptions options;
    options.store = &store;
    options.name = "a.db";
    options.key = &key;
    options.journal = journal;
    options.cache_bytes = 32 << 10;  // so small that pages go to the file early
    auto db = Database::open(std::move(options)).value();
    REQUIRE(
        db->exec("CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT); CREATE INDEX i ON t(v)").ok());
    auto change = Transaction::begin(*db);
    for (int i = 0; i < 2000; ++i) {
      REQUIRE(db->run("INSERT INTO t(v) VALUES(?1 || ?2)", kMarker, i).ok());
    }
    REQUIRE(db->exec("UPDATE t SET v = v || 'x'").ok());
    REQUIRE(
        db->query_int("SELECT count(DISTINCT v) FROM (SELECT v FROM t ORDER BY v DESC)").value() ==
        2000);
    REQUIRE(change->commit().ok());
    REQUIRE(db->exec("BEGIN; UPDATE t SET v = v || 'y'").ok());
    // Read beside the open transaction, through the files' own bytes.
    REQUIRE(db->exec("ROLLBACK").ok());
    db.reset();
    CHECK_FALSE(contains(store, kMarker));
    CHECK_FALSE(contains(store, "CREATE TABLE"));
    CHECK_FALSE(contains(store, "SQLite format"));
  }
}

TEST_CASE("without a key the same bytes are found, so the search above can fail") {
  MemoryPageStore store;
  auto db = open_in(store, nullptr);
  REQUIRE(db->exec("CREATE TABLE t(v TEXT); INSERT INTO t VALUES('MARKER-6217')").ok());
  db.reset();
  CHECK(contains(store, "MARKER-6217"));
}

TEST_CASE("[W3] [T14] a wrong key or none at all opens nothing and harms nothing") {
  MemoryPageStore store;
  const PageKey key = some_key(1);
  const PageKey wrong = some_key(2);
  {
    auto db = open_in(store, &key);
    REQUIRE(db->exec("CREATE TABLE t(a); INSERT INTO t VALUES(42)").ok());
  }
  for (int i = 0; i < 3; ++i) {
    CHECK(refusal(store, &wrong) == ErrorCode::Corrupt);
    CHECK(refusal(store, nullptr) == ErrorCode::Corrupt);
  }
  auto db = open_in(store, &key);
  CHECK(db->query_int("SELECT a FROM t").value() == 42);
  CHECK(db->integrity_check().ok());
}

TEST_CASE("a missing database is NotFound where none may be made") {
  MemoryPageStore store;
  CHECK(refusal(store, nullptr, false) == ErrorCode::NotFound);
  CHECK(store.list().value().empty());
}

TEST_CASE("a database that is open is Locked for everybody else") {
  MemoryPageStore store;
  auto db = open_in(store, nullptr);
  CHECK(refusal(store, nullptr) == ErrorCode::Locked);
}

TEST_CASE("a transaction that is not committed leaves no trace") {
  MemoryPageStore store;
  auto db = open_in(store, nullptr);
  REQUIRE(db->exec("CREATE TABLE t(a)").ok());
  {
    auto change = Transaction::begin(*db);
    REQUIRE(change.ok());
    CHECK_FALSE(db->autocommit());
    REQUIRE(db->exec("INSERT INTO t VALUES(1)").ok());
  }
  CHECK(db->autocommit());
  CHECK(db->query_int("SELECT count(*) FROM t").value() == 0);
  auto change = Transaction::begin(*db);
  REQUIRE(db->exec("INSERT INTO t VALUES(1)").ok());
  REQUIRE(change->commit().ok());
  CHECK(db->autocommit());
  CHECK(db->query_int("SELECT count(*) FROM t").value() == 1);
}

TEST_CASE("a broken rule of the schema is a Conflict and leaves the transaction usable") {
  MemoryPageStore store;
  auto db = open_in(store, nullptr);
  REQUIRE(db->exec("CREATE TABLE t(a INTEGER PRIMARY KEY)").ok());
  REQUIRE(db->run("INSERT INTO t VALUES(?1)", 1).ok());
  CHECK(db->run("INSERT INTO t VALUES(?1)", 1).error().code == ErrorCode::Conflict);
  CHECK(db->run("INSERT INTO t VALUES(?1)", 2).ok());
}

TEST_CASE("the same SQL can run inside itself; statements come back clean") {
  MemoryPageStore store;
  auto db = open_in(store, nullptr);
  REQUIRE(db->exec("CREATE TABLE t(a); INSERT INTO t VALUES(1),(2),(3)").ok());
  constexpr std::string_view kSql = "SELECT a FROM t WHERE a > ?1 ORDER BY a";
  int pairs = 0;
  {
    Statement outer = db->statement(kSql).value();
    outer.bind(1, 0);
    while (outer.step().value()) {
      Statement inner = db->statement(kSql).value();
      inner.bind(1, outer.integer(0));
      while (inner.step().value()) ++pairs;
    }
  }
  CHECK(pairs == 3);
  Statement fresh = db->statement(kSql).value();
  CHECK_FALSE(fresh.step().value());  // ?1 is NULL again, nothing is greater
}

TEST_CASE("a mistake in SQL is Invalid, and a double-quoted string is a mistake") {
  MemoryPageStore store;
  auto db = open_in(store, nullptr);
  CHECK(db->statement("SELEC 1").error().code == ErrorCode::Invalid);
  CHECK(db->statement("").error().code == ErrorCode::Invalid);
  CHECK(db->statement("SELECT \"no such column\"").error().code == ErrorCode::Invalid);
  CHECK(db->exec("ATTACH 'b.db' AS b").error().code == ErrorCode::Invalid);
  CHECK(db->query_int("SELECT 1 WHERE 0").error().code == ErrorCode::NotFound);
}

TEST_CASE("temporary tables and big sorts make no file") {
  MemoryPageStore store;
  auto db = open_in(store, nullptr);
  REQUIRE(db->exec("PRAGMA cache_size=10; CREATE TEMP TABLE t(a, b)").ok());
  REQUIRE(db->exec("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<20000) "
                   "INSERT INTO t SELECT i, hex(randomblob(50)) FROM n")
              .ok());
  REQUIRE(db->query_text("SELECT b FROM t ORDER BY b LIMIT 1").ok());
  const std::vector<std::string> names = store.list().value();
  for (const std::string& name : names) {
    CHECK((name == "a.db" || name == "a.db-wal"));
  }
}

TEST_CASE("after the first failed read, write or flush the connection is stopped for good") {
  using namespace test;
  const PageKey key = some_key();
  for (const unsigned call : {unsigned{kCallRead}, unsigned{kCallWrite}, unsigned{kCallSync}}) {
    CAPTURE(call);
    MemoryPageStore memory;
    FaultyPageStore store(memory);
    int told = 0;
    DatabaseOptions options;
    options.store = &store;
    options.name = "a.db";
    options.key = &key;
    options.on_stop = [&](const Error& cause) {
      ++told;
      CHECK(cause.detail == "injected");
    };
    auto db = Database::open(std::move(options)).value();
    REQUIRE(db->exec("CREATE TABLE t(a); INSERT INTO t VALUES(1)").ok());
    if (call == kCallRead) REQUIRE(db->exec("PRAGMA cache_size=0; PRAGMA shrink_memory").ok());
    REQUIRE_FALSE(db->stopped());

    store.plan({.at = 1, .calls = call});
    const Status failed =
        call == kCallRead ? db->checkpoint() : db->exec("INSERT INTO t VALUES(2)");
    REQUIRE(store.fired() == 1);
    CHECK(failed.error().code == ErrorCode::Io);
    CHECK(db->stopped());
    CHECK(told == 1);
    // The disk works again, the connection must not.
    CHECK(db->exec("SELECT 1").error().code == ErrorCode::Io);
    CHECK(db->query_int("SELECT count(*) FROM t").error().code == ErrorCode::Io);
    CHECK(told == 1);
    db.reset();
    const auto again = open_in(store, &key);
    CHECK(again->query_int("SELECT a FROM t LIMIT 1").value() == 1);
    CHECK(again->integrity_check().ok());
  }
}

TEST_CASE("[T6] reserved log space lets small commits through on a full disk") {
  MemoryPageStore store;
  const PageKey key = some_key();
  auto db = open_in(store, &key);
  REQUIRE(db->exec("CREATE TABLE t(a)").ok());
  REQUIRE(db->reserve_log(1 << 20).ok());
  store.set_quota_bytes(store.used_bytes());
  for (int i = 0; i < 20; ++i) REQUIRE(db->run("INSERT INTO t VALUES(?1)", i).ok());
  db.reset();
  store.set_quota_bytes(MemoryPageStore::kNoQuota);
  db = open_in(store, &key);
  CHECK(db->query_int("SELECT count(*) FROM t").value() == 20);
  store.set_quota_bytes(store.used_bytes());
  CHECK(db->reserve_log(64 << 20).error().code == ErrorCode::StorageFull);
  CHECK_FALSE(db->stopped());
}

TEST_CASE("a statement over its work limit is ended, the connection lives on") {
  MemoryPageStore store;
  auto db = open_in(store, nullptr);
  int calls = 0;
  db->on_progress(1000, [&] { return ++calls > 10; });
  constexpr std::string_view kEndless =
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n) SELECT sum(i) FROM n";
  CHECK(db->query_int(kEndless).error().code == ErrorCode::TooLarge);
  db->on_progress(0, nullptr);
  CHECK(db->query_int("SELECT 7").value() == 7);
}

TEST_CASE("what the authorizer denies is Refused before it runs") {
  MemoryPageStore store;
  auto db = open_in(store, nullptr);
  REQUIRE(db->exec("CREATE TABLE open(a); CREATE TABLE secret(a)").ok());
  db->authorize([](const Database::Access& access) {
    return access.kind == Database::Access::Kind::Select || access.what == "open";
  });
  CHECK(db->statement("SELECT a FROM open").ok());
  CHECK(db->statement("SELECT a FROM secret").error().code == ErrorCode::Refused);
  CHECK(db->statement("DELETE FROM open").error().code == ErrorCode::Refused);
  db->authorize(nullptr);
  CHECK(db->statement("SELECT a FROM secret").ok());
}

TEST_CASE("a backup made while rows arrive is whole, plain and encrypted") {
  const PageKey key = some_key();
  for (const PageKey* with : {static_cast<const PageKey*>(nullptr), &key}) {
    MemoryPageStore store;
    auto db = open_in(store, with);
    auto copy = open_in(store, with, "copy.db");
    REQUIRE(db->exec("CREATE TABLE t(a, b)").ok());
    for (int i = 0; i < 500; ++i) {
      REQUIRE(db->run("INSERT INTO t VALUES(?1, randomblob(300))", i).ok());
    }
    int parts = 0;
    REQUIRE(db->backup_to(*copy, 10, [&] {
                ++parts;
                return db->run("INSERT INTO t VALUES(?1, 'late')", parts).ok();
              }).ok());
    CHECK(parts > 3);
    CHECK(copy->integrity_check().ok());
    CHECK(copy->query_int("SELECT count(*) FROM t").value() >= 500);
    CHECK(db->backup_to(*copy, 1, [] { return false; }).error().code == ErrorCode::Unavailable);
  }
}

TEST_CASE("the log folds into the file and starts anew") {
  MemoryPageStore store;
  auto db = open_in(store, nullptr);
  REQUIRE(db->exec("CREATE TABLE t(a); INSERT INTO t VALUES(randomblob(100000))").ok());
  REQUIRE(db->checkpoint().ok());
  db.reset();
  CHECK(read_file(store, "a.db-wal", 0).ok());  // there, and empty
  CHECK(open_in(store, nullptr)->query_int("SELECT count(*) FROM t").value() == 1);
}

}  // namespace
}  // namespace banyan
