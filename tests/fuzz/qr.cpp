// What a camera shows. The first byte chooses: a picture of any bytes; or the code of a text, as
// large as a screen shows it, in which some pixels are spoiled. An unspoiled one is read as it was
// written; whatever the picture is, the reader stays within it.
#include <algorithm>
#include <string>

#include "shared/qr/qr_code.h"
#include "tests/fuzz/fuzz.h"

using namespace banyan;

namespace {

constexpr int kQuiet = 4, kPixels = 3;
constexpr std::size_t kTextMax = 400;  // so that a run is short

void read_any(ByteView in) {
  if (in.size() < 2) return;
  static QrScanner scanner;  // keeps its memory between pictures, as in the app
  const int width = in[0] + 1;
  in = in.subspan(2);
  const int height = static_cast<int>(in.size()) / width;
  const auto texts =
      scanner.read(width, height, in.first(static_cast<std::size_t>(width * height)));
  BANYAN_CHECK(texts.ok() == (height > 0));
  BANYAN_CHECK(!scanner.read(width, height + 1, in).ok() ||
               in.size() == static_cast<std::size_t>(width * (height + 1)));
}

// Two bytes each: where, and how bright.
void spoil(ByteView spots, Bytes& grey) {
  for (std::size_t i = 0; i + 3 <= spots.size(); i += 3) {
    grey[(spots[i] * 256U + spots[i + 1]) % grey.size()] = spots[i + 2];
  }
}

void read_code(QrRepair repair, ByteView spots, std::string_view text) {
  const auto code = make_qr(text, repair);
  if (!code) {
    BANYAN_CHECK(text.empty());
    return;
  }
  const int side = (code->side + 2 * kQuiet) * kPixels;
  Bytes grey(static_cast<std::size_t>(side * side), 255);
  for (int y = 0; y < code->side * kPixels; ++y) {
    for (int x = 0; x < code->side * kPixels; ++x) {
      if (!code->dark(x / kPixels, y / kPixels)) continue;
      grey[static_cast<std::size_t>((y + kQuiet * kPixels) * side + x + kQuiet * kPixels)] = 0;
    }
  }
  spoil(spots, grey);
  static QrScanner scanner;
  const auto texts = scanner.read(side, side, grey);
  BANYAN_CHECK(texts.ok());
  if (spots.size() >= 3) return;
  BANYAN_CHECK(texts->size() == 1 && texts->front() == text);
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const ByteView in(data + 2, size - 2);
  if (data[0] % 4 == 0) {
    read_any(ByteView(data + 1, size - 1));
    return 0;
  }
  const std::size_t spots = std::min<std::size_t>(data[1], in.size());
  read_code(data[0] % 2 == 0 ? QrRepair::Low : QrRepair::Medium, in.first(spots),
            as_text(in.subspan(spots, std::min(kTextMax, in.size() - spots))));
  return 0;
}
