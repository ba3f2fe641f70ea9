// One format, and a second reader (clang-tidy) for our code.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, homedir } from 'node:os';
import { files, includes, read, sources } from './tree.mjs';
import { test } from './checks.mjs';

const kVersion = '14';  // other versions format and warn differently
const kBuild = 'build/native-debug';

function missing(tool) {
  return spawnSync(`${tool}-${kVersion}`, ['--version']).status === 0 ? null
    : { skipped: `${tool}-${kVersion} is not on this machine` };
}

// What is compiled at once (a source, or a batch of them that a build includes in one) with
// everything of ours in it, as one hash: what clang-tidy's answer depends on. An answer
// "clean" is kept in the cache, so only what changed is read again, in a fresh clone too.
function content_hash(sources_of_one, salt) {
  const seen = new Set();
  const hash = createHash('sha256').update(salt);
  const visit = (name) => {
    if (seen.has(name) || !known.has(name)) return;
    seen.add(name);
    hash.update(`${name}\0${read(name)}\0`);
    includes(name).forEach((include) => visit(include.name));
  };
  sources_of_one.forEach(visit);
  return hash.digest('hex').slice(0, 24);
}
const here = (file) => file.replace(`${process.cwd()}/`, '');
const batch_of = (file) => [...readFileSync(file, 'utf8').matchAll(/^#include "(.*)"$/gm)].map(([, name]) => here(name));
const known = new Set(files);

function tidy(file) {
  return new Promise((resolve) => {
    // The compile commands are GCC's, which knows warnings by names that clang has not.
    const options = ['-p', kBuild, '--quiet', '--extra-arg=-Wno-unknown-warning-option', file];
    const child = spawn('nice', [`clang-tidy-${kVersion}`, ...options], { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => { said += data; });
    child.on('error', (error) => resolve([`${file}: ${error.message}`]));
    child.on('close', (status) => {
      const lines = said.split('\n').filter((line) => /(: |^)(warning|error): /.test(line)).map((line) => line.replace(`${process.cwd()}/`, ''));
      resolve(lines.length ? lines : status === 0 ? [] : [`${file}: clang-tidy ended with ${status}`]);
    });
  });
}

test('clang-format has nothing to change', () => {
  const gone = missing('clang-format');
  if (gone) return gone;
  return sources.filter((file) => spawnSync(`clang-format-${kVersion}`, ['--dry-run', '--Werror', file]).status !== 0);
});

test('clang-tidy has nothing to say', async () => {
  const gone = missing('clang-tidy');
  if (gone) return gone;
  // Headers that are made at build time come with the target that needs them.
  const { status, stderr } = spawnSync('cmake/build', ['native-debug', 'banyan-generated'], { encoding: 'utf8' });
  if (status !== 0) return [stderr.slice(-2000)];
  const work = JSON.parse(readFileSync(`${kBuild}/compile_commands.json`, 'utf8')).map(({ file }) => here(file))
    .map((file) => ({ file, sources: /\/Unity\/[^/]*$/.test(file) ? batch_of(file) : [file] }))
    .filter(({ sources: own }) => own.every((file) => sources.includes(file) && !file.startsWith('tests/')));
  const salt = read('.clang-tidy') + kVersion;
  const kept = `${process.env.BANYAN_CACHE ?? `${homedir()}/.cache/banyan`}/tidy`;
  mkdirSync(kept, { recursive: true });
  const wrong = [];
  const reader = async () => {
    for (let next = work.pop(); next; next = work.pop()) {
      const stamp = `${kept}/${content_hash(next.sources, salt)}`;
      if (existsSync(stamp)) continue;
      const said = await tidy(next.file);
      if (said.length) wrong.push(...said);
      else writeFileSync(stamp, next.sources.join('\n'));
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, reader));
  return [...new Set(wrong)];
});
