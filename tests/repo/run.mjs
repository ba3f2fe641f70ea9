// Checks on the tree itself. Each check is one test: a function that returns the list of
// what is wrong, or { skipped: reason }.
import { checks as commands } from './commands.mjs';
import { checks as dependencies } from './dependencies.mjs';
import { checks as files } from './files.mjs';
import { checks as includes } from './includes.mjs';
import { checks as runner } from './runner.mjs';
import { checks as sqlite } from './sqlite_gate.mjs';
import { checks as style } from './style.mjs';

const kShown = 25;
const counts = { passed: 0, failed: 0, skipped: 0 };
const wanted = process.argv[2] ?? '';
for (const [name, check] of Object.entries({ ...includes, ...files, ...dependencies, ...sqlite, ...runner, ...commands, ...style })) {
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
