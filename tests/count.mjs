// Reads how many tests passed out of what a test program printed: doctest's summary,
// node's, or a closing line "N passed, N failed[, N skipped]". The last one counts.
export function counts_of(output) {
  const text = without_colours(output);
  const doctest = [...text.matchAll(
    /^\[doctest\] test cases: +(\d+) \| +(\d+) passed \| +(\d+) failed \| +(\d+) skipped/gm)].at(-1);
  if (doctest) return numbers(doctest[2], doctest[3], doctest[4]);

  const plain = [...text.matchAll(/^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/gm)].at(-1);
  if (plain) return numbers(plain[1], plain[2], plain[3]);

  const node = (word) => [...text.matchAll(new RegExp(`^(?:#|ℹ) ${word} (\\d+)$`, 'gm'))].at(-1)?.[1];
  if (node('pass')) return numbers(node('pass'), node('fail'), node('skipped'));
  return null;
}

// What such a program printed about its failures, at most `most` lines: whoever reads only the
// end of a long log still learns which promise broke, and where.
export function failures_of(output, most = 8) {
  const text = without_colours(output);
  const said = new Set();
  let where = '';
  for (const line of text.split('\n')) {
    const begins = line.match(/^TEST CASE: +(.*)/);
    if (begins) where = begins[1];
    const [, file, what] = line.match(/^(?:.*\/)?([^/]+:\d+): (?:FATAL )?ERROR: (.*)/) ?? [];
    if (what) said.add(`${where}: ${file}: ${what}`);
    else if (/^(?:✖ (?!failing tests)|not ok \d|FAILED )/.test(line)) said.add(line);
  }
  const lines = [...said];
  return lines.length > most ? [...lines.slice(0, most), `and ${lines.length - most} more`] : lines;
}

const without_colours = (output) => output.replace(/\x1b\[[0-9;]*m/g, '');

function numbers(passed, failed, skipped) {
  return { passed: Number(passed), failed: Number(failed), skipped: Number(skipped ?? 0) };
}
