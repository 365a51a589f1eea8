import { z } from 'zod';

/** Characters of an ENVID and of an ORCPT as they are sent, in xtext (RFC 3461, 4.4 and 4.2). */
const ENVELOPE_ID_LENGTH = 100;
const ORIGINAL_RECIPIENT_LENGTH = 500;

/** Whatever prints: what comes in xtext may hide line breaks, and stands in lines of a report. */
const printable = /^[^\p{Cc}\p{Zl}\p{Zp}\p{Cs}]+$/u;

/** What a sender asks to be told of the delivery to one recipient (RFC 3461): parameters of the envelope, without their xtext. */
export const deliveryRequest = z.strictObject({
  /** Absent: it was not said, and the organization's settings decide. */
  notify: z
    .array(z.enum(['NEVER', 'SUCCESS', 'FAILURE', 'DELAY']))
    .min(1)
    .max(4)
    .optional(),
  /** `rfc822;bob@example.net`: whom the sender had written to. */
  orcpt: z
    .string()
    .max(ORIGINAL_RECIPIENT_LENGTH)
    .regex(printable)
    .regex(/^[\w.+-]+;./)
    .optional(),
  /** What the sender calls this envelope. */
  envid: z
    .string()
    .max(ENVELOPE_ID_LENGTH)
    .regex(/^[\u0020-\u007e]+$/)
    .optional(),
  ret: z.enum(['FULL', 'HDRS']).optional(),
});
export type DeliveryRequest = z.infer<typeof deliveryRequest>;

/** Somebody a message is sent to, as the envelope has it. */
export interface EnvelopeRecipient {
  readonly address: string;
  readonly dsn?: DeliveryRequest | null;
}

/**
 * What a sender is told of the delivery to a recipient. `bounced`: given up, refused or come back. `delayed`: still tried after
 * hours. `relayed`: the next hop has it.
 */
export const deliveryReportKind = z.enum(['bounced', 'delayed', 'relayed']);
export type DeliveryReportKind = z.infer<typeof deliveryReportKind>;

/** The word of NOTIFY that asks for each kind. */
export const notifyWord = {
  bounced: 'FAILURE',
  delayed: 'DELAY',
  relayed: 'SUCCESS',
} as const satisfies Record<DeliveryReportKind, string>;

/** The Action of each kind (RFC 3464, 2.3.3). */
export const reportAction = {
  bounced: 'failed',
  delayed: 'delayed',
  relayed: 'relayed',
} as const satisfies Record<DeliveryReportKind, string>;

/** An enhanced status code, and a reply code, wherever they stand in what was said. */
const ENHANCED = /(?:^|\s)([245]\.\d{1,3}\.\d{1,3})(?=\s|$)/;
const REPLY = /(?:^|\s)([245]\d\d)(?=[ -]|$)/;

/**
 * The status code (RFC 3463) of a report. What was given up while it was only put off is 4.4.7, its time being over; what the next
 * hop took is 2.1.9, relayed to where nothing more is known of it.
 */
export function reportStatus(kind: DeliveryReportKind, response: string): string {
  if (kind === 'relayed') return '2.1.9';
  const [, enhanced = ''] = ENHANCED.exec(response) ?? [];
  if (enhanced.startsWith(kind === 'bounced' ? '5' : '4')) return enhanced;
  if (kind === 'delayed') return '4.0.0';
  return REPLY.exec(response)?.[1]?.startsWith('5') === true ? '5.0.0' : '4.4.7';
}
