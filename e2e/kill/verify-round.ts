import type { ArrivedWrapper } from './next-hop.ts';
import type { RoundLedger } from './round-ledger.ts';
import type { RunningSystem } from './running-system.ts';

interface RecipientRow {
  readonly id: string;
  readonly message_id: string;
  readonly address: string;
  readonly token: string;
  readonly delivery_state: string;
  readonly access_ids: string[] | null;
  readonly downloads: number;
}

interface EntryRow {
  readonly message_id: string;
  readonly operation: string;
  readonly recipients: string[];
  readonly operation_status: string;
  readonly properties: { name: string; value: string }[];
}

/** What came of a round. `faults` in words, none where every promise was kept. */
export interface RoundFindings {
  readonly faults: string[];
  readonly wrappers: number;
  /** Copies of wrapper mails beyond the first. */
  readonly repeats: number;
  readonly openings: number;
  readonly entries: number;
}

/**
 * Compares the database, the next hop and what people saw. Every message that got 250 is there once with its recipients; every
 * send, wrapper mail, opening and download has its one entry; every recipient has a wrapper mail, and repeats are those of sends
 * whose answer was not recorded.
 * @param unanswered ids of the recipients of such sends.
 */
export async function verifyRound(system: RunningSystem, ledger: RoundLedger, unanswered: ReadonlySet<string>): Promise<RoundFindings> {
  const recipients = await recipientsOf(system, ledger);
  const entries = await entriesOf(system, ledger);
  const { wrappers } = system.nextHop;
  const faults = [
    ...(await faultsOfMessages(system, ledger, recipients)),
    ...faultsOfSends(ledger, entries),
    ...recipients.flatMap((each) => faultsOfWrapper(each, wrappers.get(each.token), entries, unanswered)),
    ...recipients.flatMap((each) => faultsOfReading(each, ledger, entries)),
    ...(await faultsOfReceipts(system)),
  ];
  const arrived = recipients.flatMap(({ token }) => wrappers.get(token)?.messageIds.length ?? 0);
  return {
    faults,
    wrappers: arrived.length,
    repeats: arrived.reduce((sum, count) => sum + Math.max(0, count - 1), 0),
    openings: recipients.reduce((sum, { access_ids: ids }) => sum + (ids?.length ?? 0), 0),
    entries: entries.length,
  };
}

function recipientsOf({ query }: RunningSystem, ledger: RoundLedger): Promise<RecipientRow[]> {
  return query<RecipientRow>(
    `select r.id, m.message_id, r.address, r.link_token as token, r.delivery_state,
       (select array_agg(a.id) from message_access a where a.organization_id = r.organization_id and a.recipient_id = r.id) as access_ids,
       (select count(*)::int from attachment_download d where d.organization_id = r.organization_id and d.recipient_id = r.id) as downloads
     from message m join recipient r on r.organization_id = m.organization_id and r.message_uid = m.id
     where m.message_id = any($1)`,
    [ledger.messages.map(({ messageId }) => messageId)],
  );
}

function entriesOf({ query }: RunningSystem, ledger: RoundLedger): Promise<EntryRow[]> {
  return query<EntryRow>(
    `select message_id, operation, recipients, operation_status, operation_properties as properties
     from audit_entry where message_id = any($1)`,
    [ledger.messages.map(({ messageId }) => messageId)],
  );
}

async function faultsOfMessages({ query }: RunningSystem, ledger: RoundLedger, recipients: readonly RecipientRow[]): Promise<string[]> {
  const stored = await query<{ message_id: string; copies: number }>(
    'select message_id, count(*)::int as copies from message where message_id = any($1) group by message_id',
    [ledger.messages.map(({ messageId }) => messageId)],
  );
  const copies = new Map(stored.map((row) => [row.message_id, row.copies]));
  return ledger.messages.flatMap(({ messageId, recipients: wanted, answer }) => {
    if (answer?.includes(messageId) !== true) return [`${messageId} got ${answer ?? 'no answer'}`];
    const found = recipients.filter((row) => row.message_id === messageId).map(({ address }) => address);
    if (copies.get(messageId) !== 1) return [`${messageId} is there ${copies.get(messageId) ?? 0} times`];
    return found.toSorted().join() === [...wanted].toSorted().join() ? [] : [`${messageId} went to ${found.join()}`];
  });
}

