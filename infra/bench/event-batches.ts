import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchSignet } from './bench-signet.ts';
import { integrationEvents } from './integration-events.ts';
import type { BenchOrganization } from './many-organizations.ts';

/** A request's events, and of whom. */
export interface EventBatch {
  readonly organization: BenchOrganization;
  readonly ids: readonly string[];
  readonly body: string;
}

/** Events of all organizations in turn. */
export function batchesOf(organizations: readonly BenchOrganization[], count: number, each: number, from = 0): EventBatch[] {
  return Array.from({ length: Math.ceil(count / each) }, (_, index) => {
    const organization = organizations[index % organizations.length];
    if (organization === undefined) throw new Error('There is no organization to send events of.');
    const events = integrationEvents(Math.min(each, count - index * each), from + index * each, organization.domain);
    return { organization, ids: events.map(({ id }) => id), body: JSON.stringify({ events }) };
  });
}

/** Sends one batch; asked to come later, it does. */
export async function send(signet: BenchSignet, { organization, body }: EventBatch): Promise<void> {
  for (;;) {
    const answer = await fetch(`${signet.apiUrl}/v1/audit-events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${organization.apiKey}`, 'content-type': 'application/json' },
      body,
    });
    const text = await answer.text();
    if (answer.status === 202) return;
    if (answer.status !== 429) throw new Error(`The api answered ${answer.status}: ${text.slice(0, 500)}`);
    await sleep(1_000 * Number(answer.headers.get('retry-after') ?? '1'));
  }
}
