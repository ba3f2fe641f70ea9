// What was signed in this process verifies, and what verified once verifies again: asked about
// the same key, message and signature, Ed25519 gives the same answer. Every device asks about
// what the others have asked, and half of a run's time went there. Whatever differs in one bit
// goes to libsodium. The linker puts these two before libsodium's own (CMakeLists.txt).
#include <sodium.h>

#include <array>
#include <cstring>
#include <unordered_set>

namespace {

using Fingerprint = std::array<unsigned char, 32>;
struct Hash {
  std::size_t operator()(const Fingerprint& print) const {
    std::size_t out = 0;
    std::memcpy(&out, print.data(), sizeof out);
    return out;
  }
};

Fingerprint fingerprint(const unsigned char* key, const unsigned char* message,
                        unsigned long long size, const unsigned char* signature) {
  Fingerprint out;
  crypto_generichash_state state;
  crypto_generichash_init(&state, nullptr, 0, out.size());
  crypto_generichash_update(&state, key, crypto_sign_ed25519_PUBLICKEYBYTES);
  crypto_generichash_update(&state, signature, crypto_sign_ed25519_BYTES);
  crypto_generichash_update(&state, message, size);
  crypto_generichash_final(&state, out.data(), out.size());
  return out;
}

std::unordered_set<Fingerprint, Hash> known;

void remember(const Fingerprint& print) {
  constexpr std::size_t kMost = 100'000;  // some seeds' worth
  if (known.size() == kMost) known.clear();
  known.insert(print);
}

}  // namespace

extern "C" {

int __real_crypto_sign_ed25519_detached(unsigned char*, unsigned long long*, const unsigned char*,
                                        unsigned long long, const unsigned char*);
int __real_crypto_sign_ed25519_verify_detached(const unsigned char*, const unsigned char*,
                                               unsigned long long, const unsigned char*);

int __wrap_crypto_sign_ed25519_detached(unsigned char* signature, unsigned long long* length,
                                        const unsigned char* message, unsigned long long size,
                                        const unsigned char* secret) {
  const int status = __real_crypto_sign_ed25519_detached(signature, length, message, size, secret);
  // libsodium's secret key ends with the public one.
  if (status == 0) remember(fingerprint(secret + 32, message, size, signature));
  return status;
}

int __wrap_crypto_sign_ed25519_verify_detached(const unsigned char* signature,
                                               const unsigned char* message,
                                               unsigned long long size, const unsigned char* key) {
  const Fingerprint print = fingerprint(key, message, size, signature);
  if (known.contains(print)) return 0;
  const int status = __real_crypto_sign_ed25519_verify_detached(signature, message, size, key);
  if (status == 0) remember(print);
  return status;
}

}  // extern "C"
