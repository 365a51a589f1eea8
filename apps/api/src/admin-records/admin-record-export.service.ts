import { Inject, Injectable } from '@nestjs/common';
import type { adminRecordRoutes } from '@signet/api-contract/admin-records';
import { NEXT_AFTER_HEADER } from '@signet/api-contract/audit-entries';
import type { QueryOf } from '@signet/api-contract/route';
import type { AdminRecordFilters } from '@signet/db/admin-record-search';
import { hasOtherThanFeedReads, readAdminLog, walkAdminRecords } from '@signet/db/admin-record-walk';
import type { LogPlace } from '@signet/db/audit-walk';
import { Database, type OrganizationScope } from '@signet/db/database';
import { surenessOf } from '@signet/db/log-sureness';
import { logSize } from '@signet/db/log-view';
import type { AdminRecord } from '@signet/domain/audit/admin-record';
import { create as contentDisposition } from 'content-disposition';
import type { FastifyReply } from 'fastify';
import type { Logger } from 'pino';
import { csvText } from '../audit-entries/csv-text.ts';
import { ExportSlots } from '../audit-entries/export-slots.ts';
import { logText } from '../audit-entries/export-text.ts';
import { logFrom } from '../audit-entries/log-batches.ts';
import { logHeaders } from '../audit-entries/log-headers.ts';
import { begun, sendStream } from '../audit-entries/send-stream.ts';
import type { Administrator } from '../authentication/caller.ts';
import { asked, recordAct } from '../authentication/record-act.ts';
import { limitTries } from '../authentication/try-limit.ts';
import { invalid } from '../http/problem-error.ts';
import { LOGGER } from '../settings.ts';
import { adminRecordColumns, type RecordRow } from './admin-record-columns.ts';

const types = { ndjson: 'application/x-ndjson', csv: 'text/csv; charset=utf-8; header=present' } as const;

type ExportQuery = QueryOf<typeof adminRecordRoutes.exportAdminRecords>;
type FeedQuery = QueryOf<typeof adminRecordRoutes.readAdminRecordFeed>;

/** Gives the admin records away as the trail is given, and has each such reading on record among them. */
@Injectable()
export class AdminRecordExportService {
  readonly #slots = new ExportSlots('exports');
  readonly #readers = new ExportSlots('readers of the feed');

  constructor(
    private readonly database: Database,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async send(caller: Administrator, { format, action, ...filters }: ExportQuery, reply: FastifyReply): Promise<void> {
    const over = this.#slots.take(caller.organizationId);
    try {
      await limitTries(this.database.system, 'admin-record-export:organization', caller.organizationId);
      const scope = this.database.forOrganization(caller.organizationId);
      const sureness = await surenessOf(scope, 'admin', filters.to === undefined ? undefined : new Date(filters.to));
      const size = await logSize(scope, 'admin');
      const pieces = await begun(textOf(scope, format, { ...filters, actions: action }, size));
      await recordAct(scope, caller, {
        action: 'AdminRecordExport',
        target: { kind: 'admin-log', id: null },
        after: asked({ ...filters, action, format, logSize: size }),
      });
      const name = `admin-records-${new Date().toISOString().slice(0, 19).replaceAll(':', '')}Z.${format}`;
      const headers = { 'content-type': types[format], 'content-disposition': contentDisposition(name), ...logHeaders(size, sureness) };
      const isWhole = await sendStream(reply, headers, pieces);
      if (!isWhole)
        this.logger.info({ organizationId: caller.organizationId, format }, 'the reader of an export of admin records went away');
    } finally {
      over();
    }
  }

  /** Gives what lies behind a place of the log. An answer that holds nothing but readings of the feed leaves no record: each would make the next one. */
  async follow(caller: Administrator, { after, limit }: FeedQuery, reply: FastifyReply): Promise<void> {
    const over = this.#readers.take(caller.organizationId);
    try {
      const scope = this.database.forOrganization(caller.organizationId);
      const sureness = await surenessOf(scope, 'admin');
      const size = await logSize(scope, 'admin');
      if (after >= size) throw invalid([{ pointer: '/after', detail: `must lie in the log, which has ${size} places` }]);
      const from = after + 1;
      const to = Math.min(size, from + limit);
      const pieces = await begun(logText(logFrom((first, end) => readAdminLog(scope, first, end), from, to)));
      if (await hasOtherThanFeedReads(scope, from, to)) {
        const target = { kind: 'admin-log', id: null };
        await recordAct(scope, caller, { action: 'AdminRecordFeedRead', target, after: asked({ after, count: to - from }) });
      }
      const headers = { ...logHeaders(size, sureness), [NEXT_AFTER_HEADER]: String(to - 1) };
      await sendStream(reply, { 'content-type': types.ndjson, ...headers }, pieces);
    } finally {
      over();
    }
  }
}

function textOf(
  scope: OrganizationScope,
  format: ExportQuery['format'],
  filters: AdminRecordFilters,
  size: number,
): AsyncGenerator<string> {
  if (format === 'csv') return csvText(adminRecordColumns, rowsOf(walk(scope, filters, size)));
  const isWhole = Object.values(filters).every((value) => value === undefined);
  return logText(isWhole ? logFrom((from, to) => readAdminLog(scope, from, to), 0, size) : walk(scope, filters, size));
}

async function* walk(scope: OrganizationScope, filters: AdminRecordFilters, size: number): AsyncGenerator<LogPlace<AdminRecord>[]> {
  for (let from: number | null = 0; from !== null;) {
    const stretch: Awaited<ReturnType<typeof walkAdminRecords>> = await walkAdminRecords(scope, filters, { from, size });
    yield stretch.found;
    from = stretch.next;
  }
}

async function* rowsOf(batches: AsyncIterable<LogPlace<AdminRecord>[]>): AsyncGenerator<RecordRow[]> {
  for await (const batch of batches)
    yield batch.flatMap(({ logIndex, hash, logged }) => (logged ? [{ logIndex, hash, record: logged.entry }] : []));
}
