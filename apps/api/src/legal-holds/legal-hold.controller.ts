import { Controller } from '@nestjs/common';
import { legalHoldRoutes, type LegalHold } from '@signet/api-contract/legal-holds';
import type { AnswerOf } from '@signet/api-contract/route';
import { Database } from '@signet/db/database';
import { changeHold, createHold, listHolds, releaseHold, TooManyHoldsError, type HoldAct, type StoredHold } from '@signet/db/legal-hold';
import { ByAdministrator } from '../authentication/caller.decorator.ts';
import { doerOf, type Administrator } from '../authentication/caller.ts';
import { actBy } from '../authentication/record-act.ts';
import { Endpoint } from '../http/endpoint.decorator.ts';
import { Input, type InputOf } from '../http/input.decorator.ts';
import { notFound, ProblemError } from '../http/problem-error.ts';
import { theOneMessage } from '../messages/found-message.ts';

const { listLegalHolds: list, createLegalHold: create, changeLegalHold: change, releaseLegalHold: release } = legalHoldRoutes;

@Controller()
export class LegalHoldController {
  constructor(private readonly database: Database) {}

  @Endpoint(list)
  async list(@ByAdministrator() caller: Administrator, @Input(list) _input: InputOf<typeof list>): Promise<AnswerOf<typeof list>> {
    return { items: (await listHolds(this.database.forOrganization(caller.organizationId))).map(shown) };
  }

  @Endpoint(create)
  async create(@ByAdministrator() caller: Administrator, @Input(create) { body }: InputOf<typeof create>): Promise<LegalHold> {
    const scope = this.database.forOrganization(caller.organizationId);
    const message = body.message === undefined ? null : await theOneMessage(scope, caller, body.message);
    const hold = {
      kind: body.kind,
      messageUid: message?.id ?? null,
      messageId: message?.messageId ?? null,
      address: body.address ?? null,
      from: body.from === undefined ? null : new Date(body.from),
      to: body.to === undefined ? null : new Date(body.to),
      reason: body.reason,
    };
    try {
      return shown(await scope.transaction((tx) => createHold(tx, hold, actOf(caller))));
    } catch (error) {
      if (error instanceof TooManyHoldsError) throw new ProblemError('too_many', { detail: error.message });
      throw error;
    }
  }

  @Endpoint(change)
  async change(@ByAdministrator() caller: Administrator, @Input(change) { params, body }: InputOf<typeof change>): Promise<LegalHold> {
    const scope = this.database.forOrganization(caller.organizationId);
    return shownOrNot(await scope.transaction((tx) => changeHold(tx, params.id, body.reason, actOf(caller))));
  }

  @Endpoint(release)
  async release(@ByAdministrator() caller: Administrator, @Input(release) { params, body }: InputOf<typeof release>): Promise<LegalHold> {
    const scope = this.database.forOrganization(caller.organizationId);
    return shownOrNot(await scope.transaction((tx) => releaseHold(tx, params.id, body.reason, actOf(caller))));
  }
}

function actOf(caller: Administrator): HoldAct {
  return { ...actBy(caller), by: doerOf(caller) };
}

function shownOrNot(hold: StoredHold | null): LegalHold {
  if (!hold) throw notFound();
  return shown(hold);
}

function shown({ from, to, createdAt, releasedAt, ...hold }: StoredHold): LegalHold {
  return {
    ...hold,
    from: from?.toISOString() ?? null,
    to: to?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
    releasedAt: releasedAt?.toISOString() ?? null,
  };
}
