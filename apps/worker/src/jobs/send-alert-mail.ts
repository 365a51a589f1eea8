import { beginAlertMail, finishAlertMail, type AlertMailOrder } from '@signet/db/alert-mail';
import { jobs } from '@signet/domain/jobs';
import { LOOP_HEADER_NAME, makeLoopHeader } from '@signet/domain/loop-header';
import { renderAlertMail } from '@signet/mail-templates/alert-mail';
import type { JobHandler } from '../job-handler.ts';
import { memberMailId } from '../mail-identity.ts';
import { inLanes, recordAnswer } from '../mail-lanes.ts';
import type { OutgoingMail } from '../next-hop.ts';
import type { MemberMailContext } from './send-member-mail.ts';

/** Mails to the members who answer for alerts: one for each alert, however often it happens. */
export function sendAlertMailJob(context: Omit<MemberMailContext, 'vault'>): JobHandler<'send-alert-mail'> {
  const { database, nextHop, metrics } = context;
  return {
    kind: 'send-alert-mail',
    run: (ids, stopping) =>
      inLanes(
        database,
        ids,
        stopping,
        async (id) => {
          const order = await beginAlertMail(database, id, jobs['send-alert-mail'].leaseSeconds);
          if (!order) return false;
          const answer = await nextHop.send(await composeAlertMail(order, context));
          metrics.mails.inc({ mail: 'alert', delivery: answer.delivery });
          return recordAnswer(() => finishAlertMail(database, order, answer));
        },
        context.onGivenUp,
      ),
  };
}

async function composeAlertMail(
  order: AlertMailOrder,
  { loopKey, publicUrl }: Pick<MemberMailContext, 'loopKey' | 'publicUrl'>,
): Promise<OutgoingMail> {
  const { row, kind, organizationName, email, memberId, alertId, domain, webhook, syslog, apiKey, log } = order;
  const rendered = await renderAlertMail({
    kind,
    organizationName,
    email,
    at: order.firstSeen.toISOString(),
    about: { webhook: webhook?.name ?? null, syslog: syslog?.name ?? null, apiKey: apiKey?.name ?? null, log },
    url: `${publicUrl}/admin/alerts#alert-${alertId}`,
  });
  return {
    ...rendered,
    organizationId: row.organizationId,
    messageId: memberMailId(row.id, memberId, domain),
    from: `no-reply@${domain}`,
    to: email,
    headers: {
      'Auto-Submitted': 'auto-generated',
      [LOOP_HEADER_NAME]: makeLoopHeader(loopKey, { messageUid: row.organizationId, recipientId: memberId }),
    },
  };
}
