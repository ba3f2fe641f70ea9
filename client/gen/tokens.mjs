// Writes C++ from assets/tokens.json: node tokens.mjs tokens.json out.h
// Colours become an enum and one table per theme; sizes become constants.
import { readFileSync, writeFileSync } from 'node:fs';

const [source, target] = process.argv.slice(2);
const tokens = JSON.parse(readFileSync(source, 'utf8'));
const name = (key) => key.replaceAll('-', '_');
const constant = (key) => 'k' + key.split('-').map((part) => part[0].toUpperCase() + part.slice(1)).join('');
const entries = (object) => Object.entries(object).filter(([key]) => key !== '_');

// ImGui's colour order is 0xAABBGGRR.
function colour(hex) {
  const match = /^#([0-9A-F]{2})([0-9A-F]{2})([0-9A-F]{2})([0-9A-F]{2})?$/i.exec(hex);
  if (!match) throw new Error(`not a colour: ${hex}`);
  const [, red, green, blue, alpha = 'FF'] = match;
  return `0x${alpha}${blue}${green}${red}u`.toUpperCase().replace('0X', '0x').replace('U', 'u');
}

const themes = entries(tokens.color);
const colours = Object.keys(themes[0][1]);
for (const [theme, values] of themes) {
  const missing = colours.filter((key) => !(key in values));
  if (missing.length || Object.keys(values).length !== colours.length) {
    throw new Error(`theme ${theme} and theme ${themes[0][0]} do not have the same colours: ${missing}`);
  }
}

const float = (value) => `${Number.isInteger(value) ? `${value}.0` : value}f`;
const sizes = (object) => entries(object).flatMap(([key, value]) => Array.isArray(value)
  ? [`inline constexpr float ${constant(key)}Width = ${float(value[0])};`,
     `inline constexpr float ${constant(key)}Height = ${float(value[1])};`]
  : [`inline constexpr float ${constant(key)} = ${float(value)};`]);
const styles = entries(tokens.type).map(([key, [size, line, weight]]) =>
  `inline constexpr TextStyle ${constant(key)}{${float(size)}, ${float(line)}, Weight::w${weight}};`);
const shadows = entries(tokens.elevation).filter(([, layers]) => layers.length).map(([key, layers]) =>
  `inline constexpr ShadowLayer ${constant(key)}[] = {${layers.map((layer) => `{${layer.map(float).join(', ')}}`).join(', ')}};`);

writeFileSync(target, `// Made from assets/tokens.json by client/gen/tokens.mjs: change it there.
#pragma once

#include <cstdint>

namespace banyan::ui {

enum class Color : std::uint8_t {
${colours.map((key) => `  ${name(key)},`).join('\n')}
};
inline constexpr int kColorCount = ${colours.length};

enum class ThemeKind : std::uint8_t { ${themes.map(([key]) => key).join(', ')} };
inline constexpr std::uint32_t kPalettes[${themes.length}][kColorCount] = {
${themes.map(([, values]) => `    {${colours.map((key) => colour(values[key])).join(', ')}},`).join('\n')}
};

enum class Weight : std::uint8_t { w400, w500, w700 };
struct TextStyle {
  float size;  // the em
  float line;  // the line's height
  Weight weight;
};
struct ShadowLayer {
  float down, spread, alpha;
};

namespace type {
${styles.join('\n')}
}  // namespace type
namespace size {
${sizes(tokens.size).join('\n')}
}  // namespace size
namespace radius {
${sizes(tokens.radius).join('\n')}
}  // namespace radius
namespace motion {
${sizes(tokens.motion).join('\n')}
}  // namespace motion
namespace elevation {
${shadows.join('\n')}
}  // namespace elevation
namespace breakpoint {
inline constexpr float kTablet = ${float(tokens.breakpoint.tablet[0])};
inline constexpr float kDesktop = ${float(tokens.breakpoint.desktop[0])};
}  // namespace breakpoint

}  // namespace banyan::ui
`);
