import { randomUUID } from 'node:crypto';
import { logEntryOf } from '@signet/domain/audit/canonical-form';
import { auditEvent, type AuditEvent } from '@signet/domain/audit/entry';
import { anyAuditEntry } from '@signet/domain/testing/arbitraries';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { appendAuditEvents } from './audit.ts';
import { auditEntryColumns, auditEntryFromRow, type AuditEntryRow } from './audit-entry-row.ts';
import { ingestAuditEvents } from './ingest.ts';
import { asSuperuser, openTestDatabase } from './testing/test-database.ts';

function eventOf(organizationId: string, change: Partial<AuditEvent> = {}): AuditEvent {
  return {
    id: randomUUID(),
    version: 1,
    source: 'signet',
    operation: 'MessageSend',
    creationTime: new Date().toISOString(),
    organizationId,
    messageId: '<a@acme.example>',
    messageUid: randomUUID(),
    recipients: ['Bob@Example.net', 'eve "quoted", {braces}@example.net'],
    sender: 'alice@acme.example',
    authenticationMethod: null,
    authenticationStatus: null,
    operationStatus: 'Success',
    attachmentName: null,
    operationProperties: [{ name: 'MailSubject', value: 'Größe "x" \\ ✓ \t' }],
    actor: { kind: 'sender', id: null, address: 'alice@acme.example' },
    clientIp: null,
    userAgent: null,
    ...change,
  };
}

type HashedRow = AuditEntryRow & { salt: Buffer; hash: Buffer };

/** Entries with the salts and hashes under which they stand in their log. */
const selectHashed = `
  select ${auditEntryColumns.map((column) => `e.${column}`).join(', ')}, e.salt, l.hash from audit_entry e
  join log_entry l on l.organization_id = e.organization_id and l.stream = 'audit' and l.log_index = e.log_index`;

test('an ingested event is an entry whose stored columns give back exactly what was hashed, and a repeated job changes nothing', async () => {
  const database = await openTestDatabase();
  const organizations = [randomUUID(), randomUUID()];
  const ids: string[] = [];
  for (const organizationId of organizations) {
    const events = Array.from({ length: 5 }, () => eventOf(organizationId));
    const appended = await database.forOrganization(organizationId).transaction((tx) => appendAuditEvents(tx, events));
    ids.push(...appended.outboxIds);
  }

  const results = await Promise.all([ingestAuditEvents(database.system, ids), ingestAuditEvents(database.system, ids)]);
  await ingestAuditEvents(database.system, ids);

  expect(results.reduce((sum, result) => sum + result.recorded, 0)).toBe(10);
  const rows = await database.system.query<HashedRow>(selectHashed);
  expect(rows).toHaveLength(10);
  for (const row of rows) expect(Buffer.from(logEntryOf(auditEntryFromRow(row), row.salt))).toEqual(row.hash);
  for (const organizationId of organizations) {
    const places = rows.filter((row) => row.organization_id === organizationId).map((row) => row.log_index);
    expect(places.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4]);
  }
  expect(await database.system.query('select 1 from outbox')).toEqual([]);
});

test('whatever texts and times an event holds, its row gives back the entry that was hashed', async () => {
  const database = await openTestDatabase();
  // What moves a recipient's state names a recipient by its UUID; any other actor's id is any text.
  const anyEvent = anyAuditEntry.map((entry) => auditEvent.strip().parse({ ...entry, id: randomUUID(), source: 'billing' }));
  await fc.assert(
    fc.asyncProperty(fc.array(anyEvent, { minLength: 1, maxLength: 20 }), async (drawn) => {
      // Drawn ids come twice now and then, and an organization has but one trail.
      const organizationId = randomUUID();
      const events = drawn.map((event) => ({ ...event, organizationId }));
      const scope = database.forOrganization(organizationId);
      const { outboxIds } = await scope.transaction((tx) => appendAuditEvents(tx, events));
      expect(await ingestAuditEvents(database.system, outboxIds)).toEqual({ recorded: events.length, failed: [] });

      const rows = await scope.query<HashedRow>(`${selectHashed} where e.organization_id = $1 order by e.log_index`, [organizationId]);
      expect(rows.map((row) => auditEntryFromRow(row))).toMatchObject(events);
      for (const row of rows) expect(Buffer.from(logEntryOf(auditEntryFromRow(row), row.salt))).toEqual(row.hash);
    }),
    { numRuns: 25 },
  );
});

test('one bad row stays with its error and the others become entries', async () => {
  const database = await openTestDatabase();
  const organizationId = randomUUID();
  const events = Array.from({ length: 9 }, () => eventOf(organizationId));
  const { outboxIds } = await database.forOrganization(organizationId).transaction((tx) => appendAuditEvents(tx, events));
  await database.system.query(`update outbox set payload = '{"id": 1}' where id = $1`, [outboxIds[4]]);

  expect(await ingestAuditEvents(database.system, outboxIds)).toEqual({ recorded: 8, failed: [outboxIds[4]] });

  const [left] = await database.system.query<{ id: number; attempts: number; last_error: string }>(
    'select id, attempts, last_error from outbox',
  );
  expect(left).toMatchObject({ id: Number(outboxIds[4]), attempts: 1 });
  expect(left?.last_error).toContain('id');
});

test('a batch that cannot even be read is given up once with the reason, not tried in circles', async () => {
  const database = await openTestDatabase();
  const organizationId = randomUUID();
  const { outboxIds } = await database
    .forOrganization(organizationId)
    .transaction((tx) => appendAuditEvents(tx, [eventOf(organizationId), eventOf(organizationId)]));
  await asSuperuser(database.url, 'alter table outbox rename column attempts to tries');

  await expect(ingestAuditEvents(database.system, outboxIds)).rejects.toThrow('attempts');
});
