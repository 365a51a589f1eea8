import type { ExposureReport } from '@signet/api-contract/messages';
import { expect, test } from 'vitest';
import { startTestApi } from '../testing/test-api.ts';
import { ask, createTestOrganization, ingestAll, submitMail } from '../testing/test-organization.ts';
import { exposurePage } from './exposure-page.ts';

const at = (second: number) => `2026-11-24T10:00:${String(second).padStart(2, '0')}.123Z`;

type Recipient = ExposureReport['recipients'][number];

const step = (fields: Partial<Recipient['before'][number]> = {}): Recipient['before'][number] => ({
  id: '0199f0a2-0000-7000-8000-00000000000a',
  operation: 'AttachmentDownload',
  creationTime: at(1),
  attachmentName: 'figures.csv',
  bytesSent: 1200,
  size: 5000,
  complete: false,
  operationStatus: 'Success',
  reason: null,
  count: 1,
  authenticationMethod: 'OTP',
  clientIp: '192.0.2.1',
  clientIpRecorded: 'full',
  userAgent: 'Reader/1.0',
  userAgentRecorded: 'full',
  ...fields,
});

const recipient = (fields: Partial<Recipient> = {}): Recipient => ({
  address: 'bob@example.net',
  deliveryState: 'sent',
  unwrapped: false,
  revokedAt: at(5),
  restoredAt: null,
  before: [],
  after: [],
  ...fields,
});

const report = (fields: Partial<ExposureReport> = {}): ExposureReport => ({
  id: '0199f0a2-0000-7000-8000-000000000003',
  messageId: '<m1@acme.example>',
  organizationName: 'Acme',
  subject: 'Figures',
  subjectRecorded: 'full',
  sender: 'alice@acme.example',
  acceptedAt: at(0),
  attachments: [{ name: 'figures.csv', contentType: 'text/csv', size: 5000, sha256: 'a'.repeat(64) }],
  readAt: at(9),
  basis: 'recorded',
  tracking: { state: 'on', since: at(0), reason: null },
  gaps: [],
  removed: null,
  revocations: [{ at: at(5), by: 'admin@acme.example', reason: 'Wrong Bob', recipients: ['bob@example.net'] }],
  restorations: [],
  recipients: [recipient()],
  ...fields,
});

const pageOf = (fields: Partial<ExposureReport> = {}, zone?: string, origins = true) => exposurePage(report(fields), { zone, origins });
/** What people read of it: no tags, one blank between words. */
const textOf = (page: string) =>
  page
    .replaceAll(/<style>.*?<\/style>|<[^>]+>/gs, ' ')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(' ,', ',');

test('it says who, what, when and how much, on which side of the revocation, and who took it back for whom and why', () => {
  const text = textOf(
    pageOf({
      recipients: [
        recipient({
          before: [
            step(),
            step({ creationTime: at(2), complete: true, bytesSent: 5000 }),
            step({ operation: 'MessageAccess', bytesSent: null }),
          ],
          after: [
            step({
              creationTime: at(7),
              operationStatus: 'Failure',
              reason: 'Revoked',
              bytesSent: 0,
              count: 3,
              operation: 'MessageAccess',
            }),
          ],
        }),
      ],
      restorations: [{ at: at(8), by: 'alice@acme.example', reason: null, recipients: ['bob@example.net'] }],
    }),
  );
  expect(text).toContain('Acme Exposure report');
  expect(text).toContain('1 recipient of 1 had been given content; 1 of those who were revoked had been given it before.');
  expect(text).toContain('3 tries to get content were refused.');
  expect(text).toContain('2026-11-24 10:00:05.123 UTC Revoked admin@acme.example Reason: Wrong Bob bob@example.net');
  expect(text).toContain('2026-11-24 10:00:08.123 UTC Restored alice@acme.example No reason was given.');
  expect(text).toContain('2026-11-24 10:00:01.123 UTC Given : download of figures.csv Begun, not complete 1,200 of 5,000 bytes');
  expect(text).toContain('Complete 5,000 of 5,000 bytes');
  expect(text).toContain('Refused : the message was opened (3 times within a minute) Reason: Revoked');
  expect(text.indexOf('Before the revocation')).toBeLessThan(text.indexOf('Given :'));
  expect(text.indexOf('After it')).toBeLessThan(text.indexOf('Refused :'));
  expect(text).toContain('Every step on this message was recorded.');
  expect(text).toContain(`It was made on 2026-11-24 10:00:09.123 UTC`);
  expect(text).toContain('a'.repeat(64));
});

test('what was not recorded is said, and never becomes a “nobody”', () => {
  const partly = textOf(
    pageOf({
      basis: 'partly_recorded',
      gaps: [
        { from: at(2), to: at(3) },
        { from: at(4), to: null },
      ],
    }),
  );
  expect(partly).toContain('Not recorded from 2026-11-24 10:00:02.123 UTC to 2026-11-24 10:00:03.123 UTC');
  expect(partly).toContain('Not recorded from 2026-11-24 10:00:04.123 UTC to the time of this report');
  expect(partly).toContain('Nothing that is on record.');
  expect(partly).toContain('had been given content as far as is on record');
  const removed = textOf(pageOf({ basis: 'partly_recorded', removed: { steps: 2, from: at(1), to: at(3) } }));
  expect(removed).toContain('The records of 2 steps about content');
  expect(removed).toContain('Nothing that is on record.');
  const never = textOf(
    pageOf({
      basis: 'not_recorded',
      gaps: [{ from: at(0), to: null }],
      tracking: { state: 'off', since: null, reason: 'default_template' },
    }),
  );
  expect(never).toContain('Who was given its content is not known');
  expect(never).toContain('Messages under the default template are never tracked.');
  for (const text of [partly, never]) expect(text).not.toMatch(/No content was given|nobody/i);
  expect(textOf(pageOf({ recipients: [recipient({ unwrapped: true, revokedAt: null })] }))).toContain('Gets the message unwrapped');
});

