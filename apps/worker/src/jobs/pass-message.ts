import { finishDelivery, type Patience } from '@signet/db/delivery';
import { beginPassing, type PassingOrder } from '@signet/db/passing';
import { jobs } from '@signet/domain/jobs';
import { storedPart } from '@signet/vault/stored-part';
import type { JobHandler } from '../job-handler.ts';
import { handOver, inLanes, recordAnswer } from '../mail-lanes.ts';
import type { PassedMessage } from '../next-hop.ts';
import { wholeSubjectOf } from '../whole-subject.ts';
import type { WrapperMailContext } from './send-wrapper-mail.ts';

/**
 * Each message that a rule lets pass as it came, to one recipient: claimed, sent outside any transaction, its answer recorded.
 */
export function passMessageJob(context: WrapperMailContext & Patience): JobHandler<'pass-message'> {
  const { database, nextHop, metrics } = context;
  return {
    kind: 'pass-message',
    run: (ids, stopping) =>
      inLanes(
        database,
        ids,
        stopping,
        async (id) => {
          const order = await beginPassing(database, id, jobs['pass-message'].leaseSeconds);
          if (!order) return false;
          const answer = await handOver(
            () => passedMessage(order, context),
            (message) => nextHop.pass(message),
          );
          metrics.mails.inc({ mail: 'passed', delivery: answer.delivery });
          return recordAnswer(() => finishDelivery(database, order, answer, context));
        },
        context.onGivenUp,
        context.attempts,
      ),
  };
}

/** Signet's Received field, the header as it came, and the body of the stored original. It is its sender's: what cannot be delivered goes back to them. */
async function passedMessage(order: PassingOrder, context: WrapperMailContext): Promise<PassedMessage> {
  const { vault } = context;
  const { location, bodyOffset, originalSize, transitSize } = order;
  async function* bytes(): AsyncGenerator<Uint8Array> {
    // Copies: each chunk is good only until the next, and the connection holds several.
    for await (const chunk of vault.readPart(location, storedPart.parse(order.transit))) yield Buffer.from(chunk);
    if (bodyOffset >= originalSize) return;
    const body = { start: bodyOffset, end: originalSize };
    for await (const chunk of vault.readPart(location, storedPart.parse(order.original), body)) yield Buffer.from(chunk);
  }
  const size = transitSize + originalSize - bodyOffset;
  return {
    organizationId: order.row.organizationId,
    unrecorded: order.message.subjectRecorded === 'full' ? null : await wholeSubjectOf(order, context),
    from: order.message.sender,
    to: order.address,
    bytes: bytes(),
    size,
    request: order.request,
  };
}
