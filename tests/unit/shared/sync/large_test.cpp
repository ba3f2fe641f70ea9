// Aggregates that are larger than a page.
#include <doctest/doctest.h>

#include "tests/support/sync_pair.h"

namespace banyan::test {
namespace {

constexpr int kVisits = 700;
constexpr std::size_t kTextSize = 30'000;  // 20 MiB in all

// A customer with more visits than a page can hold.
struct LargeCustomer {
  LargeCustomer() : device(pair.enrol(pair.officer)) {
    for (int i = 0; i < kVisits; ++i) {
      // Not to be packed into nothing.
      std::string text(kTextSize, ' ');
      for (char& c : text) c = static_cast<char>('a' + random.below(26));
      visits.push_back(pair.store->mint(kServerDevice));
      pair.decide_in(pair.customer, kVisit, Op::Fact, visits.back(), {cell(kText, text)});
    }
  }

  // One exchange; how many bytes came.
  std::size_t step() {
    const Bytes reply = pair.serve(pair.ask(*device).value()).value();
    const auto progress = device->client->handle_reply(reply);
    REQUIRE(progress);
    done = progress->complete;
    return reply.size();
  }
  std::int64_t count(const char* table) {
    return device->db->query_int("SELECT count(*) FROM " + std::string(table)).value();
  }
  std::string name() {
    const Row row = device->replica->load(*bank().entity(kCustomer), pair.customer).value();
    return std::string(text_of(row.cell(kName)));
  }
  // Until the customer is on its way and only a part of it is here.
  void until_cut() {
    for (int i = 0; i < 20 && count("part") < 3; ++i) step();
    REQUIRE(count("part") == 3);
  }
  void to_the_end() {
    done = false;
    for (int i = 0; i < 100 && !done; ++i) step();
    REQUIRE(done);
    CHECK(count("part") == 0);
    CHECK_FALSE(device->replica->state()->cursor.resume);
    for (const RowId id : visits) {
      const Entity& entity = *bank().entity(kVisit);
      CHECK(*device->replica->load(entity, id) == *pair.store->load(entity, id));
    }
  }

  SyncPair pair;
  SeededRandom random{5};
  std::unique_ptr<TestDevice> device;
  std::vector<RowId> visits;
  bool done = false;
};

}  // namespace

TEST_CASE(
    "a customer with 20 MiB of visits comes in parts, and is shown with the last [I14] [I15]") {
  LargeCustomer large;
  std::size_t largest = 0;
  int steps = 0;
  while (!large.done && ++steps < 100) {
    const std::int64_t shown = large.count("visit");
    CHECK((shown == 0 || shown == kVisits));
    CHECK(large.name().empty() == (shown == 0));
    largest = std::max(largest, large.step());
    if (steps == 7) large.pair.reopen(*large.device);  // the tablet starts anew
  }
  REQUIRE(large.done);
  CHECK(steps > 10);
  CHECK(largest < 3U << 20);
  CHECK(large.count("visit") == kVisits);
  large.to_the_end();
}

TEST_CASE("a large customer who changes between two parts comes again from the beginning") {
  LargeCustomer large;
  large.until_cut();
  large.pair.decide(kCustomer, Op::Update, large.pair.customer,
                    {cell(kName, std::string("Lin Mei"))});
  large.to_the_end();
  CHECK(large.name() == "Lin Mei");
}

TEST_CASE("a large customer who leaves between two parts is never shown") {
  LargeCustomer large;
  large.until_cut();
  large.pair.decide(kCustomer, Op::Update, large.pair.customer,
                    {cell(kOwner, large.pair.colleague), cell(kHome, kNoRow)});
  large.visits.clear();
  large.to_the_end();
  CHECK(large.count("visit") == 0);
  CHECK(large.name().empty());
}

TEST_CASE("what one has is replaced by a large customer's parts at once, own work stays over it") {
  LargeCustomer large;
  large.to_the_end();
  const auto give = [&](RowId owner) {
    large.pair.decide(kCustomer, Op::Update, large.pair.customer,
                      {cell(kOwner, owner), cell(kHome, kNoRow)});
  };
  REQUIRE(large.device->replica->write({large.pair.customer,
                                        0,
                                        {row_write(kCustomer, Op::Update, large.pair.customer,
                                                   {cell(kNote, std::string("on the way"))})}}));
  give(large.pair.colleague);
  give(large.pair.officer);  // regained: comes whole
  large.until_cut();
  CHECK(large.count("visit") == kVisits);  // as before
  large.to_the_end();
  const Row row =
      large.device->replica->load(*bank().entity(kCustomer), large.pair.customer).value();
  CHECK(text_of(row.cell(kNote)) == "on the way");
}

TEST_CASE("the rest of an aggregate that did not begin is refused") {
  SyncPair pair;
  auto d = pair.enrol(pair.officer);
  REQUIRE(pair.sync(*d));
  const sync::Cursor cursor = d->replica->state()->cursor;
  Page page;
  page.organisation = SyncPair::kOrganisation;
  page.device = d->id;
  page.epoch = cursor.epoch;
  page.from = page.pos = cursor.pos;
  page.base = cursor.base;
  page.aggregates = {{pair.customer, PageMode::Rest, {}}};
  CHECK(d->replica->apply(page, {}).error().code == ErrorCode::Corrupt);
  page.aggregates = {{pair.customer, PageMode::Drop, {}}};
  page.resume = PagePlace{pair.customer, cursor.pos, kVisit, RowId{1}};
  CHECK(d->replica->apply(page, {}).error().code == ErrorCode::Corrupt);
}

}  // namespace banyan::test
