import { beginDeliveryReport, type DeliveryReportOrder } from '@signet/db/delivery-report';
import { finishSenderMail } from '@signet/db/sender-delivery';
import { jobs } from '@signet/domain/jobs';
import { renderDeliveryReportMail } from '@signet/mail-templates/delivery-report-mail';
import { deliveryStatus } from '@signet/mail-templates/delivery-status';
import type { JobHandler } from '../job-handler.ts';
import { deliveryReportId } from '../mail-identity.ts';
import { handOver, inLanes, recordAnswer } from '../mail-lanes.ts';
import { mailToSender } from '../mail-to-sender.ts';
import type { MailReport, OutgoingMail } from '../next-hop.ts';
import type { WrapperMailContext } from './send-wrapper-mail.ts';

/** Each report to a sender of what became of the delivery of a message of theirs (RFC 3464). */
export function sendDeliveryReportJob(context: WrapperMailContext): JobHandler<'send-delivery-report'> {
  const { database, nextHop, metrics } = context;
  return {
    kind: 'send-delivery-report',
    run: (ids, stopping) =>
      inLanes(
        database,
        ids,
        stopping,
        async (id) => {
          const order = await beginDeliveryReport(database, id, jobs['send-delivery-report'].leaseSeconds);
          if (!order) return false;
          const answer = await handOver(
            () => compose(order, context),
            (mail) => nextHop.send(mail),
          );
          metrics.mails.inc({ mail: 'report', delivery: answer.delivery });
          return recordAnswer(() => finishSenderMail(database, order.row, answer));
        },
        context.onGivenUp,
      ),
  };
}

async function compose(order: DeliveryReportOrder, { publicUrl, loopKey }: WrapperMailContext): Promise<OutgoingMail> {
  const { sender, messageUid, recipients } = order;
  const [{ kind }] = recipients;
  const rendered = await renderDeliveryReportMail({
    branding: { organizationName: order.organizationName, backgroundColor: order.backgroundColor, logo: null },
    kind,
    subject: order.subjectShown ? order.subject : null,
    recipients: recipients.map(({ address, at }) => ({ address, at: at.toISOString() })),
    link: `${publicUrl}/sent/messages/${messageUid}`,
    settingsLink: recipients.every(({ request }) => request?.notify) ? null : `${publicUrl}/sent/notices`,
  });
  const mail = mailToSender(order, deliveryReportId(order.mailId, sender), rendered, loopKey);
  // It answers a message, where a notice answers none (RFC 3834, 5).
  return { ...mail, headers: { ...mail.headers, 'Auto-Submitted': 'auto-replied' }, report: reportOf(order, publicUrl) };
}

/** Of the message's header no more than is kept of it in clear: the rest is content. */
function reportOf(order: DeliveryReportOrder, publicUrl: string): MailReport {
  const { recipients, acceptedAt, messageId } = order;
  return {
    status: deliveryStatus({
      reportingHost: new URL(publicUrl).hostname,
      envelopeId: recipients[0].request?.envid ?? null,
      acceptedAt,
      recipients: recipients.map(({ request, ...recipient }) => ({ ...recipient, originalRecipient: request?.orcpt ?? null })),
    }),
    about: { 'Message-ID': messageId, ...(order.subjectShown && order.subject !== null ? { Subject: order.subject } : {}) },
  };
}
