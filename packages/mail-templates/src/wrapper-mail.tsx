import { brandingTemplate } from '@signet/domain/branding-template';
import type { ReactNode } from 'react';
import { Heading, Link, Section, Text, render } from 'react-email';
import { z } from 'zod';
import { MailBranding } from './mail-branding.ts';
import { MailButton } from './mail-button.tsx';
import { Lines, MailFrame, textStyles } from './mail-frame.tsx';
import type { RenderedMail } from './mail-frame.tsx';
import { brandColors, light } from './mail-palette.ts';
import { momentInWords } from './moment-in-words.ts';
import { LINE_LIMIT, cut, displayLine, singleLine, textLines, textPart } from './plain-text.ts';

const { introductionText, readButtonText, emailText, disclaimerText, footerText, privacyStatementUrl } = brandingTemplate.shape;

/**
 * What a wrapper mail is made of: the brand, the envelope's metadata and the link, never content. Null texts mean the
 * default wording; `subject` is null when the template hides it; times are ISO 8601.
 */
export const WrapperMailData = z.strictObject({
  branding: MailBranding.extend({ introductionText, readButtonText, emailText, disclaimerText, footerText, privacyStatementUrl }),
  senderName: z.string().nullable(),
  senderAddress: z
    .string()
    .max(320)
    .regex(/^[^\p{Cc}\u2028\u2029]+@[^\p{Cc}\s]+$/u, 'must be one address on one line'),
  subject: z.string().nullable(),
  // Before it is read as a URL, which would quietly take line breaks out.
  link: z
    .string()
    .max(900)
    .regex(/^[\u0021-\u007E]+$/, 'must be printable ASCII')
    .pipe(z.url({ protocol: /^https?$/ })),
  expiresAt: z.iso.datetime({ offset: true }).nullable(),
  trackingNotice: z.boolean(),
});
export type WrapperMailData = z.infer<typeof WrapperMailData>;

/** A subject longer than this would not fit a header line when it has no spaces; it is cut with an ellipsis. */
const SUBJECT_LIMIT = 900;

/**
 * Renders the notification that carries a recipient's link: HTML with one button, and a text part with the link alone
 * on one line. Pure. Throws a ZodError that names the field when the data break a limit.
 */
export async function renderWrapperMail(data: WrapperMailData): Promise<RenderedMail> {
  const words = wordsOf(WrapperMailData.parse(data));
  return { subject: words.subject, html: await render(<WrapperMail {...words} />), text: textOf(words) };
}

type WrapperMailWords = ReturnType<typeof wordsOf>;

/** Every text of the mail as people will read it, the same for both parts. */
function wordsOf(data: WrapperMailData) {
  const { branding } = data;
  const senderName = displayLine(data.senderName ?? '', 120);
  const sender = senderName === '' ? data.senderAddress : senderName;
  const originalSubject = cut(singleLine(data.subject ?? ''), SUBJECT_LIMIT);
  const introduction = textLines(branding.introductionText);
  return {
    branding,
    sender,
    // A name that only repeats the address is not shown twice.
    address: sender === data.senderAddress ? null : data.senderAddress,
    subject: originalSubject === '' ? `Encrypted message from ${singleLine(sender)}` : originalSubject,
    shownSubject: originalSubject === '' ? null : displayLine(originalSubject, 200),
    introduction: introduction.length > 0 ? introduction : ['has sent you an encrypted message.'],
    button: singleLine(branding.readButtonText ?? '') || 'Read the message',
    instructions: 'You will be asked to confirm that this address is yours. No account is needed.',
    emailText: textLines(branding.emailText),
    link: data.link,
    notices: [
      ...(data.expiresAt === null ? [] : [`This message expires on ${momentInWords(new Date(data.expiresAt))}.`]),
      ...(data.trackingNotice ? ['The organization sees when this message is opened.'] : []),
    ],
    disclaimer: textLines(branding.disclaimerText),
    footer: textLines(branding.footerText),
    organization: displayLine(branding.organizationName, 120),
    privacyUrl: branding.privacyStatementUrl === null ? null : new URL(branding.privacyStatementUrl).href,
  };
}

