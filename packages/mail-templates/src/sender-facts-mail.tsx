import { senderFactKind, type SenderFactKind } from '@signet/domain/sender-notice';
import { z } from 'zod';
import { MailBranding } from './mail-branding.ts';
import type { RenderedMail } from './mail-frame.tsx';
import { mailLink } from './mail-link.ts';
import { nameRecipients, renderSenderMail } from './sender-mail.tsx';

/** What a mail of what became of a message is made of: what its page shows its sender, too. */
export const SenderFactsMailData = z.strictObject({
  branding: MailBranding,
  /** Null where the template hides it. */
  subject: z.string().nullable(),
  /** In order of time; ISO 8601. */
  facts: z.array(z.strictObject({ kind: senderFactKind, address: z.string().max(320), at: z.iso.datetime() })).min(1),
  /** Of the message's page among the sender's own, which alone opens nothing. */
  link: mailLink,
  /** Where the sender says what they want to be told. */
  settingsLink: mailLink,
});
export type SenderFactsMailData = z.infer<typeof SenderFactsMailData>;

/** What is to be done about comes first. */
const order = ['bounced', 'expiredUnread', 'unread', 'refusedAfterRevocation', 'firstOpening'] as const satisfies SenderFactKind[];

/** Of each kind: how the mail's subject begins, its heading where it is alone, what stands above its recipients, and how their time is told. */
const wordsOfKind: Record<
  SenderFactKind,
  { readonly subject: string; readonly heading: string; readonly list: string; readonly at: (time: string) => string }
> = {
  bounced: {
    subject: 'Not delivered',
    heading: 'Your message could not be delivered',
    list: 'The mail with the link could not be delivered to:',
    at: (time) => time,
  },
  expiredUnread: {
    subject: 'Expired unread',
    heading: 'Your message has expired unread',
    list: 'It has expired, and no opening was recorded of:',
    at: (time) => `expired ${time}`,
  },
  unread: {
    subject: 'Not opened yet',
    heading: 'Your message was not opened yet',
    list: 'No opening was recorded of:',
    at: (time) => `as of ${time}`,
  },
  refusedAfterRevocation: {
    subject: 'Tried after you took it back',
    heading: 'Somebody tried to open a message that was taken back',
    list: 'It was taken back, and refused since to:',
    at: (time) => `tried ${time}`,
  },
  firstOpening: { subject: 'Opened', heading: 'Your message was opened', list: 'Opened by:', at: (time) => time },
};

/**
 * Renders the mail that tells a sender what became of a message for some of its recipients, with the address of its page. Pure.
 * Throws a ZodError that names the field when the data break a limit.
 */
export async function renderSenderFactsMail(data: SenderFactsMailData): Promise<RenderedMail> {
  const { branding, subject, facts, link, settingsLink } = SenderFactsMailData.parse(data);
  const lists = order.flatMap((kind) => {
    const ofKind = facts.filter((fact) => fact.kind === kind);
    const { list, at } = wordsOfKind[kind];
    return ofKind.length === 0 ? [] : [{ kind, title: list, lines: nameRecipients(ofKind, at) }];
  });
  const [first] = lists;
  const only = lists.length === 1 && first ? wordsOfKind[first.kind] : null;
  const heading = only?.heading ?? 'What became of your message';
  return renderSenderMail({
    branding,
    heading,
    about: subject,
    subject: { before: only?.subject ?? 'What became of it', alone: heading },
    preheader: lists.map(({ title, lines }) => `${title} ${lines.slice(0, 3).join(', ')}`).join(' '),
    paragraphs: lists.map(({ title, lines }) => [title, ...lines]),
    button: 'See the message',
    link,
    settingsLink,
  });
}
