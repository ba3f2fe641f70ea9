// ./test counts what others print: the counting has tests of its own.
import { counts_of, failures_of } from '../count.mjs';
import { test } from './checks.mjs';

const same = (output, passed, failed, skipped) => {
  const counts = counts_of(output);
  const wanted = passed === null ? null : { passed, failed, skipped };
  return JSON.stringify(counts) === JSON.stringify(wanted) ? [] : [`${JSON.stringify(output)} was read as ${JSON.stringify(counts)}`];
};

test('the summaries of doctest, node and our own programs are counted', () => {
  return [
    ...same('[doctest] test cases:  7 |  5 passed | 2 failed | 1 skipped\n', 5, 2, 1),
    ...same('\x1b[0;36m[doctest] \x1b[0mtest cases:  7 | \x1b[0;32m 7 passed\x1b[0m | \x1b[0m0 failed\x1b[0m | \x1b[0m0 skipped\x1b[0m\n', 7, 0, 0),
    ...same('1 passed, 0 failed\nmore\n12 passed, 3 failed, 2 skipped\n', 12, 3, 2),
    ...same('# tests 4\n# pass 3\n# fail 1\n# skipped 0\n', 3, 1, 0),
    ...same('ℹ pass 3\nℹ fail 0\nℹ skipped 1\n', 3, 0, 1),
    ...same('all is well\n', null),
    ...same('it says: 3 passed, 0 failed\n', null),
  ];
});

test('what failed is told again at the end, however it was said', () => {
  const told = (output, ...wanted) => {
    const lines = failures_of(output, 2);
    return JSON.stringify(lines) === JSON.stringify(wanted) ? [] : [`${JSON.stringify(output)} was told as ${JSON.stringify(lines)}`];
  };
  return [
    ...told('/a/b_test.cpp:7:\nTEST CASE:  it holds\n\n/a/b_test.cpp:9: \x1b[31mERROR\x1b[0m: CHECK( x ) is NOT correct!\n',
      'it holds: b_test.cpp:9: CHECK( x ) is NOT correct!'),
    ...told('✖ it opens (3ms)\n✔ it closes (3ms)\n✖ failing tests:\n✖ it opens (3ms)\n', '✖ it opens (3ms)'),
    ...told('FAILED seed 7: lost\nFAILED seed 8: lost\nFAILED seed 9: lost\n', 'FAILED seed 7: lost', 'FAILED seed 8: lost', 'and 1 more'),
    ...told('it did not fail\n'),
  ];
});
