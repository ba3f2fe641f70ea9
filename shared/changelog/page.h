// A page: what the server sends a device so that its rows become the server's.
//
// An aggregate comes as changes since the device's base, or whole, or as the
// order to drop it. Rows carry their clocks, so that the device's later writes
// merge exactly as they will on the server. FORMAT.md has the bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "shared/changelog/chain.h"
#include "shared/changelog/limits.h"
#include "shared/changelog/merge.h"
#include "shared/changelog/page_row.h"
#include "shared/crypto/sign.h"

namespace banyan {

// How one operation of the device's own commits ended at the server. What ended
// Ok is not listed.
struct OutcomeRecord {
  std::uint64_t dseq = 0;   // which commit
  std::uint32_t op = 0;     // which of its rows, from 0
  std::uint32_t field = 0;  // 0: the row operation itself
  Outcome outcome{};
  std::string info;  // for people and the desk; at most kOutcomeInfoMax bytes
  bool operator==(const OutcomeRecord&) const = default;
};

enum class PageMode : std::uint8_t {
  Changes = 0,  // rows changed since the device's base
  Whole = 1,    // forget the aggregate, then take these rows
  Drop = 2,     // no longer this user's: forget it once nothing of it is pending
  Rest = 3,     // goes on where the page before was cut
};

struct PageAggregate {
  RowId id{};
  PageMode mode{};
  std::vector<RowChange> rows;  // none with Drop
  bool operator==(const PageAggregate&) const = default;
};

// A place between two rows of one aggregate that is larger than a page. Nothing of it counts
// until its last part is there.
struct PagePlace {
  RowId aggregate{};
  std::uint64_t key = 0;  // of its place in the feed: another one when it changed meanwhile
  std::uint32_t entity = 0;
  RowId row{};  // the last one sent
  bool operator==(const PagePlace&) const = default;
};

void put_place(const std::optional<PagePlace>& place, ByteWriter& out);
std::optional<PagePlace> get_place(ByteReader& in);

// Identifies the scopes and the mask of fields that the page was made for.
using ScopeHash = FixedBytes<16, struct ScopeHashTag>;

struct Page {
  std::uint32_t organisation = 0;
  std::uint32_t catalogue = 0;  // under which its rows were made
  DeviceId device{};            // for whom
  ScopeHash scopes;
  std::uint32_t epoch = 0;
  std::uint64_t from = 0;  // the device's position before
  std::uint64_t base = 0;  // rows changed after this one are in the round
  std::uint64_t pos = 0;   // position after this page
  OrderHash pos_hash;      // of the server's order at `pos`
  std::uint64_t horizon = 0;
  std::int64_t now_ms = 0;   // the server's clock
  std::uint64_t stable = 0;  // newest sequence that a verified backup holds
  bool complete = false;     // the round ends here: base moves to pos
  bool reset = false;        // the server does not know the device's position: start over
  std::uint64_t acked = 0;   // the device's newest commit in the log, in this snapshot
  AckHash acked_hash;
  std::optional<PagePlace> resume;  // the next page goes on after it, inside the last aggregate
  std::vector<OutcomeRecord> outcomes;
  std::vector<PageAggregate> aggregates;
  bool operator==(const Page&) const = default;
};

// What of a page is the same for every reader with the same scopes: its aggregates, its outcomes,
// and where it goes on.
struct PageBody {
  Bytes bytes;
  bool zstd = false;
};

// Invalid or TooLarge when a limit is broken: cut the page shorter.
Result<PageBody> encode_page_body(const Page& page);
Status decode_page_body(ByteView bytes, bool zstd, Page& page);

// Signed with the organisation's key over every byte.
Bytes encode_page(const Page& header, const PageBody& body, const SigningKey& key);
Result<Bytes> encode_page(const Page& page, const SigningKey& key);

// Corrupt unless the signature and every byte are right; Newer for a format or
// algorithm of a later version.
Result<Page> decode_page(ByteView in, const VerifyKey& key);

}  // namespace banyan
