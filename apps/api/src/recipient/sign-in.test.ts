import { randomBytes } from 'node:crypto';
import { portalHeader } from '@signet/api-contract/portal-headers';
import { link as linkAnswer } from '@signet/api-contract/recipient';
import { flushLinkTouches } from '@signet/db/link-touch-flush';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { startTestApi, type TestApi } from '../testing/test-api.ts';
import {
  ask,
  createFixture,
  headersFor,
  mailWith,
  propertyOf,
  type Answer,
  type Fixture,
  type TestRecipient,
} from './testing/recipient-fixture.ts';

let api: TestApi;
let acme: Fixture;
let globex: Fixture;

beforeAll(async () => {
  api = await startTestApi();
  acme = await createFixture(api);
  globex = await createFixture(api, { domain: 'globex.example', customTemplate: 'Globex' });
}, 60_000);
afterAll(async () => {
  await acme.close();
  await globex.close();
});

const requested = z.object({ reference: z.string(), expiresAt: z.string(), retryAfterSeconds: z.number(), browser: z.string() });

async function newRecipient(fixture = acme): Promise<TestRecipient> {
  const [recipient] = await fixture.storeMail(mailWith());
  if (!recipient) throw new Error('no recipient');
  return recipient;
}

/** Moves a recipient's passcode requests into the past, so that the next mail may go out. */
async function letTimePass(recipient: TestRecipient, seconds: number): Promise<void> {
  await acme.scope.query(
    `update passcode_request set created_at = created_at - make_interval(secs => $2), expires_at = expires_at - make_interval(secs => $2)
     where recipient_id = $1`,
    [recipient.recipientId, seconds],
  );
}

function tryCode(recipient: TestRecipient & { browser?: string }, passcode: string): Promise<Answer> {
  return ask(api, recipient, 'POST', 'session', { body: { passcode } });
}

const codeOf = (answer: Answer) => z.object({ code: z.string() }).parse(answer.json).code;
const wrongFor = (code: string) => String((Number(code) + 1) % 100_000_000).padStart(8, '0');

test('the link tells who wrote to whom, and nothing of the message', async () => {
  const recipient = await newRecipient();
  const answer = await ask(api, recipient, 'GET');
  expect(answer.status).toBe(200);
  expect(linkAnswer.parse(answer.json)).toMatchObject({
    state: 'open',
    senderAddress: 'alice@acme.example',
    recipientMasked: 'b•••@ex•••.net',
    tracked: true,
    methods: ['OTP'],
    signedIn: false,
    pendingPasscode: null,
  });
  expect(answer.text).not.toContain('Secret');
});

test('every route answers an unknown token, however malformed, with the same 404 byte for byte, and without the portal’s secret with 401', async () => {
  const { visitorIp } = await newRecipient();
  const unknown = ['x', randomBytes(24).toString('base64url'), 'a'.repeat(2000), '%00', '%F0%9F%92%A9', "'%20or%20'1'='1"];
  const routes = [
    ['GET', ''],
    ['POST', 'passcodes'],
    ['POST', 'session', { passcode: '12345678' }],
    ['DELETE', 'session'],
    ['POST', 'access'],
    ['GET', 'body?access=0190a6f0-0000-7000-8000-0000000000aa'],
    ['GET', 'inline/1?access=0190a6f0-0000-7000-8000-0000000000aa'],
    ['GET', 'attachments/1'],
    ['GET', 'original'],
  ] as const;
  const answers: string[] = [];
  for (const [method, path, body] of routes) {
    for (const token of unknown) {
      const answer = await ask(api, { token, visitorIp }, method, path, { body });
      answers.push(`${answer.status} ${answer.text}`);
    }
    const direct = await fetch(`${api.url}/v1/links/x/${path}`.replace(/\/$/, ''), {
      method,
      headers: { [portalHeader.visitorIp]: visitorIp, ...(body ? { 'content-type': 'application/json' } : {}) },
      body: body ? JSON.stringify(body) : null,
    });
    expect(direct.status).toBe(401);
  }
  const elsewhere = await fetch(`${api.url}/v1/nowhere`);
  expect(new Set(answers)).toEqual(new Set([`404 ${await elsewhere.text()}`]));
});

