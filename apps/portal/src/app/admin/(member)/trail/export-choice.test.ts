import { expect, test } from 'vitest';
import { exportForms, exportQueryOf, exportRefusalOf } from './export-choice.ts';

test('each form is asked for as the api knows it, and no other one', () => {
  expect(exportForms.map(exportQueryOf)).toEqual([
    { format: 'ndjson' },
    { format: 'csv' },
    { format: 'm365' },
    { format: 'm365', include: 'all' },
  ]);
  expect([exportQueryOf('xml'), exportQueryOf(undefined)]).toEqual([null, null]);
});

test('a refusal that has no word of its own is still said', () => {
  expect([undefined, 'forbidden', 'made_up'].map(exportRefusalOf)).toEqual([undefined, 'forbidden', 'other']);
});
