// Cuts Lucide's font down to the icons that used.txt names:
//   node make.mjs NODE_MODULES used.txt out.ttf
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const [modules, used, out] = process.argv.slice(2);
const subset = createRequire(path.join(modules, 'x.js'))('subset-font');
const numbers = JSON.parse(readFileSync(`${modules}/lucide-static/font/codepoints.json`, 'utf8'));
const names = readFileSync(used, 'utf8').split('\n').map((line) => line.trim())
  .filter((line) => line && !line.startsWith('#'));
const unknown = names.filter((name) => !(name in numbers));
if (unknown.length) throw new Error(`${used}: Lucide has no icon named ${unknown.join(', ')}`);

const characters = names.map((name) => String.fromCodePoint(numbers[name])).join('');
mkdirSync(path.dirname(out), { recursive: true });
writeFileSync(out, await subset(readFileSync(`${modules}/lucide-static/font/lucide.ttf`), characters, { targetFormat: 'truetype' }));
