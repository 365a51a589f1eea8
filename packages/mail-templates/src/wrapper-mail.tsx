import { brandingTemplate, languageTag } from '@signet/domain/branding-template';
import { directionOf, recipientLanguageOf } from '@signet/domain/recipient-language';
import { recipientReference } from '@signet/domain/recipient-reference';
import type { ReactNode } from 'react';
import { Heading, Link, Section, Text, render } from 'react-email';
import { z } from 'zod';
import { MailBranding } from './mail-branding.ts';
import { MailButton } from './mail-button.tsx';
import { Lines, MailFrame, textStyles } from './mail-frame.tsx';
import type { RenderedMail } from './mail-frame.tsx';
import { mailLink } from './mail-link.ts';
import { brandColors, light } from './mail-palette.ts';
import { momentInWords } from './moment-in-words.ts';
import { LINE_LIMIT, cut, displayLine, singleLine, textLines, textPart } from './plain-text.ts';
import { wrapperWords } from './wrapper-words.ts';

const { introductionText, readButtonText, emailText, disclaimerText, footerText, privacyStatementUrl } = brandingTemplate.shape;

/** The template's texts in one language; null means the default wording, English where Signet does not speak the language. */
const WrapperTexts = z.strictObject({ language: languageTag, introductionText, readButtonText, emailText, disclaimerText, footerText });

type Texts = z.infer<typeof WrapperTexts>;

/**
 * What a wrapper mail is made of: the brand, the envelope's metadata and the link, never content. `subject` is null when
 * the template hides it; times are ISO 8601.
 */
export const WrapperMailData = z.strictObject({
  branding: MailBranding.extend({ privacyStatementUrl, texts: z.array(WrapperTexts).min(1).max(2) }),
  senderName: z.string().nullable(),
  senderAddress: z
    .string()
    .max(320)
    .regex(/^[^\p{Cc}\u2028\u2029]+@[^\p{Cc}\s]+$/u, 'must be one address on one line'),
  subject: z.string().nullable(),
  link: mailLink,
  /** By which the organization finds what this mail was sent for. */
  reference: recipientReference,
  expiresAt: z.iso.datetime({ offset: true }).nullable(),
  trackingNotice: z.boolean(),
});
export type WrapperMailData = z.infer<typeof WrapperMailData>;

/** A subject longer than this would not fit a header line when it has no spaces; it is cut with an ellipsis. */
const SUBJECT_LIMIT = 900;

/**
 * Renders the notification that carries a recipient's link, in one language or in two: HTML with one button, and a text part with the
 * link alone on one line. Pure. Throws a ZodError that names the field when the data break a limit.
 */
export async function renderWrapperMail(data: WrapperMailData): Promise<RenderedMail> {
  const words = wordsOf(WrapperMailData.parse(data));
  return { subject: words.subject, html: await render(<WrapperMail {...words} />), text: textOf(words) };
}

type WrapperMailWords = ReturnType<typeof wordsOf>;
type WordsInLanguage = WrapperMailWords['languages'][number];

/** Every text of the mail as people will read it, the same for both parts. */
function wordsOf(data: WrapperMailData) {
  const { branding } = data;
  const senderName = displayLine(data.senderName ?? '', 120);
  const sender = senderName === '' ? data.senderAddress : senderName;
  const originalSubject = cut(singleLine(data.subject ?? ''), SUBJECT_LIMIT);
  const organization = displayLine(branding.organizationName, 120);
  const [own, ...more] = branding.texts;
  // A text that the template does not have in the second language would be read twice: Signet's own words take its place.
  const languages = [...(own ? [own] : []), ...more.map((texts) => withoutTexts(texts, own))].map((texts) =>
    wordsIn(texts, organization, data),
  );
  const defaults = wrapperWords[languages[0]?.spoken ?? 'en'];
  return {
    branding,
    sender,
    // A name that only repeats the address is not shown twice.
    address: sender === data.senderAddress ? null : data.senderAddress,
    subject: originalSubject === '' ? defaults.subject(singleLine(sender)) : originalSubject,
    subjectLabel: defaults.subjectLabel,
    shownSubject: originalSubject === '' ? null : displayLine(originalSubject, 200),
    languages,
    button: [...new Set(languages.map(({ button }) => button))].join(' / '),
    link: data.link,
    disclaimers: languages.map(({ disclaimer }) => disclaimer).filter((lines) => lines.length > 0),
    footers: languages.map(({ footer }) => footer).filter((lines) => lines.length > 0),
    sentFor: [...new Set(languages.map(({ sentFor }) => sentFor))].join(' / '),
    privacy: [...new Set(languages.map(({ privacy }) => privacy))].join(' / '),
    privacyUrl: branding.privacyStatementUrl === null ? null : new URL(branding.privacyStatementUrl).href,
  };
}

/** What the mail says in one language. */
function wordsIn(texts: Texts, organization: string, { expiresAt, trackingNotice, reference }: WrapperMailData) {
  const spoken = recipientLanguageOf(texts.language) ?? 'en';
  const defaults = wrapperWords[spoken];
  const introduction = textLines(texts.introductionText);
  return {
    spoken,
    direction: directionOf(spoken),
    introduction: introduction.length > 0 ? introduction : [defaults.introduction],
    button: singleLine(texts.readButtonText ?? '') || defaults.button,
    instructions: defaults.instructions,
    emailText: textLines(texts.emailText),
    notices: [
      ...(expiresAt === null ? [] : [defaults.expires(momentInWords(new Date(expiresAt), spoken))]),
      ...(trackingNotice ? [defaults.tracked] : []),
      defaults.genuine(reference, organization),
    ],
    disclaimer: textLines(texts.disclaimerText),
    footer: textLines(texts.footerText),
    sentFor: defaults.sentFor(organization),
    privacy: defaults.privacy,
  };
}

