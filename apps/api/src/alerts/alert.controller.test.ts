import { flushLinkTouches } from '@signet/db/link-touch-flush';
import { afterAll, expect, test } from 'vitest';
import { issueAccess } from '../organization/seed-organization.ts';
import { ask as askLink, createFixture, mailWith, type TestRecipient } from '../recipient/testing/recipient-fixture.ts';
import { signetCommand } from '../testing/signet-command.ts';
import { startTestApi } from '../testing/test-api.ts';
import { addMember, askAs } from '../testing/test-member.ts';
import { ask, createTestOrganization, ingestAll, type Answer } from '../testing/test-organization.ts';

const api = await startTestApi();
const acme = await createFixture(api);
afterAll(() => acme.close());
const { apiKey: key } = await issueAccess(api.database, acme.organization.id, 'acme.example');
const globex = await createTestOrganization(api, 'globex');

const signet = (...words: string[]) => signetCommand(['alert', ...words], { SIGNET_API_URL: api.url, SIGNET_API_KEY: key });

const switchTracking = (enablePortalTrackingLogs: boolean) =>
  ask(api, 'PATCH /v1/configuration', { key, body: { enablePortalTrackingLogs } });

interface ShownAlert {
  readonly id: string;
  readonly kind: string;
  readonly about: { readonly recipient: string | null };
}

async function alerts(query = '', as = key): Promise<ShownAlert[]> {
  await ingestAll(api);
  const { status, text, body } = await ask(api, `GET /v1/alerts${query}`, { key: as });
  expect(status, text).toBe(200);
  return body['items'] as ShownAlert[];
}

/** A recipient who tries wrong codes, each in a request of its own. */
async function failSignIns(recipient: TestRecipient, count: number): Promise<void> {
  for (let tried = 0; tried < count; tried += 1) {
    const answer = await askLink(api, recipient, 'POST', 'session', { body: { passcode: '00000000' } });
    expect(answer.status).toBeGreaterThanOrEqual(400);
  }
}

test('ten failed sign-ins on one link within an hour are one alert, which goes on counting; nine are none, and ten on as many links neither', async () => {
  const [bob, carol, ...others] = await acme.storeMail(mailWith(), [
    'bob@example.net',
    'carol@example.net',
    ...Array.from({ length: 10 }, (_, index) => `other${index}@example.net`),
  ]);
  if (!bob || !carol) throw new Error('They are recipients');
  await failSignIns(carol, 9);
  for (const other of others) await failSignIns(other, 1);
  expect(await alerts('?kind=failedSignIns')).toEqual([]);
  await failSignIns(bob, 10);
  const message = { id: bob.messageUid, messageId: expect.stringMatching(/^<.+>$/) };
  const about = { message, recipient: 'bob@example.net', webhook: null, syslog: null, apiKey: null, log: null };
  const found = await alerts('?kind=failedSignIns');
  expect(found).toEqual([expect.objectContaining({ kind: 'failedSignIns', state: 'open', count: 10, about, acknowledgement: null })]);
  await failSignIns(bob, 2);
  expect(await alerts('?kind=failedSignIns')).toEqual([expect.objectContaining({ id: found[0]?.id, count: 12 })]);
  await failSignIns(carol, 1);
  expect((await alerts('?kind=failedSignIns')).map((alert) => alert.about.recipient)).toEqual(['carol@example.net', 'bob@example.net']);
});

test('an opening that a signed-in recipient tries after the revocation is an alert; a look at the link without a session is none', async () => {
  const [bob, carol] = await acme.storeMail(mailWith(), ['bob@example.net', 'carol@example.net']);
  if (!bob || !carol) throw new Error('They are recipients');
  const session = await acme.signIn(bob);
  await acme.changeState('revoke', bob.messageUid);
  await askLink(api, carol, 'GET', '');
  for (let time = 0; time < 3; time += 1) await askLink(api, session, 'POST', 'access');
  await api.database.system.query("update link_touch set minute = minute - interval '2 minutes'");
  await flushLinkTouches(api.database);
  expect(await alerts('?kind=openingAfterRevocation')).toEqual([
    expect.objectContaining({
      kind: 'openingAfterRevocation',
      state: 'open',
      count: 3,
      about: expect.objectContaining({ recipient: 'bob@example.net' }),
    }),
  ]);
});

test('tracking that is switched off is an alert at once, names who did it, and ends when it is on again, though it was off for a moment only', async () => {
  await switchTracking(false);
  const detail = expect.stringMatching(/^API key “.+”$/);
  expect(await alerts('?kind=trackingOff')).toEqual([expect.objectContaining({ state: 'open', resolvedAt: null, count: 1, detail })]);
  await switchTracking(true);
  expect(await alerts('?kind=trackingOff')).toEqual([expect.objectContaining({ state: 'resolved', resolvedAt: expect.any(String) })]);
  expect(await alerts('?kind=trackingOff&state=open')).toEqual([]);
});

