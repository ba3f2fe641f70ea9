#include "shared/crypto/kdf.h"

#include <sodium.h>

namespace banyan {

bool acceptable(const KdfCost& cost) {
  return cost.memory_kib >= kKdfFloor.memory_kib && cost.memory_kib <= kKdfCeiling.memory_kib &&
         cost.passes >= kKdfFloor.passes && cost.passes <= kKdfCeiling.passes;
}

Result<PassphraseKey> stretch_passphrase(const SecretBytes& passphrase, const KdfSalt& salt,
                                         const KdfCost& cost) {
  static_assert(KdfSalt::kSize == crypto_pwhash_argon2id_SALTBYTES);
  if (!acceptable(cost)) return fail(ErrorCode::Refused, "key stretching outside the limits");
  PassphraseKey key;
  const std::string_view text = as_text(passphrase.view());
  const int rc = crypto_pwhash_argon2id(
      key.bytes().data(), PassphraseKey::kSize, text.data(), text.size(), salt.bytes.data(),
      cost.passes, std::size_t{cost.memory_kib} * 1024, crypto_pwhash_argon2id_ALG_ARGON2ID13);
  if (rc != 0) {
    return fail(ErrorCode::Unavailable,
                "no memory for key stretching: " + std::to_string(cost.memory_kib) + " KiB");
  }
  return key;
}

Result<KdfCost> calibrate_kdf(const Clock& clock) {
  const auto took_ms = [&clock](const KdfCost& cost) -> Result<std::int64_t> {
    const std::int64_t start = clock.monotonic_ms();
    TRY_ASSIGN(const PassphraseKey key, stretch_passphrase(SecretBytes("calibrate"), {}, cost));
    return clock.monotonic_ms() - start;
  };
  TRY_ASSIGN(const std::int64_t floor_ms, took_ms(kKdfFloor));  // no memory: refuse, never weaken
  if (floor_ms * 2 > kKdfTimeMsMax) return kKdfFloor;
  const Result<std::int64_t> strong_ms = took_ms(kKdfStrong);
  if (!strong_ms.ok() || *strong_ms > kKdfTimeMsMax) return kKdfFloor;
  return kKdfStrong;
}

void derive_key_bytes(ByteView parent, std::string_view context, std::span<std::uint8_t> out) {
  const ByteView label = as_bytes(context);
  BANYAN_CHECK(crypto_generichash(out.data(), out.size(), label.data(), label.size(), parent.data(),
                                  parent.size()) == 0);
}

}  // namespace banyan
