// Argon2id in a WASM instance of its own, which is dropped after use: WASM
// memory never shrinks, so 64 or 128 MiB must not stay with the app.

#include "shared/crypto/kdf.h"

#include <emscripten.h>

#include <algorithm>

#include "shared/crypto/init.h"

using namespace banyan;

extern "C" {

// Writes a 32-byte key to `out`. Returns 0, or the ErrorCode.
EMSCRIPTEN_KEEPALIVE int kdf_stretch(const std::uint8_t* passphrase, int size,
                                     const std::uint8_t* salt, unsigned memory_kib, unsigned passes,
                                     std::uint8_t* out) {
  if (const auto ready = crypto_init(); !ready) return static_cast<int>(ready.error().code);
  const SecretBytes secret(ByteView(passphrase, static_cast<std::size_t>(size)));
  const auto salt_bytes = KdfSalt::from(ByteView(salt, KdfSalt::kSize));
  const auto key = stretch_passphrase(secret, *salt_bytes, KdfCost{memory_kib, passes});
  if (!key) return static_cast<int>(key.error().code);
  std::copy(key->view().begin(), key->view().end(), out);
  return 0;
}

// Memory in KiB of the cost that this machine can bear; passes are always 3.
// 0 when not even the floor can be had.
EMSCRIPTEN_KEEPALIVE unsigned kdf_calibrate() {
  if (!crypto_init()) return 0;
  const SystemClock clock;
  const auto cost = calibrate_kdf(clock);
  return cost ? cost->memory_kib : 0;
}
}
