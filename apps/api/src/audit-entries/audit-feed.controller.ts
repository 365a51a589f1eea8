import { Controller, Res } from '@nestjs/common';
import { auditEntryRoutes, NEXT_AFTER_HEADER } from '@signet/api-contract/audit-entries';
import { auditLogSize, readAuditLog } from '@signet/db/audit-walk';
import { Database } from '@signet/db/database';
import { noteFeedReader } from '@signet/db/feed-reader';
import { surenessOf } from '@signet/db/log-sureness';
import type { FastifyReply } from 'fastify';
import { ByAdministrator } from '../authentication/caller.decorator.ts';
import type { Administrator } from '../authentication/caller.ts';
import { asked, recordAct } from '../authentication/record-act.ts';
import { Endpoint } from '../http/endpoint.decorator.ts';
import { Input, type InputOf } from '../http/input.decorator.ts';
import { invalid } from '../http/problem-error.ts';
import { ExportSlots } from './export-slots.ts';
import { logText } from './export-text.ts';
import { logFrom } from './log-batches.ts';
import { logHeaders } from './log-headers.ts';
import { begun, sendStream } from './send-stream.ts';

const { readAuditFeed } = auditEntryRoutes;

@Controller()
export class AuditFeedController {
  readonly #slots = new ExportSlots('readers of the feed');

  constructor(private readonly database: Database) {}

  @Endpoint(readAuditFeed)
  async read(
    @ByAdministrator() caller: Administrator,
    @Input(readAuditFeed) { query: { after, limit } }: InputOf<typeof readAuditFeed>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const over = this.#slots.take(caller.organizationId);
    try {
      const scope = this.database.forOrganization(caller.organizationId);
      const sureness = await surenessOf(scope, 'audit');
      const size = await auditLogSize(scope);
      if (after >= size) throw invalid([{ pointer: '/after', detail: `must lie in the log, which has ${size} places` }]);
      const from = after + 1;
      const to = Math.min(size, from + limit);
      const pieces = await begun(logText(logFrom((first, end) => readAuditLog(scope, first, end), from, to)));
      // A look that finds nothing new reads nothing.
      if (to > from) {
        const target = { kind: 'audit-log', id: null };
        await recordAct(scope, caller, { action: 'AuditFeedRead', target, after: asked({ after, count: to - from }) });
      }
      if (caller.kind === 'api-key') await noteFeedReader(scope, caller.id, from);
      const headers = { ...logHeaders(size, sureness), [NEXT_AFTER_HEADER]: String(to - 1) };
      await sendStream(reply, { 'content-type': 'application/x-ndjson', ...headers }, pieces);
    } finally {
      over();
    }
  }
}
