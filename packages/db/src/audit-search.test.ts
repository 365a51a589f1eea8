import { randomInt, randomUUID } from 'node:crypto';
import { authenticationMethods, operationStatus, type AuditEvent } from '@signet/domain/audit/entry';
import { operationNames } from '@signet/domain/audit/operation';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { appendAuditEvents } from './audit.ts';
import type { AuditFilters, AuditPosition } from './audit-path.ts';
import { countAuditEntries, searchAuditEntries } from './audit-search.ts';
import type { OrganizationScope } from './database.ts';
import { ingestAuditEvents } from './ingest.ts';
import type { Queryable } from './queryable.ts';
import { addBulkEntries } from './testing/bulk-entries.ts';
import { testEnvironment } from './testing/env.ts';
import { asSuperuser, openTestDatabase } from './testing/test-database.ts';

const { SEARCH_ENTRIES: size, SEED: seed = randomInt(2 ** 31) } = testEnvironment;

const organizationId = randomUUID();
const words = ['budget', 'spring', 'offer', 'contract', 'invoice', 'renewal', 'minutes', 'unicorn'] as const;
const sources = ['signet', 'siem', 'm365-import'] as const;
/** Some are in every second entry, some in a few. */
const skewed = <T>(all: readonly [T, ...T[]]) =>
  fc.double({ min: 0, max: 1, noNaN: true }).map((at) => all[Math.min(Math.floor(at ** 4 * all.length), all.length - 1)] ?? all[0]);
const numbers = Array.from({ length: 199 }, (_, index) => index + 1);
const number = skewed([0, ...numbers]);
const recipient = number.map((index) => `${index % 2 ? 'Reader' : 'guest'}${index}@example.net`);
const sender = number.map((index) => `author${index % 20}@acme.example`);
const messageId = number.map((index) => `<m${index}@acme.example>`);
const uidOf = (id: string) => `00000000-0000-7000-8000-${id.replaceAll(/\D/g, '').padStart(12, '0')}`;
const epoch = Date.parse('2026-08-15T00:00:00.000Z');
/** Over months, in steps of hours: many have the same time. */
const time = fc.nat({ max: 2_400 }).map((hour) => new Date(epoch + hour * 3_600_000).toISOString());
const status = fc.constantFrom(...operationStatus.options);
const subject = fc.array(skewed(words), { minLength: 1, maxLength: 4 });

const anyEvent: fc.Arbitrary<AuditEvent> = fc.record({
  id: fc.uuid({ version: 4 }),
  version: fc.constant(1 as const),
  source: skewed(sources),
  operation: fc.constantFrom(...operationNames),
  creationTime: time,
  organizationId: fc.constant(organizationId),
  messageId,
  recipients: fc.array(recipient, { maxLength: 3 }),
  sender,
  authenticationMethod: fc.option(fc.constantFrom(...authenticationMethods)),
  authenticationStatus: fc.option(status),
  operationStatus: status,
  attachmentName: fc.constant(null),
  operationProperties: subject.map((some) => [{ name: 'MailSubject', value: `Re: ${some.join(' ').toUpperCase()}` }]),
  actor: fc.constant({ kind: 'unknown' as const, id: null, address: null }),
  clientIp: fc.constant(null),
  userAgent: fc.constant(null),
  messageUid: fc.constant(null),
});

const orPrefix = (address: fc.Arbitrary<string>) =>
  fc.oneof(
    address,
    address.map((whole) => whole.toUpperCase()),
    fc.tuple(address, fc.nat({ max: 9 })).map(([whole, length]) => `${whole.slice(0, length)}*`),
  );
/** None to all of the filters; one or two most often. */
const anyFilters: fc.Arbitrary<AuditFilters> = fc
  .record({
    messageId: fc.oneof(
      messageId,
      messageId.map(uidOf),
      messageId.map((id) => id.slice(1, -1)),
    ),
    recipient: orPrefix(recipient),
    sender: orPrefix(sender),
    subject: subject.map((some) => some.join(' ')),
    operations: fc.uniqueArray(fc.constantFrom(...operationNames), { minLength: 1, maxLength: 3 }),
    authenticationMethod: fc.constantFrom(...authenticationMethods),
    authenticationStatus: status,
    operationStatus: status,
    source: fc.constantFrom(...sources),
    from: time,
    to: time,
  })
  .chain((all) => fc.shuffledSubarray(Object.entries(all), { maxLength: 4 }).map((some) => Object.fromEntries(some)));

