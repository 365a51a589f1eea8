import { describe, expect, it } from 'vitest';
import { median, percentile } from './measurement.ts';
import { tableOf } from './report.ts';

describe('figures', () => {
  it('take the middle one, and the mean of two where the count is even', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([4, 1, 2, 9])).toBe(3);
    expect(median([7])).toBe(7);
  });

  it('give the smallest value that so many percent do not exceed', () => {
    const values = Array.from({ length: 200 }, (_, index) => 200 - index);
    expect(percentile(values, 99)).toBe(198);
    expect(percentile([3, 1, 2], 99)).toBe(3);
  });

  it('are no figures where nothing was measured', () => {
    expect(() => median([])).toThrow('Nothing was measured.');
  });
});

describe('the table', () => {
  it('says beside each figure its reference, their ratio, and whether the goal is met', () => {
    const table = tableOf([
      {
        row: 'P4',
        failure: null,
        loadAverageBefore: 0,
        measurements: [
          {
            row: 'P4',
            what: 'accept',
            unit: 'messages/s',
            ours: 30,
            runs: [30],
            reference: { what: 'Postfix', median: 120, runs: [120] },
            goal: { words: '≥ 0.3', met: false },
            notes: [],
          },
        ],
      },
    ]);
    expect(
      table
        .split('\n')[2]
        ?.split('|')
        .map((cell) => cell.trim()),
    ).toEqual(['', 'P4', 'accept', '30.0 messages/s', '120 (Postfix)', '0.250', '≥ 0.3', 'no', '']);
  });

  it('shows a row that could not be measured as a goal that is not met', () => {
    const table = tableOf([{ row: 'P4', failure: 'no Postfix\n    at once', loadAverageBefore: 0, measurements: [] }]);
    expect(table.split('\n')[2]).toMatch(/^\| P4 +\| could not be measured: no Postfix +\|.*\| no +\|$/);
  });
});
