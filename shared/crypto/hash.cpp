#include "shared/crypto/hash.h"

#include <sodium.h>

#include "shared/base/check.h"

namespace banyan {
namespace {

crypto_generichash_state* state_of(std::span<std::uint8_t> memory) {
  return reinterpret_cast<crypto_generichash_state*>(memory.data());
}

}  // namespace

static_assert(sizeof(crypto_generichash_state) <= 384);
static_assert(alignof(crypto_generichash_state) <= 64);

Hash256 hash256(ByteView in) {
  Hash256 out;
  crypto_generichash(out.bytes.data(), Hash256::kSize, in.data(), in.size(), nullptr, 0);
  return out;
}

Hash256 hash256(std::initializer_list<ByteView> parts) {
  Hasher hasher;
  for (const ByteView part : parts) hasher.update(part);
  return hasher.finish();
}

Hash256 keyed_hash256(const MacKey& key, ByteView in) {
  Hash256 out;
  crypto_generichash(out.bytes.data(), Hash256::kSize, in.data(), in.size(), key.view().data(),
                     MacKey::kSize);
  return out;
}

bool keyed_hash256_matches(const MacKey& key, ByteView in, const Hash256& expected) {
  return equal_secret(keyed_hash256(key, in).view(), expected.view());
}

Hasher::Hasher() { crypto_generichash_init(state_of(state_), nullptr, 0, Hash256::kSize); }

Hasher::Hasher(const MacKey& key) {
  crypto_generichash_init(state_of(state_), key.view().data(), MacKey::kSize, Hash256::kSize);
}

Hasher::~Hasher() { wipe(state_); }

Hasher& Hasher::update(ByteView in) {
  BANYAN_CHECK(crypto_generichash_update(state_of(state_), in.data(), in.size()) == 0);
  return *this;
}

Hash256 Hasher::finish() {
  Hash256 out;
  BANYAN_CHECK(crypto_generichash_final(state_of(state_), out.bytes.data(), Hash256::kSize) == 0);
  return out;
}

}  // namespace banyan
