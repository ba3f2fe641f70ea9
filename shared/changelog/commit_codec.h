// The order and limits that commits keep, in one place for the canonical and the
// packed form. Not for other folders.
#pragma once

#include "shared/changelog/commit.h"

namespace banyan::wire {

// What is wrong with one row operation by itself; null when nothing is.
const char* fault_of(const RowWrite& row);

}  // namespace banyan::wire
