#include "shared/crypto/keyring_record.h"

#include <algorithm>

#include "shared/crypto/hash.h"

namespace banyan {
namespace {

constexpr std::string_view kMagic = "BNKR";
constexpr std::string_view kWrapContext = "wrap/1";
constexpr std::size_t kChecksumSize = 16;

Hash256 checksum_of(ByteView in) { return hash256(in); }

}  // namespace

Bytes KeyringRecord::authenticated() const {
  ByteWriter out;
  out.raw(as_bytes(kMagic));
  out.u8(kVersion);
  out.u8(kAlgorithm);
  out.u8(factors);
  out.u8(0);
  out.u64(generation);
  out.u32(facts.organisation);
  out.u32(facts.device);
  out.u64(facts.user);
  out.raw(facts.database.view());
  out.u32(facts.data_key_version);
  out.u64(static_cast<std::uint64_t>(facts.lease_end_ms));
  out.u32(cost.memory_kib);
  out.u32(cost.passes);
  out.raw(salt.view());
  return out.take();
}

Bytes KeyringRecord::encode() const {
  ByteWriter out;
  out.raw(authenticated());
  out.raw(nonce.view());
  out.raw(wrapped.view());
  const Hash256 checksum = checksum_of(out.view());
  out.raw(checksum.view().first(kChecksumSize));
  BANYAN_CHECK(out.size() == kSize);
  return out.take();
}

Result<KeyringRecord> KeyringRecord::decode(ByteView in) {
  const Error corrupt = fail(ErrorCode::Corrupt, "a keyring slot is damaged");
  ByteReader reader(in);
  if (as_text(reader.raw(kMagic.size())) != kMagic) return corrupt;
  const std::uint8_t version = reader.u8();
  const std::uint8_t algorithm = reader.u8();
  if (!reader.ok() || in.size() != kSize) return corrupt;
  const ByteView checked = in.first(kSize - kChecksumSize);
  const ByteView stored = in.subspan(kSize - kChecksumSize);
  const Hash256 checksum = checksum_of(checked);
  if (!equal_secret(checksum.view().first(kChecksumSize), stored)) return corrupt;
  if (version != kVersion || algorithm != kAlgorithm) {
    return fail(ErrorCode::Newer, "keyring version " + std::to_string(version) + ", algorithm " +
                                      std::to_string(algorithm));
  }

  KeyringRecord out;
  out.factors = reader.u8();
  if ((out.factors & ~kFactorMask) != 0 || reader.u8() != 0) return corrupt;
  out.generation = reader.u64();
  out.facts.organisation = reader.u32();
  out.facts.device = reader.u32();
  out.facts.user = reader.u64();
  reader.take(out.facts.database);
  out.facts.data_key_version = reader.u32();
  out.facts.lease_end_ms = static_cast<std::int64_t>(reader.u64());
  out.cost.memory_kib = reader.u32();
  out.cost.passes = reader.u32();
  reader.take(out.salt);
  reader.take(out.nonce);
  reader.take(out.wrapped);
  reader.raw(kChecksumSize);
  TRY(reader.finish("keyring slot"));
  return out;
}

void KeyringRecord::wrap(const WrapKey& key, const DataKey& data_key, Random& random) {
  random.fill(nonce.bytes);
  const Bytes cipher =
      aead_encrypt(derive_key<AeadKey>(key, kWrapContext), nonce, data_key.view(), authenticated());
  std::copy(cipher.begin(), cipher.end(), wrapped.bytes.begin());
}

Result<DataKey> KeyringRecord::unwrap(const WrapKey& key) const {
  TRY_ASSIGN(const SecretBytes plain, aead_decrypt(derive_key<AeadKey>(key, kWrapContext), nonce,
                                                   wrapped.view(), authenticated()));
  return DataKey::from(plain.view());
}

}  // namespace banyan
