// Colours and lines of the three themes. Every number comes from assets/tokens.json.
#pragma once

#include <cmath>

#include "tokens.gen.h"

namespace banyan::ui {

enum class Breakpoint : std::uint8_t { phone, tablet, desktop };

struct Theme {
  ThemeKind kind = ThemeKind::light;

  // As Dear ImGui packs it: 0xAABBGGRR.
  std::uint32_t color(Color name) const {
    return kPalettes[static_cast<int>(kind)][static_cast<int>(name)];
  }
  bool sunlight() const { return kind == ThemeKind::sunlight; }
  float line() const { return sunlight() ? size::kLineSunlight : size::kLine; }
  // In the sun thin strokes vanish: the lightest weight is left out.
  TextStyle style(TextStyle asked) const {
    if (sunlight() && asked.weight == Weight::w400) asked.weight = Weight::w500;
    return asked;
  }
};

inline TextStyle with(TextStyle style, Weight weight) { return {style.size, style.line, weight}; }

// `alpha` 0..1 of the colour's own.
inline std::uint32_t faded(std::uint32_t color, float alpha) {
  const auto old = static_cast<float>(color >> 24);
  return (color & 0x00FFFFFFu) | (static_cast<std::uint32_t>(std::lround(old * alpha)) << 24);
}

// The soft colours that tags, notes and discs are painted in.
enum class Tint : std::uint8_t { quiet, primary, ok, info, warn, danger, conflict, hero, surface };
struct TintColors {
  Color fill, word;
};
constexpr TintColors colors_of(Tint tint) {
  switch (tint) {
    case Tint::primary: return {Color::primary_soft, Color::on_primary_soft};
    case Tint::ok: return {Color::ok_soft, Color::on_ok_soft};
    case Tint::info: return {Color::info_soft, Color::on_info_soft};
    case Tint::warn: return {Color::warn_soft, Color::on_warn_soft};
    case Tint::danger: return {Color::danger_soft, Color::on_danger_soft};
    case Tint::conflict: return {Color::conflict_soft, Color::on_conflict_soft};
    case Tint::hero: return {Color::hero_fill, Color::on_hero};
    case Tint::surface: return {Color::surface, Color::on_primary_soft};
    case Tint::quiet: break;
  }
  return {Color::quiet_soft, Color::on_quiet_soft};
}

namespace type {
// Sizes the look uses beside the scale: a table's cells, a bar's title, a counter in a badge.
inline constexpr TextStyle kTable{14, 20, Weight::w400};
inline constexpr TextStyle kTitle{20, 26, Weight::w700};
inline constexpr TextStyle kTitlePhone{18, 24, Weight::w700};
inline constexpr TextStyle kTag{12, 16, Weight::w500};
inline constexpr TextStyle kCounter{11, 18, Weight::w700};
inline constexpr TextStyle kInput{16, 24, Weight::w400};
}  // namespace type

}  // namespace banyan::ui
