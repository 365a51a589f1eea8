import type { Alert } from '@signet/api-contract/alerts';
import { openAlerts } from '@signet/db/alert-opening';
import { alertKinds, alertTexts, alertWords, type AlertKind } from '@signet/domain/alert';
import { afterAll, expect, test } from 'vitest';
import { issueAccess } from '../organization/seed-organization.ts';
import { createFixture, mailWith } from '../recipient/testing/recipient-fixture.ts';
import { signetCommand } from '../testing/signet-command.ts';
import { startTestApi } from '../testing/test-api.ts';
import { ask } from '../testing/test-organization.ts';

const api = await startTestApi();
const acme = await createFixture(api);
afterAll(() => acme.close());
const { apiKey: key } = await issueAccess(api.database, acme.organization.id, 'acme.example');
const signet = (...words: string[]) => signetCommand(['alert', ...words], { SIGNET_API_URL: api.url, SIGNET_API_KEY: key });

/** What alerts may be about, made as an admin makes it. @returns its id. */
async function create(path: string, body: object): Promise<string> {
  const answer = await ask(api, `POST /v1/${path}`, { key, body });
  expect(answer.status, answer.text).toBe(201);
  return String(answer.body['id']);
}

const [bob] = await acme.storeMail(mailWith(), ['bob@example.net']);
if (!bob) throw new Error('He is a recipient');
const webhook = {
  id: await create('webhooks', { name: 'ERP', url: 'https://erp.example.net/', operations: ['MessageAccess'] }),
  name: 'ERP',
};
const syslog = { id: await create('syslog-destinations', { name: 'SIEM', host: 'siem.example.net', port: 6514 }), name: 'SIEM' };
const apiKey = { id: await create('api-keys', { name: 'Export', scopes: ['audit:read'] }), name: 'Export' };
const nothing: Alert['about'] = { message: null, recipient: null, webhook: null, syslog: null, apiKey: null, log: null };
const ofBob = { message: { id: bob.messageUid, messageId: expect.stringMatching(/^<.+>$/) }, recipient: 'bob@example.net' };

/** What a row of each kind is about, and what it is known by. That it comes about, and what it then says, is in the worker's tests. */
const about: Record<AlertKind, { readonly subject: string; readonly aboutId: string | null; readonly shown: Partial<Alert['about']> }> = {
  failedSignIns: { subject: bob.recipientId, aboutId: bob.recipientId, shown: ofBob },
  openingAfterRevocation: { subject: bob.recipientId, aboutId: bob.recipientId, shown: ofBob },
  trackingOff: { subject: 'tracking', aboutId: null, shown: {} },
  webhookDisabled: { subject: webhook.id, aboutId: webhook.id, shown: { webhook } },
  webhookStuck: { subject: webhook.id, aboutId: webhook.id, shown: { webhook } },
  syslogDisabled: { subject: syslog.id, aboutId: syslog.id, shown: { syslog } },
  syslogStuck: { subject: syslog.id, aboutId: syslog.id, shown: { syslog } },
  feedStuck: { subject: apiKey.id, aboutId: apiKey.id, shown: { apiKey } },
  sealingBehind: { subject: 'audit', aboutId: null, shown: { log: 'audit' } },
  sealingRefused: { subject: 'admin', aboutId: null, shown: { log: 'admin' } },
  logDiffers: { subject: 'audit', aboutId: null, shown: { log: 'audit' } },
};

test.each(alertKinds)(
  '%s: its row says what it is about, alone and in the list of its kind, and the command line what it means and what to do',
  async (kind) => {
    const { subject, aboutId, shown } = about[kind];
    const facts = { organizationId: acme.organization.id, kind, subject, aboutId, at: new Date(), more: 0, count: 1, detail: 'in words' };
    const [id = ''] = await api.database.system.transaction((tx) => openAlerts(tx, [facts]));
    const row = {
      id,
      kind,
      state: 'open',
      count: 1,
      firstSeen: facts.at.toISOString(),
      lastSeen: expect.any(String),
      resolvedAt: null,
      acknowledgement: null,
      about: { ...nothing, ...shown },
      waiting: null,
      detail: 'in words',
    };
    expect((await ask(api, `GET /v1/alerts?kind=${kind}`, { key })).body).toEqual({ items: [row], nextCursor: null });
    expect((await ask(api, `GET /v1/alerts/${id}`, { key })).body).toEqual(row);
    const { stdout } = await signet('show', id);
    for (const said of [alertWords[kind], alertTexts[kind].text, alertTexts[kind].advice, 'in words']) expect(stdout).toContain(said);
  },
);
