import { randomBytes } from 'node:crypto';
import { expect, type Page } from '@playwright/test';
import { routes } from '@signet/api-contract/routes';
import { expectFault } from '../bad-input.ts';
import { signInByPasscode } from '../reader.ts';
import { expectScreen } from '../screen.ts';
import { sendMail } from '../send-mail.ts';
import { test, type Signet } from '../signet.ts';

const bob = 'bob@example.net';

/** A time as a box for date and time takes it, in the browser's zone, so many milliseconds ahead. A box drops seconds that are none. */
function boxText(page: Page, ahead: number): Promise<string> {
  return page.evaluate((milliseconds) => {
    const at = new Date(Date.now() + milliseconds);
    return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().replace(/\d\d\.\d+Z$/, '30');
  }, ahead);
}

async function signInAsAdmin(page: Page, signet: Signet): Promise<void> {
  await page.goto(`${signet.portalUrl}/admin`);
  await page.getByLabel('Email').fill(signet.admin.email);
  await page.getByLabel('Password').fill(signet.admin.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page).toHaveURL(/\/admin\/\w/);
}

test('an admin ends a message and puts it off; its reader is refused from the second on, and let in again', async ({
  signet,
  browser,
  page,
}) => {
  const subject = `Expiring ${randomBytes(3).toString('hex')}`;
  await sendMail(signet, { from: `alice@${signet.organizationDomain}`, to: [bob], subject, text: 'Short-lived.' });
  const link = await signet.mailbox.wrapperLink(bob, subject);
  const { items } = await signet.api.call(routes.listMessages, { query: { subject } });
  const message = String(items[0]?.id);
  const reader = await browser.newPage();

  await test.step('the dialog says what will happen, and refuses what has passed or is too late', async () => {
    await signInAsAdmin(page, signet);
    await page.goto(`${signet.portalUrl}/admin/messages/${message}`);
    await page.getByRole('button', { name: 'Change expiry' }).click();
    await page.getByLabel('Date and time').fill('2020-01-01T12:00');
    await page.getByRole('button', { name: 'Set expiry' }).click();
    await expect(page.getByText('This time has passed')).toBeVisible();
    await page.getByLabel('Date and time').fill(await boxText(page, 731 * 86_400_000));
    await page.getByRole('button', { name: 'Set expiry' }).click();
    await expect(page.getByText('later than 730 days after')).toBeVisible();
    await page.getByLabel('Date and time').fill(await boxText(page, 3_600_000));
    const reason = page.getByLabel('Reason');
    await reason.fill('x'.repeat(1001));
    await page.getByRole('button', { name: 'Set expiry' }).click();
    await expectFault(reason, 'x'.repeat(1001), /a reason has at most 1,000 characters/);
    await expect(reason).toBeFocused();
    await expectScreen(page, 'admin-expiry-refused', { fullPage: false });
    await reason.fill('Agreed with Bob');
    await expect(page.getByText('The recipient can read it until')).toBeVisible();
    await expectScreen(page, 'admin-expiry', { fullPage: false });
    await page.getByRole('button', { name: 'Set expiry' }).click();
    await expect(page.getByText('Done: the new expiry is in force.')).toBeVisible();
    await expect(page.getByText('Never', { exact: true })).toBeHidden();
  });

  await test.step('the reader sees until when, in their own zone', async () => {
    await reader.goto(link);
    await expect(reader.locator('time').first()).toHaveAttribute('title', /UTC$/);
    await signInByPasscode(reader, signet, bob);
    await expect(reader.getByRole('heading', { level: 1 })).toHaveText(subject);
  });

  await test.step('ended now, the reader gets the page Expired', async () => {
    await page.getByRole('button', { name: 'Change expiry' }).click();
    await page.getByRole('radio', { name: 'Now' }).check();
    await expect(page.getByText('The recipient is refused from now on.')).toBeVisible();
    await page.getByRole('button', { name: 'Set expiry' }).click();
    await expect(page.getByText('Done: the new expiry is in force.')).toBeVisible();
    const refused = await reader.goto(link);
    expect(refused?.status()).toBe(410);
    await expect(reader).toHaveTitle(/Expired/);
    await expectScreen(reader, 'recipient-expired');
    await expect(async () => {
      await page.reload();
      await expect(page.getByText('Message expired')).toBeVisible({ timeout: 1_000 });
    }).toPass();
    await expect(page.getByText('Expiry changed')).toHaveCount(2);
    await expectScreen(page, 'admin-message-expired');
  });

  await test.step('put off, the reader is let in again', async () => {
    await page.getByRole('button', { name: 'Change expiry' }).click();
    await page.getByRole('radio', { name: 'Never' }).check();
    await page.getByRole('button', { name: 'Set expiry' }).click();
    await expect(page.getByText('Done: the new expiry is in force.')).toBeVisible();
    const answer = await reader.goto(link);
    expect(answer?.status()).toBe(200);
    await reader.close();
  });
});

