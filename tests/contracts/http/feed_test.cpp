// What a device gets that follows the feed while many write.
#include <doctest/doctest.h>
#include <signal.h>

#include "tests/contracts/http/followed_feed.h"

namespace banyan::test {
namespace {

TEST_CASE("[T32] eight devices write at once, and who follows the feed misses nothing") {
  const DemoBank bank;
  ServerProcess server(server_program(), bank.data());
  REQUIRE(server.port() != 0);
  const FollowedFeed feed = follow_feed(bank, {server.port()}, feed_time());
  std::printf("%zu customers written, %zu syncs of the reader\n", feed.written, feed.syncs);
  CHECK(feed.failed == 0);
  CHECK(feed.missed == 0);
  CHECK(feed.written >= 8);
  CHECK(feed.syncs >= 2);
}

}  // namespace
}  // namespace banyan::test
