// A file as a series of short texts, each for one QR code on a screen, for a camera that misses
// some of them. The order does not matter, a frame seen twice is no harm, and a reader may begin
// anywhere. PROTOCOL.md has the bytes.
//
// The first frames are the parts themselves; every later one is the exclusive or of several, drawn
// by its number. After one turn a camera lacks a few parts, and nearly every further frame brings
// one of them, where a series that only repeats itself would mostly bring what is there already.
// Measured with 200 parts and one frame in five missed: 1.6 turns, against 3.7 of plain repetition.
//
// Source: fountain codes as in Luby, "LT Codes" (2002), with the parts themselves first.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/bytes.h"

namespace banyan::sync {

// Of the content; larger ones go as a file.
inline constexpr std::size_t kFramedBytesMax = 512U << 10;
// Of a part: with base 45 a QR code of 77 x 77 modules, which a tablet shows and reads well.
inline constexpr std::size_t kFramePartMax = 480;
inline constexpr std::uint64_t kFrameNumberMax = 1U << 24;

class FrameSeries {
 public:
  // TooLarge, and Invalid for nothing.
  static Result<FrameSeries> make(Bytes content);

  std::size_t parts() const;
  // Capital letters, digits and signs of a QR code's alphanumeric mode. Any number up to
  // kFrameNumberMax; show them one after another, from 0.
  std::string frame(std::uint64_t number) const;

 private:
  explicit FrameSeries(Bytes content) : content_(std::move(content)) {}
  Bytes content_;
};

class FrameReader {
 public:
  // Corrupt for what is no frame. True when it brought something new. A frame of another series
  // begins that one.
  Result<bool> take(std::string_view text);

  std::size_t parts() const { return parts_.size(); }  // 0: no frame was seen yet
  std::size_t known() const { return known_; }
  // Whole and checked.
  const std::optional<Bytes>& content() const { return content_; }

 private:
  struct Mixed {
    std::vector<std::uint32_t> of;  // parts that are not known yet, in it
    Bytes bytes;
  };
  void begin(ByteView series, std::size_t size);
  bool learn(Mixed mixed);
  void settle(std::uint32_t part, Bytes bytes);
  void finish();

  Bytes series_;
  std::size_t size_ = 0;
  std::vector<Bytes> parts_;  // empty: not known
  std::vector<Mixed> mixed_;
  std::size_t known_ = 0;
  std::optional<Bytes> content_;
};

}  // namespace banyan::sync
