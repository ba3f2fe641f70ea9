// From one screen to another camera: a file of parcels as codes that change, and back. The screen
// and the camera themselves are the client's.
#pragma once

#include <cstdint>
#include <optional>

#include "shared/qr/qr_code.h"
#include "shared/sync/frames.h"

namespace banyan {

class CodeSeries {
 public:
  // TooLarge where a file is the better way, Invalid for nothing.
  static Result<CodeSeries> make(Bytes file);

  // Codes in one turn. Show them one after another, and go on after the last.
  std::size_t turn() const { return series_.parts(); }
  // Any number; after very many turns they begin anew.
  const QrCode& code(std::uint64_t number);

 private:
  explicit CodeSeries(sync::FrameSeries series) : series_(std::move(series)) {}
  sync::FrameSeries series_;
  QrCode code_;  // the newest
  std::optional<std::uint64_t> number_;
};

class CodeReader {
 public:
  // A camera's picture, 8 bits of grey a pixel. True when it brought something new.
  bool look(int width, int height, ByteView grey);

  std::size_t turn() const { return reader_.parts(); }  // 0: none was seen yet
  std::size_t known() const { return reader_.known(); }
  const std::optional<Bytes>& file() const { return reader_.content(); }

 private:
  QrScanner scanner_;
  sync::FrameReader reader_;
};

}  // namespace banyan
