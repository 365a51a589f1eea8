import { Controller } from '@nestjs/common';
import { adminRecordRoutes } from '@signet/api-contract/admin-records';
import type { AnswerOf } from '@signet/api-contract/route';
import { searchAdminRecords } from '@signet/db/admin-record-search';
import { findLoggedRecord } from '@signet/db/admin-record-walk';
import { Database } from '@signet/db/database';
import { z } from 'zod';
import { ByAdministrator } from '../authentication/caller.decorator.ts';
import type { Administrator } from '../authentication/caller.ts';
import { asked, recordAct } from '../authentication/record-act.ts';
import { Cursors } from '../http/cursor.ts';
import { Endpoint } from '../http/endpoint.decorator.ts';
import { Input, type InputOf } from '../http/input.decorator.ts';
import { notFound } from '../http/problem-error.ts';

const { listAdminRecords: list, getAdminRecord: get } = adminRecordRoutes;

@Controller()
export class AdminRecordController {
  constructor(private readonly database: Database) {}

  @Endpoint(list)
  async search(@ByAdministrator() caller: Administrator, @Input(list) { query }: InputOf<typeof list>): Promise<AnswerOf<typeof list>> {
    const { limit, cursor, action, ...filters } = query;
    const scope = this.database.forOrganization(caller.organizationId);
    const search = { of: 'admin-records', organization: caller.organizationId, ...filters, action };
    const cursors = new Cursors(search, z.int().nonnegative());
    const { items, next } = await searchAdminRecords(scope, { ...filters, actions: action }, { limit, below: cursors.read(cursor) });
    await recordAct(scope, caller, {
      action: 'AdminRecordSearch',
      target: { kind: 'admin-log', id: null },
      after: asked({ ...filters, action, count: items.length }),
    });
    return { items, nextCursor: cursors.write(next) };
  }

  @Endpoint(get)
  async read(@ByAdministrator() caller: Administrator, @Input(get) { params: { id } }: InputOf<typeof get>): Promise<AnswerOf<typeof get>> {
    const scope = this.database.forOrganization(caller.organizationId);
    const found = await findLoggedRecord(scope, id);
    if (!found) throw notFound();
    await recordAct(scope, caller, { action: 'AdminRecordSearch', target: { kind: 'admin-record', id } });
    return found.entry;
  }
}
