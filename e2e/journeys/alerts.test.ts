import { randomBytes, randomUUID } from 'node:crypto';
import { expect } from '@playwright/test';
import { routes } from '@signet/api-contract/routes';
import { alertKinds, alertTexts, alertWords, type AlertKind } from '@signet/domain/alert';
import { runStatement, withoutAlertWatch } from '../database.ts';
import { typePassword } from '../member.ts';
import { expectScreen } from '../screen.ts';
import { sendMail } from '../send-mail.ts';
import { test, type Signet } from '../signet.ts';

test('tracking that is switched off is an alert that is seen on the dashboard, acknowledged by name, and over when tracking is on again', async ({
  signet,
  page,
}) => {
  const admin = (path: string) => `${signet.portalUrl}/admin/${path}`;
  const switchTracking = (enablePortalTrackingLogs: boolean) =>
    signet.api.call(routes.changeConfiguration, { body: { enablePortalTrackingLogs } });
  await runStatement(signet, 'delete from alert', []);

  await test.step('where nothing needs attention the page says so', async () => {
    await page.goto(admin('alerts'));
    await typePassword(page, signet.admin);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Alerts');
    await expect(page.getByText('Nothing needs attention.')).toBeVisible();
    await expectScreen(page, 'admin-alerts-none');
  });

  await switchTracking(false);
  try {
    await test.step('the dashboard leads to it', async () => {
      await page.goto(admin('dashboard'));
      await page.getByRole('link', { name: /open alert.* nobody has acknowledged/ }).click();
      await expect(page.getByRole('listitem').filter({ hasText: 'Tracking is switched off' })).toBeVisible();
      await expectScreen(page, 'admin-alerts');
    });

    await test.step('one kind alone is shown by its name, and where there is none of it the page says of which', async () => {
      await page.getByText('Filters', { exact: true }).click();
      await page.getByLabel('Kind').selectOption({ label: 'Tracking is switched off' });
      await page.getByRole('button', { name: 'Apply filters' }).click();
      await expect(page).toHaveURL(/\/admin\/alerts\?kind=trackingOff$/);
      await expect(
        page.getByRole('listitem').filter({ hasText: 'If it should be on, an admin switches it on in the settings.' }),
      ).toBeVisible();
      await expectScreen(page, 'admin-alerts-kind');
      await page.getByLabel('Kind').selectOption({ label: 'A webhook is stuck' });
      await page.getByRole('button', { name: 'Apply filters' }).click();
      await expect(page.getByText('No alert “A webhook is stuck” is open.')).toBeVisible();
      await expectScreen(page, 'admin-alerts-kind-none');
      await page.getByRole('link', { name: 'All', exact: true }).click();
      await expect(page.getByText('There was no alert “A webhook is stuck” in the last 400 days.')).toBeVisible();
      await page.getByRole('link', { name: 'Remove filters' }).click();
      await expect(page).toHaveURL(/\/admin\/alerts\?state=all$/);
      await page.goto(admin('alerts'));
    });

    await test.step('whoever acknowledges it is named, and it stays open', async () => {
      const row = page.getByRole('listitem').filter({ hasText: 'Tracking is switched off' });
      await row.getByRole('button', { name: /^Acknowledge/ }).click();
      await expect(row).toContainText(`Acknowledged by ${signet.admin.email}`);
      await expect(row).toContainText('Open, seen');
      await expect(row.getByRole('button')).toHaveCount(0);
      await page.goto(admin('dashboard'));
      await expect(page.getByRole('heading', { level: 1, name: 'Dashboard' })).toBeVisible();
      await expect(page.getByRole('link', { name: /nobody has acknowledged/ })).toHaveCount(0);
    });
  } finally {
    await switchTracking(true);
  }

  await test.step('it is over, and only there where what is over is asked for', async () => {
    await page.goto(admin('alerts'));
    await expect(page.getByText('Nothing needs attention.')).toBeVisible();
    await page.getByRole('link', { name: 'Over', exact: true }).click();
    await expect(page.getByRole('listitem').filter({ hasText: 'Tracking is switched off' })).toContainText('over since');
    await expectScreen(page, 'admin-alerts-over');
  });

  await test.step('a place in the address that is none says so', async () => {
    for (const query of ['cursor=nonsense', 'kind=fire']) {
      await page.goto(admin(`alerts?${query}`));
      await expect(page.getByText('This address leads to no place in the list.')).toBeVisible();
    }
  });

  await test.step('that somebody acknowledged it is on record', async () => {
    await page.goto(admin('records?action=AlertAcknowledge'));
    await expect(page.getByRole('table')).toContainText('Alert acknowledged');
  });
});

