import { randomBytes } from 'node:crypto';
import { expect, type Page } from '@playwright/test';
import { startGatedPortal, type GatedPortal } from '../gated-portal.ts';
import { typePassword } from '../member.ts';
import { readMessage } from '../reader.ts';
import { expectScreen } from '../screen.ts';
import { test } from '../signet.ts';

const mark = randomBytes(3).toString('hex');

/** Every admin page: its address below /admin/, its first heading, and what it asks the api for while rows or charts stand in its place. */
const screens = [
  { path: 'dashboard', title: 'Dashboard', asks: '/v1/statistics' },
  { path: 'messages', title: 'Messages', asks: '/v1/messages' },
  { path: 'deliveries', title: 'Deliveries', asks: '/v1/outbox' },
  { path: 'trail', title: 'Audit trail', asks: '/v1/audit-entries' },
  { path: 'trail/erasures', title: 'Erasures by law', asks: '/v1/audit-erasures' },
  { path: 'trail/import', title: 'Import records', asks: '/v1/audit-imports' },
  { path: 'records', title: 'Records', asks: '/v1/admin-records' },
  { path: 'log', title: 'Log', asks: '/v1/logs' },
  { path: 'holds', title: 'Legal holds', asks: '/v1/legal-holds' },
  { path: 'retention', title: 'Retention', asks: '/v1/retention' },
  { path: 'alerts', title: 'Alerts', asks: '/v1/alerts' },
  { path: 'rules', title: 'Mail rules', asks: '/v1/mail-rules' },
  { path: 'access', title: 'Access', asks: '/v1/api-keys' },
  { path: 'webhooks', title: 'Webhooks', asks: '/v1/webhooks' },
  { path: 'syslog', title: 'Syslog', asks: '/v1/syslog-destinations' },
  { path: 'settings', title: 'Settings', asks: '/v1/storage-forecast' },
  { path: 'templates', title: 'Templates', asks: '/v1/branding-templates' },
  { path: 'members', title: /Members/, asks: '/v1/members' },
  { path: 'health', title: 'Health', asks: '/v1/health-report' },
  { path: 'account', title: 'Account', asks: '/v1/sessions' },
] as const;

