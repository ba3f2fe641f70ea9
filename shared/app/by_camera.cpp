#include "shared/app/by_camera.h"

#include "shared/base/check.h"

namespace banyan {

Result<CodeSeries> CodeSeries::make(Bytes file) {
  TRY_ASSIGN(sync::FrameSeries series, sync::FrameSeries::make(std::move(file)));
  return CodeSeries(std::move(series));
}

const QrCode& CodeSeries::code(std::uint64_t number) {
  number %= sync::kFrameNumberMax;
  if (number_ != number) {
    Result<QrCode> made = make_qr(series_.frame(number), QrRepair::Low);
    BANYAN_CHECK(made.ok());  // a part is much shorter than what a code holds
    code_ = std::move(made).value();
    number_ = number;
  }
  return code_;
}

bool CodeReader::look(int width, int height, ByteView grey) {
  const auto texts = scanner_.read(width, height, grey);
  if (!texts.ok()) return false;
  bool fresh = false;
  for (const std::string& text : *texts) {
    const Result<bool> taken = reader_.take(text);  // other codes lie about everywhere
    fresh = fresh || (taken.ok() && *taken);
  }
  return fresh;
}

}  // namespace banyan
