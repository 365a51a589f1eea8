import { legalHoldRoutes, type LegalHold } from '@signet/api-contract/legal-holds';
import { noun, verb } from '../command.ts';
import { confirm } from '../confirm.ts';
import { openSession } from '../connection.ts';
import { UsageError } from '../failure.ts';
import { note, writeJson, writeTable } from '../output.ts';
import type { Column } from '../table.ts';

const columns: readonly Column<LegalHold>[] = [
  { head: 'Holds', value: wordsOf },
  { head: 'Reason', value: ({ reason }) => reason },
  { head: 'Since', value: ({ createdAt }) => createdAt },
  { head: 'By', value: ({ createdBy }) => createdBy },
  { head: 'Released', value: ({ releasedAt }) => releasedAt },
  { head: 'Id', value: ({ id }) => id },
];

function wordsOf({ kind, messageId, address, from, to }: LegalHold): string {
  const what = kind === 'message' ? messageId : kind === 'address' ? address : 'everything';
  return `${what ?? ''}${from === null ? '' : ` from ${from}`}${to === null ? '' : ` to ${to}`}`;
}

export const holdCommand = noun('hold', 'legal holds: what is kept whatever retention and erasure say');

verb(holdCommand, 'list', 'the legal holds, those that were released included').action(async (options) => {
  const session = openSession(options);
  const found = await session.client.call(legalHoldRoutes.listLegalHolds);
  await (session.json ? writeJson(found) : writeTable(columns, found.items));
});

verb(holdCommand, 'create', 'keep the entries and content of a message, of an address, or of the whole organization')
  .requiredOption('--reason <reason>')
  .option('--message <message>', 'its id or Message-ID')
  .option('--address <address>', 'a sender’s or recipient’s')
  .option('--organization', 'everything')
  .option('--from <time>', 'RFC 3339; of an address or the organization')
  .option('--to <time>', 'RFC 3339, exclusive')
  .action(async ({ reason, message, address, organization, from, to, ...options }) => {
    if ([message, address, organization].filter((each) => each !== undefined).length !== 1)
      throw new UsageError('Give one of --message, --address and --organization.');
    const session = openSession(options);
    const kind = message !== undefined ? 'message' : address !== undefined ? 'address' : 'organization';
    const made = await session.client.call(legalHoldRoutes.createLegalHold, { body: { kind, message, address, from, to, reason } });
    if (session.json) return writeJson(made);
    note(`Held: ${wordsOf(made)} (${made.id}).`);
  });

verb(holdCommand, 'set', 'give a legal hold another reason')
  .argument('<id>')
  .requiredOption('--reason <reason>')
  .action(async (id, { reason, ...options }) => {
    const session = openSession(options);
    const changed = await session.client.call(legalHoldRoutes.changeLegalHold, { params: { id }, body: { reason } });
    if (session.json) return writeJson(changed);
    note(`Held: ${wordsOf(changed)}, for ${changed.reason}.`);
  });

verb(holdCommand, 'release', 'release a legal hold: what it alone kept is removed and erased again when its time is over')
  .argument('<id>')
  .requiredOption('--reason <reason>')
  .option('--yes', 'do not ask')
  .action(async (id, { reason, yes, ...options }) => {
    const session = openSession(options);
    await confirm({ yes, reversible: false }, async () => {
      const { items } = await session.client.call(legalHoldRoutes.listLegalHolds);
      const found = items.find((hold) => hold.id === id);
      return [`Release ${found ? wordsOf(found) : id}. What it alone kept may be removed within minutes, and cannot be brought back.`];
    });
    const released = await session.client.call(legalHoldRoutes.releaseLegalHold, { params: { id }, body: { reason } });
    if (session.json) return writeJson(released);
    note(`Released: ${wordsOf(released)}.`);
  });
