// bench-browser: the real app in Chromium on the real server. What a person waits for and what a
// tablet must have: download, start, unlocking, first sync, saving, memory.
//
//   node tests/bench/browser.mjs [--customers 2000|50000] [--only officer|everybody] [--rounds N] [--json FILE]
//
// The graphics are software's here (SwiftShader), so times that end with a drawn frame are longer
// than on a tablet. Prints one table; asserts that what it measured is there, never a time.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { cpus, loadavg, tmpdir, totalmem } from 'node:os';
import path from 'node:path';
import { PASSPHRASE, firstSyncDone, go } from '../browser/bank.mjs';
import { openDevice, root, startServer } from '../browser/harness.mjs';

const PORT = 8096;
const OFFICER = '2101';
const HEADQUARTERS = '1001';
const program = process.env.BANYAN_SERVER ?? path.join(root, 'build/bin/banyan-server');
const web = process.env.BANYAN_WEB ?? path.join(root, 'build/web');

const options = { customers: '50000', rounds: '3', only: '' };
for (let i = 2; i < process.argv.length; i += 2) {
  const name = process.argv[i].replace(/^--/, '');
  if (!['customers', 'rounds', 'only', 'json'].includes(name) || process.argv[i + 1] === undefined) {
    console.error('browser.mjs [--customers 2000|50000] [--only officer|everybody] [--rounds N] [--json FILE]');
    process.exit(2);
  }
  options[name] = process.argv[i + 1];
}
const size = Number(options.customers) <= 2000 ? 'small' : 'county';

// The smallest of all rounds for times; every figure by its name.
const figures = new Map();
function figure(what, value, unit) {
  const before = figures.get(what)?.value ?? Infinity;
  figures.set(what, { value: Math.min(before, value), unit });
}
const since = (start) => performance.now() - start;

// ---- memory of the page and its worker

// Proportional memory of the process that runs the page, its worker and the service worker. The
// browser has other renderers of its own: one for the next address, one for what frames the page.
function renderer_mib(device) {
  const own = (line) => line.includes('--type=renderer') && line.includes(device.profile);
  const pids = execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' }).split('\n').filter(own).map((line) => line.trim().split(/\s+/)[0]);
  const runs_worker = (pid) => /^DedicatedWorker/m.test(execFileSync('ps', ['-T', '-p', pid, '-o', 'comm='], { encoding: 'utf8' }));
  const pages = pids.filter(runs_worker);
  if (pages.length !== 1) throw new Error(`${pages.length} of ${pids.length} renderers run a worker`);
  return Number(readFileSync(`/proc/${pages[0]}/smaps_rollup`, 'utf8').match(/^Pss:\s+(\d+)/m)[1]) / 1024;
}

async function memory(device, whose) {
  const { memory: heap } = await device.stats();
  figure(`${whose}: WebAssembly memory`, heap / (1 << 20), 'MiB');
  const script = await device.page.evaluate(() => performance.memory?.usedJSHeapSize ?? 0);
  figure(`${whose}: JavaScript heap of the page`, script / (1 << 20), 'MiB');
  figure(`${whose}: the tab's process`, renderer_mib(device), 'MiB');
}

// ---- what comes over the wire, as it was sent

// Of the page and its workers; the service worker's own requests are not among them.
function count_bytes(device) {
  const finished = [];
  device.context.on('requestfinished', (request) => { finished.push(request.sizes()); });
  return async () => {
    const sizes = await Promise.all(finished);
    return sizes.reduce((sum, size) => sum + size.responseBodySize + size.responseHeadersSize, 0);
  };
}

// Of one file's body, as the server sends it to a browser.
function sent_bytes(url) {
  return new Promise((resolve, reject) => {
    get(url, { headers: { 'Accept-Encoding': 'br' } }, (answer) => {
      if (answer.statusCode !== 200) reject(new Error(`${url}: ${answer.statusCode}`));
      let bytes = 0;
      answer.on('data', (part) => { bytes += part.length; });
      answer.on('end', () => resolve(bytes));
    }).on('error', reject);
  });
}

