import { newId } from '@signet/db/database';
import { expect, test } from 'vitest';
import { startTestApi } from '../testing/test-api.ts';
import { ask, createTestOrganization, ingestAll, submitMail, type Answer } from '../testing/test-organization.ts';
import { askForPasscode, passcodeOf, signInSender, tryPasscode } from './testing/sender-sign-in.ts';

const api = await startTestApi();
const acme = await createTestOrganization(api);
await createTestOrganization(api, 'globex');
const { system } = api.database;

const reference = (answer: Answer) => String(answer.body['reference']);
const browser = (answer: Answer) => String(answer.body['browser']);
const mails = () => system.query<{ id: number }>("select id from outbox where kind = 'send-sender-passcode-mail'");

/** A network of its own for each test: what one tries is not counted for another. */
let networks = 0;
const newNetwork = () => `198.51.100.${++networks}`;
/** An address of its own as well. */
const newSender = () => `sender${newId().slice(-12)}@acme.example`;

/** What an answer says without what differs from one occurrence to the next. */
function shapeOf({ status, headers, body }: Answer) {
  const fields = Object.entries(body).map(([name, value]) => [
    name,
    ['reference', 'expiresAt', 'browser'].includes(name) ? typeof value : value,
  ]);
  return { status, headers: [...headers].filter(([name]) => !['date', 'retry-after'].includes(name)), fields };
}

test('201: a passcode for one’s own address signs in, for 12 hours, to the address in any case, and is on record', async () => {
  const ip = newNetwork();
  const asked = await askForPasscode(api, 'Alice@ACME.example', ip);
  expect(asked.status, asked.text).toBe(201);
  const code = await passcodeOf(api, 'alice@acme.example', reference(asked));
  const [stored] = await system.query<{ code_hmac: Buffer; text: string }>(
    'select code_hmac, r::text as text from sender_passcode_request r where reference = $1',
    [reference(asked)],
  );
  expect(stored?.code_hmac).toHaveLength(32);
  expect(stored?.text).not.toContain(code);
  // As people copy it.
  const answer = await tryPasscode(api, 'ALICE@acme.EXAMPLE', ` ${code.slice(0, 4)} - ${code.slice(4)} `, browser(asked), ip);
  expect(answer.status, answer.text).toBe(201);
  expect(answer.body['sender']).toEqual({ address: 'alice@acme.example', organizationName: 'Acme' });
  const hours = (Date.parse(String(answer.body['expiresAt'])) - Date.now()) / 3_600_000;
  expect(hours).toBeGreaterThan(11.9);
  expect(hours).toBeLessThan(12.1);
  const token = String(answer.body['token']);
  const tokens = await system.query('select 1 from sender_session where token_hash = $1::bytea', [Buffer.from(token)]);
  expect(tokens, 'the token is nowhere stored as it is').toEqual([]);
  const headers = api.portalHeaders(ip);
  const current = await ask(api, 'GET /v1/sent/sessions/current', { headers, key: token });
  expect(current.body['sender']).toEqual({ address: 'alice@acme.example', organizationName: 'Acme' });
  await ingestAll(api);
  const records = await ask(api, 'GET /v1/admin-records?action=SenderSignIn', { key: acme.apiKey });
  expect(records.body['items']).toMatchObject([
    { status: 'Success', actor: { kind: 'sender', id: null, address: 'alice@acme.example' }, target: { kind: 'sender' }, clientIp: ip },
  ]);
  const log = api.logLines.join('');
  for (const secret of [code, token, browser(asked), 'alice@acme']) expect(log).not.toContain(secret);
});