const isAddress = (address: string, wanted: string) =>
  wanted.endsWith('*')
    ? address.toLowerCase().startsWith(wanted.slice(0, -1).toLowerCase())
    : address.toLowerCase() === wanted.toLowerCase();

/** What the filters mean, in as plain words as can be. */
function fits(event: AuditEvent, filters: AuditFilters): boolean {
  const { messageId: id, subject: asked, operations, from, to } = filters;
  const { recipient: to1, sender: from1 } = filters;
  const said = event.operationProperties[0]?.value.toLowerCase().split(/[: ]+/) ?? [];
  return (
    (id === undefined || [event.messageId, event.messageId.slice(1, -1), event.messageUid].includes(id)) &&
    (to1 === undefined || event.recipients.some((address) => isAddress(address, to1))) &&
    (from1 === undefined || isAddress(event.sender, from1)) &&
    (asked === undefined || asked.split(' ').every((word) => said.includes(word))) &&
    (operations === undefined || operations.includes(event.operation)) &&
    (['authenticationMethod', 'authenticationStatus', 'operationStatus', 'source'] as const).every(
      (field) => filters[field] === undefined || event[field] === filters[field],
    ) &&
    (from === undefined || event.creationTime >= from) &&
    (to === undefined || event.creationTime < to)
  );
}

/** Events that are made at once: what fast-check keeps of each beside it would fill the memory with a million. */
const PORTION = 10_000;

function* someEvents(): Generator<AuditEvent> {
  for (let made = 0; made < size; made += PORTION) {
    for (const event of fc.sample(anyEvent, { numRuns: Math.min(PORTION, size - made), seed: seed + made }))
      yield { ...event, id: randomUUID(), messageUid: uidOf(event.messageId) };
  }
}

/** The same events in another organization: some under the same id, as a record has that both import, and then with another subject. */
function sameOf(events: readonly AuditEvent[], other: string): AuditEvent[] {
  return events.map((event, index) => {
    const { operationProperties } = events[(index + 1) % events.length] ?? event;
    return { ...event, organizationId: other, ...(index % 2 === 0 ? { id: randomUUID() } : { operationProperties }) };
  });
}

/** Pages that are read of a search that finds more. */
const PAGES = 4;

/** The id of an entry, where it is the organization's. */
function ownId(entry: AuditEvent): string {
  return entry.organizationId === organizationId ? entry.id : `another organization’s ${entry.id}`;
}

/** The pages from a place on, in one direction: towards the older ones so many that have something, towards the newer ones all. */
async function readPages(
  scope: OrganizationScope,
  filters: AuditFilters,
  { limit, budget, place, newer }: { limit: number; budget: number; place: AuditPosition | null; newer: boolean },
) {
  const ids: string[] = [];
  let pages = newer ? Number.POSITIVE_INFINITY : PAGES;
  let last: Awaited<ReturnType<typeof searchAuditEntries>>;
  let at = place;
  do {
    last = await searchAuditEntries(scope, filters, { limit, from: at, budget });
    const some = last.items.map(ownId);
    if (newer) ids.unshift(...some);
    else ids.push(...some);
    at = newer ? last.previous : last.next;
    expect(last.items.length).toBeLessThanOrEqual(limit);
    // A page that is not full says that it is not, and where to go on.
    expect(last.complete || last.items.length < limit).toBe(true);
    expect(last.complete && last.items.length < limit && at !== null).toBe(false);
    pages -= some.length > 0 ? 1 : 0;
  } while (at !== null && pages > 0);
  return { ids, last, isOver: at === null };
}

