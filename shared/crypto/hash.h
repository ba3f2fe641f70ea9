// BLAKE2b-256: content addresses, the commit chain, the audit chain.
//
// Source: RFC 7693; keyed as in its section 2.9.
#pragma once

#include <array>
#include <cstddef>
#include <initializer_list>

#include "shared/base/bytes.h"
#include "shared/crypto/fixed_bytes.h"
#include "shared/crypto/secret.h"

namespace banyan {

using Hash256 = FixedBytes<32, struct Hash256Tag>;
using MacKey = SecretKey<32, struct MacKeyTag>;

Hash256 hash256(ByteView in);

// The hash of the parts one after another: chain = hash256({previous, commit}).
Hash256 hash256(std::initializer_list<ByteView> parts);

// A message authentication code: only a holder of the key can make or check it.
Hash256 keyed_hash256(const MacKey& key, ByteView in);
bool keyed_hash256_matches(const MacKey& key, ByteView in, const Hash256& expected);

// Hashes what arrives in pieces. finish() may be called once.
class Hasher {
 public:
  Hasher();
  explicit Hasher(const MacKey& key);
  ~Hasher();
  Hasher(const Hasher&) = delete;
  Hasher& operator=(const Hasher&) = delete;

  Hasher& update(ByteView in);
  Hash256 finish();

 private:
  alignas(64) std::array<std::uint8_t, 384> state_{};
};

}  // namespace banyan
