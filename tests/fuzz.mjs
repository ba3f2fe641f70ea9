// Runs every fuzzer for a while, from its kept corpus: tests/fuzz/corpus/NAME for the
// program fuzz-NAME; one fuzzer on each core. FUZZ_SECONDS, or else the argument, is the time
// of each. A finding is kept beside the corpus and printed with the command that replays it.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';

const bin = 'build/native-fuzz/bin';
const seconds = Number(process.env.FUZZ_SECONDS ?? process.argv[2] ?? 45);
let passed = 0;
let failed = 0;

function run(program, args) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const late = setTimeout(() => child.kill('SIGKILL'), (seconds + 120) * 1000);
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => { said += text; });
    child.on('error', (error) => { said += error.message; });
    child.on('close', (status) => { clearTimeout(late); resolve({ status, said }); });
  });
}

async function fuzz(file) {
  const name = file.slice('fuzz-'.length);
  const found = `build/native-fuzz/found/${name}`;
  const kept = `tests/fuzz/corpus/${name}`;
  mkdirSync(found, { recursive: true });
  const args = [`-max_total_time=${seconds}`, '-timeout=10', '-rss_limit_mb=2048', '-print_final_stats=1',
    '-verbosity=0', `-artifact_prefix=${found}/`, found, ...(existsSync(kept) ? [kept] : [])];
  const { status, said } = await run(`${bin}/${file}`, args);
  const runs = said.match(/stat::number_of_executed_units: *(\d+)/)?.[1] ?? '0';
  if (status === 0 && Number(runs) > 0) {
    passed += 1;
    console.log(`ok      ${file}: ${runs} runs in ${seconds} s`);
  } else {
    failed += 1;
    console.log(`${said.slice(-6000)}\nFAILED  ${file} after ${runs} runs; replay: ${bin}/${file} ${found}/<file>`);
  }
}

const waiting = readdirSync(bin).filter((name) => name.startsWith('fuzz-')).sort();
await Promise.all(Array.from({ length: availableParallelism() }, async () => {
  while (waiting.length) await fuzz(waiting.shift());
}));
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed || passed === 0 ? 1 : 0;
