import { randomBytes, randomUUID } from 'node:crypto';
import { expect, type Page } from '@playwright/test';
import { routes } from '@signet/api-contract/routes';
import { signInByPasscode } from '../reader.ts';
import { expectScreen } from '../screen.ts';
import { sendMail } from '../send-mail.ts';
import { test, type Account, type Signet } from '../signet.ts';

const mark = randomBytes(3).toString('hex');
const spoof = `Invoice ${mark} \u202Egpj.exe`;

/** Three messages: one that is read and taken back, one whose subject hides something, one that nobody opens. */
async function sendMessages(signet: Signet): Promise<void> {
  const from = `alice@${signet.organizationDomain}`;
  await sendMail(signet, { from, to: 'bob@example.net', subject: `Lease ${mark}`, text: 'The lease.' });
  await sendMail(signet, { from, to: ['erin@example.org', 'bob@example.net'], subject: spoof, text: 'An invoice.' });
  await sendMail(signet, { from: `ben@${signet.organizationDomain}`, to: 'bob@example.net', subject: `Offer ${mark}`, text: 'An offer.' });
}

/** A step of the message that another system saw; returns once the trail has it. */
async function recordFromAddIn({ api, organizationDomain }: Signet, messageId: string): Promise<void> {
  const event = {
    id: randomUUID(),
    operation: 'AttachmentReview',
    creationTime: new Date().toISOString(),
    messageId,
    recipients: ['bob@example.net'],
    sender: `alice@${organizationDomain}`,
    operationStatus: 'Success',
    attachmentName: 'plan.pdf',
  } as const;
  await api.call(routes.recordAuditEvents, { body: { events: [event] } });
  const query = { messageId, operation: ['AttachmentReview'] } as const;
  await expect
    .poll(async () => (await api.call(routes.listAuditEntries, { query: { ...query, operation: [...query.operation] } })).items.length)
    .toBe(1);
}

async function signIn(page: Page, signet: Signet, { admin }: Account): Promise<void> {
  await page.goto(`${signet.portalUrl}/admin`);
  await page.getByLabel('Email').fill(admin.email);
  await page.getByLabel('Password').fill(admin.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page).toHaveURL(/\/admin\/messages/);
}

