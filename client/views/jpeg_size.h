// How large a JPEG is, from its own head; nothing for anything else.
#pragma once

#include <cstdint>
#include <optional>

#include "shared/base/bytes.h"

namespace banyan::ui {

struct JpegSize {
  std::int64_t width = 0, height = 0;  // pixels
};
std::optional<JpegSize> jpeg_size(ByteView file);

}  // namespace banyan::ui
