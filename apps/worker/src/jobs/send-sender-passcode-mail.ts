import { beginSenderPasscodeDelivery, finishSenderMail, type SenderPasscodeOrder } from '@signet/db/sender-delivery';
import { jobs } from '@signet/domain/jobs';
import { LOOP_HEADER_NAME, makeLoopHeader } from '@signet/domain/loop-header';
import { renderPasscodeMail } from '@signet/mail-templates/passcode-mail';
import type { JobHandler } from '../job-handler.ts';
import { passcodeMessageId, passcodeSender } from '../mail-identity.ts';
import { handOver, inLanes, recordAnswer } from '../mail-lanes.ts';
import type { OutgoingMail } from '../next-hop.ts';
import type { PasscodeMailContext } from './send-passcode-mail.ts';

/** Each passcode mail to a sender: its code is opened only here, goes into the mail and nowhere else. */
export function sendSenderPasscodeMailJob(context: PasscodeMailContext): JobHandler<'send-sender-passcode-mail'> {
  const { database, vault, nextHop, metrics, loopKey } = context;
  return {
    kind: 'send-sender-passcode-mail',
    run: (ids, stopping) =>
      inLanes(
        database,
        ids,
        stopping,
        async (id) => {
          const order = await beginSenderPasscodeDelivery(database, id, jobs['send-sender-passcode-mail'].leaseSeconds);
          if (!order) return false;
          const { row, organizationKey, senderPasscodeRequestId } = order;
          const sealedFor = { organizationId: row.organizationId, purpose: 'passcode', id: senderPasscodeRequestId } as const;
          const make = async () => {
            const code = Buffer.from(await vault.openSecret(organizationKey, sealedFor, order.sealedCode)).toString('utf8');
            return { ...(await composeMail(order, code, loopKey)), unrecorded: code };
          };
          const answer = await handOver(make, (mail) => nextHop.send(mail));
          metrics.mails.inc({ mail: 'passcode', delivery: answer.delivery });
          return recordAnswer(() => finishSenderMail(database, row, answer));
        },
        context.onGivenUp,
      ),
  };
}

async function composeMail(order: SenderPasscodeOrder, code: string, loopKey: PasscodeMailContext['loopKey']): Promise<OutgoingMail> {
  const { address, senderPasscodeRequestId: requestId } = order;
  const rendered = await renderPasscodeMail({
    branding: { organizationName: order.organizationName, backgroundColor: order.backgroundColor, logo: null },
    code,
    reference: order.reference,
    language: 'en',
    // Rounded down, so that the mail never promises more than there is.
    validMinutes: Math.min(60, Math.max(1, Math.floor((order.expiresAt.getTime() - order.now.getTime()) / 60_000))),
  });
  return {
    ...rendered,
    organizationId: order.row.organizationId,
    messageId: passcodeMessageId(requestId, address),
    from: passcodeSender(address),
    to: address,
    headers: {
      // RFC 3834: no absence notice shall answer it.
      'Auto-Submitted': 'auto-generated',
      // It is about no message and no recipient: the request stands for both.
      [LOOP_HEADER_NAME]: makeLoopHeader(loopKey, { messageUid: requestId, recipientId: requestId }),
    },
  };
}