/** An alert as it is stored, and what is drawn of it beside what its kind says. */
interface Planted {
  /** What it is about. */
  readonly subject: string;
  readonly aboutId?: string;
  readonly count?: number;
  readonly waiting?: number;
  readonly detail?: string;
  /** The link to what it is about, and what stands at its end; none where that is gone. */
  readonly link?: { readonly name: string; readonly path: string; readonly shows: string };
  readonly says: readonly string[];
}

/** Makes what alerts may be about. @returns the alert of each kind, and what removes what was made but the message, which stays. */
async function makeThings(signet: Signet) {
  const mark = randomBytes(3).toString('hex');
  const subject = `Alerts ${mark}`;
  const answer = await sendMail(signet, { from: `alice@${signet.organizationDomain}`, to: 'bob@example.net', subject, text: 'Hello.' });
  const message = await signet.api.call(routes.getMessage, { params: { message: answer.slice(answer.indexOf('<')) } });
  const [recipient] = message.recipients;
  if (!recipient) throw new Error('The message has a recipient');
  // Switched off, so that nothing is sent there.
  const receiver = { name: `ERP ${mark}`, url: 'http://127.0.0.1:9/', enabled: false };
  const webhook = await signet.api.call(routes.createWebhook, { body: receiver });
  const destination = { name: `SIEM ${mark}`, host: 'siem.example.net', enabled: false };
  const syslog = await signet.api.call(routes.createSyslogDestination, { body: destination });
  const apiKey = await signet.api.call(routes.createApiKey, { body: { name: `Export ${mark}`, scopes: ['audit:read'] } });

  const ofBob = {
    subject: recipient.id,
    aboutId: recipient.id,
    link: { name: message.messageId, path: `/admin/messages/${message.id}`, shows: subject },
    says: ['bob@example.net'],
  };
  const ofWebhook = {
    subject: webhook.id,
    aboutId: webhook.id,
    link: { name: `Webhook “${webhook.name}”`, path: `/admin/webhooks#webhook-${webhook.id}`, shows: webhook.name },
  };
  const ofSyslog = {
    subject: syslog.id,
    aboutId: syslog.id,
    link: { name: `Syslog destination “${syslog.name}”`, path: `/admin/syslog#syslog-${syslog.id}`, shows: syslog.name },
  };
  const ofKey = { name: `API key “${apiKey.name}”`, path: '/admin/access', shows: apiKey.name };
  const steps = { name: 'Log of steps of messages', path: '/admin/log#log-audit', shows: 'Steps of messages' };
  const acts = { name: 'Log of administrative acts', path: '/admin/log#log-admin', shows: 'Administrative acts' };
  const settings = { name: 'Settings', path: '/admin/settings', shows: 'Settings' };
  const alerts: Record<AlertKind, Planted> = {
    failedSignIns: { ...ofBob, count: 12, says: ['bob@example.net', '12 times'] },
    openingAfterRevocation: ofBob,
    trackingOff: { subject: 'tracking', detail: 'carol@acme.example', link: settings, says: ['Switched off by carol@acme.example.'] },
    webhookDisabled: { ...ofWebhook, detail: 'It answered 410', says: ['Last trouble: It answered 410', 'once'] },
    webhookStuck: { ...ofWebhook, waiting: 3, says: ['3 entries wait'] },
    syslogDisabled: { ...ofSyslog, detail: 'No answer', says: ['Last trouble: No answer'] },
    syslogStuck: { ...ofSyslog, waiting: 1, says: ['1 entry waits'] },
    feedStuck: { subject: apiKey.id, aboutId: apiKey.id, waiting: 2, link: ofKey, says: ['2 entries wait'] },
    sealingBehind: { subject: 'audit', waiting: 7, link: steps, says: ['7 entries wait'] },
    sealingRefused: { subject: 'admin', detail: 'Fewer log entries than signed', link: acts, says: ['Fewer log entries than signed'] },
    logDiffers: { subject: 'audit', detail: 'Place 4: It is missing', link: steps, says: ['Place 4: It is missing'] },
  };
  const remove = async () => {
    await signet.api.call(routes.removeWebhook, { params: { id: webhook.id } });
    await signet.api.call(routes.removeSyslogDestination, { params: { id: syslog.id } });
    await signet.api.call(routes.revokeApiKey, { params: { id: apiKey.id } });
  };
  return { alerts, remove };
}

