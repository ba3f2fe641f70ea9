// Reads how many tests passed out of what a test program printed: doctest's summary,
// node's, or a closing line "N passed, N failed[, N skipped]". The last one counts.
export function counts_of(output) {
  const text = output.replace(/\x1b\[[0-9;]*m/g, '');
  const doctest = [...text.matchAll(
    /^\[doctest\] test cases: +(\d+) \| +(\d+) passed \| +(\d+) failed \| +(\d+) skipped/gm)].at(-1);
  if (doctest) return numbers(doctest[2], doctest[3], doctest[4]);

  const plain = [...text.matchAll(/^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/gm)].at(-1);
  if (plain) return numbers(plain[1], plain[2], plain[3]);

  const node = (word) => [...text.matchAll(new RegExp(`^(?:#|ℹ) ${word} (\\d+)$`, 'gm'))].at(-1)?.[1];
  if (node('pass')) return numbers(node('pass'), node('fail'), node('skipped'));
  return null;
}

function numbers(passed, failed, skipped) {
  return { passed: Number(passed), failed: Number(failed), skipped: Number(skipped ?? 0) };
}
