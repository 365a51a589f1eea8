import { z } from 'zod';
import { MailBranding } from './mail-branding.ts';
import type { RenderedMail } from './mail-frame.tsx';
import { mailLink } from './mail-link.ts';
import { renderSenderMail } from './sender-mail.tsx';

/** What a notice to a sender is made of: metadata of the message, and the address of its page, which alone opens nothing. */
export const SenderNoticeMailData = z.strictObject({
  branding: MailBranding,
  /** Null where the template hides it. */
  subject: z.string().nullable(),
  recipientCount: z.int().min(1),
  /** Of the message's page among the sender's own. */
  link: mailLink,
});
export type SenderNoticeMailData = z.infer<typeof SenderNoticeMailData>;

/**
 * Renders the mail that tells a sender that a message has been taken and is on its way, with the address of its page. Pure.
 * Throws a ZodError that names the field when the data break a limit.
 */
export async function renderSenderNoticeMail(data: SenderNoticeMailData): Promise<RenderedMail> {
  const { branding, subject, recipientCount, link } = SenderNoticeMailData.parse(data);
  const fact = `Your encrypted message is on its way to ${recipientCount === 1 ? '1 recipient' : `${recipientCount} recipients`}.`;
  const offer = 'On its page you see what becomes of it, and can take it back.';
  return renderSenderMail({
    branding,
    heading: fact,
    about: subject,
    subject: { before: 'Sent encrypted', alone: 'Your encrypted message is on its way' },
    preheader: `${fact} ${offer}`,
    paragraphs: [[offer]],
    button: 'Follow the message',
    link,
    settingsLink: null,
  });
}
