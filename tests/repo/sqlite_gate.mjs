// The build refuses a SQLite that is too old, altered or not repaired as listed: the
// functions of its recipe are run here on what they must refuse.
import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from './checks.mjs';

// Runs `script` with the recipe loaded from a copy of third_party, after `alter` changed it.
function refuses(script, alter = () => {}) {
  const folder = mkdtempSync(path.join(tmpdir(), 'banyan-gate-'));
  try {
    cpSync('third_party', `${folder}/third_party`, { recursive: true });
    alter(`${folder}/third_party`);
    const { status } = spawnSync('bash', ['-c',
      `set -euo pipefail; here='${folder}/third_party'; cache='${folder}'; cd '${folder}'
       . "$here/lib.sh"; . "$here/recipes/sqlite.sh"
       ${script}`], { encoding: 'utf8' });
    return status !== 0;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
const header = (number) => `echo '#define SQLITE_VERSION_NUMBER ${number}' >h; sqlite_check_version h`;
// Stands in for the registry's client: brings a file that is not the pinned one.
const kForged = 'npm() { echo forged >forged.tgz; echo forged.tgz; }; fetch_npm sqlite';

test('the build refuses a SQLite below 3.51.3 [T9]', () => {
  const wrong = [];
  if (!refuses(header(3051002))) wrong.push('3.51.2 was taken');
  if (!refuses(header(3040001))) wrong.push('3.40.1 was taken');
  if (refuses(header(3051003))) wrong.push('3.51.3 was refused');
  if (refuses(header(3053002))) wrong.push('3.53.2 was refused');
  return wrong;
});

test('the build refuses an archive with another hash [T9]', () => {
  return refuses(kForged) ? [] : ['a forged archive was taken'];
});

test('the build refuses patches that differ from the list [T9]', () => {
  const patch = (folder) => `${folder}/sqlite/01-read-errors.patch`;
  const wrong = [];
  if (refuses('sqlite_check_patches')) wrong.push('the listed patches were refused');
  if (!refuses('sqlite_check_patches', (folder) => appendFileSync(patch(folder), '\n'))) wrong.push('an altered patch was taken');
  if (!refuses('sqlite_check_patches', (folder) => rmSync(patch(folder)))) wrong.push('a missing patch was not noticed');
  if (!refuses('sqlite_check_patches', (folder) => writeFileSync(`${folder}/sqlite/03-new.patch`, ''))) wrong.push('an unlisted patch was taken');
  return wrong;
});

test('the SQLite that we link is the pinned one, newer than 3.51.3, with one cipher [T9]', () => {
  const out = execFileSync('third_party/prepare', ['native'], { encoding: 'utf8' });
  const folder = out.match(/^sqlite=(.*)$/m)[1];
  const [major, minor, patch] = readFileSync(`${folder}/version`, 'utf8').trim().split('.').map(Number);
  const wrong = [];
  if (!(major * 1e6 + minor * 1e3 + patch >= 3051003)) wrong.push(`it is ${major}.${minor}.${patch}`);
  const names = execFileSync('nm', ['--defined-only', `${folder}/lib/libbanyan_sqlite.a`], { encoding: 'utf8', maxBuffer: 1 << 28 });
  for (const other of ['AllocateAES256Cipher', 'AllocateSQLCipherCipher', 'AllocateRC4Cipher', 'AllocateAscon128Cipher', 'AllocateAegisCipher']) {
    if (names.includes(other)) wrong.push(`${other} is compiled in`);
  }
  if (!names.includes('AllocateChaCha20Cipher')) wrong.push('ChaCha20 is not compiled in');
  if (names.includes('sqlite3_load_extension')) wrong.push('extensions can be loaded');
  if (!existsSync(`${folder}/licence/LICENSE`)) wrong.push('it came without its licence');
  return wrong;
});
