// Must succeed once, before anything else in shared/crypto is used.
#pragma once

#include "shared/base/result.h"

namespace banyan {

// Chooses the fastest code for this processor. Unavailable when the machine
// gives no entropy. Calling it again costs nothing.
Status crypto_init();

}  // namespace banyan
