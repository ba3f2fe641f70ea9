// The project's own files: what git tracks, and what is new and not ignored.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';

export const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'],
  { encoding: 'utf8', maxBuffer: 1 << 28 }).split('\0').filter((file) => file && existsSync(file) && statSync(file).isFile());

const texts = new Map();
export function read(file) {
  if (!texts.has(file)) texts.set(file, readFileSync(file, 'utf8'));
  return texts.get(file);
}

const kText = /(\.(h|cpp|js|mjs|html|css|json|md|txt|cmake|sh|yml|yaml|patch|webmanifest|csv|svg)|(^|\/)[^.]+)$/;
export const texts_only = files.filter((file) => kText.test(file));
export const sources = files.filter((file) => /\.(h|cpp)$/.test(file));

// The includes of a source: { name, system, line }.
export function includes(file) {
  return read(file).split('\n').flatMap((text, i) => {
    const match = text.match(/^\s*#\s*include\s*([<"])([^>"]+)[>"]/);
    return match ? [{ name: match[2], system: match[1] === '<', line: i + 1 }] : [];
  });
}

// The list of third parties as objects of its fields.
export function versions() {
  return read('third_party/versions').split(/\n\n+/).map((paragraph) => {
    const lines = paragraph.split('\n').filter((line) => line && !line.startsWith('#'));
    return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf(': ')), line.slice(line.indexOf(': ') + 2)]));
  }).filter((entry) => entry.Name);
}
