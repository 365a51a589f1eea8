import type { Command } from '@commander-js/extra-typings';
import { auditErasureRoutes, type AuditErasure, type AuditErasurePreview } from '@signet/api-contract/audit-erasures';
import { listing, verb } from '../command.ts';
import { confirm } from '../confirm.ts';
import { openSession } from '../connection.ts';
import { UsageError } from '../failure.ts';
import { note, numberOf, writeFields, writeJson } from '../output.ts';
import { writePages } from '../pages.ts';
import type { Column } from '../table.ts';

const columns: readonly Column<AuditErasure>[] = [
  { head: 'Asked', value: ({ createdAt }) => createdAt },
  { head: 'By', value: ({ createdBy }) => createdBy },
  { head: 'Reason', value: ({ reason }) => reason },
  { head: 'Entries', value: ({ entries }) => entries },
  { head: 'Erased', value: ({ erased }) => erased },
  { head: 'Held', value: ({ held }) => held },
  { head: 'Ended', value: ({ endedAt }) => endedAt },
  { head: 'Id', value: ({ id }) => id },
];

/** The verbs of `audit` for erasing entries by law. */
export function addErasureVerbs(auditCommand: Command): void {
  verb(
    auditCommand,
    'erase',
    'have entries erased for good, as a law demands: these, or all that name an address; their places in the log stay',
  )
    .argument('[entries...]', 'ids of audit entries')
    .option('--address <address>', 'all entries so far that name it as sender or recipient')
    .option('--reason <reason>', 'the request or order that it follows: on record for ever, so name a case and not the person')
    .option('--leave-held', 'leave out what legal holds keep, where otherwise nothing is erased')
    .option('--preview', 'say what would be erased, and erase nothing')
    .option('--yes', 'do not ask')
    .action(async (entries, { address, reason, leaveHeld, preview, yes, ...options }) => {
      if (entries.length > 0 === (address !== undefined)) throw new UsageError('Give either ids of entries or --address.');
      const session = openSession(options);
      const named = address === undefined ? { entries } : { address };
      const counted = () => session.client.call(auditErasureRoutes.previewAuditErasure, { body: named });
      if (preview === true) {
        const found = await counted();
        return session.json ? writeJson(found) : linesOf(found).forEach(note);
      }
      if (reason === undefined) throw new UsageError('--reason is needed: the request or order that it follows.');
      await confirm({ yes, reversible: false }, async () => [...linesOf(await counted()), 'What is erased cannot be brought back.']);
      const made = await session.client.call(auditErasureRoutes.createAuditErasure, { body: { ...named, reason, leaveHeld } });
      if (session.json) return writeJson(made);
      note(`${numberOf(made.entries, 'entry', 'entries')} will be erased within seconds. How far it is: signet audit erasure ${made.id}`);
    });

  listing(auditCommand, 'erasures', 'the erasures of entries, the newest first, with how far they are').action(
    async ({ json, config, limit, cursor, all }) => {
      const session = openSession({ json, config });
      await writePages(session, { limit, cursor, all, largestPage: 500 }, columns, (query) =>
        session.client.call(auditErasureRoutes.listAuditErasures, { query }),
      );
    },
  );

  verb(auditCommand, 'erasure', 'how far an erasure is; or what is left of an entry that was erased')
    .argument('[id]', 'of the erasure')
    .option('--entry <id>', 'of the entry instead')
    .action(async (id, { entry, ...options }) => {
      const session = openSession(options);
      if (entry !== undefined && id === undefined) {
        const left = await session.client.call(auditErasureRoutes.getAuditEntryErasure, { params: { id: entry } });
        if (session.json) return writeJson(left);
        return writeFields([
          ['Entry', left.id],
          ['Outcome', left.outcome],
          ['Place in the log', left.logIndex],
          ['Log entry', left.hash],
          ['Erased', left.removedAt],
          ['Record', left.record],
          ...fieldsOf(left.erasure),
        ]);
      }
      if (id === undefined || entry !== undefined) throw new UsageError('Give either the id of an erasure or --entry.');
      const found = await session.client.call(auditErasureRoutes.getAuditErasure, { params: { id } });
      await (session.json ? writeJson(found) : writeFields(fieldsOf(found)));
    });
}

function fieldsOf({ reason, createdBy, createdAt, entries, erased, held, gone, endedAt }: AuditErasure): [string, unknown][] {
  return [
    ['Reason', reason],
    ['Asked by', createdBy],
    ['Asked', createdAt],
    ['Entries', entries],
    ['Erased', erased],
    ['Held', held],
    ['Removed otherwise', gone],
    ['Ended', endedAt],
  ];
}

function linesOf({ entries, held, already, more, messageCount, messages, holds }: AuditErasurePreview): string[] {
  return [
    `${numberOf(entries, 'entry', 'entries')} of ${numberOf(messageCount, 'message', 'messages')} would be erased${more ? ', and there may be more for another time' : ''}.`,
    ...messages.map((message) => `  ${message.messageId}: ${message.entries}`),
    ...(messageCount > messages.length ? ['  …'] : []),
    ...(already > 0 ? [`${numberOf(already, 'is', 'are')} erased already, or will be.`] : []),
    ...(held > 0
      ? [
          `${held} are held, and stay:`,
          ...holds.map(({ id, kind, reason }) => `  ${kind} hold ${id}${reason === null ? '' : `: ${reason}`}`),
        ]
      : []),
  ];
}
