import { Injectable } from '@nestjs/common';
import { COUNTED_MESSAGES, type ExposureReport, type messageRoutes } from '@signet/api-contract/messages';
import type { AnswerOf, QueryOf } from '@signet/api-contract/route';
import type { sentRoutes } from '@signet/api-contract/sent';
import { searchAuditEntries } from '@signet/db/audit-search';
import { Database } from '@signet/db/database';
import { changeExpiry } from '@signet/db/expiry';
import { loadExposureFacts } from '@signet/db/exposure';
import { loadMessages } from '@signet/db/message-detail';
import { countMessages, searchMessages } from '@signet/db/message-search';
import { removedSteps } from '@signet/db/retention';
import { changeRevocation } from '@signet/db/revocation';
import { resendWrappers, type RefusedRecipient } from '@signet/db/wrapper-resend';
import { instant } from '@signet/domain/audit/entry';
import { templateLimits } from '@signet/domain/branding-template';
import type { ExpiryRefusal } from '@signet/domain/message-expiry';
import { isReadingState } from '@signet/domain/message-state';
import type { ResendRefusal } from '@signet/domain/wrapper-resend';
import { z } from 'zod';
import { judgedTouchesIn } from '../audit-entries/judged-touches.ts';
import { doerOf, messageSightOf, type Insider } from '../authentication/caller.ts';
import { asked, recordAct } from '../authentication/record-act.ts';
import { Cursors } from '../http/cursor.ts';
import { invalid, notFound, ProblemError } from '../http/problem-error.ts';
import { WithPage } from '../http/with-page.ts';
import { exposurePage } from './exposure-page.ts';
import { accessChangesView, exposureReport } from './exposure-report.ts';
import { sightOf, theOneMessage } from './found-message.ts';
import { messageSummaryView, messageView } from './message-view.ts';
import { removedStepsView } from './removed-steps-view.ts';

const position = z.strictObject({ acceptedAt: z.iso.datetime(), id: z.uuid(), newer: z.boolean().optional() });
const timelinePosition = z.strictObject({ creationTime: instant, id: z.guid() });

@Injectable()
export class MessageService {
  constructor(private readonly database: Database) {}

  async search(
    caller: Insider,
    query: Omit<QueryOf<typeof messageRoutes.listMessages>, 'sender'> & { readonly sender?: string | undefined },
  ): Promise<AnswerOf<typeof messageRoutes.listMessages>> {
    const { limit, cursor, count, state, ...filters } = query;
    const scope = this.database.forOrganization(caller.organizationId);
    const target = { kind: 'message', id: null };
    if (!sightOf(caller).trail && state?.some(isReadingState)) {
      const refused = { status: 'Failure', reason: 'forbidden' } as const;
      await recordAct(scope, caller, { action: 'MessageSearch', target, ...refused, after: asked({ ...filters, state }) });
      throw new ProblemError('forbidden', { detail: 'To search by who has read, you must be allowed to read the trail' });
    }
    const sight = messageSightOf(caller);
    const cursors = new Cursors({ of: 'messages', organization: caller.organizationId, sight, ...filters, state }, position);
    const wanted = { ...filters, states: state };
    const { ids, next, previous } = await searchMessages(scope, sight, wanted, { limit, from: cursors.read(cursor) });
    const messages = await loadMessages(scope, ids);
    const matches = count === 'true' ? await countMessages(scope, sight, wanted, COUNTED_MESSAGES) : null;
    await recordAct(scope, caller, {
      action: 'MessageSearch',
      target,
      after: asked({ ...filters, state, count: messages.length }),
    });
    return {
      items: messages.map((message) => messageSummaryView(message, sightOf(caller))),
      nextCursor: cursors.write(next),
      previousCursor: cursors.write(previous),
      matches,
    };
  }

  async read(caller: Insider, reference: string): Promise<AnswerOf<typeof messageRoutes.getMessage>> {
    const scope = this.database.forOrganization(caller.organizationId);
    const message = await theOneMessage(scope, caller, reference);
    await recordAct(scope, caller, {
      action: 'MessageRead',
      target: { kind: 'message', id: message.id },
      after: asked({ messageId: message.messageId }),
    });
    return messageView(message, sightOf(caller));
  }

  /** @param zone a time zone in which the page writes times besides UTC. */
  async exposure(caller: Insider, reference: string, zone: string | undefined): Promise<WithPage<ExposureReport>> {
    const scope = this.database.forOrganization(caller.organizationId);
    const { id } = await theOneMessage(scope, caller, reference);
    const facts = await loadExposureFacts(scope, id);
    // Read after the facts: a gap that had begun when they were read is in the report for certain.
    const [message] = await loadMessages(scope, [id]);
    if (!message) throw notFound();
    await recordAct(scope, caller, {
      action: 'ExposureRead',
      target: { kind: 'message', id: message.id },
      after: asked({ messageId: message.messageId }),
    });
    const report = exposureReport(message, facts, sightOf(caller));
    return new WithPage(report, () => exposurePage(report, { zone, origins: sightOf(caller).origins }));
  }

