import { Controller } from '@nestjs/common';
import { legalHoldRoutes, type LegalHold, type ReleaseForecast } from '@signet/api-contract/legal-holds';
import type { AnswerOf } from '@signet/api-contract/route';
import { Database } from '@signet/db/database';
import { changeHold, createHold, releaseHold, TooManyHoldsError, type HoldAct } from '@signet/db/legal-hold';
import { findHold, forecastRelease, listHolds } from '@signet/db/legal-hold-search';
import type { StoredHold } from '@signet/db/stored-hold';
import { z } from 'zod';
import { ByAdministrator } from '../authentication/caller.decorator.ts';
import { doerOf, type Administrator } from '../authentication/caller.ts';
import { actBy } from '../authentication/record-act.ts';
import { Cursors } from '../http/cursor.ts';
import { Endpoint } from '../http/endpoint.decorator.ts';
import { Input, type InputOf } from '../http/input.decorator.ts';
import { notFound, ProblemError } from '../http/problem-error.ts';
import { theOneMessage } from '../messages/found-message.ts';
import { holdView } from './hold-view.ts';

const { listLegalHolds: list, getLegalHold: get, forecastLegalHoldRelease: forecast } = legalHoldRoutes;
const { createLegalHold: create, changeLegalHold: change, releaseLegalHold: release } = legalHoldRoutes;

const position = z.strictObject({ isReleased: z.boolean(), id: z.uuid() });

@Controller()
export class LegalHoldController {
  constructor(private readonly database: Database) {}

  @Endpoint(list)
  async list(@ByAdministrator() caller: Administrator, @Input(list) { query }: InputOf<typeof list>): Promise<AnswerOf<typeof list>> {
    const { state, limit, cursor } = query;
    const cursors = new Cursors({ of: 'legal-holds', organization: caller.organizationId, state }, position);
    const isReleased = state === undefined ? undefined : state === 'released';
    const scope = this.database.forOrganization(caller.organizationId);
    const { items, next } = await listHolds(scope, isReleased, { limit, below: cursors.read(cursor) });
    return { items: items.map(holdView), nextCursor: cursors.write(next) };
  }

  @Endpoint(get)
  async read(@ByAdministrator() caller: Administrator, @Input(get) { params }: InputOf<typeof get>): Promise<LegalHold> {
    return shownOrNot(await findHold(this.database.forOrganization(caller.organizationId), params.id));
  }

  @Endpoint(forecast)
  async forecast(
    @ByAdministrator() caller: Administrator,
    @Input(forecast) { params }: InputOf<typeof forecast>,
  ): Promise<ReleaseForecast> {
    const scope = this.database.forOrganization(caller.organizationId);
    if (!(await findHold(scope, params.id))) throw notFound();
    const { entries, messages, isCut } = await forecastRelease(scope, params.id);
    return { entries, messages, more: isCut };
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
      return holdView(await scope.transaction((tx) => createHold(tx, hold, actOf(caller))));
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
  return holdView(hold);
}
