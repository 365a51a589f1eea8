import { setTimeout as sleep } from 'node:timers/promises';
import { InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { webhookRoutes, type Webhook, type WebhookDelivery } from '@signet/api-contract/webhooks';
import { operationNames, type Operation } from '@signet/domain/audit/operation';
import { noun, verb } from '../command.ts';
import { confirm } from '../confirm.ts';
import { openSession } from '../connection.ts';
import { NotDone, UsageError } from '../failure.ts';
import { note, write, writeJson, writeTable } from '../output.ts';
import type { Column } from '../table.ts';

const columns: readonly Column<Webhook>[] = [
  { head: 'Name', value: ({ name }) => name },
  { head: 'URL', value: ({ url }) => url },
  { head: 'Operations', value: ({ operations }) => (operations?.length === 0 ? 'none' : (operations?.join(', ') ?? 'all')) },
  { head: 'State', value: stateOf },
  { head: 'Next place', value: ({ nextIndex }) => nextIndex },
  { head: 'Id', value: ({ id }) => id },
];
const deliveryColumns: readonly Column<WebhookDelivery>[] = [
  { head: 'Sent', value: ({ sentAt }) => sentAt },
  { head: 'Places', value: ({ kind, firstIndex, lastIndex }) => (kind === 'entries' ? `${firstIndex}–${lastIndex}` : kind) },
  { head: 'Entries', value: ({ entries }) => entries },
  { head: 'Attempt', value: ({ attempt }) => attempt },
  { head: 'Answer', value: ({ status }) => status },
  { head: 'Error', value: ({ error }) => error },
  { head: 'Next attempt', value: ({ nextAttemptAt }) => nextAttemptAt },
];

function stateOf({ enabled, failure, failedAttempts }: Webhook): string {
  if (!enabled) return failure === null ? 'disabled' : `disabled by Signet (${failure})`;
  return failedAttempts === 0 ? 'enabled' : `${failedAttempts} failed`;
}

/** One a time, or several with commas: an option that took all words behind it would take the URL or the id too. */
const operation = () =>
  new Option(
    '--operation <name>',
    `entries of this operation alone; may be repeated, or several with commas: ${operationNames.join(', ')}`,
  ).argParser(addOperations);

function addOperations(value: string, before: readonly Operation[] = []): readonly Operation[] {
  return [...before, ...value.split(',').map(operationOf)];
}

function operationOf(text: string): Operation {
  const found = operationNames.find((name) => name === text.trim());
  if (found === undefined) throw new InvalidArgumentError(`Operations are ${operationNames.join(', ')}.`);
  return found;
}

const checkpointsHelp = 'send it the logs’ checkpoints when they leave';
const noEntriesHelp = 'send it no entries: checkpoints or alerts alone';

export const webhookCommand = noun('webhook', 'receivers that audit entries are sent to as they are recorded');

verb(webhookCommand, 'list', 'the organization’s webhooks').action(async (options) => {
  const session = openSession(options);
  const found = await session.client.call(webhookRoutes.listWebhooks);
  await (session.json ? writeJson(found) : writeTable(columns, found.items));
});

verb(webhookCommand, 'add', 'send what is recorded from now on; prints the secret, once')
  .argument('<url>')
  .requiredOption('--name <name>')
  .addOption(operation())
  .option('--no-entries', noEntriesHelp)
  .option('--alerts', 'tell it of alerts too')
  .option('--checkpoints', checkpointsHelp)
  .action(async (url, { name, operation: operations, entries, alerts = false, checkpoints = false, ...options }) => {
    if (operations !== undefined && !entries) throw new UsageError('--operation and --no-entries exclude each other.');
    const session = openSession(options);
    const body = { name, url, operations: entries ? (operations === undefined ? null : [...operations]) : [], alerts, checkpoints };
    const made = await session.client.call(webhookRoutes.createWebhook, { body });
    if (session.json) return writeJson(made);
    note(
      `${entries ? 'Entries are' : 'What you chose is'} sent to ${made.url} from now on (${made.id}). Its secret, which is not shown again:`,
    );
    await write(`${made.secret}\n`);
  });

verb(webhookCommand, 'set', 'change a webhook; what is not given stays')
  .argument('<id>')
  .option('--name <name>')
  .option('--url <url>')
  .addOption(operation())
  .option('--all-operations', 'entries of all operations')
  .option('--no-entries', noEntriesHelp)
  .option('--alerts', 'tell it of alerts too')
  .option('--no-alerts', 'tell it of no alerts')
  .option('--checkpoints', checkpointsHelp)
  .option('--no-checkpoints', 'send it no checkpoints')
  .option('--enable', 'send, also what was recorded while nothing was sent')
  .option('--disable', 'send nothing')
  .action(async (id, { name, url, operation: operations, allOperations, entries, enable, disable, alerts, checkpoints, ...options }) => {
    if (enable && disable) throw new UsageError('--enable and --disable exclude each other.');
    if ([operations !== undefined, allOperations === true, !entries].filter(Boolean).length > 1)
      throw new UsageError('--operation, --all-operations and --no-entries exclude each other.');
    const session = openSession(options);
    const changed = await session.client.call(webhookRoutes.changeWebhook, {
      params: { id },
      body: {
        ...(name === undefined ? {} : { name }),
        ...(url === undefined ? {} : { url }),
        ...(allOperations ? { operations: null } : operations === undefined ? {} : { operations: [...operations] }),
        ...(entries ? {} : { operations: [] }),
        ...(alerts === undefined ? {} : { alerts }),
        ...(checkpoints === undefined ? {} : { checkpoints }),
        ...(enable ? { enabled: true } : disable ? { enabled: false } : {}),
      },
    });
    if (session.json) return writeJson(changed);
    note(`${changed.name}: ${changed.url}, ${stateOf(changed)}.`);
  });

verb(webhookCommand, 'test', 'send a test event, and wait for the answer; exit code 1 where it was not taken')
  .argument('<id>')
  .action(async (id, options) => {
    const session = openSession(options);
    const { eventId } = await session.client.call(webhookRoutes.testWebhook, { params: { id } });
    for (let second = 0; second < 30; second += 1) {
      const { items } = await session.client.call(webhookRoutes.listWebhookDeliveries, { params: { id } });
      const found = items.find((delivery) => delivery.eventId === eventId);
      if (found) {
        await (session.json ? writeJson(found) : writeTable(deliveryColumns, [found]));
        if (found.error === null) return;
        throw new NotDone('The receiver did not take it.');
      }
      await sleep(1_000);
    }
    throw new NotDone('Nothing is known of it yet: does the worker run? See `signet webhook deliveries`.');
  });

verb(webhookCommand, 'replay', 'send entries again, from a place in the log or from a time on')
  .argument('<id>')
  .option('--index <place>', 'the place in the log that is sent first', Number)
  .option('--from <time>', 'RFC 3339')
  .action(async (id, { index, from, ...options }) => {
    if ((index === undefined) === (from === undefined)) throw new UsageError('Give --index or --from.');
    const session = openSession(options);
    const body = index === undefined ? { from: from ?? '' } : { index };
    const changed = await session.client.call(webhookRoutes.replayWebhook, { params: { id }, body });
    if (session.json) return writeJson(changed);
    note(`${changed.name} is sent the log from place ${changed.nextIndex} on.`);
  });

verb(webhookCommand, 'rotate-secret', 'replace the secret; prints the new one, once. For 24 hours both sign')
  .argument('<id>')
  .action(async (id, options) => {
    const session = openSession(options);
    const changed = await session.client.call(webhookRoutes.rotateWebhookSecret, { params: { id } });
    if (session.json) return writeJson(changed);
    note(`Until ${changed.formerSecretUntil} requests are signed with the former secret too. The new one, which is not shown again:`);
    await write(`${changed.secret}\n`);
  });

verb(webhookCommand, 'deliveries', 'the last requests to a receiver, the newest first')
  .argument('<id>')
  .action(async (id, options) => {
    const session = openSession(options);
    const found = await session.client.call(webhookRoutes.listWebhookDeliveries, { params: { id } });
    await (session.json ? writeJson(found) : writeTable(deliveryColumns, found.items));
  });

verb(webhookCommand, 'remove', 'remove a webhook, its secret and what is known of its deliveries')
  .argument('<id>')
  .option('--yes', 'do not ask')
  .action(async (id, { yes, ...options }) => {
    const session = openSession(options);
    await confirm({ yes, reversible: false }, async () => {
      const { items } = await session.client.call(webhookRoutes.listWebhooks);
      const found = items.find((webhook) => webhook.id === id);
      return [`Remove ${found ? `${found.name} (${found.url})` : id}. Nothing more is sent there, and its secret is forgotten.`];
    });
    await session.client.call(webhookRoutes.removeWebhook, { params: { id } });
    note(`Removed the webhook ${id}.`);
  });
