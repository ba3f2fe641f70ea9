// Builds with sanitizers compile the sources of a folder together. What two of them call by
// one name, a compiler might take for the other's without a word: so no two do.
import path from 'node:path';
import { read, sources } from './tree.mjs';
import { test } from './checks.mjs';

const kFunction = /^(?!return|using|struct|class|enum|template|TEST_CASE|#|\/\/)[\w:][^;=()]*?[ &*](\w+)\(/gm;
const constants = (text, head) => [...text.matchAll(head)]
  .flatMap(([line]) => [...line.matchAll(/\b(k[A-Z]\w*)(?:\[\w*\])? *[={(]/g)].map(([, name]) => name));

test('no two sources of a folder hide different things behind one name', () => {
  const batched = sources.filter((file) => !/^tests\/(?!unit\/|contracts\/http\/)/.test(file));
  const owner = new Map();
  for (const file of batched.filter((name) => name.endsWith('.h'))) {
    for (const name of constants(read(file), /^(?:inline )?constexpr [^;]*;/gm)) owner.set(name, file);
  }
  const wrong = [];
  for (const file of batched.filter((name) => name.endsWith('.cpp'))) {
    const mine = new Set();
    for (const [, body] of read(file).matchAll(/^namespace \{$(.*?)^\} {2}\/\/ namespace$/gms)) {
      for (const [, name] of body.matchAll(kFunction)) mine.add(name);
      for (const name of constants(body, /^(?:constexpr|const) [^;]*;/gm)) mine.add(name);
    }
    for (const name of mine) {
      const place = `${path.dirname(file)} ${name}`;
      const other = owner.get(place) ?? owner.get(name);
      if (other) wrong.push(`${file}: ${name} is also in ${other}`);
      owner.set(place, file);
    }
  }
  return wrong;
});
