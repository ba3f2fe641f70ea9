// Hash chains: what a device wrote, and the order that the server gave it.
//
// Each device's commits form a chain, so one signature over its last hash vouches
// for everything before it, and two devices that share a key (a cloned tablet)
// are found out. The server's order is a chain too, so a server that was restored
// from an old backup is recognised by the cursor of any device.
#pragma once

#include <cstdint>

#include "shared/base/ids.h"
#include "shared/crypto/hash.h"

namespace banyan {

// First bytes of a chain hash, where a full one would only cost bytes: the
// cursor's check of the server's order, and the acknowledgement of a commit.
using OrderHash = FixedBytes<8, struct OrderHashTag>;
using AckHash = FixedBytes<16, struct AckHashTag>;

// The chain of a device after one more commit. An empty chain is Hash256{}.
Hash256 next_chain(const Hash256& previous, ByteView canonical_commit);

// The server's order after one more commit. `chain` is that commit's chain hash.
Hash256 next_order(const Hash256& previous, DeviceId device, std::uint64_t dseq,
                   const Hash256& chain);

OrderHash order_hash(const Hash256& order);
AckHash ack_hash(const Hash256& chain);

}  // namespace banyan