/** The texts without those that others have, too. */
function withoutTexts(texts: Texts, others: Texts | undefined): Texts {
  const only = (field: Exclude<keyof Texts, 'language'>) => (texts[field] === others?.[field] ? null : texts[field]);
  return {
    language: texts.language,
    introductionText: only('introductionText'),
    readButtonText: only('readButtonText'),
    emailText: only('emailText'),
    disclaimerText: only('disclaimerText'),
    footerText: only('footerText'),
  };
}

function textOf(words: WrapperMailWords): string {
  const { address, privacyUrl, sender, languages } = words;
  const [first, ...others] = languages;
  return textPart([
    [address === null ? sender : `${sender} (${address})`, ...(first?.introduction ?? [])],
    ...others.map(({ introduction }) => continued(sender, introduction)),
    words.shownSubject === null ? [] : [`${words.subjectLabel}: ${words.shownSubject}`],
    [`${words.button}:`],
    [words.link],
    ...languages.flatMap(({ instructions, emailText: help, notices }) => [[instructions], help, notices]),
    ...words.disclaimers,
    ...words.footers,
    [words.sentFor],
    // A line longer than SMTP carries would be broken on the way: such a link is in the HTML part only.
    privacyUrl === null || privacyUrl.length > LINE_LIMIT ? [] : [`${words.privacy}:`, privacyUrl],
  ]);
}

/** An introduction that goes on from the sender's name, where the name does not stand above it. */
function continued(sender: string, [line = '', ...lines]: readonly string[]): string[] {
  return [`${sender} ${line}`, ...lines];
}

function WrapperMail(words: WrapperMailWords): ReactNode {
  const colors = brandColors(words.branding.backgroundColor);
  const [first, ...others] = words.languages;
  if (!first) return null;
  return (
    <MailFrame
      title={words.subject}
      preheader={`${words.sender} ${first.introduction.join(' ')}`}
      language={first.spoken}
      branding={words.branding}
      colors={colors}
      foot={<Foot {...words} />}
    >
      <Heading as="h1" className="ink" style={textStyles.heading}>
        <Lines lines={[words.sender]} />
      </Heading>
      {words.address === null ? null : (
        <Text className="quiet" style={{ ...textStyles.small, margin: '2px 0 0' }}>
          <Lines lines={[words.address]} />
        </Text>
      )}
      <Text className="ink" style={{ ...textStyles.body, margin: '12px 0 0' }}>
        <Lines lines={first.introduction} />
      </Text>
      {others.map((other) => (
        <Text
          key={other.spoken}
          className="ink"
          lang={other.spoken}
          dir={other.direction}
          style={{ ...textStyles.body, margin: '12px 0 0' }}
        >
          <Lines lines={[words.sender]} /> <Lines lines={other.introduction} />
        </Text>
      ))}
      {words.shownSubject === null ? null : <Subject label={words.subjectLabel} subject={words.shownSubject} />}
      <Section style={{ padding: '32px 0 28px' }}>
        <MailButton href={words.link} colors={colors}>
          {words.button}
        </MailButton>
      </Section>
      {words.languages.map((inLanguage, index) => (
        <Guidance key={inLanguage.spoken} {...inLanguage} isFirst={index === 0} />
      ))}
    </MailFrame>
  );
}

/** What happens behind the button, in one language. */
function Guidance({
  spoken,
  direction,
  instructions,
  emailText: help,
  notices,
  isFirst,
}: WordsInLanguage & { isFirst: boolean }): ReactNode {
  return (
    <Section
      lang={spoken}
      dir={direction}
      className={isFirst ? undefined : 'line'}
      style={isFirst ? {} : { borderTop: `1px solid ${light.line}`, marginTop: 28, paddingTop: 20 }}
    >
      <Text className="quiet" style={textStyles.small}>
        {instructions}
      </Text>
      {[help, notices]
        .filter((lines) => lines.length > 0)
        .map((lines, index) => (
          // The two never change places: a mail is rendered once.
          <Text key={index} className="quiet" style={{ ...textStyles.small, margin: '12px 0 0' }}>
            <Lines lines={lines} />
          </Text>
        ))}
    </Section>
  );
}

function Subject({ label, subject }: { label: string; subject: string }): ReactNode {
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
        {label}
      </Text>
      <Text className="ink" style={{ ...textStyles.body, fontWeight: 600, margin: '2px 0 0' }}>
        <Lines lines={[subject]} />
      </Text>
    </Section>
  );
}

function Foot({ disclaimers, footers, sentFor, privacy, privacyUrl }: WrapperMailWords): ReactNode {
  return (
    <>
      {[...disclaimers, ...footers].map((lines, index) => (
        // None changes places: a mail is rendered once.
        <Text key={index} className="quiet" style={{ ...textStyles.small, fontSize: 13, lineHeight: '20px', margin: '0 0 12px' }}>
          <Lines lines={lines} />
        </Text>
      ))}
      <Text className="quiet" style={{ ...textStyles.small, fontSize: 13, lineHeight: '20px' }}>
        {sentFor}
        {privacyUrl === null ? null : (
          <>
            {' · '}
            <Link className="quiet" href={privacyUrl} style={{ color: light.quiet, textDecoration: 'underline' }}>
              {privacy}
            </Link>
          </>
        )}
      </Text>
    </>
  );
}
