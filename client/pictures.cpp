#include "client/pictures.h"

#include <algorithm>

namespace banyan::ui {

const Picture& Pictures::get(const std::string& key, int side, const std::function<Bytes()>& file) {
  const Name name(key, side);
  if (const auto found = kept_.find(name); found != kept_.end()) {
    found->second.used = ++uses_;
    return found->second.picture;
  }
  make_room();
  Kept& one = kept_[name];
  one.used = ++uses_;
  one.request = ++requests_;
  const Bytes bytes = file();
  if (bytes.empty()) {
    one.picture.state = Picture::State::Bad;
  } else {
    maker_.decode(one.request, bytes, side);
  }
  return one.picture;
}

void Pictures::make_room() {
  if (kept_.size() < kKeptMax) return;
  const auto oldest =
      std::min_element(kept_.begin(), kept_.end(),
                       [](const auto& a, const auto& b) { return a.second.used < b.second.used; });
  if (oldest->second.picture.texture != 0) maker_.drop_texture(oldest->second.picture.texture);
  kept_.erase(oldest);
}

void Pictures::decoded(int request, int width, int height, ByteView rgba) {
  const auto found = std::find_if(kept_.begin(), kept_.end(),
                                  [&](const auto& one) { return one.second.request == request; });
  if (found == kept_.end()) return;  // made room meanwhile
  Picture& picture = found->second.picture;
  if (rgba.empty()) {
    picture.state = Picture::State::Bad;
    return;
  }
  picture = {Picture::State::Here, maker_.make_texture(width, height, rgba), width, height};
}

void Pictures::forget() {
  for (const auto& [name, one] : kept_) {
    if (one.picture.texture != 0) maker_.drop_texture(one.picture.texture);
  }
  kept_.clear();
}

}  // namespace banyan::ui
