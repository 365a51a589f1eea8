import { Option } from '@commander-js/extra-typings';
import { ApiProblem } from '@signet/api-contract/client';
import { messageRoutes } from '@signet/api-contract/messages';
import type { ExposureReport, Message, MessageSummary } from '@signet/api-contract/messages';
import { accessState, deliveryState } from '@signet/domain/message-state';
import { TIME_HELP, collect, listing, noun, timeOf, verb } from '../command.ts';
import { confirm } from '../confirm.ts';
import { openSession } from '../connection.ts';
import type { Session } from '../connection.ts';
import { note, write, writeFields, writeJson, writeTable } from '../output.ts';
import { writePages } from '../pages.ts';
import type { Column } from '../table.ts';
import { addExpireVerb } from './message-expire.ts';
import { addSubmitVerb } from './message-submit.ts';
import { addTimelineVerb } from './message-timeline.ts';
import { writeMessage } from './message-view.ts';

const summaryColumns: readonly Column<MessageSummary>[] = [
  { head: 'Accepted', value: (message) => message.acceptedAt },
  { head: 'Subject', value: (message) => message.subject },
  { head: 'Sender', value: (message) => message.sender },
  { head: 'Recipients', value: recipientsInShort },
  { head: 'Template', value: (message) => message.template },
  { head: 'Revoked', value: (message) => message.revoked },
  { head: 'Id', value: (message) => message.id },
];

type Observation = ExposureReport['recipients'][number]['before'][number];
type Seen = { readonly address: string; readonly when: 'before' | 'after' } & Observation;

const seenColumns: readonly Column<Seen>[] = [
  { head: 'Recipient', value: (step) => step.address },
  { head: 'Revocation', value: (step) => step.when },
  { head: 'Time', value: (step) => step.creationTime },
  { head: 'Operation', value: (step) => step.operation },
  { head: 'Status', value: (step) => step.operationStatus },
  { head: 'Attachment', value: (step) => step.attachmentName },
  { head: 'Bytes', value: (step) => step.bytesSent },
  { head: 'Complete', value: (step) => step.complete },
];

function recipientsInShort({ recipients, recipientCount }: MessageSummary): string {
  const [first] = recipients;
  return recipientCount > 1 ? `${first?.address} +${recipientCount - 1}` : (first?.address ?? '');
}

async function writeChanged(session: Session, changed: Message | { items: Message[] }): Promise<void> {
  if (session.json) return writeJson(changed);
  for (const message of 'items' in changed ? changed.items : [changed]) await writeMessage(message);
}

/** What a revocation means, for whoever is asked whether to go on. */
async function consequences({ client }: Session, message: string, recipients: readonly string[] | undefined): Promise<string[]> {
  const whose = recipients?.join(', ') ?? 'all recipients';
  const outcome = `From now on ${whose} will get no content of it. Downloads in flight are cut. It can be taken back: signet message restore`;
  try {
    const found = await client.call(messageRoutes.getMessage, { params: { message } });
    return [`Revoke “${found.subject || found.messageId}” of ${found.sender}, accepted ${found.acceptedAt}.`, outcome];
  } catch (error) {
    // The revocation itself says what else is wrong.
    if (!(error instanceof ApiProblem)) throw error;
    const candidates = (error.problem.candidates ?? []).map(({ id, subject, sender }) => `  ${id}  ${sender}  ${subject ?? ''}`);
    return [
      `Revoke ${candidates.length === 0 ? message : `all ${candidates.length} messages of this Message-ID:`}`,
      ...candidates,
      outcome,
    ];
  }
}

export const messageCommand = noun('message', 'what became of messages, and taking them back');

listing(messageCommand, 'list', 'search the messages, newest first')
  .option('--text <words>', 'words of the subject, the beginning of an address, or a whole id')
  .option('--message <id>', 'a Message-ID, with or without angle brackets')
  .option('--sender <address>')
  .option('--recipient <address>')
  .option('--subject <words>', 'words that must all occur')
  .option('--template <name>')
  .addOption(
    new Option('--state <state...>', 'in which at least one recipient is').choices([...deliveryState.options, ...accessState.options]),
  )
  .option('--from <time>', TIME_HELP, timeOf)
  .option('--to <time>', 'the first instant that no longer counts', timeOf)
  .action(async ({ json, config, message, limit, cursor, all, ...filters }) => {
    const session = openSession({ json, config });
    await writePages(session, { limit, cursor, all, largestPage: 500 }, summaryColumns, (page) =>
      session.client.call(messageRoutes.listMessages, { query: { ...filters, messageId: message, ...page } }),
    );
  });

