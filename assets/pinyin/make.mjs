// Writes the table character -> pinyin syllable as C++, from Unihan's kMandarin:
//   node make.mjs Unihan_Readings.txt.bz2 readings.txt out.cpp
//
// A syllable is one number, base * 8 + tone (1..4, 5 is neutral; 0 is unknown), and every
// character of the blocks from U+3400 to U+9FFF has one.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

const [unihan, readings, target] = process.argv.slice(2);
const kFirst = 0x3400;
const kLast = 0x9fff;
const kMarks = ['āáǎàa', 'ēéěèe', 'īíǐìi', 'ōóǒòo', 'ūúǔùu', 'ǖǘǚǜü'];

// "zhōng" -> { base: "zhong", tone: 1 }; ü is v, as input methods have it. Null for the few
// that have no vowel (嗯 ń), which the list of readings may replace.
function split(marked) {
  let tone = 5;
  let base = '';
  for (const letter of marked.normalize('NFC')) {
    const row = kMarks.find((marks) => marks.includes(letter));
    if (!row) {
      if (!/[a-z]/.test(letter)) return null;
      base += letter;
      continue;
    }
    const at = row.indexOf(letter);
    if (at < 4) tone = at + 1;
    base += row[4] === 'ü' ? 'v' : row[4];
  }
  return /[aeiouv]/.test(base) ? { base, tone } : null;
}

const text = unihan.endsWith('.bz2')
  ? execFileSync('bzcat', [unihan], { encoding: 'utf8', maxBuffer: 1 << 28 })
  : readFileSync(unihan, 'utf8');
const found = new Map();
for (const [, hex, marked] of text.matchAll(/^U\+([0-9A-F]+)\tkMandarin\t(\S+)/gm)) {
  const code = parseInt(hex, 16);
  const syllable = split(marked);
  if (code >= kFirst && code <= kLast && syllable) found.set(code, syllable);
}
if (found.size < 20_000) throw new Error(`${unihan}: only ${found.size} readings`);

const surnames = [];
for (const line of readFileSync(readings, 'utf8').split('\n')) {
  if (!line.trim() || line.startsWith('#')) continue;
  const [kind, characters, ...marked] = line.trim().split(/\s+/);
  const syllables = marked.map(split);
  const codes = [...characters].map((character) => character.codePointAt(0));
  if (!['name', 'surname'].includes(kind) || codes.length !== syllables.length || syllables.includes(null)) {
    throw new Error(`${readings}: cannot read "${line}"`);
  }
  if (kind === 'name') found.set(codes[0], syllables[0]);
  else surnames.push({ characters, codes, syllables });
}
surnames.sort((a, b) => b.codes.length - a.codes.length);  // the longest match comes first

const bases = ['', ...new Set([...found.values(), ...surnames.flatMap((s) => s.syllables)].map((s) => s.base))].sort();
const number = (syllable) => (syllable ? bases.indexOf(syllable.base) * 8 + syllable.tone : 0);
const numbers = [];
for (let code = kFirst; code <= kLast; ++code) numbers.push(number(found.get(code)));
const lines = (items, per) => items.map((item, i) => item + (i % per === per - 1 ? ',\n' : ',')).join('');

writeFileSync(target, `// Made from Unihan by assets/pinyin/make.mjs: change it or readings.txt there.
#include "shared/base/pinyin_table.h"

namespace banyan {

const std::uint16_t kPinyinReadings[kPinyinLast - kPinyinFirst + 1] = {
${lines(numbers, 20)}};
const char* const kPinyinBases[] = {
${lines(bases.map((base) => JSON.stringify(base)), 12)}};
const PinyinSurname kPinyinSurnames[] = {
${surnames.map((s) => `{{${s.codes.join(',')}}, {${s.syllables.map(number).join(',')}}},  // ${s.characters}`).join('\n')}
};
const std::size_t kPinyinSurnameCount = ${surnames.length};

}  // namespace banyan
`);
