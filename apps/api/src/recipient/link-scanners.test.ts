import { portalHeader } from '@signet/api-contract/portal-headers';
import { visitorSignals } from '@signet/api-contract/visitor-signals';
import { flushLinkTouches } from '@signet/db/link-touch-flush';
import { judgeTouch } from '@signet/domain/audit/touch-verdict';
import { humanProfiles, scannerProfiles, type ProfileRequest, type TouchProfile } from '@signet/domain/testing/touch-profiles';
import { afterAll, expect, test } from 'vitest';
import { z } from 'zod';
import { issueAccess } from '../organization/seed-organization.ts';
import { startTestApi } from '../testing/test-api.ts';
import { ask, ingestAll } from '../testing/test-organization.ts';
import { ask as askAs, createFixture, headersFor, mailWith, propertyOf, type TestRecipient } from './testing/recipient-fixture.ts';

const api = await startTestApi();
const acme = await createFixture(api);
afterAll(() => acme.close());

const PORTAL = new URL('https://signet.example');
const browser = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36';
const requested = z.object({ browser: z.string() });

async function newRecipient(): Promise<TestRecipient> {
  const [recipient] = await acme.storeMail(mailWith());
  if (!recipient) throw new Error('no recipient');
  return recipient;
}

/** Headers as the portal makes them of a visitor's request. */
function asPortal(visitorIp: string, { method, headers }: ProfileRequest): Record<string, string> {
  const said = {
    ...headersFor(api, { visitorIp }),
    ...visitorSignals(new Headers(headers), PORTAL),
    [portalHeader.visitorAgent]: headers['user-agent'],
    [portalHeader.visitorMethod]: method,
    'accept-language': headers['accept-language'],
  };
  return Object.fromEntries(Object.entries(said).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

/** All that a program can do that has a link and tries whatever it finds there. */
const buttons = [
  ['POST', 'access'],
  ['GET', 'body?access=0190a6f0-0000-7000-8000-0000000000aa'],
  ['GET', 'original'],
  ['GET', 'attachments/1'],
  ['DELETE', 'session'],
] as const;

let storms = 0;

/** Replays a profile against a link: its requests, its press, and whatever else can be asked there. @returns the statuses of what would give content. */
async function replay(recipient: TestRecipient, { requests, secondsAfterDelivery, press }: TouchProfile): Promise<number[]> {
  storms += 1;
  const [here, elsewhere] = [`203.0.113.${storms}`, `203.0.114.${storms}`];
  // The mail went out before.
  await acme.scope.query(`update recipient set sent_at = clock_timestamp() - make_interval(secs => $2) where id = $1`, [
    recipient.recipientId,
    secondsAfterDelivery,
  ]);
  const ip = ({ fromElsewhere }: ProfileRequest) => (fromElsewhere ? elsewhere : here);
  for (const request of requests) {
    const answer = await fetch(`${api.url}/v1/links/${recipient.token}`, { headers: asPortal(ip(request), request) });
    expect([answer.status, answer.headers.getSetCookie()]).toEqual([200, []]);
    await answer.arrayBuffer();
  }
  const [first] = requests;
  if (press && first) {
    // As long ago as the profile says; whatever this machine took does not count.
    await acme.scope.query(
      `update link_touch set last_seen = clock_timestamp() + interval '1 hour' - make_interval(secs => $2) where recipient_id = $1`,
      [recipient.recipientId, press.after < 300 ? 0 : 3600 + press.after / 1000],
    );
    const headers = { ...asPortal(here, first), ...(press.by === null ? {} : { [portalHeader.visitorPress]: press.by }) };
    const asked = await askAs(api, { ...recipient, visitorIp: here }, 'POST', 'passcodes', { headers });
    if (asked.status !== 201) throw new Error(asked.text);
    const guess = { ...recipient, visitorIp: here, browser: requested.parse(asked.json).browser };
    const guessed = await askAs(api, guess, 'POST', 'session', { headers, body: { passcode: '00000000' } });
    if (guessed.status !== 403) throw new Error(guessed.text);
  }
  const statuses: number[] = [];
  for (const [method, path] of buttons) {
    const answer = await askAs(api, { ...recipient, visitorIp: here }, method, path, {
      headers: { [portalHeader.visitorAgent]: first?.headers['user-agent'] ?? 'x' },
    });
    if (method !== 'DELETE') statuses.push(answer.status);
  }
  return statuses;
}

/** What became of the touches of a link, once their minute is over. */
async function touchesOf(recipient: TestRecipient) {
  await acme.scope.query("update link_touch set minute = minute - interval '2 minutes' where recipient_id = $1", [recipient.recipientId]);
  await flushLinkTouches(api.database);
  return acme.eventsOf(recipient.messageUid, 'LinkTouch');
}

const sessionsOf = (recipient: TestRecipient) =>
  acme.scope.query('select 1 from recipient_session s join recipient r using (organization_id, address_key) where r.id = $1', [
    recipient.recipientId,
  ]);

/** The recipient reads the message, with a passcode that they ask for now, in a browser and network of their own. */
async function readAsPerson(recipient: TestRecipient, asked: { browser: string; code: string } | null) {
  const headers = { [portalHeader.visitorAgent]: browser, [portalHeader.visitorPress]: 'mouse' };
  const held = asked ?? {
    browser: requested.parse((await askAs(api, recipient, 'POST', 'passcodes', { headers })).json).browser,
    code: await acme.passcodeOf(recipient),
  };
  const answer = await askAs(api, { ...recipient, browser: held.browser }, 'POST', 'session', { headers, body: { passcode: held.code } });
  expect([answer.status, answer.text]).toEqual([201, expect.any(String)]);
  const { token: session } = z.object({ token: z.string() }).parse(answer.json);
  expect((await askAs(api, { ...recipient, session }, 'POST', 'access', { headers })).status).toBe(201);
}

test.each(scannerProfiles.map((profile, index) => ({ ...profile, codeBefore: index % 2 === 0 })))(
  'no reading, no session and no lost code by $name',
  async (profile) => {
    const [recipient] = await acme.storeMail(mailWith(), [`reader${storms}@example.net`]);
    if (!recipient) throw new Error('no recipient');
    // A passcode that was asked for before all that works afterwards, too.
    const headers = { [portalHeader.visitorAgent]: browser, [portalHeader.visitorPress]: 'mouse' };
    const before = profile.codeBefore ? requested.parse((await askAs(api, recipient, 'POST', 'passcodes', { headers })).json) : null;
    const held = before && { browser: before.browser, code: await acme.passcodeOf(recipient) };

    const statuses = await replay(recipient, profile);
    expect(new Set(statuses)).toEqual(new Set([401]));

    const touches = await touchesOf(recipient);
    const verdicts = touches.map((entry) => judgeTouch(entry)?.verdict);
    expect(touches.reduce((sum, entry) => sum + Number(propertyOf(entry, 'Count')), 0)).toBe(profile.requests.length);
    expect(new Set(verdicts), JSON.stringify(touches)).toEqual(new Set(['scanner']));
    expect(await acme.eventsOf(recipient.messageUid, 'MessageAccess')).toEqual([]);
    expect(await sessionsOf(recipient)).toEqual([]);
    expect(await acme.scope.query('select opened_at from recipient where id = $1', [recipient.recipientId])).toEqual([{ opened_at: null }]);

    await readAsPerson(recipient, held);
    expect(await acme.eventsOf(recipient.messageUid, 'MessageAccess')).toMatchObject([{ actor: { kind: 'recipient' } }]);
    const sent = await acme.eventsOf(recipient.messageUid, 'PasscodeSend');
    expect(new Set(sent.map((entry) => judgeTouch(entry)?.verdict))).toEqual(new Set(profile.press ? ['human', 'scanner'] : ['human']));
    expect(sent).toHaveLength(profile.press ? 2 : 1);
    process.stdout.write(
      `${profile.name}: ${profile.requests.length} requests, ${touches.length} touches, ${verdicts.join(', ')}; 0 readings, 0 sessions, 0 codes lost\n`,
    );
  },
);

test.each(humanProfiles)('a person is not called a scanner: $name', async (profile) => {
  const recipient = await newRecipient();
  await replay(recipient, profile);
  const touches = await touchesOf(recipient);
  const verdicts = touches.map((entry) => judgeTouch(entry)?.verdict);
  expect(new Set(verdicts), JSON.stringify(touches)).toEqual(new Set([profile.verdict]));
  for (const entry of await acme.eventsOf(recipient.messageUid, 'PasscodeSend')) expect(judgeTouch(entry)?.verdict).not.toBe('scanner');
  process.stdout.write(`${profile.name}: ${profile.requests.length} requests, ${touches.length} touches, ${verdicts.join(', ')}\n`);
});

test('programs that press the button from forty networks take no passcode from the recipient, and fill no mailbox', async () => {
  const recipient = await newRecipient();
  const pressFrom = (visitorIp: string, agent: string, press: string | null) =>
    askAs(api, { ...recipient, visitorIp }, 'POST', 'passcodes', {
      headers: { [portalHeader.visitorAgent]: agent, ...(press === null ? {} : { [portalHeader.visitorPress]: press }) },
    });
  const later = (seconds: number) =>
    acme.scope.query(`update passcode_request set created_at = created_at - make_interval(secs => $2) where recipient_id = $1`, [
      recipient.recipientId,
      seconds,
    ]);
  let mails = 0;
  for (let round = 0; round < 40; round += 1) {
    const [agent, press] = round % 2 === 0 ? ['LinkScanner/1.0', null] : [browser, 'script'];
    const answer = await pressFrom(`198.18.${round}.1`, agent, press);
    expect([201, 429]).toContain(answer.status);
    if (answer.status === 201) mails += 1;
    // Not for so long that the quarter of an hour is over.
    if (round % 8 === 7) await later(31);
  }
  // Three in 30 seconds, ten in a quarter of an hour.
  expect(mails).toBe(10);
  // The person comes at once after the last of them, by the same network as one of them.
  expect((await pressFrom('198.18.39.1', browser, 'mouse')).status).toBe(201);
  expect((await pressFrom('198.18.39.1', browser, 'mouse')).status).toBe(429);
  // And in another network, where nothing was asked for yet.
  expect((await pressFrom('198.18.200.1', browser, 'keys')).status).toBe(201);
});

test('a program that is not seen to be one takes as much as one network may, and the recipient asks from theirs', async () => {
  const recipient = await newRecipient();
  const headers = { [portalHeader.visitorAgent]: browser, [portalHeader.visitorPress]: 'mouse' };
  const pressFrom = (visitorIp: string) => askAs(api, { ...recipient, visitorIp }, 'POST', 'passcodes', { headers });
  for (let mail = 0; mail < 5; mail += 1) {
    expect((await pressFrom('198.19.0.1')).status).toBe(201);
    await acme.scope.query("update passcode_request set created_at = created_at - interval '31 seconds' where recipient_id = $1", [
      recipient.recipientId,
    ]);
  }
  expect((await pressFrom('198.19.0.1')).status).toBe(429);
  expect((await pressFrom('198.19.0.2')).status).toBe(201);
  // Wherever they come from: no mailbox is filled, neither at once nor in a while.
  const statuses: number[] = [];
  for (let network = 3; network < 43; network += 1) {
    if (network % 8 === 3)
      await acme.scope.query("update passcode_request set created_at = created_at - interval '31 seconds' where recipient_id = $1", [
        recipient.recipientId,
      ]);
    statuses.push((await pressFrom(`198.19.0.${network}`)).status);
  }
  const sent = statuses.map((status) => status === 201);
  expect(sent.slice(0, 8).filter(Boolean)).toHaveLength(3);
  expect(sent.filter(Boolean)).toHaveLength(9);
});

test('of an IPv6 site all networks count as one', async () => {
  const recipient = await newRecipient();
  const headers = { [portalHeader.visitorAgent]: browser, [portalHeader.visitorPress]: 'mouse' };
  const pressFrom = (visitorIp: string) => askAs(api, { ...recipient, visitorIp }, 'POST', 'passcodes', { headers });
  expect((await pressFrom('2001:db8:7:1::1')).status).toBe(201);
  expect((await pressFrom('2001:db8:7:ffff::1')).status).toBe(429);
  expect((await pressFrom('2001:db8:8:1::1')).status).toBe(201);
});

test('a person who is taken for a program gets a passcode while a scanner in another network has used up its own', async () => {
  const recipient = await newRecipient();
  const headers = { [portalHeader.visitorAgent]: 'LinkScanner/1.0' };
  const pressFrom = (visitorIp: string) => askAs(api, { ...recipient, visitorIp }, 'POST', 'passcodes', { headers });
  for (let mail = 0; mail < 5; mail += 1) {
    expect((await pressFrom('198.19.1.1')).status).toBe(201);
    await acme.scope.query("update passcode_request set created_at = created_at - interval '31 seconds' where recipient_id = $1", [
      recipient.recipientId,
    ]);
  }
  expect((await pressFrom('198.19.1.1')).status).toBe(429);
  expect((await pressFrom('198.19.1.2')).status).toBe(201);
});

test('what a network is stands nowhere as it is', async () => {
  const recipient = await newRecipient();
  await askAs(api, { ...recipient, visitorIp: '198.18.77.77' }, 'POST', 'passcodes');
  const [row] = await acme.scope.query<{ network_hmac: Buffer }>('select network_hmac from passcode_request where recipient_id = $1', [
    recipient.recipientId,
  ]);
  expect(row?.network_hmac).toHaveLength(32);
  expect(row?.network_hmac.includes('198.18.77.77')).toBe(false);
});

test('the verdict stands beside the entries that the api gives, with the version of its rules, and in none of them', async () => {
  const { apiKey: key } = await issueAccess(api.database, acme.organization.id, acme.organization.domain);
  const recipient = await newRecipient();
  const [scanner, person] = [scannerProfiles[0], humanProfiles[0]];
  if (!scanner || !person) throw new Error('no profiles');
  await replay(recipient, { ...scanner, secondsAfterDelivery: 60 });
  await replay(recipient, person);
  await touchesOf(recipient);
  await ingestAll(api);
  const page = await ask(api, `GET /v1/audit-entries?messageId=${recipient.messageUid}&operation=LinkTouch`, { key });
  const items = page.body['items'] as { id: string }[];
  const verdicts = page.body['verdicts'] as { entryId: string; verdict: string; rules: number; because: string[] }[];
  expect(verdicts.map(({ entryId }) => entryId)).toEqual(items.map(({ id }) => id));
  // A HEAD and a GET may fall into two minutes.
  expect(new Set(verdicts.map(({ verdict }) => verdict))).toEqual(new Set(['human', 'scanner']));
  expect(new Set(verdicts.map(({ rules }) => rules))).toEqual(new Set([1]));
  expect(JSON.stringify(items)).not.toMatch(/verdict|scanner|human/i);
  const history = await ask(api, `GET /v1/messages/${recipient.messageUid}/history`, { key });
  const trail = history.body['trail'] as { verdicts: { entryId: string }[] };
  expect(trail.verdicts).toEqual(expect.arrayContaining(verdicts));
  const one = await ask(api, `GET /v1/audit-entries/${items[0]?.id ?? ''}`, { key });
  expect(one.body).toEqual(items[0]);
});
