import { logStreams, type LogStream } from '@signet/domain/log/checkpoint';
import type { ReactNode } from 'react';
import { Heading, Section, Text, render } from 'react-email';
import { z } from 'zod';
import { MailFrame, textStyles } from './mail-frame.tsx';
import type { RenderedMail } from './mail-frame.tsx';
import { brandColors, light } from './mail-palette.ts';
import { momentInWords } from './moment-in-words.ts';
import { displayLine, textPart } from './plain-text.ts';

/** What a mail with checkpoints is made of; the checkpoints themselves are attached to it. */
export const CheckpointMailData = z.strictObject({
  organizationName: z.string().max(256),
  email: z.string().max(320),
  /** When they left. ISO 8601. */
  at: z.iso.datetime(),
  logs: z
    .array(
      z.strictObject({
        stream: z.enum(logStreams),
        size: z.int().nonnegative(),
        /** What its checkpoints are verified with (C2SP signed-note), the current one first. */
        verifierKeys: z.array(z.string().max(900)),
      }),
    )
    .min(1),
});
export type CheckpointMailData = z.infer<typeof CheckpointMailData>;

/** Renders a mail with checkpoints: what it is, what to do with it, and how it is used without asking a server. Pure. */
export async function renderCheckpointMail(data: CheckpointMailData): Promise<RenderedMail> {
  const words = wordsOf(CheckpointMailData.parse(data));
  return { subject: words.subject, html: await render(<CheckpointMailPage {...words} />), text: textOf(words) };
}

const names: Record<LogStream, string> = { audit: 'Steps of messages', admin: 'Administrative acts' };

function wordsOf({ organizationName, email, at, logs }: CheckpointMailData) {
  const organization = displayLine(organizationName, 120);
  const day = momentInWords(new Date(at));
  return {
    organization,
    email,
    subject: `Checkpoints of the logs of ${organization}, ${day}`,
    heading: 'Keep these checkpoints',
    paragraphs: [
      `Attached are signed checkpoints of the logs of ${organization} in Signet, as they were on ${day}.`,
      'A checkpoint is a fingerprint of everything that was recorded before it. Whoever has one can show whether any of that was changed, removed or put in later: even by those who run Signet. So keep this mail, or the files, where they cannot reach it. There is nothing else to do.',
    ],
    sizes: logs.map(({ stream, size }) => `${names[stream]} (${stream}.checkpoint.txt): ${size} ${size === 1 ? 'entry' : 'entries'}`),
    how: 'To compare, export the log as NDJSON without filters, later or now, and run this, which asks no server:',
    commands: logs.flatMap(({ stream, verifierKeys }) =>
      verifierKeys
        .slice(0, 1)
        .map((key) => `signet log verify --entries ${stream}.ndjson --checkpoint ${stream}.checkpoint.txt --key '${key}'`),
    ),
    others: logs.flatMap(({ verifierKeys }) => verifierKeys.slice(1)),
    warning:
      'Compare the key with the one that you kept before: a new one is announced, and the one before it signs besides it for 30 days.',
  };
}
type Words = ReturnType<typeof wordsOf>;

/** Keys and commands stand on lines of their own, unbroken: they are copied. */
function textOf({ heading, paragraphs, sizes, how, commands, others, warning, email, organization }: Words): string {
  const [before, after] = [
    [[heading], ...paragraphs.map((text) => [text]), sizes, [how]],
    [[warning], [`Sent to ${email} for ${organization}`]],
  ];
  const former = others.length === 0 ? [] : ['', 'Keys that sign besides it:', ...others];
  return `${textPart(before)}\n${[...commands, ...former].join('\n')}\n\n${textPart(after)}`;
}

const codeStyle = { ...textStyles.small, fontFamily: 'ui-monospace,Menlo,Consolas,monospace', fontSize: 13, margin: '0 0 12px' };

function CheckpointMailPage(words: Words): ReactNode {
  return (
    <MailFrame
      title={words.subject}
      preheader={words.paragraphs.join(' ')}
      branding={{ organizationName: words.organization, logo: null }}
      colors={brandColors(null)}
      foot={
        <Text className="quiet" style={{ ...textStyles.small, fontSize: 13, lineHeight: '20px' }}>
          {`Sent to ${words.email} for ${words.organization}`}
        </Text>
      }
    >
      <Heading as="h1" className="ink" style={{ ...textStyles.heading, margin: '0 0 16px' }}>
        {words.heading}
      </Heading>
      {[...words.paragraphs, ...words.sizes, words.how].map((paragraph) => (
        <Text key={paragraph} className="ink" style={textStyles.body}>
          {paragraph}
        </Text>
      ))}
      {words.commands.map((command) => (
        <Text key={command} className="ink" style={codeStyle}>
          {command}
        </Text>
      ))}
      {words.others.length === 0 ? null : (
        <Text className="ink" style={textStyles.body}>
          Keys that sign besides it:
        </Text>
      )}
      {words.others.map((key) => (
        <Text key={key} className="ink" style={codeStyle}>
          {key}
        </Text>
      ))}
      <Section className="line" style={{ borderTop: `1px solid ${light.line}`, marginTop: 12, paddingTop: 20 }}>
        <Text className="quiet" style={textStyles.small}>
          {words.warning}
        </Text>
      </Section>
    </MailFrame>
  );
}
