// What every fuzz target needs.
#pragma once

#include <cstddef>
#include <cstdint>

#include "shared/base/bytes.h"
#include "shared/base/check.h"

// Called by libFuzzer; returns 0.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
