#include "client/views/jpeg_size.h"

namespace banyan::ui {

namespace {

// Start of frame: C0 to CF, but for C4, C8 and CC, which say something else.
bool is_frame(std::uint8_t marker) {
  return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

}  // namespace

std::optional<JpegSize> jpeg_size(ByteView file) {
  if (file.size() < 4 || file[0] != 0xFF || file[1] != 0xD8) return std::nullopt;
  const auto pair_at = [&](std::size_t at) { return file[at] * 256 + file[at + 1]; };
  std::size_t at = 2;
  while (at + 9 <= file.size() && file[at] == 0xFF) {
    if (is_frame(file[at + 1])) {
      const JpegSize size{pair_at(at + 7), pair_at(at + 5)};
      if (size.width == 0 || size.height == 0) return std::nullopt;
      return size;
    }
    const int length = pair_at(at + 2);
    if (length < 2) return std::nullopt;
    at += 2 + static_cast<std::size_t>(length);
  }
  return std::nullopt;
}

}  // namespace banyan::ui
