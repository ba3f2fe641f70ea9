#include "shared/sync/kept_pages.h"

#include <doctest/doctest.h>

#include "tests/support/sync_pair.h"

namespace banyan::test {
namespace {

// A branch whose customers are those of everybody in it, and tablets that begin.
struct Branch {
  Branch() {
    for (int i = 0; i < 30; ++i) {
      made.push_back(
          pair.create(kCustomer, {cell(kName, "n" + std::to_string(i)), cell(kOwner, pair.officer),
                                  cell(kRisk, std::int64_t{9}), cell(kHome, pair.branch)}));
    }
  }

  std::unique_ptr<TestDevice> enrol(RowId user) {
    auto d = pair.enrol(user);
    sync::Client::Limits limits;
    limits.groups_max = 4;
    limits.adapt = false;
    d->client->set_limits(limits);
    REQUIRE(pair.exchange(*d));  // for a challenge
    return d;
  }

  // One exchange; whether its page had been made for another tablet.
  bool step(TestDevice& d) {
    const auto handled = pair.server->handle(pair.ask(d).value());
    REQUIRE(handled);
    const auto progress = d.client->handle_reply(handled->reply);
    REQUIRE(progress);
    done = progress->complete;
    return handled->kept;
  }
  // To the end of the round; how many of its pages had been made for another tablet.
  int round(TestDevice& d) {
    int kept = 0;
    done = false;
    for (int i = 0; i < 100 && !done; ++i) kept += step(d) ? 1 : 0;
    REQUIRE(done);
    return kept;
  }
  std::string name_at(TestDevice& d, RowId id) {
    return std::string(text_of(d.replica->load(*bank().entity(kCustomer), id)->cell(kName)));
  }
  void rename(RowId id, const char* name) {
    pair.decide(kCustomer, Op::Update, id, {cell(kName, std::string(name))});
  }

  SyncPair pair;
  std::vector<RowId> made;
  bool done = false;
};

}  // namespace

TEST_CASE("a tablet that begins is given the pages of one that began before, and what changed") {
  Branch b;
  auto first = b.enrol(b.pair.officer), second = b.enrol(b.pair.officer);
  CHECK(b.round(*first) == 0);
  b.rename(b.made[3], "later");
  const RowId late =
      b.pair.create(kCustomer, {cell(kName, std::string("late")), cell(kOwner, b.pair.officer)});
  CHECK(b.round(*second) >= 8);
  CHECK(b.name_at(*second, b.made[3]) == "later");
  CHECK(b.name_at(*second, late) == "late");
  b.round(*first);
  for (const RowId id : b.made) {
    const Entity& entity = *bank().entity(kCustomer);
    CHECK(*second->replica->load(entity, id) == *first->replica->load(entity, id));
  }
}

TEST_CASE("a kept page holds nothing that has left the reader's scopes since [I4]") {
  Branch b;
  auto first = b.enrol(b.pair.officer), second = b.enrol(b.pair.officer);
  b.round(*first);
  SUBCASE("before he begins") {}
  SUBCASE("between two of his pages") {
    b.step(*second);
    CHECK(b.step(*second));
  }
  const RowId gone = b.made[29];
  b.pair.decide(kCustomer, Op::Update, gone, {cell(kOwner, b.pair.colleague), cell(kHome, kNoRow)});
  CHECK(b.round(*second) == 0);
  CHECK_FALSE(b.pair.server->kept_bytes() == 0);
  CHECK_FALSE(second->replica->load(*bank().entity(kCustomer), gone)->exists);
}

TEST_CASE("readers of other scopes or with another mask are given pages of their own [I4]") {
  Branch b;
  auto officer = b.enrol(b.pair.officer), analyst = b.enrol(b.pair.analyst);
  auto colleague = b.enrol(b.pair.colleague);
  b.round(*analyst);
  CHECK(b.round(*officer) == 0);
  CHECK(b.round(*colleague) == 0);
  const Row seen = officer->replica->load(*bank().entity(kCustomer), b.made[0]).value();
  CHECK(is_null(seen.cell(kRisk)));  // not for officers
}

TEST_CASE("own work is in what a tablet is told, kept or not [I10]") {
  Branch b;
  auto first = b.enrol(b.pair.officer), second = b.enrol(b.pair.officer);
  b.round(*first);
  b.step(*second);
  CHECK(b.step(*second));
  REQUIRE(second->replica->write(
      {b.made[28],
       0,
       {row_write(kCustomer, Op::Update, b.made[28], {cell(kName, std::string("mine"))})}}));
  CHECK(b.round(*second) == 0);
  CHECK(b.name_at(*second, b.made[28]) == "mine");
  CHECK(second->replica->pending_count() == 0);
}

TEST_CASE("rounds that were not asked for longest go first") {
  const auto body = std::make_shared<const PageBody>(PageBody{Bytes(100, 1), false});
  sync::KeptPages kept(250);
  const sync::PageBounds bounds{1000, 0};
  const auto view = [](const char* role) {
    sync::KeptPages::View out;
    out.role = role;
    return out;
  };
  kept.put(view("a"), 5, 0, {body, 1, 0, bounds});
  kept.put(view("b"), 6, 0, {body, 1, 0, bounds});
  CHECK(kept.find(view("a"), 5, 0, bounds) != nullptr);
  kept.put(view("c"), 7, 0, {body, 1, 0, bounds});
  CHECK(kept.bytes() == 200);
  CHECK(kept.start(view("a")) == 5);
  CHECK(kept.start(view("b")) == 0);
  CHECK(kept.find(view("a"), 4, 0, bounds) == nullptr);    // another round
  CHECK(kept.find(view("a"), 5, 0, {400, 0}) == nullptr);  // too large for a slow tablet
  kept.put(view("a"), 9, 3, {body, 4, 0, bounds});         // not from its beginning
  CHECK(kept.start(view("a")) == 5);
  kept.put(view("a"), 9, 0, {body, 4, 0, bounds});
  CHECK(kept.start(view("a")) == 9);
  CHECK(kept.bytes() == 200);
}

}  // namespace banyan::test