test('hostile texts of every kind are texts: no tag, no attribute, no direction of writing comes from them', () => {
  const hostile = `"'><img src=x onerror=alert(1)><script>alert(1)</script></style>\u202egpj.exe\u0000`;
  const page = pageOf({
    organizationName: hostile,
    subject: hostile,
    sender: hostile,
    messageId: hostile,
    attachments: [{ name: hostile, contentType: hostile, size: 1, sha256: 'b'.repeat(64) }],
    revocations: [{ at: at(5), by: hostile, reason: hostile, recipients: [hostile] }],
    recipients: [
      recipient({
        address: hostile,
        before: [step({ attachmentName: hostile, userAgent: hostile, clientIp: hostile })],
        after: [step({ operationStatus: 'Failure', reason: hostile })],
      }),
    ],
  });
  expect(page).not.toMatch(/<(?:img|script)/i);
  expect(page).not.toContain(`"'>`);
  expect(page.match(/<style>/g)).toHaveLength(1);
  expect(page.match(/<\/style>/g)).toHaveLength(1);
  expect(page.replaceAll(/data:application\/json;base64,[\w+/=]+/g, '')).not.toContain('\u202e');
  expect(page).toContain('[U+202E]gpj.exe');
});

test('the JSON that it was written from is in it, whole', () => {
  const given = report({ subject: '<b>Figures</b>' });
  const [, encoded = ''] =
    /href="data:application\/json;base64,([^"]+)"/.exec(exposurePage(given, { zone: undefined, origins: true })) ?? [];
  expect(JSON.parse(Buffer.from(encoded, 'base64').toString())).toEqual(given);
});

test('times stand in UTC, and in the zone that is asked for besides', () => {
  expect(textOf(pageOf({}, 'Europe/Zurich'))).toContain('2026-11-24 10:00:05.123 UTC (24 Nov 2026, 11:00:05 CET)');
  expect(textOf(pageOf({}, 'Europe/Zurich'))).toContain('besides in the zone Europe/Zurich');
  expect(textOf(pageOf())).not.toContain('(24 Nov');
});

const api = await startTestApi();
const acme = await createTestOrganization(api);
const id = await submitMail(api, acme, { subject: 'Quarterly <b>figures</b>' });
const page = { key: acme.apiKey, headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } };

test('200 as HTML where a browser asks, in JSON to everybody else; it runs nothing, asks for nothing, and is on record', async () => {
  const answer = await ask(api, `GET /v1/messages/${id}/exposure?zone=Asia/Tokyo`, page);
  expect(answer.status, answer.text).toBe(200);
  expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(answer.headers.get('vary')).toContain('accept');
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(answer.headers.get('content-security-policy')).toMatch(/^default-src 'none'/);
  expect(answer.text).toContain('Quarterly &lt;b&gt;figures&lt;/b&gt;');
  expect(answer.text).toContain('Asia/Tokyo');
  const json = await ask(api, `GET /v1/messages/${id}/exposure`, { key: acme.apiKey });
  expect(json.headers.get('content-type')).toMatch(/^application\/json/);
  expect(json.headers.get('vary')).toContain('accept');
  expect(json.body).toMatchObject({ id, basis: 'recorded' });
  await ingestAll(api);
  const records = await ask(api, `GET /v1/admin-records?target=${id}&action=ExposureRead`, { key: acme.apiKey });
  expect(records.body['items']).toHaveLength(2);
});

test('400, 401 and 404 are problems, for people too', async () => {
  const wrong = await ask(api, `GET /v1/messages/${id}/exposure?zone=%2B01:00`, page);
  expect([wrong.status, wrong.headers.get('content-type')]).toEqual([400, 'application/problem+json']);
  expect((await ask(api, `GET /v1/messages/${id}/exposure`, { headers: page.headers })).status).toBe(401);
  const absent = await ask(api, `GET /v1/messages/${crypto.randomUUID()}/exposure`, page);
  expect([absent.status, absent.body['code']]).toEqual([404, 'not_found']);
});

test('what the privacy policy reduced is said to be reduced, at each step and for the report as a whole', () => {
  const reduced = step({ clientIp: '192.0.2.0/24', clientIpRecorded: 'truncated', userAgent: null, userAgentRecorded: 'none' });
  const text = textOf(pageOf({ subject: 'Fig…', subjectRecorded: 'truncated', recipients: [recipient({ before: [reduced, step()] })] }));
  expect(text).toContain('Fig… (cut off by the privacy policy)');
  expect(text).toContain('192.0.2.0/24 (network) · program not recorded (privacy policy)');
  expect(text).toContain('had addresses or programs reduced at 1 step of this report');
  expect(textOf(pageOf({ recipients: [recipient({ before: [step()] })] }))).not.toContain('privacy policy');
});
