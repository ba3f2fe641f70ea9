#include "shared/crypto/secret.h"

#include <sodium.h>

namespace banyan {

void wipe(std::span<std::uint8_t> memory) {
  if (!memory.empty()) sodium_memzero(memory.data(), memory.size());
}

bool equal_secret(ByteView a, ByteView b) {
  if (a.size() != b.size()) return false;
  return a.empty() || sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace banyan
