// Writes C++ from the names in assets/icons/used.txt and Lucide's own code points:
//   node icons.mjs used.txt codepoints.json out.h
import { readFileSync, writeFileSync } from 'node:fs';

const [used, codepoints, target] = process.argv.slice(2);
const numbers = JSON.parse(readFileSync(codepoints, 'utf8'));
const names = readFileSync(used, 'utf8').split('\n').map((line) => line.trim()).filter((line) => line && !line.startsWith('#'));
const missing = names.filter((name) => !(name in numbers));
if (missing.length) throw new Error(`${used}: Lucide has no icon named ${missing.join(', ')}`);

writeFileSync(target, `// Made from assets/icons/used.txt by client/gen/icons.mjs: change it there.
#pragma once

#include <cstdint>

namespace banyan::ui {

enum class Icon : std::uint32_t {
  none = 0,
${names.map((name) => `  ${name.replaceAll('-', '_')} = 0x${numbers[name].toString(16)},`).join('\n')}
};

}  // namespace banyan::ui
`);
