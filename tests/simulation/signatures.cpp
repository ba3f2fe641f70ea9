// Signatures that cost a hash. A signature is here the BLAKE2b of key and message: whatever
// differs in one bit does not verify, and nobody in a simulated bank forges one. The real code
// makes and checks each of them where it should; what Ed25519 itself promises is tested in
// tests/unit/shared/crypto. Half of a run's time went into curves. The linker puts these two
// before libsodium's own (CMakeLists.txt).
#include <sodium.h>

namespace {

void sign(unsigned char* signature, const unsigned char* key, const unsigned char* message,
          unsigned long long size) {
  crypto_generichash_state state;
  crypto_generichash_init(&state, nullptr, 0, crypto_sign_ed25519_BYTES);
  crypto_generichash_update(&state, key, crypto_sign_ed25519_PUBLICKEYBYTES);
  crypto_generichash_update(&state, message, size);
  crypto_generichash_final(&state, signature, crypto_sign_ed25519_BYTES);
}

}  // namespace

extern "C" {

int __wrap_crypto_sign_ed25519_detached(unsigned char* signature, unsigned long long* length,
                                        const unsigned char* message, unsigned long long size,
                                        const unsigned char* secret) {
  if (length != nullptr) *length = crypto_sign_ed25519_BYTES;
  // libsodium's secret key ends with the public one.
  sign(signature, secret + 32, message, size);
  return 0;
}

int __wrap_crypto_sign_ed25519_verify_detached(const unsigned char* signature,
                                               const unsigned char* message,
                                               unsigned long long size, const unsigned char* key) {
  unsigned char expected[crypto_sign_ed25519_BYTES];
  sign(expected, key, message, size);
  return sodium_memcmp(signature, expected, sizeof expected);
}

}  // extern "C"
