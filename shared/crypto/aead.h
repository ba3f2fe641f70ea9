// Authenticated encryption with a secret key: XChaCha20-Poly1305.
//
// Source: draft-irtf-cfrg-xchacha-03. The 192-bit nonce is drawn at random, so
// no counter has to survive a crash or a restored disk image.
#pragma once

#include "shared/base/bytes.h"
#include "shared/crypto/fixed_bytes.h"
#include "shared/crypto/secret.h"

namespace banyan {

using AeadKey = SecretKey<32, struct AeadKeyTag>;
using AeadNonce = FixedBytes<24, struct AeadNonceTag>;

inline constexpr std::size_t kAeadTagSize = 16;

// The result is the cipher text and its tag, kAeadTagSize longer than `plain`.
// A (key, nonce) pair must never be used twice. `aad` is authenticated, not
// encrypted, and must be the same bytes at decryption.
Bytes aead_encrypt(const AeadKey& key, const AeadNonce& nonce, ByteView plain, ByteView aad);

// Locked, with one message for every cause: wrong key, nonce, aad or bytes.
Result<SecretBytes> aead_decrypt(const AeadKey& key, const AeadNonce& nonce, ByteView cipher,
                                 ByteView aad);

// As above with a fresh random nonce, kept in front of the cipher text.
Bytes aead_seal(const AeadKey& key, ByteView plain, ByteView aad, Random& random);
Result<SecretBytes> aead_open(const AeadKey& key, ByteView sealed, ByteView aad);

}  // namespace banyan
