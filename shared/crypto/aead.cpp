#include "shared/crypto/aead.h"

#include <sodium.h>

namespace banyan {
namespace {

Error refused() { return fail(ErrorCode::Locked, "the key or the data is wrong"); }

void encrypt_into(std::uint8_t* out, const AeadKey& key, const AeadNonce& nonce, ByteView plain,
                  ByteView aad) {
  crypto_aead_xchacha20poly1305_ietf_encrypt(out, nullptr, plain.data(), plain.size(), aad.data(),
                                             aad.size(), nullptr, nonce.bytes.data(),
                                             key.view().data());
}

}  // namespace

static_assert(AeadKey::kSize == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);
static_assert(AeadNonce::kSize == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES);
static_assert(kAeadTagSize == crypto_aead_xchacha20poly1305_ietf_ABYTES);

Bytes aead_encrypt(const AeadKey& key, const AeadNonce& nonce, ByteView plain, ByteView aad) {
  Bytes out(plain.size() + kAeadTagSize);
  encrypt_into(out.data(), key, nonce, plain, aad);
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
  Bytes out(AeadNonce::kSize + plain.size() + kAeadTagSize);
  std::copy(nonce.bytes.begin(), nonce.bytes.end(), out.begin());
  encrypt_into(out.data() + AeadNonce::kSize, key, nonce, plain, aad);
  return out;
}

Result<SecretBytes> aead_open(const AeadKey& key, ByteView sealed, ByteView aad) {
  if (sealed.size() < AeadNonce::kSize) return refused();
  TRY_ASSIGN(const AeadNonce nonce, AeadNonce::from(sealed.first(AeadNonce::kSize)));
  return aead_decrypt(key, nonce, sealed.subspan(AeadNonce::kSize), aad);
}

}  // namespace banyan