function textOf(words: WrapperMailWords): string {
  const { address, privacyUrl } = words;
  return textPart([
    [address === null ? words.sender : `${words.sender} (${address})`, ...words.introduction],
    words.shownSubject === null ? [] : [`Subject: ${words.shownSubject}`],
    [`${words.button}:`],
    [words.link],
    [words.instructions],
    words.emailText,
    words.notices,
    words.disclaimer,
    words.footer,
    [`Sent for ${words.organization}`],
    // A line longer than SMTP carries would be broken on the way: such a link is in the HTML part only.
    privacyUrl === null || privacyUrl.length > LINE_LIMIT ? [] : ['Privacy statement:', privacyUrl],
  ]);
}

function WrapperMail(words: WrapperMailWords): ReactNode {
  const colors = brandColors(words.branding.backgroundColor);
  return (
    <MailFrame
      title={words.subject}
      preheader={`${words.sender} ${words.introduction.join(' ')}`}
      branding={words.branding}
      colors={colors}
      foot={<Foot {...words} />}
    >
      <Heading as="h1" className="ink" style={textStyles.heading}>
        {words.sender}
      </Heading>
      {words.address === null ? null : (
        <Text className="quiet" style={{ ...textStyles.small, margin: '2px 0 0' }}>
          {words.address}
        </Text>
      )}
      <Text className="ink" style={{ ...textStyles.body, margin: '12px 0 0' }}>
        <Lines lines={words.introduction} />
      </Text>
      {words.shownSubject === null ? null : <Subject subject={words.shownSubject} />}
      <Section style={{ padding: '32px 0 28px' }}>
        <MailButton href={words.link} colors={colors}>
          {words.button}
        </MailButton>
      </Section>
      <Text className="quiet" style={textStyles.small}>
        {words.instructions}
      </Text>
      {words.emailText.length === 0 ? null : (
        <Text className="quiet" style={{ ...textStyles.small, margin: '12px 0 0' }}>
          <Lines lines={words.emailText} />
        </Text>
      )}
      {words.notices.length === 0 ? null : (
        <Section className="line" style={{ borderTop: `1px solid ${light.line}`, marginTop: 28, paddingTop: 20 }}>
          <Text className="quiet" style={textStyles.small}>
            <Lines lines={words.notices} />
          </Text>
        </Section>
      )}
    </MailFrame>
  );
}

function Subject({ subject }: { subject: string }): ReactNode {
  return (
    <Section
      className="field"
      style={{
        backgroundColor: light.field,
        border: `1px solid ${light.line}`,
        borderCollapse: 'separate',
        borderRadius: 8,
        marginTop: 24,
        padding: '14px 18px',
      }}
    >
      <Text className="quiet" style={{ ...textStyles.small, fontSize: 13, lineHeight: '18px' }}>
        Subject
      </Text>
      <Text className="ink" style={{ ...textStyles.body, fontWeight: 600, margin: '2px 0 0' }}>
        {subject}
      </Text>
    </Section>
  );
}

function Foot({ disclaimer, footer, organization, privacyUrl }: WrapperMailWords): ReactNode {
  return (
    <>
      {[disclaimer, footer]
        .filter((lines) => lines.length > 0)
        .map((lines, index) => (
          // The two never change places: a mail is rendered once.
          <Text key={index} className="quiet" style={{ ...textStyles.small, fontSize: 13, lineHeight: '20px', margin: '0 0 12px' }}>
            <Lines lines={lines} />
          </Text>
        ))}
      <Text className="quiet" style={{ ...textStyles.small, fontSize: 13, lineHeight: '20px' }}>
        {`Sent for ${organization}`}
        {privacyUrl === null ? null : (
          <>
            {' · '}
            <Link className="quiet" href={privacyUrl} style={{ color: light.quiet, textDecoration: 'underline' }}>
              Privacy statement
            </Link>
          </>
        )}
      </Text>
    </>
  );
}
