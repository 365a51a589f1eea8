import { randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { newId } from './database.ts';
import { removeExpiredRows } from './housekeeping.ts';
import { putMemberLink } from './member-link.ts';
import { addMemberMail } from './member-mail.ts';
import { setMember } from './organization.ts';
import { listTrouble, reviveRows } from './outbox-trouble.ts';
import { sweepAlone } from './sweep-lock.ts';
import { seedOrganization } from './testing/seed-organization.ts';
import { asSuperuser, openTestDatabase } from './testing/test-database.ts';

const createKey = async () => ({ keyId: newId(), providerKeyId: 'test', wrappedKey: randomBytes(8) });
const actor = { kind: 'system', id: null, address: null } as const;

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

test('downloads that ended a day ago are removed; later ones stay, and those that did not end, however long ago they began', async () => {
  const { system } = await openTestDatabase();
  for (const age of ['25 hours', '23 hours', null]) {
    await system.query(
      `insert into attachment_download (organization_id, id, recipient_id, session_id, part, size, started_at, ended_at)
       values ($1, $2, $3, $4, '2', 10, clock_timestamp() - interval '9 days', clock_timestamp() - $5::interval)`,
      [randomUUID(), randomUUID(), randomUUID(), randomUUID(), age],
    );
  }
  expect(await removeExpiredRows(system)).toBe(1);
  expect(await system.query('select from attachment_download')).toHaveLength(2);
});

/** A link and an unconfirmed app that were over so long ago. */
const rows = (age: string) => `
  insert into member_link (organization_id, id, member_id, purpose, token_hash, created_at, expires_at)
    values (gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'invitation', decode(repeat(md5(random()::text), 2), 'hex'), now(), now() - interval '${age}');
  insert into member_totp (organization_id, member_id, state, id, organization_key_id, sealed_secret, created_at, expires_at)
    values (gen_random_uuid(), gen_random_uuid(), 'pending', gen_random_uuid(), gen_random_uuid(), '', now(), now() - interval '${age}');`;

test('a member’s links and unconfirmed apps that were over a day ago are removed; later ones and confirmed apps stay', async () => {
  const { system, url } = await openTestDatabase();
  const confirmed = `insert into member_totp (organization_id, member_id, state, id, organization_key_id, sealed_secret, created_at, expires_at)
      values (gen_random_uuid(), gen_random_uuid(), 'confirmed', gen_random_uuid(), gen_random_uuid(), '', now() - interval '9 days', null);`;
  // Without regard to foreign keys: what matters here is their age.
  await asSuperuser(url, `set session_replication_role = replica; ${rows('25 hours')} ${rows('23 hours')} ${confirmed}`);
  expect(await removeExpiredRows(system)).toBe(2);
  expect(await system.query('select from member_link')).toHaveLength(1);
  expect(await system.query('select from member_totp')).toHaveLength(2);
});

test('alerts that are over are forgotten after 400 days and open ones never; a reader of the log that came no more after thirty', async () => {
  const { system } = await openTestDatabase();
  for (const over of ['401 days', '399 days', null]) {
    await system.query(
      `insert into alert (organization_id, id, kind, subject, count, first_seen, last_seen, resolved_at)
       values ($1, $2, 'trackingOff', 'tracking', 1, now() - interval '900 days', now() - interval '800 days', now() - $3::interval)`,
      [randomUUID(), randomUUID(), over],
    );
  }
  for (const age of ['31 days', '29 days']) {
    await system.query(
      `insert into feed_reader (organization_id, api_key_id, next_index, first_read_at, moved_at, read_at)
       values ($1, $2, 1, now() - interval '90 days', now() - $3::interval, now() - $3::interval)`,
      [randomUUID(), randomUUID(), age],
    );
  }
  expect(await removeExpiredRows(system)).toBe(2);
  expect(await system.query("select resolved_at < now() - interval '400 days' as old from alert order by resolved_at nulls last")).toEqual([
    { old: false },
    { old: null },
  ]);
  expect(await system.query("select read_at > now() - interval '30 days' as recent from feed_reader")).toEqual([{ recent: true }]);
});

test('a sweep that another process is at is not begun', async () => {
  const { system } = await openTestDatabase();
  const inner = await sweepAlone(system, 1, () => sweepAlone(system, 1, async () => 'swept'));
  expect(inner).toBeNull();
  expect(await sweepAlone(system, 1, async () => 'swept')).toBe('swept');
});

async function worldOf() {
  const database = await openTestDatabase();
  const organization = await seedOrganization(database, { createKey, domain: 'acme.example' });
  const scope = database.forOrganization(organization.id);
  const memberId = await scope.administer((tx) => setMember(tx, { email: 'bob@acme.example', role: 'auditor', passwordHash: 'none' }));
  const link = async (seconds: number) => {
    const id = newId();
    await scope.transaction((tx) => putMemberLink(tx, { id, memberId, purpose: 'password-reset', tokenHash: randomBytes(32), seconds }));
    return id;
  };
  /** A mail to the member that died so long ago. */
  const dead = (age: string, linkId: string | null = null, to = memberId) =>
    scope.transaction(async (tx) => {
      const about = { memberId: to, clientIp: null, userAgent: null };
      const sealed = linkId === null ? {} : { link: { id: linkId, sealedToken: '' } };
      await addMemberMail(tx, { ...about, ...sealed, mail: linkId === null ? 'passkey-added' : 'password-reset' });
      await tx.query('update outbox set dead_at = clock_timestamp() - $1::interval, attempts = 20 where dead_at is null', [age]);
    });
  const revivable = async () =>
    (await listTrouble(scope, { state: 'dead' }, { limit: 9, below: null })).items.map((row) => row.isRevivable);
  return { system: database.system, scope, link, dead, revivable };
}

describe('mail that was given up', () => {
  test('to a member can be tried again while its link is good, and goes a day later once it is not', async () => {
    const { system, scope, link, dead, revivable } = await worldOf();
    await dead('25 hours', await link(3600));
    expect(await revivable()).toEqual([true]);
    expect(await removeExpiredRows(system)).toBe(0);

    await link(3600);
    expect(await revivable()).toEqual([false]);
    expect(await scope.transaction((tx) => reviveRows(tx, 9, actor))).toEqual({ revived: 0, remaining: 0 });
    expect(await removeExpiredRows(system)).toBe(1);
    await dead('23 hours', newId());
    expect(await removeExpiredRows(system)).toBe(0);
  });

  test('to a member is tried again from its first attempt on', async () => {
    const { system, scope, link, dead } = await worldOf();
    await dead('1 hour', await link(3600));
    expect(await scope.transaction((tx) => reviveRows(tx, 9, actor))).toEqual({ revived: 1, remaining: 0 });
    expect(await system.query('select attempts, dead_at from outbox')).toEqual([{ attempts: 0, dead_at: null }]);
  });

  test('a notice to a member goes after thirty days, and after one where the member is gone', async () => {
    const { system, dead, revivable } = await worldOf();
    await dead('29 days');
    expect(await revivable()).toEqual([true]);
    expect(await removeExpiredRows(system)).toBe(0);
    await dead('31 days');
    await dead('25 hours', null, newId());
    expect(await removeExpiredRows(system)).toBe(2);
  });
});
