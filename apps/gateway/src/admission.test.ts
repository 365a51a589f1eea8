import { expect, test } from 'vitest';
import { Admission } from './admission.ts';

const MIB = 1024 * 1024;

test('messages wait in the order in which they came, and each is let in as soon as there is room for it', async () => {
  const admission = new Admission({ budgetBytes: 12 * MIB, patienceMilliseconds: 60_000 });
  const leaveFirst = await admission.enter(null);
  const admitted: string[] = [];
  const large = admission.enter(5 * MIB).then((leave) => {
    admitted.push('large');
    return leave;
  });
  const small = admission.enter(10).then((leave) => {
    admitted.push('small');
    return leave;
  });
  expect(admitted).toEqual([]);
  leaveFirst?.();
  const [leaveLarge, leaveSmall] = await Promise.all([large, small]);
  expect(admitted).toEqual(['large', 'small']);
  leaveLarge?.();
  leaveSmall?.();
  expect(await admission.enter(null)).toBeTypeOf('function');
});

test('who waits too long is turned away and does not stand in the way of those behind', async () => {
  const admission = new Admission({ budgetBytes: 13 * MIB, patienceMilliseconds: 20 });
  await admission.enter(null);
  const large = admission.enter(null);
  const small = admission.enter(10);
  expect(await large).toBeNull();
  expect(await small).toBeTypeOf('function');
});
