import { InvalidArgumentError } from '@commander-js/extra-typings';
import { retentionRoutes, type Retention } from '@signet/api-contract/retention';
import { operationNames, type Operation } from '@signet/domain/audit/operation';
import { collect, noun, verb } from '../command.ts';
import { confirm } from '../confirm.ts';
import { openSession } from '../connection.ts';
import { UsageError } from '../failure.ts';
import { note, numberOf, writeJson, writeTable } from '../output.ts';

export const retentionCommand = noun('retention', 'how long audit entries are kept');

verb(retentionCommand, 'show', 'how long audit entries are kept, by operation').action(async (options) => {
  const session = openSession(options);
  const found = await session.client.call(retentionRoutes.getRetention);
  if (session.json) return writeJson(found);
  const rows = [
    { what: 'all others', kept: wordsOf(found.days) },
    ...Object.entries(found.operations).map(([operation, days]) => ({ what: operation, kept: wordsOf(days) })),
  ];
  await writeTable(
    [
      { head: 'Entries', value: (row: Row) => row.what },
      { head: 'Kept', value: (row: Row) => row.kept },
    ],
    rows,
  );
  const { removed } = found;
  if (removed.lastAt !== null) note(`${removed.entries} entries were removed so far, the last ones at ${removed.lastAt}.`);
  if (!found.carriedOut) note('No worker runs that may remove entries: they are kept for ever.');
});

interface Row {
  readonly what: string;
  readonly kept: string;
}

verb(retentionCommand, 'set', 'set how long audit entries are kept; what is older is removed for good')
  .option('--days <days>', 'a number of days, or forever; as it is where it is not given', daysIn)
  .option('--operation <name=days>', 'an operation that is kept otherwise: LinkTouch=30, MessageRevoke=forever, LinkTouch=default', collect)
  .option('--preview', 'say what would be removed, and set nothing')
  .option('--yes', 'do not ask')
  .action(async ({ days, operation = [], preview, yes, ...options }) => {
    const session = openSession(options);
    const before = await session.client.call(retentionRoutes.getRetention);
    const body = { days: days === undefined ? before.days : days.days, operations: operationsOf(before, operation) };
    const counted = async () => session.client.call(retentionRoutes.previewRetention, { body });
    if (preview === true) {
      const found = await counted();
      return session.json ? writeJson(found) : note(consequence(found));
    }
    await confirm({ yes, reversible: false }, async () => [consequence(await counted()), 'What is removed cannot be brought back.']);
    const set = await session.client.call(retentionRoutes.setRetention, { body });
    if (session.json) return writeJson(set);
    note(`Audit entries are kept ${wordsOf(set.days)}${Object.keys(set.operations).length > 0 ? ', but for some operations' : ''}.`);
  });

function consequence({ entries, held, more, oldest }: { entries: number; held: number; more: boolean; oldest: string | null }): string {
  if (entries + held === 0) return 'No entry is as old as that.';
  const kept = held > 0 ? ` ${numberOf(held, 'more is held, and stays', 'more are held, and stay')}.` : '';
  return `${more ? 'More than ' : ''}${numberOf(entries, 'entry', 'entries')} will be removed within minutes, the oldest of ${oldest ?? ''}.${kept}`;
}

function wordsOf(days: number | null): string {
  return days === null ? 'for ever' : numberOf(days, 'day', 'days');
}

/** An object, so that for ever is told from nothing. */
function daysIn(text: string): { readonly days: number | null } {
  if (text === 'forever') return { days: null };
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It must be a number of days, or forever.');
  return { days: Number(text) };
}

function operationsOf(before: Retention, given: readonly string[]): Retention['operations'] {
  const operations = { ...before.operations };
  for (const text of given) {
    const [name, days] = text.split('=');
    const operation = operationNames.find((each): each is Operation => each === name);
    if (operation === undefined) throw new UsageError(`“${name ?? ''}” is no operation: ${operationNames.join(', ')}.`);
    if (days === 'default') delete operations[operation];
    else if (days === 'forever') operations[operation] = null;
    else if (days !== undefined && /^\d{1,9}$/.test(days)) operations[operation] = Number(days);
    else throw new UsageError(`--operation ${operation} needs days, as in ${operation}=30; or forever, or default.`);
  }
  return operations;
}
