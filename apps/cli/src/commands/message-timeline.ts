import type { Command } from '@commander-js/extra-typings';
import { messageRoutes } from '@signet/api-contract/messages';
import type { MessageHistory } from '@signet/api-contract/messages';
import type { AuditEntry } from '@signet/domain/audit/entry';
import { judgeTouch, type TouchVerdict } from '@signet/domain/audit/touch-verdict';
import { TIME_HELP, timeOf, verb } from '../command.ts';
import { openSession } from '../connection.ts';
import { note, numberOf, write, writeJson, writeTable } from '../output.ts';
import type { Column } from '../table.ts';
import { writeMessage } from './message-view.ts';

/** A recorded step of a message, or an administrative act that concerns it. */
interface TimelineRow {
  readonly at: string;
  readonly what: string;
  readonly status: string;
  readonly who: string;
  readonly about: unknown;
}

const columns: readonly Column<TimelineRow>[] = [
  { head: 'Time', value: ({ at }) => at },
  { head: 'Step', value: ({ what }) => what },
  { head: 'Status', value: ({ status }) => status },
  { head: 'By', value: ({ who }) => who },
  { head: 'About', value: ({ about }) => about },
];

function nameOf({ kind, id, address }: { readonly kind: string; readonly id: string | null; readonly address: string | null }): string {
  return address ?? `${kind} ${id ?? ''}`.trim();
}

const guesses = { human: 'probably a person', scanner: 'probably a scanner', unknown: 'a person or a program' } as const satisfies Record<
  TouchVerdict,
  string
>;

/** The operation; of a touch, who it probably was: a scanner's is not to be taken for a person's. */
function whatOf(entry: AuditEntry): string {
  const judged = judgeTouch(entry);
  return judged === null ? entry.operation : `${entry.operation} (${guesses[judged.verdict]})`;
}

function rowsOf({ trail, acts }: MessageHistory): TimelineRow[] {
  const steps = (trail?.items ?? []).map((entry) => ({
    at: entry.creationTime,
    what: whatOf(entry),
    status: entry.operationStatus,
    who: nameOf(entry.actor),
    about: entry.attachmentName ?? entry.recipients,
  }));
  const made = (acts ?? []).map((act) => ({
    at: act.creationTime,
    what: act.action,
    status: act.status,
    who: nameOf(act.actor),
    about: act.reason ?? act.after,
  }));
  return [...steps, ...made].toSorted((one, other) => other.at.localeCompare(one.at));
}

/** `message timeline`: all that is on record about a message, the newest first. */
export function addTimelineVerb(messageCommand: Command): void {
  verb(messageCommand, 'timeline', 'a message with all that is on record about it: its steps, the acts of members and keys')
    .argument('<message>', 'id or Message-ID')
    .option('--before <time>', `only steps before this instant: ${TIME_HELP}`, timeOf)
    .option('--limit <number>', 'how many steps at most', Number)
    .action(async (message, { before, limit, ...options }) => {
      const session = openSession(options);
      const found = await session.client.call(messageRoutes.getMessageHistory, { params: { message }, query: { before, limit } });
      if (session.json) return writeJson(found);
      await writeMessage(found.message);
      await write('\n');
      const rows = rowsOf(found);
      const removed = found.trail?.removed ?? null;
      if (rows.length > 0) await writeTable(columns, rows);
      else if (!removed) note('Nothing is recorded of it.');
      if (removed) {
        const steps = numberOf(removed.steps, 'step', 'steps');
        note(
          `Not on record any more: ${steps} of ${removed.from} to ${removed.to}. Retention or an erasure by law has removed what was there.`,
        );
      }
      for (const { id, reason } of found.holds ?? []) note(`A legal hold concerns it: ${reason} (${id})`);
      if (found.trail === null) note('The key may not read the trail: its steps need the scope audit:read.');
      if (found.acts === null) note('The key may not read the admin records: the acts need the scope admin:read.');
      const last = found.trail?.more === true ? found.trail.items.at(-1) : undefined;
      if (last) note(`There are earlier steps: --before ${last.creationTime}`);
    });
}
