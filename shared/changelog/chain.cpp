#include "shared/changelog/chain.h"

#include <algorithm>
#include <array>

namespace banyan {
namespace {

template <class Short>
Short beginning_of(const Hash256& hash) {
  Short out;
  std::copy_n(hash.bytes.begin(), Short::kSize, out.bytes.begin());
  return out;
}

}  // namespace

Hash256 next_chain(const Hash256& previous, ByteView canonical_commit) {
  return hash256({previous.view(), canonical_commit});
}

Hash256 next_order(const Hash256& previous, DeviceId device, std::uint64_t dseq,
                   const Hash256& chain) {
  ByteWriter place;
  place.u32(number(device));
  place.u64(dseq);
  return hash256({previous.view(), place.view(), chain.view()});
}

OrderHash order_hash(const Hash256& order) { return beginning_of<OrderHash>(order); }
AckHash ack_hash(const Hash256& chain) { return beginning_of<AckHash>(chain); }

}  // namespace banyan