test('a thousand GETs of a link sign nobody in, use up no code, and leave a bounded number of touches', async () => {
  const recipient = await newRecipient();
  const { browser } = requested.parse((await ask(api, recipient, 'POST', 'passcodes')).json);
  for (let round = 0; round < 20; round += 1) {
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        fetch(`${api.url}/v1/links/${recipient.token}`, {
          headers: { ...headersFor(api, { ...recipient, browser }), [portalHeader.visitorAgent]: `Scanner ${round} ${index}` },
        }),
      ),
    );
    for (const answer of answers) {
      expect(answer.status).toBe(200);
      await answer.arrayBuffer();
    }
  }
  const touches = await acme.scope.query<{ count: number; minutes: number; touches: number }>(
    'select count(*) as count, count(distinct minute) as minutes, sum(count)::int as touches from link_touch where recipient_id = $1',
    [recipient.recipientId],
  );
  expect(touches[0]?.touches).toBe(1000);
  // Twenty agents are told apart in a minute, a few more when they come at the very same time; the rest is counted together.
  expect(touches[0]?.count).toBeLessThanOrEqual(80 * (touches[0]?.minutes ?? 0));
  expect(
    await acme.scope.query('select 1 from recipient_session s join recipient r using (organization_id, address_key) where r.id = $1', [
      recipient.recipientId,
    ]),
  ).toHaveLength(0);
  const signedIn = await tryCode({ ...recipient, browser }, await acme.passcodeOf(recipient));
  expect(signedIn.status).toBe(201);
}, 60_000);

test('a page drawn again after a form, or for a signed-in recipient, is no touch; a HEAD and a refused link are', async () => {
  const recipient = await newRecipient();
  const look = (method: string, session?: string) =>
    ask(api, { ...recipient, ...(session === undefined ? {} : { session }) }, 'GET', '', {
      headers: { [portalHeader.visitorMethod]: method },
    });
  const touches = () =>
    acme.scope.query<{ kind: string; method: string; reason: string | null }>(
      'select kind, method, reason from link_touch where recipient_id = $1 order by first_seen',
      [recipient.recipientId],
    );
  await look('POST');
  expect(await touches()).toEqual([]);
  await look('HEAD');
  const { session } = await acme.signIn(recipient);
  const signedIn = await look('GET', session);
  expect(linkAnswer.parse(signedIn.json).signedIn).toBe(true);
  expect(await touches()).toEqual([{ kind: 'touch', method: 'HEAD', reason: null }]);

  await acme.changeState('revoke', recipient.messageUid);
  expect(linkAnswer.parse((await look('GET')).json).state).toBe('revoked');
  await look('GET', session);
  expect(await touches()).toEqual([
    { kind: 'touch', method: 'HEAD', reason: null },
    { kind: 'touch', method: 'GET', reason: 'Revoked' },
    { kind: 'access', method: 'GET', reason: 'Revoked' },
  ]);

  await acme.scope.query("update link_touch set minute = minute - interval '1 minute' where recipient_id = $1", [recipient.recipientId]);
  await flushLinkTouches(api.database);
  const events = await acme.eventsOf(recipient.messageUid, 'LinkTouch');
  expect(events.map((event) => [event.operationStatus, event.authenticationStatus, propertyOf(event, 'Reason')])).toEqual([
    ['Success', null, undefined],
    ['Failure', null, 'Revoked'],
  ]);
  const [refused] = await acme.eventsOf(recipient.messageUid, 'MessageAccess');
  expect(refused).toMatchObject({
    operationStatus: 'Failure',
    authenticationMethod: 'OTP',
    actor: { kind: 'recipient', id: recipient.recipientId },
  });
});

test('an untracked message leaves no touch and no event', async () => {
  const recipient = await newRecipient();
  await acme.scope.query('update organization set enable_portal_tracking_logs = false where id = $1', [acme.organization.id]);
  try {
    const before = await acme.eventsOf(recipient.messageUid);
    expect(linkAnswer.parse((await ask(api, recipient, 'GET')).json).tracked).toBe(false);
    const signedIn = await acme.signIn(recipient);
    expect((await ask(api, signedIn, 'POST', 'access')).status).toBe(201);
    expect((await ask(api, signedIn, 'GET', 'original')).status).toBe(200);
    expect(await acme.eventsOf(recipient.messageUid)).toEqual(before);
    expect(await acme.scope.query('select 1 from link_touch where recipient_id = $1', [recipient.recipientId])).toEqual([]);
  } finally {
    await acme.scope.query('update organization set enable_portal_tracking_logs = true where id = $1', [acme.organization.id]);
  }
});

