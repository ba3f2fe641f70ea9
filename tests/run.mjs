// Runs the parts of ./test, counts what their own runners say, and closes with
// "N passed, N failed". A part that is not in the tree is left out; one that is there
// must run at least one test.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { counts_of } from './count.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
process.chdir(root);
const total = { passed: 0, failed: 0, skipped: 0 };
const failures = [];

function run(command, args, { silent = false, minutes = 20 } = {}) {
  const result = spawnSync(command, args, {
    stdio: ['ignore', 'pipe', silent ? 'pipe' : 'inherit'],
    encoding: 'utf8',
    maxBuffer: 1 << 29,
    timeout: minutes * 60_000,
    killSignal: 'SIGKILL',
  });
  const output = result.stdout ?? '';
  if (!silent) process.stdout.write(output);
  const ended = result.error?.code === 'ETIMEDOUT' ? `ran longer than ${minutes} minutes`
    : result.error ? result.error.message
    : result.signal ? `ended by ${result.signal}`
    : result.status ? `exit code ${result.status}` : '';
  return { output, ended };
}

function add(name, counts) {
  for (const key of Object.keys(total)) total[key] += counts[key];
  if (counts.failed) failures.push(`${name}: ${counts.failed} failed`);
}

// What a test program printed is counted; dying, or running no test, is a failure too.
function count(name, { output, ended }) {
  const counts = counts_of(output);
  if (!counts || (ended && counts.failed === 0)) {
    const why = ended || 'no count of its tests in what it printed';
    failures.push(`${name}: ${why}`);
    console.log(`FAILED ${name}: ${why}`);
    total.passed += counts?.passed ?? 0;
    total.failed += 1;
    total.skipped += counts?.skipped ?? 0;
  } else if (counts.passed + counts.failed + counts.skipped === 0) {
    add(name, { passed: 0, failed: 1, skipped: 0 });
    console.log(`FAILED ${name}: it ran no test`);
  } else {
    add(name, counts);
  }
}

function program(name, command, args = [], options = {}) {
  console.log(`\n== ${name}`);
  count(name, run(command, args, options));
}

// Programs that use one core each, side by side: [{ name, command, args }].
async function programs(waiting, { minutes = 20 } = {}) {
  const one = ({ command, args = [] }) => new Promise((resolve) => {
    let output = '';
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'], timeout: minutes * 60_000, killSignal: 'SIGKILL' });
    child.stdout.setEncoding('utf8').on('data', (text) => { output += text; });
    child.on('error', (error) => resolve({ output, ended: error.message }));
    child.on('close', (status, signal) => resolve({ output, ended: signal ? `ended by ${signal}, as after ${minutes} minutes` : status ? `exit code ${status}` : '' }));
  });
  await Promise.all(Array.from({ length: availableParallelism() }, async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const result = await one(next);
      console.log(`\n== ${next.name}\n${result.output}`);
      count(next.name, result);
    }
  }));
}

// True when the build worked; a failed build is one failed test.
function build(preset, ...targets) {
  const { ended } = run('cmake/build', [preset, ...targets], { minutes: 60 });
  if (ended) add(`build of ${preset}: ${targets.join(' ')}`, { passed: 0, failed: 1, skipped: 0 });
  return !ended;
}

const files_named = (preset, pattern) => readdirSync(`build/${preset}/bin`)
  .filter((file) => pattern.test(file)).sort().map((file) => `build/${preset}/bin/${file}`);
const wasm = 'build/web-release/bin/core-tests.js';

