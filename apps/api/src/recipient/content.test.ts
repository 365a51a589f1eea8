import { createHash, randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { fileURLToPath } from 'node:url';
import { statementsOf } from '@signet/db/testing/statement-count';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { startTestApi, type TestApi } from '../testing/test-api.ts';
import {
  ask,
  createFixture,
  headersFor,
  mailWith,
  open,
  pixel,
  propertyOf,
  type Answer,
  type Fixture,
  type SignedIn,
} from './testing/recipient-fixture.ts';

let api: TestApi;
let acme: Fixture;

beforeAll(async () => {
  api = await startTestApi();
  acme = await createFixture(api);
}, 60_000);
afterAll(() => acme.close());

const codeOf = (answer: Answer) => z.object({ code: z.string() }).parse(answer.json).code;

async function signedInTo(mail: Buffer): Promise<SignedIn> {
  const [recipient] = await acme.storeMail(mail);
  if (!recipient) throw new Error('no recipient');
  return acme.signIn(recipient);
}

/** Waits until something that happens after the answer has happened. */
async function eventually(check: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 8_000; Date.now() < end;) {
    if (await check()) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error('it did not happen in time');
}

const download = async (recipient: SignedIn) => (await acme.eventsOf(recipient.messageUid, 'AttachmentDownload')).at(-1);

test('an opening shows headers and attachments, and leaves one MessageAccess of the recipient', async () => {
  const recipient = await signedInTo(mailWith([{ name: 'Größe "x".pdf', type: 'application/pdf', content: Buffer.from('pdf') }]));
  const answer = await ask(api, recipient, 'POST', 'access');
  expect(answer.status).toBe(201);
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(answer.json).toMatchObject({
    message: {
      subject: expect.stringMatching(/^Secret plan/),
      sender: 'alice@acme.example',
      from: 'Alice Doe <alice@acme.example>',
      to: ['Bob <bob@example.net>'],
      cc: ['carol@example.net'],
      date: '2026-11-22T10:00:00.000Z',
      forwardingAllowed: true,
      hasHtml: true,
      originalOnly: false,
      attachments: [{ contentType: 'application/pdf', size: 3 }],
    },
  });
  const events = await acme.eventsOf(recipient.messageUid, 'MessageAccess');
  expect(events).toMatchObject([
    {
      operationStatus: 'Success',
      authenticationMethod: 'OTP',
      authenticationStatus: 'Success',
      recipients: ['bob@example.net'],
      actor: { kind: 'recipient', id: recipient.recipientId, address: 'bob@example.net' },
      clientIp: recipient.visitorIp,
      userAgent: 'Test/1.0',
    },
  ]);
});

test('an opening takes eight statements', async () => {
  const recipient = await signedInTo(mailWith());
  await open(api, recipient);
  const statements = await statementsOf(() => open(api, recipient));
  // Link with session, content; begin, check, access, receipt, outbox, commit.
  expect(statements).toHaveLength(8);
});

test('the body is a page of its own with its own policy, and its images come under the same opening', async () => {
  const recipient = await signedInTo(
    mailWith([], '<p onclick="x()">Hi<script>alert(1)</script><img src="cid:logo@acme"><img src="http://evil.example/x.png"></p>'),
  );
  const { accessId } = await open(api, recipient);
  const body = await ask(api, recipient, 'GET', `body?access=${accessId}`);
  expect(body.status).toBe(200);
  expect(body.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(body.headers.get('content-security-policy')).toMatch(
    /default-src 'none'.*img-src 'self' data:.*script-src 'none'.*frame-ancestors 'self'/,
  );
  expect(body.headers.get('cache-control')).toBe('no-store');
  expect(body.headers.get('x-content-type-options')).toBe('nosniff');
  expect(body.text).not.toMatch(/<script|onclick|evil\.example|cid:/);
  const [, source = ''] = /src="(inline\/\d+\?access=[0-9a-f-]+)"/.exec(body.text) ?? [];
  const image = await ask(api, recipient, 'GET', source);
  expect([image.status, image.headers.get('content-type'), image.headers.get('content-disposition')]).toEqual([200, 'image/png', 'inline']);
  expect(image.bytes).toEqual(pixel);
  expect(await acme.eventsOf(recipient.messageUid, 'MessageAccess')).toHaveLength(1);
});

test('a text-only message has a body too', async () => {
  const recipient = await signedInTo(
    Buffer.from(`From: a@acme.example\r\nSubject: text\r\nMessage-ID: <${randomBytes(6).toString('hex')}@x>\r\n\r\n1 < 2 & so on\r\n`),
  );
  const { accessId } = await open(api, recipient);
  expect((await ask(api, recipient, 'GET', `body?access=${accessId}`)).text).toContain('1 &lt; 2 &amp; so on');
});

test('an opening lets body and images through for a quarter of an hour, in its own session, for its own message', async () => {
  const recipient = await signedInTo(mailWith());
  const other = await signedInTo(mailWith());
  const { accessId } = await open(api, recipient);
  const elsewhere = await ask(api, { ...other, session: recipient.session }, 'GET', `body?access=${accessId}`);
  expect([elsewhere.status, codeOf(elsewhere)]).toEqual([404, 'not_found']);
  expect((await ask(api, { ...recipient, session: other.session }, 'GET', `body?access=${accessId}`)).status).toBe(404);
  expect((await ask(api, recipient, 'GET', `body?access=${crypto.randomUUID()}`)).status).toBe(404);
  expect((await ask(api, recipient, 'GET', 'body?access=x')).status).toBe(400);
  await acme.scope.query("update message_access set expires_at = expires_at - interval '15 minutes' where id = $1", [accessId]);
  expect((await ask(api, recipient, 'GET', `body?access=${accessId}`)).status).toBe(404);
  expect((await ask(api, recipient, 'GET', `inline/3?access=${accessId}`)).status).toBe(404);
});

test('a refused request for body or file is its own operation with Failure, a refused opening is gathered', async () => {
  for (const [sql, code, reason] of [
    ['update recipient set revoked_at = now() where message_uid = $1', 'message_revoked', 'Revoked'],
    ['update message set expires_at = now() where id = $1', 'message_expired', 'Expired'],
  ] as const) {
    const recipient = await signedInTo(mailWith([{ name: 'a.txt', content: Buffer.from('secret') }]));
    const { accessId, message } = await open(api, recipient);
    const file = `attachments/${message.attachments[0]?.index}`;
    await acme.scope.query(sql, [recipient.messageUid]);
    for (const [method, path] of [
      ['POST', 'access'],
      ['GET', `body?access=${accessId}`],
      ['GET', `inline/3?access=${accessId}`],
      ['GET', file],
      ['GET', 'original'],
    ] as const) {
      const answer = await ask(api, recipient, method, path);
      expect([answer.status, codeOf(answer)]).toEqual([410, code]);
    }
    const failures = (await acme.eventsOf(recipient.messageUid)).filter((event) => event.operationStatus === 'Failure');
    expect(failures.map((event) => [event.operation, event.attachmentName, propertyOf(event, 'Reason')])).toEqual([
      ['MessageAccess', null, reason],
      ['AttachmentDownload', 'a.txt', reason],
      ['MessageDownload', null, reason],
    ]);
    // By minute, so in one or, where one ends meanwhile, two.
    const gathered = await acme.scope.query(
      'select kind, reason, sum(count)::int as count from link_touch where recipient_id = $1 group by kind, reason',
      [recipient.recipientId],
    );
    expect(gathered).toEqual([{ kind: 'access', reason, count: 2 }]);
    await acme.scope.query('update recipient set revoked_at = null where message_uid = $1', [recipient.messageUid]);
    await acme.scope.query('update message set expires_at = null where id = $1', [recipient.messageUid]);
    expect((await ask(api, recipient, 'GET', file)).status).toBe(200);
  }
});

test('who asks for refused content on and on is sent away, and writes no more events', async () => {
  const reader = await signedInTo(mailWith([{ name: 'plan.txt', content: Buffer.from('plan') }]));
  await acme.changeState('revoke', reader.messageUid);
  // A window may end in between.
  const answers = await Promise.all(Array.from({ length: 700 }, () => ask(api, reader, 'GET', 'original')));
  const refused = answers.filter((answer) => codeOf(answer) === 'message_revoked').length;
  const sentAway = answers.filter((answer) => codeOf(answer) === 'too_many_requests');
  expect([refused, refused + sentAway.length]).toEqual([expect.any(Number), 700]);
  expect(sentAway.length).toBeGreaterThanOrEqual(100);
  expect(Number(sentAway[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await acme.eventsOf(reader.messageUid, 'MessageDownload')).toHaveLength(refused);
});

test('an attachment is handed out as a download that nothing runs', async () => {
  const content = Buffer.from('<script>alert(1)</script>');
  const recipient = await signedInTo(mailWith([{ name: 'Grüße.html', type: 'text/html', content }]));
  const { message } = await open(api, recipient);
  const answer = await ask(api, recipient, 'GET', `attachments/${message.attachments[0]?.index}`);
  expect(answer.status).toBe(200);
  expect(answer.bytes).toEqual(content);
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'content-type': 'application/octet-stream',
    'content-length': String(content.length),
    'content-disposition': expect.stringMatching(/^attachment; filename="Gr.{1,6}e\.html"; filename\*=UTF-8''Gr%C3%BC%C3%9Fe\.html$/),
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
    'accept-ranges': 'bytes',
    etag: `"${createHash('sha256').update(content).digest('hex')}"`,
  });
  await eventually(async () => propertyOf(await download(recipient), 'Complete') === 'true');
  expect(propertyOf(await download(recipient), 'BytesSent')).toBe(String(content.length));
});

test('a download of many ranges is one event, complete with the bytes that left; one broken off is not complete', async () => {
  const content = randomBytes(300_000);
  const recipient = await signedInTo(mailWith([{ name: 'big.bin', content }]));
  const { message } = await open(api, recipient);
  const path = `attachments/${message.attachments[0]?.index}`;
  const rangeOf = (range: string, more = {}) => ask(api, recipient, 'GET', path, { headers: { range, ...more } });

  const parts = [await rangeOf('bytes=0-99999'), await rangeOf('bytes=100000-199999'), await rangeOf('bytes=150000-249999')];
  for (const part of parts) expect(part.status).toBe(206);
  expect(parts[1]?.headers.get('content-range')).toBe('bytes 100000-199999/300000');
  await eventually(async () => propertyOf(await download(recipient), 'BytesSent') === '300000');
  expect(propertyOf(await download(recipient), 'Complete')).toBe('false');
  const last = await rangeOf('bytes=-50000', { 'if-range': parts[0]?.headers.get('etag') });
  expect(last.status).toBe(206);
  for (const [part, start, end] of [
    [parts[0], 0, 100_000],
    [parts[1], 100_000, 200_000],
    [parts[2], 150_000, 250_000],
    [last, 250_000, 300_000],
  ] as const) {
    expect([part?.bytes.length, part?.bytes.equals(content.subarray(start, end))]).toEqual([end - start, true]);
  }
  await eventually(async () => propertyOf(await download(recipient), 'Complete') === 'true');
  expect(await acme.eventsOf(recipient.messageUid, 'AttachmentDownload')).toHaveLength(1);
  expect(propertyOf(await download(recipient), 'BytesSent')).toBe('350000');
  const [due] = await acme.scope.query<{ due: boolean }>(
    "select next_attempt_at <= clock_timestamp() as due from outbox where message_uid = $1 and payload ->> 'operation' = 'AttachmentDownload'",
    [recipient.messageUid],
  );
  expect(due).toEqual({ due: true });

  expect((await rangeOf('bytes=0-9', { 'if-range': '"another"' })).status).toBe(200);
  const outside = await rangeOf('bytes=300000-');
  expect([outside.status, codeOf(outside), outside.headers.get('content-range')]).toEqual([416, 'range_not_satisfiable', 'bytes */300000']);
});

test('a download broken off by its reader is not complete, counts what left, and its event waits a while for another range', async () => {
  const content = randomBytes(12 * 1024 * 1024);
  const recipient = await signedInTo(mailWith([{ name: 'big.bin', content }]));
  const { message } = await open(api, recipient);
  await new Promise<void>((resolve, reject) => {
    const asked = request(
      `${api.url}/v1/links/${recipient.token}/attachments/${message.attachments[0]?.index}`,
      { headers: headersFor(api, recipient) },
      (answer) => {
        answer.once('data', () => {
          asked.destroy();
          resolve();
        });
      },
    );
    asked.on('error', reject).end();
  });
  await eventually(async () => Number(propertyOf(await download(recipient), 'BytesSent')) > 0);
  const event = await download(recipient);
  expect(propertyOf(event, 'Complete')).toBe('false');
  expect(Number(propertyOf(event, 'BytesSent'))).toBeLessThan(content.length);
  const [row] = await acme.scope.query<{ seconds: number }>(
    "select extract(epoch from next_attempt_at - clock_timestamp())::float8 as seconds from outbox where message_uid = $1 and payload ->> 'operation' = 'AttachmentDownload'",
    [recipient.messageUid],
  );
  expect(row?.seconds).toBeGreaterThan(5);
  expect(row?.seconds).toBeLessThanOrEqual(15);
});

test('the original is handed out where it may be taken along, and forbidden where not', async () => {
  const mail = mailWith();
  const recipient = await signedInTo(mail);
  const answer = await ask(api, recipient, 'GET', 'original');
  expect([answer.status, answer.headers.get('content-type'), answer.headers.get('content-disposition')]).toEqual([
    200,
    'message/rfc822',
    'attachment; filename=message.eml',
  ]);
  expect(answer.bytes).toEqual(mail);
  expect((await ask(api, recipient, 'GET', 'original', { headers: { range: 'bytes=10-19' } })).bytes).toEqual(mail.subarray(10, 20));
  const [event] = await acme.eventsOf(recipient.messageUid, 'MessageDownload');
  expect(event?.attachmentName).toBeNull();
  await acme.scope.query(
    `update branding_template_revision set content = jsonb_set(content, '{forwardingAllowed}', 'false')
     where id = (select template_revision_id from message where id = $1)`,
    [recipient.messageUid],
  );
  try {
    const forbidden = await ask(api, recipient, 'GET', 'original');
    expect([forbidden.status, codeOf(forbidden)]).toEqual([403, 'forbidden']);
  } finally {
    await acme.scope.query(`update branding_template_revision set content = jsonb_set(content, '{forwardingAllowed}', 'true')`);
  }
});

test('parts that are not there, not offered or not an image are 404', async () => {
  const recipient = await signedInTo(mailWith([{ name: 'x.svg', type: 'image/svg+xml', content: Buffer.from('<svg/>') }]));
  const { accessId, message } = await open(api, recipient);
  for (const path of [
    'attachments/99',
    'attachments/0',
    'attachments/1',
    `inline/99?access=${accessId}`,
    `inline/0?access=${accessId}`,
    `inline/${message.attachments[0]?.index}?access=${accessId}`,
  ]) {
    const answer = await ask(api, recipient, 'GET', path);
    expect([path, answer.status]).toEqual([path, 404]);
  }
  expect((await ask(api, recipient, 'GET', 'attachments/x')).status).toBe(400);
});

test('an empty attachment is a complete download of nothing', async () => {
  const recipient = await signedInTo(mailWith([{ name: 'empty.txt', content: Buffer.alloc(0) }]));
  const { message } = await open(api, recipient);
  const answer = await ask(api, recipient, 'GET', `attachments/${message.attachments[0]?.index}`);
  expect([answer.status, answer.bytes.length, answer.headers.get('content-length')]).toEqual([200, 0, '0']);
  await eventually(async () => propertyOf(await download(recipient), 'Complete') === 'true');
});

async function damageBlob(recipient: SignedIn, part: string, at: 'first' | 'last'): Promise<void> {
  const [row] = await acme.scope.query<{ blob_name: string; stored: { segments: { offset: number; length: number }[] } }>(
    'select m.blob_name, p.stored from message m join message_part p on p.message_uid = m.id where m.id = $1 and p.part = $2',
    [recipient.messageUid, part],
  );
  if (!row) throw new Error('no such part');
  const { blob_name: name, stored } = row;
  const path = `${fileURLToPath(api.settings.BLOB_URL)}/${acme.organization.id}/${name.slice(0, 2)}/${name}`;
  const bytes = await readFile(path);
  const segment = at === 'first' ? stored.segments[0] : stored.segments.at(-1);
  const place = segment ? segment.offset + segment.length - 5 : 0;
  bytes[place] = (bytes[place] ?? 0) ^ 1;
  await writeFile(path, bytes);
}

test('damage that shows at once gives no byte, a Failure and an alarm', async () => {
  const recipient = await signedInTo(mailWith([{ name: 'a.txt', content: Buffer.from('canary-content') }]));
  const { message } = await open(api, recipient);
  await damageBlob(recipient, 'attachment-1', 'first');
  const answer = await ask(api, recipient, 'GET', `attachments/${message.attachments[0]?.index}`);
  expect([answer.status, codeOf(answer)]).toEqual([500, 'internal_error']);
  expect(await download(recipient)).toMatchObject({ operationStatus: 'Failure' });
  expect(propertyOf(await download(recipient), 'Reason')).toBe('ContentDamaged');
  expect(api.logLines.some((line) => line.includes('"alarm":true') && line.includes(recipient.messageUid))).toBe(true);
  expect(await api.metrics.registry.getSingleMetricAsString('signet_content_damaged_total')).toMatch(/ [1-9]\d*$/m);
});

test('damage that shows midway resets the connection, never a clean end, and is a Failure with an alarm', async () => {
  const content = randomBytes(9 * 1024 * 1024);
  const recipient = await signedInTo(mailWith([{ name: 'big.bin', content }]));
  const { message } = await open(api, recipient);
  await damageBlob(recipient, 'attachment-1', 'last');
  const outcome = ask(api, recipient, 'GET', `attachments/${message.attachments[0]?.index}`).then(
    (answer) => `whole: ${answer.status}`,
    (error: unknown) => String(error),
  );
  expect(await outcome).toMatch(/terminated|fetch failed/);
  await eventually(async () => (await download(recipient))?.operationStatus === 'Failure');
  const event = await download(recipient);
  expect([propertyOf(event, 'Reason'), propertyOf(event, 'Complete')]).toEqual(['ContentDamaged', 'false']);
  expect(Number(propertyOf(event, 'BytesSent'))).toBeGreaterThan(0);
});

test('nothing of a message, no token and no secret is in the log', async () => {
  const recipient = await signedInTo(mailWith([{ name: 'canary-name.txt', content: Buffer.from('canary-content') }], '<p>canary-body</p>'));
  const { accessId, message } = await open(api, recipient);
  await ask(api, recipient, 'GET', `body?access=${accessId}`);
  await ask(api, recipient, 'GET', `attachments/${message.attachments[0]?.index}`);
  const log = api.logLines.join('\n');
  expect(log).toContain('/v1/links/:token/body');
  for (const secret of ['canary', 'Secret plan', recipient.token, recipient.session, recipient.browser, 'bob@example.net', accessId]) {
    expect([secret, log.includes(secret)]).toEqual([secret, false]);
  }
});

test('an attached picture is given as a download, with its event, and never as an image of a body that does not show it', async () => {
  const recipient = await signedInTo(mailWith([{ name: 'plan.png', type: 'image/png', content: pixel }]));
  const { accessId, message } = await open(api, recipient);
  const index = message.attachments[0]?.index;
  expect((await ask(api, recipient, 'GET', `inline/${index}?access=${accessId}`)).status).toBe(404);
  expect((await ask(api, recipient, 'GET', `attachments/${index}`)).bytes.equals(pixel)).toBe(true);
  expect(await acme.eventsOf(recipient.messageUid, 'AttachmentDownload')).toHaveLength(1);
});
