// Writes C++ tables from assets/texts: node texts.mjs zh.json en.json out.h out.cpp
//
// Keys nest by subject ("nav": {"today": "今日"}) and become T::nav_today. A text may hold places
// for values, "{n} 条"; English may have {"one": ..., "other": ...}, chosen by the value n. A key
// or a place that only one language knows stops the build.
import { readFileSync, writeFileSync } from 'node:fs';

const [zhPath, enPath, headerPath, sourcePath] = process.argv.slice(2);

function flatten(object, prefix = '', into = new Map()) {
  for (const [key, value] of Object.entries(object)) {
    if (!/^[a-z][a-z0-9_]*$/.test(key)) throw new Error(`key ${prefix}${key}: only a-z, 0-9 and _`);
    const path = prefix + key;
    if (typeof value === 'string') into.set(path, { one: value, other: value });
    else if (typeof value.other === 'string') into.set(path, { one: value.one ?? value.other, other: value.other });
    else flatten(value, `${path}_`, into);
  }
  return into;
}

const places = (text) => [...text.matchAll(/\{([a-z_]+)\}/g)].map((match) => match[1]).sort().join(',');
const zh = flatten(JSON.parse(readFileSync(zhPath, 'utf8')));
const en = flatten(JSON.parse(readFileSync(enPath, 'utf8')));
const problems = [];
for (const key of zh.keys()) if (!en.has(key)) problems.push(`${key}: no English`);
for (const [key, text] of en) {
  if (!zh.has(key)) problems.push(`${key}: no Chinese`);
  else if (places(zh.get(key).other) !== places(text.other)) problems.push(`${key}: the languages differ in {places}`);
}
if (problems.length) throw new Error(`assets/texts:\n  ${problems.join('\n  ')}`);

const keys = [...zh.keys()];
const table = (texts) => keys.map((key) => `    {${JSON.stringify(texts.get(key).one)}, ${JSON.stringify(texts.get(key).other)}},`).join('\n');

writeFileSync(headerPath, `// Made from assets/texts by client/gen/texts.mjs: change the texts there.
#pragma once

#include <cstdint>
#include <string_view>

namespace banyan::ui {

enum class T : std::uint16_t {
${keys.map((key) => `  ${key},`).join('\n')}
};
inline constexpr int kTextCount = ${keys.length};

struct TextForms {
  std::string_view one, other;
};
extern const TextForms kChinese[kTextCount];
extern const TextForms kEnglish[kTextCount];

}  // namespace banyan::ui
`);
writeFileSync(sourcePath, `// Made from assets/texts by client/gen/texts.mjs: change the texts there.
#include "texts.gen.h"

namespace banyan::ui {

const TextForms kChinese[kTextCount] = {
${table(zh)}
};

const TextForms kEnglish[kTextCount] = {
${table(en)}
};

}  // namespace banyan::ui
`);
