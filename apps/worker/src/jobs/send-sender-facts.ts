import { finishSenderMail } from '@signet/db/sender-delivery';
import { beginSenderFacts, type SenderFactsOrder } from '@signet/db/sender-fact-mail';
import { jobs } from '@signet/domain/jobs';
import { renderSenderFactsMail } from '@signet/mail-templates/sender-facts-mail';
import type { JobHandler } from '../job-handler.ts';
import { senderFactsMessageId } from '../mail-identity.ts';
import { handOver, inLanes, recordAnswer } from '../mail-lanes.ts';
import { mailToSender } from '../mail-to-sender.ts';
import type { WrapperMailContext } from './send-wrapper-mail.ts';

/** Each mail to a sender of what became of a message of theirs. */
export function sendSenderFactsJob(context: WrapperMailContext): JobHandler<'send-sender-facts'> {
  const { database, nextHop, metrics } = context;
  return {
    kind: 'send-sender-facts',
    run: (ids, stopping) =>
      inLanes(
        database,
        ids,
        stopping,
        async (id) => {
          const order = await beginSenderFacts(database, id, jobs['send-sender-facts'].leaseSeconds);
          if (!order) return false;
          const answer = await handOver(
            async () =>
              mailToSender(
                order,
                senderFactsMessageId(order.mailId, order.sender),
                await render(order, context.publicUrl),
                context.loopKey,
              ),
            (mail) => nextHop.send(mail),
          );
          metrics.mails.inc({ mail: 'notice', delivery: answer.delivery });
          return recordAnswer(() => finishSenderMail(database, order.row, answer));
        },
        context.onGivenUp,
      ),
  };
}

function render(order: SenderFactsOrder, publicUrl: string) {
  return renderSenderFactsMail({
    branding: { organizationName: order.organizationName, backgroundColor: order.backgroundColor, logo: null },
    subject: order.subjectShown ? order.subject : null,
    facts: order.facts.map(({ kind, address, at }) => ({ kind, address, at: at.toISOString() })),
    link: `${publicUrl}/sent/messages/${order.messageUid}`,
    settingsLink: `${publicUrl}/sent/notices`,
  });
}
