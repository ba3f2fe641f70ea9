// Photos on the screen: decoded by the platform when they are first asked for, kept small and few.
//
//   const Picture& face = frame.pictures.get(key, 96, [&] { return bytes_of_the_file; });
//   if (face.state == Picture::State::Here) paint_picture(frame, rect, face, radius);
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>

#include "shared/base/bytes.h"

namespace banyan::ui {

// Turns files into textures. The renderer of the browser's worker does; without a screen nobody.
class PictureMaker {
 public:
  virtual ~PictureMaker() = default;
  // Answers once and later, through Client::picture(). At most `side` pixels a side.
  virtual void decode(int request, ByteView file, int side) = 0;
  virtual std::uint64_t make_texture(int width, int height, ByteView rgba) = 0;
  virtual void drop_texture(std::uint64_t texture) = 0;
};

struct Picture {
  enum class State : std::uint8_t { Coming, Here, Bad };
  State state = State::Coming;
  std::uint64_t texture = 0;
  int width = 0, height = 0;
};

class Pictures {
 public:
  // `maker` must outlive this object.
  explicit Pictures(PictureMaker& maker) : maker_(maker) {}
  ~Pictures() { forget(); }
  Pictures(const Pictures&) = delete;
  Pictures& operator=(const Pictures&) = delete;

  // `key` names the content, for good. `file` is called when it is not here yet. The reference
  // holds until the next call.
  const Picture& get(const std::string& key, int side, const std::function<Bytes()>& file);
  // No pixels: it cannot be decoded.
  void decoded(int request, int width, int height, ByteView rgba);
  void forget();
  // The graphics context is gone, and all textures with it.
  void lost() { kept_.clear(); }

 private:
  static constexpr std::size_t kKeptMax = 48;
  using Name = std::pair<std::string, int>;
  struct Kept {
    Picture picture;
    int request = 0;
    std::uint64_t used = 0;
  };
  void make_room();

  PictureMaker& maker_;
  std::map<Name, Kept> kept_;
  std::uint64_t uses_ = 0;
  int requests_ = 0;
};

}  // namespace banyan::ui
