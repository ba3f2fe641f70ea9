// QR codes: a text as dark and light modules, and the texts that a camera's picture shows.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/bytes.h"

struct quirc;

namespace banyan {

// Without the quiet zone: whoever draws it leaves four modules free all round.
struct QrCode {
  int side = 0;  // modules
  std::vector<std::uint8_t> modules;
  bool dark(int x, int y) const {
    const auto column = static_cast<std::size_t>(x), row = static_cast<std::size_t>(y);
    return modules[row * static_cast<std::size_t>(side) + column] != 0;
  }
};

enum class QrRepair : std::uint8_t {
  Low,     // 7 % of it may be wrong: for a screen that shows many, one after another
  Medium,  // 15 %: for paper and terminals
};

// The smallest that holds `text`; TooLarge for more than any holds.
Result<QrCode> make_qr(std::string_view text, QrRepair repair);

// Keeps its memory between pictures of one size.
class QrScanner {
 public:
  QrScanner();
  ~QrScanner();
  QrScanner(const QrScanner&) = delete;
  QrScanner& operator=(const QrScanner&) = delete;

  // The texts of all codes that can be read in this picture, 8 bits of grey a pixel, row by row.
  // Invalid when `grey` is not that large, or no camera's picture (4096 a side).
  Result<std::vector<std::string>> read(int width, int height, ByteView grey);

 private:
  struct Closer {
    void operator()(quirc* decoder) const;
  };
  std::unique_ptr<quirc, Closer> decoder_;
  int width_ = 0, height_ = 0;
};

}  // namespace banyan