test('nothing tells whose domain an address is of: same answers and as long for ours, another’s and nobody’s; mail goes to ours alone', async () => {
  const senders = [newSender(), 'who@nowhere.invalid', `${newId()}@example.com`];
  const before = await mails();
  const outcomes: unknown[] = [];
  for (const email of senders) {
    const ip = newNetwork();
    const begun = performance.now();
    const asked = await askForPasscode(api, email, ip);
    expect(performance.now() - begun).toBeGreaterThanOrEqual(245);
    const answers = [asked, await askForPasscode(api, email, ip, browser(asked))];
    for (let tries = 0; tries < 6; tries++) answers.push(await tryPasscode(api, email, 'not it', browser(asked), ip));
    answers.push(await tryPasscode(api, email, '00000000', 'another browser', ip));
    outcomes.push(answers.map(shapeOf));
  }
  expect(outcomes[1]).toEqual(outcomes[0]);
  expect(outcomes[2]).toEqual(outcomes[0]);
  expect((outcomes[0] as { status: number }[]).map(({ status }) => status)).toEqual([201, 429, 403, 403, 403, 403, 403, 410, 403]);
  expect(await mails()).toHaveLength(before.length + 1);
});

test('of 40 right tries at once exactly one signs in; a used passcode is worth nothing', async () => {
  const [ip, email] = [newNetwork(), newSender()];
  const asked = await askForPasscode(api, email, ip);
  const code = await passcodeOf(api, email, reference(asked));
  const other = await api.startAnother();
  const answers = await Promise.all(
    Array.from({ length: 40 }, (_, index) => tryPasscode(index % 2 === 0 ? api : { ...api, url: other }, email, code, browser(asked), ip)),
  );
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
  expect(answers.filter(({ body }) => body['code'] === 'passcode_void')).toHaveLength(39);
  const sessions = await system.query('select 1 from sender_session where address_key = $1', [email]);
  expect(sessions).toHaveLength(1);
});

test('tries at once are counted before they are looked at: of 60 wrong ones five are wrong, and then the right one comes too late', async () => {
  const [ip, email] = [newNetwork(), newSender()];
  const asked = await askForPasscode(api, email, ip);
  const answers = await Promise.all(Array.from({ length: 60 }, () => tryPasscode(api, email, '99999999x', browser(asked), ip)));
  const codes = answers.map(({ body }) => body['code']);
  expect(codes.filter((code) => code === 'passcode_wrong')).toHaveLength(5);
  expect(codes.filter((code) => code === 'passcode_void')).toHaveLength(55);
  const late = await tryPasscode(api, email, await passcodeOf(api, email, reference(asked)), browser(asked), ip);
  expect([late.status, late.body['code']]).toEqual([410, 'passcode_void']);
});

test('a passcode works in the browser that asked for it alone, no try lost; a second browser’s request voids nothing', async () => {
  const email = newSender();
  const asked = await askForPasscode(api, email, newNetwork());
  const code = await passcodeOf(api, email, reference(asked));
  const stranger = await askForPasscode(api, email, newNetwork());
  expect(stranger.status).toBe(201);
  const elsewhere = await tryPasscode(api, email, code, browser(stranger), newNetwork());
  expect([elsewhere.status, elsewhere.body['code'], elsewhere.body['triesLeft']]).toEqual([403, 'passcode_wrong', 4]);
  const nowhere = await tryPasscode(api, email, code, 'a browser that asked for nothing', newNetwork());
  expect([nowhere.status, nowhere.body['code']]).toEqual([403, 'passcode_other_browser']);
  expect((await tryPasscode(api, email, code, browser(asked), newNetwork())).status).toBe(201);
});

test('410: a passcode is worth nothing after ten minutes', async () => {
  const [ip, email] = [newNetwork(), newSender()];
  const asked = await askForPasscode(api, email, ip);
  await system.query("update sender_passcode_request set expires_at = clock_timestamp() - interval '1 ms' where reference = $1", [
    reference(asked),
  ]);
  const late = await tryPasscode(api, email, await passcodeOf(api, email, reference(asked)), browser(asked), ip);
  expect([late.status, late.body['code']]).toEqual([410, 'passcode_void']);
});