test(
  `500 searches with any filters find in both directions what looking at each of ${size} entries finds, and nothing of an organization that has the same`,
  { timeout: 3_600_000 },
  async () => {
    console.info(`SEED=${seed}`);
    const database = await openTestDatabase();
    const behindWall = database.forOrganization(organizationId);
    // Each statement holds by itself to the one organization: behind the wall of the database nothing would show where one does not.
    const query: Queryable['query'] = (sql, values) => database.system.query(sql, values);
    const withoutWall = { ...behindWall, query, queryPlannedAnew: query };
    const others = database.forOrganization(randomUUID());
    const events = [...someEvents()].toSorted((a, b) => (a.creationTime + a.id < b.creationTime + b.id ? 1 : -1));
    const batches = Array.from({ length: Math.ceil(size / 1_000) }, (_, index) => events.slice(index * 1_000, index * 1_000 + 1_000));
    for (const batch of batches) {
      for (const [scope, some] of [
        [others, sameOf(batch, others.organizationId)],
        [behindWall, batch],
      ] as const) {
        const { outboxIds } = await scope.transaction((tx) => appendAuditEvents(tx, some));
        expect((await ingestAuditEvents(database.system, outboxIds)).recorded).toBe(batch.length);
      }
    }

    const scopes = fc.constantFrom(behindWall, withoutWall);
    await fc.assert(
      fc.asyncProperty(anyFilters, fc.constantFrom(7, 50), fc.constantFrom(1, 20_000), scopes, async (filters, limit, budget, scope) => {
        const all = events.filter((event) => fits(event, filters)).map((event) => event.id);
        const older = await readPages(scope, filters, { limit, budget, place: null, newer: false });
        // A page that its budget has ended has fewer than its limit, and something.
        expect(older.ids.length).toBeGreaterThanOrEqual(older.isOver ? 0 : PAGES);
        const expected = older.isOver ? all : all.slice(0, older.ids.length);
        expect(older.ids).toEqual(expected);
        const { previous, items } = older.last;
        const back = previous && (await readPages(scope, filters, { limit, budget, place: previous, newer: true }));
        expect([...(back?.ids ?? []), ...items.map(ownId)]).toEqual(expected);
        expect(back?.isOver ?? true).toBe(true);
        // Of so few a count looks at all; of more it may end with its budget.
        const counted = await countAuditEntries(scope, filters, 500);
        const exactly = { count: Math.min(all.length, 500), capped: all.length > 500 };
        const mayEndEarlier = size >= 10_000 && counted.capped;
        expect(counted).toEqual(mayEndEarlier ? { count: Math.min(counted.count, exactly.count), capped: true } : exactly);
      }),
      { numRuns: 500, seed },
    );
  },
);

test('while an event waits, a search of its time is not complete, and says up to when it is whole', async () => {
  const database = await openTestDatabase();
  const scope = database.forOrganization(organizationId);
  const [event] = fc.sample(anyEvent, { numRuns: 1, seed });
  if (event === undefined) throw new Error('There is no event.');
  const at = new Date(event.creationTime).toISOString();
  const page = { limit: 10, from: null };
  const { outboxIds } = await scope.transaction((tx) => appendAuditEvents(tx, [event]));
  const waiting = await searchAuditEntries(scope, {}, page);
  expect([waiting.items, waiting.complete, waiting.indexedThrough.toISOString()]).toEqual([[], false, at]);
  expect((await searchAuditEntries(scope, { to: at }, page)).complete).toBe(true);
  await ingestAuditEvents(database.system, outboxIds);
  const whole = await searchAuditEntries(scope, {}, page);
  expect([whole.items.length, whole.complete]).toEqual([1, true]);
});

/** A trail of many entries of others and of readers, at times that SQL says. */
async function trailOf(parts: readonly { readonly of: 'others' | 'readers'; readonly count: number; readonly time: string }[]) {
  const database = await openTestDatabase();
  const scope = database.forOrganization(organizationId);
  const events = fc.sample(anyEvent, { numRuns: 2, seed }).map((event, index) => ({
    ...event,
    id: randomUUID(),
    messageId: `<${['others', 'readers'][index]}@acme.example>`,
    recipients: [`${['other', 'reader'][index]}@example.net`],
    creationTime: '2020-01-01T00:00:00.000Z',
  }));
  const { outboxIds } = await scope.transaction((tx) => appendAuditEvents(tx, events));
  await ingestAuditEvents(database.system, outboxIds);
  for (const { of, ...part } of parts) await addBulkEntries(database.url, organizationId, { ...part, like: `<${of}@acme.example>` });
  await asSuperuser(
    database.url,
    `insert into audit_entry_address select organization_id, 'recipient', recipients[1], creation_time, id from audit_entry where message_id like '<bulk-%'`,
  );
  return { database, scope };
}

