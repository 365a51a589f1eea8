import { setMember } from '@signet/db/organization';
import { alertKinds, alertTexts, alertWords, type AlertKind } from '@signet/domain/alert';
import { simpleParser } from 'mailparser';
import { Webhook } from 'standardwebhooks';
import { expect, test, vi } from 'vitest';
import { alertCauses, openAlertWorld, RECIPIENT, SUBJECT } from './testing/alert-causes.ts';
import { startNextHop } from './testing/next-hop-server.ts';
import { nameWebhook, passWebhookTime, startReceiver } from './testing/webhook-receiver-server.ts';

const patience = { timeout: 45_000, interval: 50 };

/** What of the organization's own a mail about each kind names. Whom it is about stands behind the sign-in. */
const named: Record<AlertKind, string | null> = {
  failedSignIns: null,
  openingAfterRevocation: null,
  trackingOff: null,
  webhookDisabled: 'Webhook “ERP”',
  webhookStuck: 'Webhook “ERP”',
  syslogDisabled: 'Syslog destination “SIEM”',
  syslogStuck: 'Syslog destination “SIEM”',
  feedStuck: 'API key “Export”',
  sealingBehind: 'The log of administrative acts',
  sealingRefused: 'The log of administrative acts',
  logDiffers: 'The log of administrative acts',
};

test.each(alertKinds)(
  '%s: what sets it off is told by its row, by webhook and by mail: what it is, of what, since when and what to do; both name no recipient and no subject',
  async (kind) => {
    const nextHop = await startNextHop();
    const world = await openAlertWorld({ nextHopUrl: nextHop.url });
    const { worker, scope } = world;
    await scope.administer((tx) => setMember(tx, { email: 'admin@acme.example', role: 'admin', passwordHash: 'none' }));
    const watcher = await startReceiver();
    const { secret } = await nameWebhook(worker, { name: 'Watcher', url: watcher.url, entries: false, alerts: true });
    const { row, mend } = await alertCauses[kind](world);
    await world.watch();

    const [alert, ...others] = await world.alerts();
    if (!alert) throw new Error('It is an alert');
    expect(others).toEqual([]);
    const nothing = { recipient: null, messageUid: null, messageId: null, webhook: null, syslog: null, apiKey: null, log: null };
    expect(alert).toMatchObject({
      kind,
      count: 1,
      waiting: null,
      detail: null,
      resolvedAt: null,
      acknowledgedAt: null,
      ...nothing,
      ...row,
    });
    expect(alert.firstSeen.getTime()).toBeLessThanOrEqual(alert.lastSeen.getTime());

    await passWebhookTime(worker);
    await world.send();
    await mend();
    await world.watch();
    await passWebhookTime(worker);
    await world.send();
    const { id, count, detail, firstSeen, webhook, syslog, apiKey, log } = alert;
    const told = {
      id,
      kind,
      summary: alertWords[kind],
      text: alertTexts[kind].text,
      about: { webhook, syslog, apiKey, log },
      count,
      detail,
      firstSeen: firstSeen.toISOString(),
    };
    expect(
      watcher.requests.map((request) =>
        new Webhook(secret, { format: 'raw' }).verify(request.body, request.headers as Record<string, string>),
      ),
    ).toEqual([
      { type: 'alert.opened', timestamp: expect.any(String), data: { alert: { ...told, advice: alertTexts[kind].advice } } },
      { type: 'alert.resolved', timestamp: expect.any(String), data: { alert: told } },
    ]);

    worker.run();
    const mails = () => nextHop.mails.filter(({ to }) => to === 'admin@acme.example');
    await vi.waitFor(async () => {
      expect(mails()).toHaveLength(1);
      expect(await worker.system.query("select 1 from outbox where kind = 'send-alert-mail'")).toEqual([]);
    }, patience);
    const mail = await simpleParser(mails()[0]?.raw ?? '');
    const text = mail.text?.replaceAll(/\s+/g, ' ') ?? '';
    expect(mail.subject).toBe(`${alertWords[kind]} (acme.example)`);
    for (const said of [alertWords[kind], alertTexts[kind].text, alertTexts[kind].advice, named[kind] ?? '']) expect(text).toContain(said);
    expect(text).toMatch(/First seen \d+ \w+ \d{4}, \d\d:\d\d UTC\./);
    expect(text).toContain(`https://mail.acme.example/admin/alerts#alert-${id}`);

    for (const form of [...watcher.requests.map(({ body }) => body), text, String(mail.html)]) {
      for (const hidden of [RECIPIENT, SUBJECT, ...(row.messageUid == null ? [] : [row.messageUid])]) expect(form).not.toContain(hidden);
    }
  },
);
