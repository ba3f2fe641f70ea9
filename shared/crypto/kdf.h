// Keys from passphrases (slow, on purpose) and keys from keys (fast).
#pragma once

#include <cstdint>
#include <string_view>

#include "shared/base/result.h"
#include "shared/crypto/fixed_bytes.h"
#include "shared/crypto/hash.h"
#include "shared/crypto/secret.h"
#include "shared/platform/clock.h"

namespace banyan {

using KdfSalt = FixedBytes<16, struct KdfSaltTag>;
using PassphraseKey = SecretKey<32, struct PassphraseKeyTag>;

// The cost of one guess. Stored beside what the key protects, and authenticated
// there, so that nobody can lower it.
struct KdfCost {
  std::uint32_t memory_kib = 0;
  std::uint32_t passes = 0;
  auto operator<=>(const KdfCost&) const = default;
};

// Less than the floor is refused; more than the ceiling is a hostile record
// that would hang the tablet.
inline constexpr KdfCost kKdfFloor{64 * 1024, 3};
inline constexpr KdfCost kKdfStrong{128 * 1024, 3};
inline constexpr KdfCost kKdfCeiling{1024 * 1024, 16};
inline constexpr std::int64_t kKdfTimeMsMax = 1000;

bool acceptable(const KdfCost& cost);

// Argon2id (RFC 9106), one lane. Refused when `cost` is outside the limits;
// Unavailable when the memory cannot be had: it never tries with less.
Result<PassphraseKey> stretch_passphrase(const SecretBytes& passphrase, const KdfSalt& salt,
                                         const KdfCost& cost);

// Measures this machine: kKdfStrong when it takes at most kKdfTimeMsMax here,
// kKdfFloor otherwise, whatever that takes.
Result<KdfCost> calibrate_kdf(const Clock& clock);

// A key for one purpose: BLAKE2b-256 of `context` (such as "page/1"), keyed
// with `parent`. Knowing one child tells nothing about parent or siblings.
template <class Child, class Tag>
Child derive_key(const SecretKey<32, Tag>& parent, std::string_view context);

// What derive_key does, without the types.
void derive_key_bytes(ByteView parent, std::string_view context, std::span<std::uint8_t> out);

template <class Child, class Tag>
Child derive_key(const SecretKey<32, Tag>& parent, std::string_view context) {
  static_assert(Child::kSize >= 16 && Child::kSize <= 64, "BLAKE2b makes 16 to 64 bytes");
  Child child;
  derive_key_bytes(parent.view(), context, child.bytes());
  return child;
}

}  // namespace banyan
