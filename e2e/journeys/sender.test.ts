import { randomBytes } from 'node:crypto';
import { inflateSync } from 'node:zlib';
import { expect, type Page } from '@playwright/test';
import { routes } from '@signet/api-contract/routes';
import { runStatement } from '../database.ts';
import { signInByPasscode } from '../reader.ts';
import { expectScreen } from '../screen.ts';
import { sendMail } from '../send-mail.ts';
import { test, type Signet } from '../signet.ts';

test('a sender is told, signs in, sees who opened, takes it back from one, prints the report, gives it again; a colleague sees nothing of it', async ({
  signet,
  browser,
  page,
}) => {
  const subject = `Figures ${randomBytes(3).toString('hex')} – Zürich`;
  const sender = `alice.${randomBytes(3).toString('hex')}@${signet.organizationDomain}`;
  const [bob, carol] = ['bob@example.net', 'carol@example.net'];
  await signet.api.call(routes.changeConfiguration, { body: { notifySenders: true, notifyFirstOpening: true } });
  await sendMail(signet, {
    from: `Alice <${sender}>`,
    to: [bob, carol],
    subject,
    text: 'The figures.',
    attachments: [{ filename: 'figures.csv', content: 'a,b\n1,2\n' }],
  });

  await test.step('the notice leads to the message by way of a passcode', async () => {
    const notice = await signet.mailbox.waitFor('notice', (mail) => mail.subject === `Sent encrypted: ${subject}`);
    expect(notice.to).toEqual([expect.objectContaining({ address: sender })]);
    expect(notice.text).toContain('to 2 recipients');
    const [link = ''] = notice.text.match(/^https?:\/\/\S+\/sent\/\S+$/m) ?? [];
    await page.goto(link);
    await expect(page).toHaveURL(/\/sent\?next=/);
    await expectScreen(page, 'sender-sign-in');
    await page.getByLabel('Email').fill('alice');
    await page.getByRole('button', { name: 'Get a passcode' }).click();
    await expect(page.getByText('Enter your whole mail address')).toBeVisible();
    await expect(page.getByLabel('Email')).toHaveValue('alice');
    await expectScreen(page, 'sender-sign-in-refused');
    await askForPasscode(page, sender);
    await expectScreen(page, 'sender-passcode');
    // Whoever closes the window finds the box again.
    await page.reload();
    await page.getByLabel('Passcode').fill('1234');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByText('No try was lost')).toBeVisible();
    await expectScreen(page, 'sender-passcode-refused');
    await enterPasscode(page, signet, sender);
    await expect(page).toHaveURL(link);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(subject);
    await expect(page.getByText('No opening was recorded.')).toHaveCount(2);
    await expect(page.getByRole('main').locator('time').first()).toHaveAttribute('title', / UTC$/);
    await expectScreen(page, 'sender-message');
  });

  await test.step('the recipient opens, and the sender sees it', async () => {
    const reader = await browser.newPage();
    await reader.goto(await signet.mailbox.wrapperLink(bob, subject));
    await signInByPasscode(reader, signet, bob);
    await expect(reader.getByRole('heading', { level: 1 })).toHaveText(subject);
    await reader.close();
    await expect(async () => {
      await page.reload();
      await expect(page.getByText('First opened')).toBeVisible({ timeout: 1000 });
    }).toPass();
    await expect(page.getByText('Message opened')).toBeVisible();
  });

  await test.step('one recipient is taken back, with a reason', async () => {
    await page.getByRole('button', { name: 'Revoke', exact: true }).click();
    await page.getByRole('checkbox', { name: carol }).uncheck();
    await expect(page.getByText('1 of 2 recipients will be refused.')).toBeVisible();
    await page.getByLabel('Reason').fill('Meant for another Bob');
    await expectScreen(page, 'sender-revoke', { fullPage: false });
    await page.getByRole('button', { name: 'Revoke message' }).click();
    await expect(page.getByText(`Taken back by ${sender}`)).toBeVisible();
    await expect(page.getByText('Reason: Meant for another Bob').first()).toBeVisible();
    const refused = await (await browser.newPage()).goto(await signet.mailbox.wrapperLink(bob, subject));
    expect(refused?.status()).toBe(410);
    await expectScreen(page, 'sender-message-revoked');
  });

  await test.step('the report says who had seen what, is printed on A4, and carries its own data', async () => {
    const opening = page.waitForEvent('popup');
    await page.getByRole('link', { name: 'Open the exposure report' }).click();
    const report = await opening;
    await expect(report.getByRole('heading', { level: 1 })).toHaveText('Exposure report');
    await expect(report.getByText('1 recipient of 2 had been given content')).toBeVisible();
    await expect(report.getByText('Meant for another Bob')).toBeVisible();
    await expect(report.getByText(/CET|GMT\+1/).first()).toBeAttached();
    await expect(report.getByRole('region', { name: bob }).getByText('the message was opened')).toBeVisible();
    await expectScreen(report, 'exposure-report');
    const pdf = await report.pdf({ format: 'A4', preferCSSPageSize: true });
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    const text = pdf.toString('latin1');
    expect(text.match(/\/Type\s*\/Page\b/g)?.length).toBeGreaterThanOrEqual(1);
    // 210 by 297 mm in points.
    expect(text).toMatch(/\/MediaBox\s*\[\s*0\s+0\s+59[45][.\d]*\s+84[12][.\d]*\s*\]/);
    expect(textsShown(pdf)).toBeGreaterThan(100);
    const downloading = report.waitForEvent('download');
    await report.getByRole('link', { name: 'Download this report as JSON' }).click();
    expect((await downloading).suggestedFilename()).toMatch(/^exposure-[\da-f-]{36}\.json$/);
    await report.close();
  });

  await test.step('the administrator is shown the same report, with where it was read from', async () => {
    const admin = await browser.newPage();
    await admin.goto(`${signet.portalUrl}/admin`);
    await admin.getByLabel('Email').fill(signet.admin.email);
    await admin.getByLabel('Password').fill(signet.admin.password);
    await admin.getByRole('button', { name: 'Sign in', exact: true }).click();
    await expect(admin).toHaveURL(/\/admin\/\w/);
    await admin.goto(`${page.url().replace('/sent/', '/admin/')}/exposure?zone=Asia/Tokyo`);
    await expect(admin.getByRole('heading', { level: 1 })).toHaveText('Exposure report');
    await expect(admin.getByText('Meant for another Bob')).toBeVisible();
    await expect(admin.getByText('HeadlessChrome').first()).toBeVisible();
    await expect(admin.getByText('zone Asia/Tokyo')).toBeVisible();
    await expectScreen(admin, 'exposure-report-admin');
    await admin.close();
  });

  await test.step('restored, the recipient may read again', async () => {
    await page.getByRole('button', { name: 'Restore', exact: true }).click();
    await expectScreen(page, 'sender-restore', { fullPage: false });
    await page.getByRole('button', { name: 'Restore message' }).click();
    await expect(page.getByRole('button', { name: 'Restore', exact: true })).toBeHidden();
    await expect(page.getByText(`Taken back by ${sender}`)).toBeHidden();
  });

  const address = page.url();
  await test.step('the list holds the message, and is searched', async () => {
    await page.getByRole('link', { name: 'Sent messages' }).click();
    await expect(page.getByRole('link', { name: subject })).toBeVisible();
    await expectScreen(page, 'sender-messages');
    await page.getByRole('searchbox', { name: 'Search your messages' }).fill('nothing like it');
    await page.keyboard.press('Enter');
    await expect(page.getByText('Nothing matches')).toBeVisible();
    await expectScreen(page, 'sender-nothing-found');
    await page.getByRole('link', { name: 'Show all' }).click();
    await expect(page.getByRole('link', { name: subject })).toBeVisible();
    await page.getByRole('link', { name: 'Opened', exact: true }).click();
    await expect(page.getByRole('link', { name: 'Opened', exact: true })).toHaveAttribute('aria-current', 'true');
    await expect(page.getByRole('link', { name: subject })).toBeVisible();
    await expect(page.getByRole('listitem').filter({ hasText: subject }).locator('time')).toHaveAttribute('title', / UTC$/);
  });

  await test.step('two messages that a mail program gave one Message-ID are both offered', async () => {
    const messageId = `<twice-${randomBytes(3).toString('hex')}@${signet.organizationDomain}>`;
    for (const about of ['Figures once', 'Figures once more'])
      await sendMail(signet, { from: sender, to: bob, subject: about, text: `${about}.`, messageId });
    await page.goto(`${signet.portalUrl}/sent/messages/${encodeURIComponent(messageId)}`);
    await expect(page.getByRole('heading', { name: 'Several of your messages have this Message-ID' })).toBeVisible();
    await expectScreen(page, 'sender-candidates');
    await page.getByRole('link', { name: 'Figures once more' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Figures once more');
  });

  await test.step('after an hour without use the page says that the session has ended, and what was typed waits for the next one', async () => {
    await page.getByRole('button', { name: 'Revoke', exact: true }).click();
    await page.getByLabel('Reason').fill('Typed for an hour');
    for (const past of [
      `update sender_session set last_used_at = last_used_at - interval '61 minutes' where address_key = $1`,
      `update sender_passcode_request set created_at = created_at - interval '61 minutes' where address_key = $1`,
    ])
      expect(await runStatement(signet, past, [sender])).toBeGreaterThan(0);
    await page.getByRole('button', { name: 'Revoke message' }).click();
    await expect(page.getByText('Nothing was changed: you are signed out. What you typed stays here.')).toBeVisible();
    await expectScreen(page, 'sender-revoke-signed-out', { fullPage: false });
    const opening = page.waitForEvent('popup');
    await page.getByRole('link', { name: 'Sign in again in a new tab' }).click();
    const tab = await opening;
    await expect(tab.getByText('Your session has ended, as it does after an hour without use.')).toBeVisible();
    await expectScreen(tab, 'sender-session-ended');
    await tab.goto(`${signet.portalUrl}/sent?q=Figures`);
    await askForPasscode(tab, sender);
    await enterPasscode(tab, signet, sender);
    await expect(tab).toHaveURL(`${signet.portalUrl}/sent?q=Figures`);
    await tab.close();
    await expect(page.getByLabel('Reason')).toHaveValue('Typed for an hour');
    await page.getByRole('button', { name: 'Revoke message' }).click();
    await expect(page.getByText('Reason: Typed for an hour').first()).toBeVisible();
  });

  await test.step('the sender was told who opened, and wants no more of such mails', async () => {
    // What becomes of a message is gathered for a minute.
    await expect(async () => {
      const told = await signet.mailbox.waitFor('mail of the opening', (mail) => mail.subject === `Opened: ${subject}`);
      expect(told.to).toEqual([expect.objectContaining({ address: sender })]);
      expect(told.text).toContain(`Opened by:\n${bob} (`);
      expect(told.text).not.toContain('/m/');
    }).toPass();
    await page.getByRole('link', { name: 'Notices' }).click();
    await expect(page.getByRole('checkbox', { name: 'it could not be delivered to a recipient' })).toBeChecked();
    await expectScreen(page, 'sender-notices');
    const opening = page.getByRole('checkbox', { name: 'a recipient has opened it for the first time' });
    await opening.uncheck();
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByText('In force from now on.')).toBeVisible();
    await page.reload();
    await expect(opening).not.toBeChecked();
  });

  await test.step('a colleague who is signed in is told that there is nothing, and has an empty list', async () => {
    const colleague = `carl.${randomBytes(3).toString('hex')}@${signet.organizationDomain}`;
    const other = await browser.newPage();
    await other.goto(`${signet.portalUrl}/sent`);
    await askForPasscode(other, colleague);
    await enterPasscode(other, signet, colleague);
    await expect(other.getByText('No messages yet')).toBeVisible();
    await expectScreen(other, 'sender-empty');
    const missing = await other.goto(address);
    expect(missing?.status()).toBe(404);
    expect(await other.content()).not.toContain(subject);
    await expectScreen(other, 'sender-not-found');
    expect((await other.goto(`${address}/exposure`))?.status()).toBe(404);
    await other.close();
  });

  await test.step('signed out, the pages ask to sign in', async () => {
    await page.getByRole('button', { name: 'Sign out' }).click();
    await expect(page.getByLabel('Email')).toBeVisible();
    await page.goto(`${address}/exposure`);
    await expect(page.getByLabel('Email')).toBeVisible();
  });
  await signet.api.call(routes.changeConfiguration, { body: { notifySenders: false, notifyFirstOpening: false } });
});

