#pragma once

#include <optional>
#include <span>

#include "shared/changelog/bundle.h"
#include "tests/support/sync_pair.h"

namespace banyan::test {

// A device that has no replica: writes commits one after the other, as they come out of
// decode_bundle(). Each has seen the newest sequence of the store.
class BundleMaker {
 public:
  BundleMaker(SyncPair& bank, TestDevice& d) : bank_(bank), d_(d) {}

  // What the device writes next.
  Bundle make(std::span<const Draft> drafts);
  Bundle make(const Draft& draft) { return make(std::span(&draft, 1)); }
  // The packed form of the bundle made last.
  const Bytes& packed() const { return packed_; }
  // Commits after this one have seen only so much.
  void has_seen(std::uint64_t seq) { seen_ = seq; }

 private:
  SyncPair& bank_;
  TestDevice& d_;
  std::uint64_t next_ = 1;
  Hash256 chain_;
  std::optional<std::uint64_t> seen_;
  Bytes packed_;
};

}  // namespace banyan::test