test('an admin works with the portal: dashboard, messages, records and access, by pointer and by keyboard', async ({
  signet,
  page,
  browser,
}) => {
  const admin = (path: string) => `${signet.portalUrl}/admin${path}`;
  const violations: string[] = [];
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) violations.push(message.text());
  });

  await test.step('an organization that has sent nothing is told how to begin', async () => {
    const fresh = await browser.newPage();
    await signIn(fresh, signet, signet.other);
    await fresh.goto(admin('/dashboard'));
    await expect(fresh.getByRole('heading', { name: 'Send a first message' })).toBeVisible();
    await expectScreen(fresh, 'admin-dashboard-empty');
    await fresh.goto(admin('/messages'));
    await expect(fresh.getByText('No messages yet')).toBeVisible();
    await expectScreen(fresh, 'admin-messages-empty');
    await fresh.close();
  });

  await sendMessages(signet);
  const reader = await browser.newPage();
  await reader.goto(await signet.mailbox.wrapperLink('bob@example.net', `Lease ${mark}`));
  await signInByPasscode(reader, signet, 'bob@example.net');
  await expect(reader.getByRole('heading', { level: 1 })).toHaveText(`Lease ${mark}`);
  const { items } = await signet.api.call(routes.listMessages, { query: { text: `Lease ${mark}` } });
  const message = items[0]?.id ?? '';
  await signet.api.call(routes.revokeMessage, { params: { message }, body: { reason: 'Sent to the wrong Bob' } });
  await reader.reload();
  await expect(reader).toHaveTitle(/Revoked/);
  // Of the time between the two, what recipients did is not known.
  for (const enablePortalTrackingLogs of [false, true])
    await signet.api.call(routes.changeConfiguration, { body: { enablePortalTrackingLogs } });

  await signIn(page, signet, signet);
  await test.step('the dashboard counts it, shows what was not recorded, and says the same in a table', async () => {
    await page.getByRole('link', { name: 'Dashboard' }).click();
    await expect(page.getByRole('link', { name: 'Dashboard' })).toHaveAttribute('aria-current', 'page');
    const activity = page.getByRole('region', { name: 'Activity' });
    await expect(activity.getByText('Hatched: tracking was off')).toBeVisible();
    await expect(activity.locator('.recharts-surface').first()).toBeVisible();
    await expectScreen(page, 'admin-dashboard');
    await activity.getByRole('button', { name: 'Show as table' }).click();
    await expect(activity.getByRole('row').nth(1)).toContainText('recorded in part');
    await page.getByRole('link', { name: '24 h' }).click();
    await expect(page).toHaveURL(/range=24h/);
    await expect(page.getByRole('region', { name: 'Deliveries' })).toContainText('Sent');
    await expectScreen(page, 'admin-dashboard-day');
  });

  await test.step('single keys lead to the search box and through the list, and can be switched off', async () => {
    await page.goto(admin('/messages'));
    await expect(page.getByRole('table')).toBeVisible();
    const size = page.viewportSize();
    await page.setViewportSize({ width: 360, height: 800 });
    await page.getByRole('button', { name: 'Menu' }).click();
    await expectScreen(page, 'admin-menu');
    if (size) await page.setViewportSize(size);
    await page.keyboard.press('/');
    const search = page.getByRole('searchbox', { name: 'Search messages' });
    await expect(search).toBeFocused();
    await search.fill(mark);
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(new RegExp(`q=${mark}`));
    const links = page.getByRole('table').getByRole('link');
    await expect(links).toHaveCount(3);
    await expect(page.getByRole('table').locator('time').first()).toHaveAttribute('title', / UTC$/);
    await page.getByRole('heading', { level: 1 }).click();
    await page.keyboard.press('j');
    await expect(links.first()).toBeFocused();
    await page.keyboard.press('ArrowDown');
    await expect(links.nth(1)).toBeFocused();
    await page.keyboard.press('k');
    await expect(links.first()).toBeFocused();
    await page.keyboard.press('?');
    const map = page.getByRole('dialog', { name: 'Keyboard' });
    await expect(map).toBeVisible();
    await expectScreen(page, 'admin-keyboard', { fullPage: false });
    await map.getByRole('switch', { name: 'Single-key shortcuts' }).click();
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { level: 1 }).click();
    await page.keyboard.press('j');
    await page.keyboard.press('/');
    await expect(search).not.toBeFocused();
    await expect(links.first()).not.toBeFocused();
    await page.getByRole('button', { name: 'Keyboard' }).click();
    await map.getByRole('switch', { name: 'Single-key shortcuts' }).click();
    await page.keyboard.press('Escape');
  });

  await test.step('filters combine, stand in the address, and are taken off one by one', async () => {
    await expect(page.getByText('3 messages', { exact: true })).toBeVisible();
    await expect(page.getByText('⟨U+202E⟩')).toBeVisible();
    await page.getByText('Filters', { exact: true }).click();
    await page.getByLabel('Sender').fill('alice');
    await page.getByLabel('Revoked').check();
    await page.getByRole('button', { name: 'Apply filters' }).click();
    await expect(page).toHaveURL(/sender=alice.*state=revoked/);
    await expect(page.getByText('1 message', { exact: true })).toBeVisible();
    await page.getByText('Filters (2)').click();
    await expectScreen(page, 'admin-messages-filtered');
    await page.getByRole('link', { name: 'Remove filter State: Revoked' }).click();
    await expect(page.getByText('2 messages', { exact: true })).toBeVisible();
    await page.goto(admin(`/messages?q=${mark}&sender=nobody`));
    await expect(page.getByText('No message fits all of these')).toBeVisible();
    await expectScreen(page, 'admin-messages-none');
    await page.getByRole('link', { name: 'Without Sender: nobody' }).click();
    await expect(page.getByText('3 messages', { exact: true })).toBeVisible();
    await page.goto(admin('/messages?from=2026-02-30'));
    await expect(page.getByLabel('From')).toHaveValue('2026-02-30');
    await expect(page.getByText('Write a day as 2026-11-24.')).toBeVisible();
  });

  await test.step('columns that one chooses stay', async () => {
    await page.goto(admin('/messages'));
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByRole('checkbox', { name: 'Template' }).check();
    await page.getByRole('checkbox', { name: 'Recipients' }).uncheck();
    await expectScreen(page, 'admin-columns', { fullPage: false });
    await page.getByRole('button', { name: 'Show these columns' }).click();
    await expect(page.getByRole('columnheader', { name: 'Template' })).toBeVisible();
    await page.reload();
    await expect(page.getByRole('columnheader', { name: 'Template' })).toBeVisible();
    await expect(page.getByRole('columnheader', { name: 'Recipients' })).toBeHidden();
    await expectScreen(page, 'admin-messages-columns');
  });

  await test.step('a message says how it was delivered, who saw it, and opening it leaves one record', async () => {
    // Refused openings are gathered for a minute before they are on record.
    await expect
      .poll(
        async () => {
          const query = { messageId: message, operation: ['MessageAccess'], operationStatus: 'Failure' } as const;
          return (await signet.api.call(routes.listAuditEntries, { query: { ...query, operation: [...query.operation] } })).items.length;
        },
        { timeout: 100_000 },
      )
      .toBeGreaterThan(0);
    await recordFromAddIn(signet, items[0]?.messageId ?? '');
    await page.goto(admin(`/messages/${message}`));
    await expect(page.getByText('1 attempt')).toBeVisible();
    await expect(page.getByRole('region', { name: 'Who saw it' })).toContainText('Message opened');
    await expect(page.getByRole('region', { name: 'Timeline' })).toContainText('Opening refused');
    const stated = page.getByRole('region', { name: 'Timeline' }).getByRole('listitem').filter({ hasText: 'plan.pdf' });
    await expect(stated).toContainText(/Stated by \S.*, another system: Signet did not see it itself\./);
    await expect(page.getByRole('region', { name: 'Timeline' }).locator('time').first()).toHaveAttribute('title', / UTC$/);
    await expectScreen(page, 'admin-message-revoked');
    await page.goto(admin(`/records?target=${message}&action=MessageRead`));
    await expect(page.getByRole('table').getByText('Reading of a message')).toHaveCount(1);
  });

  await test.step('two messages that a mail program gave one Message-ID are both offered', async () => {
    const messageId = `<twice-${mark}@${signet.organizationDomain}>`;
    for (const sender of ['alice', 'ben'])
      await sendMail(signet, {
        from: `${sender}@${signet.organizationDomain}`,
        to: 'bob@example.net',
        subject: `Twice ${mark} by ${sender}`,
        text: 'Once more.',
        messageId,
      });
    await page.goto(admin(`/messages/${encodeURIComponent(messageId)}`));
    await expect(page.getByRole('heading', { name: 'Several messages have this Message-ID' })).toBeVisible();
    await expect(page.getByRole('main').getByRole('listitem')).toHaveCount(2);
    await expectScreen(page, 'admin-message-candidates');
    await page.getByRole('link', { name: `Twice ${mark} by ben` }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Twice ${mark} by ben`);
  });

  await test.step('records are narrowed by act and outcome, and each opens to all that it holds', async () => {
    await page.goto(admin('/records'));
    await page.getByText('Filters', { exact: true }).click();
    await page.getByLabel('Act', { exact: true }).selectOption('Message revocation');
    await page.getByRole('button', { name: 'Apply filters' }).click();
    await expect(page).toHaveURL(/action=MessageRevoke/);
    await expect(page.getByText('Sent to the wrong Bob').first()).toBeVisible();
    await page.getByText('Whole record').first().click();
    await expect(page.getByText('Place in the log').first()).toBeVisible();
    await expectScreen(page, 'admin-records-filtered');
    await page.goto(admin('/records?actor=nobody@example.org'));
    await expect(page.getByText('No record fits this')).toBeVisible();
    await expectScreen(page, 'admin-records-none');
  });

  await test.step('an API key is made with a name and scopes, shown once, and ends when it is revoked', async () => {
    await page.getByRole('link', { name: 'Access' }).click();
    await expect(page.getByRole('heading', { name: 'API keys' })).toBeVisible();
    await expectScreen(page, 'admin-access');
    await page.getByRole('button', { name: 'Create API key' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('Ticket system');
    await dialog.getByRole('button', { name: 'Create key' }).click();
    await expect(dialog.getByText('Choose at least one.')).toBeVisible();
    await expect(dialog.getByLabel('Name')).toHaveValue('Ticket system');
    await dialog.getByLabel('messages:read').check();
    await expectScreen(page, 'admin-access-create', { fullPage: false });
    await dialog.getByRole('button', { name: 'Create key' }).click();
    await expect(dialog.getByText('It will not be shown again')).toBeVisible();
    await expectScreen(page, 'admin-access-secret', { fullPage: false });
    const secret = await dialog.getByText(/^sk_/).innerText();
    const ask = () => fetch(`${signet.apiUrl}/v1/messages?limit=1`, { headers: { authorization: `Bearer ${secret}` } });
    expect((await ask()).status).toBe(200);
    await dialog.getByRole('button', { name: 'I have kept it' }).click();
    await expect(page.getByText(secret)).toHaveCount(0);
    await page.getByRole('button', { name: 'Revoke Ticket system' }).click();
    await expect(page.getByRole('dialog').getByText('is refused from the next request on')).toBeVisible();
    await expectScreen(page, 'admin-access-revoke', { fullPage: false });
    await page.getByRole('button', { name: 'Revoke key' }).click();
    await expect(page.getByText('“Ticket system” is revoked.')).toBeVisible();
    expect((await ask()).status).toBe(401);
  });
  expect(violations).toEqual([]);
});
