// One slot of a keyring: the data key, wrapped under everything a person must
// know or hold, bound to whose it is. The format is KEYRING.md's.
#pragma once

#include <cstdint>

#include "shared/base/bytes.h"
#include "shared/crypto/aead.h"
#include "shared/crypto/kdf.h"

namespace banyan {

using DataKey = SecretKey<32, struct DataKeyTag>;  // the root of all keys of one database
using WrapKey = SecretKey<32, struct WrapKeyTag>;  // the key encryption key (KEK)
using DatabaseId = FixedBytes<16, struct DatabaseIdTag>;

// Whose keyring it is and until when. Readable without a key, but trusted only
// after unlocking: every field is authenticated with the wrapped key.
struct KeyringFacts {
  std::uint32_t organisation = 0;
  std::uint32_t device = 0;
  std::uint64_t user = 0;
  DatabaseId database;
  std::uint32_t data_key_version = 1;
  std::int64_t lease_end_ms = 0;  // milliseconds since 1970-01-01T00:00:00Z; may lock, never erase
  bool operator==(const KeyringFacts&) const = default;
};

// Which keys, besides the passphrase's, went into the wrapping key.
enum KeyringFactor : std::uint8_t {
  kFactorDevice = 1,  // WebAuthn PRF
  kFactorServer = 2,  // released by the server after login
};
inline constexpr std::uint8_t kFactorMask = kFactorDevice | kFactorServer;

struct KeyringRecord {
  static constexpr std::size_t kSize = 172;
  static constexpr std::uint8_t kVersion = 0;
  static constexpr std::uint8_t kAlgorithm = 1;  // Argon2id, BLAKE2b, XChaCha20-Poly1305

  KeyringFacts facts;
  std::uint8_t factors = 0;
  std::uint64_t generation = 0;  // the greater one of two slots is the newer
  KdfCost cost;
  KdfSalt salt;
  AeadNonce nonce;
  FixedBytes<DataKey::kSize + kAeadTagSize, struct WrappedKeyTag> wrapped;

  bool operator==(const KeyringRecord&) const = default;

  // The exact bytes of a slot, its checksum included.
  Bytes encode() const;
  // Corrupt on a wrong length, magic, checksum or flag; Newer on a version or
  // an algorithm that this program does not know.
  static Result<KeyringRecord> decode(ByteView in);

  // Fills `nonce` and `wrapped` for the other fields as they stand.
  void wrap(const WrapKey& key, const DataKey& data_key, Random& random);
  // Locked when the key or any field is not what it was at wrap().
  Result<DataKey> unwrap(const WrapKey& key) const;

 private:
  Bytes authenticated() const;  // all fields before the nonce
};

}  // namespace banyan
