import { changeConfiguration } from '@signet/db/configuration';
import { ingestAuditEvents } from '@signet/db/ingest';
import { gatherSenderFacts } from '@signet/db/sender-fact-mail';
import { recordSteps, type Step } from '@signet/db/tracking';
import type { TestWorker } from './test-worker.ts';

const act = { actor: { kind: 'system', id: null, address: null }, clientIp: null, userAgent: null } as const;

/** Changes the organization's settings, as an admin does. */
export async function configure({ database, organization }: TestWorker, change: Parameters<typeof changeConfiguration>[1]): Promise<void> {
  await changeConfiguration(database.forOrganization(organization.id), change, act);
}

type Accepted = Awaited<ReturnType<TestWorker['accept']>>;

/** Records that a recipient opened, or with `Reason` was refused, as reading does; an untracked message's step is none. */
export async function open(worker: TestWorker, message: Accepted, address: string, properties: { Reason?: string } = {}): Promise<void> {
  const recipient = message.recipients.find((one) => one.address === address);
  if (!recipient) throw new Error('The test names a recipient who is none');
  await record(worker, message, {
    operation: 'MessageAccess',
    creationTime: new Date(),
    recipients: [address],
    actor: { kind: 'recipient', id: recipient.id, address },
    operationStatus: properties.Reason === undefined ? 'Success' : 'Failure',
    authenticationMethod: 'OTP',
    authenticationStatus: 'Success',
    properties,
  });
}

/** Records a step of a message. */
export async function record({ database, organization }: TestWorker, { id }: Pick<Accepted, 'id'>, step: Step): Promise<void> {
  const about = {
    messageUid: id,
    messageId: `<${id}@acme.example>`,
    sender: 'alice@acme.example',
    subject: 'Offer 4711',
    subjectRecorded: 'full' as const,
  };
  await database.forOrganization(organization.id).transaction((tx) => recordSteps(tx, { ...about, usesDefaultTemplate: false }, [step]));
}

/** Makes entries of all that was recorded. */
export async function ingest({ system }: TestWorker): Promise<void> {
  const rows = await system.query<{ id: number }>("select id from outbox where kind = 'ingest-audit-event' order by id");
  await ingestAuditEvents(
    system,
    rows.map(({ id }) => String(id)),
  );
}

/** What there is to tell, as `kind address`, in order. */
export async function factsOf({ system }: TestWorker): Promise<string[]> {
  const rows = await system.query<{ fact: string }>(
    `select f.kind || ' ' || r.address as fact from sender_fact f
     join recipient r on r.organization_id = f.organization_id and r.id = f.recipient_id order by 1`,
  );
  return rows.map(({ fact }) => fact);
}

/** Lets the time pass in which facts are gathered. */
export async function waitForOthers({ system }: TestWorker, seconds = 60): Promise<void> {
  await system.query(
    `update sender_fact set noted_at = noted_at - make_interval(secs => $1), gathered_at = gathered_at - make_interval(secs => $1)`,
    [seconds],
  );
}

/** Orders the mails that are due. @returns how many. */
export function gather({ system }: TestWorker): Promise<number> {
  return system.transaction(gatherSenderFacts);
}
