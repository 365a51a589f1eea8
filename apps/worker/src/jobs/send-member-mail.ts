import type { KeyObject } from 'node:crypto';
import type { Database } from '@signet/db/database';
import { beginMemberMail, finishMemberMail, type MemberMailOrder } from '@signet/db/member-mail';
import { jobs } from '@signet/domain/jobs';
import { LOOP_HEADER_NAME, makeLoopHeader } from '@signet/domain/loop-header';
import { renderMemberMail } from '@signet/mail-templates/member-mail';
import type { Vault } from '@signet/vault/vault';
import type { JobHandler } from '../job-handler.ts';
import { memberMailId } from '../mail-identity.ts';
import { inLanes, recordAnswer } from '../mail-lanes.ts';
import type { Metrics } from '../metrics.ts';
import type { NextHop, OutgoingMail } from '../next-hop.ts';

export interface MemberMailContext {
  readonly database: Database;
  readonly vault: Vault;
  /** Sessions that wrapper mails do not take: a link for signing in is waited for. */
  readonly nextHop: NextHop;
  readonly loopKey: KeyObject;
  /** Where people reach the portal, without a slash at the end. */
  readonly publicUrl: string;
  readonly metrics: Metrics;
  /** Told of each row that is dead now. */
  readonly onGivenUp: (id: string) => void;
}

/** Pages of the portal that links lead to. */
const pages = { invitation: 'invitation', 'password-reset': 'password-reset' } as const;

/** Mails to members about their account. A link's token is opened only here, goes into the mail and nowhere else. */
export function sendMemberMailJob(context: MemberMailContext): JobHandler<'send-member-mail'> {
  const { database, nextHop, metrics } = context;
  return {
    kind: 'send-member-mail',
    run: (ids, stopping) =>
      inLanes(
        database,
        ids,
        stopping,
        async (id) => {
          const order = await beginMemberMail(database, id, jobs['send-member-mail'].leaseSeconds);
          if (!order) return false;
          const token = await openToken(context.vault, order);
          const { delivery, response } = await nextHop.send(await composeMemberMail(order, token, context));
          metrics.mails.inc({ mail: 'member', delivery });
          // A server that refuses a mail may quote it.
          const answer = { delivery, response: token === null ? response : response.replaceAll(token, '[token]') };
          return recordAnswer(() => finishMemberMail(database, order, answer));
        },
        context.onGivenUp,
      ),
  };
}

async function openToken(vault: Vault, { row, link }: MemberMailOrder): Promise<string | null> {
  if (!link) return null;
  const context = { organizationId: row.organizationId, purpose: 'member-link', id: link.id } as const;
  return Buffer.from(await vault.openSecret(link.organizationKey, context, link.sealedToken)).toString('utf8');
}

async function composeMemberMail(
  order: MemberMailOrder,
  token: string | null,
  { loopKey, publicUrl }: MemberMailContext,
): Promise<OutgoingMail> {
  const { mail, link, organizationName, email, role, clientIp, userAgent } = order;
  const page = mail === 'invitation' || mail === 'password-reset' ? pages[mail] : null;
  const rendered = await renderMemberMail({
    mail,
    organizationName,
    email,
    role,
    at: order.at.toISOString(),
    clientIp,
    userAgent,
    link: link && page && token ? { url: `${publicUrl}/admin/${page}/${token}`, expiresAt: link.expiresAt.toISOString() } : null,
  });
  return {
    ...rendered,
    organizationId: order.row.organizationId,
    messageId: memberMailId(order.row.id, order.memberId, order.domain),
    from: `no-reply@${order.domain}`,
    to: email,
    headers: {
      // RFC 3834: no absence notice shall answer it.
      'Auto-Submitted': 'auto-generated',
      // Members are of the organization's own domains: its mail system may hand the mail to Signet again.
      [LOOP_HEADER_NAME]: makeLoopHeader(loopKey, { messageUid: order.row.organizationId, recipientId: order.memberId }),
    },
  };
}
