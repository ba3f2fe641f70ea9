// Runs every fuzzer for a while, from its kept corpus: tests/fuzz/corpus/NAME for the
// program fuzz-NAME. FUZZ_SECONDS is the time of each. A finding is kept beside the
// corpus and printed with the command that replays it.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';

const bin = 'build/native-fuzz/bin';
const seconds = Number(process.env.FUZZ_SECONDS ?? 60);
let passed = 0;
let failed = 0;
for (const file of readdirSync(bin).filter((name) => name.startsWith('fuzz-')).sort()) {
  const name = file.slice('fuzz-'.length);
  const found = `build/native-fuzz/found/${name}`;
  const kept = `tests/fuzz/corpus/${name}`;
  mkdirSync(found, { recursive: true });
  const args = [`-max_total_time=${seconds}`, '-timeout=10', '-rss_limit_mb=2048', '-print_final_stats=1',
    '-verbosity=0', `-artifact_prefix=${found}/`, found, ...(existsSync(kept) ? [kept] : [])];
  const result = spawnSync(`${bin}/${file}`, args, {
    encoding: 'utf8', maxBuffer: 1 << 28, timeout: (seconds + 120) * 1000, killSignal: 'SIGKILL',
  });
  const said = `${result.stdout}${result.stderr}`;
  const runs = said.match(/stat::number_of_executed_units: *(\d+)/)?.[1] ?? '0';
  if (result.status === 0 && Number(runs) > 0) {
    passed += 1;
    console.log(`ok      ${file}: ${runs} runs in ${seconds} s`);
  } else {
    failed += 1;
    console.log(`${said.slice(-6000)}\nFAILED  ${file} after ${runs} runs; replay: ${bin}/${file} ${found}/<file>`);
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed || passed === 0 ? 1 : 0;
