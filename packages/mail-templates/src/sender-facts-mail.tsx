import { senderFactKind, type SenderFactKind } from '@signet/domain/sender-notice';
import type { ReactNode } from 'react';
import { Heading, Link, Section, Text, render } from 'react-email';
import { z } from 'zod';
import { MailBranding } from './mail-branding.ts';
import { MailButton } from './mail-button.tsx';
import { Lines, MailFrame, textStyles } from './mail-frame.tsx';
import type { RenderedMail } from './mail-frame.tsx';
import { brandColors } from './mail-palette.ts';
import { momentInWords } from './moment-in-words.ts';
import { cut, displayLine, singleLine, textPart } from './plain-text.ts';

const link = z
  .string()
  .max(900)
  .regex(/^[\u0021-\u007E]+$/, 'must be printable ASCII')
  .pipe(z.url({ protocol: /^https?$/ }));

/** What a mail of what became of a message is made of: what its page shows its sender, too. */
export const SenderFactsMailData = z.strictObject({
  branding: MailBranding,
  /** Null where the template hides it. */
  subject: z.string().nullable(),
  /** In order of time; ISO 8601. */
  facts: z.array(z.strictObject({ kind: senderFactKind, address: z.string().max(320), at: z.iso.datetime() })).min(1),
  /** Of the message's page among the sender's own, which alone opens nothing. */
  link,
  /** Where the sender says what they want to be told. */
  settingsLink: link,
});
export type SenderFactsMailData = z.infer<typeof SenderFactsMailData>;

/** Leaves room for what stands before it in a header line. */
const SUBJECT_LIMIT = 850;

/** Recipients named of each kind; the page has all of them. */
const NAMED = 20;

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
  const words = wordsOf(SenderFactsMailData.parse(data));
  return { subject: words.subject, html: await render(<SenderFactsMail {...words} />), text: textOf(words) };
}

type SenderFactsWords = ReturnType<typeof wordsOf>;

function wordsOf({ branding, subject, facts, link: page, settingsLink }: SenderFactsMailData) {
  const original = cut(singleLine(subject ?? ''), SUBJECT_LIMIT);
  const lists = order.flatMap((kind) => {
    const ofKind = facts.filter((fact) => fact.kind === kind);
    if (ofKind.length === 0) return [];
    const { list, at } = wordsOfKind[kind];
    const named = ofKind.slice(0, NAMED).map((fact) => `${displayLine(fact.address, 200)} (${at(momentInWords(new Date(fact.at)))})`);
    const more = ofKind.length - named.length;
    return [{ kind, title: list, lines: more === 0 ? named : [...named, `and ${more} more`] }];
  });
  const [first] = lists;
  const only = lists.length === 1 && first ? wordsOfKind[first.kind] : null;
  const heading = only?.heading ?? 'What became of your message';
  return {
    branding,
    link: page,
    settingsLink,
    lists,
    heading,
    subject: original === '' ? heading : `${only?.subject ?? 'What became of it'}: ${original}`,
    shownSubject: original === '' ? null : displayLine(original, 200),
    button: 'See the message',
    signIn: 'You sign in there with a passcode that is sent to your own address. This link alone opens nothing.',
    settings: 'Choose which of these mails you get',
    organization: displayLine(branding.organizationName, 120),
  };
}

function textOf(words: SenderFactsWords): string {
  return textPart([
    [`${words.heading}.`],
    words.shownSubject === null ? [] : [`Subject: ${words.shownSubject}`],
    ...words.lists.map(({ title, lines }) => [title, ...lines]),
    [`${words.button}:`],
    [words.link],
    [words.signIn],
    [`${words.settings}:`],
    [words.settingsLink],
    [`Sent for ${words.organization}`],
  ]);
}

function SenderFactsMail(words: SenderFactsWords): ReactNode {
  const colors = brandColors(words.branding.backgroundColor);
  return (
    <MailFrame
      title={words.shownSubject ?? words.subject}
      preheader={words.lists.map(({ title, lines }) => `${title} ${lines.slice(0, 3).join(', ')}`).join(' ')}
      branding={words.branding}
      colors={colors}
      foot={
        <Text className="quiet" style={{ ...textStyles.small, fontSize: 13, lineHeight: '20px' }}>
          {`Sent for ${words.organization}. `}
          <Link href={words.settingsLink} className="quiet" style={{ color: 'inherit', textDecoration: 'underline' }}>
            {words.settings}
          </Link>
        </Text>
      }
    >
      <Heading as="h1" className="ink" style={textStyles.heading}>
        {words.heading}
      </Heading>
      {words.shownSubject === null ? null : (
        <Text className="quiet" style={{ ...textStyles.small, margin: '8px 0 0' }}>
          {words.shownSubject}
        </Text>
      )}
      {words.lists.map(({ kind, title, lines }) => (
        <Text key={kind} className="ink" style={{ ...textStyles.body, margin: '16px 0 0' }}>
          <Lines lines={[title, ...lines]} />
        </Text>
      ))}
      <Section style={{ padding: '28px 0' }}>
        <MailButton href={words.link} colors={colors}>
          {words.button}
        </MailButton>
      </Section>
      <Text className="quiet" style={textStyles.small}>
        {words.signIn}
      </Text>
    </MailFrame>
  );
}
