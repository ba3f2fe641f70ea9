// Runs every *_test.mjs beside this file with node's own runner, one after another: they share two cores.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const wanted = process.argv.slice(2);
const files = readdirSync(here).filter((file) => file.endsWith('_test.mjs'))
  .filter((file) => wanted.length === 0 || wanted.some((word) => file.includes(word))).sort();
const { status } = spawnSync(process.execPath, ['--test', '--test-concurrency=1', '--test-reporter=spec',
  ...files.map((file) => path.join(here, file))], { stdio: 'inherit' });
process.exit(status ?? 1);