// One core: what is tested natively is tested in WebAssembly too, but for what lies in a
// folder native/ or web/ [W1].
function same_cases() {
  const cases = (command, ...args) => {
    const { output } = run(command, [...args, '--list-test-cases', '-r=xml'], { silent: true });
    return new Set([...output.matchAll(/<TestCase name="([^"]*)" .*?filename="([^"]*)"/g)]
      .filter(([, , file]) => !/tests\/unit\/.*\/(native|web)\//.test(file)).map(([, name]) => name));
  };
  const [there, here] = [cases(`${debug}/core-tests`), cases('node', wasm)];
  const lonely = [...there].filter((name) => !here.has(name)).concat([...here].filter((name) => !there.has(name)));
  const bad = lonely.length > 0 || there.size === 0;
  console.log(`\n== unit: the same ${there.size} cases natively and in WebAssembly [W1]${bad ? ': FAILED' : ''}`);
  for (const name of lonely) console.log(`  only on one side: ${name}`);
  add('the same cases natively and in WebAssembly', { passed: bad ? 0 : 1, failed: bad ? 1 : 0, skipped: 0 });
}

const has = (folder) => existsSync(`${folder}/CMakeLists.txt`);
const debug = 'build/native-debug/bin';

const parts = {
  async unit() {
    const names = ['core-tests', ...(has('sync-server') ? ['server-tests'] : [])];
    const native = build('native-debug', ...names);
    const web = build('web-release', 'core-tests');
    await programs([
      ...(native ? names.map((name) => ({ name: `unit: ${name}, with sanitizers`, command: `${debug}/${name}` })) : []),
      ...(web ? [{ name: 'unit: core-tests in WebAssembly', command: 'node', args: [wasm] }] : []),
    ]);
    if (native && web) same_cases();
  },
  contracts() {
    const names = ['contract-tests', 'http-contracts'];
    if (!build('native-debug', ...names)) return;
    for (const name of names) program(`contracts: ${name}`, `${debug}/${name}`);
  },
  async simulation() {
    if (has('tests/simulation') && build('native-release', 'simulate')) {
      run('mkdir', ['-p', 'build/bin']);
      run('ln', ['-sf', '../native-release/bin/simulate', 'build/bin/simulate']);
      const simulate = (name, ...args) => program(name, 'build/bin/simulate', [...args, '--jobs', `${availableParallelism()}`]);
      simulate('simulation', '--seeds', '1..1000', '--steps', '400');
      simulate('simulation: seeds that failed once', '--regressions', 'tests/simulation/seeds.txt');
      simulate('simulation: every mistake is noticed', '--mutants', '--seeds', '1..100', '--steps', '400');
    }
    if (has('tests/faults') && build('native-release', 'fault-tests')) {
      await programs(files_named('native-release', /^[a-z]+-faults/)
        .map((command) => ({ name: `simulation: ${path.basename(command)}`, command })));
    }
  },
  fuzz() {
    if (!has('tests/fuzz')) return;
    if (build('native-fuzz', 'fuzzers')) program('fuzz', 'node', ['tests/fuzz.mjs']);
  },
  browser() {
    if (!existsSync('tests/browser/run.mjs')) return;
    const { ended } = run('./run', ['--build'], { minutes: 60 });
    if (ended) return add('./run --build', { passed: 0, failed: 1, skipped: 0 });
    program('browser', 'node', ['tests/browser/run.mjs']);
  },
  repo() {
    program('repo', 'node', ['tests/repo/run.mjs'], { minutes: 15 });
  },
  bench() {
    if (!has('tests/bench')) throw new Error('there is no tests/bench');
    const measure = (name, command, ...args) => {
      console.log(`\n== ${name}`);
      const { ended } = run(command, args, { minutes: 60 });
      add(name, { passed: ended ? 0 : 1, failed: ended ? 1 : 0, skipped: 0 });
    };
    if (build('native-release', 'benches')) {
      for (const file of files_named('native-release', /^bench-/)) measure(file, file);
    }
    const { ended } = run('./run', ['--build'], { minutes: 60 });
    if (ended) return add('./run --build', { passed: 0, failed: 1, skipped: 0 });
    measure('bench-browser', 'node', 'tests/bench/browser.mjs');
  },
};

const asked = process.argv[2] ?? 'all';
const chosen = asked === 'all' ? Object.keys(parts).filter((part) => part !== 'bench') : [asked];
const minutes = [];
for (const part of chosen) {
  const start = performance.now();
  await parts[part]();
  minutes.push(`${part} ${((performance.now() - start) / 60_000).toFixed(1)}`);
}
console.log(`\nMinutes, builds included: ${minutes.join(', ')}`);

if (failures.length) console.log(`\nFailed:\n  ${failures.join('\n  ')}`);
const skipped = total.skipped ? `, ${total.skipped} skipped` : '';
console.log(`\n${total.passed} passed, ${total.failed} failed${skipped}`);
process.exitCode = total.failed || total.passed === 0 ? 1 : 0;