/** Ids of the readers' entries, the newest first. */
async function readersOf({ url }: { readonly url: string }): Promise<string[]> {
  const rows = await asSuperuser<{ id: string }>(
    url,
    `select entry_id as id from audit_entry_address where address like 'reader%' order by creation_time desc, entry_id desc`,
  );
  return rows.map(({ id }) => id);
}

test('the beginning of an address that many entries of a year have leads to the newest of them at once, also where ever so much is newer', async () => {
  // More than can be sorted for a page, and before them more than a page looks at.
  const { scope, database } = await trailOf([
    { of: 'others', count: 11_000, time: `now() - number * interval '10 seconds'` },
    { of: 'readers', count: 22_000, time: `now() - interval '2 days' - number * interval '20 minutes'` },
  ]);
  const ids = await readersOf(database);
  const filters = { recipient: 'Reader*' };
  const first = await searchAuditEntries(scope, filters, { limit: 50, from: null });
  expect([first.complete, first.items.map(({ id }) => id)]).toEqual([true, ids.slice(0, 50)]);
  const second = await searchAuditEntries(scope, filters, { limit: 5_000, from: first.next });
  expect([second.complete, second.items.map(({ id }) => id)]).toEqual([true, ids.slice(50, 5_050)]);
  const back = await searchAuditEntries(scope, filters, { limit: 50, from: second.previous });
  expect([back.complete, back.items.map(({ id }) => id)]).toEqual([true, ids.slice(0, 50)]);
  expect(await countAuditEntries(scope, filters, 10_000)).toEqual({ count: 10_000, capped: true });
  // From its oldest on, window by window.
  const last = { creationTime: '2021-01-01T00:00:00.000Z', id: randomUUID(), newer: true };
  const rising = await searchAuditEntries(scope, filters, { limit: 5_000, from: last });
  expect([rising.complete, rising.items.map(({ id }) => id)]).toEqual([true, ids.slice(-5_001, -1)]);
});

test('where the beginning of an address is rare of late and frequent before, the late ones are found at once, and then the others', async () => {
  const { scope, database } = await trailOf([
    { of: 'others', count: 11_000, time: `now() - number * interval '10 seconds'` },
    { of: 'readers', count: 40, time: `now() - interval '3 days' - number * interval '5 hours'` },
    { of: 'readers', count: 25_000, time: `now() - interval '60 days' - number * interval '2 minutes'` },
  ]);
  const ids = await readersOf(database);
  const filters = { recipient: 'reader*' };
  const late = await searchAuditEntries(scope, filters, { limit: 30, from: null });
  expect([late.complete, late.items.map(({ id }) => id)]).toEqual([true, ids.slice(0, 30)]);
  const next = await searchAuditEntries(scope, filters, { limit: 30, from: late.next });
  expect([next.complete, next.items.map(({ id }) => id)]).toEqual([true, ids.slice(30, 60)]);
  expect(await countAuditEntries(scope, filters, 10_000)).toEqual({ count: 10_000, capped: true });
});

test('a page ends within its budget also where centuries lie empty before what is looked for, and says where to go on', async () => {
  const { scope } = await trailOf([{ of: 'readers', count: 22_000, time: `timestamptz '2025-06-01' - number * interval '20 minutes'` }]);
  const filters = { recipient: 'reader*', to: '2999-01-01T00:00:00.000Z' };
  const page = await searchAuditEntries(scope, filters, { limit: 50, from: null });
  expect([page.complete, page.items.length]).toEqual([true, 50]);
  const far = await searchAuditEntries(scope, filters, { limit: 50, from: { creationTime: filters.to, id: randomUUID() } });
  expect([far.complete, far.items, far.next?.creationTime.slice(0, 4)]).toEqual([false, [], '2971']);
});
