import { randomUUID } from 'node:crypto';
import type { AuditEvent } from '@signet/domain/audit/entry';
import { expect, onTestFinished } from 'vitest';
import { appendAuditEvents } from '../audit.ts';
import { Database } from '../database.ts';
import { ingestAuditEvents } from '../ingest.ts';
import { asSuperuser, openTestDatabase } from './test-database.ts';

/** When it was so many days ago. */
export const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();

/** An organization with a trail, and the account that may remove entries of it. */
export async function openTrail() {
  const database = await openTestDatabase();
  const retention = new Database({ url: database.retentionUrl, applicationName: 'signet-test-retention' });
  onTestFinished(() => retention.close());
  const organizationId = randomUUID();
  await asSuperuser(
    database.url,
    `insert into organization (id, name, enable_portal_tracking_logs, active_key_id) values ('${organizationId}', 'acme', true, gen_random_uuid())`,
  );
  const scope = database.forOrganization(organizationId);
  /** Records events, and lets a checkpoint cover them. */
  const record = async (changes: readonly Partial<AuditEvent>[]) => {
    const events = changes.map((change): AuditEvent => ({
      id: randomUUID(),
      version: 1,
      source: 'signet',
      operation: 'MessageAccess',
      creationTime: daysAgo(1),
      organizationId,
      messageId: '<a@acme.example>',
      messageUid: null,
      recipients: ['Bob@example.net'],
      sender: 'alice@acme.example',
      authenticationMethod: null,
      authenticationStatus: null,
      operationStatus: 'Success',
      attachmentName: null,
      operationProperties: [],
      actor: { kind: 'unknown', id: null, address: null },
      clientIp: null,
      userAgent: null,
      ...change,
    }));
    const { outboxIds } = await scope.transaction((tx) => appendAuditEvents(tx, events));
    expect(await ingestAuditEvents(database.system, outboxIds)).toEqual({ recorded: events.length, failed: [] });
    await seal();
  };
  const seal = () =>
    asSuperuser(
      database.url,
      `insert into log_seal (organization_id, stream, origin, published_size, published_note)
       select organization_id, stream, 'a', size, 'a' from log_head where stream = 'audit'
       on conflict (organization_id, stream) do update set published_size = excluded.published_size`,
    );
  const kept = async () =>
    (await scope.query<{ place: number }>('select log_index as place from audit_entry order by log_index')).map(({ place }) => place);
  const hold = (columns: string, values: string) =>
    asSuperuser(
      database.url,
      `insert into legal_hold (organization_id, id, reason, created_at, created_by, ${columns})
       values ('${organizationId}', gen_random_uuid(), 'a case', now(), '{}', ${values})`,
    );
  return { database, retention, organizationId, scope, record, seal, kept, hold };
}
