import { portalHeader } from '@signet/api-contract/portal-headers';
import { newId } from '@signet/db/database';
import { flushLinkTouches } from '@signet/db/link-touch-flush';
import { asSuperuser } from '@signet/db/testing/test-database';
import type { AuditEntry } from '@signet/domain/audit/entry';
import type { RecordedForm } from '@signet/domain/privacy-policy';
import { expect, test } from 'vitest';
import { issueAccess } from '../organization/seed-organization.ts';
import { ask as asRecipient, createFixture, propertyOf } from '../recipient/testing/recipient-fixture.ts';
import { startTestApi } from '../testing/test-api.ts';
import { ask, ingestAll } from '../testing/test-organization.ts';

const api = await startTestApi();
const HASHED = /^hmac-sha256:[\w-]{43}$/;
let organizations = 0;

/** An organization of its own with a policy, and a visitor whom nobody else in the database is. */
async function organizationWith(policy: object) {
  organizations += 1;
  const domain = `acme${organizations}.example`;
  const fixture = await createFixture(api, { domain });
  const { apiKey: key } = await issueAccess(api.database, fixture.organization.id, domain);
  const change = async (body: object) => {
    const answer = await ask(api, 'PATCH /v1/configuration', { key, body });
    expect(answer.status, answer.text).toBe(200);
    return answer;
  };
  await change(policy);
  return { ...fixture, key, change, words: { subject: `subject${organizations}x`, agent: `agent${organizations}x` } };
}
type Organization = Awaited<ReturnType<typeof organizationWith>>;

const visitors = (n: number) => `192.0.2.${100 + n}`;
const agentWith = (marker: string) =>
  `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125.0.6422.1 Safari/537.36 ${marker}`;

/** A message is sent, its link touched, and it is opened; all of it is told in the outbox, and not yet in entries. */
async function readOne({ storeMail, signIn, words }: Pick<Organization, 'storeMail' | 'signIn' | 'words'>, visitorIp: string) {
  const subject = `Merger of Alpha and ${words.subject}`;
  const raw = Buffer.from(`From: a@acme.example\r\nSubject: ${subject}\r\nMessage-ID: <${newId()}@acme.example>\r\n\r\nHello`);
  const [recipient] = await storeMail(raw);
  if (!recipient) throw new Error('Nobody got it');
  const headers = { [portalHeader.visitorAgent]: agentWith(words.agent) };
  await asRecipient(api, { ...recipient, visitorIp }, 'GET', '', { headers });
  const reader = await signIn({ ...recipient, visitorIp });
  const opened = await asRecipient(api, reader, 'POST', 'access', { headers });
  expect(opened.json).toMatchObject({ message: { subject } });
  await asSuperuser(api.settings.DATABASE_URL, "update link_touch set minute = minute - interval '2 minutes'");
  return { ...reader, subject };
}

/** Tables in which a text stands, in whatever column. What counts tries, and is forgotten within the day, is no recording. */
async function tablesWith(text: string): Promise<string[]> {
  const url = api.settings.DATABASE_URL;
  const tables = await asSuperuser<{ name: string }>(
    url,
    "select table_name as name from information_schema.tables where table_schema = 'public' and table_name <> 'rate_limit' order by 1",
  );
  const looks = tables.map(({ name }) => `select '${name}' as name where exists (select from "${name}" t where t::text like '%${text}%')`);
  return (await asSuperuser<{ name: string }>(url, looks.join(' union all '))).map(({ name }) => name);
}

async function entriesOf({ key }: Organization, messageUid: string): Promise<AuditEntry[]> {
  await flushLinkTouches(api.database);
  await ingestAll(api);
  const found = await ask(api, `GET /v1/audit-entries?messageId=${messageUid}`, { key });
  return found.body['items'] as AuditEntry[];
}

const fields = {
  recordedClientIp: {
    what: (_words: Organization['words'], visitorIp: string) => visitorIp,
    in: (entry: AuditEntry) => entry.clientIp,
    mark: 'ClientIpRecorded',
    truncated: '192.0.2.0/24',
  },
  recordedUserAgent: {
    what: (words: Organization['words']) => words.agent,
    in: (entry: AuditEntry) => entry.userAgent,
    mark: 'UserAgentRecorded',
    truncated: 'Chrome 125 on Linux',
  },
  recordedSubject: {
    what: (words: Organization['words']) => words.subject,
    in: (entry: AuditEntry) => propertyOf(entry, 'MailSubject') ?? null,
    mark: 'MailSubjectRecorded',
    truncated: 'Merger of…',
  },
} as const;

