import { deliveryReportKind, type DeliveryReportKind } from '@signet/domain/delivery-report';
import { z } from 'zod';
import { MailBranding } from './mail-branding.ts';
import type { RenderedMail } from './mail-frame.tsx';
import { mailLink } from './mail-link.ts';
import { nameRecipients, renderSenderMail } from './sender-mail.tsx';

/** What the part of a delivery report is made of that people read. What a foreign server said is not: that stands in the other part. */
export const DeliveryReportMailData = z.strictObject({
  branding: MailBranding,
  kind: deliveryReportKind,
  /** Null where the template hides it. */
  subject: z.string().nullable(),
  /** In order of time; ISO 8601. */
  recipients: z.array(z.strictObject({ address: z.string().max(320), at: z.iso.datetime() })).min(1),
  /** Of the message's page among the sender's own, which alone opens nothing. */
  link: mailLink,
  /** Where the sender says what they want to be told; null where the envelope asked for the report, and that says nothing. */
  settingsLink: mailLink.nullable(),
});
export type DeliveryReportMailData = z.infer<typeof DeliveryReportMailData>;

/** Of each kind: how the mail's subject begins, its heading, what stands above its recipients and what below. */
const wordsOfKind: Record<DeliveryReportKind, { subject: string; heading: string; list: string; meaning: string }> = {
  bounced: {
    subject: 'Not delivered',
    heading: 'Your message could not be delivered',
    list: 'It could not be delivered to:',
    meaning: 'It is not tried again. Check the address, or ask your organization.',
  },
  delayed: {
    subject: 'Delayed',
    heading: 'Your message is delayed',
    list: 'It could not be delivered yet to:',
    meaning: 'It is still being tried. There is nothing you have to do.',
  },
  relayed: {
    subject: 'Handed on',
    heading: 'Your message was handed on',
    list: 'The next mail server has taken it for:',
    meaning: 'That is the last that is known of its way: not that it reached a mailbox.',
  },
};

/**
 * Renders what people read of a delivery report. Pure. Throws a ZodError that names the field when the data break a limit.
 */
export async function renderDeliveryReportMail(data: DeliveryReportMailData): Promise<RenderedMail> {
  const { branding, kind, subject, recipients, link, settingsLink } = DeliveryReportMailData.parse(data);
  const words = wordsOfKind[kind];
  const lines = [words.list, ...nameRecipients(recipients)];
  return renderSenderMail({
    branding,
    heading: words.heading,
    about: subject,
    subject: { before: words.subject, alone: words.heading },
    preheader: lines.slice(0, 4).join(' '),
    paragraphs: [lines, [words.meaning]],
    button: 'See the message',
    link,
    settingsLink,
  });
}
