// The three weights and the icons as Dear ImGui fonts, asked for by em size.
//
// ImGui measures a font by ascent minus descent; ours are opened so that its size is the em, as in
// CSS. Glyphs are drawn when first needed, so a rare character of a name needs no preparation.
#pragma once

#include <cstdint>
#include <vector>

#include "client/theme.h"

struct ImFont;
struct ImFontBaked;

namespace banyan::ui {

enum class FontFile : std::uint8_t { w400, w500, w700, icons, full };
inline constexpr int kFontFileCount = 5;

class Fonts {
 public:
  // The bytes of one file, which this object keeps. `full` (every character, weight 400) may come
  // late; what was shown as a missing character then appears. Files already there are replaced.
  void add(FontFile file, std::vector<std::uint8_t> bytes);
  bool ready() const;
  // True once after add() changed what is on the screen.
  bool take_changed();

  ImFontBaked* baked(Weight weight, float size, float density);
  ImFontBaked* icons(float size, float density);

 private:
  void rebuild();

  std::vector<std::uint8_t> files_[kFontFileCount];
  std::vector<std::vector<std::uint8_t>> retired_;
  ImFont* weights_[3] = {};
  ImFont* icons_ = nullptr;
  bool changed_ = false;
};

}  // namespace banyan::ui