const cases = Object.keys(fields).flatMap((setting) =>
  (['full', 'truncated', 'hash', 'none'] as const).map((form) => [setting as keyof typeof fields, form] as const),
);

test.each(cases)(
  '%s as %s: what it hides occurs nowhere in the database, and the recipient sees all of it',
  async (setting, form: RecordedForm) => {
    const field = fields[setting];
    const organization = await organizationWith({ [setting]: form });
    const visitorIp = visitors(organizations);
    const hidden = field.what(organization.words, visitorIp);
    const { messageUid } = await readOne(organization, visitorIp);
    const inOutbox = await tablesWith(hidden);
    const entries = await entriesOf(organization, messageUid);
    const inEntries = await tablesWith(hidden);
    const found = [inOutbox.includes('outbox'), inOutbox.length > 0, inEntries.includes('audit_entry'), inEntries.length > 0];
    expect(found, `${inOutbox.join()}; ${inEntries.join()}`).toEqual(Array(4).fill(form === 'full'));

    const told = entries.filter(({ operation }) => operation === 'MessageAccess' || operation === 'LinkTouch');
    expect(told.map(({ operation }) => operation).toSorted()).toEqual(['LinkTouch', 'MessageAccess']);
    for (const entry of told) {
      const value = field.in(entry);
      const wanted = {
        full: expect.stringContaining(hidden),
        hash: expect.stringMatching(HASHED),
        none: null,
        truncated: field.truncated,
      };
      expect(value).toEqual(wanted[form]);
      expect(propertyOf(entry, field.mark)).toBe(form === 'full' ? undefined : form);
    }
    expect(new Set(told.map(field.in)).size).toBe(1);

    const { key } = organization;
    const report = await ask(api, `GET /v1/messages/${messageUid}/exposure`, { key });
    const page = await ask(api, `GET /v1/messages/${messageUid}/exposure`, { key, headers: { accept: 'text/html' } });
    const sees = form === 'full';
    expect([report.status, report.text.includes(hidden), page.status, page.text.includes(hidden)]).toEqual([200, sees, 200, sees]);
    expect(/privacy policy/i.test(page.text)).toBe(!sees);

    const words = `subject=${organization.words.subject}`;
    const isFound = setting !== 'recordedSubject' || form === 'full';
    const messages = await ask(api, `GET /v1/messages?${words}`, { key });
    const trail = await ask(api, `GET /v1/audit-entries?${words}&messageId=${messageUid}`, { key });
    expect([messages, trail].map(({ body }) => (body['items'] as object[]).length > 0)).toEqual([isFound, isFound]);
  },
);

test('equal values have one hash within an organization, and another one in every other organization; its key is told nobody', async () => {
  const hashing = { recordedClientIp: 'hash', recordedUserAgent: 'hash', recordedSubject: 'hash' };
  const [one, other] = [await organizationWith(hashing), await organizationWith(hashing)];
  const words = { subject: 'same', agent: 'same' };
  const read = async (organization: Organization) => {
    const { messageUid } = await readOne({ ...organization, words }, '192.0.2.99');
    const [opening] = (await entriesOf(organization, messageUid)).filter(({ operation }) => operation === 'MessageAccess');
    return [opening?.clientIp, opening?.userAgent, opening && propertyOf(opening, 'MailSubject')];
  };
  const [first, again, elsewhere] = [await read(one), await read(one), await read(other)];
  expect(again).toEqual(first);
  expect(new Set([...first, ...elsewhere]).size).toBe(6);
  const keys = await api.database.system.query<{ sealed: string }>("select encode(sealed_key, 'base64') as sealed from recording_key");
  const told = await ask(api, 'GET /v1/configuration', { key: one.key });
  expect(keys.length).toBeGreaterThan(1);
  expect(keys.some(({ sealed }) => told.text.includes(sealed.slice(0, 20)))).toBe(false);
});

