import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { withoutDatabase } from '@signet/db/testing/database-outage';
import { asSuperuser } from '@signet/db/testing/test-database';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestApi, type TestApi } from '../testing/test-api.ts';
import { rawAnswer } from './testing/raw-answer.ts';
import { createFixture, headersFor, mailWith, open, pixel, type Fixture, type SignedIn } from './testing/recipient-fixture.ts';

/** Tries altogether, and how many run at once. */
const TRIES = 500;
const AT_ONCE = 25;

/** What must never leave: texts of the body and of the attachment, the picture, the subject. */
const secrets = [Buffer.from('canary-body'), Buffer.from('canary-attachment'), pixel.subarray(0, 16), Buffer.from('Secret plan')];
const html = '<p>canary-body <img src="cid:logo@acme" alt="logo"></p>';

let api: TestApi;
let acme: Fixture;

beforeAll(async () => {
  api = await startTestApi();
  acme = await createFixture(api);
}, 60_000);
afterAll(() => acme.close());

/** A recipient with the message open, and every way to its content. */
async function readerWithWays() {
  const mail = mailWith([{ name: 'a.txt', content: Buffer.from('canary-attachment '.repeat(10_000)) }], html);
  const [recipient] = await acme.storeMail(mail, [`${randomBytes(4).toString('hex')}@example.net`]);
  if (!recipient) throw new Error('no recipient');
  const reader = await acme.signIn(recipient);
  const { accessId, message } = await open(api, reader);
  const attachment = `attachments/${message.attachments[0]?.index}`;
  const [picture] = await acme.scope.query<{ position: number }>(
    'select position from message_part where message_uid = $1 and shown_in_body',
    [reader.messageUid],
  );
  const recorded = [
    ['POST', 'access'],
    ['GET', attachment],
    ['GET', 'original'],
  ] as const;
  const covered = [
    ['GET', `body?access=${accessId}`],
    ['GET', `inline/${picture?.position}?access=${accessId}`],
  ] as const;
  return { reader, recorded, covered };
}

type Way = readonly ['GET' | 'POST', string];

function tryOnce(url: string, reader: SignedIn, [method, path]: Way): Promise<Buffer> {
  return rawAnswer(`${url}/v1/links/${reader.token}/${path}`, method, headersFor(api, reader));
}

/** Runs many tries, so many at once, each way in its turn. */
async function tryMany(count: number, ways: readonly Way[], url: string, reader: SignedIn): Promise<Buffer[]> {
  const answers: Buffer[] = [];
  let next = 0;
  const walker = async () => {
    while (next < count) {
      const way = ways[next % ways.length];
      next += 1;
      if (way) answers.push(await tryOnce(url, reader, way));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, walker));
  return answers;
}

const statusOf = (answer: Buffer) => answer.subarray(0, 12).toString('latin1');
const leaks = (answer: Buffer) =>
  secrets.some((secret) => answer.includes(secret)) || /content-disposition/i.test(answer.toString('latin1'));

/** How often each status came. */
function statuses(answers: readonly Buffer[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const answer of answers) counts[statusOf(answer)] = (counts[statusOf(answer)] ?? 0) + 1;
  return counts;
}

test('these ways give content while all is well, so that its absence means something', async () => {
  const { reader, recorded, covered } = await readerWithWays();
  const answers = await Promise.all([...recorded, ...covered].map((way) => tryOnce(api.url, reader, way)));
  expect(answers.map(statusOf).toSorted()).toEqual(['HTTP/1.1 200', 'HTTP/1.1 200', 'HTTP/1.1 200', 'HTTP/1.1 200', 'HTTP/1.1 201']);
  expect(answers.map(leaks)).toEqual(answers.map(() => true));
});

test('with the database away, 500 tries at everything are answered 503 and not one byte of content; then reading goes on', async () => {
  const { reader, recorded, covered } = await readerWithWays();
  const answers = await withoutDatabase(api.settings.DATABASE_URL, () => tryMany(TRIES, [...recorded, ...covered], api.url, reader));
  expect(statuses(answers)).toEqual({ 'HTTP/1.1 503': TRIES });
  expect(answers.filter(leaks)).toEqual([]);
  expect(statusOf(await tryOnce(api.url, reader, ['POST', 'access']))).toBe('HTTP/1.1 201');
}, 120_000);

test('when the database goes away while 500 readings are under way, whatever got content is on record', async () => {
  const { reader } = await readerWithWays();
  const opened = async () =>
    (await acme.eventsOf(reader.messageUid, 'MessageAccess')).filter((event) => event.operationStatus === 'Success');
  const before = (await opened()).length;
  const running = tryMany(TRIES, [['POST', 'access']], api.url, reader);
  await sleep(100);
  const answers = await withoutDatabase(api.settings.DATABASE_URL, async () => {
    // Long enough for some to be refused, however slow the machine is.
    await sleep(500);
    return null;
  }).then(() => running);
  const counted = statuses(answers);
  const given = answers.filter(leaks).length;
  expect(Object.keys(counted).toSorted()).toEqual(['HTTP/1.1 201', 'HTTP/1.1 503']);
  expect(given).toBe(counted['HTTP/1.1 201']);
  // An answer may get lost after its event was committed; never the other way round.
  expect((await opened()).length - before).toBeGreaterThanOrEqual(given);
}, 120_000);

test('without the right to write the event, 500 tries at what needs one are answered 503 and not one byte of content', async () => {
  const { reader, recorded } = await readerWithWays();
  const grant = (table: string) => asSuperuser(api.settings.DATABASE_URL, `grant insert on ${table} to signet_app`);
  const deny = (table: string) => asSuperuser(api.settings.DATABASE_URL, `revoke insert on ${table} from signet_app`);
  // A download that was begun before is on record already: its ranges may come.
  const endDownloads = () => asSuperuser(api.settings.DATABASE_URL, 'update attachment_download set ended_at = clock_timestamp()');
  for (const way of recorded) expect(statusOf(await tryOnce(api.url, reader, way))).toMatch(/ 20[01]$/);
  await endDownloads();

  await deny('outbox');
  const answers = await tryMany(TRIES, recorded, api.url, reader);
  expect(statuses(answers)).toEqual({ 'HTTP/1.1 503': TRIES });
  expect(answers.filter(leaks)).toEqual([]);
  const [first] = answers;
  expect(first?.toString()).toMatch(/retry-after: 5/i);

  await grant('outbox');
  for (const way of recorded) expect(statusOf(await tryOnce(api.url, reader, way))).toMatch(/ 20[01]$/);
  await endDownloads();
  for (const [table, way] of [
    ['audit_receipt', recorded[0]],
    ['audit_receipt', recorded[1]],
    ['message_access', recorded[0]],
    ['attachment_download', recorded[1]],
    ['attachment_download', recorded[2]],
  ] as const) {
    await deny(table);
    const refused = await tryMany(20, [way], api.url, reader);
    await grant(table);
    expect([way, statuses(refused), refused.filter(leaks)]).toEqual([way, { 'HTTP/1.1 503': 20 }, []]);
  }
}, 120_000);
