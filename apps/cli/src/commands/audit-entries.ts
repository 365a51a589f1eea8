import type { Command } from '@commander-js/extra-typings';
import { NEXT_AFTER_HEADER, auditEntryRoutes } from '@signet/api-contract/audit-entries';
import { auditEventRoutes } from '@signet/api-contract/audit-events';
import { auditImportRoutes, type ListedAuditImport } from '@signet/api-contract/audit-imports';
import { logRoutes } from '@signet/api-contract/logs';
import { listing, verb } from '../command.ts';
import { openSession } from '../connection.ts';
import { UsageError } from '../failure.ts';
import { wholeTextIn } from '../file-in.ts';
import { note, writeFields, writeJson } from '../output.ts';
import { writePages } from '../pages.ts';
import { reportProof } from '../report-proof.ts';
import type { Column } from '../table.ts';
import { saySureness, takeStream } from '../take-stream.ts';

const importColumns: readonly Column<ListedAuditImport>[] = [
  { head: 'Started', value: ({ startedAt }) => startedAt },
  { head: 'Ended', value: ({ endedAt }) => endedAt },
  { head: 'Records', value: ({ records }) => records },
  { head: 'New', value: ({ accepted }) => accepted },
  { head: 'Known', value: ({ duplicates }) => duplicates },
  { head: 'Refused', value: ({ refused }) => refused },
  { head: 'Id', value: ({ id }) => id },
];

/** The verbs of `audit` for programs beside Signet: following the log, adding steps, reading and proving one. */
export function addEntryVerbs(auditCommand: Command): void {
  verb(auditCommand, 'follow', 'what is new in the log since the last time, as the export writes it; says on stderr where to go on')
    .option('--after <index>', 'the logIndex of the last entry that is there already; from the beginning without it', Number)
    .option('--limit <number>', 'how many at most', Number)
    .option('--output <file>', 'a file that is there only once it is whole; otherwise standard output')
    .action(async ({ after, limit, output, ...options }) => {
      const answer = await openSession(options).client.call(auditEntryRoutes.readAuditFeed, { query: { after, limit } });
      await takeStream(answer, output);
      saySureness(answer);
      note(`Next time: --after ${answer.headers.get(NEXT_AFTER_HEADER) ?? ''}`);
    });

  verb(auditCommand, 'add', 'add steps that another system saw to the trail; all of them, or none where one is wrong')
    .argument('<file>', 'the events as the API takes them, {"events": […]}, or one a line (NDJSON); - for standard input')
    .action(async (file, options) => {
      const body = eventsIn(wholeTextIn(file), file);
      const session = openSession(options);
      const added = await session.client.call(auditEventRoutes.recordAuditEvents, { body });
      if (session.json) return writeJson(added);
      await writeFields([
        ['New', added.accepted],
        ['Known', added.duplicates],
      ]);
    });

  listing(auditCommand, 'imports', 'what was imported, the newest first; one that has not ended is running, or broke off').action(
    async ({ json, config, limit, cursor, all }) => {
      const session = openSession({ json, config });
      await writePages(session, { limit, cursor, all, largestPage: 500 }, importColumns, (query) =>
        session.client.call(auditImportRoutes.listAuditImports, { query }),
      );
    },
  );

  verb(auditCommand, 'import-status', 'how far an import has come, and what was refused')
    .argument('<id>', 'of the import: signet audit imports names it')
    .action(async (id, options) => {
      const session = openSession(options);
      const found = await session.client.call(auditImportRoutes.getAuditImport, { params: { id } });
      if (session.json) return writeJson(found);
      await writeFields([
        ['Started', found.startedAt],
        ['Ended', found.endedAt],
        ['Records', found.records],
        ['New', found.accepted],
        ['Known', found.duplicates],
        ['Refused', found.refused],
      ]);
      for (const { line, reason } of found.refusals) note(`line ${line}: ${reason}`);
    });

  verb(auditCommand, 'show', 'all that is on record of an entry, as the API gives it')
    .argument('<id>', 'of the audit entry')
    .action(async (id, options) => writeJson(await openSession(options).client.call(auditEntryRoutes.getAuditEntry, { params: { id } })));

  verb(auditCommand, 'prove', 'prove that an entry is in the log: computes the way from its record to the checkpoint’s root')
    .argument('<id>', 'of the audit entry')
    .option('--key <key>', 'the log’s verifier key, kept elsewhere: the checkpoint’s signature is verified with it')
    .action(async (id, { key, ...options }) => {
      const session = openSession(options);
      const proof = await session.client.call(logRoutes.proveAuditEntry, { params: { id } });
      await reportProof(proof, { id, noun: 'entry', key, json: session.json });
    });
}

function eventsIn(text: string, file: string): { events: unknown } {
  try {
    const whole: unknown = JSON.parse(text);
    if (typeof whole === 'object' && whole !== null && 'events' in whole) return { ...whole, events: whole.events };
    return { events: Array.isArray(whole) ? whole : [whole] };
  } catch {
    return { events: eachLineOf(text, file) };
  }
}

function eachLineOf(text: string, file: string): unknown[] {
  return text.split('\n').flatMap((line, index): unknown[] => {
    if (line.trim() === '') return [];
    try {
      return [JSON.parse(line)];
    } catch {
      throw new UsageError(`${file}:${index + 1}: it is not JSON.`);
    }
  });
}
