import { InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { checkpointDeliveryRoutes, type CheckpointDeliveryState } from '@signet/api-contract/checkpoint-delivery';
import { logRoutes, type Log } from '@signet/api-contract/logs';
import { logStreams, type LogStream } from '@signet/domain/log/checkpoint';
import { collect, noun, verb } from '../command.ts';
import { confirm } from '../confirm.ts';
import { openSession } from '../connection.ts';
import { NotDone } from '../failure.ts';
import { note, write, writeJson, writeTable } from '../output.ts';
import { reportProofIn } from '../report-proof.ts';
import type { Column } from '../table.ts';
import { takeStream } from '../take-stream.ts';
import { verifyLog } from '../verify-log.ts';

const columns: readonly Column<Log>[] = [
  { head: 'Log', value: ({ stream }) => stream },
  { head: 'State', value: ({ state }) => state },
  { head: 'Entries', value: ({ entries }) => entries },
  { head: 'Signed', value: ({ size }) => size },
  { head: 'Checkpoint', value: ({ checkpointAt }) => checkpointAt },
  { head: 'Checked', value: ({ check }) => check?.at ?? null },
  { head: 'Wrong with it', value: ({ refusal, check }) => refusal ?? check?.difference ?? null },
];

const streamOption = () => new Option('--stream <stream>', 'audit entries, or admin records').choices(logStreams).default('audit');

export const logCommand = noun('log', 'the logs that prove that nothing was changed: checkpoints, keys, verification');

verb(logCommand, 'list', 'the logs, with how far they are signed and what is wrong with them').action(async (options) => {
  const session = openSession(options);
  const found = await session.client.call(logRoutes.listLogs);
  await (session.json ? writeJson(found) : writeTable(columns, found.items));
});

verb(logCommand, 'checkpoint', 'the last published checkpoint, to be kept elsewhere: whoever has it can tell whether the log was changed')
  .addOption(streamOption())
  .action(async ({ stream, ...options }) => {
    const session = openSession(options);
    const { organizationId } = await logOf(session, stream);
    const route = stream === 'audit' ? logRoutes.getAuditCheckpoint : logRoutes.getAdminCheckpoint;
    const checkpoint = await (await session.client.call(route, { params: { organizationId } })).text();
    // To the byte: its signatures are over just this text.
    await (session.json ? writeJson({ checkpoint }) : write(checkpoint));
  });

const deliveryFacts = ({ everyHours, toAdmins, addresses, nextAt, last }: CheckpointDeliveryState): string[] => [
  `Every ${everyHours} h, by mail to ${[...(toAdmins ? ['each admin'] : []), ...addresses].join(', ') || 'nobody'}. Next: ${nextAt}.`,
  ...(last ? [`Last: ${last.at}, sizes ${last.auditSize ?? 'none'} (audit) and ${last.adminSize ?? 'none'} (admin).`] : []),
  ...(last?.mails ?? []).map(
    ({ address, sentAt, error }) =>
      `  ${address}: ${sentAt === null ? `not taken yet${error === null ? '' : `: ${error}`}` : `taken ${sentAt}`}`,
  ),
];

verb(logCommand, 'delivery', 'how often checkpoints leave the server by themselves, to whom, and what became of it').action(
  async (options) => {
    const session = openSession(options);
    const found = await session.client.call(checkpointDeliveryRoutes.getCheckpointDelivery);
    await (session.json ? writeJson(found) : write(`${deliveryFacts(found).join('\n')}\n`));
  },
);

verb(logCommand, 'set-delivery', 'say how often checkpoints leave the server, and to whom by mail; what is not given stays')
  .option('--every <hours>', 'from 1 to 24', countIn)
  .option('--to-admins', 'each admin gets them')
  .option('--no-to-admins', 'admins do not get them')
  .option('--address <address>', 'who else gets them; several, in place of those before', collect)
  .option('--no-addresses', 'nobody else gets them')
  .action(async ({ every, toAdmins, address, addresses, ...options }) => {
    const session = openSession(options);
    const before = await session.client.call(checkpointDeliveryRoutes.getCheckpointDelivery);
    const found = await session.client.call(checkpointDeliveryRoutes.setCheckpointDelivery, {
      body: {
        everyHours: every ?? before.everyHours,
        toAdmins: toAdmins ?? before.toAdmins,
        addresses: address ?? (addresses ? before.addresses : []),
      },
    });
    await (session.json ? writeJson(found) : write(`${deliveryFacts(found).join('\n')}\n`));
  });

verb(logCommand, 'tile', 'hashes of the log’s tree as bytes, for programs that compute proofs themselves (C2SP tlog-tiles)')
  .argument('<tile>', '<L>/<N> or <L>/<N>.p/<W>, with N in groups of three digits: 0/x001/x234/067')
  .addOption(streamOption())
  .option('--output <file>', 'a file that is there only once it is whole; otherwise standard output')
  .action(async (tile, { stream, output, ...options }) => {
    const session = openSession(options);
    const { organizationId } = await logOf(session, stream);
    const route = stream === 'audit' ? logRoutes.getAuditTile : logRoutes.getAdminTile;
    await takeStream(await session.client.call(route, { params: { organizationId, tile } }), output);
  });

verb(logCommand, 'key', 'the key that verifies the log’s checkpoints, to be kept elsewhere')
  .addOption(streamOption())
  .option('--all', 'those too that signed before, the newest first')
  .action(async ({ stream, all, ...options }) => {
    const session = openSession(options);
    const { keys } = await logOf(session, stream);
    const shown = keys.filter(({ signsUntil }) => all === true || signsUntil === null);
    if (shown.length === 0) throw new NotDone('Nothing was recorded yet that would be signed: the log has no key.');
    await (session.json ? writeJson({ items: shown }) : write(shown.map(({ verifierKey }) => `${verifierKey}\n`).join('')));
  });

verb(logCommand, 'rotate-key', 'give the logs a new key; the one before signs beside it for 30 days')
  .option('--yes', 'do not ask')
  .action(async ({ yes, ...options }) => {
    const session = openSession(options);
    await confirm({ yes, reversible: false }, async () => [
      'Give the logs a new key. Whoever verifies checkpoints needs the new one within 30 days. This cannot be undone.',
    ]);
    const found = await session.client.call(logRoutes.rotateLogKey);
    if (session.json) return writeJson(found);
    note('The logs have a new key:');
    for (const { keys } of found.items) await write(`${keys[0]?.verifierKey ?? ''}\n`);
  });

logCommand
  .command('verify')
  .description('compare an exported log with checkpoints that were kept: asks no server and no network')
  .requiredOption('--entries <ndjson>', 'the whole log as audit export or record export wrote it, from index 0 on; - for standard input')
  .requiredOption('--checkpoint <file>', 'a checkpoint; several narrow down where a changed log begins to differ', collect)
  .requiredOption('--key <key>', 'the log’s verifier key')
  .option(
    '--removals <ndjson>',
    'the whole admin log as record export wrote it: entries that it says to have been removed may be gone, and no others',
  )
  .option(
    '--removals-checkpoint <file>',
    'a checkpoint of the admin log, which is compared with it first; several as with --checkpoint',
    collect,
  )
  .option('--removals-key <key>', 'the admin log’s verifier key, where it is not the one of --key')
  .option('--json', 'write the result as JSON')
  .action(
    async ({ checkpoint: checkpoints, removalsCheckpoint: removalsCheckpoints = [], removals, removalsKey, json = false, ...given }) => {
      await verifyLog({ ...given, checkpoints, removals, removalsCheckpoints, removalsKey, json });
    },
  );

logCommand
  .command('prove')
  .description('compute what the proof of one entry or record claims, and show the record: asks no server and no network')
  .argument('<file>', 'the proof, as the page of the entry or record gives it, or “prove --json”; - for standard input')
  .option('--key <key>', 'the log’s verifier key, kept elsewhere: the checkpoint’s signature is verified with it')
  .option('--json', 'write the result as JSON')
  .action((file, { key, json = false }) => reportProofIn(file, { key, json }));

async function logOf(session: ReturnType<typeof openSession>, stream: LogStream): Promise<Log> {
  const { items } = await session.client.call(logRoutes.listLogs);
  const log = items.find((each) => each.stream === stream);
  if (!log) throw new NotDone('The key may not read this log: the admin records’ one needs the scope admin:read.');
  return log;
}

function countIn(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}