test('a message goes on under a policy that changes: what was stored stays, and nothing is told of it that is less strict than it is stored', async () => {
  const organization = await organizationWith({});
  const { change, words } = organization;
  const subjects = async (messageUid: string) =>
    (await entriesOf(organization, messageUid)).map((entry) => [
      entry.operation,
      propertyOf(entry, 'MailSubject') ?? null,
      propertyOf(entry, 'MailSubjectRecorded') ?? 'full',
    ]);
  const early = await readOne(organization, '192.0.2.90');
  await change({ recordedSubject: 'truncated' });
  const late = await readOne(organization, '192.0.2.91');
  await organization.changeState('revoke', early.messageUid);
  await change({ recordedSubject: 'full' });
  await organization.changeState('revoke', late.messageUid);
  await change({ recordedSubject: 'hash' });
  await organization.changeState('restore', early.messageUid);
  await organization.changeState('restore', late.messageUid);

  const ofEarly = await subjects(early.messageUid);
  expect(ofEarly).toContainEqual(['MessageSend', `Merger of Alpha and ${words.subject}`, 'full']);
  expect(ofEarly).toContainEqual(['MessageRevoke', 'Merger of…', 'truncated']);
  expect(ofEarly).toContainEqual(['MessageRestore', expect.stringMatching(HASHED), 'hash']);
  const ofLate = await subjects(late.messageUid);
  expect(ofLate).toContainEqual(['MessageRevoke', 'Merger of…', 'truncated']);
  // A hash of what was cut off would be the hash of something else.
  expect(ofLate).toContainEqual(['MessageRestore', null, 'none']);
  const shown = await ask(api, `GET /v1/messages/${late.messageUid}`, { key: organization.key });
  expect(shown.body).toMatchObject({ subject: 'Merger of…', subjectRecorded: 'truncated' });
});

test('each change of the policy and of the limits is a record that shows what was before and what is now', async () => {
  const { key, change } = await organizationWith({});
  await change({ recordedClientIp: 'truncated', recordedSubject: 'none', maxRecipients: 20, maxMessageBytes: 100_000 });
  await ingestAll(api);
  const records = await ask(api, 'GET /v1/admin-records?action=ConfigurationChange', { key });
  expect(records.body['items']).toMatchObject([
    {
      before: { recordedClientIp: 'full', recordedSubject: 'full', maxRecipients: 1000, maxMessageBytes: null },
      after: { recordedClientIp: 'truncated', recordedSubject: 'none', maxRecipients: 20, maxMessageBytes: 100_000 },
    },
  ]);
});

test('a message over the organization’s limits is refused, with what is wrong; no organization has more than the installation takes', async () => {
  const { key, change, organization } = await organizationWith({ maxRecipients: 2, maxMessageBytes: 65_536 });
  const submit = (recipients: number, bytes: number) => {
    const raw = Buffer.from(`Subject: x\r\n\r\n${'x'.repeat(bytes)}`).toString('base64');
    const addresses = Array.from({ length: recipients }, (_, index) => `r${index}@example.net`);
    return ask(api, 'POST /v1/messages', { key, body: { sender: `alice@${organization.domain}`, recipients: addresses, raw } });
  };
  expect((await submit(3, 10)).body).toMatchObject({ status: 400, errors: [{ pointer: '/recipients' }] });
  expect((await submit(2, 65_536)).body).toMatchObject({ status: 413, code: 'body_too_large' });
  expect((await submit(2, 65_000)).status).toBe(202);
  const over = await ask(api, 'PATCH /v1/configuration', { key, body: { maxMessageBytes: api.settings.MAX_MESSAGE_BYTES + 1 } });
  expect(over.body).toMatchObject({ status: 400, errors: [{ pointer: '/maxMessageBytes' }] });
  for (const maxRecipients of [0, 1001, null, '5']) {
    const { status } = await ask(api, 'PATCH /v1/configuration', { key, body: { maxRecipients } });
    expect(status).toBe(400);
  }
  await change({ maxRecipients: 3, maxMessageBytes: null });
  expect((await submit(3, 65_537)).status).toBe(202);
});