test('429: twenty requests at once from one network send one mail; a stranger who asks keeps the sender out of nothing', async () => {
  const email = newSender();
  const before = await mails();
  const stranger = newNetwork();
  const answers = await Promise.all(Array.from({ length: 20 }, () => askForPasscode(api, email, stranger)));
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
  const [waiting] = answers.filter(({ status }) => status === 429);
  expect(Number(waiting?.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await mails()).toHaveLength(before.length + 1);
  expect((await askForPasscode(api, email, newNetwork())).status).toBe(201);
});

test('429: an address gets no more than 15 mails in a quarter of an hour, wherever they are asked for', async () => {
  const email = newSender();
  for (let count = 0; count < 15; count++) expect((await askForPasscode(api, email, newNetwork())).status).toBe(201);
  expect((await askForPasscode(api, email, newNetwork())).status).toBe(429);
});

test('400 names the field: no address, a list, a display name; 401 without the portal’s secret', async () => {
  for (const email of ['', 'alice', 'alice@acme.example, bob@acme.example', 'Alice <alice@acme.example>', 'a\r\nb@acme.example']) {
    const answer = await askForPasscode(api, email, newNetwork());
    expect([email, answer.status]).toEqual([email, 400]);
    expect((answer.body['errors'] as { pointer: string }[]).map(({ pointer }) => pointer)).toContain('/email');
  }
  expect((await ask(api, 'POST /v1/sent/passcodes', { body: { email: 'alice@acme.example' } })).status).toBe(401);
  expect((await ask(api, 'POST /v1/sent/sessions', { body: { email: 'alice@acme.example', passcode: '1' } })).status).toBe(401);
});

test('a session ends by signing out, by an hour without use, after 12 hours, and when the domain is another’s', async () => {
  const current = (sender: { headers: Record<string, string>; key: string }) => ask(api, 'GET /v1/sent/sessions/current', sender);
  const email = newSender();
  const signedOut = await signInSender(api, email, newNetwork());
  expect((await ask(api, 'GET /v1/sent/sessions/current', { key: signedOut.key })).status, 'without the portal').toBe(401);
  expect((await ask(api, 'DELETE /v1/sent/sessions/current', signedOut)).status).toBe(204);
  expect((await current(signedOut)).body['code']).toBe('unauthenticated');

  const idle = await signInSender(api, newSender(), newNetwork());
  const age = (column: string, interval: string) =>
    system.query(`update sender_session set ${column} = clock_timestamp() - interval '${interval}' where ended_at is null`);
  await age('last_used_at', '59 minutes');
  expect((await current(idle)).status).toBe(200);
  await age('last_used_at', '61 minutes');
  expect((await current(idle)).status).toBe(401);

  const over = await signInSender(api, newSender(), newNetwork());
  await age('expires_at', '1 second');
  expect((await current(over)).status).toBe(401);

  const moved = await signInSender(api, newSender(), newNetwork());
  expect((await current(moved)).status).toBe(200);
  await system.query(
    "update organization_domain set organization_id = (select id from organization where name = 'Globex') where domain = 'acme.example'",
  );
  expect((await current(moved)).status).toBe(401);
  await system.query("update organization_domain set organization_id = $1 where domain = 'acme.example'", [acme.organizationId]);
  expect((await current(moved)).status).toBe(200);
  await ingestAll(api);
  const records = await ask(api, 'GET /v1/admin-records?action=SenderSignOut', { key: acme.apiKey });
  expect(records.body['items']).toMatchObject([{ actor: { kind: 'sender', address: email } }]);
});

test('a sender’s session opens nothing of the administration, and nobody else’s opens what is the senders’', async () => {
  await submitMail(api, acme);
  const sender = await signInSender(api, newSender(), newNetwork());
  for (const path of ['/v1/messages', '/v1/configuration', '/v1/audit-entries', '/v1/sessions/current'] as const) {
    expect((await ask(api, `GET ${path}`, sender)).status, path).toBe(401);
  }
  const headers = api.portalHeaders(newNetwork());
  const { body } = await ask(api, 'POST /v1/sessions', { headers, body: acme.admin });
  for (const key of [String(body['token']), acme.apiKey, 'x'.repeat(43)]) {
    expect((await ask(api, 'GET /v1/sent/messages', { headers, key })).status).toBe(401);
  }
});