verb(messageCommand, 'show', 'what became of one message')
  .argument('<message>', 'id or Message-ID')
  .action(async (message, options) => {
    const session = openSession(options);
    const found = await session.client.call(messageRoutes.getMessage, { params: { message } });
    await (session.json ? writeJson(found) : writeMessage(found));
  });

addTimelineVerb(messageCommand);
addSubmitVerb(messageCommand);
addExpireVerb(messageCommand);

verb(messageCommand, 'revoke', 'take a message back: nobody gets content of it any more')
  .argument('<message>', 'id or Message-ID')
  .option('--reason <text>', 'goes into the records')
  .option('--recipient <address>', 'this recipient alone; may be repeated', collect)
  .option('--yes', 'do not ask')
  .action(async (message, { reason, recipient: recipients, yes, ...options }) => {
    const session = openSession(options);
    await confirm({ yes, reversible: true }, () => consequences(session, message, recipients));
    const request = { params: { message }, body: { reason, recipients } };
    await writeChanged(session, await session.client.call(messageRoutes.revokeMessage, request));
  });

verb(messageCommand, 'restore', 'take a revocation back')
  .argument('<message>', 'id or Message-ID')
  .option('--reason <text>', 'goes into the records')
  .option('--recipient <address>', 'this recipient alone; may be repeated', collect)
  .action(async (message, { reason, recipient: recipients, ...options }) => {
    const session = openSession(options);
    const request = { params: { message }, body: { reason, recipients } };
    await writeChanged(session, await session.client.call(messageRoutes.restoreMessage, request));
  });

verb(messageCommand, 'resend', 'send the mail with the link again; the link stays the same')
  .argument('<message>', 'id or Message-ID')
  .option('--recipient <address>', 'this recipient alone; may be repeated', collect)
  .action(async (message, { recipient: recipients, ...options }) => {
    const session = openSession(options);
    await writeChanged(session, await session.client.call(messageRoutes.resendMessage, { params: { message }, body: { recipients } }));
  });

verb(messageCommand, 'exposure', 'who had seen what when a revocation took effect')
  .argument('<message>', 'id or Message-ID')
  .option('--html', 'the report as a page, to be read and printed')
  .option('--zone <zone>', 'time zone of the page besides UTC, like Europe/Zurich')
  .action(async (message, { html, zone, ...options }) => {
    const session = openSession(options);
    const request = { params: { message }, query: { zone } };
    if (html) return write(await (await session.client.page(messageRoutes.getExposure, request)).text());
    const report = await session.client.call(messageRoutes.getExposure, request);
    await (session.json ? writeJson(report) : writeExposure(report));
  });

function changeInShort({ at, by, reason, recipients }: ExposureReport['revocations'][number]): string {
  return `${at} by ${by}, for ${recipients.join(', ')}${reason === null ? '' : `: ${reason}`}`;
}

async function writeExposure(report: ExposureReport): Promise<void> {
  await writeFields([
    ['Subject', report.subject],
    ['Message-ID', report.messageId],
    ['Basis', report.basis.replaceAll('_', ' ')],
    ...report.gaps.map(({ from, to }): [string, unknown] => ['Not recorded', `${from} to ${to ?? 'now'}`]),
    ...[report.removed ?? []].flat().map(({ steps, from, to }): [string, unknown] => ['Removed since', `${steps} steps, ${from} to ${to}`]),
    ...report.revocations.map((change): [string, unknown] => ['Revoked', changeInShort(change)]),
    ...report.restorations.map((change): [string, unknown] => ['Restored', changeInShort(change)]),
  ]);
  await write('\n');
  const steps = report.recipients.flatMap(({ address, before, after }): Seen[] => [
    ...before.map((step) => ({ ...step, address, when: 'before' as const })),
    ...after.map((step) => ({ ...step, address, when: 'after' as const })),
  ]);
  if (steps.length === 0) return note('No step in which content was asked for is recorded.');
  await writeTable(seenColumns, steps);
}
