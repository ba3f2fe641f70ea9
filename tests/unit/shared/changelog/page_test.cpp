#include "shared/changelog/page.h"

#include <doctest/doctest.h>

#include "tests/unit/shared/changelog/samples.h"

using namespace banyan;
using namespace banyan::test;

namespace {

Bytes page_bytes(const Page& page) { return encode_page(page, signing_key()).value(); }

}  // namespace

TEST_CASE("a page comes back whole [T28]") {
  CHECK(decode_page(page_bytes(sample_page()), key()).value() == sample_page());
  SeededRandom random(31);
  for (int i = 0; i < 1'000; ++i) {
    const Page page = random_page(random);
    REQUIRE(decode_page(page_bytes(page), key()).value() == page);
  }
}

TEST_CASE("every bit of a page is signed [T29]") {
  const Bytes bytes = page_bytes(sample_page());
  each_damage(bytes, [&](ByteView damaged) { REQUIRE_FALSE(decode_page(damaged, key()).ok()); });
}

TEST_CASE("a page for nothing new is one small message") {
  Page page = sample_page();
  page.aggregates.clear();
  page.outcomes.clear();
  CHECK(page_bytes(page).size() <= 192);
}

TEST_CASE("a fresh row costs little more than its values") {
  Page page = sample_page();
  page.aggregates.clear();
  page.outcomes.clear();
  const std::size_t empty = page_bytes(page).size();
  const auto add = [&](std::int64_t id) {
    Row row;
    row.exists = true;
    row.entity = kCustomer;
    row.id = row.aggregate = RowId{(57LL << 41) + id};
    row.clock.life = row.clock.base = {1, (1'756'684'800'000ULL << 16) + 1, DeviceId{57}};
    row.clock.life_seq = row.clock.base_seq = 100 + static_cast<std::uint64_t>(id);
    row.cells = {{kName, std::string("abcd")}, {kVisits, std::int64_t{id % 50}}};
    page.aggregates.push_back({row.id, PageMode::Changes, {{true, row}}});
  };
  add(1);
  const std::size_t one = page_bytes(page).size();
  add(2);
  const std::size_t two = page_bytes(page).size();
  // 4 letters and a small number; and their length, an id, a shape and a clock.
  CHECK(two - one <= 5 + 9);
  CHECK(one > empty);
}

TEST_CASE("a page that does not keep the rules is not sent") {
  const auto refused = [](auto change) {
    Page page = sample_page();
    change(page);
    return !encode_page(page, signing_key()).ok();
  };
  CHECK_FALSE(refused([](Page&) {}));
  CHECK(refused([](Page& p) { p.aggregates[2].rows = p.aggregates[1].rows; }));  // Drop with rows
  CHECK(refused([](Page& p) { p.aggregates[1].rows[0].row.aggregate = RowId{1}; }));
  CHECK(refused([](Page& p) { p.aggregates[1].rows[0].row.exists = false; }));
  CHECK(refused([](Page& p) { p.aggregates[1].rows[0].row.entity = 0; }));
  CHECK(refused([](Page& p) { p.aggregates[1].rows[0].row.cells[0].value = Value{}; }));
  // A part with a value of a field that is not named as changed.
  CHECK(refused([](Page& p) { p.aggregates[0].rows[0].row.clock.cells.clear(); }));
  CHECK(refused([](Page& p) { p.outcomes[0].info = std::string(kOutcomeInfoMax + 1, 'x'); }));
}

TEST_CASE("more cells than a page may have are refused before they are sent") {
  Page page = sample_page();
  page.aggregates.clear();
  Row row;
  row.exists = true;
  row.entity = kCustomer;
  row.clock.life = row.clock.base = {1, 1, DeviceId{57}};
  row.clock.life_seq = row.clock.base_seq = 1;
  for (std::uint32_t field = 1; field <= 1'024; ++field) {
    row.cells.push_back({field, std::int64_t{0}});
  }
  for (std::int64_t id = 1; id <= 256; ++id) {
    row.id = row.aggregate = RowId{id};
    page.aggregates.push_back({row.id, PageMode::Changes, {{true, row}}});
  }
  CHECK(decode_page(page_bytes(page), key()).ok());  // exactly the limit
  row.id = row.aggregate = RowId{257};
  page.aggregates.push_back({row.id, PageMode::Changes, {{true, row}}});
  CHECK(encode_page(page, signing_key()).error().code == ErrorCode::TooLarge);
}

TEST_CASE("a newer format is told from damage") {
  Bytes bytes = page_bytes(sample_page());
  bytes[3] = 1;
  CHECK(decode_page(bytes, key()).error().code == ErrorCode::Newer);
  bytes[3] = 0;
  bytes[1] = 'X';
  CHECK(decode_page(bytes, key()).error().code == ErrorCode::Corrupt);
}
