import type { ReactNode } from 'react';
import { Heading, Link, Section, Text, render } from 'react-email';
import type { MailBranding } from './mail-branding.ts';
import { MailButton } from './mail-button.tsx';
import { Lines, MailFrame, textStyles } from './mail-frame.tsx';
import type { RenderedMail } from './mail-frame.tsx';
import { brandColors } from './mail-palette.ts';
import { momentInWords } from './moment-in-words.ts';
import { cut, displayLine, singleLine, textPart } from './plain-text.ts';

/** Leaves room for what stands before it in a header line. */
const SUBJECT_LIMIT = 850;

/** Recipients named in one list; the message's page has all of them. */
const NAMED = 20;

/** What a mail to a sender about a message of theirs says. */
interface SenderMail {
  readonly branding: MailBranding;
  readonly heading: string;
  /** The message's own subject; null where the template hides it. */
  readonly about: string | null;
  /** What the mail's subject begins with, before the message's own, and what it is where there is none. */
  readonly subject: { readonly before: string; readonly alone: string };
  /** What a list of mails shows beside the subject. */
  readonly preheader: string;
  readonly paragraphs: readonly (readonly string[])[];
  readonly button: string;
  /** Of the message's page among the sender's own, which alone opens nothing. */
  readonly link: string;
  /** Where the sender says what they want to be told; null where that changes nothing. */
  readonly settingsLink: string | null;
}

/** Renders a mail to a sender about a message of theirs, with the address of its page. Pure. */
export async function renderSenderMail({ about, subject, ...mail }: SenderMail): Promise<RenderedMail> {
  const original = cut(singleLine(about ?? ''), SUBJECT_LIMIT);
  const words = {
    ...mail,
    shownSubject: original === '' ? null : displayLine(original, 200),
    subject: original === '' ? subject.alone : `${subject.before}: ${original}`,
    signIn: 'You sign in there with a passcode that is sent to your own address. This link alone opens nothing.',
    settings: 'Choose which of these mails you get',
    sentFor: `Sent for ${displayLine(mail.branding.organizationName, 120)}`,
  };
  return { subject: words.subject, html: await render(<SenderMailPage {...words} />), text: textOf(words) };
}

/** A line for each recipient with the time, as far as they are named, and how many more there are. */
export function nameRecipients(
  recipients: readonly { readonly address: string; readonly at: string }[],
  inWords: (time: string) => string = (time) => time,
): string[] {
  const named = recipients
    .slice(0, NAMED)
    .map(({ address, at }) => `${displayLine(address, 200)} (${inWords(momentInWords(new Date(at)))})`);
  return recipients.length === named.length ? named : [...named, `and ${recipients.length - named.length} more`];
}

interface SenderMailWords extends Omit<SenderMail, 'about' | 'subject'> {
  readonly subject: string;
  readonly shownSubject: string | null;
  readonly signIn: string;
  readonly settings: string;
  readonly sentFor: string;
}

function textOf(words: SenderMailWords): string {
  return textPart([
    [words.heading.endsWith('.') ? words.heading : `${words.heading}.`],
    words.shownSubject === null ? [] : [`Subject: ${words.shownSubject}`],
    ...words.paragraphs,
    [`${words.button}:`],
    [words.link],
    [words.signIn],
    ...(words.settingsLink === null ? [] : [[`${words.settings}:`], [words.settingsLink]]),
    [words.sentFor],
  ]);
}

function SenderMailPage(words: SenderMailWords): ReactNode {
  const colors = brandColors(words.branding.backgroundColor);
  return (
    <MailFrame
      title={words.shownSubject ?? words.subject}
      preheader={words.preheader}
      branding={words.branding}
      colors={colors}
      foot={
        <Text className="quiet" style={{ ...textStyles.small, fontSize: 13, lineHeight: '20px' }}>
          {words.sentFor}
          {words.settingsLink === null ? null : (
            <>
              {'. '}
              <Link href={words.settingsLink} className="quiet" style={{ color: 'inherit', textDecoration: 'underline' }}>
                {words.settings}
              </Link>
            </>
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
      {words.paragraphs.map((lines, index) => (
        // None changes places: a mail is rendered once.
        <Text key={index} className="ink" style={{ ...textStyles.body, margin: '16px 0 0' }}>
          <Lines lines={lines} />
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
