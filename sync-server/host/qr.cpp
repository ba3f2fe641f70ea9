#include "sync-server/host/qr.h"

#include <qrencode.h>

#include <memory>

namespace banyan::server {

Result<std::string> qr_text(std::string_view content) {
  constexpr int kQuiet = 2;
  const std::string text(content);
  const std::unique_ptr<QRcode, decltype(&QRcode_free)> code(
      QRcode_encodeString8bit(text.c_str(), 0, QR_ECLEVEL_M), &QRcode_free);
  if (!code) return fail(ErrorCode::TooLarge, "too much for a QR code");

  const int width = code->width;
  const auto dark = [&](int x, int y) {
    return x >= 0 && y >= 0 && x < width && y < width &&
           (code->data[static_cast<std::size_t>(y * width + x)] & 1) != 0;
  };
  std::string out;
  for (int y = -kQuiet; y < width + kQuiet; y += 2) {
    out += "\x1b[30;107m";  // black on white
    for (int x = -kQuiet; x < width + kQuiet; ++x) {
      const bool upper = dark(x, y), lower = dark(x, y + 1);
      out += upper && lower ? "█" : upper ? "▀" : lower ? "▄" : " ";
    }
    out += "\x1b[0m\n";
  }
  return out;
}

}  // namespace banyan::server