  /** The recorded steps of a message, newest first, with every revocation and restoration. */
  async timeline(
    caller: Insider,
    reference: string,
    { to, limit, cursor }: QueryOf<typeof sentRoutes.getSentTimeline>,
  ): Promise<AnswerOf<typeof sentRoutes.getSentTimeline>> {
    const scope = this.database.forOrganization(caller.organizationId);
    const message = await theOneMessage(scope, caller, reference);
    const cursors = new Cursors({ of: 'timeline', organization: caller.organizationId, message: message.id, to }, timelinePosition);
    const page = await searchAuditEntries(scope, { messageId: message.id, to }, { limit, from: cursors.read(cursor) });
    const [{ revocations }, removed] = await Promise.all([loadExposureFacts(scope, message.id), removedSteps(scope, message.id)]);
    await recordAct(scope, caller, {
      action: 'AuditSearch',
      target: { kind: 'message', id: message.id },
      after: asked({ messageId: message.messageId, to, count: page.items.length }),
    });
    return {
      items: page.items.map((entry) => (sightOf(caller).origins ? entry : { ...entry, clientIp: null, userAgent: null })),
      verdicts: judgedTouchesIn(page.items),
      nextCursor: cursors.write(page.next),
      complete: page.complete,
      indexedThrough: page.indexedThrough.toISOString(),
      ...accessChangesView(message, revocations),
      removed: removedStepsView(removed),
    };
  }

  async changeExpiry(
    caller: Insider,
    request: { reference: string; expiresAt: string | null; reason?: string | undefined },
  ): Promise<AnswerOf<typeof messageRoutes.changeMessage>> {
    const scope = this.database.forOrganization(caller.organizationId);
    const { id } = await theOneMessage(scope, caller, request.reference);
    const result = await changeExpiry(scope, {
      sight: messageSightOf(caller),
      messageUid: id,
      expiresAt: request.expiresAt === null ? null : new Date(request.expiresAt),
      reason: request.reason ?? null,
      by: doerOf(caller),
      ...caller.visitor,
    });
    if (result.outcome === 'not_found') throw notFound();
    if (result.outcome === 'refused') throw expiryRefusalOf(result.refusal);
    return messageView(result.message, sightOf(caller));
  }

  async changeRevocation(
    caller: Insider,
    action: 'revoke' | 'restore',
    request: { reference: string; recipients?: string[] | undefined; reason?: string | undefined },
  ): Promise<AnswerOf<typeof messageRoutes.revokeMessage>> {
    const result = await changeRevocation(this.database.forOrganization(caller.organizationId), {
      ...request,
      action,
      sight: messageSightOf(caller),
      reason: request.reason ?? null,
      by: doerOf(caller),
      ...caller.visitor,
    });
    switch (result.outcome) {
      case 'not_found':
        throw notFound();
      case 'not_revocable':
        throw new ProblemError('not_revocable');
      case 'revoked_by_organization':
        throw new ProblemError('revoked_by_organization');
      case 'unknown_recipients':
        throw unknownRecipients(result.positions);
      case 'done': {
        const [first, ...more] = result.messages.map((message) => messageView(message, sightOf(caller)));
        if (!first) throw notFound();
        return more.length === 0 ? first : { count: result.messages.length, items: [first, ...more] };
      }
      default:
        return result satisfies never;
    }
  }

  async resend(
    caller: Insider,
    request: { reference: string; recipients?: string[] | undefined },
  ): Promise<AnswerOf<typeof messageRoutes.resendMessage>> {
    const scope = this.database.forOrganization(caller.organizationId);
    const { id } = await theOneMessage(scope, caller, request.reference);
    const result = await resendWrappers(scope, {
      sight: messageSightOf(caller),
      messageUid: id,
      recipients: request.recipients,
      by: doerOf(caller),
      ...caller.visitor,
    });
    switch (result.outcome) {
      case 'not_found':
        throw notFound();
      case 'unknown_recipients':
        throw unknownRecipients(result.positions);
      case 'refused':
        throw resendRefusal(result.refused, request.recipients);
      case 'too_many':
        throw new ProblemError('too_many_requests', {
          detail: 'A recipient was sent the mail again as often as an hour allows',
          retryAfterSeconds: result.retryAfterSeconds,
        });
      case 'done':
        return messageView(result.message, sightOf(caller));
      default:
        return result satisfies never;
    }
  }
}

function unknownRecipients(positions: readonly number[]): ProblemError {
  return invalid(positions.map((at) => ({ pointer: `/recipients/${at}`, detail: 'is no recipient of the message' })));
}

const whyNotResent = {
  erased: 'the message is erased',
  revoked: 'access is revoked',
  expired: 'the message has expired',
  unwrapped: 'got the mail itself, unwrapped',
} as const satisfies Record<ResendRefusal, string>;

/** Errors named in an answer, as many as any other has. */
const NAMED_ERRORS = 1000;

function resendRefusal(refused: readonly RefusedRecipient[], wanted: readonly string[] | undefined): ProblemError {
  const keys = wanted?.map((address) => address.trim().toLowerCase());
  return new ProblemError('not_resendable', {
    errors: refused.slice(0, NAMED_ERRORS).map(({ address, refusal }) => ({
      // The position in the request; all of them together where it named none.
      pointer: keys ? `/recipients/${keys.indexOf(address.toLowerCase())}` : '/recipients',
      detail: `${address}: ${whyNotResent[refusal]}`,
    })),
  });
}

function expiryRefusalOf(refusal: ExpiryRefusal): ProblemError {
  switch (refusal) {
    case 'erased':
      return new ProblemError('not_expirable', { detail: 'The message is erased: nobody can ever read it again' });
    case 'passed':
      return new ProblemError('not_expirable', { detail: 'Its recipients got the mail itself, unwrapped' });
    case 'later_than_allowed':
      return invalid([
        { pointer: '/expiresAt', detail: `must be at most ${templateLimits.expiryInDays} days after the message was accepted` },
      ]);
    case 'not_for_senders':
      return new ProblemError('expiry_change_not_allowed');
    case 'not_later':
      return new ProblemError('expiry_change_not_allowed', { detail: 'Senders may end a message earlier, and not later' });
    case 'set_by_organization':
      return new ProblemError('expiry_change_not_allowed', { detail: 'The organization has set this expiry; only it can put it off' });
    default:
      return refusal satisfies never;
  }
}