test('alerts are paged, filtered and counted, and whoever acknowledges one first is named and on record', async () => {
  const all = await alerts();
  expect(all.length).toBeGreaterThan(3);
  const paged: ShownAlert[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const { body }: Answer = await ask(api, `GET /v1/alerts?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`, { key });
    paged.push(...(body['items'] as ShownAlert[]));
    cursor = body['nextCursor'] as string | null;
  }
  expect(paged).toEqual(all);
  const counted = (await ask(api, 'GET /v1/alerts/summary', { key })).body;
  const [first] = await alerts('?state=open');
  if (!first) throw new Error('One is open');
  const at = `/v1/alerts/${first.id}` as const;
  const seen = await ask(api, `POST ${at}/acknowledgement`, { key });
  expect([seen.status, seen.body['acknowledgement']]).toEqual([
    200,
    { at: expect.any(String), by: expect.objectContaining({ kind: 'integration', name: expect.any(String) }) },
  ]);
  expect((await ask(api, `POST ${at}/acknowledgement`, { key })).body).toEqual(seen.body);
  expect((await ask(api, `GET ${at}`, { key })).body).toEqual(seen.body);
  expect((await ask(api, 'GET /v1/alerts/summary', { key })).body).toEqual({
    open: counted['open'],
    unacknowledged: Number(counted['unacknowledged']) - 1,
  });
  expect((await alerts('?acknowledged=true')).map(({ id }) => id)).toEqual([first.id]);
  expect((await alerts('?acknowledged=false')).map(({ id }) => id)).not.toContain(first.id);
  await ingestAll(api);
  const records = await ask(api, `GET /v1/admin-records?target=${first.id}`, { key });
  expect((records.body['items'] as { action: string }[]).map(({ action }) => action)).toEqual(['AlertRead', 'AlertAcknowledge']);
});

test.each([['limit=0'], ['limit=501'], ['state=closed'], ['kind=fire'], ['acknowledged=yes'], ['cursor=x'], ['unknown=1']])(
  '400: %s',
  async (query) => {
    expect((await ask(api, `GET /v1/alerts?${query}`, { key })).status).toBe(400);
  },
);

test('a cursor of another filter, or of another organization, is none', async () => {
  const { body } = await ask(api, 'GET /v1/alerts?limit=1', { key });
  const cursor = String(body['nextCursor']);
  expect((await ask(api, `GET /v1/alerts?limit=1&state=open&cursor=${cursor}`, { key })).status).toBe(400);
  expect((await ask(api, `GET /v1/alerts?limit=1&cursor=${cursor}`, { key: globex.apiKey })).status).toBe(400);
  expect(await alerts('', globex.apiKey)).toEqual([]);
});

test('the auditor reads alerts and acknowledges none; the helpdesk sees none', async () => {
  await ask(api, 'PATCH /v1/configuration', { key, body: { requireSecondFactor: false } });
  const [first] = await alerts();
  for (const [role, read, acknowledge] of [
    ['compliance', 200, 200],
    ['auditor', 200, 403],
    ['helpdesk', 403, 403],
  ] as const) {
    const member = await addMember(api, acme.organization.id, `${role}@acme.example`, role);
    expect((await askAs(api, member, 'GET /v1/alerts')).status).toBe(read);
    expect((await askAs(api, member, `POST /v1/alerts/${first?.id ?? ''}/acknowledgement`)).status).toBe(acknowledge);
  }
});

test('the command line lists, shows and acknowledges alerts, and its summary ends with 1 while some are not seen', async () => {
  const [open] = await alerts('?state=open&acknowledged=false');
  const listed = await signet('list', '--state', 'open', '--unacknowledged', '--json');
  expect((JSON.parse(listed.stdout) as { items: ShownAlert[] }).items.map(({ id }) => id)).toContain(open?.id);
  expect((await signet('list', '--kind', 'failedSignIns', 'openingAfterRevocation')).stdout).toMatch(
    /Tried to open a revoked message +bob@example\.net </,
  );
  expect(await signet('summary')).toMatchObject({ code: 1, stdout: expect.stringMatching(/^Open +: \d/) });
  expect((await signet('show', String(open?.id))).stdout).toMatch(/^Alert +: \w/);
  for (const { id } of await alerts('?state=open&acknowledged=false'))
    expect(await signet('acknowledge', id)).toMatchObject({ code: 0, stdout: '', stderr: expect.stringContaining('acknowledged by') });
  expect((await signet('summary')).code).toBe(0);
  expect(await signet('show', crypto.randomUUID())).toMatchObject({ code: 1, stderr: expect.stringContaining('not_found') });
});