test('while the api is away every page says so and loses nothing that was typed; once it is back, trying again is enough', async ({
  signet,
  browser,
}) => {
  const message = await readMessage(signet, browser, `Away ${mark}`);
  const portal = await startGatedPortal(signet);
  const admin = (path: string) => `${portal.url}/admin/${path}`;
  const page = await browser.newPage();
  const heading = (name: string | RegExp) => page.getByRole('heading', { level: 1, name });
  const away = heading('Signet does not answer');
  const tryAgain = page.getByRole('button', { name: 'Try again' });
  try {
    await test.step('signing in says so, and keeps the address', async () => {
      await page.goto(admin('dashboard'));
      await portal.shut();
      await typePassword(page, signet.admin);
      await expect(page.getByText('Signing in is not possible right now.')).toBeVisible();
      await expect(page.getByLabel('Email')).toHaveValue(signet.admin.email);
      await expect(page.locator('[aria-invalid]')).toHaveCount(0);
      await expectScreen(page, 'admin-sign-in-away');
      await portal.open();
      await page.getByLabel('Password', { exact: true }).fill(signet.admin.password);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await expect(heading('Dashboard')).toBeVisible();
    });

    await test.step('a page that is opened says so, and is there when it is tried again', async () => {
      for (const { path, title } of [...screens, { path: `messages/${message}`, title: `Away ${mark}` }]) {
        await portal.shut();
        await page.goto(admin(path));
        await expect(away).toBeVisible();
        await tryAgain.click();
        await expect(away).toBeVisible();
        await portal.open();
        await tryAgain.click();
        await expect(heading(title)).toBeVisible();
        await expect(page).toHaveURL(admin(path));
      }
      await portal.shut();
      await page.reload();
      await expect(away).toBeVisible();
      await expectScreen(page, 'admin-away');
      await portal.open();
    });

    await test.step('a page that is come to from another says so beside the navigation, which goes on leading everywhere', async () => {
      await page.goto(admin('messages'));
      await portal.shut();
      for (const name of [
        'Dashboard',
        'Deliveries',
        'Records',
        'Log',
        'Retention',
        'Alerts',
        'Rules',
        'Access',
        'Webhooks',
        'Templates',
        'Settings',
        'Members',
        'Health',
        'Account',
        'Messages',
      ]) {
        await page.getByRole('link', { name, exact: true }).click();
        await expect(page).toHaveURL(admin(name.toLowerCase()));
        await expect(away).toBeVisible();
      }
      await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible();
      await expectScreen(page, 'admin-away-inside');
      await portal.open();
      await page.getByRole('link', { name: 'Records', exact: true }).click();
      await expect(heading('Records')).toBeVisible();
    });

    await test.step('what a list was to be narrowed by stands there when it is tried again', async () => {
      await page.goto(admin('messages'));
      await page.getByText('Filters', { exact: true }).click();
      await page.getByLabel('Sender').fill('alice');
      await page.getByLabel('Opened', { exact: true }).check();
      await portal.shut();
      await page.getByRole('button', { name: 'Apply filters' }).click();
      await expect(away).toBeVisible();
      await portal.open();
      await tryAgain.click();
      await expect(page.getByRole('link', { name: `Away ${mark}` })).toBeVisible();
      await page.getByText('Filters (2)').click();
      await expect(page.getByLabel('Sender')).toHaveValue('alice');
      await expect(page.getByLabel('Opened', { exact: true })).toBeChecked();
    });

    await test.step('recipients and senders are told as well', async () => {
      await page.goto(`${portal.url}/sent`);
      await page.getByLabel('Email').fill('alice@acme.example');
      await portal.shut();
      await page.getByRole('button', { name: 'Get a passcode' }).click();
      await expect(page.locator('[aria-invalid=true]')).toHaveValue('alice@acme.example');
      await expectScreen(page, 'sender-sign-in-away');
      await page.context().addCookies([{ name: 'signet-sender', value: 'x'.repeat(43), url: `${portal.url}/sent` }]);
      await page.goto(`${portal.url}/sent`);
      await expect(tryAgain).toBeVisible();
      await expectScreen(page, 'sender-away');
      expect((await page.goto(`${portal.url}/m/${'x'.repeat(43)}`))?.status()).toBe(503);
      await expectScreen(page, 'recipient-away');
      await portal.open();
    });

    await loseNothingTyped(page, portal, message);
    await waitInSight(page, portal);
  } finally {
    await page.close();
    await portal.stop();
  }
});

