#include "shared/sync/feed.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "tests/support/sync_pair.h"

namespace banyan::test {
namespace {

struct OnePage {
  std::vector<RowId> aggregates;
  sync::Progress progress;
};

std::unique_ptr<TestDevice> slow_device(SyncPair& pair) {
  auto d = pair.enrol(pair.officer);
  pair.page_by_page(*d);
  REQUIRE(pair.exchange(*d));  // for a challenge
  return d;
}

OnePage next_page(SyncPair& pair, TestDevice& d) {
  const Bytes reply = pair.serve(pair.ask(d).value()).value();
  const auto decoded = sync::decode_reply(reply, pair.organisation_key());
  REQUIRE(decoded);
  OnePage out;
  const auto page = decode_page(decoded->page, pair.organisation_key());
  REQUIRE(page);
  for (const PageAggregate& a : page->aggregates) out.aggregates.push_back(a.id);
  auto progress = d.client->handle_reply(reply);
  REQUIRE(progress);
  out.progress = *progress;
  return out;
}

std::vector<RowId> rest_of_round(SyncPair& pair, TestDevice& d) {
  std::vector<RowId> ids;
  while (true) {
    const OnePage page = next_page(pair, d);
    ids.insert(ids.end(), page.aggregates.begin(), page.aggregates.end());
    if (page.progress.complete) return ids;
  }
}

std::vector<RowId> customers(SyncPair& pair, int count) {
  std::vector<RowId> ids;
  for (int i = 0; i < count; ++i) {
    ids.push_back(
        pair.create(kCustomer, {cell(kName, "n" + std::to_string(i)), cell(kOwner, pair.officer)}));
  }
  return ids;
}

void rename(SyncPair& pair, RowId customer, const char* name) {
  pair.decide(kCustomer, Op::Update, customer, {cell(kName, std::string(name))});
}

std::string name_at(TestDevice& d, RowId customer) {
  return std::string(text_of(d.replica->load(*bank().entity(kCustomer), customer)->cell(kName)));
}

}  // namespace

TEST_CASE("a first round comes in the order of ids, after what changed last") {
  SyncPair pair;
  const auto made = customers(pair, 5);
  for (const std::size_t i : {3U, 0U, 4U, 1U}) rename(pair, made[i], "later");
  // Of the branch, not of the officer's own: farther away, though it changed last.
  pair.create(kCustomer, {cell(kName, std::string("far")), cell(kHome, pair.branch)});
  auto d = slow_device(pair);
  const OnePage first = next_page(pair, *d);
  CHECK(first.aggregates == std::vector<RowId>{made[1]});
  CHECK(name_at(*d, made[1]) == "later");  // of use while the rest comes
  const auto came = rest_of_round(pair, *d);
  CHECK(std::is_sorted(came.begin(), came.end()));
  for (const RowId id : made) CHECK(std::count(came.begin(), came.end(), id) == 1);
}

TEST_CASE("a small first round needs no page for what changed last") {
  SyncPair pair;
  const auto made = customers(pair, 20);
  auto d = pair.enrol(pair.officer);
  REQUIRE(pair.exchange(*d));
  CHECK(next_page(pair, *d).progress.complete);
}

TEST_CASE("a later round comes in the order of ids too, and only what changed") {
  SyncPair pair;
  const auto made = customers(pair, 5);
  auto d = slow_device(pair);
  rest_of_round(pair, *d);
  for (const std::size_t i : {4U, 0U, 2U}) rename(pair, made[i], "later");
  CHECK(rest_of_round(pair, *d) == std::vector<RowId>{made[0], made[2], made[4]});
}

TEST_CASE("what changes while a round runs comes again, or at all, before it ends") {
  SyncPair pair;
  const auto made = customers(pair, 4);
  auto d = slow_device(pair);
  while (name_at(*d, made[1]).empty()) next_page(pair, *d);
  rename(pair, made[0], "had come");
  rename(pair, made[3], "had not");
  const RowId late =
      pair.create(kCustomer, {cell(kName, std::string("late")), cell(kOwner, pair.officer)});
  const auto came = rest_of_round(pair, *d);
  CHECK(name_at(*d, made[0]) == "had come");
  CHECK(name_at(*d, made[3]) == "had not");
  CHECK(name_at(*d, late) == "late");
  CHECK(std::count(came.begin(), came.end(), made[3]) == 1);  // at its later place only
}

TEST_CASE("a customer who leaves in the middle of a round is gone at its end") {
  SyncPair pair;
  const auto made = customers(pair, 4);
  auto d = slow_device(pair);
  while (name_at(*d, made[1]).empty()) next_page(pair, *d);
  for (const std::size_t i : {0U, 3U}) {
    pair.decide(kCustomer, Op::Update, made[i], {cell(kOwner, pair.colleague)});
  }
  rest_of_round(pair, *d);
  CHECK(name_at(*d, made[0]).empty());
  CHECK(name_at(*d, made[3]).empty());
  CHECK(name_at(*d, made[2]) == "n2");
}

TEST_CASE("a round says how much it has yet to bring, after a restart too") {
  SyncPair pair;
  customers(pair, 6);
  auto d = slow_device(pair);
  std::uint64_t before = next_page(pair, *d).progress.left;
  CHECK(before >= 6);
  for (int i = 0; i < 3; ++i) {
    const std::uint64_t left = next_page(pair, *d).progress.left;
    CHECK(left == before - 1);
    before = left;
  }
  pair.reopen(*d);
  CHECK(d->replica->state()->left == before);
  const auto last = pair.sync(*d);
  REQUIRE(last);
  CHECK(last->left == 0);
}

}  // namespace banyan::test
