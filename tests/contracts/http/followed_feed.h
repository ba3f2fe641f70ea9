// Devices that write at once, while another one follows the feed by its cursor: what T32 asks of
// one server over SQLite, and of several over one PostgreSQL.
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "tests/contracts/http/demo_bank.h"

namespace banyan::test {

// How long everybody writes: two seconds, or BANYAN_FEED_SECONDS.
std::chrono::seconds feed_time();

struct FollowedFeed {
  std::size_t written = 0;  // new customers, each a commit of its own
  std::size_t syncs = 0;    // of the reader, while all the others wrote
  std::size_t missed = 0;   // of those customers, at the reader and at every writer, in the end
  std::size_t failed = 0;   // writes and syncs
};

// Eight devices of one officer write for `time`, each to one of `ports`; a device of headquarters
// asks a server after the other, page by page, and never starts over.
FollowedFeed follow_feed(const DemoBank& bank, const std::vector<std::uint16_t>& ports,
                         std::chrono::seconds time);

}  // namespace banyan::test