test('an admin says what senders are told; a wrong number of days is said at its box, and nothing is lost', async ({ signet, page }) => {
  await page.goto(`${signet.portalUrl}/admin`);
  await page.getByLabel('Email').fill(signet.admin.email);
  await page.getByLabel('Password').fill(signet.admin.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page).toHaveURL(/\/admin\/\w/);
  await page.goto(`${signet.portalUrl}/admin/settings`);
  const section = page.getByRole('region', { name: 'Telling senders' });
  const unread = section.getByRole('checkbox', { name: 'a recipient has not opened it after some days' });
  const tried = section.getByRole('checkbox', { name: 'somebody tried to open it after it was taken back' });
  const days = section.getByLabel('Days without an opening');
  await expect(section.getByRole('checkbox', { name: 'a mail could not be delivered' })).toBeChecked();
  await expect(days).toBeDisabled();
  await unread.check();
  await tried.check();
  await days.fill('91');
  await section.getByRole('button', { name: 'Save' }).click();
  await expect(section.getByText('Enter whole days from 1 to 90.')).toBeVisible();
  await expectScreen(page, 'admin-settings-days-refused');
  await expect(days).toHaveValue('91');
  await expect(tried).toBeChecked();
  await days.fill('5');
  await section.getByRole('button', { name: 'Save' }).click();
  await expect(section.getByText('Saved. In force from now on.')).toBeVisible();
  await page.reload();
  await expect(days).toHaveValue('5');
  await expect(tried).toBeChecked();
  const { notifyUnreadAfterDays, notifyRefusedAfterRevocation } = await signet.api.call(routes.getConfiguration);
  expect({ notifyUnreadAfterDays, notifyRefusedAfterRevocation }).toEqual({ notifyUnreadAfterDays: 5, notifyRefusedAfterRevocation: true });
  await signet.api.call(routes.changeConfiguration, { body: { notifyUnreadAfterDays: null, notifyRefusedAfterRevocation: false } });
});

