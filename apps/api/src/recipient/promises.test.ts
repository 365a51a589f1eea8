import { randomBytes } from 'node:crypto';
import { request, type IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { changeExpiry } from '@signet/db/expiry';
import { withoutDatabase } from '@signet/db/testing/database-outage';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestApi, type TestApi } from '../testing/test-api.ts';
import {
  ask,
  createFixture,
  headersFor,
  mailWith,
  open,
  propertyOf,
  type Answer,
  type Fixture,
  type SignedIn,
} from './testing/recipient-fixture.ts';

let api: TestApi;
let second: Pick<TestApi, 'url' | 'portalHeaders'>;
let acme: Fixture;

beforeAll(async () => {
  api = await startTestApi();
  second = { url: await api.startAnother(), portalHeaders: (ip) => api.portalHeaders(ip) };
  acme = await createFixture(api);
}, 60_000);
afterAll(() => acme.close());

async function signedInTo(mail: Buffer): Promise<SignedIn> {
  const [recipient] = await acme.storeMail(mail);
  if (!recipient) throw new Error('no recipient');
  return acme.signIn(recipient);
}

/** A download whose reader takes one chunk and then nothing more until told to. */
function slowDownload(of: Pick<TestApi, 'url' | 'portalHeaders'>, recipient: SignedIn, path: string) {
  const state = { bytes: 0, ended: false, cutAt: 0 };
  const started = Promise.withResolvers<IncomingMessage>();
  const over = Promise.withResolvers<void>();
  const asked = request(`${of.url}/v1/links/${recipient.token}/${path}`, { headers: headersFor(of, recipient), agent: false }, (answer) => {
    answer.on('data', (chunk: Buffer) => {
      state.bytes += chunk.length;
      answer.pause();
      setTimeout(() => answer.resume(), 20);
    });
    answer.on('end', () => (state.ended = true));
    answer.on('error', () => undefined);
    answer.on('close', () => {
      state.cutAt = performance.now();
      over.resolve();
    });
    started.resolve(answer);
  });
  asked.on('error', (error) => {
    started.reject(error);
    over.resolve();
  });
  asked.end();
  return { state, started: started.promise, over: over.promise, stop: () => asked.destroy() };
}

const big = randomBytes(56 * 1024 * 1024);

test('downloads in flight are cut within a second of the revocation, on every process, and their events say so', async () => {
  const recipient = await signedInTo(mailWith([{ name: 'big.bin', content: big }]));
  const { message } = await open(api, recipient);
  const path = `attachments/${message.attachments[0]?.index}`;
  const downloads = [
    slowDownload(api, recipient, path),
    slowDownload(second, recipient, path),
    slowDownload(second, recipient, 'original'),
  ];
  await Promise.all(downloads.map(({ started }) => started));
  await sleep(700);
  for (const { state } of downloads) expect(state.cutAt).toBe(0);

  await acme.changeState('revoke', recipient.messageUid);
  const answered = performance.now();
  await Promise.all(downloads.map(({ over }) => over));
  for (const { state } of downloads) {
    expect(state.cutAt - answered).toBeLessThan(1_000);
    expect(state.ended).toBe(false);
    expect(state.bytes).toBeGreaterThan(0);
    expect(state.bytes).toBeLessThan(big.length);
  }
  const eventsOf = async () => [
    ...(await acme.eventsOf(recipient.messageUid, 'AttachmentDownload')),
    ...(await acme.eventsOf(recipient.messageUid, 'MessageDownload')),
  ];
  for (const end = Date.now() + 5_000; Date.now() < end && (await eventsOf()).some((event) => propertyOf(event, 'Reason') === undefined);)
    await sleep(20);
  const events = await eventsOf();
  expect(events).toHaveLength(2);
  for (const event of events) {
    expect([event.operationStatus, propertyOf(event, 'Complete'), propertyOf(event, 'Reason')]).toEqual(['Success', 'false', 'Revoked']);
    expect(Number(propertyOf(event, 'BytesSent'))).toBeGreaterThan(0);
  }
}, 60_000);

test('an expiry that is reached cuts downloads in flight, with no worker running', async () => {
  const recipient = await signedInTo(mailWith([{ name: 'big.bin', content: big }]));
  const running = slowDownload(second, recipient, 'original');
  await running.started;
  const by = { kind: 'member', id: null, address: 'admin@acme.example', name: 'admin@acme.example' } as const;
  const about = { sight: 'organization', messageUid: recipient.messageUid, reason: null, by, clientIp: null, userAgent: null } as const;
  const expiresAt = new Date(Date.now() + 1_000);
  expect(await changeExpiry(acme.scope, { ...about, expiresAt })).toMatchObject({ outcome: 'done' });
  const answered = performance.now();
  await running.over;
  expect(running.state.cutAt - answered).toBeLessThan(2_000);
  expect([running.state.ended, running.state.bytes < big.length]).toEqual([false, true]);
  await expect
    .poll(async () => (await acme.eventsOf(recipient.messageUid, 'MessageDownload')).map((event) => propertyOf(event, 'Reason')))
    .toEqual(['Expired']);
}, 60_000);