test('a passcode is asked for, survives closing the tab, and signs in once', async () => {
  const recipient = await newRecipient();
  const asked = await ask(api, recipient, 'POST', 'passcodes');
  expect(asked.status).toBe(201);
  const { reference, browser, expiresAt, retryAfterSeconds } = requested.parse(asked.json);
  expect(reference).toMatch(/^[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{2}$/);
  expect(retryAfterSeconds).toBe(30);
  expect(Date.parse(expiresAt) - Date.now()).toBeGreaterThan(590_000);
  const again = linkAnswer.parse((await ask(api, { ...recipient, browser }, 'GET')).json);
  expect(again.pendingPasscode).toEqual({ reference, expiresAt, triesLeft: 5 });
  expect(linkAnswer.parse((await ask(api, recipient, 'GET')).json).pendingPasscode).toBeNull();

  const code = await acme.passcodeOf(recipient);
  expect(code).toMatch(/^\d{8}$/);
  const typed = `${code.slice(0, 4)} ${code.slice(4, 6)}–${code.slice(6)} `;
  const signedIn = await tryCode({ ...recipient, browser }, typed);
  expect(signedIn.status).toBe(201);
  const session = z.object({ token: z.string(), expiresAt: z.string() }).parse(signedIn.json);
  expect(Date.parse(session.expiresAt) - Date.now()).toBeGreaterThan(11.9 * 3_600_000);
  expect((await ask(api, { ...recipient, session: session.token }, 'POST', 'access')).status).toBe(201);

  const twice = await tryCode({ ...recipient, browser }, code);
  expect([twice.status, codeOf(twice)]).toEqual([410, 'passcode_void']);
  const [sent] = await acme.eventsOf(recipient.messageUid, 'PasscodeSend');
  expect([propertyOf(sent, 'PasscodesSent'), propertyOf(sent, 'Reference')]).toEqual(['1', reference]);
  const tries = await acme.eventsOf(recipient.messageUid, 'AuthenticateRequest');
  expect(tries.map((event) => [event.authenticationStatus, event.actor.kind, propertyOf(event, 'Reason')])).toEqual([
    ['Success', 'recipient', undefined],
    ['Failure', 'unknown', 'Used'],
  ]);
  const stored = await api.database.system.query('select * from passcode_request p, outbox o where p.recipient_id = $1', [
    recipient.recipientId,
  ]);
  const everything = JSON.stringify(stored) + api.logLines.join('\n');
  for (const secret of [code, browser, session.token, recipient.token]) expect(everything.includes(secret)).toBe(false);
});

test('of 200 tries of one passcode at once exactly one wins', async () => {
  const recipient = await newRecipient();
  const { browser } = requested.parse((await ask(api, recipient, 'POST', 'passcodes')).json);
  const code = await acme.passcodeOf(recipient);
  const answers = await Promise.all(Array.from({ length: 200 }, () => tryCode({ ...recipient, browser }, code)));
  const counts = Map.groupBy(answers, (answer) => answer.status);
  expect(counts.get(201)).toHaveLength(1);
  expect(counts.get(410)).toHaveLength(199);
}, 60_000);

test('tries are counted before they are looked at: the sixth is refused though it is right', async () => {
  const recipient = await newRecipient();
  const { browser } = requested.parse((await ask(api, recipient, 'POST', 'passcodes')).json);
  const code = await acme.passcodeOf(recipient);
  for (const triesLeft of [4, 3, 2, 1, 0]) {
    const wrong = await tryCode({ ...recipient, browser }, wrongFor(code));
    expect(wrong.status).toBe(403);
    expect(wrong.json).toMatchObject({ code: 'passcode_wrong', triesLeft });
  }
  const right = await tryCode({ ...recipient, browser }, code);
  expect([right.status, codeOf(right)]).toEqual([410, 'passcode_void']);
  expect(linkAnswer.parse((await ask(api, { ...recipient, browser }, 'GET')).json).pendingPasscode).toBeNull();
  const reasons = (await acme.eventsOf(recipient.messageUid, 'AuthenticateRequest')).map((event) => propertyOf(event, 'Reason'));
  expect(reasons).toEqual([...Array<string>(5).fill('WrongPasscode'), 'TooManyTries']);
});

test('a passcode ends after ten minutes', async () => {
  const recipient = await newRecipient();
  const { browser } = requested.parse((await ask(api, recipient, 'POST', 'passcodes')).json);
  const code = await acme.passcodeOf(recipient);
  await letTimePass(recipient, 601);
  const late = await tryCode({ ...recipient, browser }, code);
  expect([late.status, codeOf(late)]).toEqual([410, 'passcode_void']);
  expect(propertyOf((await acme.eventsOf(recipient.messageUid, 'AuthenticateRequest'))[0], 'Reason')).toBe('Expired');
});

test('another browser loses no try, voids nothing, and is told so', async () => {
  const recipient = await newRecipient();
  const first = requested.parse((await ask(api, recipient, 'POST', 'passcodes')).json);
  const code = await acme.passcodeOf(recipient);
  for (const browser of [undefined, randomBytes(32).toString('base64url')]) {
    const other = await tryCode(browser === undefined ? recipient : { ...recipient, browser }, code);
    expect([other.status, codeOf(other)]).toEqual([403, 'passcode_other_browser']);
  }
  await letTimePass(recipient, 31);
  const second = requested.parse((await ask(api, recipient, 'POST', 'passcodes')).json);
  expect(second.browser).not.toBe(first.browser);
  expect(linkAnswer.parse((await ask(api, { ...recipient, browser: first.browser }, 'GET')).json).pendingPasscode?.triesLeft).toBe(5);
  expect((await tryCode({ ...recipient, browser: first.browser }, code)).status).toBe(201);
  expect((await tryCode({ ...recipient, browser: second.browser }, await acme.passcodeOf(recipient))).status).toBe(201);
});

test('a browser that never asked is told to ask', async () => {
  const never = await tryCode(await newRecipient(), '00000000');
  expect([never.status, codeOf(never)]).toEqual([410, 'passcode_void']);
});

test.each([
  { mails: 1, seconds: 30 },
  { mails: 5, seconds: 900 },
  { mails: 20, seconds: 86_400 },
])(
  'at most $mails passcode mails in $seconds seconds, and Retry-After says when',
  async ({ mails, seconds }) => {
    const recipient = await newRecipient();
    for (let mail = 0; mail < mails; mail += 1) {
      expect((await ask(api, recipient, 'POST', 'passcodes')).status).toBe(201);
      // Just over what the shorter limits ask for.
      await letTimePass(recipient, seconds / mails - (mails === 1 ? 30 : 10));
    }
    await letTimePass(recipient, mails === 1 ? 0 : 31);
    const refused = await ask(api, recipient, 'POST', 'passcodes');
    expect([refused.status, codeOf(refused)]).toEqual([429, 'too_many_requests']);
    const wait = Number(refused.headers.get('retry-after'));
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(seconds);
    await letTimePass(recipient, wait);
    expect((await ask(api, recipient, 'POST', 'passcodes')).status).toBe(201);
  },
  30_000,
);

test('twenty requests at once send one mail', async () => {
  const recipient = await newRecipient();
  const answers = await Promise.all(Array.from({ length: 20 }, () => ask(api, recipient, 'POST', 'passcodes')));
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
  expect(await acme.eventsOf(recipient.messageUid, 'PasscodeSend')).toHaveLength(1);
});

test('a network that asks too often waits, whatever the links', async () => {
  const recipient = { ...(await newRecipient()), visitorIp: '2001:db8::7' };
  await api.database.system.query(
    `insert into rate_limit (bucket, window_start, count) select bucket, to_timestamp(floor(extract(epoch from statement_timestamp()) / 600) * 600), 1000
     from unnest(array['passcode-mail:2001:db8:0:0::/64', 'passcode-mail-program:2001:db8:0:0::/64', 'passcode-try:2001:db8:0:0::/64']) as bucket`,
  );
  for (const answer of [await ask(api, recipient, 'POST', 'passcodes'), await tryCode(recipient, '00000000')]) {
    expect(answer.status).toBe(429);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  }
});

test('a revoked, an expired and an erased message send no passcode and sign nobody in, even with a right code', async () => {
  for (const [state, sql, status, code] of [
    ['revoked', 'update recipient set revoked_at = now() where message_uid = $1', 410, 'message_revoked'],
    ['expired', "update message set expires_at = now() - interval '1 second' where id = $1", 410, 'message_expired'],
    ['not_available', 'update message set erased_at = now() where id = $1', 404, 'not_found'],
  ] as const) {
    const recipient = await newRecipient();
    const { browser } = requested.parse((await ask(api, recipient, 'POST', 'passcodes')).json);
    const right = await acme.passcodeOf(recipient);
    await acme.scope.query(sql, [recipient.messageUid]);
    expect(linkAnswer.parse((await ask(api, recipient, 'GET')).json).state).toBe(state);
    for (const answer of [await ask(api, recipient, 'POST', 'passcodes'), await tryCode({ ...recipient, browser }, right)]) {
      expect([answer.status, codeOf(answer)]).toEqual([status, code]);
    }
    const events = await acme.eventsOf(recipient.messageUid, 'AuthenticateRequest');
    expect(events.map((event) => event.authenticationStatus)).toEqual(['Failure']);
  }
});

test('a template without passcodes sends none, takes none, and its message opens to no passcode session', async () => {
  const recipient = await newRecipient();
  const signedIn = await acme.signIn(recipient);
  const without = await newRecipient();
  await acme.scope.query(
    `insert into branding_template_revision (organization_id, id, name, content)
     select organization_id, $2, 'no passcodes', jsonb_set(content, '{otpEnabled}', 'false') from branding_template_revision
     where id = (select template_revision_id from message where id = $1)`,
    [without.messageUid, '0190a6f0-0000-7000-8000-0000000000ff'],
  );
  await acme.scope.query("update message set template_revision_id = '0190a6f0-0000-7000-8000-0000000000ff' where id = $1", [
    without.messageUid,
  ]);
  expect(linkAnswer.parse((await ask(api, without, 'GET')).json).methods).toEqual([]);
  const answers = [
    await ask(api, without, 'POST', 'passcodes'),
    await tryCode(without, '12345678'),
    await ask(api, { ...without, session: signedIn.session }, 'POST', 'access'),
    await ask(api, { ...without, session: signedIn.session }, 'GET', 'original'),
  ];
  for (const answer of answers) expect([answer.status, codeOf(answer)]).toEqual([403, 'sign_in_method_not_allowed']);
});

test('a session opens every message of its organization to its address, and nothing of another address or organization', async () => {
  const [bob, carol] = await acme.storeMail(mailWith(), ['bob@example.net', 'carol@example.net']);
  const [later] = await acme.storeMail(mailWith(), ['BOB@example.net']);
  const [elsewhere] = await globex.storeMail(mailWith(), ['bob@example.net']);
  if (!bob || !carol || !later || !elsewhere) throw new Error('no recipients');
  const { session } = await acme.signIn(bob);
  expect((await ask(api, { ...later, session }, 'POST', 'access')).status).toBe(201);
  for (const other of [carol, elsewhere]) {
    for (const [method, path] of [
      ['POST', 'access'],
      ['GET', 'original'],
      ['GET', 'body?access=0190a6f0-0000-7000-8000-0000000000aa'],
    ] as const) {
      const answer = await ask(api, { ...other, session }, method, path);
      expect([answer.status, codeOf(answer)]).toEqual([401, 'unauthenticated']);
    }
    expect(linkAnswer.parse((await ask(api, { ...other, session }, 'GET')).json).signedIn).toBe(false);
    // Nor does another's link end the session.
    expect((await ask(api, { ...other, session }, 'DELETE', 'session')).status).toBe(204);
  }
  expect((await ask(api, { ...bob, session }, 'POST', 'access')).status).toBe(201);
});

test('a session ends by signing out and after twelve hours', async () => {
  const recipient = await newRecipient();
  const signedIn = await acme.signIn(recipient);
  expect((await ask(api, signedIn, 'DELETE', 'session')).status).toBe(204);
  expect((await ask(api, signedIn, 'POST', 'access')).status).toBe(401);
  expect((await ask(api, signedIn, 'DELETE', 'session')).status).toBe(204);
  await letTimePass(recipient, 31);
  const again = await acme.signIn(recipient);
  await acme.scope.query("update recipient_session set expires_at = expires_at - interval '12 hours' where ended_at is null");
  expect((await ask(api, again, 'POST', 'access')).status).toBe(401);
});

test('a browser has one session: signing in anew ends the one that it held before, for whomever that was', async () => {
  const [bob, carol] = await acme.storeMail(mailWith(), ['bob@example.net', 'carol@example.net']);
  if (!bob || !carol) throw new Error('no recipients');
  const asBob = await acme.signIn(bob);
  const asked = requested.parse((await ask(api, { ...carol, session: asBob.session }, 'POST', 'passcodes')).json);
  const body = { passcode: await acme.passcodeOf(carol) };
  const browser = { ...carol, session: asBob.session, browser: asked.browser };
  const answer = await ask(api, browser, 'POST', 'session', { body });
  const { token: session } = z.object({ token: z.string() }).parse(answer.json);
  expect((await ask(api, asBob, 'POST', 'access')).status).toBe(401);
  expect((await ask(api, { ...carol, session }, 'POST', 'access')).status).toBe(201);
});
