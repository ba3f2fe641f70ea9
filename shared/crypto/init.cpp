#include "shared/crypto/init.h"

#include <sodium.h>

namespace banyan {

Status crypto_init() {
  if (sodium_init() < 0) return fail(ErrorCode::Unavailable, "the cryptographic library failed");
  return {};
}

}  // namespace banyan
