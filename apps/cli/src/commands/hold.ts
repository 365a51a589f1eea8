import { Option } from '@commander-js/extra-typings';
import { legalHoldRoutes, type LegalHold, type ReleaseForecast } from '@signet/api-contract/legal-holds';
import { listing, noun, verb } from '../command.ts';
import { confirm } from '../confirm.ts';
import { openSession } from '../connection.ts';
import { UsageError } from '../failure.ts';
import { note, writeFields, writeJson } from '../output.ts';
import { writePages } from '../pages.ts';
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

listing(holdCommand, 'list', 'the legal holds, the newest first, those that hold before those that were released')
  .addOption(new Option('--state <state>').choices(['holding', 'released']))
  .action(async ({ json, config, limit, cursor, all, state }) => {
    const session = openSession({ json, config });
    await writePages(session, { limit, cursor, all, largestPage: 500 }, columns, (page) =>
      session.client.call(legalHoldRoutes.listLegalHolds, { query: { state, ...page } }),
    );
  });

verb(holdCommand, 'show', 'all that is known of a legal hold, and what releasing it would do at once')
  .argument('<id>')
  .action(async (id, options) => {
    const session = openSession(options);
    const params = { id };
    const hold = await session.client.call(legalHoldRoutes.getLegalHold, { params });
    if (session.json) return writeJson(hold);
    await writeFields([
      ['Holds', wordsOf(hold)],
      ['Reason', hold.reason],
      ['Since', `${hold.createdAt} by ${hold.createdBy ?? 'somebody'}`],
      ['Released', hold.releasedAt && `${hold.releasedAt} by ${hold.releasedBy ?? 'somebody'}: ${hold.releaseReason ?? ''}`],
    ]);
    if (hold.releasedAt === null) note(consequence(await session.client.call(legalHoldRoutes.forecastLegalHoldRelease, { params })));
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
      const params = { id };
      const hold = await session.client.call(legalHoldRoutes.getLegalHold, { params });
      const forecast = await session.client.call(legalHoldRoutes.forecastLegalHoldRelease, { params });
      return [`Release ${wordsOf(hold)}. ${consequence(forecast)}`, 'What is removed and erased cannot be brought back.'];
    });
    const released = await session.client.call(legalHoldRoutes.releaseLegalHold, { params: { id }, body: { reason } });
    if (session.json) return writeJson(released);
    note(`Released: ${wordsOf(released)}.`);
  });

function consequence({ entries, messages, more }: ReleaseForecast): string {
  return `Of what it alone keeps ${more ? 'at least ' : ''}${entries} audit entries would be removed, and the content of ${messages} messages erased, within minutes; the rest when its time is over.`;
}