async function measure_download(url) {
  const device = await openDevice({});
  device.url = url;
  const received = count_bytes(device);
  const start = performance.now();
  await device.open();
  figure('first visit until the app is drawn', since(start), 'ms');
  figure('first visit until the app is drawn, received', (await received()) / 1e6, 'MB');
  // The service worker fetches the rest for the day without network; the sizes are the server's.
  await device.page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
  const stored = await device.page.evaluate(async () => {
    const names = [];
    for (const cache of await caches.keys()) {
      for (const request of await (await caches.open(cache)).keys()) names.push(request.url);
    }
    return names;
  });
  if (stored.length === 0) throw new Error('the service worker has kept nothing');
  let bytes = 0;
  for (const file of new Set(stored)) bytes += await sent_bytes(file);
  figure('everything that works offline, as sent (brotli)', bytes / 1e6, 'MB');
  await device.close();
}

// ---- a tablet's day

async function enrol(server, data, staff, whose) {
  const said = execFileSync(program, ['enrol', '--user', staff, '--data', data], { encoding: 'utf8' });
  const profile = mkdtempSync(path.join(tmpdir(), 'banyan-bench-'));
  const device = await openDevice({ url: server.url, profile, ratio: 1, route: said.match(/#enrol=\S+/)[0] });
  device.profile = profile;
  await device.type('textbox', '设一个口令', PASSPHRASE);
  await device.type('textbox', '再输一遍', PASSPHRASE);
  const start = performance.now();
  await device.tap('button', '加入');
  await device.see('button', '全部已发', 600_000);
  figure(`${whose}: joining until the first screen`, since(start), 'ms');
  await firstSyncDone(device, 1_200_000);
  figure(`${whose}: joining until the first sync is complete`, since(start), 'ms');
  return device;
}

// Nothing from the network: the service worker's files, then the passphrase.
async function measure_start(device, whose) {
  await device.offline();
  const start = performance.now();
  await device.page.reload();
  await device.ready();
  figure(`${whose}: start from cache until it asks for the passphrase`, since(start), 'ms');
  await device.type('textbox', '口令', PASSPHRASE);
  const unlocking = performance.now();
  await device.tap('button', '解锁');
  await device.gone('textbox', '口令', 60_000);
  figure(`${whose}: unlocking until the first screen`, since(unlocking), 'ms');
  await device.offline(false);
}

async function measure_person(server, data, staff, whose) {
  const device = await enrol(server, data, staff, whose);
  try {
    await go(device, '#/customers');
    await measure_start(device, whose);
    await device.settled();
    await memory(device, whose);
  } finally {
    await device.close();
    rmSync(device.profile, { recursive: true, force: true });
  }
}

const data = mkdtempSync(path.join(tmpdir(), 'banyan-bench-bank-'));
let server;
try {
  execFileSync(program, ['demo', size, '--data', data], { stdio: 'ignore' });
  server = await startServer({ program, port: PORT, answers: '/readyz',
    args: ['serve', '--port', String(PORT), '--data', data, '--web', web] });
  for (let round = 1; round <= Number(options.rounds); round += 1) {
    console.error(`round ${round} of ${options.rounds}`);
    if (!options.only) await measure_download(server.url);
    if (options.only !== 'everybody') await measure_person(server, data, OFFICER, 'an officer');
    if (options.only !== 'officer') await measure_person(server, data, HEADQUARTERS, 'headquarters, everybody');
  }
} catch (error) {
  console.error(error);
  process.exitCode = 1;  // what was measured before is still printed
} finally {
  await server?.stop();
  rmSync(data, { recursive: true, force: true });
}

const machine = `${cpus()[0].model}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB`;
console.log(`bench-browser, demo bank ${size}, on ${machine}, load ${loadavg()[0].toFixed(1)}\n`);
for (const [what, { value, unit }] of figures) console.log(`  ${what.padEnd(62)} ${value.toFixed(2).padStart(10)} ${unit}`);
if (options.json) {
  const lines = [...figures].map(([what, { value, unit }]) => ({ what, value, unit }));
  writeFileSync(options.json, `${JSON.stringify({ name: 'bench-browser', machine, load: loadavg()[0], lines }, null, 1)}\n`);
}
