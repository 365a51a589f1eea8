import { randomBytes } from 'node:crypto';
import { expect, type Page } from '@playwright/test';
import { runStatement } from '../database.ts';
import { joinAs } from '../member.ts';
import { readMessage } from '../reader.ts';
import { expectScreen } from '../screen.ts';
import { test, type Signet } from '../signet.ts';

const mark = randomBytes(3).toString('hex');

test('a member sees the pages, numbers and buttons that the role may use, and nothing that tells of more', async ({ signet, browser }) => {
  const message = await readMessage(signet, browser, `Roles ${mark}`);
  const admin = (path: string) => `${signet.portalUrl}/admin/${path}`;
  await giveUp(signet, message);

  await test.step('the helpdesk sees no reading anywhere, and has mail delivered again', async () => {
    const page = await joinAs('helpdesk', signet, browser);
    expect(await pagesOf(page)).toEqual(['Dashboard', 'Messages', 'Deliveries', 'Account']);
    await expect(page.getByRole('link', { name: `Roles ${mark}` })).toBeVisible();
    await page.getByText('Filters', { exact: true }).click();
    await expect(page.getByLabel('Opened', { exact: true })).toHaveCount(0);
    await expect(page.getByLabel('Revoked')).toBeVisible();
    await expectScreen(page, 'admin-messages-helpdesk');

    await page.getByRole('link', { name: 'Dashboard' }).click();
    await expect(page.getByRole('region', { name: 'Deliveries' })).toBeVisible();
    await expect(page.getByRole('region', { name: 'Sign-in methods of recipients' })).toHaveCount(0);
    await expect(page.getByText('Your role does not show what recipients did.')).toBeVisible();
    await expectScreen(page, 'admin-dashboard-helpdesk');

    await page.goto(admin(`messages/${message}`));
    await expect(page.getByRole('region', { name: 'Timeline' })).toContainText('Your role does not show what recipients did.');
    await expect(page.getByText('Not shown to your role')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Revoke' })).toHaveCount(0);
    await expectScreen(page, 'admin-message-helpdesk');
    for (const path of ['dashboard', 'messages', `messages/${message}`, 'deliveries']) {
      await page.goto(admin(path));
      await expect(page.getByRole('main').getByText('Loading')).toHaveCount(0);
      await expect(page.getByRole('main')).not.toContainText(/\b(opened|signed in)\b/i);
    }

    const given = page.getByRole('region', { name: 'Given up' }).getByRole('listitem');
    await expect(given).toContainText('bob@example.net');
    await expectScreen(page, 'admin-deliveries-helpdesk');
    await expect(page.getByRole('button', { name: 'Try all again' })).toHaveCount(0);
    await given.getByRole('button', { name: 'Try again' }).click();
    await expect(page.getByText('Nothing was given up.')).toBeVisible();
    const copies = async () => (await signet.mailbox.all()).filter(({ subject }) => subject === `Roles ${mark}`).length;
    await expect.poll(copies).toBe(2);
    await page.goto(admin(`messages/${message}`));
    await page.getByRole('button', { name: 'Send the mail again' }).click();
    const dialog = page.getByRole('dialog');
    await expect(dialog).toContainText('bob@example.net');
    await expectScreen(page, 'admin-resend-helpdesk');
    await dialog.getByRole('button', { name: 'Send to 1 recipient' }).click();
    await expect(page.getByText('Done: the mail to 1 recipient is on its way')).toBeVisible();
    await expect.poll(copies).toBe(3);
    const mails = (await signet.mailbox.all()).filter(({ subject }) => subject === `Roles ${mark}`);
    const links = mails.map(({ text }) => /^https?:\/\/\S+\/m\/\S+$/m.exec(text)?.[0]);
    expect(links).toEqual([links[0], links[0], links[0]]);
    expect(links[0]).toBeDefined();
    for (const path of [
      'trail',
      'records',
      'log',
      'holds',
      'retention',
      'alerts',
      'rules/groups',
      'access',
      'webhooks',
      'syslog',
      'settings',
      'members',
    ])
      await expectNotFound(page, admin(path));
    await expectScreen(page, 'admin-not-found');
    expect((await page.request.get(admin(`messages/${message}/exposure`))).status()).toBe(403);
    await page.close();
  });

  await test.step('an auditor reads what happened and changes nothing', async () => {
    const page = await joinAs('auditor', signet, browser);
    expect(await pagesOf(page)).toEqual([
      'Dashboard',
      'Messages',
      'Deliveries',
      'Audit trail',
      'Records',
      'Log',
      'Legal holds',
      'Retention',
      'Alerts',
      'Rules',
      'Access',
      'Webhooks',
      'Syslog',
      'Templates',
      'Settings',
      'Account',
    ]);
    await page.getByRole('link', { name: `Roles ${mark}` }).click();
    await expect(page.getByRole('region', { name: 'Timeline' })).toContainText('Message opened');
    await expect(page.getByRole('button', { name: /Revoke|Restore/ })).toHaveCount(0);
    await giveUp(signet, message);
    await page.goto(admin('deliveries'));
    await expect(page.getByRole('region', { name: 'Given up' }).getByRole('listitem')).toContainText('bob@example.net');
    await expect(page.getByRole('button', { name: /Try/ })).toHaveCount(0);
    await expectScreen(page, 'admin-deliveries-auditor');
    await page.goto(admin('access'));
    await expect(page.getByRole('heading', { name: 'SMTP credentials' })).toBeVisible();
    await expect(page.getByRole('heading', { name: 'API keys' })).toHaveCount(0);
    await expect(page.getByRole('button', { name: /Create|Revoke/ })).toHaveCount(0);
    await expectScreen(page, 'admin-access-auditor');
    await page.goto(admin('holds'));
    await expect(page.getByRole('heading', { level: 1, name: 'Legal holds' })).toBeVisible();
    await expect(page.getByRole('button', { name: 'Place a hold' })).toHaveCount(0);
    await page.goto(admin('retention'));
    await expect(page.getByLabel('Keep them for ever')).toBeDisabled();
    await expect(page.getByRole('button', { name: 'See what falls under it' })).toHaveCount(0);
    await expectScreen(page, 'admin-retention-auditor');
    await page.goto(admin('settings'));
    for (const name of ['Tracking', 'Notices to senders']) await expect(page.getByRole('switch', { name })).toBeDisabled();
    await expectScreen(page, 'admin-settings-auditor');
    await expectNotFound(page, admin('members'));
    await page.close();
  });

  await test.step('compliance takes back and gives again, and changes nothing else', async () => {
    const page = await joinAs('compliance', signet, browser);
    expect(await pagesOf(page)).toEqual([
      'Dashboard',
      'Messages',
      'Deliveries',
      'Audit trail',
      'Records',
      'Log',
      'Legal holds',
      'Retention',
      'Alerts',
      'Rules',
      'Access',
      'Webhooks',
      'Syslog',
      'Templates',
      'Settings',
      'Account',
    ]);
    await page.goto(admin('deliveries'));
    await expect(page.getByRole('region', { name: 'Given up' }).getByRole('listitem')).toContainText('bob@example.net');
    await expect(page.getByRole('button', { name: /Try/ })).toHaveCount(0);
    await page.goto(admin(`messages/${message}`));
    await page.getByRole('button', { name: 'Revoke', exact: true }).click();
    await page.getByRole('button', { name: 'Revoke message' }).click();
    await expect(page.getByRole('button', { name: 'Restore', exact: true })).toBeVisible();
    await expect(page.getByRole('region', { name: 'Who saw it' })).toContainText('Message opened');
    await page.goto(admin('access'));
    await expect(page.getByRole('button', { name: /Create|Revoke/ })).toHaveCount(0);
    await expectNotFound(page, admin('members'));
    await page.close();
  });
});

/** The pages that the navigation names. */
async function pagesOf(page: Page): Promise<string[]> {
  return page.getByRole('navigation', { name: 'Main' }).getByRole('link').allInnerTexts();
}

async function expectNotFound(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await expect(page.getByRole('heading', { name: 'Not found' })).toBeVisible();
  await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible();
}

/** A message's mail with the link, as if the next mail server had refused it for days. */
async function giveUp(signet: Signet, message: string): Promise<void> {
  const statement = `insert into outbox (organization_id, kind, payload, message_uid, event_time, attempts, last_error, dead_at)
    select organization_id, 'send-wrapper-mail', jsonb_build_object('recipientId', id), message_uid, clock_timestamp(), 7,
      '451 4.7.1 Greylisted, try again later', clock_timestamp() from recipient where message_uid = $1`;
  expect(await runStatement(signet, statement, [message])).toBe(1);
}
