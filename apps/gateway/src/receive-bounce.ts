import { readBounceAddress } from '@signet/domain/bounce-address';
import { findBounceOrganization, recordReportedDelivery } from '@signet/db/bounce';
import { readDeliveryReport } from '@signet/intake/delivery-report';
import type { SMTPServerDataStream } from 'smtp-server';
import type { ReceivingTools } from './receive-message.ts';
import { SmtpRefusal, smtpAnswers } from './smtp-answer.ts';

/** A report and the beginning of what it is about; nobody is listened to for longer. */
export const MAX_BOUNCE_BYTES = 1024 * 1024;

/** Whose wrapper mail a bounce is about. */
interface Bounced {
  readonly organizationId: string;
  readonly recipientId: string;
}

/**
 * The recipient that a bounce address names. Nobody signs in for a bounce: the address itself, which Signet has signed, is what lets it in.
 * @throws {SmtpRefusal} 550 for any other address.
 */
export async function checkBounceAddress(address: string, { database, loopKeys }: ReceivingTools): Promise<Bounced> {
  const named = readBounceAddress(loopKeys, address);
  const organizationId = named && (await findBounceOrganization(database.system, named.domain));
  if (!named || organizationId === null) throw new SmtpRefusal(smtpAnswers.unknownBounce);
  return { organizationId, recipientId: named.recipientId };
}

/**
 * Takes a bounce: reads what it reports and records it. Whatever else comes to such an address (an absence notice, a report of success)
 * is taken and dropped, never handed on.
 * @throws {SmtpRefusal} when it is too large or there is no room for it; what the database throws.
 */
export async function receiveBounce(bounced: Bounced, stream: SMTPServerDataStream, tools: ReceivingTools): Promise<void> {
  const leave = await tools.admission.enter(MAX_BOUNCE_BYTES);
  if (!leave) throw new SmtpRefusal(smtpAnswers.unavailable);
  try {
    const raw = await readWhole(stream);
    const report = await readDeliveryReport(tools.parser, raw);
    const delivery = report && ({ failed: 'Bounced', delayed: 'Deferred', passed: null } as const)[report.action];
    const isNews =
      delivery !== null &&
      report !== null &&
      (await recordReportedDelivery(tools.database.forOrganization(bounced.organizationId), bounced.recipientId, {
        delivery,
        response: report.response,
      }));
    const outcome = delivery === null ? 'ignored' : isNews ? 'recorded' : 'known';
    tools.metrics.bounces.inc({ outcome });
    tools.log.info({ ...bounced, size: raw.length, delivery, outcome }, 'bounce');
  } finally {
    leave();
  }
}

/** @throws {SmtpRefusal} 552 once it is too large. */
async function readWhole(stream: SMTPServerDataStream): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size > MAX_BOUNCE_BYTES) throw new SmtpRefusal(smtpAnswers.tooLarge);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
