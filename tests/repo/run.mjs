// Checks on the tree itself, one test each.
import { checks } from './checks.mjs';
import './includes.mjs';
import './batches.mjs';
import './files.mjs';
import './dependencies.mjs';
import './sqlite_gate.mjs';
import './runner.mjs';
import './commands.mjs';
import './style.mjs';

const kShown = 25;
const counts = { passed: 0, failed: 0, skipped: 0 };
const wanted = process.argv[2] ?? '';
for (const { name, check } of checks) {
  if (!name.includes(wanted)) continue;
  const result = await check();
  if (result.skipped) {
    counts.skipped += 1;
    console.log(`skipped  ${name}: ${result.skipped}`);
  } else if (result.length) {
    counts.failed += 1;
    console.log(`FAILED   ${name}`);
    for (const problem of result.slice(0, kShown)) console.log(`           ${problem}`);
    if (result.length > kShown) console.log(`           and ${result.length - kShown} more`);
  } else {
    counts.passed += 1;
    console.log(`ok       ${name}`);
  }
}
const skipped = counts.skipped ? `, ${counts.skipped} skipped` : '';
console.log(`${counts.passed} passed, ${counts.failed} failed${skipped}`);
process.exitCode = counts.failed || counts.passed === 0 ? 1 : 0;
