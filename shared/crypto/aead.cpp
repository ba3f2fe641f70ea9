#include "shared/crypto/aead.h"

#include <sodium.h>

namespace banyan {
namespace {

Error refused() { return fail(ErrorCode::Locked, "the key or the data is wrong"); }

}  // namespace

static_assert(AeadKey::kSize == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);
static_assert(AeadNonce::kSize == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES);
static_assert(kAeadTagSize == crypto_aead_xchacha20poly1305_ietf_ABYTES);

Bytes aead_encrypt(const AeadKey& key, const AeadNonce& nonce, ByteView plain, ByteView aad) {
  Bytes out(plain.size() + kAeadTagSize);
  crypto_aead_xchacha20poly1305_ietf_encrypt(out.data(), nullptr, plain.data(), plain.size(),
                                             aad.data(), aad.size(), nullptr, nonce.bytes.data(),
                                             key.view().data());
  return out;
}

Result<SecretBytes> aead_decrypt(const AeadKey& key, const AeadNonce& nonce, ByteView cipher,
                                 ByteView aad) {
  if (cipher.size() < kAeadTagSize) return refused();
  Bytes plain(cipher.size() - kAeadTagSize);
  const int rc = crypto_aead_xchacha20poly1305_ietf_decrypt(
      plain.data(), nullptr, nullptr, cipher.data(), cipher.size(), aad.data(), aad.size(),
      nonce.bytes.data(), key.view().data());
  if (rc != 0) return refused();
  return SecretBytes(std::move(plain));
}

Bytes aead_seal(const AeadKey& key, ByteView plain, ByteView aad, Random& random) {
  AeadNonce nonce;
  random.fill(nonce.bytes);
  const Bytes cipher = aead_encrypt(key, nonce, plain, aad);
  Bytes out(nonce.bytes.begin(), nonce.bytes.end());
  out.insert(out.end(), cipher.begin(), cipher.end());
  return out;
}

Result<SecretBytes> aead_open(const AeadKey& key, ByteView sealed, ByteView aad) {
  if (sealed.size() < AeadNonce::kSize) return refused();
  TRY_ASSIGN(const AeadNonce nonce, AeadNonce::from(sealed.first(AeadNonce::kSize)));
  return aead_decrypt(key, nonce, sealed.subspan(AeadNonce::kSize), aad);
}

}  // namespace banyan
