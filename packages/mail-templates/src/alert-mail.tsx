import { alertKind, alertWords, triedAlerts, type AlertKind } from '@signet/domain/alert';
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

/** What a mail about an alert is made of. Whom it is about stands behind the sign-in, and not in a mail. */
export const AlertMailData = z.strictObject({
  kind: alertKind,
  organizationName: z.string().max(256),
  email: z.string().max(320),
  /** When it was first seen. ISO 8601. */
  at: z.iso.datetime(),
  url: mailLink,
});
export type AlertMailData = z.infer<typeof AlertMailData>;

/** What happened, and what to look at. */
const explanations = {
  failedSignIns: 'Somebody failed to sign in to one message’s link many times within an hour.',
  openingAfterRevocation: 'A signed-in recipient tried to open a message that was taken back. They did not get it.',
  trackingOff: 'Since then no steps of messages are recorded.',
  webhookDisabled:
    'Its receiver did not take entries for days, or said that it is gone. It gets nothing until somebody enables it; nothing is lost.',
  webhookStuck: 'Its receiver has not taken entries for a while. They are tried again for three days; then it is disabled.',
  syslogDisabled: 'Its receiver did not take entries for days. It gets nothing until somebody enables it; nothing is lost.',
  syslogStuck: 'Its receiver has not taken entries for a while. They are tried again for three days; then it is disabled.',
  feedStuck: 'A program that followed the log has not asked for what is a day old.',
  sealingBehind: 'Entries wait for their checkpoint for longer than they should.',
  sealingRefused: 'Signet signs nothing in a log whose database does not lead on from what was signed before.',
  logDiffers: 'What is stored is not what was logged. Somebody may have changed it.',
} as const satisfies Record<AlertKind, string>;

/** Renders the mail about an alert: what it is, since when, and one button. Pure. */
export async function renderAlertMail(data: AlertMailData): Promise<RenderedMail> {
  const words = wordsOf(AlertMailData.parse(data));
  return { subject: words.subject, html: await render(<AlertMailPage {...words} />), text: textOf(words) };
}

type AlertMailWords = ReturnType<typeof wordsOf>;

function wordsOf({ kind, organizationName, email, at, url }: AlertMailData) {
  const organization = displayLine(organizationName, 120);
  return {
    organization,
    url,
    subject: `${alertWords[kind]} (${organization})`,
    heading: alertWords[kind],
    paragraphs: [explanations[kind], `First seen ${momentInWords(new Date(at))}.`],
    button: 'Look at the alert',
    note: triedAlerts.includes(kind)
      ? 'There may be more like it: you get one mail of this kind within a quarter of an hour. The list behind the link above has them all.'
      : 'You get one mail for each alert, however often it happens while it lasts.',
    foot: `Sent to ${email} for ${organization}`,
  };
}

function textOf({ heading, paragraphs, button, url, note, foot }: AlertMailWords): string {
  return textPart([[heading], paragraphs, [`${button}:`], [url], [note], [foot]]);
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
