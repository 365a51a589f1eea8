import { Controller } from '@nestjs/common';
import { auditEntryRoutes, COUNTED_ENTRIES } from '@signet/api-contract/audit-entries';
import type { AnswerOf } from '@signet/api-contract/route';
import { countAuditEntries, searchAuditEntries } from '@signet/db/audit-search';
import { Database } from '@signet/db/database';
import { findLoggedEntry } from '@signet/db/log-view';
import { instant } from '@signet/domain/audit/entry';
import { z } from 'zod';
import { absentEntry } from '../audit-erasures/erased-entry.ts';
import { ByAdministrator } from '../authentication/caller.decorator.ts';
import type { Administrator } from '../authentication/caller.ts';
import { asked, recordAct } from '../authentication/record-act.ts';
import { Cursors } from '../http/cursor.ts';
import { Endpoint } from '../http/endpoint.decorator.ts';
import { Input, type InputOf } from '../http/input.decorator.ts';
import { judgedTouchesIn } from './judged-touches.ts';

const { listAuditEntries: list, getAuditEntry: get } = auditEntryRoutes;

const position = z.strictObject({
  creationTime: instant,
  id: z.guid(),
  newer: z.boolean().optional(),
  inclusive: z.boolean().optional(),
});

@Controller()
export class AuditEntryController {
  constructor(private readonly database: Database) {}

  @Endpoint(list)
  async search(@ByAdministrator() caller: Administrator, @Input(list) { query }: InputOf<typeof list>): Promise<AnswerOf<typeof list>> {
    const { limit, cursor, count, operation, ...filters } = query;
    const scope = this.database.forOrganization(caller.organizationId);
    const cursors = new Cursors({ of: 'audit-entries', organization: caller.organizationId, ...filters, operation }, position);
    const wanted = { ...filters, operations: operation };
    const page = await searchAuditEntries(scope, wanted, { limit, from: cursors.read(cursor) });
    const matches = count === 'true' ? await countAuditEntries(scope, wanted, COUNTED_ENTRIES) : null;
    await recordAct(scope, caller, {
      action: 'AuditSearch',
      target: { kind: 'audit-log', id: null },
      after: asked({ ...filters, operation, count: page.items.length }),
    });
    return {
      items: page.items,
      verdicts: judgedTouchesIn(page.items),
      nextCursor: cursors.write(page.next),
      previousCursor: cursors.write(page.previous),
      matches,
      complete: page.complete,
      indexedThrough: page.indexedThrough.toISOString(),
    };
  }

  @Endpoint(get)
  async read(@ByAdministrator() caller: Administrator, @Input(get) { params: { id } }: InputOf<typeof get>): Promise<AnswerOf<typeof get>> {
    const scope = this.database.forOrganization(caller.organizationId);
    const found = await findLoggedEntry(scope, id);
    if (!found) throw await absentEntry(scope, id);
    await recordAct(scope, caller, { action: 'AuditSearch', target: { kind: 'audit-entry', id } });
    return found.entry;
  }
}
