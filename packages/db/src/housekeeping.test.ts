import { randomBytes, randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { ensureAuditPartitions, removeExpiredRows } from './housekeeping.ts';
import { sweepAlone } from './sweep-lock.ts';
import { openTestDatabase } from './testing/test-database.ts';

test('sessions that were over a day ago are removed, and later ones stay', async () => {
  const { system } = await openTestDatabase();
  for (const age of ['25 hours', '23 hours', '-1 hour']) {
    await system.query(
      `insert into recipient_session (organization_id, id, address_key, method, token_hash, created_at, expires_at)
       values ($1, $2, 'bob@example.net', 'OTP', $3, clock_timestamp() - interval '2 days', clock_timestamp() - $4::interval)`,
      [randomUUID(), randomUUID(), randomBytes(32), age],
    );
  }

  expect(await removeExpiredRows(system)).toBe(1);

  expect(await system.query('select 1 from recipient_session')).toHaveLength(2);
});

test('the audit partitions of this month and the next three are there, and making them again does nothing', async () => {
  const { system } = await openTestDatabase();
  await ensureAuditPartitions(system);
  await ensureAuditPartitions(system);

  const months = await system.query<{ name: string }>(
    "select 'audit_entry_' || to_char((now() + m * interval '1 month') at time zone 'UTC', 'YYYYMM') as name from generate_series(0, 3) m",
  );
  for (const { name } of months) expect(await system.query('select to_regclass($1)::text as name', [name])).toEqual([{ name }]);
});

test('a sweep that another process is at is not begun', async () => {
  const { system } = await openTestDatabase();
  const inner = await sweepAlone(system, 1, () => sweepAlone(system, 1, async () => 'swept'));
  expect(inner).toBeNull();
  expect(await sweepAlone(system, 1, async () => 'swept')).toBe('swept');
});
