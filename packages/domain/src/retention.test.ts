import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { fewestDays, limitedOperations, rangesOf, readPlaces, retentionPolicy, writePlaces } from './retention.ts';

test('an operation that is named is kept as long as it says, every other as the rest; null is for ever', () => {
  expect(limitedOperations({ days: null, operations: {} })).toEqual([]);
  expect(limitedOperations({ days: null, operations: { LinkTouch: 30 } })).toEqual([{ operation: 'LinkTouch', days: 30 }]);
  const limited = limitedOperations({ days: 365, operations: { LinkTouch: 30, MessageRevoke: null } });
  expect(limited).toContainEqual({ operation: 'LinkTouch', days: 30 });
  expect(limited).toContainEqual({ operation: 'MessageAccess', days: 365 });
  expect(limited.map(({ operation }) => operation)).not.toContain('MessageRevoke');
});

test('of some operations the fewest days are told, and whether they count for all of them', () => {
  const some = ['MessageAccess', 'AttachmentDownload'] as const;
  expect(fewestDays({ days: null, operations: {} }, some)).toBeNull();
  expect(fewestDays({ days: null, operations: { LinkTouch: 30 } }, some)).toBeNull();
  expect(fewestDays({ days: 365, operations: { LinkTouch: 30 } }, some)).toEqual({ days: 365, isForAll: true });
  expect(fewestDays({ days: 365, operations: { MessageAccess: 30 } }, some)).toEqual({ days: 30, isForAll: false });
  expect(fewestDays({ days: 365, operations: { MessageAccess: null } }, some)).toEqual({ days: 365, isForAll: false });
  expect(fewestDays({ days: null, operations: { MessageAccess: null, AttachmentDownload: 7 } }, some)).toEqual({
    days: 7,
    isForAll: false,
  });
});

const messagesOf = (policy: unknown) => retentionPolicy.safeParse(policy).error?.issues.map(({ message }) => message);

test('days outside the limits, halves and unknown operations are refused in words', () => {
  expect(messagesOf({ days: 6, operations: {} })).toEqual(['must be 7 days at least, or null: kept for ever']);
  expect(messagesOf({ days: 36_501, operations: {} })).toEqual(['must be 36500 days at most, or null: kept for ever']);
  expect(messagesOf({ days: 7.5, operations: {} })).toHaveLength(1);
  expect(messagesOf({ days: 7, operations: { Nothing: 30 } })).toHaveLength(1);
  expect(messagesOf({ days: 7, operations: { LinkTouch: null } })).toBeUndefined();
});

test('places come back from their text, as the stretches that they make', () => {
  expect(writePlaces([0, 1, 2, 5, 7, 8])).toBe('0-2,5,7-8');
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat({ max: 300 }), { minLength: 1 }), (given) => {
      const places = given.toSorted((a, b) => a - b);
      const read = readPlaces(writePlaces(places));
      expect(read).toEqual(rangesOf(places));
      expect((read ?? []).flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_, index) => first + index))).toEqual(
        places,
      );
    }),
  );
});

test('a text that names no places, or one twice, or backwards, is none', () => {
  for (const text of ['', ' 1', '1,', '3-1', '1,1', '5,3', '1-3,2', '-1', 'a', '1e3']) expect(readPlaces(text), text).toBeNull();
});
