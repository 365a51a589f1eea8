import { Controller } from '@nestjs/common';
import { outboxRoutes, type OutboxRow } from '@signet/api-contract/outbox';
import type { AnswerOf } from '@signet/api-contract/route';
import { appendAdminRecord } from '@signet/db/admin-record';
import { Database } from '@signet/db/database';
import { bookContent, listMissingContent } from '@signet/db/missing-content';
import { listTrouble, reviveRow, reviveRows, type TroubledRow } from '@signet/db/outbox-trouble';
import type { JobKind } from '@signet/domain/jobs';
import { Vault } from '@signet/vault/vault';
import { z } from 'zod';
import { ByAdministrator } from '../authentication/caller.decorator.ts';
import { actorOf, type Administrator } from '../authentication/caller.ts';
import { actBy, asked, recordAct } from '../authentication/record-act.ts';
import { Cursors } from '../http/cursor.ts';
import { Endpoint } from '../http/endpoint.decorator.ts';
import { Input, type InputOf } from '../http/input.decorator.ts';
import { notFound, ProblemError } from '../http/problem-error.ts';

const {
  listOutbox: list,
  reviveOutboxRow: reviveOne,
  reviveOutbox: reviveAll,
  listMissingContent: missing,
  checkMissingContent: check,
} = outboxRoutes;

/** Rows that are tried again in one transaction. */
const REVIVED_AT_ONCE = 500;

/** Messages whose content is looked for in one call. */
const CHECKED_AT_ONCE = 500;

@Controller()
export class OutboxController {
  constructor(
    private readonly database: Database,
    private readonly vault: Vault,
  ) {}

  @Endpoint(list)
  async list(@ByAdministrator() caller: Administrator, @Input(list) { query }: InputOf<typeof list>): Promise<AnswerOf<typeof list>> {
    const { state, limit, cursor } = query;
    const scope = this.database.forOrganization(caller.organizationId);
    const kinds = kindsFor(caller);
    const cursors = new Cursors({ of: 'outbox', organization: caller.organizationId, state, kinds }, z.string().regex(/^\d{1,18}$/));
    const { items, next } = await listTrouble(scope, { state, kinds }, { limit, below: cursors.read(cursor) });
    await recordAct(scope, caller, {
      action: 'OutboxRead',
      target: { kind: 'outbox', id: null },
      after: asked({ state, count: items.length }),
    });
    return { items: items.map(view), nextCursor: cursors.write(next) };
  }

  @Endpoint(reviveOne)
  async reviveOne(
    @ByAdministrator() caller: Administrator,
    @Input(reviveOne) { params }: InputOf<typeof reviveOne>,
  ): Promise<AnswerOf<typeof reviveOne>> {
    const { found, revived } = await this.database.forOrganization(caller.organizationId).transaction(async (tx) => {
      const revival = await reviveRow(tx, params.id, actorOf(caller), kindsFor(caller));
      if (revival.revived) {
        const { kind = null, message = null, recipient = null } = revival.found ?? {};
        const after = { kind, messageId: message?.messageId ?? null, recipient };
        await appendAdminRecord(tx, { ...actBy(caller), action: 'OutboxRevive', target: { kind: 'outbox', id: params.id }, after });
      }
      return revival;
    });
    if (!found) throw notFound();
    if (!revived && found.deadAt !== null) {
      throw new ProblemError('not_revivable', {
        detail:
          'Nobody has a use for it any more: the message is closed to this recipient, the passcode or link is over, or the member is gone',
      });
    }
    return view(found);
  }

  @Endpoint(reviveAll)
  async reviveAll(
    @ByAdministrator() caller: Administrator,
    @Input(reviveAll) _input: InputOf<typeof reviveAll>,
  ): Promise<AnswerOf<typeof reviveAll>> {
    return this.database.forOrganization(caller.organizationId).transaction(async (tx) => {
      const result = await reviveRows(tx, REVIVED_AT_ONCE, actorOf(caller), kindsFor(caller));
      if (result.revived > 0) {
        const target = { kind: 'outbox', id: null };
        await appendAdminRecord(tx, { ...actBy(caller), action: 'OutboxRevive', target, after: { count: result.revived } });
      }
      return result;
    });
  }

  @Endpoint(missing)
  async missing(
    @ByAdministrator() caller: Administrator,
    @Input(missing) { query }: InputOf<typeof missing>,
  ): Promise<AnswerOf<typeof missing>> {
    const scope = this.database.forOrganization(caller.organizationId);
    const cursors = missingCursors(caller);
    const { items, next } = await listMissingContent(scope, { limit: query.limit, below: cursors.read(query.cursor) });
    const after = asked({ content: 'missing', count: items.length });
    await recordAct(scope, caller, { action: 'MessageSearch', target: { kind: 'message', id: null }, after });
    return {
      items: items.map(({ message, missingSince }) => ({ message, missingSince: missingSince.toISOString() })),
      nextCursor: cursors.write(next),
    };
  }

  @Endpoint(check)
  async check(@ByAdministrator() caller: Administrator, @Input(check) { query }: InputOf<typeof check>): Promise<AnswerOf<typeof check>> {
    const scope = this.database.forOrganization(caller.organizationId);
    const cursors = missingCursors(caller);
    const { items, next } = await listMissingContent(scope, { limit: CHECKED_AT_ONCE, below: cursors.read(query.cursor) });
    const blobs = items.map(({ blob }) => blob);
    const gone = await this.vault.missingBlobs(blobs);
    const found = blobs.filter((blob) => !gone.has(blob));
    const result = { found: found.length, missing: gone.size };
    await scope.transaction(async (tx) => {
      await bookContent(tx, found, false);
      await appendAdminRecord(tx, { ...actBy(caller), action: 'ContentCheck', target: { kind: 'message', id: null }, after: result });
    });
    return { ...result, nextCursor: cursors.write(next) };
  }
}

function missingCursors(caller: Administrator): Cursors<string> {
  return new Cursors({ of: 'missing-content', organization: caller.organizationId }, z.uuid());
}

/** Who may not read the trail sees deliveries alone: that somebody asked for a passcode is the trail's to tell. */
function kindsFor(caller: Administrator): readonly JobKind[] | undefined {
  return caller.permissions.has('audit:read')
    ? undefined
    : ['send-wrapper-mail', 'send-sender-notice', 'send-sender-facts', 'send-delivery-report'];
}

function view({ since, deadAt, nextAttemptAt, ...row }: TroubledRow): OutboxRow {
  return {
    ...row,
    state: deadAt === null ? 'retrying' : 'dead',
    since: since.toISOString(),
    deadAt: deadAt?.toISOString() ?? null,
    nextAttemptAt: deadAt === null ? nextAttemptAt.toISOString() : null,
  };
}
