// Cuts the app's fonts out of Noto Sans SC:
//   node make.mjs first|full NODE_MODULES OUT_FOLDER [TEXT_FILE...]
//
// first: regular.ttf (GB 2312 level 1 and every character of the texts), medium.ttf and
//        bold.ttf (the texts and the characters of names).
// full:  full.ttf, the regular weight with every Chinese character the font has.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const [what, modules, out, ...files] = process.argv.slice(2);
const subset = createRequire(path.join(modules, 'x.js'))('subset-font');
const source = (folder) =>
  readFileSync(`${modules}/@expo-google-fonts/noto-sans-sc/${folder}/NotoSansSC_${folder}.ttf`);

function range(first, last) {
  return Array.from({ length: last - first + 1 }, (_, i) => String.fromCodePoint(first + i)).join('');
}

// Latin with its accents, punctuation, arrows, signs, Chinese punctuation, full-width forms.
const kCommon = range(0x20, 0x7e) + range(0xa0, 0x17f) + range(0x1cd, 0x1dc) + range(0x2010, 0x2027) +
  range(0x2030, 0x203b) + '€₤₩₹№℃℉™' + range(0x2190, 0x2199) + '−×÷≈≠≤≥∞√' + range(0x2460, 0x2473) +
  '■□▲△▼▽◆◇○●★☆' + range(0x3000, 0x3011) + range(0xff01, 0xff5e) + '￥￡';

// The rows 16 to 55 of GB 2312: its 3,755 most used characters.
function level1() {
  const bytes = [];
  for (let row = 0xb0; row <= 0xd7; ++row) {
    for (let cell = 0xa1; cell <= (row === 0xd7 ? 0xf9 : 0xfe); ++cell) bytes.push(row, cell);
  }
  const text = new TextDecoder('gbk').decode(Uint8Array.from(bytes));
  if ([...text].length !== 3755) throw new Error('this node cannot decode GBK');
  return text;
}

// ImGui draws one glyph a character: without tables for layout the file is smaller. The
// font's own checksum field is not read by anything that loads it.
const kKept = ['OS/2', 'cmap', 'cvt ', 'fpgm', 'gasp', 'glyf', 'head', 'hhea', 'hmtx', 'loca', 'maxp', 'name', 'post', 'prep'];
function without_layout(font) {
  const tables = [];
  for (let i = 0; i < font.readUInt16BE(4); ++i) {
    const at = 12 + 16 * i;
    const [offset, length] = [font.readUInt32BE(at + 8), font.readUInt32BE(at + 12)];
    const tag = font.toString('latin1', at, at + 4);
    if (kKept.includes(tag)) tables.push({ entry: font.subarray(at, at + 8), bytes: font.subarray(offset, offset + length) });
  }
  const head = Buffer.alloc(12 + 16 * tables.length);
  font.copy(head, 0, 0, 4);
  const power = 2 ** Math.floor(Math.log2(tables.length));
  [tables.length, power * 16, Math.log2(power), (tables.length - power) * 16].forEach((value, i) => head.writeUInt16BE(value, 4 + 2 * i));
  const parts = [head];
  let offset = head.length;
  tables.forEach(({ entry, bytes }, i) => {
    entry.copy(head, 12 + 16 * i);
    head.writeUInt32BE(offset, 12 + 16 * i + 8);
    head.writeUInt32BE(bytes.length, 12 + 16 * i + 12);
    const padding = Buffer.alloc(-bytes.length & 3);
    parts.push(bytes, padding);
    offset += bytes.length + padding.length;
  });
  return Buffer.concat(parts);
}

async function cut(folder, characters, name) {
  const font = await subset(source(folder), characters, { targetFormat: 'truetype' });
  mkdirSync(out, { recursive: true });
  writeFileSync(`${out}/${name}.ttf`, without_layout(font));
}

if (what === 'full') {
  await cut('400Regular', kCommon + range(0x3400, 0x4dbf) + range(0x4e00, 0x9fff) + range(0xf900, 0xfaff) + range(0x20000, 0x2ebe0), 'full');
} else {
  const texts = kCommon + files.map((file) => readFileSync(file, 'utf8')).join('').replace(/[\x00-\x1f]/g, '');
  await cut('400Regular', texts + level1(), 'regular');
  await cut('500Medium', texts, 'medium');
  await cut('700Bold', texts, 'bold');
}