/** Each form is sent while the api is away, still holds what was typed, and is sent again. */
async function loseNothingTyped(page: Page, portal: GatedPortal, message: string): Promise<void> {
  const admin = (path: string) => `${portal.url}/admin/${path}`;
  const dialog = page.getByRole('dialog');
  const unanswered = page.getByText(/Signet did not answer/);

  /** Presses the button while the api is away, sees that said, and leaves the api there again. */
  async function pressInVain(button: string, picture: string): Promise<void> {
    await portal.shut();
    await dialog.getByRole('button', { name: button }).click();
    await expect(dialog.getByText(/did not answer|does not answer/)).toBeVisible();
    await expectScreen(page, picture, { fullPage: false });
    await portal.open();
  }

  await test.step('a new key keeps its name and scopes', async () => {
    await page.goto(admin('access'));
    await page.getByRole('button', { name: 'Create API key' }).click();
    await dialog.getByLabel('Name').fill(`Tickets ${mark}`);
    await dialog.getByLabel('messages:read').check();
    await pressInVain('Create key', 'admin-access-away');
    await expect(dialog.getByLabel('Name')).toHaveValue(`Tickets ${mark}`);
    await expect(dialog.getByLabel('messages:read')).toBeChecked();
    await dialog.getByRole('button', { name: 'Create key' }).click();
    await dialog.getByRole('button', { name: 'I have kept it' }).click();
  });

  await test.step('so does a new SMTP credential', async () => {
    await page.getByRole('button', { name: 'Create SMTP credential' }).click();
    await dialog.getByLabel('Name').fill(`Scanner ${mark}`);
    await pressInVain('Create credential', 'admin-access-credential-away');
    await expect(dialog.getByLabel('Name')).toHaveValue(`Scanner ${mark}`);
    await dialog.getByRole('button', { name: 'Create credential' }).click();
    await expect(dialog.getByText('The password will not be shown again')).toBeVisible();
    await expectScreen(page, 'admin-access-credential', { fullPage: false });
    await dialog.getByRole('button', { name: 'I have kept it' }).click();
  });

  await test.step('an invitation keeps its address and role', async () => {
    await page.goto(admin('members'));
    await page.getByRole('button', { name: 'Invite a member' }).click();
    await dialog.getByLabel('Email').fill(`later-${mark}@nowhere.example`);
    await dialog.getByRole('radio', { name: 'Helpdesk' }).check();
    await pressInVain('Send invitation', 'admin-invite-away');
    await expect(dialog.getByLabel('Email')).toHaveValue(`later-${mark}@nowhere.example`);
    await expect(dialog.getByRole('radio', { name: 'Helpdesk' })).toBeChecked();
    await dialog.getByRole('button', { name: 'Send invitation' }).click();
    await expect(dialog.getByText('one of the organization’s domains:')).toBeVisible();
  });

  await test.step('a new password stays in its boxes', async () => {
    await page.goto(admin('account'));
    await page.getByRole('button', { name: 'Change password' }).click();
    const boxes = ['Current password', 'New password', 'New password again'];
    for (const box of boxes) await dialog.getByLabel(box, { exact: true }).fill('four quiet horses');
    await pressInVain('Save new password', 'admin-password-away');
    for (const box of boxes) await expect(dialog.getByLabel(box, { exact: true })).toHaveValue('four quiet horses');
    await dialog.getByRole('button', { name: 'Save new password' }).click();
    await expect(dialog.getByText('This is not your current password.')).toBeVisible();
  });

  await test.step('a switch stays as it was', async () => {
    await page.goto(admin('settings'));
    const notices = page.getByRole('switch', { name: 'Notices to senders' });
    const was = await notices.isChecked();
    await portal.shut();
    await notices.click();
    await expect(unanswered).toBeVisible();
    await expect(notices).toBeChecked({ checked: was });
    await expectScreen(page, 'admin-settings-away');
    await portal.open();
    for (const checked of [!was, was]) {
      await notices.click();
      await expect(notices).toBeChecked({ checked });
    }
    await expect(unanswered).toHaveCount(0);
  });

  await test.step('a revocation keeps its reason', async () => {
    await page.goto(admin(`messages/${message}`));
    await page.getByRole('button', { name: 'Revoke', exact: true }).click();
    await dialog.getByLabel('Reason').fill('Typed while the api was away');
    await pressInVain('Revoke message', 'admin-revoke-away');
    await expect(dialog.getByLabel('Reason')).toHaveValue('Typed while the api was away');
    await dialog.getByRole('button', { name: 'Revoke message' }).click();
    await expect(page.getByRole('table').getByText('Reason: Typed while the api was away')).toBeVisible();
  });
}

/** While the api thinks, each page stands there with room for what is to come. */
async function waitInSight(page: Page, portal: GatedPortal): Promise<void> {
  await test.step('while the api takes its time, a page shows where things will be', async () => {
    const loading = page.getByRole('status').filter({ hasText: 'Loading' });
    for (const { path, title, asks } of screens) {
      const release = portal.hold(asks);
      await page.goto(`${portal.url}/admin/${path}`, { waitUntil: 'commit' });
      await expect(loading.first()).toBeVisible();
      await expectScreen(page, `admin-${path.replace('/', '-')}-loading`);
      release();
      await expect(loading).toHaveCount(0);
      await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible();
    }
  });
}