/** Stores an open alert of the first organization. @returns its id. */
async function plant(signet: Signet, kind: AlertKind, { subject, aboutId, count, waiting, detail }: Planted): Promise<string> {
  const id = randomUUID();
  const statement = `insert into alert (organization_id, id, kind, subject, about_id, count, waiting, detail, first_seen, last_seen)
    select organization_id, $2, $3, $4, $5, $6, $7, $8, now() - interval '1 hour', now() from member where email = $1`;
  const values = [signet.admin.email, id, kind, subject, aboutId ?? null, count ?? 1, waiting ?? null, detail ?? null];
  expect(await runStatement(signet, statement, values)).toBe(1);
  return id;
}

test('an alert of each kind says what it is and what to do, and leads to what it is about; one whose thing is gone says so', async ({
  signet,
  page,
}) => {
  const { alerts, remove } = await makeThings(signet);
  const gone: Planted = { subject: randomUUID(), says: ['What it was about is gone.'] };
  const planted = [...alertKinds.map((kind) => ({ kind, alert: alerts[kind] })), { kind: 'webhookStuck' as const, alert: gone }];
  const list = `${signet.portalUrl}/admin/alerts`;
  try {
    await withoutAlertWatch(signet, async () => {
      await runStatement(signet, 'delete from alert', []);
      const rows = await Promise.all(planted.map(async (each) => ({ ...each, id: await plant(signet, each.kind, each.alert) })));
      await page.goto(list);
      await typePassword(page, signet.admin);
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Alerts');
      await expect(page.getByRole('listitem').filter({ has: page.getByRole('button', { name: /^Acknowledge/ }) })).toHaveCount(rows.length);
      for (const { id, kind, alert } of rows) {
        const row = page.locator(`#alert-${id}`);
        for (const said of [alertWords[kind], alertTexts[kind].text, alertTexts[kind].advice, ...alert.says]) {
          await expect(row).toContainText(said);
        }
        // Its title leads to those of its kind.
        await expect(row.getByRole('link')).toHaveText([alertWords[kind], ...(alert.link ? [alert.link.name] : [])]);
      }
      await expectScreen(page, 'admin-alerts-kinds');

      for (const { id, alert } of rows) {
        if (!alert.link) continue;
        const { name, path, shows } = alert.link;
        await page.goto(list);
        await page.locator(`#alert-${id}`).getByRole('link', { name }).click();
        await expect(page).toHaveURL(`${signet.portalUrl}${path}`);
        const [, place = 'main'] = /(#.+)$/.exec(path) ?? [];
        await expect(page.locator(place)).toContainText(shows);
      }
    });
  } finally {
    await runStatement(signet, 'delete from alert', []);
    await remove();
  }
});
