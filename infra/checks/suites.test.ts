import { describe, expect, test } from 'vitest';
import { countTests, judge, suites } from './suites.ts';

describe('judge', () => {
  test('a suite in which no test ran fails', () => {
    expect(judge(countTests({}), 0, '')).toMatchObject({ passed: 0, failed: 1 });
  });

  test('a skipped test fails', () => {
    const report = { numPassedTests: 3, numFailedTests: 0, numPendingTests: 1, numTodoTests: 0 };
    expect(judge(countTests(report), 0, '')).toMatchObject({ passed: 3, failed: 1 });
  });

  test('a runner that failed although its tests passed fails', () => {
    expect(judge(countTests({ numPassedTests: 3 }), 1, '')).toMatchObject({ passed: 3, failed: 1 });
  });

  test('a journey that passed only on a second try fails', () => {
    const report = { stats: { expected: 4, unexpected: 0, flaky: 1, skipped: 0 } };
    expect(judge(countTests(report), 0, '')).toMatchObject({ passed: 4, failed: 1 });
  });

  test('what passed and failed is counted as the runner reports it', () => {
    expect(judge(countTests({ numPassedTests: 3, numFailedTests: 2 }), 1, '')).toMatchObject({ passed: 3, failed: 2 });
    expect(judge(countTests({ numPassedTests: 3 }), 0, '')).toMatchObject({ passed: 3, failed: 0 });
  });
});

test('every package is a suite, and the journeys come last', () => {
  expect(suites()).toEqual(expect.arrayContaining(['packages/domain', 'apps/api', 'infra']));
  expect(suites().at(-1)).toBe('e2e');
});
