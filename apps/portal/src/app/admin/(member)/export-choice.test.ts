import { expect, test } from 'vitest';
import { exportRefusalOf, recordFormOf, recordForms, trailFormOf, trailForms } from './export-choice.ts';

test('each form is asked for as the api knows it, and no other one', () => {
  expect(trailForms.map(trailFormOf)).toEqual([
    { format: 'ndjson' },
    { format: 'csv' },
    { format: 'm365' },
    { format: 'm365', include: 'all' },
  ]);
  expect(recordForms.map(recordFormOf)).toEqual([{ format: 'ndjson' }, { format: 'csv' }]);
  expect([trailFormOf('xml'), trailFormOf(undefined)]).toEqual([null, null]);
  expect([recordFormOf('m365'), recordFormOf(undefined)]).toEqual([null, null]);
});

test('a refusal that has no word of its own is still said', () => {
  expect([undefined, 'forbidden', 'made_up'].map(exportRefusalOf)).toEqual([undefined, 'forbidden', 'other']);
});
