import { Controller } from '@nestjs/common';
import type { AnswerOf } from '@signet/api-contract/route';
import { statisticsRoutes } from '@signet/api-contract/statistics';
import { Database } from '@signet/db/database';
import { loadStatistics } from '@signet/db/statistics';
import { boundsOf } from '@signet/domain/statistics';
import { ByAdministrator } from '../authentication/caller.decorator.ts';
import type { Administrator } from '../authentication/caller.ts';
import { Endpoint } from '../http/endpoint.decorator.ts';
import { Input, type InputOf } from '../http/input.decorator.ts';
import { statisticsView } from './statistics-view.ts';

const { getStatistics: count } = statisticsRoutes;

@Controller()
export class StatisticsController {
  constructor(private readonly database: Database) {}

  /** Counts name nobody and no message, so reading them is no read of the trail and leaves no record. */
  @Endpoint(count)
  async count(@ByAdministrator() caller: Administrator, @Input(count) { query }: InputOf<typeof count>): Promise<AnswerOf<typeof count>> {
    const { interval, zone } = query;
    const bounds = boundsOf({ from: new Date(query.from), to: new Date(query.to) }, interval, zone);
    const facts = await loadStatistics(this.database.forOrganization(caller.organizationId), bounds);
    return { interval, zone, ...statisticsView(bounds, facts, { trail: caller.permissions.has('audit:read') }) };
  }
}
