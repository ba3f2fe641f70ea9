// Runs the parts of ./test, counts what their own runners say, and closes with
// "N passed, N failed". A program that dies, hangs or runs no test counts as failed.
//
// First everything is built, then programs that use one core run side by side, then
// those that use all cores, one after another.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { counts_of, failures_of } from './count.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
process.chdir(root);
const cores = availableParallelism();
const total = { passed: 0, failed: 0, skipped: 0 };
const failures = [];

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
  if (!counts || ended || counts.failed > 0) failures.push(...failures_of(output).map((line) => `  ${line}`));
}

// Runs to the end; `shown` as it speaks, else its output is only returned.
function run(command, args, { minutes, shown }) {
  return new Promise((resolve) => {
    let output = '';
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'], timeout: minutes * 60_000, killSignal: 'SIGKILL' });
    child.stdout.setEncoding('utf8').on('data', (text) => {
      output += text;
      if (shown) process.stdout.write(text);
    });
    child.on('error', (error) => resolve({ output, ended: error.message }));
    child.on('close', (status, signal) => resolve({
      output,
      ended: signal === 'SIGKILL' ? `killed, as after ${minutes} minutes` : signal ? `ended by ${signal}` : status ? `exit code ${status}` : '',
    }));
  });
}

// A build is one failed test when it does not work, and what needs it is left out.
function build(preset, targets) {
  const { status } = spawnSync('cmake/build', [preset, ...targets], { stdio: 'inherit', timeout: 3_600_000, killSignal: 'SIGKILL' });
  if (status !== 0) add(`build of ${preset}: ${targets.join(' ')}`, { passed: 0, failed: 1, skipped: 0 });
  return status === 0;
}

const debug = 'build/native-debug/bin';
const wasm = 'build/web-release/bin/core-tests.js';
const files_named = (preset, pattern) => readdirSync(`build/${preset}/bin`)
  .filter((file) => pattern.test(file)).sort().map((file) => `build/${preset}/bin/${file}`);

