import { Inject, Injectable } from '@nestjs/common';
import type { auditEntryRoutes, ExportFormat } from '@signet/api-contract/audit-entries';
import type { QueryOf } from '@signet/api-contract/route';
import type { AuditFilters } from '@signet/db/audit-path';
import { auditLogSize, readAuditLog, walkAuditEntries, type LoggedEntry, type LogPlace, type WalkPlace } from '@signet/db/audit-walk';
import { Database, type OrganizationScope } from '@signet/db/database';
import { surenessOf } from '@signet/db/log-sureness';
import { microsoftOperations } from '@signet/domain/audit/microsoft-record';
import type { Operation } from '@signet/domain/audit/operation';
import { create as contentDisposition } from 'content-disposition';
import type { FastifyReply } from 'fastify';
import type { Logger } from 'pino';
import type { Administrator } from '../authentication/caller.ts';
import { asked, recordAct } from '../authentication/record-act.ts';
import { limitTries } from '../authentication/try-limit.ts';
import { invalid } from '../http/problem-error.ts';
import { LOGGER } from '../settings.ts';
import { ExportSlots } from './export-slots.ts';
import { exportText, logText, placeOf } from './export-text.ts';
import { logFrom } from './log-batches.ts';
import { logHeaders } from './log-headers.ts';
import { begun, sendStream } from './send-stream.ts';

const files: Readonly<Record<ExportFormat, { type: string; name: string; extension: string }>> = {
  ndjson: { type: 'application/x-ndjson', name: 'audit-entries', extension: 'ndjson' },
  csv: { type: 'text/csv; charset=utf-8; header=present', name: 'audit-entries', extension: 'csv' },
  m365: { type: 'application/x-ndjson', name: 'audit-entries-m365', extension: 'ndjson' },
};

type ExportQuery = QueryOf<typeof auditEntryRoutes.exportAuditEntries>;

/** Gives the trail away, as much of it as is asked for, and holds neither much memory nor a connection of the database meanwhile. */
@Injectable()
export class AuditExportService {
  readonly #slots = new ExportSlots('exports');

  constructor(
    private readonly database: Database,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async send(caller: Administrator, query: ExportQuery, reply: FastifyReply): Promise<void> {
    const { format, include, operation, ...filters } = query;
    const operations = operationsOf(query);
    const over = this.#slots.take(caller.organizationId);
    try {
      await limitTries(this.database.system, 'audit-export:organization', caller.organizationId);
      const scope = this.database.forOrganization(caller.organizationId);
      const sureness = await surenessOf(scope, 'audit', filters.to === undefined ? undefined : new Date(filters.to));
      const size = await auditLogSize(scope);
      const pieces = await begun(textOf(scope, format, { ...filters, operations }, size));
      await recordAct(scope, caller, {
        action: 'AuditExport',
        target: { kind: 'audit-log', id: null },
        after: asked({ ...filters, operation, format, include, logSize: size }),
      });
      const file = files[format];
      const name = `${file.name}-${new Date().toISOString().slice(0, 19).replaceAll(':', '')}Z.${file.extension}`;
      const headers = { 'content-type': file.type, 'content-disposition': contentDisposition(name), ...logHeaders(size, sureness) };
      const isWhole = await sendStream(reply, headers, pieces);
      if (!isWhole) this.logger.info({ organizationId: caller.organizationId, format }, 'the reader of an export went away');
    } finally {
      over();
    }
  }
}

/** The operations that are exported. @throws {ProblemError} where the form has no room for what is asked for by name. */
function operationsOf({ format, include, operation }: ExportQuery): readonly Operation[] | undefined {
  if (format !== 'm365' || include === 'all') return operation;
  const known: ReadonlySet<Operation> = new Set(microsoftOperations);
  const other = operation?.find((name) => !known.has(name));
  if (other === undefined) return operation ?? microsoftOperations;
  throw invalid([{ pointer: '/include', detail: `must be “all”: ${other} is none of Microsoft’s operations` }]);
}

function textOf(scope: OrganizationScope, format: ExportFormat, filters: AuditFilters, size: number): AsyncGenerator<string> {
  if (format !== 'ndjson') return exportText(format, walk(scope, filters, size));
  const isWhole = Object.values(filters).every((value) => value === undefined);
  return logText(isWhole ? logFrom((from, to) => readAuditLog(scope, from, to), 0, size) : placesOf(walk(scope, filters, size)));
}

async function* walk(scope: OrganizationScope, filters: AuditFilters, size: number): AsyncGenerator<LoggedEntry[]> {
  let after: WalkPlace | null = null;
  do {
    const stretch: Awaited<ReturnType<typeof walkAuditEntries>> = await walkAuditEntries(scope, filters, { size, after });
    yield stretch.found;
    after = stretch.next;
  } while (after !== null);
}

async function* placesOf(batches: AsyncIterable<LoggedEntry[]>): AsyncGenerator<LogPlace[]> {
  for await (const batch of batches) yield batch.map(placeOf);
}
