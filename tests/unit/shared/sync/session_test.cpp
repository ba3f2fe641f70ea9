#include <doctest/doctest.h>

#include "shared/changelog/bundle.h"
#include "shared/changelog/codec.h"
#include "shared/sync/client.h"
#include "shared/sync/server.h"
#include "tests/support/sync_pair.h"

namespace banyan::test {
namespace {

Draft update(RowId customer, std::vector<CellWrite> cells) {
  return {customer, 0, {row_write(kCustomer, Op::Update, customer, std::move(cells))}};
}

std::int64_t server_count(SyncPair& pair) {
  return int_of(pair.store->load(*bank().entity(kCustomer), pair.customer)->cell(kCount));
}

}  // namespace

TEST_CASE("one round trip is enough once there is a challenge") {
  SyncPair pair;
  auto d = pair.enrol(pair.officer);
  const auto first = pair.exchange(*d);
  REQUIRE(first);
  CHECK(first->more);  // only a challenge came back
  REQUIRE(pair.sync(*d));
  REQUIRE(d->replica->write(update(pair.customer, {cell(kCount, std::int64_t{1})})));
  const auto progress = pair.exchange(*d);
  REQUIRE(progress);
  CHECK(progress->complete);
  CHECK(!progress->more);
  CHECK(d->replica->pending_count() == 0);
}

TEST_CASE("nothing new costs one small message each way") {
  SyncPair pair;
  auto d = pair.enrol(pair.officer);
  REQUIRE(pair.sync(*d));
  const Bytes request = pair.ask(*d).value();
  const Bytes reply = pair.serve(request).value();
  CHECK(request.size() < 300);
  CHECK(reply.size() < 400);
  REQUIRE(d->client->handle_reply(reply));
}

TEST_CASE("a request that arrives twice is done once [I5]") {
  SyncPair pair;
  auto d = pair.enrol(pair.officer);
  REQUIRE(pair.sync(*d));
  REQUIRE(d->replica->write(update(pair.customer, {cell(kCount, std::int64_t{2})})));
  const Bytes request = pair.ask(*d).value();
  REQUIRE(pair.serve(request));
  REQUIRE(pair.serve(request));
  CHECK(server_count(pair) == 2);
  REQUIRE(pair.sync(*d));  // the replies were lost
  CHECK(server_count(pair) == 2);
  CHECK(d->replica->pending_count() == 0);
}

TEST_CASE("a reply to another request is dropped, whatever it says") {
  SyncPair pair;
  auto d = pair.enrol(pair.officer);
  REQUIRE(pair.sync(*d));
  const Bytes old_reply = pair.serve(pair.ask(*d).value()).value();
  REQUIRE(pair.ask(*d));
  const auto taken = d->client->handle_reply(old_reply);
  REQUIRE(!taken);
  CHECK(taken.error().code == ErrorCode::Conflict);
}

TEST_CASE("a reply or a request with one flipped bit is refused") {
  SyncPair pair;
  auto d = pair.enrol(pair.officer);
  REQUIRE(pair.sync(*d));
  const Bytes request = pair.ask(*d).value();
  const Bytes reply = pair.serve(request).value();
  for (std::size_t at = 0; at < reply.size(); at += 7) {
    Bytes bad = reply;
    bad[at] ^= 4;
    CHECK(!d->client->handle_reply(bad));
  }
  const std::uint64_t head = pair.store->head();
  for (std::size_t at = 0; at < request.size(); at += 5) {
    Bytes bad = request;
    bad[at] ^= 4;
    const auto handled = pair.server->handle(bad);
    REQUIRE(handled);
    CHECK(handled->status != sync::ReplyStatus::Ok);
  }
  CHECK(pair.store->head() == head);
}

TEST_CASE("an expired challenge does nothing but bring a new one") {
  SyncPair pair;
  auto d = pair.enrol(pair.officer);
  REQUIRE(pair.sync(*d));
  REQUIRE(d->replica->write(update(pair.customer, {cell(kCount, std::int64_t{1})})));
  const Bytes request = pair.ask(*d).value();
  pair.clock.advance_ms(sync::kChallengeLifeMs + 1);
  const auto progress = d->client->handle_reply(pair.serve(request).value());
  REQUIRE(progress);
  CHECK(progress->more);
  CHECK(server_count(pair) == 0);
  REQUIRE(pair.sync(*d));
  CHECK(server_count(pair) == 1);
}

TEST_CASE("an unknown and a retired device are told so") {
  SyncPair pair;
  auto backup = copy_of(*pair.server_db);
  auto d = pair.enrol(pair.officer);
  REQUIRE(pair.sync(*d));
  REQUIRE(d->replica->write(update(pair.customer, {cell(kCount, std::int64_t{1})})));
  REQUIRE(pair.store->retire(d->id));
  const auto retired = pair.exchange(*d);
  REQUIRE(retired);
  CHECK(retired->retired);
  CHECK(server_count(pair) == 0);
  REQUIRE(pair.store->parked()->size() == 1);
  CHECK(pair.store->parked()->front().reason == sync::ParkReason::RetiredDevice);
  pair.restore(*backup);
  const auto unknown = pair.exchange(*d);
  REQUIRE(unknown);
  CHECK(unknown->unknown_device);
  CHECK(d->replica->pending_count() == 1);
}

TEST_CASE("a bundle that comes too early waits for the one before it") {
  SyncPair pair;
  auto d = pair.enrol(pair.officer);
  REQUIRE(pair.sync(*d));
  std::vector<Bytes> bundles;
  Hash256 previous;
  for (std::uint64_t n = 1; n <= 3; ++n) {
    REQUIRE(d->replica->write(update(pair.customer, {cell(kCount, std::int64_t{1})})));
    const auto own = d->replica->own_after(n - 1, 1).value();
    ChainSpan span;
    span.organisation = SyncPair::kOrganisation;
    span.device = d->id;
    span.first = n;
    span.previous = previous;
    const Commit commit = decode_commit(own.front().body).value();
    bundles.push_back(encode_bundle(span, std::span(&commit, 1), d->key).value());
    previous = own.front().hash;
  }
  sync::Server::Handled handled;
  CHECK(pair.server->push(bundles[2], handled)->status == sync::PushStatus::Parked);
  CHECK(pair.server->push(bundles[1], handled)->status == sync::PushStatus::Parked);
  CHECK(server_count(pair) == 0);
  CHECK(pair.server->push(bundles[0], handled)->status == sync::PushStatus::Ok);
  CHECK(server_count(pair) == 3);
  CHECK(pair.store->parked()->empty());
  CHECK(handled.appended == 3);
}

TEST_CASE("a wrong clock blocks no write, wins nothing it has not seen, and is noticed [I15]") {
  SyncPair pair;
  auto d = pair.enrol(pair.officer);
  auto b = pair.enrol(pair.analyst);
  REQUIRE(pair.sync(*d));
  REQUIRE(pair.sync(*b));
  pair.clock.advance_ms(3650LL * 86'400'000);
  REQUIRE(d->replica->write(update(pair.customer, {cell(kName, std::string("future"))})));
  pair.clock.advance_ms(-3650LL * 86'400'000);
  REQUIRE(pair.sync(*d));
  CHECK((d->replica->outcomes(true, 5)->front().flags & sync::kSuspect) != 0);
  REQUIRE(pair.sync(*b));
  REQUIRE(b->replica->write(update(pair.customer, {cell(kName, std::string("now"))})));
  REQUIRE(pair.sync(*b));
  CHECK(text_of(pair.store->load(*bank().entity(kCustomer), pair.customer)->cell(kName)) == "now");
}

TEST_CASE("outcomes of a commit survive their encoding, and Ok takes no bytes") {
  CHECK(sync::encode_outcome({}).empty());
  sync::CommitOutcome outcome;
  outcome.dseq = 5;
  outcome.flags = sync::kLate;
  outcome.ops = {{0, 3, Outcome::Lost}, {2, 0, Outcome::NoAccess}};
  const Bytes bytes = sync::encode_outcome(outcome);
  CHECK(sync::decode_outcome(5, bytes).value() == outcome);
  CHECK(!sync::decode_outcome(5, ByteView(bytes).first(bytes.size() - 1)));
}

}  // namespace banyan::test
