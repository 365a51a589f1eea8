import type { KeyObject } from 'node:crypto';
import type { Database } from '@signet/db/database';
import { beginWrapperDelivery, finishDelivery, type Patience, type WrapperOrder } from '@signet/db/delivery';
import { makeBounceAddress } from '@signet/domain/bounce-address';
import { jobs } from '@signet/domain/jobs';
import { LOOP_HEADER_NAME, makeLoopHeader } from '@signet/domain/loop-header';
import { recipientReferenceOf } from '@signet/domain/recipient-reference';
import { LOGO_CID, wrapperBranding } from '@signet/mail-templates/wrapper-branding';
import { renderWrapperMail } from '@signet/mail-templates/wrapper-mail';
import type { Vault } from '@signet/vault/vault';
import type { JobHandler } from '../job-handler.ts';
import { wrapperMessageId } from '../mail-identity.ts';
import { handOver, inLanes, recordAnswer } from '../mail-lanes.ts';
import type { Metrics } from '../metrics.ts';
import type { NextHop, OutgoingMail } from '../next-hop.ts';
import { wholeSubjectOf } from '../whole-subject.ts';

export interface WrapperMailContext {
  readonly database: Database;
  readonly vault: Vault;
  readonly nextHop: NextHop;
  readonly loopKey: KeyObject;
  /** Where people reach the portal, without a slash at the end. */
  readonly publicUrl: string;
  readonly metrics: Metrics;
  /** Told of each row that is dead now. */
  readonly onGivenUp: (id: string) => void;
}

/**
 * Each recipient's wrapper mail: claimed, sent outside any transaction, its answer recorded. A crash between sending and
 * recording is the one way to a second mail, and that has the same Message-ID.
 */
export function sendWrapperMailJob(context: WrapperMailContext & Patience): JobHandler<'send-wrapper-mail'> {
  const { database, nextHop, metrics } = context;
  return {
    kind: 'send-wrapper-mail',
    run: (ids, stopping) =>
      inLanes(
        database,
        ids,
        stopping,
        async (id) => {
          const order = await beginWrapperDelivery(database, id, jobs['send-wrapper-mail'].leaseSeconds);
          if (!order) return false;
          const answer = await handOver(
            () => composeWrapperMail(order, context),
            (mail) => nextHop.send(mail),
          );
          metrics.mails.inc({ mail: 'wrapper', delivery: answer.delivery });
          return recordAnswer(() => finishDelivery(database, order, answer, context));
        },
        context.onGivenUp,
        context.attempts,
      ),
  };
}

/**
 * The mail of an order. It comes from the sender and is a person's message in Signet's envelope, so it is not marked as
 * made by a machine: an absence notice of the recipient shall reach the sender, as it would have without Signet.
 */
async function composeWrapperMail(order: WrapperOrder, context: WrapperMailContext): Promise<OutgoingMail> {
  const { template, message, logo } = order;
  const { loopKey, publicUrl } = context;
  const subject = template.subjectShown ? await wholeSubjectOf(order, context) : null;
  const rendered = await renderWrapperMail({
    branding: wrapperBranding(template, { name: order.organizationName, mailLanguages: order.mailLanguages }, logo),
    senderName: null,
    senderAddress: message.sender,
    subject,
    link: `${publicUrl}/m/${order.linkToken}`,
    reference: recipientReferenceOf(order.recipientId),
    expiresAt: order.expiresAt?.toISOString() ?? null,
    trackingNotice: order.tracked,
  });
  return {
    ...rendered,
    organizationId: order.row.organizationId,
    unrecorded: message.subjectRecorded === 'full' ? null : subject,
    ...(logo ? { logo: { cid: LOGO_CID, png: logo.png } } : {}),
    messageId: wrapperMessageId(order.recipientId, message.sender, order.resend),
    from: message.sender,
    // Where it comes back to the sender, so do the reports that they ask for.
    ...(order.bounceDomain === null
      ? { request: order.request }
      : { envelopeSender: makeBounceAddress(loopKey, order.recipientId, order.bounceDomain) }),
    to: order.address,
    headers: { [LOOP_HEADER_NAME]: makeLoopHeader(loopKey, { messageUid: message.messageUid, recipientId: order.recipientId }) },
  };
}
