import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, type Page } from '@playwright/test';
import { routes } from '@signet/api-contract/routes';
import { runStatement } from '../database.ts';
import { expectScreen } from '../screen.ts';
import { enterPasscode } from '../reader.ts';
import { sendMail } from '../send-mail.ts';
import { test, type Signet } from '../signet.ts';

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAYAAACNMs+9AAAAFUlEQVR42mNk+M9Qz0AEYBxVSF+FABJADveWkH6oAAAAAElFTkSuQmCC',
  'base64',
);

test('a message goes from a mail program to its reader, is followed step by step, taken back and given back', async ({
  signet,
  browser,
  page,
}) => {
  const subject = `Contract ${randomBytes(3).toString('hex')} – Zürich`;
  const bob = 'bob@example.net';
  const file = randomBytes(300_000);
  const answer = await sendMail(signet, {
    from: `Alice Archer <alice@${signet.organizationDomain}>`,
    to: `Bob <${bob}>`,
    subject,
    text: 'Dear Bob, the contract.',
    html: '<p>Dear Bob, <b>the contract</b>.</p><img src="cid:seal@acme.example" alt="seal"><script>document.title = "bad"</script>',
    attachments: [
      { filename: 'contract Ω.bin', content: file },
      { filename: 'seal.png', content: png, cid: 'seal@acme.example', contentDisposition: 'inline' },
    ],
  });
  expect(answer).toMatch(/^250 2\.0\.0 Accepted <.+>$/);
  const messageId = answer.slice(answer.indexOf('<'));

  await test.step('the recipient proves the address and reads', async () => {
    const link = await signet.mailbox.wrapperLink(bob, subject);
    const response = await page.goto(link);
    expect(response?.status()).toBe(200);
    await expect(page.getByText('b•••@ex•••.net')).toBeVisible();
    expect(await page.content()).not.toContain(subject);
    await expectScreen(page, 'recipient-before-sign-in');
    await page.getByRole('button', { name: 'Get a one-time passcode' }).click();
    await expect(page.getByLabel('Passcode')).toBeVisible();
    await expectScreen(page, 'recipient-passcode');
    await enterPasscode(page, signet, bob);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(subject);
    const body = page.frameLocator('iframe[title="Message body"]');
    await expect(body.getByText('the contract')).toBeVisible();
    await expect(body.getByAltText('seal')).toHaveJSProperty('naturalWidth', 10);
    await expect(page).not.toHaveTitle('bad');
    await expectScreen(page, 'recipient-message');
    expect(sha256(await download(page, 'contract Ω.bin'))).toBe(sha256(file));
  });

  const message = await signet.api.call(routes.getMessage, { params: { message: messageId } });
  await test.step('every step is in the trail, over the api', async () => {
    await expect
      .poll(async () => (await operationsOf(signet, messageId)).filter((operation) => operation !== 'LinkTouch').toSorted())
      .toEqual(
        [
          'AttachmentDownload',
          'AuthenticateRequest',
          'MessageAccess',
          'MessageSend',
          'PasscodeDelivery',
          'PasscodeSend',
          'WrapperDelivery',
        ].toSorted(),
      );
    expect(message).toMatchObject({ subject, isRevocable: true, revoked: false, tracking: { state: 'on' } });
  });

  const admin = await browser.newPage();
  await test.step('the admin finds the message and takes it back', async () => {
    await signInAdmin(admin, signet);
    await admin.goto(`${signet.portalUrl}/admin/messages`);
    await admin.getByRole('searchbox', { name: 'Search messages' }).fill(subject);
    await admin.keyboard.press('Enter');
    await expect(admin.getByRole('link', { name: subject })).toBeVisible();
    await expectScreen(admin, 'admin-messages');
    await admin.getByRole('link', { name: subject }).first().click();
    await expect(admin).toHaveURL(`${signet.portalUrl}/admin/messages/${message.id}`);
    await expectScreen(admin, 'admin-message');
    await admin.getByRole('button', { name: 'Revoke', exact: true }).click();
    await admin.getByLabel('Reason').fill('Sent to the wrong Bob');
    await expectScreen(admin, 'admin-revoke', { fullPage: false });
    await admin.getByRole('button', { name: 'Revoke message' }).click();
    await admin.getByRole('button', { name: 'Restore', exact: true }).click();
    await expectScreen(admin, 'admin-restore', { fullPage: false });
    await admin.getByRole('button', { name: 'Cancel' }).click();
  });

  await test.step('the recipient is refused, and that is recorded', async () => {
    const link = await signet.mailbox.wrapperLink(bob, subject);
    const refused = await page.goto(link);
    expect(refused?.status()).toBe(410);
    await expect(page).toHaveTitle(/Revoked/);
    await expectScreen(page, 'recipient-revoked');
    const exposure = await signet.api.call(routes.getExposure, { params: { message: message.id } });
    expect(exposure.revocations).toMatchObject([{ reason: 'Sent to the wrong Bob' }]);
    const seen = exposure.recipients.flatMap((recipient) => recipient.before.map((step) => step.operation));
    expect(seen.toSorted()).toEqual(['AttachmentDownload', 'MessageAccess']);
  });

  await test.step('restored, the same session reads again', async () => {
    await signet.api.call(routes.restoreMessage, { params: { message: message.id }, body: { reason: 'It was the right Bob' } });
    await page.goto(await signet.mailbox.wrapperLink(bob, subject));
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(subject);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await expect(page.getByText('You are signed out.')).toBeVisible();
    await expectScreen(page, 'recipient-signed-out');
    const answered = await page.request.get(`${await signet.mailbox.wrapperLink(bob, subject)}/attachments/0`);
    expect(answered.status()).toBe(401);
    // What stands in a file's place runs no script, and axe is one: it is looked at on a page of its own.
    const refused = await browser.newPage();
    await refused.setContent(await answered.text());
    await expect(refused.getByRole('link', { name: 'Back to the message' })).toBeVisible();
    await expectScreen(refused, 'recipient-file-signed-out');
    await refused.close();
    await page.goto(await signet.mailbox.wrapperLink(bob, subject));
    await expect(page.getByRole('button', { name: 'Get a one-time passcode' })).toBeVisible();
  });

  await test.step('a message whose time is over says so, and a wrong address leads to the start page', async () => {
    const past = `update message set expires_at = now() - interval '1 minute' where message_id = $1`;
    expect(await runStatement(signet, past, [messageId])).toBe(1);
    expect((await page.reload())?.status()).toBe(410);
    await expect(page).toHaveTitle(/Expired/);
    await expectScreen(page, 'recipient-expired');
    expect((await page.goto(`${signet.portalUrl}/nowhere`))?.status()).toBe(404);
    await expectScreen(page, 'not-found');
    await page.getByRole('link', { name: 'Go to the start page' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Signet' })).toBeVisible();
    await expectScreen(page, 'home');
  });

  await test.step('the admin sees the switch of tracking and who did what', async () => {
    await admin.goto(`${signet.portalUrl}/admin/settings`);
    await expect(admin.getByRole('switch', { name: 'Tracking' })).toBeChecked();
    await expectScreen(admin, 'admin-settings');
    await admin.goto(`${signet.portalUrl}/admin/records`);
    await expect(admin.getByText('Sent to the wrong Bob').first()).toBeVisible();
    await expectScreen(admin, 'admin-records');
  });
});

async function signInAdmin(page: Page, signet: Signet): Promise<void> {
  await page.goto(`${signet.portalUrl}/admin`);
  await page.getByLabel('Email').fill(signet.admin.email);
  await page.getByLabel('Password').fill(signet.admin.password);
  await expectScreen(page, 'admin-sign-in');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL(/\/admin\/messages/);
}

async function download(page: Page, name: string): Promise<Buffer> {
  const downloading = page.waitForEvent('download');
  await page
    .getByRole('listitem')
    .filter({ hasText: name })
    .getByRole('link', { name: /Download/ })
    .click();
  const done = await downloading;
  expect(done.suggestedFilename()).toBe(name);
  return readFileSync(await done.path());
}

async function operationsOf(signet: Signet, messageId: string): Promise<string[]> {
  const page = await signet.api.call(routes.listAuditEntries, { query: { messageId } });
  return page.items.map((entry) => entry.operation);
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