// One core: what is tested natively is tested in WebAssembly too, but for what lies in a
// folder native/ or web/ [W1].
async function same_cases() {
  const cases = async (command, ...args) => {
    const { output } = await run(command, [...args, '--list-test-cases', '-r=xml'], { minutes: 5 });
    return new Set([...output.matchAll(/<TestCase name="([^"]*)" .*?filename="([^"]*)"/g)]
      .filter(([, , file]) => !/tests\/unit\/.*\/(native|web)\//.test(file)).map(([, name]) => name));
  };
  const [there, here] = [await cases(`${debug}/core-tests`), await cases('node', wasm)];
  const lonely = [...there].filter((name) => !here.has(name)).concat([...here].filter((name) => !there.has(name)));
  const wrong = lonely.length > 0 || there.size === 0 ? 1 : 0;
  return [`${there.size} natively`, ...lonely.map((name) => `only on one side: ${name}`), `${1 - wrong} passed, ${wrong} failed`].join('\n');
}

// Linking the app takes one core half a minute: other programs use the second one meanwhile.
const app = { name: './run --build', command: './run', args: ['--build'], minutes: 60, prepares: true };

// Every part: what it builds, as [preset, targets], and then the programs that it runs.
//   command, args   what is run; or check(), which returns what such a program would print
//   wide            it uses all cores by itself
//   measures        it counts no tests; ending well is enough
//   prepares        it is no test; what comes `after` it is left out when it fails
const parts = {
  browser: {
    builds: [],
    programs: () => [
      app,
      { name: 'browser', command: 'node', args: ['tests/browser/run.mjs'], wide: true, after: app.name },
    ],
  },
  simulation: {
    builds: [['native-release', ['simulate', 'simulate-mutants', 'fault-tests']]],
    programs() {
      mkdirSync('build/bin', { recursive: true });
      for (const program of ['simulate', 'simulate-mutants']) spawnSync('ln', ['-sf', `../native-release/bin/${program}`, `build/bin/${program}`]);
      const over = (command, name, ...args) => ({ name, command, args: [...args, '--jobs', `${cores}`], wide: true });
      const simulate = (...args) => over('build/bin/simulate', ...args);
      return [
        ...files_named('native-release', /^[a-z]+-faults/).reverse().map((command) => ({ name: path.basename(command), command })),
        simulate('simulation', '--seeds', '1..10000', '--steps', '400'),
        simulate('simulation: seeds that failed once', '--regressions', 'tests/simulation/seeds.txt'),
        simulate('simulation: everything in a small scope', '--exhaustive', ...(asked === 'simulation' ? [] : ['--brief'])),
        over('build/bin/simulate-mutants', 'simulation: every mistake is noticed', '--mutants', '--seeds', '1..500', '--steps', '400'),
      ];
    },
  },
  contracts: {
    builds: [['native-debug', ['contract-tests', 'http-contracts', 'postgres-contracts']]],
    programs: () => ['http-contracts', 'postgres-contracts', 'contract-tests'].map((name) => ({ name: `contracts: ${name}`, command: `${debug}/${name}` })),
  },
  unit: {
    builds: [['native-debug', ['core-tests', 'server-tests']], ['web-release', ['core-tests']]],
    programs: () => [
      { name: 'unit: core-tests in WebAssembly', command: 'node', args: [wasm] },
      { name: 'unit: core-tests, with sanitizers', command: `${debug}/core-tests` },
      { name: 'unit: server-tests, with sanitizers', command: `${debug}/server-tests` },
      { name: 'unit: the same cases natively and in WebAssembly [W1]', check: same_cases },
    ],
  },
  fuzz: {
    builds: [['native-fuzz', ['fuzzers']]],
    // Minutes when asked for by name; a look at each decoder in a whole run.
    programs: () => [{ name: 'fuzz', command: 'node', args: ['tests/fuzz.mjs', ...(asked === 'fuzz' ? [] : ['10'])], wide: true }],
  },
  repo: {
    builds: [],
    programs: () => [{ name: 'repo', command: 'node', args: ['tests/repo/run.mjs'], wide: true }],
  },
  // Seconds of each kind of load: that nothing is lost and all are served, not how fast.
  load: {
    builds: [['native-release', ['bench-load']]],
    programs() {
      const load = (name, ...args) => ({ name, command: 'build/native-release/bin/bench-load', args: ['--tablets', '210', '--customers', '5', ...args], wide: true, measures: true, minutes: 5 });
      const everywhere = (name, ...args) => [load(name, ...args), load(`${name}, two servers over PostgreSQL`, ...args, '--store', 'postgresql', '--processes', '2')];
      return [
        ...everywhere('load: a morning storm, and every tablet is served [T51]', '--only', 'storm', '--window', '2', '--pull', '40'),
        ...everywhere('load: batches of a hundred, and each commit is there once [T53]', '--only', 'ingest', '--day', '3'),
        ...everywhere('load: a branch gets its tablets, and each has all customers', '--only', 'join', '--join', '40'),
      ];
    },
  },
  failover: {
    builds: [['native-release', ['failover-tests']]],
    programs: () => [{ name: 'failover', command: 'build/native-release/bin/failover-tests', wide: true, minutes: 60 }],
  },
  bench: {
    builds: [['native-release', ['benches']]],
    programs: () => [
      app,
      ...files_named('native-release', /^bench-/).map((command) => ({ name: path.basename(command), command, wide: true, measures: true, minutes: 60 })),
      { name: 'bench-browser', command: 'node', args: ['tests/bench/browser.mjs'], after: app.name, wide: true, measures: true, minutes: 60 },
    ],
  },
};

const broken = new Set();
async function perform({ name, command, args = [], check, minutes = 20, measures, prepares, after }, shown) {
  if (broken.has(after)) return;
  if (shown) console.log(`\n== ${name}`);
  const result = check ? { output: await check(), ended: '' } : await run(command, args, { minutes, shown });
  if (!shown) console.log(`\n== ${name}\n${result.output}`);
  else if (check) console.log(result.output);
  if (prepares) {
    if (result.ended) broken.add(name);
    add(name, { passed: 0, failed: result.ended ? 1 : 0, skipped: 0 });
  } else if (measures) add(name, { passed: result.ended ? 0 : 1, failed: result.ended ? 1 : 0, skipped: 0 });
  else count(name, result);
}

const asked = process.argv[2] ?? 'all';
const chosen = Object.entries(parts).filter(([name]) => (asked === 'all' ? !['bench', 'failover'].includes(name) : name === asked)).map(([, part]) => part);
const minutes = [];
async function timed(what, work) {
  const start = performance.now();
  await work();
  minutes.push(`${what} ${((performance.now() - start) / 60_000).toFixed(1)}`);
}

const ready = [];
await timed('builds', () => {
  for (const { builds, programs } of chosen) {
    if (builds.every(([preset, targets]) => build(preset, targets))) ready.push(...programs());
  }
});
const narrow = ready.filter(({ wide }) => !wide);
if (narrow.length > 0) {
  await timed('programs on one core', () => Promise.all(Array.from({ length: cores }, async () => {
    while (narrow.length > 0) await perform(narrow.shift(), false);
  })));
}
for (const program of ready.filter(({ wide }) => wide)) {
  await timed(program.name, () => perform(program, true));
}
console.log(`\nMinutes: ${minutes.join(', ')}`);

if (failures.length) console.log(`\nFailed:\n  ${failures.join('\n  ')}`);
const skipped = total.skipped ? `, ${total.skipped} skipped` : '';
console.log(`\n${total.passed} passed, ${total.failed} failed${skipped}`);
process.exitCode = total.failed || total.passed === 0 ? 1 : 0;
