import { Controller } from '@nestjs/common';
import { auditEventRoutes } from '@signet/api-contract/audit-events';
import type { AnswerOf } from '@signet/api-contract/route';
import { appendIntegrationEvents, EventIdConflictError } from '@signet/db/audit';
import { clock, Database } from '@signet/db/database';
import { isIngestFull } from '@signet/db/outbox';
import { aheadOfClock } from '@signet/domain/audit/integration-event';
import { isReservedSource, sourceNamed } from '@signet/domain/audit/source-name';
import { ByAdministrator } from '../authentication/caller.decorator.ts';
import type { Administrator } from '../authentication/caller.ts';
import { Endpoint } from '../http/endpoint.decorator.ts';
import { Input, type InputOf } from '../http/input.decorator.ts';
import { invalid, ProblemError } from '../http/problem-error.ts';

const { recordAuditEvents: record } = auditEventRoutes;

/** Seconds after which a full ingest is worth another try: the worker takes thousands of events in each. */
const RETRY_AFTER_SECONDS = 10;

@Controller()
export class AuditEventController {
  constructor(private readonly database: Database) {}

  @Endpoint(record)
  async record(
    @ByAdministrator() caller: Administrator,
    @Input(record) { body: { events } }: InputOf<typeof record>,
  ): Promise<AnswerOf<typeof record>> {
    const source = sourceOf(caller);
    const scope = this.database.forOrganization(caller.organizationId);
    if (await isIngestFull(scope)) {
      const detail = 'More events wait to be recorded than may wait: none of these was taken';
      throw new ProblemError('too_many_requests', { detail, retryAfterSeconds: RETRY_AFTER_SECONDS });
    }
    try {
      return await scope.transaction(async (tx) => {
        const now = await clock(tx);
        const ahead = events.flatMap((event, index) => {
          const detail = aheadOfClock(event, now);
          return detail === null ? [] : [{ pointer: `/events/${index}/creationTime`, detail }];
        });
        if (ahead.length > 0) throw invalid(ahead);
        const { outboxIds, duplicates } = await appendIntegrationEvents(tx, source, events, now);
        return { accepted: outboxIds.length, duplicates };
      });
    } catch (error) {
      if (!(error instanceof EventIdConflictError)) throw error;
      const errors = error.indexes.map((index) => ({
        pointer: `/events/${index}/id`,
        detail: 'is the id of another event: give this one an id of its own',
      }));
      throw new ProblemError('event_id_conflict', { errors });
    }
  }
}

/** What the entries have as their `source`: the API key's name. People see nothing that a program would report. */
function sourceOf(caller: Administrator): string {
  if (caller.kind !== 'api-key')
    throw new ProblemError('forbidden', { detail: 'Events are added with an API key: its name is their source' });
  const source = sourceNamed(caller.name);
  if (source === '' || isReservedSource(source)) {
    const detail = `Entries would seem to come from ${JSON.stringify(source)} itself: use an API key of another name`;
    throw new ProblemError('forbidden', { detail });
  }
  return source;
}
