// Which folder may see which, and who may name a third party's header.
import { files, includes, read, sources, versions } from './tree.mjs';
import { test } from './checks.mjs';

// What the code of a folder may include: itself and these.
const kBase = ['shared/base'];
const kPlatform = [...kBase, 'shared/platform'];
const kCrypto = [...kPlatform, 'shared/crypto'];
const kCatalogue = [...kCrypto, 'shared/catalogue'];
const kChangelog = [...kCatalogue, 'shared/changelog'];
const kWorkflow = [...kChangelog, 'shared/workflow'];
const kStores = [...kWorkflow, 'shared/sync', 'shared/storage'];
const kApp = [...kStores, 'shared/analytics', 'shared/qr'];
const kMay = {
  'shared/base': kBase,
  'shared/platform': kPlatform,
  'shared/qr': kBase,
  'shared/crypto': kCrypto,
  'shared/catalogue': kCatalogue,
  'shared/changelog': kChangelog,
  'shared/workflow': kChangelog,
  'shared/sync': kWorkflow,  // its interfaces are what storage fulfils; never SQL
  'shared/storage': [...kWorkflow, 'shared/sync'],
  'shared/analytics': kStores,
  'shared/app': kApp,
  'client/views': [...kBase, 'shared/app', 'client'],
  client: [...kApp, 'shared/app'],
  'sync-server': kApp,
  web: [...kApp, 'shared/app', 'client'],
};

const inside = (file, folder) => file.startsWith(`${folder}/`);
const product = sources.filter((file) => !inside(file, 'tests'));
const known = new Set(files);
// Ours by the first folder of the name: what is made at build time included.
const is_ours = (name) => /^(shared|client|sync-server|web|tests)\//.test(name);

test('lower folders never include higher ones', () => {
  const wrong = [];
  for (const file of product) {
    const folder = Object.keys(kMay).find((name) => inside(file, name));
    if (!folder) {
      wrong.push(`${file}: no rule for its folder in tests/repo/includes.mjs`);
      continue;
    }
    for (const { name, line } of includes(file)) {
      if (!is_ours(name) || inside(name, folder)) continue;
      if (!kMay[folder].some((allowed) => inside(name, allowed))) wrong.push(`${file}:${line} includes ${name}`);
    }
  }
  return wrong;
});

test('a third party\'s header is included by one folder only [W11]', () => {
  const wrong = [];
  const used = new Set();
  for (const file of sources) {
    for (const { name, line } of includes(file)) {
      const entry = versions().find(({ Header }) => Header && (name === Header || name.startsWith(Header)));
      if (!entry) continue;
      used.add(entry.Name);
      // A test may name what the code that it tests may.
      const narrow = ['client', 'sync-server'].includes(entry.Owner);
      const http = ['tests/contracts/http', 'tests/bench/load'].some((folder) => inside(file, folder));
      const test = inside(file, 'tests') && (!narrow || file.includes(`/${entry.Owner}/`) || http);
      if (!inside(file, entry.Owner) && !test) wrong.push(`${file}:${line} includes ${name}, which is ${entry.Owner}'s`);
    }
  }
  // The packages that the wishes name carry weight: each is really used.
  for (const name of ['imgui', 'sqlite', 'json', 'sodium', 'doctest']) {
    if (!used.has(name)) wrong.push(`nobody includes ${name}`);
  }
  return wrong;
});

test('our headers are included from the root, and exist', () => {
  const wrong = [];
  for (const file of sources) {
    for (const { name, system, line } of includes(file)) {
      const generated = name.endsWith('.gen.h');
      if (is_ours(name) && !known.has(name) && !generated) wrong.push(`${file}:${line}: there is no ${name}`);
      if (!system && !is_ours(name) && !generated && known.has(file.replace(/[^/]*$/, name))) {
        wrong.push(`${file}:${line}: ${name} is named from its own folder`);
      }
    }
  }
  return wrong;
});

test('every header guards itself with #pragma once', () => {
  return sources.filter((file) => file.endsWith('.h') && !/^#pragma once$/m.test(read(file)));
});