/** How often a PDF shows a piece of text, counted in its streams (ISO 32000-1, 9.4.3). */
function textsShown(pdf: Buffer): number {
  let shown = 0;
  for (let at = pdf.indexOf('stream\n'); at !== -1; at = pdf.indexOf('stream\n', at + 1)) {
    if (pdf.subarray(at - 3, at).toString() === 'end') continue;
    const end = pdf.indexOf('endstream', at);
    try {
      shown +=
        inflateSync(pdf.subarray(at + 'stream\n'.length, end))
          .toString('latin1')
          .match(/\bT[jJ]\b/g)?.length ?? 0;
    } catch {
      // A font or a picture, which is packed in other ways.
    }
  }
  return shown;
}

async function askForPasscode(page: Page, email: string): Promise<void> {
  await page.getByLabel('Email').fill(email);
  await page.getByRole('button', { name: 'Get a passcode' }).click();
  await expect(page.getByLabel('Passcode')).toBeVisible();
}

async function enterPasscode(page: Page, signet: Signet, address: string): Promise<void> {
  const [reference] = (await page.locator('main').innerText()).match(/\b[A-Z0-9]{4}-[A-Z0-9]{2}\b/) ?? [];
  if (!reference) throw new Error('The page shows no reference');
  await page.getByLabel('Passcode').fill(await signet.mailbox.passcode(address, reference));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('button', { name: 'Sign out' })).toBeVisible();
}