test('signing out ends downloads in flight', async () => {
  const recipient = await signedInTo(mailWith([{ name: 'big.bin', content: big }]));
  const running = slowDownload(api, recipient, 'original');
  await running.started;
  await ask(api, recipient, 'DELETE', 'session');
  const answered = performance.now();
  await running.over;
  expect(running.state.cutAt - answered).toBeLessThan(1_000);
  expect(running.state.ended).toBe(false);
}, 60_000);

test('revoking races 200 openings and downloads on two processes: what began after its answer gets nothing, what got something is on record before it', async () => {
  const content = Buffer.from('canary-attachment');
  const [first, ...others] = await Promise.all(Array.from({ length: 4 }, () => signedInTo(mailWith([{ name: 'a.txt', content }]))));
  for (const recipient of [first, ...others]) {
    if (!recipient) throw new Error('no recipient');
    const { accessId, message } = await open(api, recipient);
    const paths = [
      ['POST', 'access'],
      ['GET', `attachments/${message.attachments[0]?.index}`],
      ['GET', `body?access=${accessId}`],
      ['GET', 'original'],
    ] as const;
    const answers: { answer: Answer; path: string; begun: number }[] = [];
    const revoked = { at: 0 };
    const running: Promise<void>[] = [];
    for (let index = 0; index < 200; index += 1) {
      const of = index % 2 === 0 ? api : second;
      const [method, path] = paths[(index >> 1) % paths.length] ?? paths[0];
      if (index === 100) {
        // However slow the machine is: something was given before.
        await Promise.race(running);
        running.push(acme.changeState('revoke', recipient.messageUid).then(() => void (revoked.at = performance.now())));
      }
      if (index % 8 === 0) await sleep(4);
      const begun = performance.now();
      running.push(ask(of, recipient, method, path).then((answer) => void answers.push({ answer, path, begun })));
    }
    await Promise.all(running);
    const after = await Promise.all(paths.map(([method, path]) => ask(second, recipient, method, path)));
    for (const answer of after) expect(answer.status).toBe(410);

    const given = answers.filter(({ answer }) => answer.status < 300);
    expect(given.length).toBeGreaterThan(0);
    for (const { begun } of given) expect(begun).toBeLessThan(revoked.at);
    for (const { answer } of answers) expect([200, 201, 410]).toContain(answer.status);

    const events = await acme.eventsOf(recipient.messageUid);
    const revocation = events.findIndex((event) => event.operation === 'MessageRevoke');
    const before = events.slice(0, revocation).filter((event) => event.operationStatus === 'Success');
    const later = events.slice(revocation).filter((event) => event.operationStatus === 'Success' && event.operation !== 'MessageRevoke');
    expect(later).toEqual([]);
    const openings = given.filter(({ path }) => path === 'access').length + 1;
    expect(before.filter((event) => event.operation === 'MessageAccess')).toHaveLength(openings);
    for (const [operation, path] of [
      ['AttachmentDownload', 'attachments'],
      ['MessageDownload', 'original'],
    ] as const) {
      const got = given.filter((one) => one.path.startsWith(path)).length;
      const recorded = before.filter((event) => event.operation === operation).length;
      expect(recorded > 0).toBe(got > 0);
      expect(recorded).toBeLessThanOrEqual(got);
    }
  }
}, 120_000);

test('with the database away there is 503 and no byte, and what is in flight is cut within two seconds', async () => {
  const recipient = await signedInTo(mailWith([{ name: 'big.bin', content: big }]));
  const { accessId, message } = await open(api, recipient);
  const running = slowDownload(second, recipient, `attachments/${message.attachments[0]?.index}`);
  await running.started;
  await withoutDatabase(api.settings.DATABASE_URL, async () => {
    const away = performance.now();
    const wanted = [
      ['GET', ''],
      ['POST', 'access'],
      ['GET', `body?access=${accessId}`],
      ['GET', 'original'],
    ] as const;
    for (const [method, path] of wanted) {
      const answer = await ask(api, recipient, method, path);
      expect([path, answer.status]).toEqual([path, 503]);
      expect(answer.text).not.toContain('Secret');
    }
    await running.over;
    expect(running.state.cutAt - away).toBeLessThan(2_000);
    expect(running.state.ended).toBe(false);
  });
  expect((await ask(api, recipient, 'POST', 'access')).status).toBe(201);
}, 60_000);
