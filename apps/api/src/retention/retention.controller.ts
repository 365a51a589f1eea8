import { Controller } from '@nestjs/common';
import { retentionRoutes, type Retention, type RetentionPreview } from '@signet/api-contract/retention';
import { Database } from '@signet/db/database';
import { changeRetention, countRemoved, previewRetention, readRetention, type StoredRetention } from '@signet/db/retention';
import { limitedOperations } from '@signet/domain/retention';
import { ByAdministrator } from '../authentication/caller.decorator.ts';
import type { Administrator } from '../authentication/caller.ts';
import { actBy } from '../authentication/record-act.ts';
import { Endpoint } from '../http/endpoint.decorator.ts';
import { Input, type InputOf } from '../http/input.decorator.ts';
import { ProblemError } from '../http/problem-error.ts';

const { getRetention: get, setRetention: set, previewRetention: preview } = retentionRoutes;

@Controller()
export class RetentionController {
  constructor(private readonly database: Database) {}

  @Endpoint(get)
  async read(@ByAdministrator() caller: Administrator, @Input(get) _input: InputOf<typeof get>): Promise<Retention> {
    return this.#shown(caller, await readRetention(this.database.forOrganization(caller.organizationId)));
  }

  /** A policy that nobody would carry out is refused: whoever set it would believe entries to be gone. */
  @Endpoint(set)
  async set(@ByAdministrator() caller: Administrator, @Input(set) { body }: InputOf<typeof set>): Promise<Retention> {
    const stored = await this.database.forOrganization(caller.organizationId).transaction(async (tx) => {
      const { isCarriedOut } = await readRetention(tx);
      if (!isCarriedOut && limitedOperations(body).length > 0) throw new ProblemError('retention_unavailable');
      return changeRetention(tx, body, actBy(caller));
    });
    return this.#shown(caller, stored);
  }

  @Endpoint(preview)
  async preview(@ByAdministrator() caller: Administrator, @Input(preview) { body }: InputOf<typeof preview>): Promise<RetentionPreview> {
    const { operations, oldest } = await previewRetention(this.database.forOrganization(caller.organizationId), body);
    return {
      entries: operations.reduce((sum, { entries }) => sum + entries, 0),
      held: operations.reduce((sum, { held }) => sum + held, 0),
      more: operations.some(({ isCut }) => isCut),
      oldest: oldest?.toISOString() ?? null,
      operations: operations.map(({ isCut, ...counts }) => ({ ...counts, more: isCut })),
    };
  }
  async #shown({ organizationId }: Administrator, { policy, sweptAt, isCarriedOut }: StoredRetention): Promise<Retention> {
    const { entries, lastAt } = await countRemoved(this.database.forOrganization(organizationId));
    return {
      ...policy,
      carriedOut: isCarriedOut,
      sweptAt: sweptAt?.toISOString() ?? null,
      removed: { entries, lastAt: lastAt?.toISOString() ?? null },
    };
  }
}
