import { passcodePolicy } from '@signet/domain/passcode';
import { recipientLanguage } from '@signet/domain/recipient-language';
import type { ReactNode } from 'react';
import { Heading, Section, Text, render } from 'react-email';
import { z } from 'zod';
import { MailBranding } from './mail-branding.ts';
import { MailFrame, textStyles } from './mail-frame.tsx';
import type { RenderedMail } from './mail-frame.tsx';
import { brandColors, light } from './mail-palette.ts';
import { passcodeWords } from './passcode-words.ts';
import { displayLine, textPart } from './plain-text.ts';

/** What a passcode mail is made of: the brand, the code, and the reference that the page shows too. */
export const PasscodeMailData = z.strictObject({
  branding: MailBranding,
  code: z.string().regex(new RegExp(`^[0-9]{${passcodePolicy.digits}}$`), `must be ${passcodePolicy.digits} digits`),
  /** E.g. `K7QP-3M`. */
  reference: z.string().regex(/^[A-Z0-9-]{3,16}$/, 'must be 3 to 16 capitals, digits and hyphens'),
  validMinutes: z.int().min(1).max(60),
  language: recipientLanguage,
});
export type PasscodeMailData = z.infer<typeof PasscodeMailData>;

/**
 * Renders the mail with a one-time passcode: the code comes first in subject, preview and text, so that a notification
 * shows it; there is no link in it, so that nobody learns to follow one. Pure. Throws a ZodError that names the field,
 * and never the code, when the data break a limit.
 */
export async function renderPasscodeMail(data: PasscodeMailData): Promise<RenderedMail> {
  const words = wordsOf(PasscodeMailData.parse(data));
  return { subject: words.subject, html: await render(<PasscodeMail {...words} />), text: textOf(words) };
}

type PasscodeMailWords = ReturnType<typeof wordsOf>;

function wordsOf({ branding, code, reference, validMinutes, language }: PasscodeMailData) {
  const { subject, announcement, validity, sentFor, ...words } = passcodeWords[language];
  return {
    ...words,
    language,
    branding,
    code,
    reference,
    subject: subject(code, reference),
    announcement: announcement(code),
    validity: validity(validMinutes),
    sentFor: sentFor(displayLine(branding.organizationName, 120)),
  };
}

function textOf(words: PasscodeMailWords): string {
  return textPart([
    [words.announcement],
    [`${words.referenceLabel}: ${words.reference}`, words.comparison],
    [words.validity],
    [words.warning],
    [words.sentFor],
  ]);
}

function PasscodeMail(words: PasscodeMailWords): ReactNode {
  return (
    <MailFrame
      title={words.subject}
      preheader={`${words.announcement} ${words.referenceLabel}: ${words.reference}. ${words.validity}`}
      language={words.language}
      branding={words.branding}
      colors={brandColors(words.branding.backgroundColor)}
      foot={
        <Text className="quiet" style={{ ...textStyles.small, fontSize: 13, lineHeight: '20px' }}>
          {words.sentFor}
        </Text>
      }
    >
      <Heading as="h1" className="ink" style={textStyles.heading}>
        {words.heading}
      </Heading>
      <Section
        className="field"
        style={{
          backgroundColor: light.field,
          border: `1px solid ${light.line}`,
          borderCollapse: 'separate',
          borderRadius: 8,
          margin: '24px 0',
          padding: '24px 12px',
          textAlign: 'center',
        }}
      >
        <Text
          className="ink"
          dir="ltr"
          style={{
            color: light.ink,
            fontFamily: "ui-monospace,SFMono-Regular,Menlo,Consolas,'Liberation Mono',monospace",
            fontSize: 34,
            fontWeight: 600,
            // Spread by style alone: what is copied has no spaces.
            letterSpacing: '4px',
            lineHeight: '42px',
            margin: 0,
          }}
        >
          {words.code}
        </Text>
        <Text className="quiet" style={{ ...textStyles.small, margin: '8px 0 0' }}>
          {words.referenceLabel} <strong style={{ fontWeight: 600 }}>{words.reference}</strong>
        </Text>
      </Section>
      <Text className="ink" style={{ ...textStyles.body, margin: '0 0 4px' }}>
        {words.validity}
      </Text>
      <Text className="ink" style={textStyles.body}>
        {words.comparison}
      </Text>
      <Text className="quiet" style={textStyles.small}>
        {words.warning}
      </Text>
    </MailFrame>
  );
}
