import type { Client } from '@signet/api-contract/client';
import type { Message } from '@signet/api-contract/messages';
import type { AnswerOf } from '@signet/api-contract/route';
import { routes } from '@signet/api-contract/routes';
import { Timeline } from '../../../../components/message/timeline.tsx';
import { sentPath } from '../../sent-path.ts';

interface SentTimelineProps {
  readonly api: Client;
  readonly message: Message;
  /** An instant that no longer counts: where the page before ended. */
  readonly before: string | undefined;
}

const PAGE_SIZE = 100;

/** The recorded steps of an own message; revocations of a time in which nothing was recorded stand among them. */
export async function SentTimeline({ api, message, before }: SentTimelineProps) {
  const to = before !== undefined && Number.isFinite(Date.parse(before)) ? new Date(before).toISOString() : undefined;
  const page = await api.call(routes.getSentTimeline, {
    params: { message: message.id },
    query: { limit: PAGE_SIZE, ...(to === undefined ? {} : { to }) },
  });
  return (
    <Timeline
      sources={{
        entries: page.items,
        more: page.nextCursor !== null,
        records: [...actsOf('MessageRevoke', page.revocations), ...actsOf('MessageRestore', page.restorations)],
        changes: [],
        gaps: message.tracking.gaps,
        removed: page.removed,
        before: to,
      }}
      addressOf={(instant) =>
        instant === undefined ? sentPath(message.id) : `${sentPath(message.id)}?before=${encodeURIComponent(instant)}`
      }
      indexedThrough={page.indexedThrough}
    />
  );
}

type Change = AnswerOf<typeof routes.getSentTimeline>['revocations'][number];

/** Revocations or restorations as the timeline takes them from the admin log, which senders do not read. */
function actsOf(action: 'MessageRevoke' | 'MessageRestore', changes: readonly Change[]) {
  return changes.map(({ at, by, reason }) => ({
    id: `${action} ${at}`,
    action,
    creationTime: at,
    status: 'Success' as const,
    actor: { kind: 'unknown' as const, address: by },
    clientIp: null,
    reason,
  }));
}
