import { deliveryReportKind, type DeliveryReportKind } from '@signet/domain/delivery-report';
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

/** What the part of a delivery report is made of that people read. What a foreign server said is not: that stands in the other part. */
export const DeliveryReportMailData = z.strictObject({
  branding: MailBranding,
  kind: deliveryReportKind,
  /** Null where the template hides it. */
  subject: z.string().nullable(),
  /** In order of time; ISO 8601. */
  recipients: z.array(z.strictObject({ address: z.string().max(320), at: z.iso.datetime() })).min(1),
  /** Of the message's page among the sender's own, which alone opens nothing. */
  link,
  /** Where the sender says what they want to be told; null where the envelope asked for the report, and that says nothing. */
  settingsLink: link.nullable(),
});
export type DeliveryReportMailData = z.infer<typeof DeliveryReportMailData>;

/** Leaves room for what stands before it in a header line. */
const SUBJECT_LIMIT = 850;

/** Recipients named; the other part has all of them. */
const NAMED = 20;

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
  const words = wordsOf(DeliveryReportMailData.parse(data));
  return { subject: words.subject, html: await render(<DeliveryReportMail {...words} />), text: textOf(words) };
}

type DeliveryReportWords = ReturnType<typeof wordsOf>;

function wordsOf({ branding, kind, subject, recipients, link: page, settingsLink }: DeliveryReportMailData) {
  const original = cut(singleLine(subject ?? ''), SUBJECT_LIMIT);
  const words = wordsOfKind[kind];
  const named = recipients.slice(0, NAMED).map(({ address, at }) => `${displayLine(address, 200)} (${momentInWords(new Date(at))})`);
  const more = recipients.length - named.length;
  return {
    branding,
    link: page,
    settingsLink,
    heading: words.heading,
    lines: [words.list, ...named, ...(more === 0 ? [] : [`and ${more} more`])],
    meaning: words.meaning,
    subject: original === '' ? words.heading : `${words.subject}: ${original}`,
    shownSubject: original === '' ? null : displayLine(original, 200),
    button: 'See the message',
    signIn: 'You sign in there with a passcode that is sent to your own address. This link alone opens nothing.',
    settings: 'Choose which of these mails you get',
    organization: displayLine(branding.organizationName, 120),
  };
}

function textOf(words: DeliveryReportWords): string {
  return textPart([
    [`${words.heading}.`],
    words.shownSubject === null ? [] : [`Subject: ${words.shownSubject}`],
    words.lines,
    [words.meaning],
    [`${words.button}:`],
    [words.link],
    [words.signIn],
    ...(words.settingsLink === null ? [] : [[`${words.settings}:`], [words.settingsLink]]),
    [`Sent for ${words.organization}`],
  ]);
}

function DeliveryReportMail(words: DeliveryReportWords): ReactNode {
  const colors = brandColors(words.branding.backgroundColor);
  return (
    <MailFrame
      title={words.shownSubject ?? words.subject}
      preheader={words.lines.slice(0, 4).join(' ')}
      branding={words.branding}
      colors={colors}
      foot={
        <Text className="quiet" style={{ ...textStyles.small, fontSize: 13, lineHeight: '20px' }}>
          {`Sent for ${words.organization}. `}
          {words.settingsLink === null ? null : (
            <Link href={words.settingsLink} className="quiet" style={{ color: 'inherit', textDecoration: 'underline' }}>
              {words.settings}
            </Link>
          )}
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
      <Text className="ink" style={{ ...textStyles.body, margin: '16px 0 0' }}>
        <Lines lines={words.lines} />
      </Text>
      <Text className="ink" style={{ ...textStyles.body, margin: '16px 0 0' }}>
        {words.meaning}
      </Text>
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
