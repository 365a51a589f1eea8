import type { ReactNode } from 'react';
import { Heading, Section, Text, render } from 'react-email';
import { z } from 'zod';
import { MailBranding } from './mail-branding.ts';
import { MailButton } from './mail-button.tsx';
import { MailFrame, textStyles } from './mail-frame.tsx';
import type { RenderedMail } from './mail-frame.tsx';
import { brandColors } from './mail-palette.ts';
import { cut, displayLine, singleLine, textPart } from './plain-text.ts';

/** What a notice to a sender is made of: metadata of the message, and the address of its page, which alone opens nothing. */
export const SenderNoticeMailData = z.strictObject({
  branding: MailBranding,
  /** Null where the template hides it. */
  subject: z.string().nullable(),
  recipientCount: z.int().min(1),
  /** Of the message's page among the sender's own. */
  link: z
    .string()
    .max(900)
    .regex(/^[\u0021-\u007E]+$/, 'must be printable ASCII')
    .pipe(z.url({ protocol: /^https?$/ })),
});
export type SenderNoticeMailData = z.infer<typeof SenderNoticeMailData>;

/** Leaves room for what stands before it in a header line. */
const SUBJECT_LIMIT = 850;

/**
 * Renders the mail that tells a sender that a message has been taken and is on its way, with the address of its page. Pure.
 * Throws a ZodError that names the field when the data break a limit.
 */
export async function renderSenderNoticeMail(data: SenderNoticeMailData): Promise<RenderedMail> {
  const words = wordsOf(SenderNoticeMailData.parse(data));
  return { subject: words.subject, html: await render(<SenderNoticeMail {...words} />), text: textOf(words) };
}

type SenderNoticeWords = ReturnType<typeof wordsOf>;

function wordsOf({ branding, subject, recipientCount, link }: SenderNoticeMailData) {
  const original = cut(singleLine(subject ?? ''), SUBJECT_LIMIT);
  return {
    branding,
    link,
    subject: original === '' ? 'Your encrypted message is on its way' : `Sent encrypted: ${original}`,
    shownSubject: original === '' ? null : displayLine(original, 200),
    fact: `Your encrypted message is on its way to ${recipientCount === 1 ? '1 recipient' : `${recipientCount} recipients`}.`,
    offer: 'On its page you see what becomes of it, and can take it back.',
    button: 'Follow the message',
    signIn: 'You sign in there with a passcode that is sent to your own address. This link alone opens nothing.',
    organization: displayLine(branding.organizationName, 120),
  };
}

function textOf(words: SenderNoticeWords): string {
  return textPart([
    [words.fact],
    words.shownSubject === null ? [] : [`Subject: ${words.shownSubject}`],
    [words.offer],
    [`${words.button}:`],
    [words.link],
    [words.signIn],
    [`Sent for ${words.organization}`],
  ]);
}

function SenderNoticeMail(words: SenderNoticeWords): ReactNode {
  const colors = brandColors(words.branding.backgroundColor);
  return (
    <MailFrame
      title={words.shownSubject ?? words.subject}
      preheader={`${words.fact} ${words.offer}`}
      branding={words.branding}
      colors={colors}
      foot={
        <Text className="quiet" style={{ ...textStyles.small, fontSize: 13, lineHeight: '20px' }}>
          {`Sent for ${words.organization}`}
        </Text>
      }
    >
      <Heading as="h1" className="ink" style={textStyles.heading}>
        {words.fact}
      </Heading>
      {words.shownSubject === null ? null : (
        <Text className="quiet" style={{ ...textStyles.small, margin: '8px 0 0' }}>
          {words.shownSubject}
        </Text>
      )}
      <Text className="ink" style={{ ...textStyles.body, margin: '16px 0 0' }}>
        {words.offer}
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
