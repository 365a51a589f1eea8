import type { AuditEvent } from '@signet/domain/audit/entry';
import { aheadOfClock } from '@signet/domain/audit/integration-event';
import { appendImportedEvents, EventIdConflictError } from './audit.ts';
import { Conditions } from './conditions.ts';
import { clock, type OrganizationScope, type OrganizationTransaction } from './database.ts';

/** A record that was not taken: the line of the file that it begins on, and why. */
export interface ImportRefusal {
  readonly line: number;
  readonly reason: string;
}

/** An event that a record became, without Signet's own id of the message. */
export interface ImportedEvent {
  readonly line: number;
  readonly event: AuditEvent & { readonly messageUid: null };
}

/** An import of another system's records, and how far it is. */
export interface CountedAuditImport {
  readonly id: string;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
  readonly records: number;
  readonly accepted: number;
  readonly duplicates: number;
  readonly refused: number;
}

/** An import, and the first that were refused. */
export interface StoredAuditImport extends CountedAuditImport {
  readonly refusals: ImportRefusal[];
}

const counts = 'id, started_at as "startedAt", ended_at as "endedAt", records, accepted, duplicates, refused';

/** Begins an import of so many records. */
export async function beginAuditImport(tx: OrganizationTransaction, id: string, records: number): Promise<void> {
  await tx.query('insert into audit_import (organization_id, id, records) values ($1, $2, $3)', [tx.organizationId, id, records]);
}

/**
 * Takes records of an import, and counts them, in one transaction: what is counted is there, and what is there is counted. A record whose id
 * is known with other content is refused, and those beside it are taken.
 * @param refused already, for what they are.
 * @param named refusals of an import that are kept at most.
 */
export async function takeImported(
  scope: OrganizationScope,
  id: string,
  records: readonly ImportedEvent[],
  refused: readonly ImportRefusal[],
  named: number,
): Promise<void> {
  try {
    await scope.transaction(async (tx) => {
      const now = await clock(tx);
      const ahead = records.flatMap(({ line, event }) => {
        const reason = aheadOfClock(event, now);
        return reason === null ? [] : [{ line, reason: `CreationTime: ${reason}` }];
      });
      const early = new Set(ahead.map(({ line }) => line));
      const events = records.filter(({ line }) => !early.has(line)).map(({ event }) => event);
      const { outboxIds, duplicates } = await appendImportedEvents(tx, events, now);
      const refusals = [...refused, ...ahead].toSorted((one, other) => one.line - other.line);
      await tx.query(
        `update audit_import set accepted = accepted + $3, duplicates = duplicates + $4, refused = refused + $5,
           refusals = (select coalesce(jsonb_agg(refusal order by place), '[]')
             from jsonb_array_elements(refusals || $6::jsonb) with ordinality as r(refusal, place) where place <= $7)
         where organization_id = $1 and id = $2`,
        [tx.organizationId, id, outboxIds.length, duplicates, refusals.length, JSON.stringify(refusals), named],
      );
    });
  } catch (error) {
    if (!(error instanceof EventIdConflictError)) throw error;
    const reason = 'Id: is known with other content';
    const conflicting = new Set(error.indexes.map((index) => records[index]?.line));
    const others = records.filter(({ line }) => !conflicting.has(line));
    const refusals = records.filter(({ line }) => conflicting.has(line)).map(({ line }) => ({ line, reason }));
    await takeImported(scope, id, others, [...refused, ...refusals], named);
  }
}

/** Ends an import: every record was looked at. */
export async function endAuditImport(scope: OrganizationScope, id: string): Promise<void> {
  await scope.query('update audit_import set ended_at = clock_timestamp() where organization_id = $1 and id = $2', [
    scope.organizationId,
    id,
  ]);
}

/** One page of the organization's imports, the one that began last first. @returns it, and the id that the next page is below. */
export async function listAuditImports(
  scope: OrganizationScope,
  page: { readonly limit: number; readonly below: string | null },
): Promise<{ items: CountedAuditImport[]; next: string | null }> {
  const where = new Conditions(scope.organizationId);
  if (page.below !== null) where.add((p) => `id < ${p}::uuid`, page.below);
  const rows = await scope.query<CountedAuditImport>(
    `select ${counts} from audit_import where organization_id = $1::uuid ${where.sql} order by id desc limit ${page.limit + 1}`,
    where.values,
  );
  const items = rows.slice(0, page.limit);
  return { items, next: rows.length > page.limit ? (items.at(-1)?.id ?? null) : null };
}

/** One import; null where the organization has none of that id. */
export async function findAuditImport(scope: OrganizationScope, id: string): Promise<StoredAuditImport | null> {
  const [found] = await scope.query<StoredAuditImport>(
    `select ${counts}, refusals from audit_import where organization_id = $1 and id = $2`,
    [scope.organizationId, id],
  );
  return found ?? null;
}