function faultsOfSends(ledger: RoundLedger, entries: readonly EntryRow[]): string[] {
  return ledger.messages.flatMap(({ messageId }) => {
    const sends = entries.filter((entry) => entry.message_id === messageId && entry.operation === 'MessageSend').length;
    return sends === 1 ? [] : [`${messageId} has ${sends} entries of its send`];
  });
}

function faultsOfWrapper(
  recipient: RecipientRow,
  arrived: ArrivedWrapper | undefined,
  entries: readonly EntryRow[],
  unanswered: ReadonlySet<string>,
): string[] {
  const who = `${recipient.address} of ${recipient.message_id}`;
  const sent = entriesFor(recipient, 'WrapperDelivery', entries).filter(({ properties }) =>
    properties.some(({ name, value }) => name === 'Delivery' && value === 'Sent'),
  ).length;
  const ids = arrived?.messageIds ?? [];
  // One kill a round cuts off a send once.
  const allowed = unanswered.has(recipient.id) ? 2 : 1;
  return [
    ...(ids.length === 0 ? [`${who} has no wrapper mail`] : []),
    ...(ids.length > allowed ? [`${who} has ${ids.length} wrapper mails, of ${allowed} that one kill explains`] : []),
    ...ids.filter((id) => id !== `<w-${recipient.id}@acme.example>`).map((id) => `${who} has a wrapper mail ${id}`),
    ...(sent === 1 && recipient.delivery_state === 'sent' ? [] : [`${who} is ${recipient.delivery_state} with ${sent} entries of it`]),
  ];
}

function faultsOfReading(recipient: RecipientRow, ledger: RoundLedger, entries: readonly EntryRow[]): string[] {
  const who = `${recipient.address} of ${recipient.message_id}`;
  const { opened, accessIds, downloads, downloadedAt } = ledger.reading(recipient.token);
  const booked = new Set(recipient.access_ids);
  const openings = entriesFor(recipient, 'MessageAccess', entries).length;
  const downloadEntries = entriesFor(recipient, 'AttachmentDownload', entries);
  const whole = downloadEntries.some(({ properties }) => properties.some(({ name, value }) => name === 'Complete' && value === 'true'));
  return [
    ...accessIds.filter((id) => !booked.has(id)).map((id) => `${who} got content by the opening ${id}, which is not booked`),
    ...(accessIds.length === 0 ? [`${who} never got content`] : []),
    ...(openings === booked.size && openings <= opened
      ? []
      : [`${who} has ${openings} entries of ${booked.size} openings (${opened} asked)`]),
    ...(downloadEntries.length === recipient.downloads && downloadEntries.length <= downloads
      ? []
      : [`${who} has ${downloadEntries.length} entries of ${recipient.downloads} downloads (${downloads} asked)`]),
    ...(downloadedAt !== null && !whole && !wasUnbooked(downloadedAt, ledger)
      ? [`${who} has the whole attachment, and no entry says so`]
      : []),
  ];
}

/** How long after its last byte a download may still be unbooked, in milliseconds. */
const BOOKING = 3_000;

/** Whether the process that sent a download may have been killed before it booked how much it had sent. */
function wasUnbooked(downloadedAt: number, { apiKilledAt }: RoundLedger): boolean {
  return apiKilledAt !== null && downloadedAt <= apiKilledAt + 1_000 && downloadedAt > apiKilledAt - BOOKING;
}

function entriesFor({ message_id: messageId, address }: RecipientRow, operation: string, entries: readonly EntryRow[]): EntryRow[] {
  return entries.filter(
    (entry) =>
      entry.message_id === messageId &&
      entry.operation === operation &&
      entry.operation_status === 'Success' &&
      entry.recipients.includes(address),
  );
}

/** Every event that was ever taken on is one entry: receipts are written with the event, entries when it is ingested. */
export async function faultsOfReceipts({ query }: RunningSystem): Promise<string[]> {
  const [row] = await query<{ lost: number; twice: number; strange: number }>(
    `with entry as (select organization_id, id, count(*) as copies from audit_entry group by 1, 2)
     select count(*) filter (where e.id is null)::int as lost, count(*) filter (where e.copies > 1)::int as twice,
       count(*) filter (where r.event_id is null)::int as strange
     from audit_receipt r full join entry e on e.organization_id = r.organization_id and e.id = r.event_id`,
  );
  const { lost = 0, twice = 0, strange = 0 } = row ?? {};
  return lost + twice + strange === 0 ? [] : [`${lost} events have no entry, ${twice} have several, ${strange} entries have no event`];
}
