// Faces without pictures: a character on a soft disc; and icon discs in the same tones.
#pragma once

#include "client/frame.h"

namespace banyan::ui {

struct AvatarSpec {
  std::string_view initial = {};
  Tint tone = Tint::quiet;
  float size = 40;
};
// The same name always gets the same tone.
Tint tone_for(std::string_view name);
// The first character: 王 of 王桂兰, W of Wang.
std::string_view initial_of(std::string_view name);

void avatar(Frame& frame, const Rect& rect, const AvatarSpec& spec);
void icon_disc(Frame& frame, const Rect& rect, Icon icon, Tint tone, float icon_size = 20);
// A square with round corners instead of a disc: products.
void icon_box(Frame& frame, const Rect& rect, Icon icon, Tint tone);
// Banyan's own mark.
void brand_mark(Frame& frame, const Rect& rect);

}  // namespace banyan::ui
