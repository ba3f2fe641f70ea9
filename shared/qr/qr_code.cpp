#include "shared/qr/qr_code.h"

#include <qrencode.h>
#include <quirc.h>

#include <algorithm>

#include "shared/base/check.h"

namespace banyan {
namespace {

constexpr int kSideMax = 4096;
constexpr std::string_view kAlphanumeric = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

struct CodeCloser {
  void operator()(QRcode* code) const { QRcode_free(code); }
  void operator()(QRinput* input) const { QRinput_free(input); }
};

}  // namespace

Result<QrCode> make_qr(std::string_view text, QrRepair repair) {
  const std::unique_ptr<QRinput, CodeCloser> input(
      QRinput_new2(0, repair == QrRepair::Low ? QR_ECLEVEL_L : QR_ECLEVEL_M));
  BANYAN_CHECK(input != nullptr);
  const bool plain = text.find_first_not_of(kAlphanumeric) == std::string_view::npos;
  const QRencodeMode mode = plain ? QR_MODE_AN : QR_MODE_8;
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  if (text.empty() ||
      QRinput_append(input.get(), mode, static_cast<int>(text.size()), bytes) != 0) {
    return fail(ErrorCode::Invalid, "no text for a QR code");
  }
  const std::unique_ptr<QRcode, CodeCloser> code(QRcode_encodeInput(input.get()));
  if (code == nullptr) return fail(ErrorCode::TooLarge, "too much for a QR code");
  QrCode out;
  out.side = code->width;
  out.modules.assign(code->data, code->data + code->width * code->width);
  for (std::uint8_t& module : out.modules) module &= 1;
  return out;
}

void QrScanner::Closer::operator()(quirc* decoder) const { quirc_destroy(decoder); }

QrScanner::QrScanner() : decoder_(quirc_new()) { BANYAN_CHECK(decoder_ != nullptr); }
QrScanner::~QrScanner() = default;

Result<std::vector<std::string>> QrScanner::read(int width, int height, ByteView grey) {
  const bool possible = width > 0 && height > 0 && width <= kSideMax && height <= kSideMax;
  if (!possible || grey.size() != static_cast<std::size_t>(width) * static_cast<unsigned>(height)) {
    return fail(ErrorCode::Invalid, "no picture");
  }
  if (width != width_ || height != height_) {
    if (quirc_resize(decoder_.get(), width, height) < 0) {
      return fail(ErrorCode::StorageFull, "no memory for a picture");
    }
    width_ = width;
    height_ = height;
  }
  std::copy(grey.begin(), grey.end(), quirc_begin(decoder_.get(), nullptr, nullptr));
  quirc_end(decoder_.get());
  std::vector<std::string> texts;
  // Too large for the stack of a worker.
  const auto code = std::make_unique<quirc_code>();
  const auto data = std::make_unique<quirc_data>();
  for (int i = 0; i < quirc_count(decoder_.get()); ++i) {
    quirc_extract(decoder_.get(), i, code.get());
    if (quirc_decode(code.get(), data.get()) != QUIRC_SUCCESS) continue;
    texts.emplace_back(reinterpret_cast<const char*>(data->payload),
                       static_cast<std::size_t>(data->payload_len));
  }
  return texts;
}

}  // namespace banyan
