import { setImmediate as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { NAMED_REFUSALS, type AuditImport, type auditImportRoutes } from '@signet/api-contract/audit-imports';
import type { AnswerOf } from '@signet/api-contract/route';
import { appendAdminRecord } from '@signet/db/admin-record';
import {
  beginAuditImport,
  endAuditImport,
  findAuditImport,
  listAuditImports,
  takeImported,
  type CountedAuditImport,
  type ImportedEvent,
  type ImportRefusal,
} from '@signet/db/audit-import';
import { Database, newId } from '@signet/db/database';
import { isIngestFull } from '@signet/db/outbox';
import { readMicrosoftRecord } from '@signet/domain/audit/microsoft-record';
import { recordTextOf } from '@signet/domain/audit/record-text';
import { z } from 'zod';
import type { Administrator } from '../authentication/caller.ts';
import { actBy } from '../authentication/record-act.ts';
import { Cursors } from '../http/cursor.ts';
import { invalid, notFound, ProblemError } from '../http/problem-error.ts';
import { recordsIn, type RecordText } from './records-in.ts';

/** Records that are taken in one transaction. */
const BATCH = 500;
/** Records that are read without a pause, which other requests would wait for. */
const SLICE = 50;
const REASON_LENGTH = 300;
/** Seconds after which a full ingest is worth another try. */
const RETRY_AFTER_SECONDS = 10;

/** A record as it is in JSON, or as an object of `Search-UnifiedAuditLog` that holds it. */
const withAuditData = z.object({ AuditData: z.string() });

@Injectable()
export class AuditImportService {
  constructor(private readonly database: Database) {}

  /** @param lineOffset lines of a larger file that stand before it. */
  async take(caller: Administrator, file: Buffer | undefined, lineOffset: number): Promise<AuditImport> {
    const scope = this.database.forOrganization(caller.organizationId);
    const records = recordsIn(file ?? Buffer.alloc(0)).map(({ line, text }) => ({ line: line + lineOffset, text }));
    if (records.length === 0) throw invalid([{ pointer: '', detail: 'has no records' }]);
    if (await isIngestFull(scope)) {
      const detail = 'More events wait to be recorded than may wait: none of these was taken';
      throw new ProblemError('too_many_requests', { detail, retryAfterSeconds: RETRY_AFTER_SECONDS });
    }
    const id = newId();
    await scope.transaction(async (tx) => {
      await beginAuditImport(tx, id, records.length);
      const target = { kind: 'audit-import', id };
      await appendAdminRecord(tx, { ...actBy(caller), action: 'AuditImport', target, after: { records: records.length } });
    });
    for (let start = 0; start < records.length; start += BATCH) {
      const { taken, refused } = await readAll(records.slice(start, start + BATCH), caller.organizationId);
      await takeImported(scope, id, taken, refused, NAMED_REFUSALS);
    }
    await endAuditImport(scope, id);
    return this.find(caller, id);
  }

  async list(
    { organizationId }: Administrator,
    { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
  ): Promise<AnswerOf<typeof auditImportRoutes.listAuditImports>> {
    const cursors = new Cursors({ of: 'audit-imports', organization: organizationId }, z.uuid());
    const { items, next } = await listAuditImports(this.database.forOrganization(organizationId), { limit, below: cursors.read(cursor) });
    return { items: items.map(shown), nextCursor: cursors.write(next) };
  }

  async find(caller: Administrator, id: string): Promise<AuditImport> {
    const found = await findAuditImport(this.database.forOrganization(caller.organizationId), id);
    if (!found) throw notFound();
    return shown(found);
  }
}

function shown<Found extends CountedAuditImport>(found: Found) {
  return { ...found, startedAt: found.startedAt.toISOString(), endedAt: found.endedAt?.toISOString() ?? null };
}

async function readAll(records: readonly RecordText[], organizationId: string) {
  const taken: ImportedEvent[] = [];
  const refused: ImportRefusal[] = [];
  for (const [index, { line, text }] of records.entries()) {
    if (index % SLICE === 0) await pause();
    try {
      taken.push({ line, event: { ...readMicrosoftRecord(recordOf(text), { organizationId, messageUid: null }), messageUid: null } });
    } catch (error) {
      refused.push({ line, reason: recordTextOf(reasonOf(error), REASON_LENGTH) });
    }
  }
  return { taken, refused };
}

function recordOf(text: string): unknown {
  const read: unknown = JSON.parse(text);
  const wrapped = withAuditData.safeParse(read);
  return wrapped.success ? JSON.parse(wrapped.data.AuditData) : read;
}

/** Names what is wrong and never repeats it. @throws what is no fault of the record. */
function reasonOf(error: unknown): string {
  if (error instanceof SyntaxError) return 'is not JSON';
  if (!(error instanceof z.ZodError)) throw error;
  return error.issues.map(({ path, message }) => `${path.map(String).join('/')}: ${message}`).join('; ');
}
