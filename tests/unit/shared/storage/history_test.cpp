// What a person is told of a record's changes, and what not.
#include <doctest/doctest.h>

#include "tests/support/sync_pair.h"

namespace banyan::test {
namespace {

RowWrite new_value(RowId row, std::uint32_t field, Value value) {
  return row_write(kCustomer, Op::Update, row, {cell(field, std::move(value))});
}

void write(SyncPair& b, TestDevice& device, const RowWrite& row) {
  Draft draft;
  draft.aggregate = row.row;
  draft.rows = {row};
  REQUIRE(device.replica->write(draft).ok());
  REQUIRE(b.sync(device).ok());
}

TEST_CASE("the history names every change with author, device and time, and passes over others") {
  SyncPair b;
  const auto one = b.enrol(b.officer), two = b.enrol(b.analyst);
  REQUIRE(b.sync(*one).ok());
  REQUIRE(b.sync(*two).ok());
  write(b, *one, new_value(b.customer, kPhone, std::string("2")));
  b.create(kCustomer, {cell(kName, std::string("Wu")), cell(kOwner, b.officer)});
  REQUIRE(b.sync(*two).ok());
  write(b, *two, new_value(b.customer, kPhone, std::string("3")));
  const auto history = b.store->history(b.officer, b.customer, 0, 50);
  REQUIRE(history.ok());
  CHECK(history->aggregate == b.customer);
  CHECK(history->next == 0);
  REQUIRE(history->entries.size() == 3);
  const auto& [newest, before, created] =
      std::tie(history->entries[0], history->entries[1], history->entries[2]);
  CHECK(newest.device == two->id);
  CHECK(newest.commit.user == static_cast<std::uint64_t>(number(b.analyst)));
  CHECK(newest.commit.rows[0].cells[0].value == Value(std::string("3")));
  CHECK(before.device == one->id);
  CHECK(before.received_ms > 0);
  CHECK(before.commit.rows[0].cells[0].value == Value(std::string("2")));
  CHECK(created.commit.rows[0].op == Op::Insert);
}

TEST_CASE("the history hides fields of other classes, records of others, and what was refused") {
  SyncPair b;
  const auto officer = b.enrol(b.officer), analyst = b.enrol(b.analyst);
  REQUIRE(b.sync(*officer).ok());
  REQUIRE(b.sync(*analyst).ok());
  write(b, *analyst, new_value(b.customer, kRisk, std::int64_t{9}));
  const auto all = b.store->history(b.analyst, b.customer, 0, 50);
  const auto seen = b.store->history(b.officer, b.customer, 0, 50);
  REQUIRE((all.ok() && seen.ok()));
  CHECK(all->entries.size() == 2);
  REQUIRE(seen->entries.size() == 1);  // the risk alone was changed
  for (const CellWrite& each : seen->entries[0].commit.rows[0].cells) CHECK(each.field != kRisk);
  bool told = false;
  for (const CellWrite& each : all->entries[1].commit.rows[0].cells) told |= each.field == kRisk;
  CHECK(told);

  const auto code = [&](RowId user, RowId aggregate, std::uint64_t at) {
    const auto found = b.store->history(user, aggregate, at, 50);
    return found.ok() ? ErrorCode{} : found.error().code;
  };
  CHECK(code(b.colleague, b.customer, 0) == ErrorCode::NotFound);
  CHECK(code(b.officer, RowId{12345}, 0) == ErrorCode::NotFound);
  // What is asked for below any place in the log is of this record alone.
  const RowId strange =
      b.create(kCustomer, {cell(kName, std::string("Wu")), cell(kOwner, b.colleague)});
  CHECK(b.store->history(b.colleague, strange, 0, 50)->entries.size() == 1);
  const auto below = b.store->history(b.officer, b.customer, b.store->head() + 7, 50);
  REQUIRE(below.ok());
  for (const auto& entry : below->entries) CHECK(entry.commit.aggregate == b.customer);
}

TEST_CASE("the history has what lost to a later write, and its pages are whole") {
  SyncPair b;
  const auto one = b.enrol(b.officer), two = b.enrol(b.analyst);
  REQUIRE(b.sync(*one).ok());
  REQUIRE(b.sync(*two).ok());
  Draft early, late;
  early.aggregate = late.aggregate = b.customer;
  early.rows = {new_value(b.customer, kName, std::string("early"))};
  late.rows = {new_value(b.customer, kName, std::string("late"))};
  REQUIRE(one->replica->write(early).ok());
  b.clock.advance_ms(60'000);
  REQUIRE(two->replica->write(late).ok());
  REQUIRE(b.sync(*two).ok());
  REQUIRE(b.sync(*one).ok());  // arrives last, was written first
  std::vector<std::string> names;
  std::uint64_t before = 0;
  do {
    const auto page = b.store->history(b.officer, b.customer, before, 1);
    REQUIRE(page.ok());
    REQUIRE(page->entries.size() <= 1);
    CHECK(page->before == before);
    for (const auto& entry : page->entries) {
      for (const CellWrite& each : entry.commit.rows[0].cells) {
        if (each.field == kName) names.push_back(text_of(each.value));
      }
    }
    before = page->next;
  } while (before != 0);
  REQUIRE(names.size() == 3);
  CHECK(names[0] == "early");
  CHECK(names[1] == "late");
}

TEST_CASE("a file of an earlier program is brought up to date, and says whose change each is") {
  SyncPair b;
  const auto before = b.store->history(b.officer, b.customer, 0, 50);
  REQUIRE(before.ok());
  b.server.reset();
  b.store.reset();
  REQUIRE(b.server_db->exec("DROP INDEX log_agg; ALTER TABLE log DROP COLUMN agg").ok());
  b.open_server();
  const auto after = b.store->history(b.officer, b.customer, 0, 50);
  REQUIRE(after.ok());
  CHECK(*after == *before);
  CHECK(b.store->verify_log().ok());
  REQUIRE(b.server_db->exec("UPDATE log SET agg=agg+1 WHERE seq=3").ok());
  CHECK(b.store->verify_log().error().code == ErrorCode::Corrupt);
}

TEST_CASE("a history is its organisation's, whole, and nobody else's") {
  SyncPair b;
  const auto history = b.store->history(b.analyst, b.customer, 0, 50);
  REQUIRE(history.ok());
  SeededRandom random(1), others(77);
  const SigningKey organisation = SigningKey::generate(random);
  const SigningKey stranger = SigningKey::generate(others);
  const Bytes bytes = sync::encode_history(*history, organisation);
  const auto back = sync::decode_history(bytes, organisation.verify_key());
  REQUIRE(back.ok());
  CHECK(*back == *history);
  CHECK(sync::decode_history(bytes, stranger.verify_key()).error().code == ErrorCode::Refused);
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    CHECK_FALSE(sync::decode_history(ByteView(bytes).first(at), organisation.verify_key()).ok());
    Bytes changed = bytes;
    changed[at] ^= 1;
    CHECK_FALSE(sync::decode_history(changed, organisation.verify_key()).ok());
  }
}

}  // namespace
}  // namespace banyan::test
