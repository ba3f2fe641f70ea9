#include "sync-server/host/qr.h"

#include "shared/qr/qr_code.h"

namespace banyan::server {

Result<std::string> qr_text(std::string_view content) {
  constexpr int kQuiet = 2;
  TRY_ASSIGN(const QrCode code, make_qr(content, QrRepair::Medium));
  const int width = code.side;
  const auto dark = [&](int x, int y) {
    return x >= 0 && y >= 0 && x < width && y < width && code.dark(x, y);
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