/** Sends a message that its sender lets expire after a week, and opens its page as that sender. @returns its Message-ID. */
async function openOwnMessage(page: Page, signet: Signet, subject: string): Promise<string> {
  const sender = `alice.${randomBytes(3).toString('hex')}@${signet.organizationDomain}`;
  const answer = await sendMail(signet, { from: sender, to: [bob], subject, text: 'Brief.', headers: { 'X-Signet-Expires': '7' } });
  await signet.mailbox.wrapperLink(bob, subject);
  await page.goto(`${signet.portalUrl}/sent`);
  await page.getByLabel('Email').fill(sender);
  await page.getByRole('button', { name: 'Get a passcode' }).click();
  await expect(page.getByLabel('Passcode')).toBeVisible();
  const [reference = ''] = (await page.locator('main').innerText()).match(/\b[A-Z0-9]{4}-[A-Z0-9]{2}\b/) ?? [];
  await page.getByLabel('Passcode').fill(await signet.mailbox.passcode(sender, reference));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('link', { name: subject }).click();
  await expect(page.getByText('Can be read until')).toBeVisible();
  return answer.slice(answer.indexOf('<'));
}

test('a sender puts a message off where the organization lets senders do so', async ({ signet, page }) => {
  await signet.api.call(routes.changeConfiguration, { body: { sendersMayChangeExpiry: 'any' } });
  try {
    const messageId = await openOwnMessage(page, signet, `Later ${randomBytes(3).toString('hex')}`);
    const expiry = async () => (await signet.api.call(routes.getMessage, { params: { message: messageId } })).expiresAt;
    const before = Date.parse((await expiry()) ?? '');
    await page.getByRole('button', { name: 'Change expiry' }).click();
    const wanted = await boxText(page, 90 * 86_400_000);
    await page.getByLabel('Date and time').fill(wanted);
    await page.getByRole('button', { name: 'Set expiry' }).click();
    await expect.poll(async () => Date.parse((await expiry()) ?? '') - before).toBeGreaterThan(80 * 86_400_000);
    await page.getByRole('button', { name: 'Change expiry' }).click();
    await page.getByRole('radio', { name: 'Never' }).check();
    await page.getByRole('button', { name: 'Set expiry' }).click();
    await expect.poll(expiry).toBeNull();
  } finally {
    await signet.api.call(routes.changeConfiguration, { body: { sendersMayChangeExpiry: 'shorten' } });
  }
});

test('a sender ends a message earlier by header and on its page, and is not offered to put it off', async ({ signet, page }) => {
  await openOwnMessage(page, signet, `Brief ${randomBytes(3).toString('hex')}`);
  await page.getByRole('button', { name: 'Change expiry' }).click();
  await expect(page.getByRole('radio', { name: 'Never' })).toBeHidden();
  await page.getByLabel('Date and time').fill(await boxText(page, 8 * 86_400_000));
  await page.getByRole('button', { name: 'Set expiry' }).click();
  await expect(page.getByText('You can end the message earlier, and not later.')).toBeVisible();
  await expectScreen(page, 'sender-expiry', { fullPage: false });
  await page.getByRole('radio', { name: 'Now' }).check();
  await page.getByRole('button', { name: 'Set expiry' }).click();
  await expect(page.getByText('Gets no content any more')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Change expiry' })).toBeHidden();
});

test('an admin has expired content erased, told first how much goes, and keeps it again', async ({ signet, page }) => {
  await signInAsAdmin(page, signet);
  await page.goto(`${signet.portalUrl}/admin/settings`);
  const save = page.getByRole('region', { name: 'Expiry' }).getByRole('button', { name: 'Save' });
  await page.getByRole('radio', { name: 'Erase it' }).check();
  await page.getByLabel('Days after the expiry').fill('731');
  await save.click();
  await expect(page.getByText('Enter whole days from 0 to 730.')).toBeVisible();
  await page.getByLabel('Days after the expiry').fill('365');
  await save.click();
  await expect(page.getByText('No message expired 365 days ago or earlier')).toBeVisible();
  await expectScreen(page, 'admin-erase', { fullPage: false });
  await page.getByRole('button', { name: 'Erase from now on' }).click();
  await expect(page.getByText('Saved. In force from now on.')).toBeVisible();
  await expectScreen(page, 'admin-expiry-settings');
  await page.getByRole('radio', { name: 'Keep it' }).check();
  await save.click();
  await expect(page.getByText('Saved. In force from now on.')).toBeVisible();
  expect(await signet.api.call(routes.getConfiguration)).toMatchObject({ contentAfterExpiry: 'keep' });
});
