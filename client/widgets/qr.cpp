#include "client/widgets/qr.h"

#include <algorithm>
#include <cmath>

#include "client/widgets/draw.h"

namespace banyan::ui {

namespace {

constexpr std::uint32_t kBlack = 0xFF000000, kWhite = 0xFFFFFFFF;
constexpr int kQuiet = 4;  // modules all round

}  // namespace

void paint_qr(Frame& frame, const Rect& rect, const QrCode& code) {
  const int across = code.side + 2 * kQuiet;
  const float room = std::min(rect.w, rect.h) * frame.density();
  const float module =
      std::max(1.0f, std::floor(room / static_cast<float>(across))) / frame.density();
  Rect place =
      rect.centered(module * static_cast<float>(across), module * static_cast<float>(across));
  place.x = frame.snap(place.x);
  place.y = frame.snap(place.y);
  fill(frame, place, kWhite);
  for (int y = 0; y < code.side; ++y) {
    for (int x = 0; x < code.side;) {
      int end = x;
      while (end < code.side && code.dark(end, y)) ++end;
      if (end > x) {
        fill(frame,
             {place.x + module * static_cast<float>(x + kQuiet),
              place.y + module * static_cast<float>(y + kQuiet),
              module * static_cast<float>(end - x), module},
             kBlack);
      }
      x = std::max(end, x + 1);
    }
  }
}

}  // namespace banyan::ui
