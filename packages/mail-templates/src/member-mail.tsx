import { memberMail, type MemberMail } from '@signet/domain/member-mail';
import { role } from '@signet/domain/role';
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

/** What a mail to a member about their account is made of. Only invitations and password resets have a link. */
export const MemberMailData = z
  .strictObject({
    mail: memberMail,
    organizationName: z.string().max(256),
    email: z.string().max(320),
    role,
    /** When what it tells of happened, and from where, as far as that is known. ISO 8601. */
    at: z.iso.datetime(),
    clientIp: z.string().max(64).nullable(),
    userAgent: z.string().max(200).nullable(),
    link: z
      .strictObject({
        url: mailLink,
        expiresAt: z.iso.datetime(),
      })
      .nullable(),
  })
  .refine(({ mail, link }) => (mail === 'invitation' || mail === 'password-reset') === (link !== null), {
    path: ['link'],
    error: 'belongs to invitations and password resets alone',
  });
export type MemberMailData = z.infer<typeof MemberMailData>;

/** Renders a mail to a member: what happened or what to do, one button where there is a link, and what to do if it was not them. Pure. */
export async function renderMemberMail(data: MemberMailData): Promise<RenderedMail> {
  const words = wordsOf(MemberMailData.parse(data));
  return { subject: words.subject, html: await render(<MemberMailPage {...words} />), text: textOf(words) };
}

interface Notice {
  readonly heading: string;
  readonly text: string;
}

/** What happened, in the heading and in a sentence. */
const notices: Record<Exclude<MemberMail, 'invitation' | 'password-reset'>, Notice> = {
  'password-changed': { heading: 'Your password was changed', text: 'The password of your account was changed.' },
  'authenticator-app-added': {
    heading: 'An authenticator app was set up',
    text: 'From now on signing in asks for a code of your authenticator app.',
  },
  'authenticator-app-removed': {
    heading: 'Your authenticator app was removed',
    text: 'Signing in no longer asks for a code of your authenticator app.',
  },
  'recovery-codes-created': { heading: 'New recovery codes were made', text: 'The recovery codes you had before no longer work.' },
  'recovery-code-used': {
    heading: 'A recovery code was used',
    text: 'Somebody who knew your password signed in with one of your recovery codes. It does not work a second time.',
  },
  'passkey-added': { heading: 'A passkey was added', text: 'A passkey was added to your account: whoever has it can sign in as you.' },
  'passkey-removed': { heading: 'A passkey was removed', text: 'One of your passkeys no longer signs you in.' },
  'second-factors-reset': {
    heading: 'Your second factors were reset',
    text: 'An admin removed your authenticator app, your passkeys and your recovery codes, and ended your sessions.',
  },
};

type MemberMailWords = ReturnType<typeof wordsOf>;

function wordsOf(data: MemberMailData) {
  const organization = displayLine(data.organizationName, 120);
  const from = [data.clientIp, data.userAgent && displayLine(data.userAgent, 120)].filter((part) => part !== null && part !== '');
  const ends = data.link ? `The link works once, until ${momentInWords(new Date(data.link.expiresAt))}.` : null;
  const common = { organization, email: data.email, link: data.link?.url ?? null, ends };
  const { mail } = data;
  if (mail === 'invitation') {
    return {
      ...common,
      subject: `You are invited to administer mail at ${organization}`,
      heading: `You are invited to ${organization}`,
      paragraphs: [
        `${organization} invites you to Signet as ${data.role}, with the address ${data.email}.`,
        'Choose a password to accept.',
      ],
      button: 'Accept the invitation',
      warning: 'If you did not expect this, leave the link alone: nothing happens without it.',
    };
  }
  if (mail === 'password-reset') {
    return {
      ...common,
      subject: `Choose a new password at ${organization}`,
      heading: 'Choose a new password',
      paragraphs: [
        `Somebody asked for a new password for ${data.email} at ${organization}.`,
        'Your password stays as it is until you choose another one.',
      ],
      button: 'Choose a new password',
      warning: 'If it was not you, leave the link alone, and tell an admin of your organization.',
    };
  }
  const { heading, text } = notices[mail];
  return {
    ...common,
    subject: `${heading} (${organization})`,
    heading,
    paragraphs: [text, `${momentInWords(new Date(data.at))}${from.length > 0 ? `, from ${from.join(', ')}` : ''}.`],
    button: null,
    warning: 'If it was not you, tell an admin of your organization at once: they can end your sessions and send you a new password link.',
  };
}

function textOf(words: MemberMailWords): string {
  const { link, ends } = words;
  return textPart([
    [words.heading],
    words.paragraphs,
    link === null ? [] : [`${words.button}:`],
    link === null ? [] : [link],
    ends === null ? [] : [ends],
    [words.warning],
    [`Sent to ${words.email} for ${words.organization}`],
  ]);
}

function MemberMailPage(words: MemberMailWords): ReactNode {
  const colors = brandColors(null);
  return (
    <MailFrame
      title={words.subject}
      preheader={words.paragraphs.join(' ')}
      branding={{ organizationName: words.organization, logo: null }}
      colors={colors}
      foot={
        <Text className="quiet" style={{ ...textStyles.small, fontSize: 13, lineHeight: '20px' }}>
          {`Sent to ${words.email} for ${words.organization}`}
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
      {words.link === null ? null : (
        <Section style={{ margin: '24px 0' }}>
          <MailButton href={words.link} colors={colors}>
            {words.button}
          </MailButton>
        </Section>
      )}
      {words.ends === null ? null : (
        <Text className="ink" style={textStyles.body}>
          {words.ends}
        </Text>
      )}
      <Section className="line" style={{ borderTop: `1px solid ${light.line}`, marginTop: 12, paddingTop: 20 }}>
        <Text className="quiet" style={textStyles.small}>
          {words.warning}
        </Text>
      </Section>
    </MailFrame>
  );
}
