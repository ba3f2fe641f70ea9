// What one side draws the other side reads: two libraries that know nothing of each other.
#include "shared/qr/qr_code.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "shared/crypto/init.h"
#include "shared/platform/random.h"
#include "shared/sync/frames.h"

namespace banyan {
namespace {

struct Picture {
  int width = 640, height = 480;
  Bytes grey = Bytes(640 * 480, 235);
};

// A code as a camera sees it: turned by `degrees`, `pixels` to a module, with noise.
Picture photograph(const QrCode& code, double pixels, double degrees, std::uint64_t noise) {
  Picture out;
  SeededRandom random(9);
  const double turn = degrees * 3.14159265 / 180;
  for (int y = 0; y < out.height; ++y) {
    for (int x = 0; x < out.width; ++x) {
      const double dx = x - out.width / 2.0, dy = y - out.height / 2.0;
      const double u = (dx * std::cos(turn) + dy * std::sin(turn)) / pixels + code.side / 2.0;
      const double v = (dy * std::cos(turn) - dx * std::sin(turn)) / pixels + code.side / 2.0;
      const bool inside = u >= 0 && v >= 0 && u < code.side && v < code.side;
      const bool dark = inside && code.dark(static_cast<int>(u), static_cast<int>(v));
      const auto light = static_cast<std::uint64_t>(dark ? 40 : 200);
      out.grey[static_cast<std::size_t>(y * out.width + x)] =
          static_cast<std::uint8_t>(light + (noise > 0 ? random.below(noise) : 0));
    }
  }
  return out;
}

std::vector<std::string> read(QrScanner& scanner, const Picture& picture) {
  return scanner.read(picture.width, picture.height, picture.grey).value();
}

}  // namespace

TEST_CASE("a code is read as it was written, upright, turned and in noise") {
  QrScanner scanner;
  for (const char* text : {"HELLO", "https://bank.example/#enrol=K7QD9M2X0ABC4RST", "榕树"}) {
    CAPTURE(text);
    const QrCode code = make_qr(text, QrRepair::Medium).value();
    for (const double degrees : {0.0, 7.0, 33.0, 90.0, 180.0}) {
      CAPTURE(degrees);
      const auto texts = read(scanner, photograph(code, 6, degrees, 30));
      REQUIRE(texts.size() == 1);
      CHECK(texts[0] == text);
    }
  }
}

TEST_CASE("[W8] a file crosses from a screen to a camera as codes") {
  REQUIRE(crypto_init().ok());
  SeededRandom random(4);
  Bytes content(6'000);
  random.fill(content);
  const sync::FrameSeries series = sync::FrameSeries::make(content).value();
  sync::FrameReader reader;
  QrScanner scanner;
  std::uint64_t n = 0;
  for (; !reader.content() && n < 60; ++n) {
    const QrCode code = make_qr(series.frame(n), QrRepair::Low).value();
    CHECK(code.side <= 81);
    if (n % 4 == 1) continue;  // the camera was slow
    for (const std::string& text : read(scanner, photograph(code, 4.5, n % 2 == 0 ? 0 : 4, 20))) {
      CHECK(reader.take(text).ok());
    }
  }
  REQUIRE(reader.content().has_value());
  CHECK(*reader.content() == content);
  CHECK(n < 3 * series.parts());
}

TEST_CASE("pictures without a code, and what is no picture, give nothing") {
  QrScanner scanner;
  Picture empty;
  CHECK(read(scanner, empty).empty());
  SeededRandom random(2);
  random.fill(empty.grey);
  CHECK(read(scanner, empty).empty());
  CHECK(scanner.read(640, 480, ByteView(empty.grey).first(100)).error().code == ErrorCode::Invalid);
  CHECK(scanner.read(0, 0, {}).error().code == ErrorCode::Invalid);
  CHECK(scanner.read(5'000, 1, Bytes(5'000)).error().code == ErrorCode::Invalid);
  CHECK(scanner.read(1, 1, Bytes(1))->empty());  // and another size again
  CHECK(read(scanner, photograph(make_qr("A", QrRepair::Low).value(), 8, 0, 0)).size() == 1);
}

TEST_CASE("a code holds so much and no more") {
  CHECK(make_qr(std::string(4'296, 'A'), QrRepair::Low).value().side == 177);
  CHECK(make_qr(std::string(4'297, 'A'), QrRepair::Low).error().code == ErrorCode::TooLarge);
  CHECK(make_qr("", QrRepair::Low).error().code == ErrorCode::Invalid);
}

}  // namespace banyan
