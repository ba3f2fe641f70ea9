#include "client/widgets/avatar.h"

#include "client/widgets/draw.h"
#include "client/widgets/text.h"

namespace banyan::ui {
Tint tone_for(std::string_view name) {
  constexpr Tint kTones[] = {Tint::primary, Tint::info, Tint::warn, Tint::quiet, Tint::conflict};
  std::uint32_t sum = 2166136261u;
  for (const char c : name) sum = (sum ^ static_cast<unsigned char>(c)) * 16777619u;
  return kTones[sum % 5];
}

std::string_view initial_of(std::string_view name) {
  std::size_t length = name.empty() ? 0 : 1;
  while (length < name.size() && (static_cast<unsigned char>(name[length]) & 0xC0) == 0x80)
    ++length;
  return name.substr(0, length);
}

void avatar(Frame& frame, const Rect& rect, const AvatarSpec& spec) {
  const TintColors tone = colors_of(spec.tone);
  const Vec middle = rect.center();
  circle(frame, middle, spec.size / 2, frame.color(tone.fill));
  if (spec.tone == Tint::hero) ring(frame, middle, spec.size / 2, frame.color(Color::hero_line), 1);
  const float em = spec.size >= 60   ? 24
                   : spec.size >= 48 ? 18
                   : spec.size >= 44 ? 16
                   : spec.size >= 40 ? 15
                                     : 13;
  paint_line(frame, rect, spec.initial, {em, em + 5, Weight::w700}, frame.color(tone.word),
             Align::center);
}

void icon_disc(Frame& frame, const Rect& rect, Icon icon, Tint wanted, float icon_size) {
  const TintColors tone = colors_of(wanted);
  circle(frame, rect.center(), std::min(rect.w, rect.h) / 2, frame.color(tone.fill));
  paint_icon(frame, rect, icon, icon_size, frame.color(tone.word));
}

void icon_box(Frame& frame, const Rect& rect, Icon icon, Tint wanted) {
  const TintColors tone = colors_of(wanted);
  fill(frame, rect, frame.color(tone.fill), radius::kButton);
  paint_icon(frame, rect, icon, size::kIcon, frame.color(tone.word));
}

void brand_mark(Frame& frame, const Rect& rect) {
  gradient(frame, rect, Color::hero_2, Color::hero_1, 12, true);
  paint_icon(frame, rect, Icon::trees, 26, frame.color(Color::on_hero));
}

}  // namespace banyan::ui
