import { alertKind, alertTexts, alertWords, triedAlerts } from '@signet/domain/alert';
import { logStreams, type LogStream } from '@signet/domain/log/checkpoint';
import type { ReactNode } from 'react';
import { Heading, Section, Text, render } from 'react-email';
import { z } from 'zod';
import { MailButton } from './mail-button.tsx';
import { MailFrame, textStyles } from './mail-frame.tsx';
import type { RenderedMail } from './mail-frame.tsx';
import { mailLink } from './mail-link.ts';
import { brandColors, light } from './mail-palette.ts';
import { momentInWords } from './moment-in-words.ts';
import { displayLine, textPart } from './plain-text.ts';

const name = z.string().max(256).nullable();

/** What a mail about an alert is made of. Whom it is about stands behind the sign-in, and not in a mail; so does what a receiver answered. */
export const AlertMailData = z.strictObject({
  kind: alertKind,
  organizationName: z.string().max(256),
  email: z.string().max(320),
  /** When it was first seen. ISO 8601. */
  at: z.iso.datetime(),
  /** What of the organization's own it is about, where it is about any such thing: its name, or which log. */
  about: z.strictObject({ webhook: name, syslog: name, apiKey: name, log: z.enum(logStreams).nullable() }),
  url: mailLink,
});
export type AlertMailData = z.infer<typeof AlertMailData>;

/** Renders the mail about an alert: what it is, of what, since when, what to do, and one button. Pure. */
export async function renderAlertMail(data: AlertMailData): Promise<RenderedMail> {
  const words = wordsOf(AlertMailData.parse(data));
  return { subject: words.subject, html: await render(<AlertMailPage {...words} />), text: textOf(words) };
}

type AlertMailWords = ReturnType<typeof wordsOf>;

const logWords = { audit: 'The log of steps of messages', admin: 'The log of administrative acts' } as const satisfies Record<
  LogStream,
  string
>;

const quoted = (thing: string, given: string) => `${thing} “${displayLine(given, 120)}”`;

function thingOf({ webhook, syslog, apiKey, log }: AlertMailData['about']): string | null {
  if (webhook !== null) return quoted('Webhook', webhook);
  if (syslog !== null) return quoted('Syslog destination', syslog);
  if (apiKey !== null) return quoted('API key', apiKey);
  return log === null ? null : logWords[log];
}

function wordsOf({ kind, organizationName, email, at, about, url }: AlertMailData) {
  const organization = displayLine(organizationName, 120);
  const thing = thingOf(about);
  return {
    organization,
    url,
    subject: `${alertWords[kind]} (${organization})`,
    heading: alertWords[kind],
    paragraphs: [
      ...(thing === null ? [] : [thing]),
      alertTexts[kind].text,
      `First seen ${momentInWords(new Date(at))}.`,
      alertTexts[kind].advice,
    ],
    button: 'Look at the alert',
    note: triedAlerts.includes(kind)
      ? 'There may be more like it: you get one mail of this kind within a quarter of an hour. The list behind the link above has them all.'
      : 'You get one mail for each alert, however often it happens while it lasts.',
    foot: `Sent to ${email} for ${organization}`,
  };
}

function textOf({ heading, paragraphs, button, url, note, foot }: AlertMailWords): string {
  return textPart([[heading], ...paragraphs.map((paragraph) => [paragraph]), [`${button}:`], [url], [note], [foot]]);
}

function AlertMailPage(words: AlertMailWords): ReactNode {
  const colors = brandColors(null);
  return (
    <MailFrame
      title={words.subject}
      preheader={words.paragraphs.join(' ')}
      branding={{ organizationName: words.organization, logo: null }}
      colors={colors}
      foot={
        <Text className="quiet" style={{ ...textStyles.small, fontSize: 13, lineHeight: '20px' }}>
          {words.foot}
        </Text>
      }
    >
      <Heading as="h1" className="ink" style={{ ...textStyles.heading, margin: '0 0 16px' }}>
        {words.heading}
      </Heading>
      {words.paragraphs.map((paragraph) => (
        <Text key={paragraph} className="ink" style={textStyles.body}>
          {paragraph}
        </Text>
      ))}
      <Section style={{ margin: '24px 0' }}>
        <MailButton href={words.url} colors={colors}>
          {words.button}
        </MailButton>
      </Section>
      <Section className="line" style={{ borderTop: `1px solid ${light.line}`, marginTop: 12, paddingTop: 20 }}>
        <Text className="quiet" style={textStyles.small}>
          {words.note}
        </Text>
      </Section>
    </MailFrame>
  );
}
