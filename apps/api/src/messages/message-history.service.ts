import { Injectable } from '@nestjs/common';
import type { MessageHistory, messageRoutes } from '@signet/api-contract/messages';
import type { QueryOf } from '@signet/api-contract/route';
import { searchAdminRecords } from '@signet/db/admin-record-search';
import { searchAuditEntries } from '@signet/db/audit-search';
import { Database, type OrganizationScope } from '@signet/db/database';
import { loadExposureFacts } from '@signet/db/exposure';
import { holdsOn } from '@signet/db/legal-hold-search';
import type { MessageDetail } from '@signet/db/message-detail';
import { removedSteps } from '@signet/db/retention';
import { judgedTouchesIn } from '../audit-entries/judged-touches.ts';
import type { Administrator } from '../authentication/caller.ts';
import { asked, recordAct } from '../authentication/record-act.ts';
import { holdView } from '../legal-holds/hold-view.ts';
import { exposureReport } from './exposure-report.ts';
import { sightOf, theOneMessage } from './found-message.ts';
import { messageView } from './message-view.ts';
import { removedStepsView } from './removed-steps-view.ts';

/** More acts than this on one message, or changes of the configuration since, nobody reads at once. */
const ACTS = 500;

/**
 * A message with all that is on record about it, for whoever opens its page: one look, and so one record, which says what
 * of it was shown.
 */
@Injectable()
export class MessageHistoryService {
  constructor(private readonly database: Database) {}

  async read(
    caller: Administrator,
    reference: string,
    { before, limit }: QueryOf<typeof messageRoutes.getMessageHistory>,
  ): Promise<MessageHistory> {
    const scope = this.database.forOrganization(caller.organizationId);
    const message = await theOneMessage(scope, caller, reference);
    const sight = sightOf(caller);
    const isRevoked = message.recipients.some(({ revokedAt }) => revokedAt !== null);
    const [trail, removed, acts, exposure, holds] = await Promise.all([
      sight.trail ? searchAuditEntries(scope, { messageId: message.id, to: before }, { limit, from: null }) : null,
      sight.trail ? removedSteps(scope, message.id) : null,
      caller.permissions.has('admin:read') ? actsOn(scope, message) : null,
      sight.trail && isRevoked ? loadExposureFacts(scope, message.id) : null,
      caller.permissions.has('configuration:read') ? holdsOn(scope, message.id) : null,
    ]);
    const shown = { trail: trail !== null, acts: acts !== null, exposure: exposure !== null };
    await recordAct(scope, caller, {
      action: 'MessageRead',
      target: { kind: 'message', id: message.id },
      after: asked({ messageId: message.messageId, before, ...shown }),
    });
    return {
      message: messageView(message, sight),
      trail: trail && {
        items: trail.items,
        verdicts: judgedTouchesIn(trail.items),
        more: trail.next !== null,
        removed: removedStepsView(removed),
        indexedThrough: trail.indexedThrough.toISOString(),
      },
      acts,
      exposure: exposure && exposureReport(message, exposure, sight),
      holds: holds?.map(({ keepsContent, ...hold }) => ({ ...holdView(hold), keepsContent })) ?? null,
    };
  }
}

/** Acts on the message, and on the configuration since it was accepted; no switch touches a message that is never tracked. */
async function actsOn(scope: OrganizationScope, message: MessageDetail): Promise<NonNullable<MessageHistory['acts']>> {
  const from = message.acceptedAt.toISOString();
  const page = { limit: ACTS, below: null };
  const onMessage = {
    target: message.id,
    actions: ['MessageRevoke', 'MessageRestore', 'MessageErase', 'MessageResend', 'ExpiryChange'],
    from,
  } as const;
  const [own, switches] = await Promise.all([
    searchAdminRecords(scope, onMessage, page),
    message.tracking.reason === 'default_template'
      ? { items: [] }
      : searchAdminRecords(scope, { actions: ['ConfigurationChange'], from }, page),
  ]);
  return [...own.items, ...switches.items];
}
