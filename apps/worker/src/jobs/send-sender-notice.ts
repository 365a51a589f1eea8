import { finishSenderMail } from '@signet/db/sender-delivery';
import { beginSenderNotice, type SenderNoticeOrder } from '@signet/db/sender-notice';
import { jobs } from '@signet/domain/jobs';
import { renderSenderNoticeMail } from '@signet/mail-templates/sender-notice-mail';
import type { JobHandler } from '../job-handler.ts';
import { noticeMessageId } from '../mail-identity.ts';
import { handOver, inLanes, recordAnswer } from '../mail-lanes.ts';
import { mailToSender } from '../mail-to-sender.ts';
import type { OutgoingMail } from '../next-hop.ts';
import type { WrapperMailContext } from './send-wrapper-mail.ts';

/** Each notice to a sender that a message of theirs has been taken. */
export function sendSenderNoticeJob(context: WrapperMailContext): JobHandler<'send-sender-notice'> {
  const { database, nextHop, metrics } = context;
  return {
    kind: 'send-sender-notice',
    run: (ids, stopping) =>
      inLanes(
        database,
        ids,
        stopping,
        async (id) => {
          const order = await beginSenderNotice(database, id, jobs['send-sender-notice'].leaseSeconds);
          if (!order) return false;
          const answer = await handOver(
            () => composeNotice(order, context),
            (mail) => nextHop.send(mail),
          );
          metrics.mails.inc({ mail: 'notice', delivery: answer.delivery });
          return recordAnswer(() => finishSenderMail(database, order.row, answer));
        },
        context.onGivenUp,
      ),
  };
}

async function composeNotice(order: SenderNoticeOrder, { loopKey, publicUrl }: WrapperMailContext): Promise<OutgoingMail> {
  const { messageUid, sender } = order;
  const rendered = await renderSenderNoticeMail({
    branding: { organizationName: order.organizationName, backgroundColor: order.backgroundColor, logo: null },
    subject: order.subjectShown ? order.subject : null,
    recipientCount: order.recipientCount,
    link: `${publicUrl}/sent/messages/${messageUid}`,
  });
  return mailToSender(order, noticeMessageId(messageUid, sender), rendered, loopKey);
}
