// Writes the service worker of this build: node precache.mjs sw.js out.js url=path ...
// The version is a hash over all files, so it changes exactly when one of them does.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

const [source, target, ...files] = process.argv.slice(2);
const hash = createHash('sha256');
const urls = [];
for (const entry of files.sort()) {
  const [url, path] = entry.split('=');
  hash.update(`${url}\0`).update(readFileSync(path));
  urls.push(url === 'index.html' ? './' : url);
}
const script = readFileSync(source, 'utf8');
hash.update(script);
writeFileSync(target, script
  .replace('@VERSION@', hash.digest('hex').slice(0, 16))
  .replace(`['@FILES@']`, JSON.stringify(urls)));
