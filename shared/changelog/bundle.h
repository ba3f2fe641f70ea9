// A bundle: consecutive commits of one device, packed and signed. It is what a
// device sends, what a tablet carries for another, and what waits when it came
// too early.
//
// The signature covers the chain of the canonical commits, not the packing. So
// it can be checked again years later from the log alone (verify_span), and a
// retry may cut its bundles differently.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "shared/changelog/chain.h"
#include "shared/changelog/commit.h"
#include "shared/changelog/limits.h"
#include "shared/crypto/sign.h"

namespace banyan {

// A run of one device's chain, and who vouches for it: what a signature covers.
struct ChainSpan {
  std::uint32_t organisation = 0;
  std::uint32_t catalogue = 0;  // the highest under which one of the commits was made
  DeviceId device{};
  std::uint64_t first = 0;  // the device's own number of the first commit; from 1
  std::uint32_t count = 0;
  Hash256 previous;  // chain before the first commit
  bool operator==(const ChainSpan&) const = default;

  std::uint64_t last() const { return first + count - 1; }
};

Signature sign_span(const SigningKey& key, const ChainSpan& span, const Hash256& last_hash);
bool verify_span(const VerifyKey& key, const ChainSpan& span, const Hash256& last_hash,
                 const Signature& signature);

struct Bundle {
  ChainSpan span;
  Signature signature;
  std::vector<Commit> commits;
  std::vector<Hash256> hashes;  // the chain after each commit

  // The canonical bytes of commit `i`, as the log stores them.
  ByteView canonical(std::size_t i) const;
  Bytes canonical_bytes;
  std::vector<std::uint32_t> ends;
};

// `span.count`, `span.catalogue` are set from the commits. Invalid or TooLarge
// when a commit breaks check_commit() or all of them a limit of limits.h: take
// fewer then.
Result<Bytes> encode_bundle(ChainSpan span, std::span<const Commit> commits, const SigningKey& key);

// The header alone: enough to see whose it is, whether it follows on what the
// log has, and whether this program is new enough. Nothing in it is verified.
// Corrupt, TooLarge, or Newer for a format or algorithm of a later version.
Result<ChainSpan> peek_bundle(ByteView in);

// Unpacks, recomputes the chain and verifies the signature. Corrupt when any of
// it fails; then nothing of the bundle may be used.
Result<Bundle> decode_bundle(ByteView in, const VerifyKey& key);

}  // namespace banyan
