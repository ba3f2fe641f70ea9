// Runs every *_test.mjs beside this file with node's own runner, two at a time: each has a bank and
// a port of its own, and one waits while the other computes. The longest go first.
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const wanted = process.argv.slice(2);
const files = readdirSync(here).filter((file) => file.endsWith('_test.mjs'))
  .filter((file) => wanted.length === 0 || wanted.some((word) => file.includes(word)))
  .map((file) => path.join(here, file)).sort((a, b) => statSync(b).size - statSync(a).size);
const { status } = spawnSync(process.execPath, ['--test', '--test-concurrency=2', '--test-reporter=spec',
  ...files], { stdio: 'inherit' });
process.exit(status ?? 1);
