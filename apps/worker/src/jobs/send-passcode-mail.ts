import type { KeyObject } from 'node:crypto';
import type { Database } from '@signet/db/database';
import { beginPasscodeDelivery, finishPasscodeDelivery, type PasscodeOrder } from '@signet/db/delivery';
import type { NextHopAnswer } from '@signet/domain/delivery';
import { jobs } from '@signet/domain/jobs';
import { LOOP_HEADER_NAME, makeLoopHeader } from '@signet/domain/loop-header';
import { renderPasscodeMail } from '@signet/mail-templates/passcode-mail';
import type { Vault } from '@signet/vault/vault';
import type { JobHandler } from '../job-handler.ts';
import { passcodeMessageId, passcodeSender } from '../mail-identity.ts';
import { handOver, inLanes, recordAnswer } from '../mail-lanes.ts';
import type { Metrics } from '../metrics.ts';
import type { NextHop, OutgoingMail } from '../next-hop.ts';

export interface PasscodeMailContext {
  readonly database: Database;
  readonly vault: Vault;
  /** Sessions of their own, so that a flood of wrapper mails holds up no passcode. */
  readonly nextHop: NextHop;
  readonly loopKey: KeyObject;
  readonly metrics: Metrics;
  /** Told of each row that is dead now. */
  readonly onGivenUp: (id: string) => void;
}

/** Each passcode mail: its code is opened only here, goes into the mail and nowhere else. */
export function sendPasscodeMailJob(context: PasscodeMailContext): JobHandler<'send-passcode-mail'> {
  const { database, metrics } = context;
  return {
    kind: 'send-passcode-mail',
    run: (ids, stopping) =>
      inLanes(
        database,
        ids,
        stopping,
        async (id) => {
          const order = await beginPasscodeDelivery(database, id, jobs['send-passcode-mail'].leaseSeconds);
          if (!order) return false;
          const { delivery, response } = await send(order, context);
          metrics.mails.inc({ mail: 'passcode', delivery });
          return recordAnswer(() => finishPasscodeDelivery(database, order, { delivery, response }));
        },
        context.onGivenUp,
      ),
  };
}

async function send(order: PasscodeOrder, { vault, nextHop, loopKey }: PasscodeMailContext): Promise<NextHopAnswer> {
  const make = async () => {
    const code = await openCode(vault, order);
    return { ...(await composePasscodeMail(order, code, loopKey)), unrecorded: code };
  };
  return handOver(make, (mail) => nextHop.send(mail));
}

async function openCode(vault: Vault, { organizationKey, row, passcodeRequestId, sealedCode }: PasscodeOrder): Promise<string> {
  const context = { organizationId: row.organizationId, purpose: 'passcode', id: passcodeRequestId } as const;
  return Buffer.from(await vault.openSecret(organizationKey, context, sealedCode)).toString('utf8');
}

async function composePasscodeMail(order: PasscodeOrder, code: string, loopKey: KeyObject): Promise<OutgoingMail> {
  const { message, template } = order;
  const rendered = await renderPasscodeMail({
    branding: { organizationName: order.organizationName, backgroundColor: template.backgroundColor, logo: null },
    code,
    reference: order.reference,
    language: order.language,
    // Rounded down, so that the mail never promises more than there is.
    validMinutes: Math.min(60, Math.max(1, Math.floor((order.expiresAt.getTime() - order.now.getTime()) / 60_000))),
  });
  return {
    ...rendered,
    organizationId: order.row.organizationId,
    messageId: passcodeMessageId(order.passcodeRequestId, message.sender),
    from: passcodeSender(message.sender),
    to: order.address,
    headers: {
      // RFC 3834: no absence notice shall answer it.
      'Auto-Submitted': 'auto-generated',
      [LOOP_HEADER_NAME]: makeLoopHeader(loopKey, { messageUid: message.messageUid, recipientId: order.recipientId }),
    },
  };
}
